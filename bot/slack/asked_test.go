package slack

import (
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/bot"
	"funnelbot/bot/bottest/slacktest"
	"funnelbot/bot/message"
)

// scripted answers one visit after the other.
func scripted(docs ...message.Doc) func(bot.Visit) message.Doc {
	return func(bot.Visit) message.Doc {
		doc := docs[0]
		if len(docs) > 1 {
			docs = docs[1:]
		}
		return doc
	}
}

// pressable reports whether anything can be pressed under a message.
func pressable(m slacktest.Message) bool {
	for _, b := range m.Blocks {
		if b["type"] == "actions" {
			return true
		}
	}
	return false
}

func TestAQuestionAnsweredByTypingLosesItsButtons(t *testing.T) {
	t.Parallel()
	aside := para("Help.").With(message.Buttons{Buttons: []message.Button{{Label: "Back to it", Action: "~t1~resume"}}})
	h := newHouse(t, scripted(money("t1"), aside, stage("t1"), para("Moved."), para("Nothing waits.")))
	types := func(words string) {
		require.NoError(t, h.DirectMessage("U1", "", words).Err)
		h.settled(t)
	}
	said := func() []slacktest.Message {
		var all []slacktest.Message
		for _, m := range h.Messages(h.DM("U1")) {
			if m.BotID != "" {
				all = append(all, m)
			}
		}
		return all
	}

	types("new acme")
	types("help")
	require.True(t, pressable(said()[0]), "the question is still open")
	types("450k")
	require.False(t, pressable(said()[0]))
	require.Contains(t, said()[0].Plain(), "How much is it worth?")
	require.Contains(t, said()[2].Plain(), "Which stage?")
	require.True(t, pressable(said()[2]))
	types("won")
	require.False(t, pressable(said()[2]))
	types("thanks")
	require.Len(t, h.Calls("chat.update"), 2)
}

func TestAPressedQuestionStaysWhatItHasBecome(t *testing.T) {
	t.Parallel()
	h := newHouse(t, scripted(stage("t1"), para("Moved."), para("You are welcome.")))
	require.NoError(t, h.DirectMessage("U1", "", "move acme").Err)
	h.settled(t)
	asked := h.Latest(h.DM("U1"))
	require.NoError(t, h.Press("U1", asked, "Won").Err)
	h.settled(t)
	require.NoError(t, h.DirectMessage("U1", "", "thanks").Err)
	h.settled(t)
	now, _ := h.Message(h.DM("U1"), asked.TS)
	require.Equal(t, "Moved.", now.Plain())
	require.Len(t, h.Calls("chat.update"), 1)
}

func TestAQuestionIsSettledByACommandToo(t *testing.T) {
	t.Parallel()
	h := newHouse(t, scripted(stage("t1"), para("All right.")))
	require.NoError(t, h.DirectMessage("U1", "", "move acme").Err)
	h.settled(t)
	asked := h.Latest(h.DM("U1"))
	require.NoError(t, h.Command("U1", h.DM("U1"), "/deal", "cancel").Err)
	h.settled(t)
	now, _ := h.Message(h.DM("U1"), asked.TS)
	require.False(t, pressable(now))
}
