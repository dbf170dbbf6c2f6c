package postgres_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

func TestALinkMakesTwoMembersOnePerson(t *testing.T) {
	t.Parallel()
	w := setup(t)
	kept := w.newcomer(t, visitor("telegram", "1"), funnel.Rep)
	gone := w.newcomer(t, visitor("slack", "U1"), funnel.Manager)
	_, err := w.service.Redeem(t.Context(), visitor("slack", "U1b"), w.linkOf(t, gone, "second door"))
	require.NoError(t, err)
	open, client, lost := w.open(t, "Open"), w.open(t, "Client"), w.open(t, "Lost")
	for i, d := range []funnel.Changed{open, client, lost} {
		_, err = w.service.Assign(t.Context(), w.act("assign"+string(rune('a'+i))), funnel.Target{Deal: d.Deal.ID}, funnel.Assign{To: gone.ID})
		require.NoError(t, err)
	}
	_, err = w.service.Win(t.Context(), w.act("win"), funnel.Target{Deal: client.Deal.ID}, funnel.Win{})
	require.NoError(t, err)
	_, err = w.service.Lose(t.Context(), w.act("lose"), funnel.Target{Deal: lost.Deal.ID}, funnel.Lose{Reason: "price"})
	require.NoError(t, err)
	_, err = w.pool.Exec(t.Context(), `UPDATE outbox SET lane = $1 WHERE lane IN ('slack:U1', 'slack:U1b')`, funnel.LaneOfMember(gone.ID))
	require.NoError(t, err)
	require.Equal(t, 3, w.count(t, "outbox WHERE lane LIKE 'member:%'"))
	notices := w.count(t, "outbox")

	link, stale := w.linkOf(t, kept, "link"), w.invite(t, "stale", funnel.Invite{Member: gone.ID})
	w.advance(time.Minute)
	got := w.redeem(t, visitor("slack", "U1"), link)
	require.Equal(t, funnel.KindLink, got.Kind)
	require.Equal(t, kept.ID, got.Member.ID)
	require.Equal(t, funnel.Rep, got.Member.Role, "the role is not raised")
	require.NotNil(t, got.Absorbed)
	require.Equal(t, gone.ID, got.Absorbed.ID)
	require.False(t, got.Absorbed.Active)
	require.Equal(t, 2, got.Deals)

	for _, external := range []string{"U1", "U1b"} {
		require.Equal(t, kept.ID, w.belongings(t, "slack", external)[0].Member, "all doors of the person lead to one member")
	}
	owner := func(c funnel.Changed) funnel.Deal {
		v, err := w.store.Deal(t.Context(), w.space.ID, c.Deal.ID, 0)
		require.NoError(t, err)
		return v.Deal
	}
	require.Equal(t, kept.ID, owner(open).Owner)
	require.Equal(t, kept.ID, owner(client).Owner)
	require.Equal(t, gone.ID, owner(lost).Owner, "what is over stays as it was")
	require.Equal(t, int64(3), owner(open).Version, "opened, assigned and joined")
	require.Equal(t, notices, w.count(t, "outbox"), "one's own deals are no news")
	require.Equal(t, 3, w.count(t, "outbox WHERE lane = 'slack:U1'"), "what waited comes along")
	for _, n := range w.letters(t, funnel.NoticeAssigned) {
		require.Equal(t, kept.ID, n.To, "and is still true of whom it is for")
	}
	require.Equal(t, 2, w.count(t, "changes WHERE verb = 'link' AND of_deal"))

	_, err = w.service.Undo(t.Context(), w.by(kept, "undo"), 0, 0)
	require.Equal(t, funnel.CodeNothingToUndo, funnel.CodeOf(err), "a deal does not go back to a member who is no more")
	require.Equal(t, got, w.redeem(t, visitor("slack", "U1"), link), "delivered again")
	_, err = w.service.Redeem(t.Context(), visitor("slack", "U8"), stale)
	require.Equal(t, funnel.CodeCodeInvalid, funnel.CodeOf(err), "and nobody becomes the member who is no more")
	require.Equal(t, int64(3), owner(open).Version)
	members, err := w.store.Members(t.Context(), w.space.ID)
	require.NoError(t, err)
	require.Len(t, members, 2)
}

func (w *world) linkOf(tb testing.TB, m funnel.Member, event string) string {
	tb.Helper()
	got, err := w.service.LinkCode(tb.Context(), w.by(m, event))
	require.NoError(tb, err)
	require.Equal(tb, m.Name, got.Name)
	require.Equal(tb, w.now().Add(15*time.Minute), got.Expires)
	return got.Code
}

func TestALinkLetsANewDoorIn(t *testing.T) {
	t.Parallel()
	w := setup(t)
	link := w.linkOf(t, w.member, "link")

	got := w.redeem(t, visitor("telegram", "1"), link)
	require.Equal(t, w.member.ID, got.Member.ID)
	require.Equal(t, funnel.Admin, got.Member.Role)
	require.Nil(t, got.Absorbed)
	require.Equal(t, funnel.AdmittedLink, w.belongings(t, "telegram", "1")[0].AdmittedBy)

	mine := w.linkOf(t, w.member, "another")
	again := w.redeem(t, visitor("telegram", "1"), mine)
	require.True(t, again.Already)
	require.Equal(t, w.member.ID, again.Member.ID)
	require.False(t, w.redeem(t, visitor("slack", "U1"), mine).Already, "trying it oneself does not use it up")

	late := w.linkOf(t, w.member, "late")
	w.advance(15 * time.Minute)
	_, err := w.service.Redeem(t.Context(), visitor("slack", "U2"), late)
	require.Equal(t, funnel.CodeCodeInvalid, funnel.CodeOf(err))
}

func TestTheLastAdminIsNotJoinedToSomebodyElse(t *testing.T) {
	t.Parallel()
	w := setup(t)
	boss := w.newcomer(t, visitor("telegram", "1"), funnel.Admin)
	rep := w.newcomer(t, visitor("telegram", "2"), funnel.Rep)
	_, err := w.service.Remove(t.Context(), w.act("leave"), w.member.ID)
	require.NoError(t, err)

	link := w.linkOf(t, rep, "link")
	_, err = w.service.Redeem(t.Context(), visitor("telegram", "1"), link)
	require.Equal(t, funnel.CodeLastAdmin, funnel.CodeOf(err))
	require.Equal(t, boss.ID, w.belongings(t, "telegram", "1")[0].Member, "nothing has changed")
	require.Equal(t, rep.ID, w.redeem(t, visitor("slack", "U2"), link).Member.ID, "and the code was not used")
}

func TestAnInvitationForAnImportedMemberJoinsWhoCameOtherwise(t *testing.T) {
	t.Parallel()
	w := setup(t)
	ivan := w.join(t, "Ivan", funnel.Rep)
	_, err := w.pool.Exec(t.Context(), `DELETE FROM identities WHERE member_id = $1`, ivan.ID)
	require.NoError(t, err)
	// Somebody assigns a deal before Ivan is there: it waits for him.
	deal := w.open(t, "Waiting")
	_, err = w.service.Assign(t.Context(), w.act("assign"), funnel.Target{Deal: deal.Deal.ID}, funnel.Assign{To: ivan.ID})
	require.NoError(t, err)
	require.Equal(t, 1, w.count(t, "outbox WHERE lane = '"+funnel.LaneOfMember(ivan.ID)+"'"))

	// He has come through a channel meanwhile, under his own name.
	who := visitor("slack", "U7")
	who.Name = "Ivan"
	came, err := w.service.Join(t.Context(), who, w.space.ID, funnel.Rep, "C1")
	require.NoError(t, err)
	require.NotEqual(t, ivan.ID, came.ID, "a name proves nothing")

	got := w.redeem(t, who, w.invite(t, "ivan", funnel.Invite{Member: ivan.ID}))
	require.Equal(t, ivan.ID, got.Member.ID)
	require.Equal(t, came.ID, got.Absorbed.ID)
	require.Equal(t, 1, w.count(t, "outbox WHERE lane = 'slack:U7'"))
}

func TestWhomAnAdminHasRemovedDoesNotComeBackThroughAColleague(t *testing.T) {
	t.Parallel()
	w := setup(t)
	rep := w.newcomer(t, visitor("telegram", "1"), funnel.Rep)
	removed := w.newcomer(t, visitor("telegram", "2"), funnel.Rep)
	_, err := w.service.Remove(t.Context(), w.act("remove"), removed.ID)
	require.NoError(t, err)

	_, err = w.service.Redeem(t.Context(), visitor("telegram", "2"), w.linkOf(t, rep, "link"))
	require.Equal(t, funnel.CodeCodeInvalid, funnel.CodeOf(err))
	_, err = w.service.Join(t.Context(), visitor("telegram", "2"), w.space.ID, funnel.Rep, "C1")
	require.Equal(t, funnel.CodeInactive, funnel.CodeOf(err))
	back := w.redeem(t, visitor("telegram", "2"), w.invite(t, "again", funnel.Invite{Role: funnel.Manager}))
	require.Equal(t, removed.ID, back.Member.ID, "an invitation of an admin does bring back")
	require.Equal(t, funnel.Manager, back.Member.Role)
}
