package postgres_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

func (w *world) claim(tb testing.TB, from funnel.Lanes, limit int) []string {
	tb.Helper()
	lanes, err := w.store.Outbox(newID()).Claim(tb.Context(), from, limit)
	require.NoError(tb, err)
	return lanes
}

func TestWhatAChangeOwesIsTakenAsItWasWritten(t *testing.T) {
	t.Parallel()
	w := setup(t)
	boris := w.join(t, "Boris", funnel.Rep)
	_, err := w.pool.Exec(t.Context(), `UPDATE members SET locale = 'ru' WHERE name = 'Boris'`)
	require.NoError(t, err)
	deal := w.open(t, "Acme").Deal
	_, err = w.service.Assign(t.Context(), w.act("assign"), funnel.Target{Deal: deal.ID}, funnel.Assign{To: boris.ID})
	require.NoError(t, err)
	lane := funnel.LaneOfMember(boris.ID)
	courier := w.store.Outbox(newID())

	lanes, err := courier.Claim(t.Context(), funnel.Lanes{Exact: []string{lane}}, 8)
	require.NoError(t, err)
	require.Equal(t, []string{lane}, lanes)
	owed, err := courier.Take(t.Context(), lane)
	require.NoError(t, err)

	require.False(t, owed.Notice.ID.IsZero())
	require.Equal(t, funnel.Owed{
		Seq: owed.Seq, Workspace: w.space.ID, Lane: lane, Locale: funnel.Russian, Since: start, Attempts: 1,
		Notice: funnel.Notification{
			ID: owed.Notice.ID, Kind: funnel.NoticeAssigned, To: boris.ID, Deal: deal.ID, Number: deal.Number, Actor: w.member.ID,
		},
	}, *owed)
	state, err := w.store.OutboxState(t.Context())
	require.NoError(t, err)
	require.Equal(t, funnel.OutboxState{
		Pending: 1, Oldest: start,
		Doors: []funnel.DoorState{{Door: "member", Pending: 1, Oldest: start, Buried: map[funnel.Cause]int{}}},
	}, state)
}

func TestLanesThatHaveWaitedLongestComeFirst(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for lane, age := range map[string]time.Duration{"a": time.Minute, "b": time.Hour, "c": 0, "d": time.Second, "later": -time.Second} {
		_, err := w.pool.Exec(t.Context(), `
			INSERT INTO outbox (workspace_id, notice_id, lane, kind, locale, payload, created_at, next_at)
			SELECT gen_random_uuid(), gen_random_uuid(), $1, 'assigned', 'en', '{}', $2, $2 FROM generate_series(1, 3)`, lane, start.Add(-age))
		require.NoError(t, err)
	}

	require.ElementsMatch(t, []string{"a", "b"}, w.claim(t, funnel.Lanes{}, 2))
	require.ElementsMatch(t, []string{"d"}, w.claim(t, funnel.Lanes{}, 1))
	require.ElementsMatch(t, []string{"c"}, w.claim(t, funnel.Lanes{}, 8), "what is claimed, or waits, is passed over")
	require.Empty(t, w.claim(t, funnel.Lanes{}, 8))

	w.advance(time.Second)
	require.ElementsMatch(t, []string{"later"}, w.claim(t, funnel.Lanes{}, 8))
}

func TestAnEmptyOutboxIsInOrder(t *testing.T) {
	t.Parallel()
	w := setup(t)

	require.Empty(t, w.claim(t, funnel.Lanes{}, 8))
	require.Empty(t, w.claim(t, funnel.Lanes{Exact: []string{}}, 8))
	require.Empty(t, w.claim(t, funnel.Lanes{Exact: []string{"nobody"}}, 8))
	state, err := w.store.OutboxState(t.Context())
	require.NoError(t, err)
	require.Zero(t, state)
}
