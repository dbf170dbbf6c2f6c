package postgres_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
	"funnelbot/storage/postgres"
)

// identity gives a member another identity, seen so long ago; never where ago is negative.
func (w *world) identity(t *testing.T, m funnel.Member, lane string, ago time.Duration) {
	t.Helper()
	door, external, _ := funnel.ParseLane(lane)
	var seen *time.Time
	if ago >= 0 {
		at := w.now().Add(-ago)
		seen = &at
	}
	_, err := w.pool.Exec(t.Context(), `INSERT INTO identities (door, external_id, workspace_id, member_id, seen_at) VALUES ($1, $2, $3, $4, $5)`,
		door, external, w.space.ID.String(), m.ID.String(), seen)
	require.NoError(t, err)
}

// chat connects a chat that announces.
func (w *world) chat(t *testing.T, lane string) {
	t.Helper()
	door, external, thread := funnel.ParseLane(lane)
	_, err := w.pool.Exec(t.Context(), `INSERT INTO chats (door, external_id, workspace_id, thread, internal, announces, connected_at)
		VALUES ($1, $2, $3, $4, true, true, $5)`, door, external, w.space.ID.String(), thread, w.now())
	require.NoError(t, err)
}

func (w *world) exec(t *testing.T, sql string) {
	t.Helper()
	_, err := w.pool.Exec(t.Context(), sql)
	require.NoError(t, err)
}

// lanes returns the lanes of what is owed of a kind, in the order in which it was written.
func (w *world) lanes(t *testing.T, kind funnel.NoticeKind) (lanes []string) {
	t.Helper()
	require.NoError(t, w.pool.QueryRow(t.Context(),
		`SELECT coalesce(array_agg(lane ORDER BY id), '{}') FROM outbox WHERE kind = $1`, string(kind)).Scan(&lanes))
	return lanes
}

// first takes the first message of a lane that nobody drains.
func first(t *testing.T, o *postgres.Outbox, lane string) *funnel.Owed {
	t.Helper()
	lanes, err := o.Claim(t.Context(), funnel.Lanes{Exact: []string{lane}}, 1)
	require.NoError(t, err)
	require.Equal(t, []string{lane}, lanes)
	owed, err := o.Take(t.Context(), lane)
	require.NoError(t, err)
	require.NotNil(t, owed)
	return owed
}

func TestANoticeGoesToTheDoorAtWhichItsReceiverWasSeenLast(t *testing.T) {
	t.Parallel()
	w := setup(t)
	boris := w.join(t, "Boris", funnel.Rep)
	deal := w.open(t, "Acme").Deal
	assign := func() {
		t.Helper()
		for _, to := range []funnel.ID{boris.ID, w.member.ID} {
			_, err := w.service.Assign(t.Context(), w.act(newID().String()), funnel.Target{Deal: deal.ID}, funnel.Assign{To: to})
			require.NoError(t, err)
		}
	}

	own := funnel.LaneOfMember(boris.ID)
	assign() // he sits at the local chat, if anywhere
	w.identity(t, boris, "telegram:7", time.Hour)
	assign()
	w.identity(t, boris, "slack:U7", time.Minute)
	assign()
	w.exec(t, `UPDATE identities SET gone_at = now() WHERE door = 'slack'`)
	assign()
	w.exec(t, `UPDATE identities SET suspended_at = now() WHERE door = 'telegram'`)
	assign()
	w.exec(t, `UPDATE identities SET gone_at = now()`)
	assign() // it waits until he is seen again

	require.Equal(t, []string{
		own, "telegram:7", "slack:U7", "telegram:7", own, own,
	}, w.lanes(t, funnel.NoticeAssigned))

	require.NoError(t, w.store.Seen(t.Context(), funnel.Identity{Door: "slack", External: "U7", Workspace: w.space.ID}))
	require.Equal(t, "slack:U7", w.lanes(t, funnel.NoticeAssigned)[5])
}

func TestTheTeamIsToldInEveryChatThatAnnouncesAndCorrectedWhereItWasTold(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for _, lane := range []string{"slack:C1/17.5", "telegram:-100", "telegram:-200", "telegram:-300"} {
		w.chat(t, lane)
	}
	w.exec(t, `UPDATE chats SET announces = false WHERE external_id = '-200'`)
	w.exec(t, `UPDATE chats SET gone_at = now() WHERE external_id = '-300'`)
	deal := w.open(t, "Acme").Deal
	lost, err := w.service.Lose(t.Context(), w.act("lose"), funnel.Target{Deal: deal.ID}, funnel.Lose{Reason: "price"})
	require.NoError(t, err)
	require.ElementsMatch(t, []string{"slack:C1/17.5", "telegram:-100"}, w.lanes(t, funnel.NoticeLost))

	courier := w.store.Outbox(newID())
	told := first(t, courier, "telegram:-100")
	require.NoError(t, courier.Delivered(t.Context(), told, "m1"))
	require.NoError(t, courier.Release(t.Context(), "telegram:-100", time.Time{}))
	// Where it was told, it is corrected, whatever has become of the chat's wishes.
	w.exec(t, `UPDATE chats SET announces = false WHERE external_id = '-100'`)
	w.exec(t, `UPDATE chats SET announces = true WHERE external_id = '-200'`)
	_, err = w.service.Undo(t.Context(), w.act("undo"), deal.Number, lost.Deal.Version)
	require.NoError(t, err)

	require.ElementsMatch(t, []string{"slack:C1/17.5", "telegram:-100", "telegram:-200"}, w.lanes(t, funnel.NoticeCorrected))
	for lane, replaced := range map[string]string{"telegram:-100": "m1", "telegram:-200": ""} {
		owed := first(t, courier, lane)
		require.Equal(t, told.Notice.ID, owed.Notice.Replaces)
		require.Equal(t, replaced, owed.Replaced)
	}
}
