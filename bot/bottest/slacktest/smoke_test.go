package slacktest_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	slackapi "github.com/slack-go/slack"
	"github.com/stretchr/testify/require"

	"funnelbot/bot/bottest/slacktest"
)

// workspace is a Slack with two people and a channel.
func workspace(t *testing.T) (*slacktest.Server, *slackapi.Client) {
	t.Helper()
	s := slacktest.New(t)
	s.AddUser(slacktest.User{ID: "U1", Name: "ann", Locale: "ru-RU", TZ: "Europe/Moscow"})
	s.AddUser(slacktest.User{ID: "U2", Name: "bob", IsAdmin: true})
	s.AddChannel(slacktest.Channel{ID: "C1", Name: "sales", Members: []string{"U1", "U2"}, BotIsMember: true})
	return s, slackapi.New(s.Token, slackapi.OptionAPIURL(s.URL), slackapi.OptionAppLevelToken(s.AppToken))
}

// bot runs the handler as the bot under test.
func bot(t *testing.T, s *slacktest.Server, handle http.HandlerFunc) {
	t.Helper()
	server := httptest.NewServer(handle)
	t.Cleanup(server.Close)
	s.Bot = server.URL
}

func TestACommandIsSignedAndItsAnswerIsShown(t *testing.T) {
	t.Parallel()
	s, _ := workspace(t)
	bot(t, s, func(w http.ResponseWriter, r *http.Request) {
		verifier, err := slackapi.NewSecretsVerifier(r.Header, s.SigningSecret)
		if err != nil {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		body := http.MaxBytesReader(w, r.Body, 1<<20)
		r.Body = body
		command, err := slackapi.SlashCommandParse(r)
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		_, _ = verifier.Write([]byte(r.PostForm.Encode()))
		if verifier.Ensure() != nil {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprintf(w, `{"response_type":"ephemeral","text":"%s %s"}`, command.Command, command.Text)
	})

	require.NoError(t, s.Command("U1", "C1", "/deal", "list all").Err)

	require.Equal(t, "/deal list all", s.Ephemerals("U1")[0].Text)
	require.Empty(t, s.Messages("C1"))
	require.Equal(t, http.StatusUnauthorized, s.Command("U1", "C1", "/deal", "", slacktest.WrongSecret()).Status)
	require.Equal(t, http.StatusUnauthorized, s.Command("U1", "C1", "/deal", "", slacktest.Unsigned()).Status)
	require.Equal(t, http.StatusUnauthorized, s.Command("U1", "C1", "/deal", "", slacktest.Aged(6*60e9)).Status)
	require.Empty(t, s.Refusals())
	require.Empty(t, s.Errors())
}

func TestAMessageIsPostedChangedAndFoundByItsMetadata(t *testing.T) {
	t.Parallel()
	s, api := workspace(t)
	meta := slackapi.SlackMetadata{EventType: "delivery", EventPayload: map[string]any{"id": "d1"}}

	channel, ts, err := api.PostMessageContext(t.Context(), "C1", slackapi.MsgOptionText("first", false), slackapi.MsgOptionMetadata(meta))
	require.NoError(t, err)
	_, _, _, err = api.UpdateMessageContext(t.Context(), channel, ts, slackapi.MsgOptionText("second", false))
	require.NoError(t, err)
	page, err := api.GetConversationHistoryContext(t.Context(), &slackapi.GetConversationHistoryParameters{ChannelID: "C1", IncludeAllMetadata: true})
	require.NoError(t, err)

	require.Equal(t, "d1", page.Messages[0].Metadata.EventPayload["id"])
	now, ok := s.Message(channel, ts)
	require.True(t, ok)
	require.Equal(t, "second", now.Text)
	require.Equal(t, "first", now.Edits[0].Text)
	require.Empty(t, s.Refusals())
}
