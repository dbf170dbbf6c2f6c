package main

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/bot/bottest/slacktest"
	"funnelbot/bot/bottest/telegramtest"
	"funnelbot/storage/postgres/pgtest"
)

var linkCode = regexp.MustCompile("`join ([0-9a-z-]+)`\n")

// link makes somebody of Telegram the one who is Anna in Slack.
func (h *house) link(user int64) {
	h.tb.Helper()
	require.NoError(h.tb, h.slack.DirectMessage(annaInSlack, "", "link").Err)
	var code []string
	require.Eventually(h.tb, func() bool {
		for _, text := range h.toSlack("join ") {
			code = linkCode.FindStringSubmatch(text)
		}
		return code != nil
	}, patience, glance)
	require.True(h.tb, h.telegram.Private(user, "join "+code[1]).OK())
	h.telegram.Until(func() bool { return len(h.toTelegram(user, "")) > 0 })
}

// said is the latest message of the bot to Anna alone in Slack, once it has the mark.
func (h *house) said(mark string) slacktest.Message {
	h.tb.Helper()
	var found slacktest.Message
	require.Eventually(h.tb, func() bool {
		all := h.slack.Messages(h.slack.DM(annaInSlack))
		for _, m := range slices.Backward(all) {
			if !m.Deleted && strings.Contains(m.Plain(), mark) {
				found = m
				return true
			}
		}
		return false
	}, patience, glance, mark)
	return found
}

// TestAQualificationBegunInSlackIsFinishedInTelegramAndBack has one who is known at both go on with
// the questions wherever she is; the other place says where they are, and how to have them back.
func TestAQualificationBegunInSlackIsFinishedInTelegramAndBack(t *testing.T) {
	t.Parallel()
	h := newHouse(t, pgtest.New(t, migrated))
	v := h.serve()
	h.settle()
	h.link(gleb)
	inTelegram := func(mark string) telegramtest.Message {
		t.Helper()
		return h.telegram.Await(gleb, func(m telegramtest.Message) bool { return strings.Contains(m.Text, mark) })
	}
	require.NoError(t, h.slack.DirectMessage(annaInSlack, "", "new Alder Works 12k").Err)
	require.NoError(t, h.slack.DirectMessage(annaInSlack, "", "qualify alder").Err)
	require.NoError(t, h.slack.DirectMessage(annaInSlack, "", "invoices out in two days").Err)
	old := h.said("Step 2 of 17")

	require.True(t, h.telegram.Private(gleb, "qualify alder").OK())
	asked := inTelegram("(2/17)")
	require.Contains(t, asked.Text, "Slack", "it is said where they were begun")
	require.True(t, h.telegram.Private(gleb, "invoices arrive late").OK())
	inTelegram("(3/17)")

	// Slack, where they were begun: a button of the old question is answered, and leads back.
	require.NoError(t, h.slack.Press(annaInSlack, old, "Skip").Err)
	told := h.said("go on elsewhere now (Telegram)")
	require.Equal(t, 2, count(t, h.url, "answers"), "the old button has answered nothing")
	require.NoError(t, h.slack.Press(annaInSlack, told, "Continue here").Err)
	require.Eventually(t, func() bool { return len(h.slack.Stack(annaInSlack)) == 1 }, patience, glance, "the press lets a form open")
	form := h.slack.Top(annaInSlack)
	require.Contains(t, form.Plain(), "questions 3 to 17 of 17")
	require.NoError(t, h.slack.Submit(annaInSlack, form, map[string]any{"What does this cost them in a year?": "300k"}).Err)
	require.Contains(t, h.slack.Top(annaInSlack).Plain(), "is this right?")

	// Telegram in its turn: words that were meant for the question say where it is now.
	require.True(t, h.telegram.Private(gleb, "900k").OK())
	back := inTelegram("go on elsewhere now (Slack)")
	require.True(t, h.telegram.Press(gleb, back, "Continue here").OK())
	summary := inTelegram("is this right?")
	require.True(t, h.telegram.Press(gleb, summary, "Save").OK())
	inTelegram("too early to judge")
	h.delivered()
	require.Equal(t, 1, count(t, h.url, "qualifications"))
	require.Equal(t, []string{"cost_today", "pain", "task"}, answered(t, h.url)[max(len(answered(t, h.url))-3, 0):])

	// The form that still stands in Slack says that it is over.
	require.NoError(t, h.slack.Submit(annaInSlack, h.slack.Top(annaInSlack), nil).Err)
	h.delivered()
	require.Equal(t, 1, count(t, h.url, "qualifications"), "nothing is concluded twice")
	v.end()
	h.clean()
}
