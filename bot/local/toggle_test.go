package local

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/bot"
	"funnelbot/bot/message"
	"funnelbot/commands"
	"funnelbot/funnel/dialog"
)

// toggling asks which of the options hold, marks what was picked, and says what was taken in the end.
func toggling(options ...string) bot.Handler {
	picked, version := map[string]bool{}, 0
	return func(_ context.Context, req bot.Request) (message.Doc, error) {
		token := fmt.Sprintf("d1.%d", version)
		switch {
		case req.Press == nil && req.Text != "ask":
			return message.New(message.Para(message.Plain("typed " + req.Text))), nil
		case req.Press != nil && req.Press.Action == commands.QuestionAction(token, dialog.ActDone, ""):
			return message.New(message.Para(message.Plain(fmt.Sprint("taken ", len(picked))))), nil
		case req.Press != nil:
			version++
			key := req.Press.Action[strings.LastIndexByte(req.Press.Action, '~')+1:]
			if picked[key] = !picked[key]; !picked[key] {
				delete(picked, key)
			}
		}
		token = fmt.Sprintf("d1.%d", version)
		f := message.Form{
			Kind: message.AnswerSeveral, Question: message.Text("Which roles?"),
			Controls: []message.Button{
				{Label: "Done", Action: commands.QuestionAction(token, dialog.ActDone, ""), Look: message.Primary},
				{Label: "Later", Action: commands.QuestionAction(token, dialog.ActLater, "")},
			},
		}
		for i, label := range options {
			key := fmt.Sprintf("o%d", i)
			f.Options = append(f.Options, message.Option{Label: label, Action: commands.QuestionAction(token, dialog.ActPick, key), Chosen: picked[key]})
		}
		return message.New(f), nil
	}
}

func TestSeveralAnswersAreTickedByTheirNumbers(t *testing.T) {
	t.Parallel()
	b := setup(t, strings.NewReader("ask\n\n1\n3\n1\n\n"), toggling("Legal", "Finance", "Security"))
	require.NoError(t, b.door.Run(t.Context()))
	shown := strings.Split(strings.TrimSpace(b.out.String()), "\n\n")
	require.Equal(t, []string{
		"Which roles?\n[1] [ ] Legal\n[2] [ ] Finance\n[3] [ ] Security\n" +
			"Several may fit: type their numbers with commas between, such as 1, 3.\n[4] Done  [5] Later",
		"I am still asking: Which roles? Type an answer, or cancel.",
		"Which roles?\n[1] [x] Legal\n[2] [ ] Finance\n[3] [ ] Security\nEnter: Legal\n[4] Done  [5] Later",
		"Which roles?\n[1] [x] Legal\n[2] [ ] Finance\n[3] [x] Security\nEnter: Legal; Security\n[4] Done  [5] Later",
		"Which roles?\n[1] [ ] Legal\n[2] [ ] Finance\n[3] [x] Security\nEnter: Security\n[4] Done  [5] Later",
		"taken 1",
	}, shown)
}

func TestSeveralNumbersOrNamesAreTypedAtOnce(t *testing.T) {
	t.Parallel()
	for _, line := range []string{"1, 3", "1,3", "1 3", "legal, security", "later", "done"} {
		b := setup(t, strings.NewReader("ask\n"+line+"\n"), toggling("Legal", "Finance", "Security"))
		require.NoError(t, b.door.Run(t.Context()))
		require.Equal(t, line, b.seen[1].Text)
		require.Nil(t, b.seen[1].Press)
	}
}

func TestPeopleAreShownAsTheyCanBeReached(t *testing.T) {
	t.Parallel()
	line := message.Line{
		message.Plain("Anna · "),
		{Text: "+49 170 1234567", Style: message.Contact, Link: "tel:+491701234567"},
		message.Plain(" · "),
		{Text: "anna@client.example", Style: message.Contact, Link: "mailto:anna@client.example"},
	}
	for _, color := range []bool{false, true} {
		r := renderer{p: printer(t, "en"), color: color, first: 1, keep: files}
		page := r.render(message.New(message.Paragraph{Text: line}))
		require.Equal(t, "Anna · +49 170 1234567 · anna@client.example", page.text)
	}
}

func TestOnlyTheControlThatAcceptsIsEnter(t *testing.T) {
	t.Parallel()
	for action, want := range map[string]bool{"~d1.1~done": true, "~d1.1~later": false, "done:42:7": false, "~d1.1~skip": false} {
		require.Equal(t, want, accepts(action), action)
	}
	require.True(t, accepts(commands.QuestionAction("d1.1", dialog.ActDone, "")))
}
