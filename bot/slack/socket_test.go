package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/slack-go/slack/socketmode"
	"github.com/stretchr/testify/require"

	"funnelbot/bot"
	"funnelbot/bot/bottest/slacktest"
	"funnelbot/bot/message"
)

// connected is a house whose door listens by Socket Mode.
func connected(t *testing.T, host func(v bot.Visit) message.Doc) *house {
	t.Helper()
	h := newHouse(t, host)
	h.UseSocket = true
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- h.door.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		require.NoError(t, <-ended)
	})
	require.Eventually(t, func() bool { return h.Sockets() == 1 }, ample, time.Millisecond)
	return h
}

func TestSocketModeTakesWhatHTTPTakes(t *testing.T) {
	t.Parallel()
	h := connected(t, dialogue)

	require.NoError(t, h.Command("U1", "C1", "/deal", "show").Err)
	require.Equal(t, "card\n[Set]", h.Ephemerals("U1")[0].Plain())
	require.NoError(t, h.Press("U1", h.Ephemerals("U1")[0], "Set").Err)
	require.Eventually(t, func() bool { return len(h.Stack("U1")) == 1 }, ample, time.Millisecond)
	require.NoError(t, h.Submit("U1", h.Top("U1"), map[string]any{"How much is it worth?": "much"}).Err)
	require.Contains(t, h.Top("U1").Plain(), "no amount")
	require.NoError(t, h.Submit("U1", h.Top("U1"), map[string]any{"How much is it worth?": "5"}).Err)
	require.NoError(t, h.Submit("U1", h.Top("U1"), map[string]any{"Which stage?": "Won"}).Err)
	h.settled(t)
	require.Contains(t, h.Latest("C1").Plain(), "#42 is at")
	require.NoError(t, h.DirectMessage("U1", "", "show").Err)
	h.settled(t)
	require.Equal(t, "card\n[Set]", h.Latest(h.DM("U1")).Plain())
	require.Empty(t, h.Errors())
}

func TestSocketModeKeepsTheOrderOfEachPerson(t *testing.T) {
	t.Parallel()
	h := connected(t, func(v bot.Visit) message.Doc { return para(v.Text) })
	const n = 40

	for i := range n {
		require.NoError(t, h.DirectMessage("U1", "", fmt.Sprint("line ", i)).Err)
		require.NoError(t, h.DirectMessage("U2", "", fmt.Sprint("line ", i)).Err)
	}
	h.settled(t)

	for _, user := range []string{"U1", "U2"} {
		i := 0
		for _, m := range h.Messages(h.DM(user)) {
			if m.BotID != "" {
				require.Equal(t, fmt.Sprint("line ", i), m.Plain())
				i++
			}
		}
		require.Equal(t, n, i)
	}
}

func TestABurstOfOnePersonStaysInOrderAndHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	held, other := make(chan struct{}), make(chan struct{})
	said := map[string][]string{}
	var mu sync.Mutex
	const n = 10
	h.hosts(func(_ context.Context, v bot.Visit) (message.Doc, error) {
		if v.Caller.External == "U1" {
			<-held
		}
		mu.Lock()
		defer mu.Unlock()
		said[v.Caller.External] = append(said[v.Caller.External], v.Text)
		if v.Caller.External == "U2" && len(said["U2"]) == n {
			close(other)
		}
		return message.Doc{}, nil
	})
	client := socketmode.New(h.door.api) // what it is to acknowledge stays in it
	var lines []string
	for i := range n {
		lines = append(lines, fmt.Sprint("line ", i))
		for _, user := range []string{"U1", "U2"} {
			payload := fmt.Sprintf(`{"type":"event_callback","team_id":%q,"event_id":"Ev%s%d","event":{"type":"message","channel_type":"im",
				"channel":%q,"user":%q,"text":"line %d","ts":"1700000000.%06d"}}`, h.TeamID, user, i, h.DM(user), user, i, i)
			h.door.received(t.Context(), client, socketmode.Event{Type: socketmode.EventTypeEventsAPI, Request: &socketmode.Request{
				Type: socketmode.RequestTypeEventsAPI, EnvelopeID: fmt.Sprint(user, i), Payload: json.RawMessage(payload),
			}})
		}
	}

	select {
	case <-other:
	case <-t.Context().Done():
	}
	mu.Lock()
	require.Empty(t, said["U1"], "the first of them is still in work")
	require.Equal(t, lines, said["U2"])
	mu.Unlock()
	close(held)
	h.settled(t)
	require.Equal(t, lines, said["U1"])
}

func TestWhatIsUnderWayIsAcknowledgedBeforeTheConnectionEnds(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	h.UseSocket = true
	begun, release := make(chan struct{}), make(chan struct{})
	h.hosts(func(context.Context, bot.Visit) (message.Doc, error) {
		close(begun)
		<-release
		return para("said before the end"), nil
	})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- h.door.Run(ctx) }()
	require.Eventually(t, func() bool { return h.Sockets() == 1 }, ample, time.Millisecond)
	replied := make(chan slacktest.Reply, 1)
	go func() { replied <- h.Command("U1", "C1", "/deal", "list") }()
	<-begun

	stop()
	require.Eventually(t, h.door.work.isClosed, ample, time.Millisecond)
	close(release)

	require.NoError(t, (<-replied).Err)
	require.NoError(t, <-ended)
	require.Equal(t, "said before the end", h.Ephemerals("U1")[0].Plain())
	require.Empty(t, h.Errors())
}

func TestLongAnswersAreSaidBesideTheAcknowledgement(t *testing.T) {
	t.Parallel()
	h := connected(t, func(bot.Visit) message.Doc {
		return para(strings.Repeat("щ<", 1500)).With(message.Buttons{Buttons: many(160)})
	})

	require.NoError(t, h.Command("U1", "C1", "/deal", "list").Err)
	h.settled(t)

	require.NotEmpty(t, h.Ephemerals("U1"))
	require.Contains(t, h.Ephemerals("U1")[0].Plain(), "щ<щ<")
	require.Empty(t, h.Errors())
}

func TestALongFormIsFilledAfterTheAcknowledgement(t *testing.T) {
	t.Parallel()
	h := connected(t, func(v bot.Visit) message.Doc {
		if v.Press == nil {
			return money("q3")
		}
		form, _ := stage("q4").Blocks[0].(message.Form)
		form.Options = nil
		for i := range 250 {
			form.Options = append(form.Options, message.Option{
				Label: fmt.Sprint(strings.Repeat("ю", 60), i), Action: fmt.Sprint("~q4~pick~", i),
			})
		}
		return message.New(form)
	})
	require.NoError(t, h.Command("U1", "C1", "/deal", "set").Err)

	require.NoError(t, h.Submit("U1", h.Top("U1"), map[string]any{"How much is it worth?": "5"}).Err)
	h.settled(t)

	require.Contains(t, h.Top("U1").Plain(), "Which stage?")
	require.Empty(t, h.Errors())
}

func TestALongAnswerWithoutAWayIsExcused(t *testing.T) {
	t.Parallel()
	h := connected(t, func(bot.Visit) message.Doc {
		return para(strings.Repeat("щ<", 1500)).With(message.Buttons{Buttons: many(160)})
	})
	h.Fail("response_url", slacktest.Fault{Status: 500, Times: 1})

	require.NoError(t, h.Command("U1", "C1", "/deal", "list").Err)
	h.settled(t)

	require.Contains(t, h.Ephemerals("U1")[0].Plain(), "I could not answer in time.")
}

func many(n int) []message.Button {
	all := make([]message.Button, n)
	for i := range all {
		all[i] = message.Button{Label: fmt.Sprint("Button ", i), Action: fmt.Sprint("move:", i, ":1")}
	}
	return all
}

func TestTheConnectionIsMadeAnew(t *testing.T) {
	t.Parallel()
	h := connected(t, func(bot.Visit) message.Doc { return para("here") })
	h.Fail("apps.connections.open", slacktest.Fault{Status: 503})

	h.Disconnect("refresh_requested")
	require.Eventually(t, func() bool { return h.Sockets() == 1 }, ample, time.Millisecond)

	require.NoError(t, h.Command("U1", "C1", "/deal", "list").Err)
	require.Equal(t, "here", h.Ephemerals("U1")[0].Plain())
}

func TestUnknownThingsAreAcknowledgedBySocketModeToo(t *testing.T) {
	t.Parallel()
	// A host that panics is acknowledged as well.
	h := connected(t, func(bot.Visit) message.Doc { panic("oops") })

	require.NoError(t, h.Event(map[string]any{"type": "something_new", "user": map[string]any{"id": "U1"}}).Err)
	require.NoError(t, h.Shortcut("U1", "x").Err)
	require.NoError(t, h.Command("U1", "C1", "/deal", "list").Err)
	require.NoError(t, h.Command("U1", "C1", "/deal", "list", slacktest.FromTeam("T0OTHER")).Err)
	require.Empty(t, h.Errors())
}

func TestAnAppTokenThatIsRefusedEndsTheDoor(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	c := h.door.Config
	c.AppToken = "xapp-of-somebody-else"
	d, err := New(c)
	require.NoError(t, err)

	err = d.Run(t.Context())

	require.ErrorContains(t, err, "invalid_auth")
	require.NotContains(t, err.Error(), c.AppToken)
	h.Forget()
}

func TestADoorNeedsItsConfig(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	for _, change := range []func(c *Config){
		func(c *Config) { c.Token = "" }, func(c *Config) { c.SigningSecret, c.AppToken = "", "" }, func(c *Config) { c.Host = nil },
	} {
		c := h.door.Config
		change(&c)
		_, err := New(c)
		require.Error(t, err)
	}
}
