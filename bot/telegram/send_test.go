package telegram

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/bot"
	"funnelbot/bot/bottest/telegramtest"
	"funnelbot/bot/message"
	"funnelbot/funnel"
)

func parcel(chat int64, doc message.Doc) bot.Parcel {
	return bot.Parcel{Lane: "telegram:" + strconv.FormatInt(chat, 10), Notice: funnel.ID{1}, Doc: doc}
}

func TestParcelArrivesInItsChatAndTopic(t *testing.T) {
	t.Parallel()
	h := build(t, nil)
	h.Started(t, anna)
	id, err := h.door.Send(t.Context(), parcel(anna, para("Acme is yours")))
	require.NoError(t, err)
	require.Equal(t, strconv.Itoa(h.Last(anna).ID), id)
	p := parcel(forum, para("Won!"))
	p.Lane += "/7"
	_, err = h.door.Send(t.Context(), p)
	require.NoError(t, err)
	require.Equal(t, 7, h.Last(forum).Thread)
	id, err = h.door.Send(t.Context(), parcel(anna, message.Doc{}))
	require.NoError(t, err)
	require.Empty(t, id)
}

func TestEditTakesThePlaceOfAMessage(t *testing.T) {
	t.Parallel()
	h := build(t, nil)
	h.Started(t, anna)
	first, err := h.door.Send(t.Context(), parcel(anna, para("Won!")))
	require.NoError(t, err)
	p := parcel(anna, para("Open again."))
	p.Replaces = first
	for range 2 { // the second says what stands there already
		id, err := h.door.Send(t.Context(), p)
		require.NoError(t, err)
		require.Equal(t, first, id)
	}
	require.Len(t, h.Said(anna), 1)
	require.Equal(t, "Open again.", h.Last(anna).Text)
	require.Equal(t, bot.SendAgain, finding(t, h, p).Verdict)

	p.Replaces = "99999"
	h.Fail("editMessageText", telegramtest.Fault{Status: http.StatusBadRequest, Description: "Bad Request: message to edit not found"})
	id, err := h.door.Send(t.Context(), p)
	require.NoError(t, err)
	require.NotEqual(t, "99999", id)
	require.Len(t, h.Said(anna), 2)
}

func finding(tb testing.TB, h *house, p bot.Parcel) bot.Finding {
	tb.Helper()
	f, err := h.door.Sent(tb.Context(), p)
	require.NoError(tb, err)
	return f
}

func TestEndsOfAnAttemptAreToldApart(t *testing.T) {
	t.Parallel()
	bad := func(words string) telegramtest.Fault {
		return telegramtest.Fault{Status: http.StatusBadRequest, Description: "Bad Request: " + words}
	}
	for name, tt := range map[string]struct {
		fault telegramtest.Fault
		is    func(err error) bool
	}{
		"asked to wait": {
			telegramtest.Fault{Status: http.StatusTooManyRequests, RetryAfter: 17},
			func(err error) bool { e, ok := as[*bot.RetryError](err); return ok && e.After == 17*time.Second },
		},
		"in trouble": {
			telegramtest.Fault{Status: http.StatusBadGateway},
			func(err error) bool { e, ok := as[*bot.RetryError](err); return ok && e.After == 0 },
		},
		"token not known": {
			telegramtest.Fault{Status: http.StatusUnauthorized},
			func(err error) bool { e, ok := as[*bot.RetryError](err); return ok && e.After == time.Minute },
		},
		"blocked": {
			telegramtest.Fault{Status: http.StatusForbidden, Description: "Forbidden: bot was blocked by the user"},
			is[*bot.GoneError],
		},
		"chat not found":   {bad("chat not found"), is[*bot.GoneError]},
		"nobody may write": {bad("not enough rights to send text messages to the chat"), is[*bot.GoneError]},
		"refused":          {bad("can't parse entities"), is[*bot.RejectedError]},
		"too large":        {telegramtest.Fault{Status: http.StatusRequestEntityTooLarge}, is[*bot.RejectedError]},
		"conflict":         {telegramtest.Fault{Status: http.StatusConflict}, is[*bot.RetryError]},
		"lost after it was read": {
			telegramtest.Fault{DropAfterApply: true},
			func(err error) bool {
				return err != nil && !is[*bot.RetryError](err) && !is[*bot.GoneError](err) && !is[*bot.RejectedError](err)
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := build(t, nil)
			h.Started(t, anna)
			h.Fail("sendMessage", tt.fault)
			_, err := h.door.Send(t.Context(), parcel(anna, para("hello")))
			require.True(t, tt.is(err), "%v", err)
			require.NotContains(t, err.Error(), h.Token)
			require.NotContains(t, err.Error(), "hello")
		})
	}
}

func as[E error](err error) (e E, ok bool) {
	ok = asError(err, &e)
	return e, ok
}

func is[E error](err error) bool { _, ok := as[E](err); return ok }

func TestPlatformThatIsNotThereIsTriedAgain(t *testing.T) {
	t.Parallel()
	h := build(t, nil)
	h.Started(t, anna)
	dead := build(t, func(c *Config) { c.APIURL = "http://127.0.0.1:1" })
	_, err := dead.door.Send(t.Context(), parcel(anna, para("x")))
	require.True(t, is[*bot.RetryError](err), "%v", err)
	require.NotContains(t, err.Error(), h.Token)

	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	h.Fail("sendMessage", telegramtest.Fault{Delay: time.Second})
	_, err = h.door.Send(ctx, parcel(anna, para("late")))
	require.Error(t, err)
	require.False(t, is[*bot.RetryError](err), "it may have arrived")
	p := parcel(anna, para("late"))
	p.Doubts = 1
	require.Equal(t, bot.SendAgain, finding(t, h, p).Verdict)
	p.Doubts = 2
	require.Equal(t, bot.GiveUp, finding(t, h, p).Verdict)
}

func TestGroupThatMovedIsNamedAnew(t *testing.T) {
	t.Parallel()
	h := build(t, nil)
	h.AddGroup(telegramtest.Group{ID: -55, Title: "Small", Type: "group", Members: []int64{anna}, Admins: []int64{anna}, BotIsMember: true})
	to, _ := h.Migrate(anna, -55, telegramtest.Held())
	_, err := h.door.Send(t.Context(), parcel(-55, para("x")))
	moved, ok := as[*bot.MovedError](err)
	require.True(t, ok, "%v", err)
	require.Equal(t, strconv.FormatInt(to, 10), moved.To)
}

func TestStrangersAndWhoBlockedAreGone(t *testing.T) {
	t.Parallel()
	h := build(t, nil)
	_, err := h.door.Send(t.Context(), parcel(anna, para("x")))
	require.True(t, is[*bot.GoneError](err), "%v", err)
	h.Started(t, anna)
	h.Block(anna, telegramtest.Held())
	_, err = h.door.Send(t.Context(), parcel(anna, para("x")))
	require.True(t, is[*bot.GoneError](err), "%v", err)
	for _, lane := range []string{"slack:1", "telegram:anna", "telegram:1/x", ""} {
		_, err = h.door.Send(t.Context(), bot.Parcel{Lane: lane, Doc: para("x")})
		require.True(t, is[*bot.RejectedError](err), "%v", err)
	}
}

func TestMessageForATopicThatIsGoneReachesTheChat(t *testing.T) {
	t.Parallel()
	h := build(t, nil)
	p := parcel(forum, para("Won!"))
	p.Lane += "/7"
	h.Fail("sendMessage", telegramtest.Fault{Status: http.StatusBadRequest, Description: "Bad Request: message thread not found"})
	_, err := h.door.Send(t.Context(), p)
	require.NoError(t, err)
	require.Zero(t, h.Last(forum).Thread)
}

func TestSecondPartOfAMessageIsTriedAloneAgain(t *testing.T) {
	t.Parallel()
	h := build(t, nil)
	h.Started(t, anna)
	doc := message.New(message.Para(message.Plain(strings.Repeat("a", 4000))), message.Para(message.Plain(strings.Repeat("b", 4000))))
	// The first call passes, the second one is refused.
	h.Fail("sendMessage", telegramtest.Fault{Delay: time.Nanosecond})
	h.Fail("sendMessage", telegramtest.Fault{Status: http.StatusTooManyRequests, RetryAfter: 1})
	_, err := h.door.Send(t.Context(), parcel(anna, doc))
	require.True(t, is[*bot.RetryError](err), "%v", err)
	require.Len(t, h.Said(anna), 1)
	id, err := h.door.Send(t.Context(), parcel(anna, doc))
	require.NoError(t, err)
	said := h.Said(anna)
	require.Len(t, said, 2)
	require.Equal(t, strconv.Itoa(said[0].ID), id)
	require.Contains(t, said[1].Text, "b")
	_, known := h.door.parts.get(funnel.ID{1}.String())
	require.False(t, known)
}

func TestAnswerThatCannotBePostedNowIsOwed(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	h.Fail("sendMessage", telegramtest.Fault{Status: http.StatusTooManyRequests, RetryAfter: 30})
	taken(t, h.Private(anna, "help"))
	require.Len(t, h.box.setbacks, 1)
	require.False(t, h.box.setbacks[0].InDoubt)

	h.Fail("sendMessage", telegramtest.Fault{DropAfterApply: true})
	taken(t, h.Private(anna, "help"))
	require.True(t, h.box.setbacks[1].InDoubt, "it may be there")
	require.Len(t, h.Said(anna), 1)

	h.Block(anna, telegramtest.Held())
	require.Equal(t, http.StatusOK, h.PressData(anna, anna, 1, "show:1:0").Status)
	require.Equal(t, []funnel.Cause{funnel.BuriedGone}, h.box.buried)
}

func TestAnswerSaysWhoseItIs(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	doc := para("done")
	doc.Workspace, doc.Member, doc.Deal = funnel.ID{1}, funnel.ID{2}, funnel.ID{3}
	h.answers(doc)
	taken(t, h.Group(anna, forum, "/won acme", telegramtest.Thread(7)))
	owed := h.box.owed[0]
	require.Equal(t, funnel.ID{1}, owed.Workspace)
	require.Equal(t, funnel.ID{2}, owed.Notice.To)
	require.Equal(t, funnel.ID{3}, owed.Notice.Deal)
	require.Equal(t, "telegram:"+strconv.Itoa(forum)+"/7", owed.Lane)
	require.Equal(t, funnel.Russian, owed.Locale)
}

func TestPictureThatThePlatformRefusesComesAsAFile(t *testing.T) {
	t.Parallel()
	h := build(t, nil)
	h.Started(t, anna)
	h.Fail("sendPhoto", telegramtest.Fault{Status: http.StatusBadRequest, Description: "Bad Request: PHOTO_INVALID_DIMENSIONS"})
	_, err := h.door.Send(t.Context(), parcel(anna, message.New(message.Picture{Name: "funnel.png", Alt: "Funnel", Data: picture(t, 9, 9)})))
	require.NoError(t, err)
	require.Equal(t, "document", h.Last(anna).File.Kind)
	require.Equal(t, "Funnel", h.Last(anna).Text)
}
