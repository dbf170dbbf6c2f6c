package telegramtest_test

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"time"

	tgbot "github.com/go-telegram/bot"
	tgmodels "github.com/go-telegram/bot/models"
	"github.com/stretchr/testify/require"

	"funnelbot/bot/bottest/telegramtest"
)

func TestWhatIsExactlyAtTheLimitsIsTaken(t *testing.T) {
	t.Parallel()
	commands := make([]p, 100)
	for i := range commands {
		commands[i] = p{"command": "c" + strconv.Itoa(i), "description": strings.Repeat("я", 256)}
	}
	commands[0]["command"] = strings.Repeat("z", 32)
	for _, c := range []struct {
		name, method string
		params       p
	}{
		{"4096 units", "sendMessage", to(ann, p{"text": strings.Repeat("😀", 2048)})},
		{"4096 units after the tags", "sendMessage", to(ann, p{"text": "<b>" + strings.Repeat("&amp;", 4096) + "</b>", "parse_mode": "html"})},
		{"64 bytes of data", "sendMessage", to(ann, p{"reply_markup": keyboard(p{"text": "x", "callback_data": strings.Repeat("я", 32)})})},
		{"8 in a row, 100 in all", "sendMessage", to(ann, p{"reply_markup": p{"inline_keyboard": append(rowsOf(12), many(4))}})},
		{"no rows", "sendMessage", to(ann, p{"reply_markup": p{"inline_keyboard": [][]p{}}})},
		{"style", "sendMessage", to(ann, p{"reply_markup": keyboard(p{"text": "x", "callback_data": "d", "style": "danger"})})},
		{"forced reply", "sendMessage", to(ann, p{"reply_markup": p{"force_reply": true, "selective": true, "input_field_placeholder": strings.Repeat("x", 64)}})},
		{"removed keyboard", "sendMessage", to(ann, p{"reply_markup": p{"remove_keyboard": true}})},
		{"preview", "sendMessage", to(ann, p{"link_preview_options": p{"is_disabled": true}})},
		{"topic", "sendMessage", to(city, p{"message_thread_id": 7})},
		{"reply", "sendMessage", to(ann, p{"reply_parameters": p{"message_id": 2}})},
		{"reply to nothing, allowed", "sendMessage", to(ann, p{"reply_parameters": p{"message_id": 77, "allow_sending_without_reply": true}})},
		{"typing", "sendChatAction", p{"chat_id": ann, "action": "typing"}},
		{"100 commands", "setMyCommands", p{"commands": commands, "language_code": "ru"}},
		{"description", "setMyDescription", p{"description": strings.Repeat("x", 512)}},
		{"menu button", "setChatMenuButton", p{"menu_button": p{"type": "commands"}}},
		{"delete", "deleteMessage", p{"chat_id": ann, "message_id": 1}},
		{"leave", "leaveChat", p{"chat_id": city}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, _ := setup(t)
			furnish(t, s)
			r := ask(t, s, c.method, c.params)
			require.True(t, r.OK, r.Description)
			require.Empty(t, s.Refusals())
		})
	}
}

func TestMessagesKeepWhatTheyCarry(t *testing.T) {
	t.Parallel()
	s, b := setup(t)
	furnish(t, s)

	sent, err := b.SendMessage(t.Context(), &tgbot.SendMessageParams{
		ChatID: city, Text: "Amount?", MessageThreadID: 7,
		ReplyMarkup: &tgmodels.ForceReply{ForceReply: true, Selective: true, InputFieldPlaceholder: "12000"},
	})
	require.NoError(t, err)
	require.Equal(t, 7, sent.MessageThreadID)
	require.True(t, sent.IsTopicMessage)
	require.Equal(t, 8, sent.ID, "ids grow on in each chat")
	m := s.Last(city)
	require.Equal(t, 7, m.Thread)
	require.True(t, m.ForceReply && m.Selective)
	require.Equal(t, "12000", m.Hint)

	_, err = b.EditMessageReplyMarkup(t.Context(), &tgbot.EditMessageReplyMarkupParams{
		ChatID: ann, MessageID: 1, ReplyMarkup: &tgmodels.InlineKeyboardMarkup{InlineKeyboard: [][]tgmodels.InlineKeyboardButton{}},
	})
	require.NoError(t, err, "an empty list takes the keyboard away")
	require.Empty(t, s.Last(ann).Labels())
	require.Equal(t, "go", s.Last(ann).Earlier[0].Keyboard[0][0].Data)

	require.True(t, ask(t, s, "deleteMessage", p{"chat_id": ann, "message_id": 1}).OK)
	require.Empty(t, s.Said(ann))
	gone, ok := s.Message(ann, 1)
	require.True(t, ok)
	require.True(t, gone.Deleted)
	require.Equal(t, "Bad Request: message to edit not found", ask(t, s, "editMessageText", to(ann, p{"message_id": 1})).Description)
	require.Empty(t, s.Mistakes())
}

func TestMenusAreKeptByScopeAndLanguage(t *testing.T) {
	t.Parallel()
	s, b := setup(t)
	ctx := t.Context()

	for _, set := range []*tgbot.SetMyCommandsParams{
		{Commands: []tgmodels.BotCommand{{Command: "deal", Description: "A deal"}}},
		{Commands: []tgmodels.BotCommand{{Command: "deal", Description: "Сделка"}}, LanguageCode: "ru", Scope: &tgmodels.BotCommandScopeAllPrivateChats{}},
		{Commands: []tgmodels.BotCommand{{Command: "help", Description: "Help"}}, Scope: &tgmodels.BotCommandScopeChat{ChatID: ann}},
	} {
		_, err := b.SetMyCommands(ctx, set)
		require.NoError(t, err)
	}
	require.Equal(t, []telegramtest.Command{{Name: "deal", Description: "A deal"}}, s.Commands("default", ""))
	require.Equal(t, []telegramtest.Command{{Name: "deal", Description: "Сделка"}}, s.Commands("all_private_chats", "ru"))
	require.Equal(t, "help", s.Commands("chat:501", "")[0].Name)

	got, err := b.GetMyCommands(ctx, &tgbot.GetMyCommandsParams{LanguageCode: "ru", Scope: &tgmodels.BotCommandScopeAllPrivateChats{}})
	require.NoError(t, err)
	require.Equal(t, "Сделка", got[0].Description)
	_, err = b.DeleteMyCommands(ctx, &tgbot.DeleteMyCommandsParams{})
	require.NoError(t, err)
	require.Empty(t, s.Commands("default", ""))

	_, err = b.SetMyDescription(ctx, &tgbot.SetMyDescriptionParams{Description: "Sells", LanguageCode: "ru"})
	require.NoError(t, err)
	_, err = b.SetMyShortDescription(ctx, &tgbot.SetMyShortDescriptionParams{ShortDescription: "Short"})
	require.NoError(t, err)
	require.Equal(t, "Sells", s.Description("ru"))
	require.Equal(t, "Short", s.ShortDescription(""))
	_, err = b.SetChatMenuButton(ctx, &tgbot.SetChatMenuButtonParams{MenuButton: tgmodels.MenuButtonCommands{Type: "commands"}})
	require.NoError(t, err)
	require.Empty(t, s.Refusals())
}

func TestAPressIsAnsweredOnceAndInTime(t *testing.T) {
	t.Parallel()
	s, _ := setup(t)
	now := time.Date(2031, 3, 3, 9, 0, 0, 0, time.UTC)
	s.Now = func() time.Time { return now }
	furnish(t, s)
	answer := func(d telegramtest.Delivery, text string) string {
		return ask(t, s, "answerCallbackQuery", p{"callback_query_id": d.Query, "text": text}).Description
	}

	d := s.Press(ann, s.Last(ann), "Go")
	require.Equal(t, "Bad Request: MESSAGE_TOO_LONG", answer(d, strings.Repeat("я", 201)))
	require.Empty(t, answer(d, strings.Repeat("я", 200)))
	require.Contains(t, answer(d, "again"), "query is too old")

	late := s.Press(ann, s.Last(ann), "Go")
	now = now.Add(16 * time.Second)
	require.Contains(t, answer(late, ""), "query is too old")
	require.Len(t, s.Answers(), 1)
}

func TestMessagesAreDeletedWhereTheBotMay(t *testing.T) {
	t.Parallel()
	s, _ := setup(t)
	now := time.Date(2031, 3, 3, 9, 0, 0, 0, time.UTC)
	s.Now = func() time.Time { return now }
	furnish(t, s)
	remove := func(chat int64, id int) string {
		return ask(t, s, "deleteMessage", p{"chat_id": chat, "message_id": id}).Description
	}

	require.Empty(t, remove(ann, 2), "what a person wrote in a private chat")
	require.Equal(t, "Bad Request: message to delete not found", remove(ann, 2))
	theirs := s.Group(ann, city, "/deals").Message.ID
	require.Equal(t, "Bad Request: message can't be deleted", remove(city, theirs))
	s.Promote(ann, city)
	require.Empty(t, remove(city, theirs), "an administrator may")
	now = now.Add(49 * time.Hour)
	require.Equal(t, "Bad Request: message can't be deleted", remove(ann, 1))
	require.Equal(t, "Bad Request: message identifier is not specified", remove(ann, 0))
}

func TestStandingOfMembersIsTold(t *testing.T) {
	t.Parallel()
	s, _ := setup(t)
	furnish(t, s)
	const team int64 = -1001000000009
	s.AddGroup(telegramtest.Group{ID: team, Username: "alder_team", Admins: []int64{ann, boris}, Members: []int64{503}, BotIsMember: true})

	for user, want := range map[int64]string{ann: "creator", boris: "administrator", 503: "member", 504: "left", s.BotID: "member"} {
		r := ask(t, s, "getChatMember", p{"chat_id": "@Alder_Team", "user_id": user})
		require.Contains(t, string(r.Result), `"status":"`+want+`"`)
	}
	require.Contains(t, string(ask(t, s, "getChatMember", p{"chat_id": ann, "user_id": ann}).Result), `"status":"member"`)
	require.Equal(t, "Bad Request: member not found", ask(t, s, "getChatMember", p{"chat_id": ann, "user_id": boris}).Description)
}

func TestPressOnAMessageThatIsGoneCarriesAStub(t *testing.T) {
	t.Parallel()
	s, _ := setup(t)
	furnish(t, s)
	seen := s.Last(ann)
	require.True(t, ask(t, s, "deleteMessage", p{"chat_id": ann, "message_id": seen.ID}).OK)

	d := s.Press(ann, seen, "Go")
	var u tgmodels.Update
	require.NoError(t, json.Unmarshal(d.Update.JSON, &u))
	require.Equal(t, tgmodels.MaybeInaccessibleMessageTypeInaccessibleMessage, u.CallbackQuery.Message.Type)
	require.Equal(t, seen.ID, u.CallbackQuery.Message.InaccessibleMessage.MessageID)
}
