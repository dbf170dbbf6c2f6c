package telegram

import (
	"context"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/bot"
	"funnelbot/bot/bottest/telegramtest"
	"funnelbot/bot/message"
	"funnelbot/commands"
)

func button(label, action string) message.Button { return message.Button{Label: label, Action: action} }

func TestDialogGoesOnInOneMessage(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	stage := questionDoc("t1", message.Form{
		Kind: message.AnswerOne, Question: message.Text("Which stage?"),
		Options: []message.Option{{Label: "Talks", Action: "~t1~pick~talks"}},
	})
	amount := questionDoc("t1", message.Form{Kind: message.AnswerMoney, Question: message.Text("How much?")})
	h.answers(stage, amount, para("Moved."))
	taken(t, h.Private(anna, "move acme"))
	first := h.Last(anna)
	d := taken(t, h.Press(anna, first, "Talks"))
	require.Equal(t, "~t1~pick~talks", h.last(t).Press.Action)
	require.Equal(t, strconv.Itoa(first.ID), h.last(t).Root)
	require.Equal(t, "telegram:"+strconv.FormatInt(d.Update.ID, 10), h.last(t).Key)

	require.Len(t, h.Said(anna), 1, "the question became the next one")
	require.Contains(t, h.Last(anna).Text, "How much?")
	require.Equal(t, []string{"Back", "Cancel"}, h.Last(anna).Labels())
	require.Len(t, h.Last(anna).Earlier, 1)

	taken(t, h.Private(anna, "100"))
	require.Equal(t, "Moved.", h.Last(anna).Text)
	old, _ := h.Message(anna, first.ID)
	require.Empty(t, old.Keyboard, "the answered question has no buttons any more")
	require.Contains(t, old.Text, "How much?")
}

func TestTypedAnswerPostsTheNextQuestionBelow(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	h.answers(questionDoc("t1", message.Form{Question: message.Text("One?")}), questionDoc("t1", message.Form{Question: message.Text("Two?")}),
		message.New(message.Para(message.Plain("Help.")), message.Buttons{Buttons: []message.Button{button("Back to it", "~t1~resume")}}),
		para("Done."))
	taken(t, h.Private(anna, "new"))
	taken(t, h.Private(anna, "first"))
	said := h.Said(anna)
	require.Len(t, said, 2)
	require.Empty(t, said[0].Keyboard)
	require.NotEmpty(t, said[1].Keyboard)
	taken(t, h.Private(anna, "/help"))
	said = h.Said(anna)
	require.NotEmpty(t, said[1].Keyboard, "the question is still open")
	taken(t, h.Private(anna, "second"))
	require.Empty(t, h.Said(anna)[1].Keyboard)
}

func TestWhatBecomesOfThePressedMessage(t *testing.T) {
	t.Parallel()
	card := message.New(message.Head("#42 Acme"), message.Buttons{Buttons: []message.Button{
		button("Won", "won:42:7"), button("Show", "show:42:0"), button("Next page", "list:2:0:mine"), button("Back to it", "~t9~resume"),
	}})
	changed := para("Won!")
	changed.Shared = true
	page := message.New(message.Head("Deals"), message.Buttons{Buttons: []message.Button{button("Previous page", "list:1:0:mine")}})
	for name, tt := range map[string]struct {
		label      string
		answer     message.Doc
		here, keys int
	}{
		"a change spends the buttons":        {"Won", changed, 2, 0},
		"a refusal does not":                 {"Won", para("You may not."), 2, 4},
		"a look does not":                    {"Show", para("Acme"), 2, 4},
		"a page takes the place of the page": {"Next page", page, 1, 1},
		"the way back keeps what came between": {
			"Back to it", questionDoc("t9", message.Form{}), 2, 4,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := open(t, nil)
			h.answers(card, tt.answer)
			taken(t, h.Private(anna, "show acme"))
			shown := h.Last(anna)
			taken(t, h.Press(anna, shown, tt.label))
			require.Len(t, h.Said(anna), tt.here)
			now, _ := h.Message(anna, shown.ID)
			require.Len(t, now.Labels(), tt.keys)
		})
	}
}

func TestQuestionOfADialogThatIsOverLosesItsButtons(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	h.answers(questionDoc("t1", message.Form{}), para("This question is over."))
	taken(t, h.Private(anna, "new"))
	taken(t, h.Press(anna, h.Last(anna), "Cancel"))
	require.Empty(t, h.Said(anna)[0].Keyboard)
	require.Equal(t, "This question is over.", h.Last(anna).Text)
}

func TestPressIsAnsweredBeforeTheWorkIsDone(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	h.answers(message.New(message.Para(message.Plain("x")), message.Buttons{Buttons: []message.Button{button("Go", "show:1:0")}}))
	taken(t, h.Private(anna, "x"))
	h.mu.Lock()
	h.host = func(ctx context.Context, _ bot.Visit) (message.Doc, error) {
		h.Until(func() bool { return len(h.Answers()) == 1 })
		return para("done"), ctx.Err()
	}
	h.mu.Unlock()
	taken(t, h.Press(anna, h.Last(anna), "Go"))
	require.Equal(t, "done", h.Last(anna).Text)
	require.Empty(t, h.Answers()[0].Text)
}

func TestForgedStaleAndForeignPressesAreAnswered(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	taken(t, h.Private(anna, "x"))
	shown := h.Last(anna)
	for _, data := range []string{"~", "~~~", "~t~pick", ":::", "list", "won:42:7", "\x00\n", "<b>", "list:1:0:mine"} {
		taken(t, h.PressData(anna, anna, shown.ID, data))
		require.Equal(t, data, h.last(t).Press.Action)
	}
	h.Until(func() bool { return len(h.Answers()) == 9 })

	// A message that is gone is answered by a new one.
	before := len(h.Said(anna))
	taken(t, h.PressData(anna, anna, 99999, "list:1:0:mine"))
	require.Len(t, h.Said(anna), before+1)

	// A query that nobody waits for any more is answered all the same.
	h.QueryLife = time.Nanosecond
	taken(t, h.PressData(anna, anna, shown.ID, "show:1:0"))
	require.Len(t, h.Said(anna), before+2)
}

func TestQuestionsInAGroupAreForOnePerson(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	ask := questionDoc("t1", message.Form{
		Kind: message.AnswerOne, Question: message.Text("Which stage?"), Options: []message.Option{{Label: "Talks", Action: "~t1~pick~talks"}},
	})
	h.answers(ask, para("Moved."))
	taken(t, h.Group(anna, team, "/move acme"))
	asked := h.Last(team)
	require.Contains(t, asked.Text, "Анна <b>Ким:\n")

	// The program was started anew since: the message itself knows whom it asks.
	h.door.questions = recent[question]{most: 1}
	before := h.heard()
	taken(t, h.Press(boris, asked, "Talks"))
	require.Equal(t, before, h.heard(), "the press of somebody else does nothing")
	h.Until(func() bool { return len(h.Answers()) == 1 })
	require.Contains(t, h.Answers()[0].Text, "somebody else")
	require.Equal(t, int64(boris), h.Answers()[0].User)

	taken(t, h.Press(anna, asked, "Talks"))
	require.Equal(t, before+1, h.heard())
	require.Equal(t, "Moved.", h.Last(team).Text)
}

func TestSummaryAndWhatStandsBesideAQuestion(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	doc := message.New(message.Head("#42 Acme"), message.Buttons{Buttons: []message.Button{button("Undo", "undo:42:7")}},
		message.Buttons{Buttons: []message.Button{button("Save", "~t1~confirm")}})
	h.answers(doc, para("done"))
	taken(t, h.Group(anna, team, "/won acme"))
	shown := h.Last(team)
	require.Contains(t, shown.Text, "Анна <b>Ким:\n")
	before := h.heard()
	taken(t, h.Press(boris, shown, "Save"))
	require.Equal(t, before, h.heard(), "the yes is Anna's to say")
	taken(t, h.Press(boris, shown, "Undo"))
	require.Equal(t, before+1, h.heard(), "the deal is everybody's")
}

func TestNamelessPersonIsAskedAllTheSame(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	h.AddUser(telegramtest.User{ID: anna, First: "\u2800"})
	h.answers(message.New(message.Choices{Prompt: message.Text("Which?"), Options: []message.Option{{Label: "A", Action: "show:1:0"}}}))
	taken(t, h.Group(anna, team, "/show acme"))
	before := h.heard()
	taken(t, h.Press(boris, h.Last(team), "A"))
	require.Equal(t, before, h.heard())
}

func TestEverybodyMayPressTheButtonsOfACard(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	h.answers(message.New(message.Head("#42 Acme"), message.Buttons{Buttons: []message.Button{button("Won", "won:42:7")}}))
	taken(t, h.Group(anna, team, "/show acme"))
	taken(t, h.Press(boris, h.Last(team), "Won"))
	require.Equal(t, "502", h.last(t).Caller.External)
}

func TestTypedQuestionInAGroupOpensTheFieldOfWhoIsAsked(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	h.answers(questionDoc("t1", message.Form{Kind: message.AnswerMoney, Hint: "such as 1.2M"}), para("Saved."))
	d := taken(t, h.Group(anna, team, "/set acme amount"))
	asked := h.Last(team)
	require.True(t, asked.ForceReply)
	require.True(t, asked.Selective)
	require.Equal(t, "such as 1.2M", asked.Hint)
	require.Equal(t, d.Message.ID, asked.ReplyTo)
	require.Contains(t, asked.Text, "Back · Cancel", "what the buttons would do can be typed")
	taken(t, h.Group(anna, team, "100", telegramtest.ReplyTo(asked.ID)))
	require.Equal(t, "100", h.last(t).Text)
	require.Equal(t, "Saved.", h.Last(team).Text)

	// With options there are buttons, and the field stays closed.
	h.answers(questionDoc("t2", message.Form{Kind: message.AnswerDate, Options: []message.Option{{Label: "Today", Action: "~t2~pick~0"}}}))
	taken(t, h.Group(boris, team, "/next acme call"))
	require.False(t, h.Last(team).ForceReply)
	require.Equal(t, []string{"Today", "Back", "Cancel"}, h.Last(team).Labels())
	require.Contains(t, h.Last(team).Text, "reply to this message")
}

func TestTokensOfDialogsAreReadAsTheyAreWritten(t *testing.T) {
	t.Parallel()
	token, act := dialogOf(commands.QuestionAction("Ab1", "pick", "key~with~marks"))
	require.Equal(t, "Ab1", token)
	require.Equal(t, "pick", act)
	token, _ = dialogOf("won:1:2")
	require.Empty(t, token)
}

// over is the refusal of a button that is good no more.
func over(words string) message.Doc {
	doc := para(words)
	doc.Over = true
	return doc
}

func TestButtonThatIsGoodNoMorePostsNothing(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	h.answers(questionDoc("t1", message.Form{}), para("Saved."), over("This has been settled."), over("Settled."), over(strings.Repeat("long ", 50)))
	taken(t, h.Private(anna, "new"))
	asked := h.Last(anna)
	taken(t, h.Press(anna, asked, "Cancel"))
	taken(t, h.Press(anna, asked, "Cancel"))
	require.Equal(t, "Saved.", h.Last(anna).Text)
	require.Equal(t, "This has been settled.", h.Answers()[len(h.Answers())-1].Text)
	require.Len(t, h.Calls("editMessageReplyMarkup"), 1, "the buttons are gone already")

	// Where the platform does not show it any more, and where it is too long, it is a message.
	h.QueryLife = time.Nanosecond
	taken(t, h.Press(anna, asked, "Cancel"))
	require.Equal(t, "Settled.", h.Last(anna).Text)
	h.QueryLife = 0
	taken(t, h.Press(anna, asked, "Cancel"))
	require.Contains(t, h.Last(anna).Text, "long long")
}

func TestStaleQuestionLosesItsButtonsWithoutAMessage(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	h.answers(questionDoc("t1", message.Form{}), over("This has been settled."))
	taken(t, h.Private(anna, "new"))
	taken(t, h.Press(anna, h.Last(anna), "Cancel"))
	require.Len(t, h.Said(anna), 1)
	require.Empty(t, h.Last(anna).Keyboard)
}

func TestAnsweredQuestionDoesNotSpeakOfItsButtons(t *testing.T) {
	t.Parallel()
	ask := questionDoc("t1", message.Form{
		Kind: message.AnswerMoney, Question: message.Text("How <much>? 🤖"), Options: []message.Option{{Label: "1", Action: "~t1~pick~1", Note: "one"}},
	})
	for name, act := range map[string]func(h *house, asked telegramtest.Message) telegramtest.Delivery{
		"by a press": func(h *house, asked telegramtest.Message) telegramtest.Delivery { return h.Press(anna, asked, "1") },
		"by a reply": func(h *house, asked telegramtest.Message) telegramtest.Delivery {
			return h.Group(anna, team, "100", telegramtest.ReplyTo(asked.ID))
		},
		"by a command": func(h *house, _ telegramtest.Message) telegramtest.Delivery { return h.Group(anna, team, "/cancel") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := open(t, nil)
			h.answers(ask, para("Saved."), para("Next."))
			taken(t, h.Group(anna, team, "/set acme amount"))
			asked := h.Last(team)
			require.Contains(t, asked.Text, "ответьте на это")
			taken(t, act(h, asked))
			taken(t, h.Group(anna, team, "/list"))
			now, _ := h.Message(team, asked.ID)
			require.Empty(t, now.Keyboard)
			require.Equal(t, "Анна <b>Ким:\nHow <much>? 🤖\n• 1 — one", now.Text)
			require.Len(t, now.Entities, 3, "the name, the question and the option keep their looks")
			require.Len(t, h.Calls("editMessageText"), 1)
			require.Empty(t, h.Calls("editMessageReplyMarkup"))
		})
	}
}
