package telegram

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/bot/bottest/telegramtest"
	"funnelbot/commands"
	"funnelbot/funnel"
)

func TestWordsInAPrivateChatAreCommands(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	for typed, want := range map[string]string{
		"acme позвонил, 1,2 млн":                "acme позвонил, 1,2 млн",
		"/move acme":                            "/move acme",
		"/move@funnel_test_bot acme":            "/move acme",
		"/deal move acme переговоры":            "/deal move acme переговоры",
		"/deal@FUNNEL_test_bot двигай ромашка":  "/deal двигай ромашка",
		"/funnel owners 90d":                    "/funnel owners 90d",
		"@funnel_test_bot, help":                "help",
		"/start":                                "/help",
		"/start@funnel_test_bot":                "/help",
		"@funnel_test_bot":                      "/help",
		"👍🏽👨‍👩‍👧 /won #42":                      "👍🏽👨‍👩‍👧 /won #42",
		"два\nряда":                             "два\nряда",
		"mail to sales@funnel_test_bot.example": "mail to sales@funnel_test_bot.example",
	} {
		taken(t, h.Private(anna, typed))
		v := h.last(t)
		require.Equal(t, want, v.Text, typed)
		require.Empty(t, v.Code, typed)
		require.Nil(t, v.Clip, typed)
	}
	v := h.last(t)
	require.Equal(t, funnel.Caller{
		Door: "telegram", External: "501", Name: "Анна <b>Ким", Handle: "anna_k", Locale: funnel.Russian,
	}, v.Caller)
	require.Equal(t, commands.Venue{External: "501", Private: true}, v.Venue)
	require.Equal(t, "501", v.Place)
	require.Len(t, h.Said(anna), h.heard(), "every command is answered")
}

func TestCodeOfALinkIsNotText(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	taken(t, h.Start(boris, "abcd-efgh_1234"))
	v := h.last(t)
	require.Equal(t, "abcd-efgh_1234", v.Code)
	require.Empty(t, v.Text)
	require.Equal(t, funnel.English, v.Caller.Locale)

	taken(t, h.Private(boris, "/start two words"))
	require.Empty(t, h.last(t).Code)
	require.Equal(t, "/start two words", h.last(t).Text)
}

func TestGroupHearsOnlyWhatIsMeantForIt(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	for typed, want := range map[string]string{
		"/move acme":                         "/move acme",
		"/двигай ромашка":                    "/двигай ромашка",
		"/move@funnel_test_bot acme":         "/move acme",
		"/two@funnel_test_bot words":         "/two words",
		"/move@other_bot acme":               "",
		"/weather in Riga":                   "",
		"@funnel_test_bot acme paid":         "acme paid",
		"@Funnel_Test_Bot, acme paid":        "acme paid",
		"acme paid @funnel_test_bot":         "acme paid",
		"hey @funnel_test_bot_2 acme":        "",
		"коллеги, обед?":                     "",
		"/start@funnel_test_bot some-code-1": "/help",
	} {
		before := h.heard()
		d := h.Group(anna, team, typed)
		if want == "" {
			require.Equal(t, before, h.heard(), typed)
			continue
		}
		taken(t, d)
		require.Equal(t, want, h.last(t).Text, typed)
		require.Empty(t, h.last(t).Code, typed)
	}
	v := h.last(t)
	require.Equal(t, strconv.Itoa(team), v.Place)
	require.Equal(t, commands.Venue{External: strconv.Itoa(team), Title: "Sales"}, v.Venue)
}

func TestBotThatIsShownEverythingIgnoresTheRest(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	h.Promote(anna, team)
	before := h.heard()
	for _, typed := range []string{"коллеги, обед?", "/weather", "/move@other_bot acme", "acme paid 100"} {
		taken(t, h.Group(boris, team, typed))
	}
	require.Equal(t, before, h.heard())
}

func TestAnswerToTheBotIsAboutItsMessage(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	taken(t, h.Group(anna, team, "/show acme"))
	card := h.Last(team)
	require.Equal(t, h.Messages(team)[0].ID, card.ReplyTo, "the answer hangs on the command")
	taken(t, h.Group(boris, team, "они оплатили", telegramtest.ReplyTo(card.ID)))
	v := h.last(t)
	require.Equal(t, "они оплатили", v.Text)
	require.Equal(t, strconv.Itoa(card.ID), v.Root)

	// In a private chat as well.
	taken(t, h.Private(anna, "show acme"))
	taken(t, h.Private(anna, "won", telegramtest.ReplyTo(h.Last(anna).ID)))
	require.Equal(t, strconv.Itoa(h.Last(anna).ID-2), h.last(t).Root)
}

func TestTopicsAreKeptApart(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	taken(t, h.Group(anna, forum, "/list", telegramtest.Thread(7)))
	v := h.last(t)
	require.Equal(t, strconv.Itoa(forum)+"/7", v.Place)
	require.Equal(t, "7", v.Venue.Thread)
	require.Empty(t, v.Root, "the message that opened the topic is nothing that anybody said")
	require.Equal(t, 7, h.Last(forum).Thread)

	taken(t, h.Group(anna, forum, "/list"))
	require.Equal(t, strconv.Itoa(forum), h.last(t).Place)
	require.Zero(t, h.Last(forum).Thread)

	// Outside of forums answers carry the number of a thread which is no topic.
	taken(t, h.Group(anna, team, "/list"))
	taken(t, h.Group(anna, team, "/list", telegramtest.ReplyTo(h.Last(team).ID)))
	require.Equal(t, strconv.Itoa(team), h.last(t).Place)
	require.Zero(t, h.Last(team).Thread)
}

func TestWhoIsNoPersonHereIsNotHeard(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	h.AddUser(telegramtest.User{ID: 900, First: "Helper", Username: "helper_bot", IsBot: true})
	h.AddGroup(telegramtest.Group{ID: -1009000000000, Title: "News", Type: "channel", BotIsMember: true, BotIsAdmin: true})
	raw := func(body string) {
		t.Helper()
		d := h.Deliver(telegramtest.Update{}, telegramtest.Body([]byte(body)))[0]
		taken(t, d)
	}
	const from = `"from":{"id":501,"is_bot":false,"first_name":"A"}`
	const chat = `"message_id":9,"date":1700000000,"chat":{"id":501,"type":"private"}`
	raw(`{"update_id":1,"message":{` + chat + `,"from":{"id":900,"is_bot":true,"first_name":"B"},"text":"help"}}`)
	raw(`{"update_id":2,"message":{` + chat + `,` + from + `,"via_bot":{"id":900,"is_bot":true,"first_name":"B"},"text":"help"}}`)
	raw(`{"update_id":3,"message":{` + chat + `,"text":"help"}}`)
	raw(`{"update_id":4,"edited_message":{` + chat + `,` + from + `,"text":"help"}}`)
	raw(`{"update_id":5,"channel_post":{"message_id":9,"date":1,"chat":{"id":-1009000000000,"type":"channel"},"text":"/help"}}`)
	raw(`{"update_id":6,"message":{"message_id":9,"date":1,"chat":{"id":-1001000000077,"type":"supergroup"},` + from +
		`,"sender_chat":{"id":-1009000000000,"type":"channel"},"is_automatic_forward":true,"text":"/help"}}`)
	raw(`{"update_id":7,"message":{` + chat + `,` + from + `,"new_chat_title":"x"}}`)
	raw(`{"update_id":8,"message":{` + chat + `,` + from + `,"pinned_message":{"message_id":1,"date":0,"chat":{"id":501,"type":"private"}}}}`)
	require.Zero(t, h.heard())
	require.Empty(t, h.Calls("sendMessage"))
}

func TestWhoHidesBehindTheGroupIsAskedToShowUp(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	post := func(update int, words string) {
		t.Helper()
		taken(t, h.Deliver(telegramtest.Update{}, telegramtest.Body([]byte(`{"update_id":`+strconv.Itoa(update)+
			`,"message":{"message_id":9,"date":1,"chat":{"id":-1001000000077,"type":"supergroup","title":"Sales"},`+
			`"from":{"id":1087968824,"is_bot":true,"first_name":"Group"},`+
			`"sender_chat":{"id":-1001000000077,"type":"supergroup","title":"Sales"},"text":"`+words+`"}}`)))[0])
	}
	post(1, "lunch?")
	require.Empty(t, h.Said(team))
	post(2, "/connect@funnel_test_bot")
	require.Zero(t, h.heard())
	require.Contains(t, h.Last(team).Text, "write as yourself")
}

func TestWhatIsHandedOverIsKeptByReference(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	taken(t, h.Document(anna, anna, telegramtest.File{Name: "договор.pdf", Content: []byte("pdf")}, telegramtest.Caption("acme")))
	c := h.last(t).Clip
	require.NotNil(t, c)
	require.Equal(t, commands.ClipFile, c.Kind)
	require.Equal(t, "договор.pdf", c.Name)
	require.Equal(t, "acme", c.Text)
	require.NotEmpty(t, c.Ref)
	require.Empty(t, h.last(t).Text)

	taken(t, h.Photo(anna, anna, []byte("jpeg")))
	require.Equal(t, commands.ClipFile, h.last(t).Clip.Kind)
	taken(t, h.Voice(anna, anna, []byte("ogg"), 3))
	require.Equal(t, commands.ClipVoice, h.last(t).Clip.Kind)
	require.NotEmpty(t, h.last(t).Clip.Ref)
	taken(t, h.Forward(anna, anna, boris, "готовы подписать"))
	c = h.last(t).Clip
	require.Equal(t, commands.ClipMessage, c.Kind)
	require.Equal(t, "готовы подписать", c.Text)
	require.Equal(t, "Boris", c.From)
	require.False(t, c.At.IsZero())
	taken(t, h.Contact(anna, anna, "+371 20000000", "Ольга", 0))
	require.Equal(t, "Ольга +371 20000000", h.last(t).Clip.Text)
	require.Empty(t, h.Calls("getFile"), "nothing is fetched")
}

func TestGroupHandsOverOnlyToTheBot(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	h.Promote(anna, team) // now it is shown everything
	before := h.heard()
	taken(t, h.Document(boris, team, telegramtest.File{Name: "menu.pdf", Content: []byte("x")}))
	taken(t, h.Voice(boris, team, []byte("ogg"), 3))
	taken(t, h.Forward(boris, team, anna, "обед в час"))
	require.Equal(t, before, h.heard())

	taken(t, h.Document(boris, team, telegramtest.File{Name: "offer.pdf", Content: []byte("x")}, telegramtest.Caption("@funnel_test_bot acme")))
	require.Equal(t, "offer.pdf", h.last(t).Clip.Name)
	require.Equal(t, "acme", h.last(t).Clip.Text)

	// Pointing at what somebody else wrote hands that over.
	d := taken(t, h.Group(boris, team, "клиент просит счёт"))
	taken(t, h.Group(anna, team, "@funnel_test_bot", telegramtest.ReplyTo(d.Message.ID)))
	require.Equal(t, "клиент просит счёт", h.last(t).Clip.Text)
	require.Equal(t, "Boris", h.last(t).Clip.From)
}

func TestNewKindsOfThingsDoNotHideTheWords(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	taken(t, h.Deliver(telegramtest.Update{}, telegramtest.Body([]byte(`{"update_id":11,"message":{"message_id":5,"date":1700000000,
		"chat":{"id":501,"type":"private"},"from":{"id":501,"is_bot":false,"first_name":"A"},"text":"won acme",
		"forward_origin":{"type":"planet","date":1}}}`)))[0])
	require.Equal(t, "won acme", h.last(t).Text)
	require.Equal(t, "telegram:11", h.last(t).Key)
	taken(t, h.Deliver(telegramtest.Update{}, telegramtest.Body([]byte(`{"update_id":12,"my_chat_member":{"chat":{"id":501,"type":"private"},
		"date":1,"from":{"id":501},"old_chat_member":{"status":"member"},"new_chat_member":{"status":"astral"}}}`)))[0])
	require.Equal(t, 1, h.heard())
}
