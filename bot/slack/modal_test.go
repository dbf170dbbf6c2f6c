package slack

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/bot"
	"funnelbot/bot/bottest/slacktest"
	"funnelbot/bot/message"
	"funnelbot/funnel"
)

// dialogue is a host that asks for an amount, then for a stage, and is done.
func dialogue(v bot.Visit) message.Doc {
	switch {
	case v.Press == nil && (v.Text == "set" || v.Text == "/set"), v.Press != nil && v.Press.Action == "set:42:7":
		return money("q1")
	case v.Press != nil && v.Press.Value == "much":
		form, _ := money("q1").Blocks[0].(message.Form)
		form.Reason = "“much” is no amount."
		return message.New(form)
	case v.Press != nil && strings.HasPrefix(v.Press.Action, "~q1~answer"), v.Press != nil && v.Press.Action == "~q1~skip":
		return stage("q2")
	case v.Press != nil && strings.HasSuffix(v.Press.Action, "~cancel"):
		return para("cancelled")
	case v.Press != nil && strings.HasPrefix(v.Press.Action, "~q2~pick"):
		doc := shared("#42 is at " + v.Press.Action)
		return doc
	case v.Text == "show", v.Text == "/show":
		return para("card").With(message.Buttons{Buttons: []message.Button{{Label: "Set", Action: "set:42:7"}}})
	}
	return para("what?")
}

func TestACommandThatAsksOpensAForm(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dialogue)

	require.NoError(t, h.Command("U1", "C1", "/deal", "set").Err)
	form := h.Top("U1")
	require.Equal(t, "== Question ==\nStep 1 of 2\nHow much is it worth?: <>\n  For example 450k\n[Skip] [Cancel]\n[Close] [Send]", form.Plain())
	require.Empty(t, h.Ephemerals("U1"))

	require.NoError(t, h.Submit("U1", form, map[string]any{"How much is it worth?": "much"}).Err)
	form = h.Top("U1")
	require.Contains(t, form.Plain(), "! “much” is no amount.", "the input keeps what was typed")
	require.Zero(t, form.Updates)

	require.NoError(t, h.Submit("U1", form, map[string]any{"How much is it worth?": "450k"}).Err)
	require.Equal(t, &bot.Press{Action: "~q1~answer", Value: "450k"}, h.last(t).Press)
	require.Equal(t, "C1", h.last(t).Place)
	form = h.Top("U1")
	require.Contains(t, form.Plain(), "Which stage?: <Proposal | Won>")

	require.NoError(t, h.Submit("U1", form, map[string]any{"Which stage?": "Won"}).Err)
	h.settled(t)
	require.Empty(t, h.Stack("U1"))
	require.Equal(t, "#42 is at ~q2~pick~won\n[Move]", h.Latest("C1").Plain())
	require.Empty(t, h.Errors())
}

func TestAFormAsksInTheLanguageOfThePerson(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dialogue)

	require.NoError(t, h.Command("U2", "C1", "/deal", "set").Err)

	require.Contains(t, h.Top("U2").Plain(), "[Закрыть] [Отправить]")
}

func TestAButtonThatAsksOpensAFormAndASentenceAtItsEndStandsThere(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dialogue)
	require.NoError(t, h.Command("U1", "C1", "/deal", "show").Err)
	card := h.Ephemerals("U1")[0]

	require.NoError(t, h.Press("U1", card, "Set").Err)
	require.NoError(t, h.Press("U1", h.Top("U1"), "Skip").Err)
	h.settled(t)
	form := h.Top("U1")
	require.Contains(t, form.Plain(), "Which stage?", "a way out leads to the next question in the same view")

	require.NoError(t, h.Press("U1", form, "Cancel").Err)
	h.settled(t)
	require.Equal(t, "== Question ==\ncancelled\n[Close]", h.Top("U1").Plain())
	require.Len(t, h.Ephemerals("U1"), 1, "it is said a second time")
}

func TestClosingAFormEndsItsQuestion(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dialogue)
	require.NoError(t, h.Command("U1", "C1", "/deal", "set").Err)

	require.NoError(t, h.CloseView("U1", h.Top("U1"), false).Err)
	h.settled(t)

	require.Equal(t, &bot.Press{Action: "~q1~cancel"}, h.last(t).Press)
	require.Empty(t, h.Ephemerals("U1"))
}

func TestAShortcutThatAsksOpensAForm(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(v bot.Visit) message.Doc {
		if v.Clip != nil {
			return para("“hello”").With(stage("q2").Blocks...)
		}
		return dialogue(v)
	})

	require.NoError(t, h.MessageShortcut("U1", Shortcut, h.Says("U2", "C1", "", "hello")).Err)

	require.Contains(t, h.Top("U1").Plain(), "“hello”\nWhich stage?")
}

func TestAMentionAsksByMessage(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dialogue)

	require.NoError(t, h.Mention("U1", "C1", "", "set").Err)
	h.settled(t)
	question := h.Ephemerals("U1")[0]
	require.Equal(t, "Step 1 of 2\n*How much is it worth?*\nFor example 450k\n[Skip] [Cancel]\nTo answer in words, mention me in front of them.", question.Plain())

	require.NoError(t, h.Press("U1", question, "Skip").Err)
	h.settled(t)
	require.Empty(t, h.Stack("U1"), "what began as a message goes on as one")
	require.Len(t, h.Ephemerals("U1"), 1, "the question is replaced")
	question = h.Ephemerals("U1")[0]
	require.Equal(t, "*Which stage?*\n[Proposal] [Won]\n[Cancel]", question.Plain())

	require.NoError(t, h.Press("U1", question, "Won").Err)
	h.settled(t)
	require.Empty(t, h.Ephemerals("U1"), "what the team should see takes the place of the question")
	require.Contains(t, h.Latest("C1").Plain(), "#42 is at")
}

func TestDirectMessagesAskByMessageAndTakeTypedAnswers(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dialogue)
	require.NoError(t, h.DirectMessage("U1", "", "set").Err)
	h.settled(t)
	question := h.Latest(h.DM("U1"))

	require.NoError(t, h.Press("U1", question, "Skip").Err)
	h.settled(t)
	now, _ := h.Message(question.Channel, question.TS)
	require.Contains(t, now.Plain(), "Which stage?")
	require.Len(t, now.Edits, 1)

	h.Fail("chat.update", slacktest.Fault{Error: "message_not_found"})
	require.NoError(t, h.Press("U1", now, "Cancel").Err)
	h.settled(t)
	require.Equal(t, "cancelled", h.Latest(h.DM("U1")).Plain(), "where the question is gone, the answer stands below")

	place := h.last(t).Place
	require.NoError(t, h.DirectMessage("U1", question.TS, "won").Err)
	require.Equal(t, place, h.last(t).Place, "in a thread too, the dialog is the same")
}

func TestAFormThatTakesItsTimeIsAnnounced(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dialogue)
	h.door.patience = patience{acknowledge: ample, load: none, ask: ample}
	release := h.held()
	replied := make(chan slacktest.Reply, 1)
	go func() { replied <- h.Command("U1", "C1", "/deal", "set") }()
	require.Eventually(t, func() bool { return len(h.Stack("U1")) == 1 }, ample, time.Millisecond)
	require.Contains(t, h.Top("U1").Plain(), "I am still working on it.")

	release()
	require.NoError(t, (<-replied).Err)
	h.settled(t)
	require.Contains(t, h.Top("U1").Plain(), "How much is it worth?")
	require.Equal(t, 1, h.Top("U1").Updates)
}

func TestAFormThatCannotBeOpenedAsksByMessage(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dialogue)
	h.Fail("views.open", slacktest.Fault{Error: "expired_trigger_id"})

	require.NoError(t, h.Command("U1", "C1", "/deal", "set").Err)
	h.settled(t)

	require.Contains(t, h.Ephemerals("U1")[0].Plain(), "How much is it worth?")
}

func TestSubmittingTwiceIsOneAct(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dialogue)
	require.NoError(t, h.Command("U1", "C1", "/deal", "set").Err)
	form := h.Top("U1")

	first := h.Submit("U1", form, map[string]any{"How much is it worth?": "much"})
	key := h.last(t).Key
	for _, r := range h.Deliver(first.Request, 3) {
		require.Equal(t, first.Body, r.Body)
	}
	require.Equal(t, key, h.last(t).Key)
	h.Submit("U1", h.Top("U1"), map[string]any{"How much is it worth?": "450k"})
	require.NotEqual(t, key, h.last(t).Key, "another answer is another act")
}

func TestInputsSuitTheAnswer(t *testing.T) {
	t.Parallel()
	many := make([]message.Option, 130)
	for i := range many {
		many[i] = message.Option{Label: strings.Repeat("long ", 30) + "name", Note: "note", Action: "~q~pick~" + string(rune('a'+i/26)) + string(rune('a'+i%26))}
	}
	few := []message.Option{{Label: "tomorrow", Action: "~q~pick~1"}, {Label: "friday", Action: "~q~pick~2", Chosen: true}}
	for name, c := range map[string]struct {
		form  message.Form
		given map[string]any
		want  bot.Press
	}{
		"a day typed":        {message.Form{Kind: message.AnswerDate, Options: few}, map[string]any{"When?": "next week"}, bot.Press{Action: "~q~answer", Value: "next week"}},
		"a day picked":       {message.Form{Kind: message.AnswerDate}, map[string]any{"Or pick a day": "2026-11-27"}, bot.Press{Action: "~q~answer", Value: "2026-11-27"}},
		"a day chosen":       {message.Form{Kind: message.AnswerDate, Options: few}, map[string]any{"Or choose": "tomorrow"}, bot.Press{Action: "~q~pick~1"}},
		"a default":          {message.Form{Kind: message.AnswerText, Default: &message.Option{Label: "Anna", Action: "~q~answer"}}, nil, bot.Press{Action: "~q~answer"}},
		"one of many":        {message.Form{Kind: message.AnswerOne, Options: many, Default: few0()}, map[string]any{"in.0.o2.~q~answer": "~q~pick~ez"}, bot.Press{Action: "~q~pick~ez"}},
		"somebody else":      {message.Form{Kind: message.AnswerPerson, Options: few}, map[string]any{"Or type it": "Boris"}, bot.Press{Action: "~q~answer", Value: "Boris"}},
		"yes":                {message.Form{Kind: message.AnswerYesNo, Options: few}, map[string]any{"When?": "friday"}, bot.Press{Action: "~q~pick~2"}},
		"what was chosen":    {message.Form{Kind: message.AnswerYesNo, Options: few}, nil, bot.Press{Action: "~q~pick~2"}},
		"words with a menu":  {message.Form{Kind: message.AnswerText, Options: few}, map[string]any{"When?": "later"}, bot.Press{Action: "~q~answer", Value: "later"}},
		"a number of digits": {message.Form{Kind: message.AnswerNumber}, map[string]any{"When?": "12"}, bot.Press{Action: "~q~answer", Value: "12"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			form := c.form
			form.Question, form.Reply = message.Text("When?"), "~q~answer"
			h := newHouse(t, func(v bot.Visit) message.Doc {
				if v.Press == nil {
					return message.New(form)
				}
				return para("done")
			})
			require.NoError(t, h.Command("U1", "C1", "/deal", "next").Err)
			require.NoError(t, h.Submit("U1", h.Top("U1"), c.given).Err)
			require.Equal(t, &c.want, h.last(t).Press)
		})
	}
}

func few0() *message.Option { return &message.Option{Label: "none", Action: "~q~answer"} }

func TestAFormWithoutAnyAnswerIsShownAgain(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(bot.Visit) message.Doc {
		return message.New(message.Form{Question: message.Text("When?"), Kind: message.AnswerDate, Reply: "~q~answer"})
	})
	require.NoError(t, h.Command("U1", "C1", "/deal", "next").Err)

	require.NoError(t, h.Submit("U1", h.Top("U1"), nil).Err)

	require.Contains(t, h.Top("U1").Plain(), "! Please fill in one of these fields.")
	require.Equal(t, 1, h.seen())
}

func TestSeveralQuestionsAreOneForm(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(v bot.Visit) message.Doc {
		switch {
		case v.Press == nil:
			return message.New(append(money("q1").Blocks, stage("q2").Blocks...)...)
		case v.Press.Action == "~q1~answer":
			return message.Doc{}
		}
		return para("both: " + v.Press.Action)
	})
	require.NoError(t, h.Command("U1", "C1", "/deal", "new").Err)

	require.NoError(t, h.Submit("U1", h.Top("U1"), map[string]any{"How much is it worth?": "5", "Which stage?": "Won"}).Err)
	h.settled(t)

	require.Equal(t, 3, h.seen())
	require.NotEqual(t, h.visits[1].Key, h.visits[2].Key)
	require.Equal(t, "both: ~q2~pick~won", h.Ephemerals("U1")[0].Plain())
}

func TestAPlaceThatNobodyGaveIsNoPlace(t *testing.T) {
	t.Parallel()
	for _, metadata := range []string{"", "{", "null", `"x"`, `{"c":""}`, `{"c":7}`} {
		var o origin
		require.False(t, reopen(&o, sentView{Callback: viewName, Metadata: metadata}), metadata)
	}
	long := origin{Channel: "C1", Hook: strings.Repeat("h", maxMetadata)}
	require.LessOrEqual(t, len(long.encode()), maxMetadata)
	require.Equal(t, funnel.LaneOf(Name, "C1", ""), funnel.LaneOf(Name, long.place(), ""))
}

func TestAFormWhoseAnswerTakesItsTimeIsFilledAfterwards(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dialogue)
	require.NoError(t, h.Command("U1", "C1", "/deal", "set").Err)
	h.settled(t)
	h.door.patience.acknowledge = none
	release := h.held()

	require.NoError(t, h.Submit("U1", h.Top("U1"), map[string]any{"How much is it worth?": "5"}).Err)
	require.Contains(t, h.Top("U1").Plain(), "I am still working on it.")
	release()
	h.settled(t)
	form := h.Top("U1")
	require.Contains(t, form.Plain(), "Which stage?")

	release = h.held()
	require.NoError(t, h.Submit("U1", form, map[string]any{"Which stage?": "Won"}).Err)
	release()
	h.settled(t)
	require.Contains(t, h.Top("U1").Plain(), "Done. The answer is in the conversation.", "a view cannot be closed any more")
	require.Contains(t, h.Latest("C1").Plain(), "#42 is at")
	require.Empty(t, h.Errors())
}
