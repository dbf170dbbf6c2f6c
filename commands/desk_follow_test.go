package commands_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/commands"
	"funnelbot/funnel"
	"funnelbot/funnel/dialog"
)

// TestAQuestionShownElsewhereGoesOnThere has a platform show the question of a channel in private messages.
func TestAQuestionShownElsewhereGoesOnThere(t *testing.T) {
	t.Parallel()
	o := setup(t)
	in := func(place, line, action string) commands.Ask {
		a := o.ask(o.anna, line)
		a.Door, a.Place, a.Action = "slack", place, action
		return a
	}
	o.types(t, "new Acme Anvils, website, friday")
	q := question(t, o.answer(t, in("C1", "lost acme", "")))
	press := in("D1", "", commands.QuestionAction(q.Outcome.Prompt.Token, dialog.ActPick, "price"))

	far := press
	far.Key = "without a word of where from"
	require.Equal(t, commands.CodeQuestionOver, refusal(o.answer(t, far)))
	stranger := press
	stranger.Key, stranger.Member, stranger.From = "of somebody else", o.join(t, o.space, "Boris", funnel.Rep).ID, "C1"
	require.Equal(t, commands.CodeQuestionOver, refusal(o.answer(t, stranger)))

	press.From = "C1"
	done, ok := o.answer(t, press).(commands.Changed)
	require.True(t, ok)
	require.Equal(t, funnel.Lost, done.Deal.Outcome)
	require.Equal(t, written(t, done), written(t, o.answer(t, press)), "delivered again")
	again := in("C1", "", press.Action)
	require.Equal(t, commands.CodeQuestionOver, refusal(o.answer(t, again)), "it was taken along")
}

func TestWhatIsTypedAfterAPressElsewhereIsAnAnswerThere(t *testing.T) {
	t.Parallel()
	o := setup(t)
	in := func(place, line, action, from string) commands.Reply {
		a := o.ask(o.anna, line)
		a.Door, a.Place, a.Action, a.From = "slack", place, action, from
		return o.answer(t, a)
	}
	first := question(t, in("C1", "new", "", ""))
	help := commands.QuestionAction(first.Outcome.Prompt.Token, dialog.ActHelp, "")
	require.Equal(t, asked(t, first), asked(t, in("D1", "", help, "C1")))
	require.NotEqual(t, asked(t, first), asked(t, in("D1", "Acme Anvils", "", "")))
	require.Equal(t, 1, o.second(t).count(t, "sessions WHERE place = 'slack/D1'"))
}
