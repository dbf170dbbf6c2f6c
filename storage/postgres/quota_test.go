package postgres_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

var (
	november = funnel.Date{Year: 2026, Month: time.November, Day: 1} //nolint:gochecknoglobals // days of these tests
	december = funnel.Date{Year: 2026, Month: time.December, Day: 1} //nolint:gochecknoglobals // days of these tests
)

func (s *story) months(asOf time.Time) []funnel.PlanRow {
	s.tb.Helper()
	r, err := s.service.PlanReport(s.tb.Context(), s.space.ID, funnel.ReportQuery{AsOf: asOf}, november, 2)
	require.NoError(s.tb, err)
	return r.Months
}

func TestAPlanStandsBesideWhatWasWonInItsMonth(t *testing.T) {
	t.Parallel()
	s := tell(t)
	sold := s.begin(funnel.OpenDeal{Amount: usd(100)})
	foreign := s.begin(funnel.OpenDeal{Amount: funnel.Money{Minor: 7_00, Currency: "EUR"}})
	bare := s.begin(funnel.OpenDeal{})
	later := s.begin(funnel.OpenDeal{Amount: usd(30)})
	s.advance(day)
	for _, deal := range []funnel.Target{sold, foreign, bare} {
		s.win(deal)
	}
	_, err := s.service.SetQuota(t.Context(), s.next(), november.AddDays(22), usd(500))
	require.NoError(t, err)
	s.advance(14 * day)
	s.win(later)

	rows := s.months(time.Time{})

	plan := funnel.Sum(usd(500))
	require.Equal(t, []funnel.PlanRow{
		{Month: november, Plan: &plan, Won: funnel.Sum(usd(100)), WonDeals: 3, Unpriced: 2},
		{Month: december, Won: funnel.Sum(usd(30)), WonDeals: 1, Running: true},
	}, rows)
}

func TestAPlanOfThePastIsWhatWasPlannedThen(t *testing.T) {
	t.Parallel()
	s := tell(t)
	set := func(month funnel.Date, to funnel.Money) funnel.QuotaSet {
		r, err := s.service.SetQuota(t.Context(), s.next(), month, to)
		require.NoError(t, err)
		return r
	}
	first := set(december, usd(500))
	require.True(t, first.Before.Amount.IsZero())
	s.advance(time.Hour)
	before := s.now()
	s.advance(time.Hour)
	require.Equal(t, usd(500), set(december, usd(700)).Before.Amount)
	require.True(t, set(december, usd(700)).Same(), "the same again is no change")
	then, now := s.months(before), s.months(time.Time{})
	require.Equal(t, funnel.Sum(usd(500)), *then[1].Plan)
	require.Equal(t, funnel.Sum(usd(700)), *now[1].Plan)

	s.advance(time.Hour)
	set(december, funnel.Money{})
	require.Nil(t, s.months(time.Time{})[1].Plan)
	require.Equal(t, funnel.Sum(usd(500)), *s.months(before)[1].Plan, "what was said then stays")
	require.Equal(t, 3, s.count(t, "quotas"))
}

func TestAPlanIsTakenBackWithUndo(t *testing.T) {
	t.Parallel()
	s := tell(t)
	act := s.next()
	_, err := s.service.SetQuota(t.Context(), act, december, usd(500))
	require.NoError(t, err)
	again, err := s.service.SetQuota(t.Context(), act, december, usd(500))
	require.NoError(t, err)
	require.False(t, again.Same(), "a second delivery gets the same answer")
	require.Equal(t, 1, s.count(t, "quotas"))
	_, err = s.service.SetQuota(t.Context(), s.next(), november, usd(40))
	require.NoError(t, err)

	r, err := s.service.Undo(t.Context(), s.next(), 0, 0)

	require.NoError(t, err)
	require.Equal(t, funnel.VerbQuota, r.Undone)
	require.Nil(t, s.months(time.Time{})[0].Plan)
	_, err = s.service.Undo(t.Context(), s.next(), 0, 0)
	require.NoError(t, err, "the one before, of another month")
	require.Nil(t, s.months(time.Time{})[1].Plan)
	_, err = s.service.Undo(t.Context(), s.next(), 0, 0)
	require.NotEqual(t, funnel.Code(""), funnel.CodeOf(err))
}

func TestAPlanThatSomebodyElseHasChangedIsNotTakenBack(t *testing.T) {
	t.Parallel()
	s := tell(t)
	boris := s.join(t, "Boris", funnel.Manager)
	_, err := s.service.SetQuota(t.Context(), s.next(), december, usd(500))
	require.NoError(t, err)
	his := s.next()
	his.Member = boris.ID
	_, err = s.service.SetQuota(t.Context(), his, december, usd(600))
	require.NoError(t, err)

	_, err = s.service.Undo(t.Context(), s.next(), 0, 0)

	require.Equal(t, funnel.CodeUndoOvertaken, funnel.CodeOf(err))
	require.Equal(t, funnel.Sum(usd(600)), *s.months(time.Time{})[1].Plan)
}

func TestRepsAndForeignCurrenciesSetNoPlan(t *testing.T) {
	t.Parallel()
	s := tell(t)
	rep := s.join(t, "Clara", funnel.Rep)
	hers := s.next()
	hers.Member = rep.ID
	_, err := s.service.SetQuota(t.Context(), hers, december, usd(500))
	require.Equal(t, funnel.CodeForbidden, funnel.CodeOf(err))
	_, err = s.service.SetQuota(t.Context(), s.next(), december, funnel.Money{Minor: 5, Currency: "EUR"})
	require.Equal(t, funnel.CodePlanCurrency, funnel.CodeOf(err))
	_, err = s.service.SetQuota(t.Context(), s.next(), december, funnel.Money{Minor: -5, Currency: "USD"})
	require.Equal(t, funnel.CodeNegativeAmount, funnel.CodeOf(err))
	require.Zero(t, s.count(t, "quotas"))
}
