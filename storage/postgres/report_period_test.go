package postgres_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

func TestADayEndsBeforeTheNextMidnightOfTheWorkspace(t *testing.T) {
	t.Parallel()
	s := tell(t)
	_, err := s.pool.Exec(t.Context(), "UPDATE workspaces SET zone = 'Asia/Almaty', version = version + 1")
	require.NoError(t, err)
	zone, err := time.LoadLocation("Asia/Almaty")
	require.NoError(t, err)
	today := funnel.Date{Year: 2026, Month: time.November, Day: 23}
	// 20:00 UTC is already the next day in Almaty, which is five hours ahead.
	opened := s.begin(funnel.OpenDeal{At: time.Date(2026, time.November, 10, 20, 0, 0, 0, time.UTC)})
	s.done(s.service.Lose(t.Context(), s.next(), opened, funnel.Lose{Reason: "price", At: today.In(zone)}))
	s.advance(40 * day)

	r := s.funnel(today.End(zone), 1)
	require.Equal(t, 1, r.Lost)
	require.Equal(t, 12, *r.Cycle.Lost.P50)
	require.Equal(t, "2026-11-23T23:59:59.999999+05:00", r.AsOf.Format(time.RFC3339Nano))
	require.Zero(t, s.funnel(today.AddDays(-1).End(zone), 0).Lost)
	require.Zero(t, s.funnel(today.AddDays(1).End(zone), 1).Lost, "the window of a day holds that day")
}

func TestATimeAheadIsNow(t *testing.T) {
	t.Parallel()
	s := tell(t)
	require.Equal(t, s.now(), s.funnel(s.now().Add(8*time.Hour), 0).AsOf)
}

func TestAWindowThatIsNoNumberOfDaysIsRefused(t *testing.T) {
	t.Parallel()
	s := tell(t)
	for _, days := range []int{-1, 1_000_000} {
		_, err := s.service.FunnelReport(t.Context(), s.space.ID, funnel.ReportQuery{Window: days})
		require.Equal(t, funnel.CodeBadValue, funnel.CodeOf(err))
	}
}

func TestReportsSeeOneWorkspaceAndOneKind(t *testing.T) {
	t.Parallel()
	s := tell(t)
	s.begin(funnel.OpenDeal{})
	s.begin(funnel.OpenDeal{Kind: funnel.Renewal})
	other, err := s.store.Settle(t.Context(), funnel.Workspace{
		ID: newID(), Name: "Next door", Locale: funnel.English, Zone: "UTC", Currency: "EUR", Calendar: funnel.OfficeHours(),
	}, funnel.Team{ID: newID(), Name: "Sales"})
	require.NoError(t, err)

	mine := s.funnel(time.Time{}, 0)
	renewals, err := s.service.FunnelReport(t.Context(), s.space.ID, funnel.ReportQuery{Kind: funnel.Renewal})
	require.NoError(t, err)
	theirs, err := s.service.FunnelReport(t.Context(), other.ID, funnel.ReportQuery{})
	require.NoError(t, err)

	require.Equal(t, 1, mine.Open)
	require.Equal(t, 1, renewals.Open)
	require.Zero(t, theirs.Open)
	require.Equal(t, funnel.Currency("EUR"), theirs.Currency)
}
