package postgres_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

func TestAParkingEndsAtMidnightWhereTheWorkspaceIs(t *testing.T) {
	t.Parallel()
	w := setup(t)
	until := funnel.Date{Year: 2026, Month: 11, Day: 25}
	spaces := map[string]funnel.ID{}
	for _, zone := range []string{"UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kolkata", "Middle/Earth"} {
		x := *w
		var err error
		x.space, err = w.store.Settle(t.Context(), funnel.Workspace{
			ID: newID(), Name: zone, Locale: funnel.English, Zone: zone, Currency: "EUR", Calendar: funnel.OfficeHours(),
		}, funnel.Team{ID: newID()})
		require.NoError(t, err)
		spaces[zone] = x.space.ID
		x.member = x.join(t, "Anna", funnel.Admin)
		r := x.open(t, "Ромашка")
		_, err = x.service.Park(t.Context(), x.act("park"), funnel.Target{Deal: r.Deal.ID}, funnel.Park{Until: until})
		require.NoError(t, err)
	}
	for at, want := range map[string][]string{
		"2026-11-24T09:59:59Z": {},
		"2026-11-24T10:00:00Z": {"Pacific/Kiritimati"},
		"2026-11-24T18:30:00Z": {"Pacific/Kiritimati", "Asia/Kolkata"},
		"2026-11-24T23:59:59Z": {"Pacific/Kiritimati", "Asia/Kolkata"},
		"2026-11-25T00:00:00Z": {"Pacific/Kiritimati", "Asia/Kolkata", "UTC", "Middle/Earth"},
		"2026-11-25T11:00:00Z": {"Pacific/Kiritimati", "Asia/Kolkata", "UTC", "Middle/Earth", "Pacific/Pago_Pago"},
	} {
		now, err := time.Parse(time.RFC3339, at)
		require.NoError(t, err)

		due, err := w.store.Due(t.Context(), now, 100)

		require.NoError(t, err, at)
		ids := []funnel.ID{}
		for _, d := range due {
			require.True(t, d.Wake)
			ids = append(ids, d.Workspace)
		}
		wanted := []funnel.ID{}
		for _, zone := range want {
			wanted = append(wanted, spaces[zone])
		}
		require.ElementsMatch(t, wanted, ids, at)
	}
}

func TestRemindersAreDueFromTheirInstantOnUntilTheyAreWritten(t *testing.T) {
	t.Parallel()
	w := setup(t)
	at := start.Add(3 * time.Hour)
	for _, name := range []string{"Ромашка", "Лютик"} {
		r := w.open(t, name)
		_, err := w.service.Next(t.Context(), w.act("next "+name), funnel.Target{Deal: r.Deal.ID},
			funnel.SetNext{What: "call", On: funnel.DateOf(at), At: at})
		require.NoError(t, err)
		at = at.Add(-time.Hour)
	}
	due := func(now time.Time, limit int) []funnel.DueDeal {
		found, err := w.store.Due(t.Context(), now, limit)
		require.NoError(t, err)
		return found
	}
	require.Empty(t, due(start.Add(2*time.Hour-time.Microsecond), 10))
	require.Len(t, due(start.Add(2*time.Hour), 10), 1)
	all := due(start.Add(3*time.Hour), 10)
	require.Len(t, all, 2)
	require.Equal(t, all[:1], due(start.Add(3*time.Hour), 1), "the oldest comes first")

	w.clock.Store(start.Add(3 * time.Hour).UnixNano())
	for _, d := range all {
		act := funnel.Act{Workspace: d.Workspace, Event: "remind " + d.Deal.String(), Origin: funnel.FromTimer}
		_, err := w.service.Remind(t.Context(), act, funnel.Target{Deal: d.Deal})
		require.NoError(t, err)
	}
	require.Empty(t, due(start.Add(3*time.Hour), 10))
	require.Equal(t, 2, w.count(t, "held_notices WHERE kind = 'step_due'"))
	require.Zero(t, w.count(t, "outbox"), "what is due together is told together")
}
