package telegramtest_test

import (
	"maps"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/bot/bottest/telegramtest"
)

type p = map[string]any

// city is a supergroup with topics, gone a group that threw the bot out, news a channel of others.
const (
	city int64 = -1001000000001
	gone int64 = -41
	news int64 = -1001000000003
)

// furnish makes the chats the tables speak of; with Ann, message 1 is the bot's and 2 is hers.
func furnish(t *testing.T, s *telegramtest.Server) {
	t.Helper()
	s.AddUser(telegramtest.User{ID: 503, First: "Cold"})
	s.AddUser(telegramtest.User{ID: 504, First: "Cross", Started: true, Blocked: true})
	s.AddUser(telegramtest.User{ID: 505, First: "Machine", IsBot: true, Started: true})
	s.AddGroup(telegramtest.Group{ID: city, Title: "City", IsForum: true, Topics: map[int]string{1: "General", 7: "Deals"}, Members: []int64{ann, boris}, BotIsMember: true, Privacy: true})
	s.AddGroup(telegramtest.Group{ID: gone, Title: "Gone", Type: "group", Members: []int64{ann}, BotIsMember: true})
	s.AddGroup(telegramtest.Group{ID: news, Title: "News", Type: "channel", BotIsMember: true})
	s.Kick(ann, gone)
	require.True(t, ask(t, s, "sendMessage", p{"chat_id": ann, "text": "first", "reply_markup": keyboard(p{"text": "Go", "callback_data": "go"})}).OK)
	s.Private(ann, "hello")
}

func keyboard(buttons ...p) p {
	return p{"inline_keyboard": [][]p{buttons}}
}

func many(n int) []p {
	buttons := make([]p, n)
	for i := range buttons {
		buttons[i] = p{"text": "b", "callback_data": "d" + strconv.Itoa(i)}
	}
	return buttons
}

type refused struct {
	name   string
	method string
	params p
	want   string
}

func check(t *testing.T, cases []refused) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, _ := setup(t)
			furnish(t, s)
			s.Forget()
			before := s.Messages(ann)
			r := ask(t, s, c.method, c.params)
			require.False(t, r.OK)
			require.Equal(t, c.want, r.Description)
			require.Len(t, s.Refusals(), 1)
			require.Equal(t, c.want, s.Refusals()[0].Description)
			require.Equal(t, before, s.Messages(ann), "a refused call changes nothing")
		})
	}
}

func to(chat any, more p) p {
	params := p{"chat_id": chat, "text": "hello"}
	maps.Copy(params, more)
	return params
}

func TestSendingIsRefusedByItsParameters(t *testing.T) {
	t.Parallel()
	check(t, []refused{
		{"no chat", "sendMessage", p{"text": "x"}, "Bad Request: chat_id is empty"},
		{"strange chat", "sendMessage", to(999, nil), "Bad Request: chat not found"},
		{"strange name", "sendMessage", to("@nobody", nil), "Bad Request: chat not found"},
		{"chat is a word", "sendMessage", to("ann", nil), `Bad Request: parameter "chat_id" is not of type id`},
		{"unknown parameter", "deleteMessage", p{"chat_id": ann, "message": 1}, `Bad Request: unknown parameter "message", deleteMessage takes "chat_id", "message_id"`},
		{"not a number", "deleteMessage", p{"chat_id": ann, "message_id": "one"}, `Bad Request: parameter "message_id" is not of type int`},
		{"not a truth value", "sendMessage", to(ann, p{"disable_notification": "maybe"}), `Bad Request: parameter "disable_notification" is not of type bool`},
		{"no text", "sendMessage", p{"chat_id": ann}, "Bad Request: message text is empty"},
		{"blank text", "sendMessage", to(ann, p{"text": " \n\t "}), "Bad Request: message text is empty"},
		{"tags only", "sendMessage", to(ann, p{"text": "<b> </b>", "parse_mode": "HTML"}), "Bad Request: message text is empty"},
		{"4097 units", "sendMessage", to(ann, p{"text": strings.Repeat("я", 4097)}), "Bad Request: message is too long"},
		{"2049 emoji", "sendMessage", to(ann, p{"text": strings.Repeat("😀", 2049)}), "Bad Request: message is too long"},
		{"another parse mode", "sendMessage", to(ann, p{"parse_mode": "MarkdownV2"}), `Bad Request: unsupported parse_mode "MarkdownV2", only HTML is read here`},
		{"entity outside", "sendMessage", to(ann, p{"entities": []p{{"type": "bold", "offset": 3, "length": 9}}}), "Bad Request: can't parse message entity: offset 3 and length 9 are outside of the text"},
		{"misspelt preview", "sendMessage", to(ann, p{"link_preview_options": p{"disabled": true}}), `Bad Request: can't parse link preview options JSON object: unknown field "disabled"`},
		{"strange thread", "sendMessage", to(city, p{"message_thread_id": 8}), "Bad Request: message thread not found"},
		{"general topic by its id", "sendMessage", to(city, p{"message_thread_id": 1}), "Bad Request: message thread not found"},
		{"thread in private", "sendMessage", to(ann, p{"message_thread_id": 7}), "Bad Request: message thread not found"},
		{"reply to nothing", "sendMessage", to(ann, p{"reply_parameters": p{"message_id": 77}}), "Bad Request: message to be replied not found"},
		{"action", "sendChatAction", p{"chat_id": ann, "action": "dancing"}, "Bad Request: wrong parameter action in request"},
	})
}

func TestSendingIsRefusedByTheStateOfTheChat(t *testing.T) {
	t.Parallel()
	check(t, []refused{
		{"never started", "sendMessage", to(503, nil), "Forbidden: bot can't initiate conversation with a user"},
		{"blocked", "sendMessage", to(504, nil), "Forbidden: bot was blocked by the user"},
		{"another bot", "sendMessage", to(505, nil), "Forbidden: bot can't send messages to bots"},
		{"kicked", "sendMessage", to(gone, nil), "Forbidden: bot was kicked from the group chat"},
		{"channel without rights", "sendMessage", to(news, nil), "Bad Request: need administrator rights in the channel chat"},
		{"leave a person", "leaveChat", p{"chat_id": ann}, "Bad Request: chat member status can't be changed in private chats"},
		{"look at a stranger", "getChat", p{"chat_id": 503}, "Bad Request: chat not found"},
		{"strange member", "getChatMember", p{"chat_id": city, "user_id": 999}, "Bad Request: user not found"},
		{"no member", "getChatMember", p{"chat_id": city}, "Bad Request: invalid user_id specified"},
	})
}

func TestKeyboardsAreRefused(t *testing.T) {
	t.Parallel()
	send := func(markup any) p { return to(ann, p{"reply_markup": markup}) }
	hundred := p{"inline_keyboard": append(rowsOf(12), many(5))}
	check(t, []refused{
		{"65 bytes of data", "sendMessage", send(keyboard(p{"text": "x", "callback_data": strings.Repeat("я", 32) + "z"})), "Bad Request: BUTTON_DATA_INVALID"},
		{"no action", "sendMessage", send(keyboard(p{"text": "x"})), "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"},
		{"empty data", "sendMessage", send(keyboard(p{"text": "x", "callback_data": ""})), "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"},
		{"two actions", "sendMessage", send(keyboard(p{"text": "x", "callback_data": "d", "url": "https://a.example"})), "Bad Request: can't parse inline keyboard button: exactly one action must be used"},
		{"no label", "sendMessage", send(keyboard(p{"callback_data": "d"})), `Bad Request: can't parse inline keyboard button: Can't find field "text"`},
		{"empty label", "sendMessage", send(keyboard(p{"text": " ", "callback_data": "d"})), "Bad Request: inline keyboard button text must be non-empty"},
		{"empty copy text", "sendMessage", send(keyboard(p{"text": "x", "callback_data": "d", "copy_text": p{"text": ""}})), "Bad Request: BUTTON_COPY_TEXT_INVALID"},
		{"address", "sendMessage", send(keyboard(p{"text": "x", "url": "ftp://a.example"})), "Bad Request: inline keyboard button URL 'ftp://a.example' is invalid: Wrong HTTP URL"},
		{"style", "sendMessage", send(keyboard(p{"text": "x", "callback_data": "d", "style": "loud"})), "Bad Request: can't parse inline keyboard button: Invalid button style specified"},
		{"nine in a row", "sendMessage", send(keyboard(many(9)...)), "Bad Request: reply markup is too long"},
		{"101 in all", "sendMessage", send(hundred), "Bad Request: reply markup is too long"},
		{"nil list", "sendMessage", send(p{"inline_keyboard": nil}), `Bad Request: can't parse inline keyboard: field "inline_keyboard" must be of type Array`},
		{"nil markup", "sendMessage", to(ann, p{"reply_markup": "null"}), "Bad Request: object expected as reply markup"},
		{"misspelt markup", "sendMessage", send(p{"inline_keyboards": [][]p{}}), `Bad Request: can't parse reply keyboard markup JSON object: unknown field "inline_keyboards"`},
		{"misspelt button", "sendMessage", send(keyboard(p{"text": "x", "callbackdata": "d"})), `Bad Request: can't parse inline keyboard button: unknown field "callbackdata"`},
		{"long hint", "sendMessage", send(p{"force_reply": true, "input_field_placeholder": strings.Repeat("x", 65)}), "Bad Request: input field placeholder is too long"},
		{"forced reply on an edit", "editMessageText", to(ann, p{"message_id": 1, "reply_markup": p{"force_reply": true}}), "Bad Request: inline keyboard expected"},
	})
}

func rowsOf(n int) [][]p {
	list := make([][]p, n)
	for i := range list {
		list[i] = many(8)
	}
	return list
}

func TestEditingAndAnsweringAreRefused(t *testing.T) {
	t.Parallel()
	const notModified = "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message"
	check(t, []refused{
		{"no message", "editMessageText", to(ann, nil), "Bad Request: message identifier is not specified"},
		{"strange message", "editMessageText", to(ann, p{"message_id": 77}), "Bad Request: message to edit not found"},
		{"somebody else's", "editMessageText", to(ann, p{"message_id": 2}), "Bad Request: message can't be edited"},
		{"the same", "editMessageText", to(ann, p{"message_id": 1, "text": "first", "reply_markup": keyboard(p{"text": "Go", "callback_data": "go"})}), notModified},
		{"the same keyboard", "editMessageReplyMarkup", p{"chat_id": ann, "message_id": 1, "reply_markup": keyboard(p{"text": "Go", "callback_data": "go"})}, notModified},
		{"empty edit", "editMessageText", to(ann, p{"message_id": 1, "text": ""}), "Bad Request: message text is empty"},
		{"delete nothing", "deleteMessage", p{"chat_id": ann, "message_id": 77}, "Bad Request: message to delete not found"},
		{"strange query", "answerCallbackQuery", p{"callback_query_id": "1"}, "Bad Request: query is too old and response timeout expired or query ID is invalid"},
		{"strange file", "getFile", p{"file_id": "x"}, "Bad Request: wrong file_id or the file is temporarily unavailable"},
		{"no photo", "sendPhoto", p{"chat_id": ann}, "Bad Request: there is no photo in the request"},
		{"strange document", "sendDocument", p{"chat_id": ann, "document": "x"}, "Bad Request: wrong file_id or the file is temporarily unavailable"},
		{"long caption", "sendDocument", p{"chat_id": ann, "document": "x", "caption": strings.Repeat("x", 1025)}, "Bad Request: message caption is too long"},
	})
}

func TestMenusAreRefused(t *testing.T) {
	t.Parallel()
	one := func(name, text string) p { return p{"commands": []p{{"command": name, "description": text}}} }
	hundredOne := make([]p, 101)
	for i := range hundredOne {
		hundredOne[i] = p{"command": "c" + strconv.Itoa(i), "description": "x"}
	}
	check(t, []refused{
		{"capitals", "setMyCommands", one("Deal", "x"), "Bad Request: BOT_COMMAND_INVALID"},
		{"russian", "setMyCommands", one("сделка", "x"), "Bad Request: BOT_COMMAND_INVALID"},
		{"33 letters", "setMyCommands", one(strings.Repeat("c", 33), "x"), "Bad Request: BOT_COMMAND_INVALID"},
		{"no description", "setMyCommands", one("deal", " "), "Bad Request: command description must be non-empty"},
		{"257 letters", "setMyCommands", one("deal", strings.Repeat("я", 257)), "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID"},
		{"101 commands", "setMyCommands", p{"commands": hundredOne}, "Bad Request: BOT_COMMANDS_TOO_MUCH"},
		{"no commands", "setMyCommands", p{}, `Bad Request: can't parse list of bot commands: parameter "commands" is required`},
		{"scope", "getMyCommands", p{"scope": p{"type": "everybody"}}, "Bad Request: can't parse BotCommandScope: Unsupported type specified"},
		{"chat of a scope", "getMyCommands", p{"scope": p{"type": "chat", "chat_id": 999}}, "Bad Request: chat not found"},
		{"language", "deleteMyCommands", p{"language_code": "english"}, "Bad Request: invalid language code specified"},
		{"description", "setMyDescription", p{"description": strings.Repeat("x", 513)}, "Bad Request: description is too long"},
		{"short description", "setMyShortDescription", p{"short_description": strings.Repeat("x", 121)}, "Bad Request: short description is too long"},
		{"menu button", "setChatMenuButton", p{"menu_button": p{"type": "web_app"}}, "Bad Request: can't parse menu button: Unsupported type or missing field"},
	})
}

func TestWebhooksAreRefused(t *testing.T) {
	t.Parallel()
	const address = "https://bot.alder.example/telegram"
	check(t, []refused{
		{"plain http", "setWebhook", p{"url": "http://bot.alder.example"}, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook"},
		{"port", "setWebhook", p{"url": "https://bot.alder.example:8080"}, "Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"},
		{"own machine", "setWebhook", p{"url": "https://127.0.0.1/x"}, "Bad Request: bad webhook: IP address 127.0.0.1 is reserved"},
		{"secret", "setWebhook", p{"url": address, "secret_token": "with space"}, "Bad Request: secret token contains unallowed characters"},
		{"connections", "setWebhook", p{"url": address, "max_connections": 101}, "Bad Request: max_connections must be between 1 and 100, not 101"},
		{"kind of update", "setWebhook", p{"url": address, "allowed_updates": []string{"mesage"}}, `Bad Request: unknown kind of update "mesage" in allowed_updates`},
	})
}

func TestRefusalsThatFollowFromTheWorldAreNoMistakes(t *testing.T) {
	t.Parallel()
	s, _ := setup(t)
	furnish(t, s)
	s.Forget()

	require.Equal(t, http.StatusForbidden, ask(t, s, "sendMessage", to(504, nil)).ErrorCode)
	require.Len(t, s.Refusals(), 1)
	require.Empty(t, s.Mistakes())
	require.Equal(t, http.StatusBadRequest, ask(t, s, "sendMessage", to(999, nil)).ErrorCode)
	require.Len(t, s.Mistakes(), 1)
	require.Equal(t, "sendMessage", s.Mistakes()[0].Method)
	require.Equal(t, "999", s.Mistakes()[0].Params["chat_id"])
}
