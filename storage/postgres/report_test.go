package postgres_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

const day = 24 * time.Hour

// story tells the history of one workspace: every step is a use case under a key of its own.
type story struct {
	*world
	tb    testing.TB
	steps int
}

func tell(tb testing.TB) *story {
	tb.Helper()
	return &story{world: setup(tb), tb: tb}
}

func (s *story) next() funnel.Act {
	s.steps++
	return s.act(fmt.Sprintf("step %d", s.steps))
}

func (s *story) done(r funnel.Changed, err error) funnel.Target {
	s.tb.Helper()
	require.NoError(s.tb, err)
	return funnel.Target{Deal: r.Deal.ID}
}

func (s *story) begin(c funnel.OpenDeal) funnel.Target {
	s.tb.Helper()
	if c.Company.Name == "" {
		c.Company.Name = "Acme Anvils"
	}
	if c.Owner.IsZero() {
		c.Owner = s.member.ID
	}
	return s.done(s.service.Open(s.tb.Context(), s.next(), c))
}

func (s *story) move(t funnel.Target, stage funnel.StageKey) {
	s.tb.Helper()
	s.done(s.service.Move(s.tb.Context(), s.next(), t, funnel.MoveTo{Stage: stage}))
}

func (s *story) win(t funnel.Target) {
	s.tb.Helper()
	s.done(s.service.Win(s.tb.Context(), s.next(), t, funnel.Win{}))
}

func (s *story) lose(t funnel.Target, reason string) {
	s.tb.Helper()
	s.done(s.service.Lose(s.tb.Context(), s.next(), t, funnel.Lose{Reason: reason}))
}

func (s *story) reopen(t funnel.Target) {
	s.tb.Helper()
	s.done(s.service.Reopen(s.tb.Context(), s.next(), t, funnel.Reopen{}))
}

func (s *story) undo() {
	s.tb.Helper()
	s.done(s.service.Undo(s.tb.Context(), s.next(), 0, 0))
}

func (s *story) funnel(asOf time.Time, window int) funnel.FunnelReport {
	s.tb.Helper()
	r, err := s.service.FunnelReport(s.tb.Context(), s.space.ID, funnel.ReportQuery{AsOf: asOf, Window: window})
	require.NoError(s.tb, err)
	return r
}

func (s *story) owners(asOf time.Time) funnel.OwnersReport {
	s.tb.Helper()
	r, err := s.service.OwnersReport(s.tb.Context(), s.space.ID, funnel.ReportQuery{AsOf: asOf})
	require.NoError(s.tb, err)
	return r
}

func (s *story) activities(asOf time.Time) []funnel.ActivityCount {
	s.tb.Helper()
	r, err := s.service.ActivityReport(s.tb.Context(), s.space.ID, funnel.ReportQuery{AsOf: asOf})
	require.NoError(s.tb, err)
	return r.Activities
}

func usd(major int64) funnel.Money { return funnel.Money{Minor: major * 100, Currency: "USD"} }

// at returns the row of a stage.
// at returns what was counted of a stage, without what is estimated from it.
func at(tb testing.TB, r funnel.FunnelReport, key funnel.StageKey) funnel.StageReport {
	tb.Helper()
	for _, s := range r.Stages {
		if s.Key == key {
			s.Passage = funnel.Passage{}
			return s
		}
	}
	require.Failf(tb, "no such stage", "%s", key)
	return funnel.StageReport{}
}

func TestReportCountsEntriesOpenExitsAndJumps(t *testing.T) {
	t.Parallel()
	s := tell(t)
	walker := s.begin(funnel.OpenDeal{Amount: usd(100)})
	jumper := s.begin(funnel.OpenDeal{Amount: usd(50)})
	loser := s.begin(funnel.OpenDeal{})
	s.begin(funnel.OpenDeal{})
	s.advance(day)
	s.move(walker, "qualification")
	s.advance(day)
	s.done(s.service.Back(t.Context(), s.next(), walker, funnel.MoveBack{Reason: "they changed their task"}))
	s.win(jumper)
	s.lose(loser, "price")

	r := s.funnel(time.Time{}, 0)

	require.Equal(t, s.now(), r.AsOf)
	require.Equal(t, 90, r.WindowDays)
	require.Equal(t, funnel.StageReport{
		Key: "lead", Entered: 5, Open: 2, Exits: funnel.Exits{Advance: 2, Lost: 1},
	}, at(t, r, "lead"))
	require.Equal(t, funnel.StageReport{
		Key: "qualification", Entered: 1, Exits: funnel.Exits{Back: 1}, Skipped: 1,
	}, at(t, r, "qualification"))
	require.Equal(t, funnel.StageReport{Key: "negotiation", Skipped: 1}, at(t, r, "negotiation"))
	require.Equal(t, funnel.StageReport{Key: "launch", Entered: 1, Open: 1}, at(t, r, "launch"))
	require.Equal(t, 2, r.Open)
	require.Equal(t, []funnel.Sum{funnel.Sum(usd(100))}, r.OpenValue)
	require.Equal(t, 1, r.Unpriced)
	require.Equal(t, []funnel.Sum{funnel.Sum(usd(50))}, r.WonValue)
	require.InDelta(t, 0.5, *r.WinRate.Value, 1e-12)
	require.Equal(t, 2, *r.Cycle.Won.P50)
}

func TestWhatWasTypedLateIsNotSeenBeforeItWasTyped(t *testing.T) {
	t.Parallel()
	s := tell(t)
	deal := s.begin(funnel.OpenDeal{})
	s.advance(10 * day)
	s.done(s.service.Lose(t.Context(), s.next(), deal, funnel.Lose{Reason: "price", At: s.now().Add(-5 * day)}))

	before := s.funnel(s.now().Add(-time.Hour), 0)
	after := s.funnel(time.Time{}, 0)
	window := s.funnel(time.Time{}, 4)

	require.Equal(t, 1, at(t, before, "lead").Open)
	require.Zero(t, before.Lost)
	require.Zero(t, at(t, after, "lead").Open)
	require.Equal(t, 1, after.Lost)
	require.Equal(t, 5, *after.Cycle.Lost.P50, "it counts when it happened")
	require.Zero(t, window.Lost)
	require.Zero(t, window.Open)
}

func TestAnUndoneWinIsSeenOnlyWhileItStood(t *testing.T) {
	t.Parallel()
	s := tell(t)
	deal := s.begin(funnel.OpenDeal{Amount: usd(100)})
	s.advance(day)
	s.move(deal, "negotiation")
	entered := s.now()
	s.advance(day)
	s.win(deal)
	stood := s.now().Add(time.Minute)
	s.advance(5 * time.Minute)
	s.undo()

	won, undone := s.funnel(stood, 0), s.funnel(time.Time{}, 0)

	require.Equal(t, 1, won.Won)
	require.Equal(t, 1, at(t, won, "negotiation").Exits.Advance)
	require.Equal(t, 1, at(t, won, "launch").Open)
	require.Zero(t, won.Open)
	require.Zero(t, undone.Won)
	require.Equal(t, funnel.StageReport{Key: "negotiation", Entered: 1, Open: 1}, at(t, undone, "negotiation"))
	require.Equal(t, funnel.StageReport{Key: "launch"}, at(t, undone, "launch"))
	require.Equal(t, []funnel.Sum{funnel.Sum(usd(100))}, undone.OpenValue)
	require.Equal(t, 1, at(t, s.funnel(entered.Add(time.Hour), 0), "negotiation").Open)
}

func TestAReopenedLossIsNoLongerALostDealButStaysAnExit(t *testing.T) {
	t.Parallel()
	s := tell(t)
	deal := s.begin(funnel.OpenDeal{})
	s.advance(day)
	s.lose(deal, "price")
	lost := s.now()
	s.advance(day)
	s.reopen(deal)
	reopened := s.now()
	s.advance(day)
	s.lose(deal, "no_need")

	require.Equal(t, 1, s.funnel(lost, 0).Lost)
	open := s.funnel(reopened, 0)
	require.Zero(t, open.WinRate.Closed)
	require.Nil(t, open.WinRate.Value)
	require.Equal(t, funnel.StageReport{Key: "lead", Entered: 2, Open: 1, Exits: funnel.Exits{Lost: 1}}, at(t, open, "lead"))
	again := s.funnel(time.Time{}, 0)
	require.Equal(t, 1, again.Lost)
	require.Equal(t, 1, again.Disqualified)
	require.Equal(t, 1, again.WinRate.Closed)
	require.Zero(t, again.Qualified.Closed)
	require.Equal(t, funnel.Exits{Lost: 2, Disqualified: 1}, at(t, again, "lead").Exits)
	require.Equal(t, 3, *again.Cycle.Lost.P50, "it is one deal from its first day")
}

func TestACorrectedSignatureTakesTheWinBack(t *testing.T) {
	t.Parallel()
	s := tell(t)
	deal := s.begin(funnel.OpenDeal{})
	s.advance(day)
	s.win(deal)
	signed := s.now()
	s.advance(3 * day)
	s.reopen(deal)
	corrected := s.now()
	s.advance(time.Minute)
	s.undo()

	require.Equal(t, 1, s.funnel(corrected.Add(-time.Hour), 0).Won)
	r := s.funnel(corrected, 0)
	require.Zero(t, r.Won)
	require.Equal(t, funnel.StageReport{Key: "lead", Entered: 1, Open: 1}, at(t, r, "lead"))
	again := s.funnel(time.Time{}, 0)
	require.Equal(t, 1, again.Won, "the correction itself was taken back")
	require.Equal(t, 1, at(t, again, "launch").Open)
	require.Equal(t, 1, *again.Cycle.Won.P50)
	require.Equal(t, 1, s.funnel(signed, 0).Won)
}

func TestAVoidedDealLeavesFromTheMomentOfVoiding(t *testing.T) {
	t.Parallel()
	s := tell(t)
	s.begin(funnel.OpenDeal{Amount: usd(7)})
	opened := s.now()
	s.advance(time.Minute)
	s.undo()

	before, after := s.funnel(opened, 0), s.funnel(time.Time{}, 0)

	require.Equal(t, 1, at(t, before, "lead").Entered)
	require.Equal(t, 1, before.Open)
	require.Zero(t, at(t, after, "lead").Entered)
	require.Zero(t, after.Open)
	require.Empty(t, after.OpenValue)
	require.Empty(t, s.owners(time.Time{}).Owners)
	require.Len(t, s.owners(opened).Owners, 1)
}

func TestImportedHistoryCountsAsKnownWhenItHappened(t *testing.T) {
	t.Parallel()
	s := tell(t)
	past := funnel.Act{Workspace: s.space.ID, Event: "row 1", Origin: funnel.FromImport}
	engaged, closed := s.now().Add(-60*day), s.now().Add(-3*day)
	r, err := s.service.Open(t.Context(), past, funnel.OpenDeal{
		Company: funnel.Company{Name: "Acme Anvils"}, Stage: "qualification", Amount: usd(1054), At: engaged,
		Historical: true, Owner: s.member.ID,
	})
	require.NoError(t, err)
	past.Event = "row 1, end"
	deal := s.done(s.service.Win(t.Context(), past, funnel.Target{Deal: r.Deal.ID}, funnel.Win{At: closed}))
	other := s.join(t, "Boris", funnel.Rep)
	s.done(s.service.Assign(t.Context(), s.next(), deal, funnel.Assign{To: other.ID}))

	then := s.funnel(closed.Add(-time.Hour), 0)
	now := s.funnel(time.Time{}, 0)

	require.Equal(t, 1, then.Open)
	require.Equal(t, []funnel.Sum{funnel.Sum(usd(1054))}, then.OpenValue)
	require.Zero(t, then.Won)
	require.Equal(t, 1, now.Won)
	require.Equal(t, []funnel.Sum{funnel.Sum(usd(1054))}, now.WonValue)
	require.Equal(t, 57, *now.Cycle.Won.P50)
	require.Zero(t, at(t, now, "launch").Entered, "history opens no client work")
	require.Equal(t, 1, at(t, now, "proposal").Skipped)
	require.Equal(t, "Anna", s.owners(time.Time{}).Owners[0].Name, "the sale of who made it")
}

func TestTargetsCountAsEntriesOnly(t *testing.T) {
	t.Parallel()
	s := tell(t)
	named := s.begin(funnel.OpenDeal{Stage: "awareness", Amount: usd(10)})
	s.begin(funnel.OpenDeal{Stage: "awareness", Amount: usd(10)})
	talking := s.begin(funnel.OpenDeal{Stage: "awareness"})
	s.advance(30 * day)
	s.lose(named, "silence")
	s.move(talking, "lead")
	s.advance(2 * day)
	today := funnel.DateOf(s.now())
	s.done(s.service.Park(t.Context(), s.next(), talking, funnel.Park{Until: today.AddDays(30)}))
	parked := s.now()
	s.advance(day)
	s.lose(talking, "silence")

	rest, r := s.funnel(parked, 0), s.funnel(time.Time{}, 0)

	require.Zero(t, rest.Open, "one that rests is not being worked on")
	require.Equal(t, 2, at(t, rest, "awareness").Open)
	require.Equal(t, funnel.StageReport{
		Key: "awareness", Entered: 4, Open: 1, Exits: funnel.Exits{Advance: 1, Lost: 2},
	}, at(t, r, "awareness"))
	require.Zero(t, r.Open)
	require.Empty(t, r.OpenValue)
	require.Equal(t, 1, r.Lost, "who talked with us was lost, a name on a list was not")
	require.Equal(t, 3, *r.Cycle.Lost.P50, "it began when they began to talk")
	require.Equal(t, 1, at(t, r, "lead").Exits.Back)
}

func TestADealStandsInOneStageWhenHistoryComesAfterWhatWasTypedLate(t *testing.T) {
	t.Parallel()
	s := tell(t)
	deal := s.begin(funnel.OpenDeal{})
	monday := s.now()
	s.advance(2 * day)
	s.done(s.service.Move(t.Context(), s.next(), deal, funnel.MoveTo{Stage: "qualification", At: monday.Add(time.Hour)}))
	s.advance(2 * day)
	act := funnel.Act{Workspace: s.space.ID, Event: "row", Origin: funnel.FromImport}
	s.done(s.service.Move(t.Context(), act, deal, funnel.MoveTo{Stage: "proposal", At: monday.Add(day)}))

	r := s.funnel(monday.Add(day+time.Hour), 0)

	require.Equal(t, 1, r.Open)
	require.Zero(t, at(t, r, "lead").Open)
	require.Equal(t, 1, at(t, r, "proposal").Open)
}
