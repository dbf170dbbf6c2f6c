package funnel_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"funnelbot/funnel"
)

// TestAnySequenceOfCommandsKeepsTheBooks lets three people and the timer do whatever comes to their
// minds to one deal, at any pace, and looks at all of its rows after every step.
func TestAnySequenceOfCommandsKeepsTheBooks(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		for range 5 {
			p := newPlay(t, r)
			for range rapid.IntRange(5, 60).Draw(r, "steps") {
				p.step()
				p.check()
			}
			p.checkReports()
		}
	})
}

// play is one random story of one deal.
type play struct {
	*office
	t      *testing.T
	r      *rapid.T
	target funnel.Target
	// historical is what the deal was opened as.
	historical bool
	// before is how things stood before each change that may still be taken back.
	before map[funnel.ChangeRef]view
	// unmoved are changes without a move.
	unmoved map[funnel.ChangeRef]bool
	// reports are the stays as they stood at a time.
	reports map[time.Time][]stay
}

func newPlay(t *testing.T, r *rapid.T) *play {
	t.Helper()
	p := &play{
		office: newOffice(t), t: t, r: r, before: map[funnel.ChangeRef]view{},
		unmoved: map[funnel.ChangeRef]bool{}, reports: map[time.Time][]stay{},
	}
	p.historical = rapid.IntRange(0, 9).Draw(r, "historical") == 0
	opened, err := p.Open(t.Context(), p.by(p.anna), funnel.OpenDeal{
		Company: funnel.Company{Name: "Sample & Sons"}, Owner: p.boris.ID, Historical: p.historical,
		Stage: rapid.SampledFrom([]funnel.StageKey{"", "awareness", "qualification"}).Draw(r, "stage"),
		At:    p.now.AddDate(0, 0, -rapid.IntRange(0, 40).Draw(r, "age")),
	})
	require.NoError(r, err)
	p.target.Deal = opened.Deal.ID
	return p
}

func (p *play) file() *file { return p.deals[p.target.Deal] }

// step does one thing. Refusals are fine; they must change nothing.
func (p *play) step() {
	p.wait(time.Duration(rapid.SampledFrom([]int64{1e3, 1e3, 1e3, 60e9, 60e9, 9 * 60e9, 3600e9, 40 * 3600e9, 900 * 3600e9}).Draw(p.r, "pause")))
	was, changes := p.view(p.target.Deal), len(p.changes)
	moves := len(p.file().moves)
	name, undone, err := p.act()
	if err != nil {
		require.NotEmpty(p.r, funnel.CodeOf(err), "%s failed for no reason a person could mend: %v", name, err)
		require.Equal(p.r, was, p.view(p.target.Deal), "%s was refused and changed something", name)
		require.Len(p.r, p.changes, changes)
		require.Len(p.r, p.file().moves, moves)
		return
	}
	if len(p.changes) == changes {
		return // a reminder is no change
	}
	last := p.changes[len(p.changes)-1]
	if last.Verb != funnel.VerbUndo {
		p.before[last.Ref()], p.unmoved[last.Ref()] = was, len(p.file().moves) == moves
		return
	}
	p.checkUndone(undone)
	if p.unmoved[undone] {
		require.Len(p.r, p.file().moves, moves, "a change without a move was answered by one")
	}
}

// act draws a command and runs it. For an undo it names the change that was the last one.
func (p *play) act() (string, funnel.ChangeRef, error) {
	ctx := p.t.Context()
	who := p.boris
	if n := rapid.IntRange(0, 9).Draw(p.r, "who"); n < 7 {
		who = p.anna
	} else if n < 8 {
		who = p.clara
	}
	at := time.Time{}
	if rapid.IntRange(0, 3).Draw(p.r, "backdated") == 0 {
		at = p.now.Add(-time.Duration(rapid.IntRange(0, 200).Draw(p.r, "hours")) * time.Hour)
	}
	stage := p.stage()
	var err error
	verb := p.verb()
	switch verb {
	case "move":
		_, err = p.Move(ctx, p.by(who), p.target, funnel.MoveTo{Stage: stage, At: at})
	case "back":
		_, err = p.Back(ctx, p.by(who), p.target, funnel.MoveBack{Stage: stage, Reason: "because", At: at})
	case "won":
		_, err = p.Win(ctx, p.by(who), p.target, funnel.Win{At: at, Amount: p.money()})
	case "lost":
		_, err = p.Lose(ctx, p.by(who), p.target, funnel.Lose{Reason: "price", At: at})
	case "park":
		until := funnel.DateOf(p.now).AddDays(rapid.IntRange(0, 60).Draw(p.r, "days"))
		_, err = p.Park(ctx, p.by(who), p.target, funnel.Park{Until: until, Reason: "later", At: at})
	case "wake":
		until := p.file().deal.ParkedUntil
		if _, err = p.Wake(ctx, p.timer(), p.target); err == nil {
			require.False(p.r, funnel.DateOf(p.now.In(p.space.Location())).Before(until), "woken before its day")
		}
	case "remind":
		_, err = p.Remind(ctx, p.timer(), p.target)
	case "reopen":
		_, err = p.Reopen(ctx, p.by(who), p.target, funnel.Reopen{At: at})
	case "undo":
		last, lookErr := p.LastChange(ctx, p.space.ID, who.ID)
		require.NoError(p.r, lookErr)
		_, err = p.Undo(ctx, p.by(who), 0, 0)
		if last != nil {
			return verb, last.Ref(), err
		}
	default:
		err = p.work(ctx, verb, who, at)
	}
	return verb, funnel.ChangeRef{}, err
}

// work draws one of the commands that move nothing by themselves.
func (p *play) work(ctx context.Context, verb string, who funnel.Member, at time.Time) error {
	var err error
	switch verb {
	case "log":
		text := rapid.SampledFrom([]string{"", "spoke", "spoke with Olga"}).Draw(p.r, "text")
		report := funnel.Report{Activity: funnel.LogActivity{Kind: funnel.Call, Text: text, At: at}, Amount: p.money()}
		if rapid.Bool().Draw(p.r, "with a move") {
			report.Stage = p.stage()
		}
		_, err = p.Log(ctx, p.by(who), p.target, report)
	case "next":
		on := funnel.DateOf(p.now).AddDays(rapid.IntRange(0, 5).Draw(p.r, "days"))
		_, err = p.Next(ctx, p.by(who), p.target, funnel.SetNext{What: "call", On: on})
	case "done":
		_, err = p.Done(ctx, p.by(who), p.target, funnel.FinishNext{}, funnel.SetNext{})
	case "set":
		field := rapid.SampledFrom([]funnel.Field{
			funnel.FieldTitle, funnel.FieldPain, funnel.FieldCustom, funnel.FieldDomain, funnel.FieldRegion,
		}).Draw(p.r, "field")
		text := rapid.SampledFrom([]string{"", "north", "south"}).Draw(p.r, "text")
		_, err = p.Set(ctx, p.by(who), p.target, funnel.Edit{Field: field, Name: "size", Text: text},
			funnel.Edit{Field: funnel.FieldAmount, Money: p.money()})
	case "people":
		_, err = p.Seat(ctx, p.by(who), p.target, p.place())
	case "unseat":
		people := p.staff(p.file().deal.Company)
		if len(people) == 0 {
			return funnel.Refuse(funnel.CodeNoContact, nil)
		}
		_, err = p.Unseat(ctx, p.by(who), p.target, funnel.UnseatPerson{Contact: rapid.SampledFrom(people).Draw(p.r, "person").ID})
	case "qualify":
		err = p.qualify(ctx, who)
	case "assign":
		_, err = p.Assign(ctx, p.by(who), p.target, funnel.Assign{To: p.clara.ID})
	}
	return err
}

// qualify answers by chance, and now and then leaves it at that.
func (p *play) qualify(ctx context.Context, who funnel.Member) error {
	r := luck{rand.New(rand.NewPCG(rapid.Uint64().Draw(p.r, "luck"), 4))}
	asked, err := p.StartAsking(ctx, p.by(who), p.target, funnel.StartAsking{Dialog: fmt.Sprintf("dialog %d", p.event), Place: inSlack})
	if err != nil {
		return err
	}
	give := funnel.GiveAnswers{Deal: p.target.Deal, Dialog: asked.Asking.ID, Place: inSlack, Given: map[string]funnel.Given{}}
	for _, a := range r.answers(p.plan.Qualification) {
		a.Given.Name = rapid.SampledFrom([]string{"Olga Sample", "Ivo Sample"}).Draw(p.r, "who")
		give.Given[a.Question] = a.Given
	}
	if _, err = p.Answer(ctx, p.by(who), give); err != nil || r.IntN(4) == 0 {
		return err
	}
	made, err := p.Qualify(ctx, p.by(who), p.target, funnel.Qualify{Dialog: asked.Asking.ID})
	if err == nil {
		require.Equal(p.r, made.Qualified, p.file().last())
	}
	return err
}

// place draws a place in the committee for one of four people.
func (p *play) place() funnel.SeatPerson {
	in := funnel.SeatPerson{New: &funnel.Contact{Name: rapid.SampledFrom([]string{"Olga Sample", "Pavel", "Ян", "И. Кравец"}).Draw(p.r, "name")}}
	role := func(label string) []string {
		keys := rapid.SliceOfN(rapid.SampledFrom([]string{"user", "finance", "legal", "king"}), 0, 2).Draw(p.r, label)
		if rapid.IntRange(0, 9).Draw(p.r, "unknown roles too") > 0 {
			keys = slices.DeleteFunc(keys, func(k string) bool { return k == "king" })
		}
		return keys
	}
	in.Roles, in.NotRoles = role("roles"), role("not roles")
	if rapid.Bool().Draw(p.r, "with details") {
		in.Phone = new(rapid.SampledFrom([]string{"", "555 0100", "555 0199"}).Draw(p.r, "phone"))
		in.Initiator = new(rapid.Bool().Draw(p.r, "initiator"))
		in.Stance = new(rapid.SampledFrom([]funnel.Stance{"", funnel.Supporter, funnel.Blocker}).Draw(p.r, "stance"))
		in.NextWhat = new(rapid.SampledFrom([]string{"", "call"}).Draw(p.r, "what"))
	}
	return in
}

// verb draws what to do: rather what the deal is ready for, and often an undo.
func (p *play) verb() string {
	deal := p.file().deal
	verbs := []string{
		"move", "back", "won", "lost", "park", "wake", "reopen", "log", "next", "done", "remind", "set", "set", "assign",
		"people", "people", "people", "unseat", "qualify", "qualify",
		"undo", "undo", "undo", "undo",
	}
	switch {
	case deal.Outcome == funnel.Won:
		verbs = append(verbs, "reopen", "reopen", "move", "move", "back", "back")
	case deal.Outcome == funnel.Lost:
		verbs = append(verbs, "reopen", "reopen")
	case !deal.Next.RemindAt.IsZero():
		verbs = append(verbs, "remind", "remind")
	default:
		verbs = append(verbs, "move", "move", "won")
	}
	return rapid.SampledFrom(verbs).Draw(p.r, "verb")
}

func (p *play) stage() funnel.StageKey {
	first := 0
	if p.file().deal.Outcome == funnel.Won {
		first = p.plan.Index(p.plan.Signature) - 1
	}
	return p.plan.Stages[rapid.IntRange(first, len(p.plan.Stages)-1).Draw(p.r, "to")].Key
}

func (p *play) money() funnel.Money {
	if minor := rapid.IntRange(0, 3).Draw(p.r, "amount"); minor > 0 {
		return funnel.Money{Minor: int64(minor), Currency: "EUR"}
	}
	return funnel.Money{}
}

// checkUndone compares what stands after an undo with what stood before the change it took back.
func (p *play) checkUndone(ref funnel.ChangeRef) {
	if ref.Version == 1 {
		require.False(p.r, p.file().deal.VoidedAt.IsZero(), "a deal whose opening was undone still counts")
		return
	}
	want, now := p.before[ref], p.view(p.target.Deal)
	// A reminder that was written meanwhile stays written.
	if now.Deal.Next.RemindAt.IsZero() {
		want.Deal.Next.RemindAt = time.Time{}
	}
	require.Equal(p.r, want, now, "after the undo of %s", ref.Subject)
}

// check looks at every row of the deal.
func (p *play) check() {
	f := p.file()
	deal := f.deal
	require.Len(p.r, f.moves, deal.Moves)
	require.Len(p.r, f.spells, deal.Spells)
	for i := range f.moves {
		require.Equal(p.r, i+1, f.moves[i].Seq)
	}
	for i := range f.spells {
		require.Equal(p.r, i+1, f.spells[i].Seq)
		require.Equal(p.r, f.spells[i].Left.IsZero(), f.spells[i].Exit == funnel.Stayed)
		require.Equal(p.r, f.spells[i].Left.IsZero(), f.spells[i].LeftRecordedAt.IsZero())
	}
	versions := 0
	for _, c := range p.changes {
		if c.Subject == deal.ID {
			versions++
			require.Equal(p.r, int64(versions), c.Version)
		}
	}
	require.Equal(p.r, int64(versions), deal.Version)
	p.checkMoves(f)
	p.checkStays(f)
	p.checkOutcome(f)
	p.checkPeople(f)
	p.reports[p.now] = p.view(deal.ID).Stays
}

func (p *play) checkMoves(f *file) {
	moves := standing(f.moves)
	require.True(p.r, slices.IsSortedFunc(moves, func(a, b funnel.Move) int { return a.EffectiveAt.Compare(b.EffectiveAt) }),
		"moves that stand go back in time")
	if f.deal.VoidedAt.IsZero() {
		require.Equal(p.r, moves[len(moves)-1].EffectiveAt, f.deal.LastMoveAt)
	}
	for _, m := range f.moves {
		require.False(p.r, m.EffectiveAt.After(m.RecordedAt), "a move was recorded before it happened")
	}
}

func (p *play) checkStays(f *file) {
	stays := p.view(f.deal.ID).Stays
	var open []stay
	for i, s := range stays {
		if s.Left.IsZero() {
			open = append(open, s)
			require.Len(p.r, stays, i+1, "an open stay is not the last one")
			continue
		}
		require.False(p.r, s.Left.Before(s.Entered), "a stay ends before it begins")
		if i+1 == len(stays) {
			continue
		}
		next := stays[i+1]
		switch {
		case s.Exit == funnel.Loss:
			require.False(p.r, next.Entered.Before(s.Left), "stays overlap")
		case next.Stage != s.Destination:
			require.True(p.r, p.historical, "a stay leads elsewhere than the next one begins")
		default:
			require.Equal(p.r, s.Left, next.Entered, "there is a gap between two stays")
		}
	}
	live := f.deal.VoidedAt.IsZero() && (f.deal.Outcome == funnel.Open || f.deal.Outcome == funnel.Won && !f.deal.Historical)
	require.Len(p.r, open, map[bool]int{true: 1}[live])
	if live {
		require.Equal(p.r, f.deal.Stage, open[0].Stage)
		require.Equal(p.r, f.deal.StageSince, open[0].Entered)
		require.NotNil(p.r, f.open(), "the open spell is not where the deal's counter says")
	}
	want, outcome := rebuild(f.moves, p.historical)
	if f.deal.VoidedAt.IsZero() {
		require.Equal(p.r, outcome, f.deal.Outcome)
	}
	for i := range stays {
		stays[i].Amount = funnel.Money{}
	}
	require.Equal(p.r, want, stays, "the stays cannot be rebuilt from the moves")
}

// checkPeople looks at the committee: everybody in it is known and has one place, and one began it.
func (p *play) checkPeople(f *file) {
	began, places := 0, map[funnel.ID]bool{}
	for _, c := range f.chairs {
		require.Contains(p.r, p.circle.people, c.Contact)
		require.False(p.r, places[c.Contact], "one person has two places")
		places[c.Contact] = true
		if c.Initiator {
			began++
		}
	}
	require.LessOrEqual(p.r, began, 1)
}

func (p *play) checkOutcome(f *file) {
	deal, contract := f.deal, f.contract()
	if !deal.VoidedAt.IsZero() {
		require.Nil(p.r, contract)
		return
	}
	switch deal.Outcome {
	case funnel.Open:
		require.Zero(p.r, deal.ClosedAt)
		require.Zero(p.r, deal.SignedAt)
		require.Empty(p.r, deal.Reason)
		require.Nil(p.r, contract)
		require.Nil(p.r, deal.Signing)
		require.False(p.r, p.plan.Signed(deal.Stage))
	case funnel.Won:
		require.NotNil(p.r, contract)
		require.Equal(p.r, contract.SignedAt, deal.SignedAt)
		require.Equal(p.r, deal.Stage == p.plan.Signature, contract.StartedAt.IsZero(), fmt.Sprint("started in ", deal.Stage))
		require.NotNil(p.r, deal.Signing)
		signed := f.spells[deal.Signing.Spell-1]
		require.Zero(p.r, signed.VoidedAt, "the stay that the signature ended is not the one that stands")
		require.Equal(p.r, deal.SignedAt, signed.Left)
		require.Equal(p.r, deal.Signing.From, signed.Stage)
		require.False(p.r, deal.Parked())
	case funnel.Lost:
		require.Equal(p.r, "price", deal.Reason)
		require.Nil(p.r, contract)
		require.False(p.r, deal.Parked())
		require.Zero(p.r, deal.Next)
	}
	require.Equal(p.r, deal.Outcome != funnel.Open, !deal.ClosedAt.IsZero())
	require.True(p.r, !deal.Parked() || deal.Stage == p.plan.Stages[0].Key)
}

// checkReports asks for the reports of every past moment again: they must say what they said then.
func (p *play) checkReports() {
	for at, said := range p.reports {
		require.Equal(p.r, said, seenAt(p.file().spells, at), "the report of %s has changed", at)
	}
}
