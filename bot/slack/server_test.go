package slack

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/bot"
	"funnelbot/bot/bottest/slacktest"
	"funnelbot/bot/message"
	"funnelbot/commands"
)

func TestOnlyWhatSlackSignedLatelyIsRead(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(bot.Visit) message.Doc { return para("x") })

	for name, option := range map[string]slacktest.Option{
		"another secret": slacktest.WrongSecret(), "no signature": slacktest.Unsigned(),
		"an old one": slacktest.Aged(6 * time.Minute), "one of the future": slacktest.Aged(-6 * time.Minute),
	} {
		require.Equal(t, http.StatusUnauthorized, h.Command("U1", "C1", "/deal", "list", option).Status, name)
		require.Equal(t, http.StatusUnauthorized, h.Mention("U1", "C1", "", "list", option).Status, name)
		require.Equal(t, http.StatusUnauthorized, h.Verification("x", option).Status, name)
	}
	require.Zero(t, h.seen())
	require.NoError(t, h.Command("U1", "C1", "/deal", "list", slacktest.Aged(4*time.Minute)).Err)
	require.Equal(t, 1, h.seen())
}

func TestNothingIsParsedBeforeItsSignature(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(bot.Visit) message.Doc { return para("x") })

	require.Equal(t, http.StatusUnauthorized, h.Post(EventPath, "{broken", slacktest.WrongSecret()).Status)
	require.Equal(t, http.StatusBadRequest, h.Post(EventPath, "{broken").Status)
	require.Equal(t, http.StatusBadRequest, h.Post(InteractionPath, "payload=%7Bbroken").Status)
	require.Equal(t, http.StatusBadRequest, h.Post(CommandPath, "%zz=1").Status)
	require.Equal(t, http.StatusRequestEntityTooLarge, h.Post(EventPath, "{"+strings.Repeat(" ", maxBody)).Status)
	for _, sent := range []string{"v0=", "v0=zz", "v1=00", ""} {
		header := http.Header{"X-Slack-Signature": {sent}, "X-Slack-Request-Timestamp": {"1"}}
		require.False(t, h.door.genuine(header, nil), sent)
	}
	header := http.Header{}
	header.Set("X-Slack-Request-Timestamp", "9223372036854775807")
	require.False(t, h.door.genuine(header, nil))
}

func TestAReplayedRequestHasTheSameKey(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(bot.Visit) message.Doc { return para("x") })

	first := h.Mention("U1", "C1", "", "list")
	require.NoError(t, first.Err)
	key := h.last(t).Key
	for _, r := range h.Deliver(first.Request, 4) {
		require.Equal(t, ok, r.Status)
	}
	h.settled(t)

	require.Equal(t, 5, h.seen(), "the door lets each of them in")
	require.Equal(t, key, h.last(t).Key, "and what they do is told apart by the key")
	require.Len(t, h.Ephemerals("U1"), 1, "one of them is answered")
}

func TestEachDeliveryToTwoProcessesIsAnsweredOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(bot.Visit) message.Doc { return shared("won") })
	other := h.open(t)
	bots := []string{h.Bot, h.serve(t, other)}

	say := h.Mention("U1", "C1", "", "won 42", slacktest.ToBot("http://127.0.0.1:1"))
	require.Error(t, say.Err)
	h.Forget()
	h.Deliver(say.Request, 4, bots...)
	h.settled(t)
	require.Len(t, h.Messages("C1"), 2)

	press := h.Press("U1", h.Latest("C1"), "Move", slacktest.ToBot("http://127.0.0.1:1"))
	h.Forget()
	h.Deliver(press.Request, 4, bots...)
	h.settled(t)
	other.work.group.Wait()
	require.Len(t, h.Messages("C1"), 3)
}

func TestOtherTeamsAreNotLetIn(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(bot.Visit) message.Doc { return shared("card") })
	require.NoError(t, h.Command("U1", "C1", "/deal", "show 42").Err)
	h.settled(t)
	card := h.Latest("C1")

	for _, r := range []slacktest.Reply{
		h.Command("U1", "C1", "/deal", "list", slacktest.FromTeam("T0OTHER")),
		h.Mention("U1", "C1", "", "list", slacktest.FromTeam("T0OTHER")),
		h.Press("U1", card, "Move", slacktest.FromTeam("T0OTHER")),
	} {
		require.Equal(t, ok, r.Status)
		require.Empty(t, r.Body)
	}
	require.Equal(t, 1, h.seen())
}

func TestPeopleOfOtherTeamsComeAsTheyAre(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(bot.Visit) message.Doc { return para("ask your admin") })

	require.NoError(t, h.Mention("U4", "C3", "", "list").Err)

	require.Equal(t, "T0OTHER", h.last(t).Caller.Team)
	require.True(t, h.last(t).Venue.Foreign)
}

func TestTheURLIsVerifiedAndUnknownThingsAreAcknowledged(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(bot.Visit) message.Doc { return para("x") })

	require.Equal(t, "c-42", h.Verification("c-42").Body)
	require.Equal(t, ok, h.Post(CommandPath, "ssl_check=1&token=x").Status)
	require.Equal(t, ok, h.Post(InteractionPath, "ssl_check=1&token=x").Status)
	require.Equal(t, ok, h.Shortcut("U1", "something").Status)
	for _, payload := range []string{
		`{"type":"dialog_submission","team":{"id":"T0TEAM"},"user":{"id":"U1"}}`, `{"type":"view_submission","user":{"id":"U1"},"team":null}`,
		`{"type":"block_actions","user":{"id":"U1"},"actions":[]}`, `{"type":"block_actions","actions":"none","user":7}`, `{}`, `[]`, `null`, `7`,
	} {
		require.Equal(t, ok, h.Post(InteractionPath, url.Values{"payload": {payload}}.Encode()).Status, payload)
	}
	r := h.Post(InteractionPath, url.Values{"payload": {`{"type":"block_suggestion","user":{"id":"U1"}}`}}.Encode())
	require.JSONEq(t, `{"options":[]}`, r.Body)
	require.Zero(t, h.seen())
}

func TestARepeatedEventThatComesForTheFirstTimeIsAnswered(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)

	require.Equal(t, ok, h.Mention("U1", "C1", "", "list", slacktest.Retried(1, "http_timeout")).Status)

	require.Equal(t, "list", h.last(t).Text, "the first delivery may never have arrived")
}

func TestAPanicIsAnAnswer(t *testing.T) {
	t.Parallel()
	// The panic is what is tested: Slack gets its answer all the same.
	h := newHouse(t, func(bot.Visit) message.Doc { panic("oops") })

	require.Equal(t, ok, h.Command("U1", "C1", "/deal", "list").Status)
	require.Equal(t, ok, h.Mention("U1", "C1", "", "list").Status)
	h.settled(t)
	require.Empty(t, h.Errors())
}

func TestSlowAnswersAreAcknowledgedInTimeAndFollow(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(bot.Visit) message.Doc { return para("late but here") })
	require.NoError(t, h.door.meet(t.Context()))
	require.LessOrEqual(t, usual().acknowledge, 2*time.Second, "Slack waits for 3")
	h.door.patience.acknowledge = none
	release := h.held()

	require.NoError(t, h.Command("U2", "C1", "/deal", "list").Err)
	require.NoError(t, h.Mention("U1", "C1", "", "list").Err)
	require.Empty(t, h.Ephemerals("U1"), "it is acknowledged before it is answered")
	release()
	h.settled(t)

	require.Equal(t, "late but here", h.Ephemerals("U1")[0].Plain())
	require.Empty(t, h.Stack("U2"), "a list asks for nothing")
	require.Equal(t, "late but here", h.Ephemerals("U2")[len(h.Ephemerals("U2"))-1].Plain())
	require.Empty(t, h.Errors())
}

func TestAViewThatWasOpenedInVainLeadsToTheAnswer(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(bot.Visit) message.Doc { return para("late but here") })
	h.door.patience = patience{acknowledge: ample, load: none, ask: ample}
	release := h.held()
	replied := make(chan slacktest.Reply, 1)
	go func() { replied <- h.Command("U1", "C1", "/deal", "move acme") }()
	require.Eventually(t, func() bool { return len(h.Stack("U1")) == 1 }, ample, time.Millisecond)

	release()
	require.NoError(t, (<-replied).Err)
	h.settled(t)

	require.Equal(t, "== Question ==\nDone. The answer is in the conversation.\n[Close]", h.Top("U1").Plain())
	require.Equal(t, "late but here", h.Ephemerals("U1")[0].Plain(), "and it stands there once")
	require.Len(t, h.Ephemerals("U1"), 1)
	require.Empty(t, h.Errors())
}

func TestASlowSlackHoldsNoVisitUp(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(bot.Visit) message.Doc { return para("here") })
	_, err := h.door.me(t.Context())
	require.NoError(t, err)
	require.Less(t, usual().ask, callTimeout, "a visit does not wait for a whole call")
	h.door.patience = patience{acknowledge: ample, load: ample, ask: none}
	for _, method := range []string{"users.info", "conversations.info"} {
		h.Fail(method, slacktest.Fault{Delay: ample, Times: -1})
	}

	require.NoError(t, h.Command("U1", "C1", "/deal", "list").Err)
	h.settled(t)

	require.Empty(t, h.last(t).Caller.Name)
	require.True(t, h.last(t).Venue.Foreign, "what is not known may be read by anybody")
	require.Len(t, h.Ephemerals("U1"), 1)
	require.Equal(t, "here", h.Ephemerals("U1")[0].Plain())
	h.Heal()
}

func TestAHostThatEndsWithoutAnAnswerIsExcused(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dialogue)
	require.NoError(t, h.Command("U1", "C1", "/deal", "set").Err)
	h.hosts(func(context.Context, bot.Visit) (message.Doc, error) { return message.Doc{}, context.DeadlineExceeded })

	require.NoError(t, h.Submit("U1", h.Top("U1"), map[string]any{"How much is it worth?": "5"}).Err)
	require.NoError(t, h.Command("U1", "C1", "/deal", "list").Err)
	h.settled(t)

	require.Len(t, h.Ephemerals("U1"), 2)
	for _, m := range h.Ephemerals("U1") {
		require.Contains(t, m.Plain(), "I could not answer in time.")
	}
	require.Empty(t, h.Errors())
}

func TestASecretStandsWhereItStays(t *testing.T) {
	t.Parallel()
	sentence := para("x")
	require.NotNil(t, passing(sentence))
	sentence.Secret = true
	require.Nil(t, passing(sentence))
	require.Nil(t, passing(para("x").With(message.Divider{})))
	require.Nil(t, passing(shared("x")))
	require.Nil(t, passing(message.New(message.Divider{})))
}

func TestQuestionsAreForeseen(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	for text, asks := range map[string]bool{
		"new": true, "move acme": true, "перенеси ромашка": true, "lost": true, "done acme called": true, "log acme": true, "show": true, "qualify 42": true, "qualify": true,
		"today": false, "list stuck": false, "show acme": false, "acme negotiation": false, "lost acme price": false, "log acme call yesterday": false,
		"new Acme": false, "won acme": false, "help": false, "": false,
	} {
		require.Equal(t, asks, h.door.mayAsk(act{text: text}), text)
	}
	for action, asks := range map[string]bool{
		"lost:42:7": true, "log:42:7": true, "next:42:7": true, "done:42:7": true, ">move acme": true, "~q.1~skip": true, "qualify:42:0": true,
		"show:42:0": false, "undo:42:7": false, "move:42:7:proposal": false, ">today": false, "": false, "nonsense": false,
	} {
		require.Equal(t, asks, h.door.mayAsk(act{press: &bot.Press{Action: action}}), action)
	}
	require.True(t, h.door.mayAsk(act{clip: &commands.Clip{}}))
}

func TestWithoutDatabaseEventsComeAgainAndCommandsAreAnswered(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(bot.Visit) message.Doc { return shared("won") })
	h.box.away = true

	mention := h.Mention("U1", "C1", "", "won 42")
	require.Equal(t, http.StatusServiceUnavailable, mention.Status)
	require.Len(t, h.Messages("C1"), 1, "nothing is said before it is stored")

	require.NoError(t, h.Command("U1", "C1", "/deal", "won 42").Err)
	h.settled(t)
	require.Len(t, h.Messages("C1"), 2, "commands do not come again")

	h.box.away = false
	h.Forget()
	h.Deliver(mention.Request, 1)
	h.settled(t)
	require.Len(t, h.Messages("C1"), 3)
}

func TestStoppingWaitsForWhatIsUnderWay(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(bot.Visit) message.Doc { return para("said before the end") })
	inner := h.host
	reached, release := make(chan struct{}), make(chan struct{})
	h.hosts(func(ctx context.Context, v bot.Visit) (message.Doc, error) {
		close(reached)
		<-release
		return inner(ctx, v)
	})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		d := h.door
		d.AppToken = ""
		ended <- d.Run(ctx)
	}()
	go h.Mention("U1", "C1", "", "list")
	<-reached
	stop()
	require.Eventually(t, h.door.work.isClosed, ample, time.Millisecond)
	close(release)

	require.NoError(t, <-ended)
	require.Equal(t, "said before the end", h.Ephemerals("U1")[0].Plain())
	require.Equal(t, http.StatusServiceUnavailable, h.Mention("U1", "C1", "", "list").Status)
	h.Forget()
}

func TestATokenThatIsRefusedEndsTheDoor(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(bot.Visit) message.Doc { return para("x") })
	c := h.door.Config
	c.Token = "xoxb-of-somebody-else"
	d, err := New(c)
	require.NoError(t, err)

	err = d.Run(t.Context())

	require.ErrorContains(t, err, "invalid_auth")
	require.NotContains(t, err.Error(), c.Token)
	h.Forget()
}

func TestTheDoorHearsWhereItIsNotAnyMore(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(bot.Visit) message.Doc { return para("x") })

	h.box.fails(true)
	require.Equal(t, http.StatusServiceUnavailable, h.MemberLeft(h.BotUserID, "C1").Status, "what could not be noted has to come again")
	h.box.fails(false)
	h.gone = nil
	h.Forget()
	require.NoError(t, h.MemberLeft("U1", "C1").Err)
	require.NoError(t, h.MemberLeft(h.BotUserID, "C1").Err)
	require.NoError(t, h.ChannelArchived("U1", "C3").Err)
	require.NoError(t, h.Event(map[string]any{"type": "tokens_revoked", "tokens": map[string]any{"oauth": []string{"U1"}, "bot": []string{}}}).Err)
	require.NoError(t, h.Uninstalled().Err)

	require.Equal(t, []string{"slack:C1 member_left_channel", "slack:C3 channel_archive", "slack:T0TEAM app_uninstalled"}, h.gone)
}

// TestSamples posts what Slack sends, in the shapes of its documentation.
func TestSamplesAreAnsweredAsSlackExpects(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(bot.Visit) message.Doc { return para("x") })
	files, err := filepath.Glob(filepath.Join("testdata", "payloads", "*"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	defer h.Forget()
	for _, file := range files {
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		path, body := sample(file, string(data))
		require.Equal(t, ok, h.Post(path, body).Status, file)
	}
	h.settled(t)
}

// sample is how a payload is sent.
func sample(file, data string) (path, body string) {
	switch {
	case strings.HasSuffix(file, ".form"):
		return CommandPath, strings.TrimSpace(data)
	case strings.Contains(file, "event_callback"), strings.Contains(file, "url_verification"), strings.Contains(file, "events_api"):
		return EventPath, data
	}
	return InteractionPath, url.Values{"payload": {data}}.Encode()
}
