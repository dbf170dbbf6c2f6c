package postgres_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

func TestAChatWorksWithTheWorkspaceThatConnectedIt(t *testing.T) {
	t.Parallel()
	w := setup(t)
	other := w.elsewhere(t)
	none, err := w.store.Chat(t.Context(), "telegram", "-1")
	require.NoError(t, err)
	require.Nil(t, none)
	_, err = w.service.Announce(t.Context(), w.act("early"), "telegram", "-1", true)
	require.Equal(t, funnel.CodeNotConnected, funnel.CodeOf(err))

	want := funnel.Chat{Workspace: w.space.ID, Door: "telegram", External: "-1", Thread: "7", Title: "Sales team", Internal: true}
	asked := want
	asked.Workspace, asked.Title = other.space.ID, "Sales\x00\n team"
	got, err := w.service.Connect(t.Context(), w.act("connect"), asked)
	require.NoError(t, err)
	require.Equal(t, want, got, "a workspace connects for itself only")
	kept, err := w.store.Chat(t.Context(), "telegram", "-1")
	require.NoError(t, err)
	require.Equal(t, want, *kept)

	want.Announces = true
	got, err = w.service.Announce(t.Context(), w.act("announce"), "telegram", "-1", true)
	require.NoError(t, err)
	require.Equal(t, want, got)
	require.NoError(t, w.store.Gone(t.Context(), w.space.ID, "telegram:-1/7", "kicked"))
	want.Internal, asked.Internal = false, false
	got, err = w.service.Connect(t.Context(), w.act("again"), asked)
	require.NoError(t, err)
	require.Equal(t, want, got, "announcements stay, and it can be posted to again")

	_, err = other.service.Connect(t.Context(), other.act("steal"), asked)
	require.Equal(t, funnel.CodeChatTaken, funnel.CodeOf(err))
	_, err = other.service.Announce(t.Context(), other.act("shout"), "telegram", "-1", false)
	require.Equal(t, funnel.CodeNotConnected, funnel.CodeOf(err))
	_, err = other.service.Disconnect(t.Context(), other.act("take away"), "telegram", "-1")
	require.Equal(t, funnel.CodeNotConnected, funnel.CodeOf(err))

	w.owe(t, "telegram:-1/7", 3)
	w.owe(t, "telegram:-12", 1)
	_, err = w.service.Disconnect(t.Context(), w.act("disconnect"), "telegram", "-1")
	require.NoError(t, err)
	require.Equal(t, 0, w.count(t, "outbox WHERE lane = 'telegram:-1/7' AND done_at IS NULL"), "nothing is told there any more")
	require.Equal(t, 1, w.count(t, "outbox WHERE lane = 'telegram:-12' AND done_at IS NULL"))
	_, err = other.service.Connect(t.Context(), other.act("now"), asked)
	require.NoError(t, err, "it is free")
}

// owe leaves n messages in a lane.
func (w *world) owe(tb testing.TB, lane string, n int) {
	tb.Helper()
	for i := range n {
		_, err := w.pool.Exec(tb.Context(), `
			INSERT INTO outbox (workspace_id, notice_id, lane, kind, locale, payload, created_at, next_at)
			VALUES ($1, gen_random_uuid(), $2, 'assigned', 'en', jsonb_build_object('kind', 'assigned', 'number', $3::int), $4, $4)`,
			w.space.ID.String(), lane, i+1, w.now())
		require.NoError(tb, err)
	}
}

func TestCirclesAreTheWorkspacesOwn(t *testing.T) {
	t.Parallel()
	w := setup(t)
	other := w.elsewhere(t)
	circles := func(w *world) []funnel.Circle {
		found, err := w.store.Circles(t.Context(), w.space.ID)
		require.NoError(t, err)
		return found
	}
	channel := funnel.Circle{Workspace: w.space.ID, Door: "slack", External: "C1", Kind: funnel.CircleChannel, Title: "sales"}
	group := funnel.Circle{Workspace: w.space.ID, Door: "slack", External: "S1", Kind: funnel.CircleGroup, Title: "people"}

	require.NoError(t, w.service.AllowCircle(t.Context(), w.act("a"), channel))
	w.advance(time.Second)
	require.NoError(t, w.service.AllowCircle(t.Context(), w.act("b"), group))
	channel.Title = "renamed"
	require.NoError(t, w.service.AllowCircle(t.Context(), w.act("c"), channel))
	require.Equal(t, []funnel.Circle{channel, group}, circles(w))
	require.Empty(t, circles(other))
	require.NoError(t, other.service.ForbidCircle(t.Context(), other.act("d"), "slack", "C1"))
	require.Len(t, circles(w), 2)
	require.NoError(t, w.service.ForbidCircle(t.Context(), w.act("e"), "slack", "C1"))
	require.Equal(t, []funnel.Circle{group}, circles(w))
	channel.Kind = "planet"
	require.Equal(t, funnel.CodeBadValue, funnel.CodeOf(w.service.AllowCircle(t.Context(), w.act("f"), channel)))
}

func TestAChatThatIsCalledOtherwiseKeepsWhatIsOwedToItInOrder(t *testing.T) {
	t.Parallel()
	w := setup(t)
	_, err := w.service.Connect(t.Context(), w.act("connect"), funnel.Chat{Door: "telegram", External: "-1", Title: "Sales", Announces: true})
	require.NoError(t, err)
	w.owe(t, "telegram:-1", 2)
	w.owe(t, "telegram:-100500", 1)
	w.owe(t, "telegram:-1", 2)
	w.owe(t, "telegram:-1/7", 1)
	w.owe(t, "telegram:-12", 1)

	courier, rival := w.store.Outbox(newID()), w.store.Outbox(newID())
	lanes, err := courier.Claim(t.Context(), funnel.Lanes{Exact: []string{"telegram:-1"}}, 10)
	require.NoError(t, err)
	require.Equal(t, []string{"telegram:-1"}, lanes)
	for range 2 {
		require.NoError(t, w.store.Moved(t.Context(), "telegram", "-1", "-100500"), "told twice")
	}

	old, err := w.store.Chat(t.Context(), "telegram", "-1")
	require.NoError(t, err)
	require.Nil(t, old)
	chat, err := w.store.Chat(t.Context(), "telegram", "-100500")
	require.NoError(t, err)
	require.Equal(t, "Sales", chat.Title)
	require.True(t, chat.Announces)
	require.Equal(t, 1, w.count(t, "outbox WHERE lane = 'telegram:-100500/7'"), "threads move along")
	require.Equal(t, 1, w.count(t, "outbox WHERE lane = 'telegram:-12'"), "others do not")
	theirs, err := rival.Claim(t.Context(), funnel.Lanes{Exact: []string{"telegram:-100500"}}, 10)
	require.NoError(t, err)
	require.Empty(t, theirs, "whoever was sending to it goes on")
	require.NoError(t, courier.Release(t.Context(), "telegram:-100500", time.Time{}))
	theirs, err = rival.Claim(t.Context(), funnel.Lanes{Exact: []string{"telegram:-100500"}}, 10)
	require.NoError(t, err)
	require.Len(t, theirs, 1)
	require.Equal(t, 5, w.count(t, "outbox WHERE lane = 'telegram:-100500'"))

	var order []string
	rows, err := w.pool.Query(t.Context(), `SELECT payload->>'number' FROM outbox WHERE lane = 'telegram:-100500' ORDER BY id`)
	require.NoError(t, err)
	defer rows.Close()
	for rows.Next() {
		var n string
		require.NoError(t, rows.Scan(&n))
		order = append(order, n)
	}
	require.NoError(t, rows.Err())
	require.Equal(t, []string{"1", "2", "1", "1", "2"}, order, "as they were written")
}

func TestAChatThatWasConnectedUnderItsNewNameStaysSo(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for i, external := range []string{"-1", "-100500"} {
		_, err := w.service.Connect(t.Context(), w.act(fmt.Sprint("connect", i)), funnel.Chat{
			Door: "telegram", External: external, Title: external,
		})
		require.NoError(t, err)
	}
	require.NoError(t, w.store.Moved(t.Context(), "telegram", "-1", "-100500"))
	chat, err := w.store.Chat(t.Context(), "telegram", "-100500")
	require.NoError(t, err)
	require.Equal(t, "-100500", chat.Title)
	require.Equal(t, 1, w.count(t, "chats"))
}

func TestAnAnchorIsKnownInItsWorkspaceOnly(t *testing.T) {
	t.Parallel()
	w := setup(t)
	other := w.elsewhere(t)
	deal, later := newID(), newID()
	anchored := func(door, chat, message string, workspace funnel.ID) funnel.ID {
		id, err := w.store.Anchored(t.Context(), door, chat, message, workspace)
		require.NoError(t, err)
		return id
	}

	w.anchor(t, "slack", "C1", "1.1", deal)
	require.Equal(t, deal, anchored("slack", "C1", "1.1", w.space.ID))
	require.Zero(t, anchored("slack", "C1", "1.1", other.space.ID))
	require.Zero(t, anchored("slack", "C2", "1.1", w.space.ID))
	require.Zero(t, anchored("telegram", "C1", "1.1", w.space.ID))
	w.anchor(t, "slack", "C1", "1.1", later)
	require.Equal(t, later, anchored("slack", "C1", "1.1", w.space.ID))
}

// anchor has a message about the deal arrive in the chat.
func (w *world) anchor(t *testing.T, door, chat, message string, deal funnel.ID) {
	t.Helper()
	owed := &funnel.Owed{
		Workspace: w.space.ID, Lane: funnel.LaneOf(door, chat, ""), Locale: funnel.English, About: deal, Since: w.now(), Attempts: 1,
		Notice: funnel.Notification{ID: newID(), Kind: funnel.AnswerKind}, Answer: []byte("{}"),
	}
	mine, err := w.store.AnswerBox().Claim(t.Context(), owed)
	require.NoError(t, err)
	require.True(t, mine)
	require.NoError(t, w.store.AnswerBox().Delivered(t.Context(), owed, message))
}
