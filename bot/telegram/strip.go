package telegram

import (
	"context"
	"encoding/json"
	"log/slog"
	"strconv"
	"strings"

	tgbot "github.com/go-telegram/bot"
	tgmodels "github.com/go-telegram/bot/models"

	"funnelbot/funnel"
)

// rest is what a message says when nothing under it can be pressed any more.
type rest struct {
	text     string
	entities []tgmodels.MessageEntity
}

// question is [questionIn] with what is left of the message when it is answered.
func (d *Door) question(m *tgmodels.Message) question {
	q := questionIn(m)
	q.rest = d.restOf(m)
	return q
}

// restOf leaves out the line that tells to press a button, or that leads to the buttons below it. Nil:
// there is no such line.
func (d *Door) restOf(m *tgmodels.Message) *rest {
	if at := strings.LastIndexByte(m.Text, '\n'); at > 0 && strings.HasSuffix(m.Text, ":") {
		return restFrom(m, strings.TrimRight(m.Text[:at], "\n"), "")
	}
	for _, locale := range []funnel.Locale{funnel.English, funnel.Russian} {
		line := "\n" + inline(d.say(string(locale), "telegram.reply"))
		before, after, found := strings.Cut(m.Text, line)
		if !found || after != "" && after[0] != '\n' {
			continue
		}
		return restFrom(m, before, after)
	}
	return nil
}

// restFrom is a message without what stands between its beginning and its end.
func restFrom(m *tgmodels.Message, before, after string) *rest {
	r := &rest{text: before + after}
	from, gone := units(before), units(m.Text)-units(r.text)
	for _, e := range m.Entities {
		if e.Offset >= from+gone {
			e.Offset -= gone
		} else if e.Offset+e.Length > from {
			continue
		}
		r.entities = append(r.entities, e)
	}
	return r
}

// message names a message of any chat.
func (p place) message(id int) string { return p.chatID() + "/" + strconv.Itoa(id) }

// strip takes the buttons of a message away, and the line that speaks of them. It is a courtesy:
// whoever presses one that is still there is told that it is not good any more.
func (d *Door) strip(ctx context.Context, p place, q question) {
	if _, done := d.bare.get(p.message(q.message)); done {
		return
	}
	var err error
	if q.rest != nil {
		_, err = call[json.RawMessage](ctx, d, "editMessageText", &tgbot.EditMessageTextParams{
			ChatID: p.chat, MessageID: q.message, Text: q.rest.text, Entities: q.rest.entities, LinkPreviewOptions: noPreview(),
			ReplyMarkup: noKeyboard(),
		})
	} else {
		_, err = call[json.RawMessage](ctx, d, "editMessageReplyMarkup", &tgbot.EditMessageReplyMarkupParams{
			ChatID: p.chat, MessageID: q.message, ReplyMarkup: noKeyboard(),
		})
	}
	switch {
	case err == nil, notModified(err), lostMessage(err):
		d.bare.put(p.message(q.message), struct{}{})
	default:
		d.Log.InfoContext(ctx, "old buttons not taken away", slog.String("door", Name), slog.Any("error", err))
	}
}
