package postgres_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

func TestWhatEndedIsWhatWasWonAndLostSince(t *testing.T) {
	t.Parallel()
	s := tell(t)
	early, won, lost, open := s.begin(funnel.OpenDeal{}), s.begin(funnel.OpenDeal{}), s.begin(funnel.OpenDeal{}), s.begin(funnel.OpenDeal{})
	s.advance(day)
	s.lose(early, "price")
	s.advance(day)
	then := s.now()
	s.advance(day)
	s.move(won, "launch")
	s.lose(lost, "price")
	s.move(open, "proposal")
	s.advance(day)
	p := s.period(s.now(), 2)
	p.From = then

	ended, err := s.store.Ended(t.Context(), s.space.ID, p)

	require.NoError(t, err)
	require.Len(t, ended, 2)
	require.Equal(t, []bool{true, false}, []bool{ended[0].Won, ended[1].Won})
	past := s.period(then, 2)
	ended, err = s.store.Ended(t.Context(), s.space.ID, past)
	require.NoError(t, err)
	require.Len(t, ended, 1)
}

func TestReportsOnFewDealsClaimNothing(t *testing.T) {
	t.Parallel()
	s := tell(t)
	won, open := s.begin(funnel.OpenDeal{}), s.begin(funnel.OpenDeal{})
	s.advance(20 * day)
	s.move(won, "launch")
	q := funnel.ReportQuery{Widen: true}

	a, err := s.service.Analyse(t.Context(), s.space.ID, q)
	require.NoError(t, err)
	require.True(t, a.Bottleneck.TooFew)
	require.True(t, a.Bottleneck.Widened)
	require.Equal(t, 365, a.Bottleneck.WindowDays)
	require.Empty(t, a.Bottleneck.Weakest)
	require.Len(t, a.Stuck.Deals, 1)
	require.Equal(t, open.Deal, a.Stuck.Deals[0].Deal)
	require.Equal(t, funnel.StuckDays, a.Stuck.Deals[0].Why)
	f, err := s.service.ForecastReport(t.Context(), s.space.ID, funnel.ReportQuery{})
	require.NoError(t, err)
	require.True(t, f.TooFew)
	require.Equal(t, 1, f.Open)
	require.Equal(t, 1, f.Months[0].WonDeals)
	kept, err := s.service.BottleneckReport(t.Context(), s.space.ID, funnel.ReportQuery{Widen: true, Window: 30})
	require.NoError(t, err)
	require.False(t, kept.Widened)
	require.Equal(t, 30, kept.WindowDays)
}
