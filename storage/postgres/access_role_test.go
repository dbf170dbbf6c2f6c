package postgres_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

// TestOnlyAdminsDecideWhoMaySpeak tries every use case of admins as everybody else.
func TestOnlyAdminsDecideWhoMaySpeak(t *testing.T) {
	t.Parallel()
	w := setup(t)
	rep := w.newcomer(t, visitor("telegram", "1"), funnel.Rep)
	manager := w.newcomer(t, visitor("telegram", "2"), funnel.Manager)
	asked, _, err := w.service.Apply(t.Context(), visitor("slack", "U1"), w.space.ID)
	require.NoError(t, err)
	_, err = w.service.Connect(t.Context(), w.act("ours"), funnel.Chat{Door: "telegram", External: "-1"})
	require.NoError(t, err)
	foreign := w.elsewhere(t)
	_, err = foreign.service.Connect(t.Context(), foreign.act("theirs"), funnel.Chat{Door: "telegram", External: "-2"})
	require.NoError(t, err)
	removed := w.newcomer(t, visitor("telegram", "3"), funnel.Admin)
	_, err = w.service.Remove(t.Context(), w.act("remove"), removed.ID)
	require.NoError(t, err)

	type use func(context.Context, funnel.Act) error
	uses := map[string]use{
		"approve": func(ctx context.Context, a funnel.Act) error {
			_, err := w.service.Grant(ctx, a, asked.Code, funnel.Rep)
			return err
		},
		"approve nothing": func(ctx context.Context, a funnel.Act) error {
			_, err := w.service.Grant(ctx, a, "nothing", funnel.Rep)
			return err
		},
		"decline": func(ctx context.Context, a funnel.Act) error {
			_, err := w.service.Decline(ctx, a, asked.Code)
			return err
		},
		"connect": func(ctx context.Context, a funnel.Act) error {
			_, err := w.service.Connect(ctx, a, funnel.Chat{Door: "telegram", External: "-3"})
			return err
		},
		"connect another's": func(ctx context.Context, a funnel.Act) error {
			_, err := w.service.Connect(ctx, a, funnel.Chat{Door: "telegram", External: "-2"})
			return err
		},
		"disconnect": func(ctx context.Context, a funnel.Act) error {
			_, err := w.service.Disconnect(ctx, a, "telegram", "-1")
			return err
		},
		"disconnect another's": func(ctx context.Context, a funnel.Act) error {
			_, err := w.service.Disconnect(ctx, a, "telegram", "-2")
			return err
		},
		"announce": func(ctx context.Context, a funnel.Act) error {
			_, err := w.service.Announce(ctx, a, "telegram", "-1", true)
			return err
		},
		"allow": func(ctx context.Context, a funnel.Act) error {
			return w.service.AllowCircle(ctx, a, funnel.Circle{Door: "slack", External: "C1", Kind: funnel.CircleChannel})
		},
		"forbid": func(ctx context.Context, a funnel.Act) error {
			return w.service.ForbidCircle(ctx, a, "slack", "C1")
		},
		"remove": func(ctx context.Context, a funnel.Act) error {
			_, err := w.service.Remove(ctx, a, w.member.ID)
			return err
		},
		"remove nobody": func(ctx context.Context, a funnel.Act) error {
			_, err := w.service.Remove(ctx, a, newID())
			return err
		},
	}
	for name, try := range uses {
		for _, m := range []funnel.Member{rep, manager} {
			err := try(t.Context(), w.by(m, name+string(m.Role)))
			require.Equal(t, "refused: forbidden role=admin", lastWords(err), "%s by a %s: alike whether it exists or not", name, m.Role)
		}
		require.Equal(t, funnel.CodeInactive, funnel.CodeOf(try(t.Context(), w.by(removed, name+"removed"))), name)
		require.Equal(t, funnel.CodeInactive, funnel.CodeOf(try(t.Context(), w.by(foreign.member, name+"foreign"))), name)
	}
	require.Equal(t, 1, w.count(t, "applications WHERE decided_at IS NULL"))
	require.Equal(t, 2, w.count(t, "chats WHERE NOT announces"))
	require.Equal(t, 0, w.count(t, "circles"))
	require.True(t, w.member.Active)
}

// lastWords is the refusal inside an error, without what was being done.
func lastWords(err error) string {
	code := funnel.CodeOf(err)
	if code == "" {
		return "no refusal"
	}
	text := err.Error()
	return text[max(0, len(text)-len("refused: forbidden role=admin")):]
}

func TestWhoIsRemovedMayNotSpeakFromThatMoment(t *testing.T) {
	t.Parallel()
	w := setup(t)
	lena := w.newcomer(t, visitor("telegram", "1"), funnel.Rep)
	w.redeem(t, visitor("slack", "U1"), w.linkOf(t, lena, "link"))
	deal := w.open(t, "Acme")
	_, err := w.service.Assign(t.Context(), w.act("assign"), funnel.Target{Deal: w.open(t, "Globex").Deal.ID}, funnel.Assign{To: lena.ID})
	require.NoError(t, err)

	got, err := w.service.Remove(t.Context(), w.act("remove"), lena.ID)
	require.NoError(t, err)
	require.Equal(t, 1, w.count(t, "outbox WHERE kind = 'assigned' AND done_at IS NOT NULL AND message_id = ''"), "nothing is told any more")
	require.Equal(t, "remove", got.Verb)
	require.False(t, got.Member.Active)
	require.Empty(t, w.belongings(t, "telegram", "1"))
	require.Empty(t, w.belongings(t, "slack", "U1"))
	_, err = w.service.Move(t.Context(), w.by(lena, "move"), funnel.Target{Deal: deal.Deal.ID}, funnel.MoveTo{Stage: "proposal"})
	require.Equal(t, funnel.CodeInactive, funnel.CodeOf(err))

	again, err := w.service.Remove(t.Context(), w.act("remove"), lena.ID)
	require.NoError(t, err)
	require.Equal(t, got, again, "delivered again")
	_, err = w.service.Remove(t.Context(), w.act("remove once more"), lena.ID)
	require.Equal(t, funnel.CodeNoMember, funnel.CodeOf(err))
	_, err = w.service.Remove(t.Context(), w.act("remove the last"), w.member.ID)
	require.Equal(t, funnel.CodeLastAdmin, funnel.CodeOf(err))

	_, err = w.service.Undo(t.Context(), w.act("undo"), 0, 0)
	require.NoError(t, err)
	require.Len(t, w.belongings(t, "telegram", "1"), 1, "a slip can be taken back")
}

func TestUndoPassesOverWhatWasChangedOfWhoMaySpeak(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.open(t, "Acme")
	w.advance(time.Second)
	w.newcomer(t, visitor("telegram", "1"), funnel.Rep)
	_, err := w.service.Connect(t.Context(), w.act("connect"), funnel.Chat{Door: "telegram", External: "-1"})
	require.NoError(t, err)
	require.Equal(t, 2, w.count(t, "changes WHERE verb IN ('invite', 'connect') AND member_id = '"+w.member.ID.String()+"'"), "it is on record")

	got, err := w.service.Undo(t.Context(), w.act("undo"), 0, 0)
	require.NoError(t, err)
	require.Equal(t, "new", got.Undone)
}

func TestAPlatformVouchesForPeople(t *testing.T) {
	t.Parallel()
	w := setup(t)
	_, err := w.pool.Exec(t.Context(), `DELETE FROM identities`)
	require.NoError(t, err)
	admins := func() int {
		n, err := w.store.Admins(t.Context(), w.space.ID)
		require.NoError(t, err)
		return n
	}
	require.Zero(t, admins(), "an admin whom no door knows is none")

	boris, err := w.service.Join(t.Context(), visitor("slack", "U1"), w.space.ID, funnel.Rep, "C1")
	require.NoError(t, err)
	require.Equal(t, funnel.Rep, boris.Role)
	raised, err := w.service.Join(t.Context(), visitor("slack", "U1"), w.space.ID, funnel.Admin, funnel.AdmittedInstaller)
	require.NoError(t, err)
	require.Equal(t, boris.ID, raised.ID)
	require.Equal(t, funnel.Admin, raised.Role, "the installer is the first admin")
	require.Equal(t, 1, admins())
	again, err := w.service.Join(t.Context(), visitor("slack", "U1"), w.space.ID, funnel.Admin, funnel.AdmittedInstaller)
	require.NoError(t, err)
	require.Equal(t, raised, again)

	_, err = w.service.Join(t.Context(), visitor("slack", "U2"), w.space.ID, funnel.Admin, funnel.AdmittedInstaller)
	require.Equal(t, funnel.CodeForbidden, funnel.CodeOf(err), "only the first")
	require.Empty(t, w.belongings(t, "slack", "U2"))
	lena, err := w.service.Join(t.Context(), funnel.Caller{Door: "slack", External: "U2", Name: " \x00\n\u202e ", Handle: "lena", Locale: "tlh", Zone: "Mars/Olympus"},
		w.space.ID, funnel.Rep, "C1")
	require.NoError(t, err)
	require.Equal(t, funnel.English, lena.Locale)
	require.Empty(t, lena.Zone)
	require.Equal(t, "C1", w.belongings(t, "slack", "U2")[0].AdmittedBy)
}

func TestWhoLeavesTheCircleMaySpeakAgainOnComingBack(t *testing.T) {
	t.Parallel()
	w := setup(t)
	who := visitor("slack", "U1")
	boris, err := w.service.Join(t.Context(), who, w.space.ID, funnel.Rep, "C1")
	require.NoError(t, err)
	_, err = w.service.SetRole(t.Context(), w.act("role"), boris.ID, funnel.Manager)
	require.NoError(t, err)

	assign := func(event string) {
		t.Helper()
		_, err := w.service.Assign(t.Context(), w.act(event), funnel.Target{Deal: w.open(t, event).Deal.ID}, funnel.Assign{To: boris.ID})
		require.NoError(t, err)
	}
	assign("before")
	for range 2 {
		require.NoError(t, w.service.Suspend(t.Context(), who, w.space.ID, "left"))
	}
	require.Equal(t, 1, w.count(t, `changes WHERE verb = 'suspend' AND origin = 'timer' AND before->'access'->>'reason' = 'left'`), "it is on record, once")
	require.Empty(t, w.belongings(t, "slack", "U1"))
	assign("after")
	require.Equal(t, 2, w.count(t, "outbox WHERE lane = '"+funnel.LaneOfMember(boris.ID)+"'"), "nothing is sent to who has left")

	w.advance(time.Hour)
	back, err := w.service.Join(t.Context(), who, w.space.ID, funnel.Rep, "C2")
	require.NoError(t, err)
	require.Equal(t, boris.ID, back.ID)
	require.Equal(t, funnel.Manager, back.Role, "as who they were")
	mine := w.belongings(t, "slack", "U1")
	require.Len(t, mine, 1)
	require.Equal(t, "C2", mine[0].AdmittedBy)
	require.Equal(t, w.now(), mine[0].CheckedAt)
	require.Equal(t, 2, w.count(t, "outbox WHERE lane = 'slack:U1'"))

	w.advance(time.Hour)
	require.NoError(t, w.store.Checked(t.Context(), funnel.Identity{Door: "slack", External: "U1", Workspace: w.space.ID}))
	require.Equal(t, w.now(), w.belongings(t, "slack", "U1")[0].CheckedAt)
	require.NoError(t, w.service.ForbidCircle(t.Context(), w.act("forbid"), "slack", "C2"))
	require.True(t, w.belongings(t, "slack", "U1")[0].CheckedAt.IsZero(), "to be asked for again at once")
}

func TestAPersonOfTwoWorkspacesChoosesOne(t *testing.T) {
	t.Parallel()
	w := setup(t)
	other, third := w.elsewhere(t), *w
	who := visitor("telegram", "1")
	w.newcomer(t, who, funnel.Rep)
	w.redeem(t, who, other.invite(t, "other", funnel.Invite{}))
	third.space.ID = newID()

	require.NoError(t, w.service.ChooseWorkspace(t.Context(), who, other.space.ID))
	require.Equal(t, other.space.ID, w.belongings(t, "telegram", "1")[0].Workspace)
	w.advance(time.Second)
	require.NoError(t, w.service.ChooseWorkspace(t.Context(), who, w.space.ID))
	require.Equal(t, w.space.ID, w.belongings(t, "telegram", "1")[0].Workspace)

	refusals := map[string]bool{}
	for _, c := range []struct {
		who funnel.Caller
		to  funnel.ID
	}{{who, newID()}, {visitor("telegram", "2"), w.space.ID}, {visitor("slack", "1"), w.space.ID}} {
		err := w.service.ChooseWorkspace(t.Context(), c.who, c.to)
		require.Equal(t, funnel.CodeNoWorkspace, funnel.CodeOf(err))
		refusals[err.Error()] = true
	}
	require.Len(t, refusals, 1, "alike whether it exists or not")
}

func TestAPlatformsTeamIsTiedToOneWorkspace(t *testing.T) {
	t.Parallel()
	w := setup(t)
	other := w.elsewhere(t)

	none, err := w.store.Installed(t.Context(), "slack", "T1")
	require.NoError(t, err)
	require.True(t, none.IsZero())
	for _, to := range []funnel.ID{w.space.ID, other.space.ID, w.space.ID} {
		tied, err := w.store.Install(t.Context(), "slack", "T1", to)
		require.NoError(t, err)
		require.Equal(t, w.space.ID, tied, "the first stays")
	}
	tied, err := w.store.Installed(t.Context(), "slack", "T1")
	require.NoError(t, err)
	require.Equal(t, w.space.ID, tied)
}
