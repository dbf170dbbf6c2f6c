package telegramtest_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	tgbot "github.com/go-telegram/bot"
	tgmodels "github.com/go-telegram/bot/models"
	"github.com/stretchr/testify/require"

	"funnelbot/bot/bottest/telegramtest"
)

const (
	ann   int64 = 501
	boris int64 = 502
)

// setup gives a double with two people in it and the real client connected to it.
func setup(t *testing.T) (*telegramtest.Server, *tgbot.Bot) {
	t.Helper()
	s := telegramtest.New(t)
	s.AddUser(telegramtest.User{ID: ann, First: "Ann", Username: "ann", Language: "en", Started: true})
	s.AddUser(telegramtest.User{ID: boris, First: "Борис", Language: "ru", Started: true})
	b, err := tgbot.New(s.Token, tgbot.WithServerURL(s.URL))
	require.NoError(t, err)
	return s, b
}

// rows are buttons without the empty copy_text of the client's own type.
func rows(buttons ...[]telegramtest.Button) map[string]any {
	return map[string]any{"inline_keyboard": buttons}
}

// door is a webhook that keeps what it got and answers as it is told.
func door(t *testing.T, answer func(*http.Request, tgmodels.Update) (status int, body string)) string {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Errorf("read the update: %v", err)
		}
		var u tgmodels.Update
		if err := json.Unmarshal(body, &u); err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		status, text := answer(r, u)
		if strings.HasPrefix(text, "{") {
			w.Header().Set("Content-Type", "application/json")
		}
		w.WriteHeader(status)
		w.Write([]byte(text))
	}))
	t.Cleanup(srv.Close)
	return srv.URL
}

func TestClientSendsEditsAndAnswers(t *testing.T) {
	t.Parallel()
	s, b := setup(t)
	ctx := t.Context()

	me, err := b.GetMe(ctx)
	require.NoError(t, err)
	require.Equal(t, s.BotID, me.ID)
	require.Equal(t, s.Username, me.Username)
	require.Equal(t, b.ID(), s.BotID)

	sent, err := b.SendMessage(ctx, &tgbot.SendMessageParams{
		ChatID: ann, Text: "<b>Alder &amp; Co</b> 😀 at <a href=\"https://alder.example\">work</a>\n", ParseMode: "HTML",
		ReplyMarkup: rows([]telegramtest.Button{{Text: "Yes", Data: "y"}, {Text: "No", Data: "n"}}, []telegramtest.Button{{Text: "Site", URL: "https://alder.example"}}),
	})
	require.NoError(t, err)
	require.Equal(t, "Alder & Co 😀 at work", sent.Text)
	require.Equal(t, 1, sent.ID)
	m := s.Last(ann)
	require.Equal(t, "Alder & Co 😀 at work\n[Yes] [No]\n[Site]\n", m.Plain())
	require.Equal(t, []telegramtest.Entity{
		{Type: "bold", Offset: 0, Length: 10},
		{Type: "text_link", Offset: 17, Length: 4, URL: "https://alder.example"},
	}, m.Entities)

	_, err = b.EditMessageText(ctx, &tgbot.EditMessageTextParams{ChatID: ann, MessageID: sent.ID, Text: "Done"})
	require.NoError(t, err)
	m = s.Last(ann)
	require.Equal(t, "Done\n", m.Plain(), "an edit without a keyboard takes it away")
	require.Len(t, m.Earlier, 1)
	require.Equal(t, "Alder & Co 😀 at work", m.Earlier[0].Text)

	d := s.PressData(ann, ann, sent.ID, "y")
	require.True(t, d.Queued)
	ok, err := b.AnswerCallbackQuery(ctx, &tgbot.AnswerCallbackQueryParams{CallbackQueryID: d.Query, Text: "Saved"})
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, "Saved", s.Answers()[0].Text)
	require.Empty(t, s.Refusals())
}

func TestClientsOwnButtonsAreRefusedForTheirEmptyCopyText(t *testing.T) {
	t.Parallel()
	s, b := setup(t)

	_, err := b.SendMessage(t.Context(), &tgbot.SendMessageParams{ChatID: ann, Text: "Sure?", ReplyMarkup: &tgmodels.InlineKeyboardMarkup{
		InlineKeyboard: [][]tgmodels.InlineKeyboardButton{{{Text: "Yes", CallbackData: "y"}}},
	}})
	require.ErrorContains(t, err, "Bad Request: BUTTON_COPY_TEXT_INVALID")
	require.Len(t, s.Mistakes(), 1)
	require.Empty(t, s.Said(ann))
}

func TestWebhookGetsMessagesAndPresses(t *testing.T) {
	t.Parallel()
	s, b := setup(t)
	var got []tgmodels.Update
	s.Bot = door(t, func(r *http.Request, u tgmodels.Update) (int, string) {
		if r.Header.Get("X-Telegram-Bot-Api-Secret-Token") != s.WebhookSecret {
			return http.StatusUnauthorized, ""
		}
		got = append(got, u)
		if u.Message != nil {
			_, err := b.SendMessage(context.WithoutCancel(r.Context()), &tgbot.SendMessageParams{
				ChatID: u.Message.Chat.ID, Text: "Which?", ReplyMarkup: rows([]telegramtest.Button{{Text: "This", Data: "1"}}),
			})
			if err != nil {
				return http.StatusInternalServerError, err.Error()
			}
		}
		return http.StatusOK, "ok"
	})

	d := s.Start(ann, "code_1")
	require.Equal(t, http.StatusOK, d.Status, d.Body)
	require.Equal(t, "ok", d.Body)
	require.Positive(t, d.Duration)
	require.Equal(t, "/start code_1", got[0].Message.Text)
	require.Equal(t, tgmodels.MessageEntityTypeBotCommand, got[0].Message.Entities[0].Type)
	require.Equal(t, "en", got[0].Message.From.LanguageCode)

	d = s.Press(ann, s.Last(ann), "This")
	require.True(t, d.OK())
	require.Equal(t, "1", got[1].CallbackQuery.Data)
	require.Equal(t, "Which?", got[1].CallbackQuery.Message.Message.Text)
	require.Equal(t, d.Query, got[1].CallbackQuery.ID)
	require.Empty(t, s.Pending())

	d = s.Private(ann, "hello", telegramtest.Secret("wrong"))
	require.Equal(t, http.StatusUnauthorized, d.Status)
	require.Len(t, s.Pending(), 1, "what was refused is kept")
}
