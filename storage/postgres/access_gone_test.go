package postgres_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

func TestAdminsAreToldOnceThatSomebodyCannotBeReached(t *testing.T) {
	t.Parallel()
	w := setup(t)
	boss := w.newcomer(t, visitor("telegram", "1"), funnel.Admin)
	w.redeem(t, visitor("slack", "U1"), w.linkOf(t, boss, "link"))
	require.NoError(t, w.store.Seen(t.Context(), funnel.Identity{Door: "slack", External: "U1", Workspace: w.space.ID}))
	w.advance(time.Minute)
	require.NoError(t, w.store.Seen(t.Context(), funnel.Identity{Door: "telegram", External: "1", Workspace: w.space.ID}))

	for range 2 {
		require.NoError(t, w.store.Gone(t.Context(), w.space.ID, "telegram:1", "Forbidden: bot was blocked by the user\x00"))
	}
	told := w.letters(t, funnel.NoticeUnreachable)
	require.Len(t, told, 2)
	lanes := map[string]funnel.ID{}
	for _, l := range told {
		lanes[l.Lane] = l.To
		require.Equal(t, map[string]string{
			"door": "telegram", "name": "Visitor 1", "reason": "Forbidden: bot was blocked by the user",
		}, l.Data)
	}
	require.Equal(t, map[string]funnel.ID{"slack:U1": boss.ID, funnel.LaneOfMember(w.member.ID): w.member.ID}, lanes, "not through what is gone")
	require.Len(t, w.belongings(t, "telegram", "1"), 1, "who blocked the bot may still speak")

	require.NoError(t, w.store.Gone(t.Context(), w.space.ID, "telegram:999", "no such chat"))
	require.NoError(t, w.store.Gone(t.Context(), w.elsewhere(t).space.ID, "telegram:1", "another workspace's"))
	require.Len(t, w.letters(t, funnel.NoticeUnreachable), 2, "about nobody, nothing")
}

func TestWhoBlocksTheBotIsGoneInEveryWorkspace(t *testing.T) {
	t.Parallel()
	w := setup(t)
	other := w.elsewhere(t)
	w.newcomer(t, visitor("telegram", "1"), funnel.Rep)
	other.newcomer(t, visitor("telegram", "1"), funnel.Rep)

	for range 2 {
		require.NoError(t, w.store.Gone(t.Context(), funnel.ID{}, "telegram:1", "blocked"))
	}

	told := map[funnel.ID]int{}
	for _, l := range w.letters(t, funnel.NoticeUnreachable) {
		told[l.To]++
	}
	require.Equal(t, map[funnel.ID]int{w.member.ID: 1, other.member.ID: 1}, told)
	for _, b := range w.belongings(t, "telegram", "1") {
		require.True(t, b.Gone)
	}
	_, err := w.service.Connect(t.Context(), w.act("connect"), funnel.Chat{Door: "telegram", External: "-5", Title: "sales"})
	require.NoError(t, err)
	require.NoError(t, w.store.Gone(t.Context(), funnel.ID{}, "telegram:-5", "removed"))
	require.Len(t, w.letters(t, funnel.NoticeUnreachable), 3)
}

func TestWhatWasOnItsWayGoesThroughTheDoorThatIsLeft(t *testing.T) {
	t.Parallel()
	w := setup(t)
	lena := w.newcomer(t, visitor("slack", "U1"), funnel.Rep)
	w.advance(time.Minute)
	w.redeem(t, visitor("telegram", "1"), w.linkOf(t, lena, "link"))
	for _, company := range []string{"First", "Second"} {
		_, err := w.service.Assign(t.Context(), w.act("assign "+company), funnel.Target{Deal: w.open(t, company).Deal.ID}, funnel.Assign{To: lena.ID})
		require.NoError(t, err)
	}
	first(t, w.store.Outbox(newID()), "telegram:1")

	require.NoError(t, w.store.Gone(t.Context(), w.space.ID, "telegram:1", "blocked"))

	require.Equal(t, []string{"telegram:1", "slack:U1"}, w.lanes(t, funnel.NoticeAssigned), "what was tried may have arrived")
}

func TestWhatWaitsForSomebodyComesWhenTheyAreSeen(t *testing.T) {
	t.Parallel()
	w := setup(t)
	lena := w.newcomer(t, visitor("telegram", "1"), funnel.Rep)
	who := funnel.Identity{Door: "telegram", External: "1", Workspace: w.space.ID}
	require.NoError(t, w.store.Gone(t.Context(), w.space.ID, "telegram:1", "never started"))
	for _, company := range []string{"First", "Second"} {
		deal := w.open(t, company)
		_, err := w.service.Assign(t.Context(), w.act("assign "+company), funnel.Target{Deal: deal.Deal.ID}, funnel.Assign{To: lena.ID})
		require.NoError(t, err)
	}
	waiting := w.letters(t, funnel.NoticeAssigned)
	require.Len(t, waiting, 2)
	for _, l := range waiting {
		require.Equal(t, funnel.LaneOfMember(lena.ID), l.Lane)
	}

	w.advance(time.Minute)
	require.NoError(t, w.store.Seen(t.Context(), who))
	arrived := w.letters(t, funnel.NoticeAssigned)
	for i := range arrived {
		require.Equal(t, "telegram:1", arrived[i].Lane)
		require.Equal(t, waiting[i].ID, arrived[i].ID, "in order")
	}
	require.NoError(t, w.store.Gone(t.Context(), w.space.ID, "telegram:1", "blocked again"))
	require.Len(t, w.letters(t, funnel.NoticeUnreachable), 2, "it is news again")
	require.NoError(t, w.store.Seen(t.Context(), funnel.Identity{Door: "telegram", External: "404", Workspace: w.space.ID}))
}

func TestWhatWaitsForAnImportedMemberComesWithTheNameAtTheLocalDoor(t *testing.T) {
	t.Parallel()
	w := setup(t)
	ivan := w.join(t, "Ivan", funnel.Rep)
	_, err := w.pool.Exec(t.Context(), `DELETE FROM identities WHERE member_id = $1`, ivan.ID.String())
	require.NoError(t, err)
	deal := w.open(t, "Waiting")
	_, err = w.service.Assign(t.Context(), w.act("assign"), funnel.Target{Deal: deal.Deal.ID}, funnel.Assign{To: ivan.ID})
	require.NoError(t, err)
	require.Equal(t, funnel.LaneOfMember(ivan.ID), w.letters(t, funnel.NoticeAssigned)[0].Lane)

	got, err := w.store.SignIn(t.Context(), funnel.Identity{Door: "local", External: "ivan", Workspace: w.space.ID, ByName: true}, ivan)
	require.NoError(t, err)
	require.Equal(t, ivan.ID, got.ID)
	require.Equal(t, funnel.LaneOfMember(ivan.ID), w.letters(t, funnel.NoticeAssigned)[0].Lane, "the local chat shows what waits there")
}

func TestAChatThatIsGoneIsReportedOnce(t *testing.T) {
	t.Parallel()
	w := setup(t)
	_, err := w.service.Connect(t.Context(), w.act("connect"), funnel.Chat{Door: "slack", External: "C1", Title: "sales", Announces: true})
	require.NoError(t, err)

	for _, lane := range []string{"slack:C1", "slack:C1/1700000000.1"} {
		require.NoError(t, w.store.Gone(t.Context(), w.space.ID, lane, "is_archived"))
	}
	chat, err := w.store.Chat(t.Context(), "slack", "C1")
	require.NoError(t, err)
	require.Equal(t, w.now(), chat.GoneAt)
	told := w.letters(t, funnel.NoticeUnreachable)
	require.Len(t, told, 1)
	require.Equal(t, map[string]string{"door": "slack", "chat": "sales", "reason": "is_archived"}, told[0].Data)
}

func TestWhatNobodyNeedsOfAccessIsPruned(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.newcomer(t, visitor("telegram", "1"), funnel.Rep)
	_, err := w.service.Redeem(t.Context(), visitor("telegram", "2"), "wrong")
	require.Equal(t, funnel.CodeCodeInvalid, funnel.CodeOf(err))
	asked, _, err := w.service.Apply(t.Context(), visitor("slack", "U1"), w.space.ID)
	require.NoError(t, err)
	open, _, err := w.service.Apply(t.Context(), visitor("slack", "U2"), w.space.ID)
	require.NoError(t, err)
	_, err = w.service.Decline(t.Context(), w.act("decline"), asked.Code)
	require.NoError(t, err)
	w.anchor(t, "slack", "C1", "1.1", newID())
	left := func() [4]int {
		_, err := w.store.Prune(t.Context())
		require.NoError(t, err)
		return [4]int{w.count(t, "invitations"), w.count(t, "guesses"), w.count(t, "applications"), w.count(t, "anchors")}
	}

	require.Equal(t, [4]int{1, 1, 2, 1}, left())
	w.advance(14*24*time.Hour + time.Second)
	require.Equal(t, [4]int{0, 0, 2, 1}, left())
	w.advance(90 * 24 * time.Hour)
	require.Equal(t, [4]int{0, 0, 1, 1}, left(), "who waits for an answer still waits")
	w.advance(90 * 24 * time.Hour)
	require.Equal(t, [4]int{0, 0, 1, 0}, left())
	require.Equal(t, 1, w.count(t, "applications WHERE code = '"+open.Code+"'"))
	require.Len(t, w.belongings(t, "telegram", "1"), 1)
}
