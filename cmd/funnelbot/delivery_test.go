package main

import (
	"net/http"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/bot/bottest/slacktest"
	"funnelbot/bot/bottest/telegramtest"
	"funnelbot/storage/postgres/pgtest"
)

// copies is how often each delivery comes, at the same moment, to two programs in turn.
const copies = 4

// repeated is something that Slack delivers several times.
type repeated struct {
	name string
	// make prepares the request, which is not sent yet.
	make func(t *testing.T, h *house) slacktest.Request
	// mark is in the answer and in nothing else; answered is how the answer comes: "posted", or in
	// the "response".
	mark, answered string
	// effect is what is there afterwards, once.
	effect string
}

// unsent makes a platform not send what somebody does.
func unsent() slacktest.Option { return slacktest.ToBot("") }

// shownTo waits for a message of the bot that has the button.
func shownTo(t *testing.T, h *house, button string) slacktest.Message {
	t.Helper()
	var found slacktest.Message
	require.Eventually(t, func() bool {
		for _, m := range h.slack.FromBot() {
			if presses(m, button) {
				found = m
				return true
			}
		}
		return false
	}, patience, glance, button)
	return found
}

func slackRepeats() []repeated {
	return []repeated{
		{
			name: "slash command", answered: "posted", mark: "opened", effect: "deals WHERE amount_minor = 1200000",
			make: func(_ *testing.T, h *house) slacktest.Request {
				return h.slack.Command(annaInSlack, salesInSlack, "/deal", "new Alder Works 12k", unsent()).Request
			},
		},
		{
			name: "slash command with an answer for one person", answered: "response", mark: "Birch", effect: "deals",
			make: func(t *testing.T, h *house) slacktest.Request {
				t.Helper()
				require.NoError(t, h.slack.DirectMessage(boris, "", "new Birch 5k").Err)
				return h.slack.Command(annaInSlack, salesInSlack, "/deal", "find Birch", unsent()).Request
			},
		},
		{
			name: "mention", answered: "posted", mark: "opened", effect: "deals WHERE amount_minor = 1200000",
			make: func(_ *testing.T, h *house) slacktest.Request {
				return h.slack.Mention(annaInSlack, salesInSlack, "", "new Alder Works 12k", unsent()).Request
			},
		},
		{
			name: "direct message", answered: "posted", mark: "opened", effect: "deals WHERE amount_minor = 1200000",
			make: func(_ *testing.T, h *house) slacktest.Request {
				return h.slack.DirectMessage(annaInSlack, "", "new Alder Works 12k", unsent()).Request
			},
		},
		{
			name: "button", answered: "posted", mark: "has moved", effect: "changes WHERE verb = 'move'",
			make: func(t *testing.T, h *house) slacktest.Request {
				t.Helper()
				require.NoError(t, h.slack.DirectMessage(annaInSlack, "", "new Alder Works 12k").Err)
				require.NoError(t, h.slack.DirectMessage(annaInSlack, "", "find Alder").Err)
				button := "Move to “Qualification”"
				return h.slack.Press(annaInSlack, shownTo(t, h, button), button, unsent()).Request
			},
		},
		{
			name: "form", answered: "response", mark: "How much is it worth?", effect: "members WHERE name = 'Anna'",
			make: func(t *testing.T, h *house) slacktest.Request {
				t.Helper()
				require.NoError(t, h.slack.Command(annaInSlack, salesInSlack, "/deal", "new").Err)
				view := h.slack.Top(annaInSlack)
				return h.slack.Submit(annaInSlack, view, map[string]any{"Which company is the deal with?": "Alder Works"}, unsent()).Request
			},
		},
	}
}

// TestSlackDeliversFourTimesAtOnceToTwoPrograms has one effect and gives one answer.
func TestSlackDeliversFourTimesAtOnceToTwoPrograms(t *testing.T) {
	t.Parallel()
	for _, r := range slackRepeats() {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t, pgtest.New(t, migrated))
			one, two := h.serve(), h.serve()
			h.settle()
			req := r.make(t, h)
			before := len(h.slack.FromBot())
			replies := h.slack.Deliver(req, copies, one.url, two.url)
			bodies := map[string]int{}
			for _, reply := range replies {
				require.NoError(t, reply.Err)
				require.Equal(t, http.StatusOK, reply.Status)
				bodies[reply.Body]++
			}
			if r.answered == "response" {
				require.Len(t, bodies, 1, "the same answer")
				require.Contains(t, replies[0].Body, r.mark)
				require.Len(t, h.slack.FromBot(), before)
			}
			one.end()
			two.end()
			h.delivered()
			require.Equal(t, 1, count(t, h.url, r.effect))
			if r.answered == "posted" {
				require.Len(t, h.toSlack(r.mark), 1, "it is posted once")
			}
			h.clean()
		})
	}
}

// TestTelegramDeliversFourTimesAtOnceToTwoPrograms has one effect and posts one answer.
func TestTelegramDeliversFourTimesAtOnceToTwoPrograms(t *testing.T) {
	t.Parallel()
	const move = "Move to “Qualification”"
	for name, r := range map[string]struct {
		chat         int64
		make         func(t *testing.T, h *house) telegramtest.Delivery
		mark, effect string
	}{
		"message": {
			chat: vera, mark: "opened", effect: "deals",
			make: func(_ *testing.T, h *house) telegramtest.Delivery {
				return h.telegram.Private(vera, "new Alder Works 12k", telegramtest.Held())
			},
		},
		"message in a group": {
			chat: salesInTelegram, mark: "opened", effect: "deals",
			make: func(_ *testing.T, h *house) telegramtest.Delivery {
				return h.telegram.Group(vera, salesInTelegram, "@"+h.telegram.Username+" new Alder Works 12k", telegramtest.Held())
			},
		},
		"press": {
			chat: vera, mark: "has moved", effect: "changes WHERE verb = 'move'",
			make: func(t *testing.T, h *house) telegramtest.Delivery {
				t.Helper()
				require.True(t, h.telegram.Private(vera, "new Alder Works 12k").OK())
				require.True(t, h.telegram.Private(vera, "find Alder").OK())
				on := h.telegram.Await(vera, func(m telegramtest.Message) bool { return slices.Contains(m.Labels(), move) })
				return h.telegram.Press(vera, on, move, telegramtest.Held())
			},
		},
		"answer to a question": {
			chat: vera, mark: "How much is it worth?", effect: "members WHERE name = 'Vera'",
			make: func(t *testing.T, h *house) telegramtest.Delivery {
				t.Helper()
				require.True(t, h.telegram.Private(vera, "new").OK())
				return h.telegram.Private(vera, "Alder Works", telegramtest.Held())
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t, pgtest.New(t, migrated))
			one, two := h.serve(), h.serve()
			h.settle()
			d := r.make(t, h)
			for _, got := range h.telegram.Deliver(d.Update, telegramtest.Times(copies/2), telegramtest.To(one.url+"/telegram", two.url+"/telegram")) {
				require.True(t, got.OK(), "%d %s", got.Status, got.Body)
			}
			one.end()
			two.end()
			h.delivered()
			require.Equal(t, 1, count(t, h.url, r.effect))
			require.Len(t, h.toTelegram(r.chat, r.mark), 1, "it is posted once")
			h.clean()
		})
	}
}

// TestSomebodyLetInAMomentAgoIsKnownToEveryProgram speaks through another program than the one that
// let her in, which has read the names of the team just before.
func TestSomebodyLetInAMomentAgoIsKnownToEveryProgram(t *testing.T) {
	t.Parallel()
	h := newHouse(t, pgtest.New(t, migrated))
	one, two := h.serve(), h.serve()
	h.settle()
	code := h.code("rep")
	for _, v := range []*serving{one, two} {
		d := h.telegram.Private(vera, "list", telegramtest.Held())
		require.True(t, h.telegram.Deliver(d.Update, telegramtest.To(v.url+"/telegram"))[0].OK())
	}
	require.True(t, h.telegram.Start(gleb, code, telegramtest.To(one.url+"/telegram")).OK())
	require.True(t, h.telegram.Private(gleb, "new Alder Works 12k", telegramtest.To(two.url+"/telegram")).OK())
	h.telegram.Until(func() bool { return len(h.toTelegram(gleb, "opened")) == 1 })
	one.end()
	two.end()
	h.clean()
}
