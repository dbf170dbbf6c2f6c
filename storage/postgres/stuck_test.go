package postgres_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

// stuckNow are the numbers of the deals that the list and the report name.
func (w *world) stuckNow(tb testing.TB, space funnel.ID) (list, report []int64) {
	tb.Helper()
	const most = 100_000
	deals, total, err := w.service.ListDeals(tb.Context(), space, funnel.DealQuery{List: funnel.ListStuck, Limit: most})
	require.NoError(tb, err)
	require.Len(tb, deals, total)
	for i := range deals {
		list = append(list, deals[i].Number)
	}
	r, err := w.service.StuckReport(tb.Context(), space, funnel.ReportQuery{Widen: true})
	require.NoError(tb, err)
	for _, d := range r.Deals {
		report = append(report, d.Number)
	}
	return list, report
}

func TestTheListAndTheReportAgreeOnWhatIsStuck(t *testing.T) {
	t.Parallel()
	for name, p := range map[string]past{
		"the stages speak for themselves": {deals: 4000, years: 2}, "the window is widened": {deals: 300, years: 2},
		"only days are known": {deals: 12, years: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := setup(t)
			w.liveFor(t, w.space.ID, p)
			list, report := w.stuckNow(t, w.space.ID)
			require.ElementsMatch(t, report, list)
			if p.deals > 100 {
				require.NotEmpty(t, list)
			}
		})
	}
}

func TestAReportTeachesTheListsWhatIsStuck(t *testing.T) {
	t.Parallel()
	w := setup(t)
	rules := func() map[funnel.StageKey][]funnel.AgeRange {
		found := map[funnel.StageKey][]funnel.AgeRange{}
		all, err := w.service.StuckRules(t.Context(), w.space.ID)
		require.NoError(t, err)
		for _, r := range all {
			if r.Kind == funnel.NewBusiness {
				found[r.Stage] = r.Ages
			}
		}
		return found
	}
	configured := rules()
	require.Equal(t, []funnel.AgeRange{{From: 8}}, configured["lead"], "after the days of the funnel file")
	w.liveFor(t, w.space.ID, past{deals: 4000, years: 1})
	require.Equal(t, configured, rules(), "for some minutes they stay")

	list, report := w.stuckNow(t, w.space.ID)
	require.NotEqual(t, len(report), len(list))
	list, report = w.stuckNow(t, w.space.ID)
	require.ElementsMatch(t, report, list, "a report that was just made is agreed with")
	learnt := rules()
	require.NotEqual(t, configured, learnt)

	w.advance(11 * time.Minute)
	require.Equal(t, learnt, rules(), "which is what they are by themselves")
}

func TestDealsOfEveryKindAreStuckByTheirOwnKind(t *testing.T) {
	t.Parallel()
	s := tell(t)
	sale := s.begin(funnel.OpenDeal{})
	more := s.begin(funnel.OpenDeal{Kind: funnel.Expansion})
	parked := s.begin(funnel.OpenDeal{})
	s.advance(day)
	s.done(s.service.Park(t.Context(), s.next(), parked, funnel.Park{Until: funnel.DateOf(s.now()).AddDays(30)}))
	s.advance(6 * day)
	list := func() []funnel.ID {
		ids := []funnel.ID{}
		deals, _, err := s.service.ListDeals(t.Context(), s.space.ID, funnel.DealQuery{List: funnel.ListStuck, Limit: 10})
		require.NoError(t, err)
		for i := range deals {
			ids = append(ids, deals[i].ID)
		}
		return ids
	}
	s.advance(23 * time.Hour)
	require.Empty(t, list(), "seven days are allowed")
	s.advance(time.Hour)
	require.ElementsMatch(t, []funnel.ID{sale.Deal, more.Deal}, list())
	r, err := s.service.StuckReport(t.Context(), s.space.ID, funnel.ReportQuery{Widen: true})
	require.NoError(t, err)
	require.Len(t, r.Deals, 1, "a report is on one kind")
}

// BenchmarkStuckList measures the list of stuck deals among 10,000 open ones: with the rules made anew, and
// with those that are kept.
func BenchmarkStuckList(b *testing.B) {
	w := setup(b)
	w.liveFor(b, w.space.ID, past{deals: 36_000, years: 1})
	b.Logf("%d open deals, %d stays", w.count(b, "deals WHERE outcome = 'open'"), w.count(b, "spells"))
	for name, pass := range map[string]time.Duration{"rules made": 11 * time.Minute, "rules kept": 0} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				w.advance(pass)
				_, _, err := w.service.ListDeals(b.Context(), w.space.ID, funnel.DealQuery{List: funnel.ListStuck, Limit: 8})
				require.NoError(b, err)
			}
		})
	}
	b.Run("report", func(b *testing.B) {
		for b.Loop() {
			_, err := w.service.StuckReport(b.Context(), w.space.ID, funnel.ReportQuery{Widen: true})
			require.NoError(b, err)
		}
	})
}
