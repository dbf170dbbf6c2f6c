package slack

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/bot"
	"funnelbot/bot/bottest/slacktest"
	"funnelbot/bot/message"
)

func TestSeveralAnswersAreToggledInAMessage(t *testing.T) {
	t.Parallel()
	for language, user := range map[string]string{"en": "U1", "ru": "U2"} {
		others := need(language)[6]
		s := newSurvey(others, question("pain", "What hurts?", message.AnswerText))
		h := surveyed(t, s)
		labels := func(picked ...int) string {
			var all []string
			for i, o := range others.Options {
				mark := ""
				for _, p := range picked {
					if p == i {
						mark = "✓ "
					}
				}
				all = append(all, "["+mark+o.Label+"]")
			}
			return strings.Join(all, " ")
		}
		require.NoError(t, h.DirectMessage(user, "", "qualify 42").Err)
		h.settled(t)
		asked := h.Latest(h.DM(user))
		require.Contains(t, asked.Plain(), labels()+"\n[Done] [Back]")
		now := func() slacktest.Message {
			m, _ := h.Message(asked.Channel, asked.TS)
			return m
		}

		for _, step := range []struct {
			press  string
			picked []int
		}{
			{others.Options[0].Label, []int{0}},
			{others.Options[2].Label, []int{0, 2}},
			{"✓ " + others.Options[0].Label, []int{2}},
		} {
			require.NoError(t, h.Press(user, now(), step.press).Err)
			h.settled(t)
			require.Contains(t, now().Plain(), labels(step.picked...), "it is changed where it stands")
		}
		require.NoError(t, h.Press(user, asked, others.Options[1].Label).Err) // as it looked at first
		h.settled(t)
		require.Contains(t, now().Plain(), labels(2), "an old press picks nothing")
		require.Contains(t, now().Plain(), "That was an earlier question.")

		require.NoError(t, h.Press(user, now(), "Done").Err)
		h.settled(t)
		require.Contains(t, now().Plain(), "What hurts?")
		require.Equal(t, []string{others.Options[2].Key}, s.given["others"].Keys)
		require.Empty(t, h.Errors())
	}
}

func TestManyAnswersAreToggledInAMenu(t *testing.T) {
	t.Parallel()
	many := question("regions", "Which regions?", message.AnswerSeveral)
	for name := range strings.FieldsSeq("north south east west centre islands coast hills lakes plains woods") {
		many.Options = append(many.Options, message.Option{Label: name, Key: name})
	}
	s := newSurvey(many)
	h := surveyed(t, s)
	require.NoError(t, h.Mention("U1", "C1", "", "qualify 42").Err)
	h.settled(t)
	var menus []string
	for _, pick := range []string{"north", "woods", "✓ north"} {
		asked := h.Ephemerals("U1")[0]
		for _, b := range asked.Blocks {
			if id, _ := b["block_id"].(string); strings.Contains(id, ".m") {
				menus = append(menus, id)
				require.NoError(t, h.Select("U1", asked, id, pick).Err)
			}
		}
		h.settled(t)
		require.Len(t, h.Ephemerals("U1"), 1)
	}
	require.Len(t, menus, 3)
	require.NotEqual(t, menus[0], menus[1], "a menu in which something was chosen is not silent about the same")
	require.Equal(t, []string{"woods"}, s.given["regions"].Keys)
	require.Contains(t, h.Ephemerals("U1")[0].Plain(), "north | south")
	require.Contains(t, h.Ephemerals("U1")[0].Plain(), "✓ woods")
	require.Empty(t, h.Errors())
}

func TestSeveralAnswersOfAnOnlyQuestionAreToggledInTheView(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	picked := false
	h.hosts(func(_ context.Context, v bot.Visit) (message.Doc, error) {
		if v.Press != nil && v.Press.Action == "~s.1~done" {
			return para("thanks"), nil
		}
		picked = picked != (v.Press != nil)
		return message.New(message.Form{
			Question: message.Text("Which roles?"), Kind: message.AnswerSeveral, Reply: "~s.1~answer",
			Options:  []message.Option{{Label: "Legal", Action: "~s.1~pick~legal", Chosen: picked}, {Label: "Finance", Action: "~s.1~pick~finance"}},
			Controls: []message.Button{{Label: "Done", Action: "~s.1~done"}, {Label: "Cancel", Action: "~s.1~cancel"}},
		}), nil
	})
	require.NoError(t, h.Command("U1", "C1", "/deal", "people 42").Err)
	form := h.Top("U1")
	require.Empty(t, form.Submit, "there is nothing to send")
	require.Contains(t, form.Plain(), "*Which roles?*\n[Legal] [Finance]\n[Done] [Cancel]")

	require.NoError(t, h.Press("U1", form, "Legal").Err)
	h.settled(t)
	require.Contains(t, h.Top("U1").Plain(), "[✓ Legal] [Finance]")
	require.NoError(t, h.Press("U1", h.Top("U1"), "Done").Err)
	h.settled(t)
	require.Equal(t, "== Question ==\nthanks\n[Close]", h.Top("U1").Plain())
	require.Empty(t, h.Errors())
}

func TestPeopleCanBeReachedWithATap(t *testing.T) {
	t.Parallel()
	contact := func(label, link string) message.Run {
		return message.Run{Text: label, Style: message.Contact, Link: link}
	}
	for name, c := range map[string]struct {
		line       message.Line
		kind, want string
	}{
		"a phone":            {message.Line{message.Plain("Anna, "), contact("+49 170 1234567", "tel:+491701234567"), message.Plain(".")}, "mrkdwn", "Anna, <tel:+491701234567|+49 170 1234567>."},
		"an address":         {message.Line{contact("anna_b@client.example", "mailto:anna_b@client.example")}, "mrkdwn", "<mailto:anna_b@client.example|anna_b@client.example>"},
		"beside strong text": {message.Line{message.Bold("Anna:"), message.Plain(" "), contact("a&b@client.example", "mailto:a&b@client.example")}, "mrkdwn", "*Anna:* <mailto:a&amp;b@client.example|a&amp;b@client.example>"},
		"a bar":              {message.Line{contact("a", "mailto:a|b@client.example")}, "mrkdwn", "<mailto:a%7Cb@client.example|a>"},
		"a bracket":          {message.Line{contact("a<b>", "mailto:a>b@client.example")}, "mrkdwn", "<mailto:a&gt;b@client.example|a&lt;b&gt;>"},
		"another scheme":     {message.Line{contact("a", "javascript:x")}, "plain_text", "a"},
		"a special word":     {message.Line{contact("a", "!channel")}, "plain_text", "a"},
		"a space":            {message.Line{contact("a", "tel:1 2")}, "plain_text", "a"},
		"a mark":             {message.Line{contact("*a*", "tel:12")}, "plain_text", "*a*"},
		"a low line":         {message.Line{contact("_a_@client.example", "mailto:_a_@client.example")}, "plain_text", "_a_@client.example"},
		"nothing":            {message.Line{contact("a", "tel:")}, "plain_text", "a"},
	} {
		got := styled(clean(c.line))
		require.Equal(t, c.kind, got.Type, name)
		require.Equal(t, c.want, got.Text, name)
		require.LessOrEqual(t, units(got.Text), cost(c.line), name)
	}

	h := newHouse(t, func(bot.Visit) message.Doc {
		return message.New(message.Fields{Fields: []message.Field{{Label: "Anna", Value: message.Line{
			contact("+49 170 1234567", "tel:+491701234567"), message.Plain(" · "), contact("anna@client.example", "mailto:anna@client.example"),
		}}}}, message.Para(message.Plain(strings.Repeat("word ", 590)), contact(strings.Repeat("7", 40), "tel:"+strings.Repeat("7", 40))),
			message.Para(contact(strings.Repeat("7", 4000), "tel:"+strings.Repeat("7", 4000))))
	})
	require.NoError(t, h.Command("U1", "C1", "/deal", "people 42").Err)
	h.settled(t)
	shown := h.Ephemerals("U1")[0]
	require.Equal(t, []string{"tel:+491701234567", "mailto:anna@client.example", "tel:" + strings.Repeat("7", 40)}, slacktest.Links(shown))
	require.Contains(t, shown.Plain(), "+49 170 1234567 · anna@client.example")
	require.NotContains(t, shown.Plain(), "tel:")
	require.Empty(t, shown.Notifies)
}
