package postgres_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

// period ends at a time and began some days before.
func (s *story) period(to time.Time, days int) funnel.Period {
	return funnel.Period{
		From: to.AddDate(0, 0, -days), To: to, Live: to.Equal(s.now()), Days: days, Zone: time.UTC, Currency: "USD",
		Funnel: s.service.Funnel(funnel.NewBusiness),
	}
}

func (s *story) spells(to time.Time, days int) []funnel.SpellGroup {
	s.tb.Helper()
	p := s.period(to, days)
	t, err := s.store.CountSpells(s.tb.Context(), s.space.ID, p)
	require.NoError(s.tb, err)
	require.Equal(s.tb, to, t.To)
	return ordered(t.Groups)
}

// ordered brings groups into an order that is the same for the same groups.
func ordered[T any](groups []T) []T {
	slices.SortFunc(groups, func(a, b T) int { return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	return groups
}

func TestStaysAreCountedInWholeDaysBeforeTheEnd(t *testing.T) {
	t.Parallel()
	s := tell(t)
	for range 2 {
		s.begin(funnel.OpenDeal{})
	}
	walker := s.begin(funnel.OpenDeal{})
	s.advance(36 * time.Hour)
	s.move(walker, "qualification")
	s.advance(12 * time.Hour)
	s.lose(walker, "price")
	s.advance(24*time.Hour - time.Microsecond)

	justBefore := s.spells(s.now(), 90)
	s.advance(time.Microsecond)
	sharp := s.spells(s.now(), 90)
	s.advance(time.Microsecond)
	justAfter := s.spells(s.now(), 90)

	require.Equal(t, ordered([]funnel.SpellGroup{
		{Stage: "lead", Entered: 3, Sharp: true, Left: -1, Spells: 2},
		{Stage: "lead", Entered: 3, Sharp: true, Left: 1, Stay: 2, Exit: funnel.Advance, Destination: "qualification", Spells: 1},
		{Stage: "qualification", Entered: 1, Left: 1, Stay: 1, Exit: funnel.Loss, Spells: 1},
	}), sharp)
	require.Equal(t, ordered([]funnel.SpellGroup{
		{Stage: "lead", Entered: 2, Left: -1, Spells: 2},
		{Stage: "lead", Entered: 2, Left: 1, Stay: 2, Exit: funnel.Advance, Destination: "qualification", Spells: 1},
		{Stage: "qualification", Entered: 1, Left: 0, Stay: 1, Exit: funnel.Loss, Spells: 1},
	}), justBefore)
	require.Equal(t, ordered([]funnel.SpellGroup{
		{Stage: "lead", Entered: 3, Left: -1, Spells: 2},
		{Stage: "lead", Entered: 3, Left: 1, Stay: 2, Exit: funnel.Advance, Destination: "qualification", Spells: 1},
		{Stage: "qualification", Entered: 1, Left: 1, Stay: 1, Exit: funnel.Loss, Spells: 1},
	}), justAfter)
}

func TestStaysThatEndedByTheBeginningAreOut(t *testing.T) {
	t.Parallel()
	s := tell(t)
	deal := s.begin(funnel.OpenDeal{})
	s.advance(day)
	s.move(deal, "qualification")
	s.advance(10 * day)

	require.Equal(t, []funnel.SpellGroup{{Stage: "qualification", Entered: 10, Sharp: true, Left: -1, Spells: 1}}, s.spells(s.now(), 10))
	require.Len(t, s.spells(s.now(), 11), 2)
}

func TestStaysAreKnownFromWhenTheyWereRecorded(t *testing.T) {
	t.Parallel()
	s := tell(t)
	deal := s.begin(funnel.OpenDeal{})
	monday := s.now()
	s.advance(5 * day)
	wednesday, friday := monday.Add(2*day), s.now()
	s.done(s.service.Move(t.Context(), s.next(), deal, funnel.MoveTo{Stage: "qualification", At: monday.Add(day)}))

	require.Equal(t, []funnel.SpellGroup{{Stage: "lead", Entered: 2, Sharp: true, Left: -1, Spells: 1}}, s.spells(wednesday, 90))
	require.Len(t, s.spells(friday, 90), 2)
	require.Equal(t, []funnel.SpellGroup{{Stage: "lead", Entered: 2, Sharp: true, Left: -1, Spells: 1}}, s.spells(wednesday, 1),
		"its end was not known yet, though it lies before the window")
}

func TestStaysLeaveWhenTheyAreTakenBackOrTheDealIsVoided(t *testing.T) {
	t.Parallel()
	s := tell(t)
	deal := s.begin(funnel.OpenDeal{})
	s.advance(day)
	s.move(deal, "qualification")
	moved := s.now()
	s.advance(time.Minute)
	s.undo()
	undone := s.now()
	s.advance(time.Minute)
	s.begin(funnel.OpenDeal{Amount: usd(5)})
	opened := s.now()
	s.advance(time.Minute)
	s.undo()

	require.Len(t, s.spells(moved, 90), 2)
	require.Equal(t, []funnel.SpellGroup{{Stage: "lead", Entered: 1, Left: -1, Spells: 1}}, s.spells(undone, 90))
	require.Len(t, s.spells(opened, 90), 2)
	require.Equal(t, []funnel.SpellGroup{{Stage: "lead", Entered: 1, Left: -1, Spells: 1}}, s.spells(s.now(), 90))
	require.Len(t, s.standing(opened), 2)
	require.Len(t, s.standing(s.now()), 1)
}

func TestImportedStaysAreKnownFromWhenTheyHappened(t *testing.T) {
	t.Parallel()
	s := tell(t)
	deal := s.begin(funnel.OpenDeal{})
	monday := s.now()
	s.advance(9 * day)
	act := funnel.Act{Workspace: s.space.ID, Event: "row", Origin: funnel.FromImport}
	s.done(s.service.Move(t.Context(), act, deal, funnel.MoveTo{Stage: "proposal", At: monday.Add(day)}))

	require.Equal(t, ordered([]funnel.SpellGroup{
		{Stage: "lead", Entered: 2, Sharp: true, Left: 1, Stay: 1, Exit: funnel.Advance, Destination: "proposal", Spells: 1},
		{Stage: "proposal", Entered: 1, Sharp: true, Left: -1, Spells: 1},
	}), s.spells(monday.Add(2*day), 90))
}

func TestADealWithEndsThatNobodyKnewStandsOnce(t *testing.T) {
	t.Parallel()
	s := tell(t)
	deal := s.begin(funnel.OpenDeal{})
	monday := s.now()
	s.advance(2 * day)
	s.done(s.service.Move(t.Context(), s.next(), deal, funnel.MoveTo{Stage: "qualification", At: monday.Add(time.Hour)}))
	s.advance(2 * day)
	act := funnel.Act{Workspace: s.space.ID, Event: "row", Origin: funnel.FromImport}
	s.done(s.service.Move(t.Context(), act, deal, funnel.MoveTo{Stage: "proposal", At: monday.Add(day)}))

	require.Equal(t, []funnel.SpellGroup{{Stage: "proposal", Left: -1, Spells: 1}}, s.spells(monday.Add(day+time.Hour), 90))
}

// TestStaysAreThoseOfTheMovesAtAnyTime lets a team work at random. What is counted while it happens must
// be what the moves that stand come to, which the counting does not read, and must be counted again
// afterwards, with everything that hangs on it.
func TestStaysAreThoseOfTheMovesAtAnyTime(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			s := &season{story: tell(t), rand: rand.New(rand.NewPCG(seed, 5))}
			s.team = []funnel.Member{s.member, s.join(t, "Boris", funnel.Manager), s.join(t, "Vera", funnel.Manager)}
			type then struct {
				at   time.Time
				said counted
			}
			var all []then
			for step := range 400 {
				s.work()
				if step%25 == 24 {
					s.advance(time.Duration(s.rand.IntN(2)) * time.Hour)
					c := s.counted(s.now())
					require.Equal(t, s.replaySpells(s.now(), window), c.Spells)
					s.cutAtEdges(c.Spells)
					all = append(all, then{s.now(), c})
				}
			}
			require.NotEmpty(t, all[len(all)-1].said.Typical)
			for _, was := range all {
				require.Equal(t, was.said, s.counted(was.at), "as of %s", was.at)
			}
		})
	}
}

// cutAtEdges cuts every window between two edges from stays that were counted for these edges, and from
// those that keep every day apart.
func (s *season) cutAtEdges(every []funnel.SpellGroup) {
	s.tb.Helper()
	p := s.period(s.now(), window)
	p.Edges, p.Only = []int{1, 2, 5, 10, window}, []funnel.StageKey{"lead", "proposal"}
	few, err := s.store.CountSpells(s.tb.Context(), s.space.ID, p)
	require.NoError(s.tb, err)
	edges := append([]int{0}, p.Edges...)
	for i, ago := range edges {
		for _, begin := range edges[i+1:] {
			want := map[seen]int{}
			for g, n := range cut(every, ago, begin) {
				if slices.Contains(p.Only, g.stage) {
					want[g] = n
				}
			}
			require.Equal(s.tb, want, cut(few.Groups, ago, begin), "from %d to %d days before", begin, ago)
		}
	}
}

// seen is what a window shows of a stay: the ages between which it was there, and how it ended.
type seen struct {
	stage, destination funnel.StageKey
	exit               funnel.Exit
	from, to           int
}

func cut(groups []funnel.SpellGroup, ago, begin int) map[seen]int {
	count := map[seen]int{}
	for _, g := range groups {
		if g.Entered < ago || g.Left >= begin {
			continue
		}
		x := seen{g.Stage, g.Destination, g.Exit, max(0, g.Entered-begin), g.Stay}
		if g.Left < ago {
			x.exit, x.destination, x.to = funnel.Stayed, "", g.Entered-ago
			if !g.Sharp {
				x.to++
			}
			x.to = max(1, x.to)
		}
		count[x] += g.Spells
	}
	return count
}

// counted is everything that estimates are made of.
type counted struct {
	Spells   []funnel.SpellGroup
	Entries  []funnel.EntryGroup
	Typical  []funnel.TypicalAmount
	Slices   []funnel.SliceGroup
	Standing []funnel.StandingDeal
}

func (s *story) counted(to time.Time) counted {
	s.tb.Helper()
	p := s.period(to, window)
	entries, typical, err := s.store.CountEntries(s.tb.Context(), s.space.ID, p)
	require.NoError(s.tb, err)
	c := counted{
		Spells: s.spells(to, window), Entries: ordered(entries), Typical: ordered(typical), Standing: s.standing(to),
	}
	for _, stage := range p.Funnel.Stages {
		groups, err := s.store.CountSlices(s.tb.Context(), s.space.ID, p, stage.Key)
		require.NoError(s.tb, err)
		c.Slices = append(c.Slices, ordered(groups)...)
	}
	return c
}

func (s *story) standing(to time.Time) []funnel.StandingDeal {
	s.tb.Helper()
	open, err := s.store.Standing(s.tb.Context(), s.space.ID, s.period(to, window))
	require.NoError(s.tb, err)
	return open
}

// replaySpells counts the stays that the standing moves of every deal come to.
func (s *season) replaySpells(to time.Time, days int) []funnel.SpellGroup {
	s.tb.Helper()
	from := to.AddDate(0, 0, -days)
	count := map[funnel.SpellGroup]int{}
	for _, moves := range s.histories() {
		for _, p := range stays(standing(moves)) {
			if !p.Left.IsZero() && !p.Left.After(from) {
				continue
			}
			before := to.Sub(p.Entered)
			g := funnel.SpellGroup{
				Stage: p.Stage, Entered: int(before / day), Sharp: before%day == 0, Left: -1, Exit: p.Exit, Destination: p.Destination,
			}
			if !p.Left.IsZero() {
				g.Left = int(to.Sub(p.Left) / day)
				g.Stay = max(1, int((p.Left.Sub(p.Entered)+day-1)/day))
			}
			count[g]++
		}
	}
	var groups []funnel.SpellGroup
	for g, n := range count {
		g.Spells = n
		groups = append(groups, g)
	}
	return ordered(groups)
}

// stays are what the moves of one deal come to.
func stays(moves []funnel.Move) []funnel.Spell {
	var all []funnel.Spell
	for _, m := range moves {
		if m.From == m.To && (m.Kind == funnel.MovePark || m.Kind == funnel.MoveWake) {
			continue
		}
		if n := len(all) - 1; n >= 0 && all[n].Left.IsZero() {
			all[n].Left, all[n].Destination = m.EffectiveAt, m.To
			switch m.Kind {
			case funnel.MoveLost:
				all[n].Exit, all[n].Destination = funnel.Loss, ""
			case funnel.MoveReturn, funnel.MovePark:
				all[n].Exit = funnel.Back
			case funnel.MoveAdvance, funnel.MoveWon, funnel.MoveWake, funnel.MoveOpen, funnel.MoveReopen, funnel.MoveUndo, funnel.MoveVoid:
				all[n].Exit = funnel.Advance
			}
		}
		if m.Kind != funnel.MoveLost {
			all = append(all, funnel.Spell{Stage: m.To, Entered: m.EffectiveAt})
		}
	}
	return all
}
