package funnel_test

import (
	"math"
	"math/rand/v2"
	"strconv"
	"time"

	"funnelbot/funnel"
	"funnelbot/funnel/definition"
)

// fault is what is wrong in an invented history since some days before its end; the zero fault is nothing.
type fault struct {
	// stage is the place of the faulty one among [plantedStages].
	stage int
	since float64
	// hits picks the deals that go on with the probability at; nil picks none.
	hits func(d *plantedDeal) bool
	at   float64
	// reason is why they are lost then; empty for the usual reasons.
	reason string
	// slower is by what the time in the stage is multiplied; 0 leaves it.
	slower float64
}

type plantedDeal struct {
	owner, source, segment, role, reason string
	amount                               int64
}

type plantedStage struct {
	key        funnel.StageKey
	conversion float64
	days       float64
	roles      []string
}

// plantedStages are the selling stages, how many deals go on from them and how long they take.
func plantedStages() []plantedStage {
	return []plantedStage{
		{"lead", 0.5, 6, nil},
		{"qualification", 0.6, 12, []string{"user", "decision_maker"}},
		{"proposal", 0.55, 15, []string{"user", "decision_maker", "finance"}},
		{"negotiation", 0.7, 18, []string{"user", "decision_maker", "finance", "principal", "legal"}},
	}
}

// plantedDays is how long an invented history is: five windows of 90 days, and a time for it to run in.
const plantedDays = 640

// pick returns one of the values, the first of them as often as the next two together.
func pick(r *rand.Rand, prefix string, n int) string {
	return prefix + strconv.Itoa(max(0, r.IntN(n+1)-1))
}

// plant invents a history of deals that came in evenly, with its fault, and counts it as the database does.
func plant(seed uint64, deals int, f fault) funnel.BottleneckInput {
	r := rand.New(rand.NewPCG(seed, 0x5eed))
	c := plantedCounts{
		stages: plantedStages(), sliced: f.stage,
		spells: map[funnel.SpellGroup]int{}, entries: map[funnel.StageKey]funnel.EntryGroup{},
		slices: map[funnel.SliceGroup]int{},
	}
	for range deals {
		d := plantedDeal{
			owner: pick(r, "owner ", 7), source: pick(r, "source ", 5), segment: pick(r, "segment ", 3),
			reason: "reason " + strconv.Itoa(r.IntN(5)), amount: int64(math.Exp(12 + r.NormFloat64()/2)),
		}
		// A role, finance more often than another, is missing in some deals.
		if r.IntN(2) == 0 {
			d.role = []string{"finance", "finance", "decision_maker", "user"}[r.IntN(4)]
		}
		walk(r, c.stages, &d, r.Float64()*plantedDays, f, c.add)
	}
	return c.input()
}

// walk takes a deal through the stages, one that came in so many days before the end.
func walk(
	r *rand.Rand, stages []plantedStage, d *plantedDeal, ago float64, f fault,
	stay func(d *plantedDeal, stage int, entered, left float64, exit funnel.Exit),
) {
	for i := 0; i < len(stages); {
		s, entered, deal := stages[i], ago, *d
		faulty := i == f.stage && f.since > 0 && entered <= f.since
		on, days := s.conversion, s.days
		if faulty && f.slower > 0 {
			days *= f.slower
		}
		hit := faulty && f.hits != nil && f.hits(d)
		if hit {
			on = f.at
		}
		// Two steps of equal length on average: few leave on the first day, some stay long.
		ago -= days * (r.ExpFloat64() + r.ExpFloat64()) / 2
		chance, back := r.Float64(), r.IntN(12) == 0
		exit, next := funnel.Advance, i+1
		switch {
		case chance < on:
		case back && i > 0:
			exit, next = funnel.Back, i-1
		default:
			exit, next = funnel.Loss, len(stages)
			// Those that would have gone on without the fault are lost for its reason.
			if hit && f.reason != "" && chance < s.conversion {
				deal.reason = f.reason
			}
		}
		if ago <= 0 {
			stay(&deal, i, entered, -1, funnel.Stayed)
			return
		}
		stay(&deal, i, entered, ago, exit)
		i = next
	}
}

// plantedCounts collect stays into the tables of a report with a window of 90 days.
type plantedCounts struct {
	stages []plantedStage
	// sliced is the stage whose deals are told apart: without slices no cause would be named of another.
	sliced  int
	spells  map[funnel.SpellGroup]int
	entries map[funnel.StageKey]funnel.EntryGroup
	slices  map[funnel.SliceGroup]int
}

const (
	plantedWindow     = funnel.DefaultWindow
	plantedSpellDays  = 5*plantedWindow + 2
	plantedSliceDays  = 5 * plantedWindow
	plantedStayedOpen = -1
)

func (c plantedCounts) add(d *plantedDeal, stage int, entered, left float64, exit funnel.Exit) {
	s := &c.stages[stage]
	if left >= plantedSpellDays {
		return
	}
	g := funnel.SpellGroup{Stage: s.key, Entered: int(entered), Left: plantedStayedOpen, Exit: exit}
	if left >= 0 {
		g.Left, g.Stay = int(left), max(1, int(math.Ceil(entered-left)))
	}
	switch exit {
	case funnel.Advance:
		g.Destination = "launch"
		if stage+1 < len(c.stages) {
			g.Destination = c.stages[stage+1].key
		}
	case funnel.Back:
		g.Destination = c.stages[stage-1].key
	case funnel.Loss, funnel.Stayed:
	}
	c.spells[g]++
	if entered < plantedWindow {
		e := c.entries[s.key]
		c.entries[s.key] = funnel.EntryGroup{Stage: s.key, Spells: e.Spells + 1, Priced: e.Priced + 1, Sum: e.Sum + d.amount}
	}
	if left < plantedSliceDays && stage == c.sliced {
		c.slice(d, g)
	}
}

func (c plantedCounts) slice(d *plantedDeal, g funnel.SpellGroup) {
	count := func(trait funnel.Trait, value string) {
		c.slices[funnel.SliceGroup{
			Trait: trait, Value: value, Entered: g.Entered, Left: g.Left, Stay: g.Stay, Exit: g.Exit,
		}]++
	}
	count(funnel.TraitOwner, d.owner)
	count(funnel.TraitSource, d.source)
	count(funnel.TraitSegment, d.segment)
	for _, role := range c.stages[c.sliced].roles {
		if role == d.role {
			count(funnel.TraitRole, role)
		}
	}
	if g.Exit == funnel.Loss {
		count(funnel.TraitReason, d.reason)
	}
}

func (c plantedCounts) input() funnel.BottleneckInput {
	in := funnel.BottleneckInput{
		Spells: funnel.SpellTable{To: plantedEnd()}, SpellDays: plantedSpellDays,
		Slices: map[funnel.StageKey][]funnel.SliceGroup{}, SliceDays: plantedSliceDays,
	}
	for g, n := range c.spells {
		g.Spells = n
		in.Spells.Groups = append(in.Spells.Groups, g)
	}
	for _, s := range c.stages {
		in.Entries = append(in.Entries, c.entries[s.key])
	}
	sliced := c.stages[c.sliced].key
	for g, n := range c.slices {
		g.Spells = n
		in.Slices[sliced] = append(in.Slices[sliced], g)
	}
	return in
}

func plantedEnd() time.Time { return time.Date(2026, time.May, 4, 8, 0, 0, 0, time.UTC) }

func plantedPeriod(workspace uint64) (funnel.Period, error) {
	f, err := definition.Default()
	return funnel.Period{
		Workspace: funnel.ID{byte(workspace), byte(workspace >> 8), 1},
		From:      plantedEnd().AddDate(0, 0, -plantedWindow), To: plantedEnd(), Days: plantedWindow,
		Zone: time.UTC, Currency: "USD", Funnel: f,
	}, err
}
