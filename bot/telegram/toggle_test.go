package telegram

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/bot/bottest/telegramtest"
	"funnelbot/bot/message"
	"funnelbot/commands"
	"funnelbot/funnel/dialog"
)

// roles asks which of so many options hold, as it stands after picks in the version of the dialog.
func roles(version int, all []string, picked ...int) message.Doc {
	token := fmt.Sprintf("d1.%d", version)
	f := message.Form{
		Kind: message.AnswerSeveral, Question: message.Text("Which roles?"), Reply: commands.QuestionAction(token, dialog.ActAnswer, ""),
		Controls: []message.Button{
			{Label: "Done", Action: commands.QuestionAction(token, dialog.ActDone, ""), Look: message.Primary},
			button("Later", commands.QuestionAction(token, dialog.ActLater, "")),
		},
	}
	for i, label := range all {
		f.Options = append(f.Options, message.Option{
			Label: label, Action: commands.QuestionAction(token, dialog.ActPick, fmt.Sprintf("o%d", i)), Chosen: slices.Contains(picked, i),
		})
	}
	return message.New(f)
}

// many are labels of options of the number, with so many letters.
func many(n, letters int) []string {
	all := make([]string, n)
	for i := range all {
		number := strconv.Itoa(i + 1)
		all[i] = number + " " + strings.Repeat("ж", max(letters-len(number)-1, 0))
	}
	return all
}

func TestSeveralAnswersAreToggledInOneMessage(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	all := []string{"Legal", "Finance", "Security"}
	h.answers(roles(1, all), roles(2, all, 0), roles(3, all, 0, 2), roles(4, all, 2), questionDoc("d1.5", message.Form{Question: message.Text("Why?")}))
	taken(t, h.Private(anna, "qualify acme"))
	asked := h.Last(anna)
	require.Equal(t, []string{"Legal", "Finance", "Security", "Done", "Later"}, asked.Labels())
	for _, step := range []struct {
		press string
		want  []string
	}{
		{"Legal", []string{"✓ Legal", "Finance", "Security", "Done", "Later"}},
		{"Security", []string{"✓ Legal", "Finance", "✓ Security", "Done", "Later"}},
		{"✓ Legal", []string{"Legal", "Finance", "✓ Security", "Done", "Later"}},
	} {
		taken(t, h.Press(anna, h.Last(anna), step.press))
		require.Len(t, h.Said(anna), 1, "it is changed where it stands")
		require.Equal(t, step.want, h.Last(anna).Labels())
	}
	taken(t, h.Press(anna, h.Last(anna), "Done"))
	require.Equal(t, "~d1.4~done", h.last(t).Press.Action)
	require.Len(t, h.Said(anna), 1)
	require.Contains(t, h.Last(anna).Text, "Why?")
}

func TestLongQuestionIsTurnedPageByPageInOneMessage(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	all := many(100, 20)
	again := message.New(message.Para(message.Plain("Back to our question."))).With(roles(1, all).Blocks...)
	h.answers(roles(1, all), again, again, roles(2, all, 45), roles(3, all, 45, 2), over("It is over."))
	taken(t, h.Group(anna, team, "/qualify acme"))
	labels := h.Last(team).Labels()
	require.Len(t, labels, 40+1+2, "a page, what turns it, and the ways on")
	require.Equal(t, []string{"2/3 →", "Done", "Later"}, labels[40:])

	before := h.heard()
	taken(t, h.Press(boris, h.Last(team), "2/3 →"))
	require.Equal(t, before, h.heard(), "nobody else turns it")

	taken(t, h.Press(anna, h.Last(team), "2/3 →"))
	require.Equal(t, "~d1.1~resume", h.last(t).Press.Action)
	require.Equal(t, []string{all[40], all[79], "← 1/3", "3/3 →"}, pick(h.Last(team).Labels(), 0, 39, 40, 41))
	require.NotContains(t, h.Last(team).Text, "Back to", "the question never went away")

	taken(t, h.Press(anna, h.Last(team), "3/3 →"))
	require.Equal(t, []string{all[80], all[99], "← 2/3"}, pick(h.Last(team).Labels(), 0, 19, 20))

	// What was pressed is seen, also on an earlier page that somebody looks at.
	taken(t, h.PressData(anna, team, h.Last(team).ID, "~d1.1~pick~o45"))
	require.Equal(t, "✓ "+all[45], h.Last(team).Labels()[5])
	require.Contains(t, h.Last(team).Text, "✓ "+all[45])
	taken(t, h.PressData(anna, team, h.Last(team).ID, "~d1.2~pick~o2"))
	require.Equal(t, "✓ "+all[2], h.Last(team).Labels()[2])
	require.Contains(t, h.Last(team).Text, "✓ "+all[2]+"; "+all[45], "what is chosen on other pages is named")
	require.Len(t, h.Said(team), 1, "all that in one message")

	taken(t, h.Press(anna, h.Last(team), "2/3 →"))
	require.Empty(t, h.Last(team).Keyboard)
	require.Equal(t, "It is over.", h.Answers()[len(h.Answers())-1].Text)
}

func pick(all []string, at ...int) []string {
	var some []string
	for _, i := range at {
		some = append(some, all[i])
	}
	return some
}

func TestOptionsOfEveryNumberAndLengthStayInOneMessage(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	h.Started(t, anna)
	for _, n := range []int{1, 40, 85, 86, 100} {
		for _, letters := range []int{1, 48, 49, 75} {
			all := many(n, letters)
			h.answers(roles(1, all, 0, n-1))
			seen := 0
			for page := 1; ; page++ {
				data := turn(page, "d1.1")
				taken(t, h.PressData(anna, anna, 99, data))
				m := h.Last(anna)
				labels := m.Labels()
				turns := 0
				for _, label := range labels {
					if strings.HasSuffix(label, " →") || strings.HasPrefix(label, "← ") {
						turns++
					}
				}
				seen += len(labels) - turns - 2
				if !slices.ContainsFunc(labels, func(l string) bool { return strings.HasSuffix(l, " →") }) {
					break
				}
			}
			require.Equal(t, n, seen, "%d options of %d letters: each is on one page", n, letters)
		}
	}
}

func TestForgedPageTurnsAreOnlyTurns(t *testing.T) {
	t.Parallel()
	for _, data := range []string{"@", "@1", "@x~d1.1~resume", "@0~d1.1~resume", "@-1~d1.1~resume", "@1~d1.1~confirm", "@2won:1:2", "@1~~"} {
		_, _, ok := turned(data)
		require.False(t, ok, data)
		require.Equal(t, data, asIfPressed(data))
	}
	page, action, ok := turned(turn(3, "abc.1z"))
	require.True(t, ok)
	require.Equal(t, 3, page)
	require.Equal(t, "~abc.1z~resume", action)

	h := open(t, nil)
	h.answers(roles(1, many(100, 20)))
	h.Started(t, anna)
	taken(t, h.PressData(anna, anna, 99, "@999999~d1.1~resume"))
	require.Contains(t, h.Last(anna).Labels(), "← 2/3", "there is no page behind the last")
}

func TestAnOldQuestionIsAskedAgainBelow(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	ask := func(version int, words string) message.Doc {
		return questionDoc(fmt.Sprintf("d1.%d", version), message.Form{Question: message.Text(words)})
	}
	h.answers(ask(1, "One?"), ask(2, "Two?"), ask(2, "That was earlier. Two?"))
	taken(t, h.Private(anna, "qualify acme"))
	first := h.Last(anna)
	taken(t, h.Private(anna, "first"))
	taken(t, h.Press(anna, first, "Back")) // as it looked before it was answered
	said := h.Said(anna)
	require.Len(t, said, 3)
	require.Empty(t, said[0].Keyboard)
	require.Empty(t, said[1].Keyboard, "a question has its buttons once")
	require.Contains(t, said[2].Text, "That was earlier.")
	require.NotEmpty(t, said[2].Keyboard)
}

func TestQuestionThatCannotBeEditedIsPostedAnew(t *testing.T) {
	t.Parallel()
	all := []string{"Legal", "Finance"}
	for name, words := range map[string]string{
		"it was deleted":         "Bad Request: message to edit not found",
		"it is too old":          "Bad Request: message can't be edited",
		"the platform forgot it": "Bad Request: MESSAGE_ID_INVALID",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := open(t, nil)
			h.answers(roles(1, all), roles(2, all, 0), roles(3, all, 0, 1))
			taken(t, h.Private(anna, "qualify acme"))
			for method, times := range map[string]int{"editMessageText": 1, "editMessageReplyMarkup": 1} {
				h.Fail(method, telegramtest.Fault{Status: 400, Description: words, Times: times})
			}
			taken(t, h.Press(anna, h.Last(anna), "Legal"))
			require.Len(t, h.Said(anna), 2)
			require.Equal(t, []string{"✓ Legal", "Finance", "Done", "Later"}, h.Last(anna).Labels())
			taken(t, h.Press(anna, h.Last(anna), "Finance"))
			require.Len(t, h.Said(anna), 2, "from then on that one is changed")
			require.Equal(t, []string{"✓ Legal", "✓ Finance", "Done", "Later"}, h.Last(anna).Labels())
		})
	}
}

func TestSomebodysNameIsAskedForInAGroupWithButtonsBeside(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	h.answers(questionDoc("d1.1", message.Form{
		Kind: message.AnswerPerson, Question: message.Text("Who decides?"), Options: []message.Option{{Label: "Dora Quill", Action: "~d1.1~pick~c1"}},
	}), questionDoc("d1.2", message.Form{
		Question: message.Text("Why now?"), Controls: []message.Button{button("Skip", "~d1.2~skip"), button("Later", "~d1.2~later")},
	}), para("Kept."))
	taken(t, h.Group(boris, team, "/qualify acme"))
	asked := h.Last(team)
	require.Contains(t, asked.Text, "reply to this message", "a name that nobody has named is typed")
	taken(t, h.Group(boris, team, "Mira Stone", telegramtest.ReplyTo(asked.ID)))
	require.Equal(t, "Mira Stone", h.last(t).Text)

	field := h.Last(team)
	require.True(t, field.ForceReply)
	require.True(t, field.Selective)
	require.Contains(t, field.Text, "Skip · Later · Back · Cancel")
	require.Equal(t, "text_mention", field.Entities[0].Type, "the field opens for who is named")
	taken(t, h.Group(boris, team, "later", telegramtest.ReplyTo(field.ID)))
	require.Equal(t, "later", h.last(t).Text)
}

func TestPeopleCanBeReachedWithATap(t *testing.T) {
	t.Parallel()
	contact := func(label, link string) message.Run {
		return message.Run{Text: label, Style: message.Contact, Link: link}
	}
	mail := contact("anna_b+x@client.example", "mailto:anna_b%2Bx@client.example")
	call := contact("+49\u00a0170 123‑45‑67", "tel:+491701234567")
	line := message.Line{message.Bold("Anna <B>"), message.Plain(" · "), call, message.Plain(" · "), mail}
	h := open(t, nil)
	for name, doc := range map[string]message.Doc{
		"in a list":       message.New(message.List{Items: []message.Item{{Text: line, Buttons: []message.Button{button("Anna", "people:1:0:c1")}}}}),
		"in fields":       message.New(message.Fields{Fields: []message.Field{{Label: "Phone", Value: message.Line{call}}, {Label: "E-mail", Value: message.Line{mail}}}}),
		"in a paragraph":  message.New(message.Paragraph{Text: line}),
		"in small print":  message.New(message.Footnote{Text: line}),
		"in a heading":    message.New(message.Heading{Text: line}),
		"in a table":      message.New(message.Table{Columns: []message.Column{{Title: "N"}, {Title: "P"}}, Rows: [][]message.Line{{message.Text("A"), {call, message.Plain(" "), mail}}}}),
		"beside a number": message.New(message.Para(message.Plain("3 "), call, message.Plain(", "), mail, message.Plain("."))),
	} {
		h.answers(doc)
		taken(t, h.Private(anna, "people acme"))
		shown := h.Last(anna)
		found := map[string]string{}
		for _, e := range shown.Entities {
			require.NotContains(t, []string{"text_link", "code", "pre"}, e.Type, name)
			found[e.Type] = cut(shown.Text, e)
		}
		require.Equal(t, "+49 170 123-45-67", found["phone_number"], name)
		require.Equal(t, "anna_b+x@client.example", found["email"], name)
		require.NotContains(t, shown.Sent, "tel:", name)
	}
}

// cut is the part of a text that an entity marks, in a text of the basic plane.
func cut(s string, e telegramtest.Entity) string {
	return string([]rune(s)[e.Offset : e.Offset+e.Length])
}
