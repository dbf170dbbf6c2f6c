package slacktest_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
	"time"

	slackapi "github.com/slack-go/slack"
	"github.com/stretchr/testify/require"

	"funnelbot/bot/bottest/slacktest"
)

func TestFaultsHappenAsAskedFor(t *testing.T) {
	t.Parallel()
	s, api := workspace(t)
	say := func() error {
		_, _, err := api.PostMessageContext(t.Context(), "C1", slackapi.MsgOptionText("a", false))
		return err
	}

	s.Fail("chat.postMessage", slacktest.Fault{Status: http.StatusTooManyRequests, RetryAfter: 1500 * time.Millisecond})
	var limited *slackapi.RateLimitedError
	require.ErrorAs(t, say(), &limited)
	require.Equal(t, 2*time.Second, limited.RetryAfter)
	s.Fail("chat.postMessage", slacktest.Fault{Status: http.StatusTooManyRequests})
	require.NotErrorAs(t, say(), &limited, "without the header it is another error")
	s.Fail("*", slacktest.Fault{Status: http.StatusBadGateway})
	var status slackapi.StatusCodeError
	require.ErrorAs(t, say(), &status)
	require.Equal(t, http.StatusBadGateway, status.Code)
	s.Fail("chat.postMessage", slacktest.Fault{Error: "fatal_error"})
	require.EqualError(t, say(), "fatal_error")
	s.Fail("chat.postMessage", slacktest.Fault{DropBeforeRead: true})
	require.Error(t, say())
	require.Empty(t, s.Messages("C1"))

	s.Fail("chat.postMessage", slacktest.Fault{DropAfterApply: true})
	require.Error(t, say())
	require.Len(t, s.Messages("C1"), 1, "the bot cannot know, but it was posted")
	s.Fail("chat.postMessage", slacktest.Fault{Delay: time.Millisecond})
	require.NoError(t, say())
	require.Empty(t, s.Refusals())
}

func TestRatesAreLimited(t *testing.T) {
	t.Parallel()
	s, api := workspace(t)
	s.AddChannel(slacktest.Channel{ID: "C2", Name: "support", BotIsMember: true})
	at := standing(s)
	s.LimitRates(true)
	say := func(channel string) error {
		_, _, err := api.PostMessageContext(t.Context(), channel, slackapi.MsgOptionText("a", false))
		return err
	}

	require.NoError(t, say("C1"))
	var limited *slackapi.RateLimitedError
	require.ErrorAs(t, say("C1"), &limited)
	require.NoError(t, say("C2"), "another channel has its own rate")
	at.pass(time.Second)
	require.NoError(t, say("C1"))
	for range 20 {
		_, err := api.GetUsersContext(t.Context())
		require.NoError(t, err)
	}
	require.Equal(t, "ratelimited", call(t.Context(), t, s, s.Token, "users.list", `{}`).Error)
}

func TestALateOrFailedAcknowledgementIsAnError(t *testing.T) {
	t.Parallel()
	s, _ := workspace(t)
	bot(t, s, func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/commands") {
			late := time.NewTimer(3100 * time.Millisecond)
			defer late.Stop()
			<-late.C
			_, _ = w.Write([]byte("too late"))
			return
		}
		w.WriteHeader(http.StatusInternalServerError)
	})

	require.ErrorContains(t, s.Command("U1", "C1", "/deal", "").Err, "acknowledged after 3.1")
	require.ErrorContains(t, s.Shortcut("U1", "new").Err, "status 500")
	require.Len(t, s.Errors(), 2)
	require.Empty(t, s.Ephemerals("U1"), "nobody sees an answer that comes too late")
}

func TestWrongAnswersToACommandAreRefused(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"no json":          `{"text"`,
		"nothing":          `{}`,
		"an unknown field": `{"text":"a","attachment":"b"}`,
		"an unknown type":  `{"text":"a","response_type":"private"}`,
		"wrong blocks":     `{"text":"a","blocks":[{"type":"section"}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _ := workspace(t)
			bot(t, s, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				_, _ = w.Write([]byte(body))
			})
			s.Command("U1", "C1", "/deal", "")
			require.Len(t, s.Refusals(), 1)
			require.Empty(t, s.FromBot())
		})
	}
}

func TestFilesGoUpInThreeStepsAndComeDownWithTheToken(t *testing.T) {
	t.Parallel()
	s, api := workspace(t)
	ctx := t.Context()
	up := slackapi.UploadFileParameters{
		Channel: "C1", Filename: "deals.csv", FileSize: 4, Content: "a,b\n", Title: "Deals", AltTxt: "All deals", InitialComment: "here",
	}

	sent, err := api.UploadFileContext(ctx, up)
	require.NoError(t, err)
	info, _, _, err := api.GetFileInfoContext(ctx, sent.ID, 0, 0)
	require.NoError(t, err)
	var back bytes.Buffer
	require.NoError(t, api.GetFileContext(ctx, info.URLPrivateDownload, &back))
	require.Equal(t, "a,b\n", back.String())
	require.Equal(t, []string{sent.ID}, s.Latest("C1").Files)
	require.Equal(t, "All deals", s.Files()[0].AltText)
	require.Empty(t, s.Refusals())

	up.FileSize = 5
	_, err = api.UploadFileContext(ctx, up)
	require.Error(t, err, "another length than announced")
	up.FileSize, up.Channel = 4, "U1"
	_, err = api.UploadFileContext(ctx, up)
	require.ErrorContains(t, err, "invalid_channel")
	thief := slackapi.New("xoxb-other", slackapi.OptionAPIURL(s.URL))
	back.Reset()
	_ = thief.GetFileContext(ctx, info.URLPrivateDownload, &back)
	require.NotContains(t, back.String(), "a,b")
	require.Len(t, s.Refusals(), 3)
}
