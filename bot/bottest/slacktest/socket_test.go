package slacktest_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	slackapi "github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
	"github.com/stretchr/testify/require"

	"funnelbot/bot/bottest/slacktest"
)

// connected runs the library's Socket Mode client, which hands each request to
// the function and acknowledges with what it returns.
func connected(t *testing.T, s *slacktest.Server, api *slackapi.Client, take func(socketmode.Event) any) *atomic.Int64 {
	t.Helper()
	s.UseSocket = true
	var connections atomic.Int64
	client := socketmode.New(api)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = client.RunContext(ctx)
	}()
	t.Cleanup(func() {
		stop()
		<-done
	})
	go func() {
		for {
			select {
			case event := <-client.Events:
				if event.Type == socketmode.EventTypeConnected {
					connections.Add(1)
				}
				if event.Request != nil && event.Request.EnvelopeID != "" {
					_ = client.Ack(*event.Request, take(event))
				}
			case <-ctx.Done():
				return
			}
		}
	}()
	require.Eventually(t, func() bool { return s.Sockets() == 1 }, 5*time.Second, time.Millisecond)
	return &connections
}

func TestSocketModeCarriesTheSameThings(t *testing.T) {
	t.Parallel()
	s, api := workspace(t)
	seen := make(chan socketmode.Event, 4)
	connections := connected(t, s, api, func(e socketmode.Event) any {
		seen <- e
		if e.Type == socketmode.EventTypeSlashCommand {
			return map[string]any{"text": "from the socket"}
		}
		return nil
	})

	require.NoError(t, s.Command("U1", "C1", "/deal", "list").Err)
	command, ok := (<-seen).Data.(slackapi.SlashCommand)
	require.True(t, ok)
	require.Equal(t, "list", command.Text)
	require.Equal(t, "from the socket", s.Ephemerals("U1")[0].Text)
	require.NoError(t, s.Mention("U1", "C1", "", "hi").Err)
	require.Equal(t, socketmode.EventTypeEventsAPI, (<-seen).Type)
	require.NoError(t, s.Shortcut("U1", "new").Err)
	require.Equal(t, socketmode.EventTypeInteractive, (<-seen).Type)

	s.Disconnect("refresh_requested")
	require.Eventually(t, func() bool { return connections.Load() == 2 && s.Sockets() == 1 }, 10*time.Second, time.Millisecond)
	require.NoError(t, s.Mention("U1", "C1", "", "again").Err)
	require.Empty(t, s.Errors())
	require.Empty(t, s.Refusals())
}

func TestASocketNeedsItsTicketOnce(t *testing.T) {
	t.Parallel()
	s, api := workspace(t)
	_, link, err := api.StartSocketModeContext(t.Context())
	require.NoError(t, err)
	require.Contains(t, link, "ws://")
	_, _, err = slackapi.New(s.Token, slackapi.OptionAPIURL(s.URL), slackapi.OptionAppLevelToken("xapp-other")).StartSocketModeContext(t.Context())
	require.EqualError(t, err, "invalid_auth")
	s.UseSocket = true
	require.Error(t, s.Command("U1", "C1", "/deal", "").Err, "nobody is connected")
}
