package commands_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/commands"
	"funnelbot/funnel"
	"funnelbot/funnel/dialog"
)

func TestARepMayNotDoWhatAnAdminMay(t *testing.T) {
	t.Parallel()
	o := setup(t)
	clara := o.join(t, o.space, "Clara", funnel.Rep)
	for _, line := range []string{"role Clara admin", "role", "роль Anna rep", "/role Clara manager"} {
		require.Equal(t, funnel.CodeForbidden, refusal(o.answer(t, o.ask(clara, line))), line)
	}
	for _, action := range []string{"role:0:0", ">role Clara admin"} {
		require.Equal(t, funnel.CodeForbidden, refusal(o.answer(t, o.press(clara, action))), action)
	}
	help, ok := o.answer(t, o.ask(clara, "help")).(commands.Help)
	require.True(t, ok)
	for _, v := range help.Verbs {
		require.NotEqual(t, commands.VerbRole, v.Key)
	}
}

func TestNothingLeaksFromAnotherWorkspace(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Acme 12k", "new Globex 3k")
	q := o.types(t, "lost #1")
	token := question(t, q).Outcome.Prompt.Token

	other := o.settle(t, "Other works")
	mallory := o.join(t, other, "Mallory", funnel.Admin)
	ask := func(a commands.Ask) funnel.Code { return refusal(o.answer(t, a)) }
	for _, line := range []string{"#1", "acme", "#1 proposal", "find globex", "company acme", "lost #2 price"} {
		require.Contains(t, []funnel.Code{funnel.CodeNoDeal, funnel.CodeNoCompany}, ask(o.ask(mallory, line)), line)
	}
	for _, action := range []string{"move:1:1:proposal", "show:2:0", "lost:1:1:price", "won:1:0", "log:1:0", "done:2:0"} {
		require.Equal(t, funnel.CodeNoDeal, ask(o.press(mallory, action)), action)
	}
	for _, action := range []string{
		commands.QuestionAction(token, dialog.ActPick, "price"), commands.QuestionAction(token, "resume", ""),
		commands.QuestionAction(token, dialog.ActCancel, ""),
	} {
		require.Equal(t, commands.CodeQuestionOver, ask(o.press(mallory, action)), action)
	}
	stranger := o.ask(o.anna, "#1")
	stranger.Workspace = other.ID
	require.Equal(t, funnel.CodeInactive, ask(stranger), "a member of one workspace in another")

	require.Equal(t, funnel.Open, o.deal(t, 1).Outcome)
	o.types(t, "price")
	require.Equal(t, funnel.Lost, o.deal(t, 1).Outcome, "Anna's question still stands")
}

func TestOneMembersQuestionIsNotAnothers(t *testing.T) {
	t.Parallel()
	o := setup(t)
	boris := o.join(t, o.space, "Boris", funnel.Admin)
	o.types(t, "new Acme 12k")
	token := question(t, o.types(t, "lost #1")).Outcome.Prompt.Token
	for range 2 {
		reply := o.answer(t, o.press(boris, commands.QuestionAction(token, dialog.ActPick, "price")))
		require.Equal(t, commands.CodeQuestionOver, refusal(reply))
	}
	require.Equal(t, funnel.Open, o.deal(t, 1).Outcome)
}

func TestSomebodyWhoHasLeftIsRefused(t *testing.T) {
	t.Parallel()
	o := setup(t)
	clara := o.join(t, o.space, "Clara", funnel.Rep)
	o.answer(t, o.ask(clara, "new Acme 12k"))
	_, err := o.pool.Exec(t.Context(), `UPDATE members SET active = false WHERE name = 'Clara'`)
	require.NoError(t, err)
	require.Equal(t, funnel.CodeInactive, refusal(o.answer(t, o.ask(clara, "#1 proposal"))))
	require.Equal(t, funnel.CodeInactive, refusal(o.answer(t, o.ask(clara, "#1"))))
}
