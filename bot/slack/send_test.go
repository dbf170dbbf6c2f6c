package slack

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	slackapi "github.com/slack-go/slack"
	"github.com/stretchr/testify/require"

	"funnelbot/bot"
	"funnelbot/bot/bottest/slacktest"
	"funnelbot/bot/message"
	"funnelbot/funnel"
)

func TestAPersonIsWrittenToDirectly(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)

	id, err := h.door.Send(t.Context(), bot.Parcel{Lane: "slack:U2", Notice: funnel.ID{7}, Doc: para("your step is due")})

	require.NoError(t, err)
	said := h.Latest(h.DM("U2"))
	require.Equal(t, id, said.TS)
	require.Equal(t, "your step is due", said.Plain())
	require.Len(t, h.Calls("conversations.open"), 1)
	_, err = h.door.Send(t.Context(), bot.Parcel{Lane: "slack:U2", Notice: funnel.ID{8}, Doc: para("again")})
	require.NoError(t, err)
	require.Len(t, h.Calls("conversations.open"), 1, "the conversation is remembered")
}

func TestALaneMayBeAThread(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	root := h.Says("U1", "C1", "", "news")

	_, err := h.door.Send(t.Context(), bot.Parcel{Lane: "slack:C1/" + root.TS, Notice: funnel.ID{7}, Doc: para("won")})

	require.NoError(t, err)
	require.Len(t, h.Thread("C1", root.TS), 2)
	found, err := h.door.Sent(t.Context(), bot.Parcel{Lane: "slack:C1/" + root.TS, Notice: funnel.ID{7}})
	require.NoError(t, err)
	require.Equal(t, bot.HasArrived, found.Verdict)
}

func TestAMessageInDoubtIsFoundAndNotPostedTwice(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	p := bot.Parcel{Lane: "slack:C1", Notice: funnel.ID{7}, Doc: para("won")}

	found, err := h.door.Sent(t.Context(), p)
	require.NoError(t, err)
	require.Equal(t, bot.SendAgain, found.Verdict)

	h.Fail("chat.postMessage", slacktest.Fault{DropAfterApply: true})
	_, err = h.door.Send(t.Context(), p)
	require.Error(t, err)
	require.False(t, certain(err), "it may have arrived")
	found, err = h.door.Sent(t.Context(), p)
	require.NoError(t, err)
	require.Equal(t, bot.Finding{Verdict: bot.HasArrived, MessageID: h.Latest("C1").TS}, found)
	require.Len(t, h.Messages("C1"), 1)
}

func TestOnlyThePartsThatAreMissingAreSentAgain(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	long := message.New(message.Para(message.Plain(strings.Repeat("long words ", 3000))))
	long = long.With(message.File{Name: "deals.csv", Type: "text/csv", Note: "All deals", Data: []byte("a,b")})
	p := bot.Parcel{Lane: "slack:C1", Notice: funnel.ID{7}, Doc: long}
	h.Fail("files.getUploadURLExternal", slacktest.Fault{Status: http.StatusTooManyRequests, RetryAfter: 2 * time.Second})

	_, err := h.door.Send(t.Context(), p)
	require.Error(t, err)
	require.False(t, certain(err), "some of it is there, so nobody may begin from the start")
	there := len(h.Messages("C1"))
	require.Greater(t, there, 2)
	found, err := h.door.Sent(t.Context(), p)
	require.NoError(t, err)
	require.Equal(t, bot.SendAgain, found.Verdict)

	p.Doubts = 1
	_, err = h.door.Send(t.Context(), p)
	require.NoError(t, err)
	require.Len(t, h.Messages("C1"), there+1)
	require.Equal(t, "deals.csv", h.Files()[0].Title)
	require.Equal(t, "All deals", h.Files()[0].AltText)
	found, err = h.door.Sent(t.Context(), p)
	require.NoError(t, err)
	require.Equal(t, bot.HasArrived, found.Verdict)
	_, err = h.door.Send(t.Context(), p)
	require.NoError(t, err)
	require.Len(t, h.Messages("C1"), there+1)
}

func TestAParcelMayTakeThePlaceOfAnother(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ts, err := h.door.Send(t.Context(), bot.Parcel{Lane: "slack:C1", Notice: funnel.ID{7}, Doc: para("won")})
	require.NoError(t, err)

	id, err := h.door.Send(t.Context(), bot.Parcel{Lane: "slack:C1", Notice: funnel.ID{8}, Doc: para("not won after all"), Replaces: ts})

	require.NoError(t, err)
	require.Equal(t, ts, id)
	require.Equal(t, "not won after all", h.Latest("C1").Plain())
	require.Len(t, h.Messages("C1"), 1)
	found, err := h.door.Sent(t.Context(), bot.Parcel{Lane: "slack:C1", Notice: funnel.ID{8}, Replaces: ts})
	require.NoError(t, err)
	require.Equal(t, bot.SendAgain, found.Verdict)
}

func TestRefusalsSayWhatFollowsFromThem(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	retry, gone, rejected := &bot.RetryError{}, &bot.GoneError{}, &bot.RejectedError{}
	send := func() error {
		_, err := h.door.Send(t.Context(), bot.Parcel{Lane: "slack:C1", Notice: funnel.ID{7}, Doc: para("x")})
		require.Error(t, err)
		return err
	}

	h.Fail("chat.postMessage", slacktest.Fault{Status: http.StatusTooManyRequests, RetryAfter: 7 * time.Second})
	require.ErrorAs(t, send(), &retry)
	require.Equal(t, 7*time.Second, retry.After)
	for _, fault := range []slacktest.Fault{
		{Status: http.StatusTooManyRequests},
		{Status: http.StatusServiceUnavailable},
		{Error: "ratelimited"},
		{Error: "missing_scope"},
		{Error: "account_inactive"},
		{Error: "token_revoked"}, // of the bot, not of who is to read it
	} {
		h.Fail("chat.postMessage", fault)
		require.ErrorAs(t, send(), &retry)
		require.Zero(t, retry.After)
	}
	for _, code := range []string{"is_archived", "channel_not_found", "not_in_channel", "user_disabled"} {
		h.Fail("chat.postMessage", slacktest.Fault{Error: code})
		require.ErrorAs(t, send(), &gone, code)
	}
	for _, code := range []string{"invalid_blocks", "msg_too_long", "something_new"} {
		h.Fail("chat.postMessage", slacktest.Fault{Error: code})
		require.ErrorAs(t, send(), &rejected, code)
	}
	for _, fault := range []slacktest.Fault{
		{Status: http.StatusInternalServerError}, {Error: "fatal_error"}, {DropBeforeRead: true}, {DropAfterApply: true},
	} {
		h.Fail("chat.postMessage", fault)
		require.False(t, certain(send()), "%+v leaves the message in doubt", fault)
	}
	closed := h.door.Config
	closed.APIURL = "http://127.0.0.1:1/api/"
	d, err := New(closed)
	require.NoError(t, err)
	_, err = d.Send(t.Context(), bot.Parcel{Lane: "slack:C1", Doc: para("x")})
	require.ErrorAs(t, err, &retry, "nothing was written")
	require.ErrorAs(t, timestamped("", "chat.postMessage", nil), &retry, "neither yes nor why not")
}

func TestPeopleWhoLeftAreGone(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	h.AddUser(slacktest.User{ID: "U9", Name: "left", Deleted: true})
	gone := &bot.GoneError{}

	_, err := h.door.Send(t.Context(), bot.Parcel{Lane: "slack:U9", Notice: funnel.ID{7}, Doc: para("x")})

	require.ErrorAs(t, err, &gone)
	h.Forget()
}

func TestAnAnswerInDoubtIsNotRepeated(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(bot.Visit) message.Doc { return para("for you") })
	require.NoError(t, h.Command("U1", "C1", "/deal", "x").Err)
	h.hosts(h.host)
	h.Fail("chat.postEphemeral", slacktest.Fault{DropAfterApply: true})

	require.NoError(t, h.Mention("U1", "C1", "", "list").Err)
	h.settled(t)

	require.Len(t, h.Ephemerals("U1"), 2)
	require.Empty(t, h.Messages(h.DM("U1")))
	require.Len(t, h.box.buried, 1)
}

func TestAnAnswerThatCannotBeWhisperedIsSaidDirectly(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(bot.Visit) message.Doc { return para("for you") })
	h.Fail("chat.postEphemeral", slacktest.Fault{Error: "user_not_in_channel"})

	require.NoError(t, h.Mention("U1", "C1", "", "list").Err)
	h.settled(t)

	require.Equal(t, "for you", h.Latest(h.DM("U1")).Plain())
}

func TestNoAddressIsCalledButSlacks(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	called := 0
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { called++ }))
	t.Cleanup(elsewhere.Close)
	c := h.door.Config
	c.APIURL = "" // Slack's own
	d, err := New(c)
	require.NoError(t, err)

	rejected := &bot.RejectedError{}
	require.ErrorAs(t, d.hook(t.Context(), elsewhere.URL, &slackapi.WebhookMessage{Text: "x"}), &rejected)
	require.Zero(t, called)
	for address, fine := range map[string]bool{
		"https://hooks.slack.com/commands/T1/2/x": true, "https://hooks.slack-gov.com/actions/T1/2/x": true,
		"http://hooks.slack.com/x": false, "https://slack.com.evil.example/x": false, "https://evilslack.com/x": false,
		"https://hooks.slack.com@evil.example/x": false, "https://a@hooks.slack.com/x": false, "https://hooks.slack.com:8443/x": false,
		"https://169.254.169.254/": false, "file:///etc/passwd": false, "": false, "://": false,
	} {
		require.Equal(t, fine, d.slacks(address), address)
	}
	require.True(t, h.door.slacks(h.ResponseURL("U1", "C1")))
}

func TestFilesAreGivenToTheOneWhoAsked(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(bot.Visit) message.Doc {
		return message.New(message.Head("The funnel"), message.Picture{Name: "funnel.png", Alt: "Five stages", Data: []byte("png")})
	})

	require.NoError(t, h.Command("U1", "C1", "/funnel", "").Err)
	h.settled(t)

	require.Equal(t, "# The funnel", h.Ephemerals("U1")[0].Plain())
	require.Equal(t, []string{h.DM("U1")}, h.Files()[0].Channels)
	require.Equal(t, "Five stages", h.Files()[0].AltText)
	require.Equal(t, []byte("png"), h.Files()[0].Content)
}

func TestAResponseURLThatIsUsedUpIsReplaced(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(v bot.Visit) message.Doc {
		if v.Press != nil {
			return para("pressed")
		}
		return para("card").With(message.Buttons{Buttons: []message.Button{{Label: "Move", Action: "move:42:7"}}})
	})
	require.NoError(t, h.Command("U1", "C1", "/deal", "show 42").Err)
	h.Fail("response_url", slacktest.Fault{Status: http.StatusNotFound})

	require.NoError(t, h.Press("U1", h.Ephemerals("U1")[0], "Move").Err)
	h.settled(t)

	require.Equal(t, "pressed", h.Ephemerals("U1")[1].Plain())
}

func TestNoErrorNamesATokenOrAnAddress(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	err := h.door.hook(t.Context(), "http://127.0.0.1:1/hooks/secret-part", responded(page{text: "private words"}, false))
	require.Error(t, err)
	require.NotContains(t, err.Error(), "secret-part")
	require.NotContains(t, err.Error(), "private words")
	retry := &bot.RetryError{}
	require.ErrorAs(t, err, &retry)
}

func TestAQuestionThatCannotBeWhisperedIsAnsweredInDirectMessages(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(v bot.Visit) message.Doc {
		if v.Press != nil {
			return para("moved")
		}
		return stage("s.1")
	})
	h.Fail("chat.postEphemeral", slacktest.Fault{Error: "user_not_in_channel"})

	require.NoError(t, h.Mention("U1", "C1", "1700000000.000100", "move acme").Err)
	h.settled(t)
	asked := h.Latest(h.DM("U1"))
	require.Contains(t, asked.Plain(), "I could not show this in the channel")
	require.NoError(t, h.Press("U1", asked, "Proposal").Err)
	h.settled(t)

	pressed := h.last(t)
	require.Equal(t, h.DM("U1"), pressed.Place)
	require.Equal(t, "C1/1700000000.000100", pressed.From, "the conversation whose question it is")
	require.Equal(t, "moved", h.Latest(h.DM("U1")).Plain())
}
