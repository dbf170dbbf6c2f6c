package commands_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/commands"
	"funnelbot/funnel"
)

func TestTheTerminalHasNoChatsToConnect(t *testing.T) {
	t.Parallel()
	o := setup(t)
	for _, line := range []string{"connect", "connect internal", "disconnect", "announce on", "workspace", "join abcd-efgh"} {
		require.Equal(t, commands.CodeNotHere, refusal(o.types(t, line)), line)
	}
	require.Equal(t, commands.CodeNoCircles, refusal(o.types(t, "access")))
	require.Equal(t, commands.CodeCodeNeeded, refusal(o.types(t, "join")))
}

func TestARepMayNotSayWhoSpeaksWhere(t *testing.T) {
	t.Parallel()
	o := setup(t)
	boris := o.join(t, o.space, "Boris", funnel.Rep)
	for _, line := range []string{
		"invite rep", "approve k7m2x rep", "decline k7m2x", "remove Anna", "access", "connect internal", "disconnect", "announce on",
	} {
		require.Equal(t, funnel.CodeForbidden, refusal(o.answer(t, o.ask(boris, line))), line)
	}
	for _, action := range []string{"approve:0:0:k7m2x.admin", "connect:0:0:internal", "access:0:0:C1", "announce:0:0:on", "remove:0:0"} {
		require.Equal(t, funnel.CodeForbidden, refusal(o.answer(t, o.press(boris, action))), action)
	}
	require.Zero(t, o.count(t, "invitations"))
}

func TestAnInvitationAsksForTheRoleThatIsToBeChosen(t *testing.T) {
	t.Parallel()
	o := setup(t)
	require.Equal(t, "role", asked(t, o.types(t, "invite")))
	made := invited(t, o.types(t, "manager"))
	require.Equal(t, funnel.Manager, made.Role)
	require.Empty(t, made.Link, "no link is known here")

	mira := o.join(t, o.space, "Mira Holt", funnel.Manager)
	for _, role := range []string{"manager", "admin"} {
		require.Equal(t, funnel.CodeForbidden, refusal(o.answer(t, o.ask(mira, "invite "+role))), role)
	}
	own := invited(t, o.answer(t, o.ask(mira, "invite")))
	require.Equal(t, funnel.Rep, own.Role, "managers invite reps, so they are not asked")
}

func TestAnInvitationIsForAMemberOfThatVeryName(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.join(t, o.space, "Mira Holt", funnel.Rep)
	known := invited(t, o.types(t, "invite mira holt"))
	require.Equal(t, "Mira Holt", known.Name)
	require.Equal(t, funnel.Rep, known.Role)
	fresh := invited(t, o.types(t, "invite rep Mira"))
	require.Empty(t, fresh.Name, "somebody new may be called Mira too")
	require.Equal(t, "Mira", fresh.For)
}

func TestTheSameInvitationIsMadeOnceAndShownAgain(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ask := o.ask(o.anna, "invite rep")
	first, again := invited(t, o.answer(t, ask)), invited(t, o.answer(t, ask))
	require.NotEqual(t, first.Code, again.Code, "a code is not kept")
	require.Equal(t, 1, o.count(t, "(SELECT DISTINCT id FROM invitations) AS i"))
	who := funnel.Caller{Door: "telegram", External: "7", Name: "Ted Ash", Locale: funnel.English}
	_, err := o.service.Redeem(context.WithoutCancel(t.Context()), who, first.Code)
	require.NoError(t, err)
	who.External = "8"
	_, err = o.service.Redeem(t.Context(), who, again.Code)
	require.Equal(t, funnel.CodeCodeInvalid, funnel.CodeOf(err), "it is one invitation")
}

func TestCodesAreKeptInNoConversation(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "invite")
	made := invited(t, o.types(t, "rep"))
	require.NotEmpty(t, made.Code)
	has := " WHERE position(convert_to('" + made.Code + "', 'UTF8') IN "
	require.Positive(t, o.count(t, "sessions"), "there is a conversation")
	require.Zero(t, o.count(t, "sessions"+has+"data) > 0"))
	require.Zero(t, o.count(t, "handled_events"+has+"result) > 0"))
}

func invited(tb testing.TB, r commands.Reply) commands.Invited {
	tb.Helper()
	made, ok := r.(commands.Invited)
	require.True(tb, ok, "%T is no invitation: %s", r, written(tb, r))
	return made
}

func TestNoRoleIsAskedForWhereNobodyMayBeInvited(t *testing.T) {
	t.Parallel()
	o := setup(t)
	for _, line := range []string{"invite", "invite Mira", "invite rep"} {
		require.Equal(t, commands.CodePrivateOnly, refusal(o.outside(t, line)), line)
	}
}
