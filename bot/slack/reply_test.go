package slack

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/bot"
	"funnelbot/bot/bottest/slacktest"
	"funnelbot/bot/message"
	"funnelbot/funnel"
)

func TestAnAnswerInDoubtIsFoundUnderItsNotice(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(bot.Visit) message.Doc { return shared("won") })
	h.Fail("chat.postMessage", slacktest.Fault{DropAfterApply: true})

	require.NoError(t, h.Mention("U1", "C1", "", "won 42").Err)
	h.settled(t)

	require.Len(t, h.box.postponed, 1)
	for id, setback := range h.box.postponed {
		require.True(t, setback.InDoubt)
		found, err := h.door.Sent(t.Context(), bot.Parcel{Lane: "slack:C1", Notice: id})
		require.NoError(t, err)
		require.Equal(t, bot.Finding{Verdict: bot.HasArrived, MessageID: h.Latest("C1").TS}, found)
	}
	require.Len(t, h.Messages("C1"), 2)
}

func TestAnAnswerWaitsAsLongAsSlackSays(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(bot.Visit) message.Doc { return shared("won") })
	h.Fail("chat.postMessage", slacktest.Fault{Status: http.StatusTooManyRequests, RetryAfter: 30 * time.Second})
	before := h.Now()

	require.NoError(t, h.Mention("U1", "C1", "", "won 42").Err)
	h.settled(t)

	require.Len(t, h.Messages("C1"), 1)
	for _, setback := range h.box.postponed {
		require.True(t, setback.Free)
		require.WithinDuration(t, before.Add(30*time.Second), setback.Until, 5*time.Second)
	}
}

func TestASecretIsToldAndNotStored(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(bot.Visit) message.Doc {
		doc := para("join abc-def")
		doc.Secret = true
		return doc
	})

	require.NoError(t, h.DirectMessage("U1", "", "invite").Err)
	h.settled(t)

	require.Equal(t, "join abc-def", h.Latest(h.DM("U1")).Plain())
	for _, owed := range h.box.claimed {
		require.Empty(t, owed.Answer)
	}
}

func TestAnAnswerBelongsToWhomTheHostSays(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(bot.Visit) message.Doc { return shared("won") })

	require.NoError(t, h.DirectMessage("U2", "", "won 42").Err)
	h.settled(t)

	for _, owed := range h.box.claimed {
		require.Equal(t, funnel.ID{1}, owed.Workspace)
		require.Equal(t, funnel.ID{2}, owed.Notice.To)
		require.Equal(t, funnel.ID{4, 2}, owed.Notice.Deal)
		require.Equal(t, "slack:U2", owed.Lane)
		require.Equal(t, funnel.Russian, owed.Locale)
	}
}

func TestAColleagueInAChannelOfAnotherCompanyIsAColleague(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(bot.Visit) message.Doc { return para("x") })
	event := `{"type":"event_callback","team_id":"T0OTHER","event_id":"Ev1","authorizations":[{"team_id":"T0TEAM"}],
		"event":{"type":"app_mention","user":"U1","team":"T0TEAM","text":"<@U0BOT> list","channel":"C3","ts":"1700000000.000100"}}`

	require.Equal(t, ok, h.Post(EventPath, event).Status)
	h.settled(t)
	require.Equal(t, "T0TEAM", h.last(t).Caller.Team)
	require.Equal(t, ok, h.Post(EventPath, strings.ReplaceAll(event, `{"team_id":"T0TEAM"}`, "")).Status)
	require.Equal(t, 1, h.seen())
}

func TestHostileWordsComeThroughHarmless(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(v bot.Visit) message.Doc { return shared(v.Text) })

	for _, w := range hostile() {
		require.NoError(t, h.Command("U1", "C1", "/deal", w).Err)
		require.Equal(t, ok, h.DirectMessage("U1", "", w).Status)
	}
	h.settled(t)

	for _, m := range h.FromBot() {
		require.Empty(t, m.Notifies)
	}
	require.Empty(t, h.Errors())
}

func TestALongAnswerIsSaidInSeveralMessages(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("every word counts ", 2000)
	h := newHouse(t, func(bot.Visit) message.Doc { return para(long) })

	require.NoError(t, h.Command("U1", "C1", "/deal", "list").Err)
	h.settled(t)

	var all strings.Builder
	for _, m := range h.Ephemerals("U1") {
		all.WriteString(m.Plain() + " ")
	}
	require.Equal(t, strings.Fields(long), strings.Fields(all.String()))
}
