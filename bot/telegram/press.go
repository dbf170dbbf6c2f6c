package telegram

import (
	"context"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"time"

	tgbot "github.com/go-telegram/bot"
	tgmodels "github.com/go-telegram/bot/models"

	"funnelbot/bot"
	"funnelbot/bot/message"
)

// pressed answers the press of a button.
func (d *Door) pressed(ctx context.Context, update int64, q *tgmodels.CallbackQuery) error {
	m, kept := where(q)
	if q.From.IsBot || q.From.ID == 0 || m == nil || q.Data == "" {
		d.stopSpinning(ctx, q, "")
		return nil
	}
	p := placeOf(m)
	if p.group && forAnother(m, q) {
		d.Meter.Refused(Name, "other")
		d.stopSpinning(ctx, q, d.say(string(caller(&q.From).Locale), "telegram.not_yours"))
		return nil
	}
	stop := d.spinning(ctx, q)
	v := bot.Visit{
		Caller: caller(&q.From), Venue: venue(p, &m.Chat), Place: p.name(), Key: keyOfUpdate(update),
		Press: &bot.Press{Action: asIfPressed(q.Data)}, Root: strconv.Itoa(m.ID), At: d.Clock().UTC(),
	}
	end, err := d.turns.Enter(ctx, p.name()+" "+v.Caller.External)
	if err != nil {
		stop("")
		return err
	}
	defer end()
	doc, err := d.Host(ctx, v)
	if err != nil {
		stop("")
		return err
	}
	r := reply{place: p, visit: v.Answered(doc), user: q.From.ID, data: q.Data}
	if kept {
		r.pressed = d.question(m)
		r.ending = d.endingAt(r, doc)
	}
	if _, _, turns := turned(q.Data); turns && r.ending == replaced {
		doc = onlyQuestion(doc)
	}
	if words := passing(doc); words != "" && stop(words) {
		if r.pressed.pressable && r.ending == spent {
			d.strip(ctx, p, r.pressed)
		}
		return nil
	}
	d.inTime(ctx, func(context.Context) { stop("") })
	return d.answer(ctx, r, doc)
}

// passing returns the words of a document that need no message, because it says only that a button is
// good no more. Empty: it needs one.
func passing(doc message.Doc) string {
	if !doc.Over {
		return ""
	}
	var words []string
	for _, b := range doc.Blocks {
		if p, ok := b.(message.Paragraph); ok {
			words = append(words, inline(p.Text.String()))
		}
	}
	if all := strings.Join(words, " "); units(all) <= maxSpoken {
		return all
	}
	return ""
}

// forAnother reports whether a button speaks to a question that somebody else was asked. Beside such a
// question there may be buttons for everybody, as under a deal that has just changed.
func forAnother(m *tgmodels.Message, q *tgmodels.CallbackQuery) bool {
	asked := askedIn(m)
	if asked == 0 || asked == q.From.ID {
		return false
	}
	name, _ := dialogOf(q.Data)
	return name != "" || questionIn(m).dialog == ""
}

// where returns the message in which a button was pressed. One that the platform does not keep any
// more has only its chat.
func where(q *tgmodels.CallbackQuery) (m *tgmodels.Message, kept bool) {
	switch {
	case q.Message.Message != nil && q.Message.Message.Chat.ID != 0:
		return q.Message.Message, true
	case q.Message.InaccessibleMessage != nil && q.Message.InaccessibleMessage.Chat.ID != 0:
		gone := q.Message.InaccessibleMessage
		return &tgmodels.Message{ID: gone.MessageID, Chat: gone.Chat}, false
	}
	return nil, false
}

// spinning returns what ends the wait of who pressed a button, with a few words or none, and reports
// whether they are shown. The platform shows a spinner until then and takes the words for some seconds
// only, while the work may take longer: after spinFor the wait ends by itself.
func (d *Door) spinning(ctx context.Context, q *tgmodels.CallbackQuery) (stop func(words string) bool) {
	ctx = context.WithoutCancel(ctx)
	var once sync.Once
	end := func(words string) (told bool) {
		once.Do(func() { told = d.stopSpinning(ctx, q, words) })
		return told
	}
	late := time.AfterFunc(spinFor, func() { d.inTime(ctx, func(context.Context) { end("") }) })
	return func(words string) bool {
		late.Stop()
		return end(words)
	}
}

// stopSpinning ends the wait of who pressed a button and reports whether the platform took it. It is a
// courtesy: a query that is too old, or answered in an earlier delivery, is none any more.
func (d *Door) stopSpinning(ctx context.Context, q *tgmodels.CallbackQuery, words string) bool {
	_, err := call[bool](ctx, d, "answerCallbackQuery", &tgbot.AnswerCallbackQueryParams{CallbackQueryID: q.ID, Text: short(inline(words), maxSpoken)})
	if err != nil && !refused(err, "query is too old") {
		d.Log.InfoContext(ctx, "press not answered", slog.String("door", Name), slog.Any("error", err))
	}
	return err == nil
}

// inTime does something beside the work for an update; a stop waits for it too.
func (d *Door) inTime(ctx context.Context, do func(ctx context.Context)) {
	ctx = context.WithoutCancel(ctx)
	if !d.begin() {
		do(ctx)
		return
	}
	go func() {
		defer d.work.Done()
		do(ctx)
	}()
}
