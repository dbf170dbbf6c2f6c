package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/bot"
	"funnelbot/bot/bottest/telegramtest"
	"funnelbot/bot/message"
	"funnelbot/commands"
	"funnelbot/funnel"
)

func asError[E error](err error, e *E) bool { return errors.As(err, e) }

// run starts the door and returns what stops it and waits.
func (h *house) run(tb testing.TB) (stop func() error) {
	tb.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(tb.Context()))
	done := make(chan error, 1)
	go func() { done <- h.door.Run(ctx) }()
	stopped := false
	stop = func() error {
		if stopped {
			return nil
		}
		stopped = true
		cancel()
		return <-done
	}
	tb.Cleanup(func() { require.NoError(tb, stop()) })
	return stop
}

func TestPollingAnswersAndCountsAsDeliveredAfterwards(t *testing.T) {
	t.Parallel()
	h := build(t, nil)
	h.Private(anna, "one") // waits from before the bot was started
	h.box.refuses = true
	stop := h.run(t)
	require.Eventually(t, func() bool { return h.heard() > 0 }, 5*time.Second, time.Millisecond)
	require.NotEmpty(t, h.Pending(), "what could not be answered is not delivered")
	h.box.mu.Lock()
	h.box.refuses = false
	h.box.mu.Unlock()
	h.Await(anna, func(m telegramtest.Message) bool { return m.Text == "said one" })
	for i := range 5 {
		h.Private(anna, strconv.Itoa(i))
		h.Private(boris, strconv.Itoa(i))
	}
	h.Until(func() bool { return len(h.Said(anna)) == 6 && len(h.Said(boris)) == 5 })
	require.Equal(t, "said one\n--\nsaid 0\n--\nsaid 1\n--\nsaid 2\n--\nsaid 3\n--\nsaid 4", said(h.Said(anna)))
	h.Until(func() bool { return len(h.Pending()) == 0 })
	require.NoError(t, stop())
	require.Equal(t, []string{"message", "callback_query", "my_chat_member"}, allowedOf(t, h))
	require.Empty(t, h.Webhook().URL)
}

func allowedOf(tb testing.TB, h *house) []string {
	tb.Helper()
	var kinds []string
	require.NoError(tb, json.Unmarshal([]byte(h.Calls("getUpdates")[0].Params["allowed_updates"]), &kinds))
	return kinds
}

func TestPollingWaitsAsLongAsItIsTold(t *testing.T) {
	t.Parallel()
	h := build(t, nil)
	h.Fail("getUpdates", telegramtest.Fault{Status: http.StatusTooManyRequests, RetryAfter: 1})
	h.Private(anna, "one")
	h.run(t)
	h.Await(anna, func(m telegramtest.Message) bool { return m.Text == "said one" })
	require.GreaterOrEqual(t, h.Calls("getUpdates")[0].At.Sub(h.Calls("deleteWebhook")[0].At), time.Second)
}

func TestPollingTakesAWebhookAway(t *testing.T) {
	t.Parallel()
	h := build(t, nil)
	h.Fail("getUpdates", telegramtest.Fault{Status: http.StatusConflict, Description: "Conflict: can't use getUpdates method while webhook is active"})
	h.Private(anna, "one")
	h.run(t)
	h.Await(anna, func(m telegramtest.Message) bool { return m.Text == "said one" })
	require.GreaterOrEqual(t, len(h.Calls("deleteWebhook")), 2)
	for _, c := range h.Calls("deleteWebhook") {
		require.NotEqual(t, "true", c.Params["drop_pending_updates"])
	}
}

func TestBatchKeepsTheOrderOfAChatAndStopsAtWhatFailed(t *testing.T) {
	t.Parallel()
	h := build(t, nil)
	h.Started(t, anna)
	h.Started(t, boris)
	failing := true
	h.host = func(_ context.Context, v bot.Visit) (message.Doc, error) {
		if v.Text == "2" && failing {
			return message.Doc{}, context.DeadlineExceeded
		}
		return message.New(echo(v)), nil
	}
	var batch []json.RawMessage
	for i, who := range []int64{anna, anna, anna, boris} {
		batch = append(batch, json.RawMessage(fmt.Sprintf(`{"update_id":%d,"message":{"message_id":%d,"date":1,"text":"%d",
			"chat":{"id":%d,"type":"private"},"from":{"id":%d,"first_name":"A"}}}`, 10+i, i+50, i+1, who, who)))
	}
	offset, err := h.door.deal(t.Context(), 7, batch)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.Equal(t, int64(11), offset)
	require.Equal(t, "said 1", said(h.Said(anna)), "the third does not overtake the second")
	require.Equal(t, "said 4", said(h.Said(boris)), "others do not wait")
	failing = false
	offset, err = h.door.deal(t.Context(), offset, batch[1:])
	require.NoError(t, err)
	require.Equal(t, int64(14), offset)
	require.Equal(t, "said 1\n--\nsaid 2\n--\nsaid 3", said(h.Said(anna)))
	require.Len(t, h.Said(boris), 1)
	offset, err = h.door.deal(t.Context(), offset, nil)
	require.NoError(t, err)
	require.Zero(t, offset, "numbers may begin anew")
	_, err = h.door.deal(t.Context(), 0, []json.RawMessage{json.RawMessage(`{"update_id":3,"message":7}`), json.RawMessage(`[]`)})
	require.NoError(t, err, "what cannot be read holds nothing up")
}

func TestWebhookIsSetUpWithoutLosingWhatWaits(t *testing.T) {
	t.Parallel()
	h := build(t, func(c *Config) { c.WebhookURL = "https://bot.example.com/telegram" })
	h.Private(anna, "one")
	h.Fail("setWebhook", telegramtest.Fault{Status: http.StatusInternalServerError})
	stop := h.run(t)
	h.Until(func() bool { return h.Webhook().URL != "" })
	require.Equal(t, telegramtest.Webhook{
		URL: "https://bot.example.com/telegram", Secret: h.door.Secret, MaxConnections: 40, Allowed: allowed(),
	}, h.Webhook())
	require.Len(t, h.Pending(), 1)
	require.NoError(t, stop())
}

func TestTokenThatIsNotKnownEndsTheRun(t *testing.T) {
	t.Parallel()
	h := build(t, nil)
	h.Fail("getMe", telegramtest.Fault{Status: http.StatusUnauthorized, Times: 2})
	err := h.door.Run(t.Context())
	require.ErrorContains(t, err, "does not know the token")
	require.NotContains(t, err.Error(), h.Token)
	checks := h.door.Check(t.Context())
	require.Len(t, checks, 1)
	require.Contains(t, checks[0].Mend, "@BotFather")
}

func TestMenuIsSetInBothLanguagesOnceAndOnlyWhereItDiffers(t *testing.T) {
	t.Parallel()
	h := build(t, nil)
	h.door.setMenu(t.Context())
	require.Len(t, h.Calls("setMyCommands"), 4)
	for _, scope := range []string{"all_private_chats", "all_group_chats"} {
		english, russian := h.Commands(scope, ""), h.Commands(scope, "ru")
		require.Len(t, russian, len(english))
		require.LessOrEqual(t, len(english), maxCommands)
		require.GreaterOrEqual(t, len(english), len(commands.Verbs())-1)
		require.Contains(t, english, telegramtest.Command{Name: "won", Description: h.door.say("en", "help.won.short")})
		require.Contains(t, russian, telegramtest.Command{Name: "won", Description: h.door.say("ru", "help.won.short")})
	}
	h.door.setMenu(t.Context())
	require.Len(t, h.Calls("setMyCommands"), 4, "nothing has changed")
	h.door.Verbs = h.door.Verbs[1:]
	h.door.setMenu(t.Context())
	require.Len(t, h.Calls("setMyCommands"), 8)
	h.Fail("", telegramtest.Fault{Status: http.StatusBadGateway, Times: 8})
	h.door.setMenu(t.Context()) // the bot works without
}

func TestCheckSaysHowToMend(t *testing.T) {
	t.Parallel()
	h := build(t, func(c *Config) { c.WebhookURL = "https://bot.example.com/telegram/s3cret" })
	mend := func() map[string]string {
		found := map[string]string{}
		for _, c := range h.door.Check(t.Context()) {
			require.NotContains(t, c.Found+c.Mend, "s3cret")
			found[c.Name] = c.Mend
		}
		return found
	}
	require.Contains(t, mend()["Telegram webhook"], "sets the webhook to bot.example.com")
	require.NoError(t, h.door.setWebhook(t.Context()))
	for name, what := range mend() {
		require.Empty(t, what, name)
	}
	h.Fail("getWebhookInfo", telegramtest.Fault{Status: http.StatusBadGateway})
	require.NotEmpty(t, mend()["Telegram webhook"])

	polls := build(t, nil)
	polls.Private(anna, "waits")
	all := polls.door.Check(t.Context())
	require.Equal(t, "Telegram webhook", all[3].Name)
	require.Equal(t, "none, updates are polled for; 1 waiting", all[3].Found)
	require.Equal(t, "@funnel_test_bot", all[0].Found)
}

func TestMovesAndFarewellsAreTold(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	h.AddGroup(telegramtest.Group{ID: -55, Title: "Small", Type: "group", Members: []int64{anna}, Admins: []int64{anna}, BotIsMember: true})
	to, told := h.Migrate(anna, -55)
	for _, d := range told {
		taken(t, d)
	}
	require.NotEmpty(t, h.moved)
	for _, m := range h.moved {
		require.Equal(t, [2]string{"-55", strconv.FormatInt(to, 10)}, m)
	}
	taken(t, h.Private(anna, "help"))
	taken(t, h.Block(anna))
	require.Equal(t, "telegram:501 blocked", h.gone[len(h.gone)-1])
	before := len(h.Said(anna))
	taken(t, h.Unblock(anna))
	require.Len(t, h.Said(anna), before, "/start follows, and is answered")
	taken(t, h.Kick(anna, team))
	require.Equal(t, fmt.Sprintf("telegram:%d removed", team), h.gone[len(h.gone)-1])
	require.Len(t, h.gone, 2)
	taken(t, h.Invite(anna, team))
	require.Contains(t, h.Last(team).Text, "/connect", "who was added says who makes it work")
	require.Contains(t, h.Last(team).Text, "@funnel_test_bot")
}

func TestNewsThatCouldNotBeKeptComeAgain(t *testing.T) {
	t.Parallel()
	fail := true
	h := open(t, func(c *Config) {
		keep := c.Gone
		c.Gone = func(ctx context.Context, lane, reason string) error {
			if fail {
				return funnel.Refuse(funnel.CodeUnavailable, nil)
			}
			return keep(ctx, lane, reason)
		}
	})
	h.Started(t, anna)
	require.Equal(t, http.StatusServiceUnavailable, h.Block(anna).Status)
	fail = false
	for _, d := range h.Redeliver() {
		taken(t, d)
	}
	require.Len(t, h.gone, 1)
}

func TestStickerGetsAFriendlyWord(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	h.Started(t, anna)
	post := func(id int, chat string) {
		t.Helper()
		taken(t, h.Deliver(telegramtest.Update{}, telegramtest.Body([]byte(`{"update_id":`+strconv.Itoa(id)+`,"message":{"message_id":9,"date":1,`+
			chat+`,"from":{"id":501,"first_name":"A","language_code":"ru"},"sticker":{"file_id":"x","type":"regular"}}}`)))[0])
	}
	post(1, `"chat":{"id":501,"type":"private"}`)
	require.Equal(t, h.door.say("ru", "telegram.unread"), h.Last(anna).Text)
	post(2, `"chat":{"id":-1001000000077,"type":"supergroup"}`)
	require.Empty(t, h.Said(team))
	require.Zero(t, h.heard())
}

func TestConfigurationIsReadStrictly(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]Config{
		"token":              {Token: "nothing"},
		"token with a path":  {Token: "1:a/b"},
		"secret":             {Token: "1:a", Secret: "with spaces"},
		"no secret":          {Token: "1:a", WebhookURL: "https://bot.example.com"},
		"webhook over http":  {Token: "1:a", Secret: "s", WebhookURL: "http://bot.example.com"},
		"address of the API": {Token: "1:a", APIURL: "api.telegram.org"},
	} {
		_, err := New(c)
		require.Error(t, err, name)
		require.NotContains(t, err.Error(), "1:a", name)
	}
}

func TestStopWaitsOnlySoLong(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := &Door{Config: Config{Log: nil}}
		h.Log = discard()
		require.True(t, h.begin())
		began := time.Now() //nolint:forbidigo // the clock of the bubble
		h.drain(t.Context())
		require.Equal(t, drainTimeout, time.Since(began))
		h.work.Done()
		synctest.Wait()
		require.False(t, h.begin())
	})
}
