package telegramtest_test

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	tgbot "github.com/go-telegram/bot"
	tgmodels "github.com/go-telegram/bot/models"
	"github.com/stretchr/testify/require"

	"funnelbot/bot/bottest/telegramtest"
)

func TestAnUpdateTheBotDidNotTakeComesAgain(t *testing.T) {
	t.Parallel()
	s, b := setup(t)
	var status atomic.Int64
	var mu sync.Mutex
	var seen []string
	s.Bot = door(t, func(_ *http.Request, u tgmodels.Update) (int, string) {
		mu.Lock()
		defer mu.Unlock()
		seen = append(seen, u.Message.Text)
		return int(status.Load()), ""
	})

	status.Store(http.StatusInternalServerError)
	require.Equal(t, http.StatusInternalServerError, s.Private(ann, "one").Status)
	require.False(t, s.Private(ann, "two").OK())
	info, err := b.GetWebhookInfo(t.Context())
	require.NoError(t, err)
	require.Equal(t, 2, info.PendingUpdateCount)
	require.Equal(t, "Wrong response from the webhook: Internal Server Error", info.LastErrorMessage)
	require.Equal(t, s.Bot, info.URL)
	require.Len(t, s.Redeliver(), 1, "it stops at the first that is refused again")

	status.Store(http.StatusNoContent)
	sent := s.Redeliver()
	require.Len(t, sent, 2)
	require.True(t, sent[0].OK() && sent[1].OK())
	require.Empty(t, s.Pending())
	require.Empty(t, s.Redeliver())
	require.Equal(t, []string{"one", "two", "one", "one", "two"}, seen)
}

func TestCopiesArriveAtOnceAtSeveralProcesses(t *testing.T) {
	t.Parallel()
	s, _ := setup(t)
	var inside atomic.Int64
	all := make(chan struct{})
	answer := func(_ *http.Request, u tgmodels.Update) (int, string) {
		if u.ID == 0 {
			return http.StatusBadRequest, ""
		}
		if inside.Add(1) == 8 {
			close(all) // only when all eight are here together
		}
		<-all
		return http.StatusOK, ""
	}
	one, two := door(t, answer), door(t, answer)
	s.Bot = one

	d := s.Private(ann, "once", telegramtest.Held())
	require.Empty(t, s.Pending())
	sent := s.Deliver(d.Update, telegramtest.Times(4), telegramtest.To(one, two))
	require.Len(t, sent, 8)
	require.Equal(t, int64(8), inside.Load())
	for _, d := range sent {
		require.True(t, d.OK())
	}
}

func TestForgedDeliveriesCarryWhatTheTestSays(t *testing.T) {
	t.Parallel()
	s, _ := setup(t)
	var secrets []string
	s.Bot = door(t, func(r *http.Request, _ tgmodels.Update) (int, string) {
		_, present := r.Header["X-Telegram-Bot-Api-Secret-Token"]
		if !present {
			return http.StatusForbidden, ""
		}
		secrets = append(secrets, r.Header.Get("X-Telegram-Bot-Api-Secret-Token"))
		return http.StatusOK, ""
	})
	u := s.Private(ann, "x").Update
	require.True(t, s.Deliver(u, telegramtest.Secret("guess"))[0].OK())
	require.Equal(t, http.StatusForbidden, s.Deliver(u, telegramtest.Secret(""))[0].Status)
	require.Equal(t, http.StatusBadRequest, s.Deliver(u, telegramtest.Body([]byte("{")))[0].Status)
	require.Equal(t, []string{s.WebhookSecret, "guess"}, secrets)

	lost := s.Deliver(u, telegramtest.To("http://127.0.0.1:1/"))[0]
	require.Error(t, lost.Err)
	require.Zero(t, lost.Status)
}

func TestAMethodInTheAnswerToAWebhookIsCarriedOut(t *testing.T) {
	t.Parallel()
	s, _ := setup(t)
	answers := []string{
		`{"method":"sendMessage","chat_id":501,"text":"at once"}`,
		`{"method":"sendMessage","chat_id":501,"text":""}`,
		`{"ok":true}`,
	}
	s.Bot = door(t, func(*http.Request, tgmodels.Update) (int, string) {
		text := answers[0]
		answers = answers[1:]
		return http.StatusOK, text
	})

	s.Private(ann, "hello")
	require.Equal(t, "at once\n", s.Last(ann).Plain())
	s.Private(ann, "hello")
	require.Len(t, s.Mistakes(), 1)
	require.Equal(t, "Bad Request: message text is empty", s.Mistakes()[0].Description)
	s.Private(ann, "hello")
	require.Len(t, s.Said(ann), 1)
}

func TestARegisteredWebhookTakesOverAndGivesBack(t *testing.T) {
	t.Parallel()
	s, b := setup(t)
	ctx := t.Context()
	var secret atomic.Value
	s.Bot = door(t, func(r *http.Request, _ tgmodels.Update) (int, string) {
		secret.Store(r.Header.Get("X-Telegram-Bot-Api-Secret-Token"))
		return http.StatusOK, ""
	})

	_, err := b.SetWebhook(ctx, &tgbot.SetWebhookParams{
		URL: "https://bot.alder.example/telegram", SecretToken: "of-our-own", MaxConnections: 10,
		AllowedUpdates: []string{"message", "callback_query"},
	})
	require.NoError(t, err)
	require.Equal(t, telegramtest.Webhook{
		URL: "https://bot.alder.example/telegram", Secret: "of-our-own", MaxConnections: 10,
		Allowed: []string{"message", "callback_query"},
	}, s.Webhook())
	require.True(t, s.Private(ann, "hello").OK())
	require.Equal(t, "of-our-own", secret.Load())
	require.True(t, s.Block(boris).Unseen, "my_chat_member is not among the updates asked for")

	r := ask(t, s, "getUpdates", nil)
	require.Equal(t, http.StatusConflict, r.ErrorCode)
	require.Contains(t, r.Description, "can't use getUpdates method while webhook is active")

	_, err = b.DeleteWebhook(ctx, &tgbot.DeleteWebhookParams{})
	require.NoError(t, err)
	require.True(t, s.Private(ann, "polled").Queued)
	require.Equal(t, telegramtest.Webhook{Allowed: []string{"message", "callback_query"}}, s.Webhook())
}

func TestPollingConfirmsByOffset(t *testing.T) {
	t.Parallel()
	s, _ := setup(t)
	var first int64
	for i, text := range []string{"one", "two", "three"} {
		d := s.Private(ann, text)
		if i == 0 {
			first = d.Update.ID
		}
	}
	poll := func(params p) []string {
		r := ask(t, s, "getUpdates", params)
		require.True(t, r.OK, r.Description)
		var updates []tgmodels.Update
		require.NoError(t, json.Unmarshal(r.Result, &updates))
		texts := []string{}
		for _, u := range updates {
			texts = append(texts, u.Message.Text)
		}
		return texts
	}

	require.Equal(t, []string{"one", "two"}, poll(p{"limit": 2}))
	require.Equal(t, []string{"one", "two", "three"}, poll(nil), "nothing is confirmed yet")
	require.Equal(t, []string{"two", "three"}, poll(p{"offset": first + 1}))
	require.Equal(t, []string{"three"}, poll(p{"offset": -1}))
	require.Empty(t, poll(p{"offset": first + 3}))
	require.Empty(t, s.Pending())
}

func TestPollingWaitsAndOnlyOneMayPoll(t *testing.T) {
	t.Parallel()
	s, _ := setup(t)
	answers := make(chan reply, 2)
	begin := func() { go func() { answers <- ask(t, s, "getUpdates", p{"timeout": 30}) }() }
	polls := func(n int) func() bool { return func() bool { return len(s.Calls("getUpdates")) == n } }

	begin()
	require.Eventually(t, polls(1), 5*time.Second, time.Millisecond)
	begin()
	displaced := <-answers
	require.Equal(t, http.StatusConflict, displaced.ErrorCode)
	require.Contains(t, displaced.Description, "terminated by other getUpdates request")

	s.Private(ann, "hello")
	require.Contains(t, string((<-answers).Result), `"hello"`)
	require.Empty(t, s.Mistakes())
}

func TestTheClientsOwnPollingIsServed(t *testing.T) {
	t.Parallel()
	s, _ := setup(t)
	sent := make(chan error, 1)
	b, err := tgbot.New(s.Token, tgbot.WithServerURL(s.URL), tgbot.WithDefaultHandler(
		func(ctx context.Context, b *tgbot.Bot, u *tgmodels.Update) {
			_, err := b.SendMessage(ctx, &tgbot.SendMessageParams{ChatID: u.Message.Chat.ID, Text: "re: " + u.Message.Text})
			sent <- err
		}))
	require.NoError(t, err)
	go b.Start(t.Context())

	s.Private(ann, "hello")
	require.NoError(t, <-sent)
	s.Await(ann, func(m telegramtest.Message) bool { return m.Text == "re: hello" })
	s.Until(func() bool { return len(s.Pending()) == 0 })
}
