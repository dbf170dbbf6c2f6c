package telegram

import (
	"context"
	"strconv"

	tgbot "github.com/go-telegram/bot"
	tgmodels "github.com/go-telegram/bot/models"

	"funnelbot/bot"
	"funnelbot/bot/message"
)

// reply is where the answer to a visit goes.
type reply struct {
	place
	visit bot.Visit
	user  int64
	// to is the message that is answered, in a group; 0 for none.
	to int
	// pressed is the message in which a button was pressed, zero if it is gone or nothing was
	// pressed, and ending what becomes of it.
	pressed question
	ending  ending
	// data is that of the button; empty for words.
	data string
	// answered is the question of the bot that words were written in answer to.
	answered question
}

// answer posts a document. It returns when it was posted or is owed.
func (d *Door) answer(ctx context.Context, r reply, doc message.Doc) error {
	if doc.IsZero() {
		return nil
	}
	a := bot.Answer{
		Workspace: doc.Workspace, Member: doc.Member, Lane: r.lane(), Key: r.visit.Key, Doc: doc, Locale: r.visit.Caller.Locale,
	}
	notice := a.Notice().String()
	a.Send = func(ctx context.Context) (string, error) { return d.deliver(ctx, r, notice, doc) }
	return d.Answers.Post(ctx, a)
}

// deliver makes the first attempt at posting an answer.
func (d *Door) deliver(ctx context.Context, r reply, notice string, doc message.Doc) (string, error) {
	render := renderer{p: d.Texts.In(string(r.visit.Caller.Locale)), pressed: r.data}
	if r.group {
		render.asked = &person{id: r.user, name: r.visit.Caller.Name}
	}
	parts := render.render(doc)
	if only, ok := alone(parts); ok && r.ending == replaced && r.pressed.message != 0 {
		now, edited, err := d.edit(ctx, r.place, r.pressed.message, only)
		if edited || err != nil {
			if err == nil {
				d.note(r, now, only, doc)
			}
			return strconv.Itoa(r.pressed.message), err
		}
	}
	id, last, err := d.post(ctx, r.place, r.to, notice, parts)
	if err != nil {
		return id, err
	}
	if r.pressed.pressable && r.ending != stays {
		d.strip(ctx, r.place, r.pressed)
	}
	d.settle(ctx, r, last, parts[len(parts)-1], doc)
	return id, nil
}

// endingAt is [endingOf] for a button in a message that may not be the one that asks any more: then the
// question comes anew below everything else, as it would not be seen so far above.
func (d *Door) endingAt(r reply, doc message.Doc) ending {
	end := endingOf(r.data, doc)
	asked, _ := dialogIn(doc)
	if now, known := d.questions.get(r.key()); end == replaced && known && now.dialog == asked && now.message > r.pressed.message {
		return spent
	}
	return end
}

// edit puts a text in the place of a message and returns that. False: the message is not there any more.
func (d *Door) edit(ctx context.Context, p place, id int, to part) (now *tgmodels.Message, edited bool, err error) {
	params := &tgbot.EditMessageTextParams{
		ChatID: p.chat, MessageID: id, Text: to.html, ParseMode: "HTML", LinkPreviewOptions: noPreview(), ReplyMarkup: to.below,
	}
	if to.below == nil {
		params.ReplyMarkup = noKeyboard()
	}
	now, err = call[*tgmodels.Message](ctx, d, "editMessageText", params)
	switch {
	case notModified(err):
		now = &tgmodels.Message{ID: id}
	case lostMessage(err):
		return nil, false, nil
	case err != nil:
		return nil, false, sending(err)
	}
	if to.below == nil {
		d.bare.put(p.message(id), struct{}{})
	} else {
		d.bare.drop(p.message(id))
	}
	return now, true, nil
}

// settle takes the buttons of a question away that is answered or asked again below, and remembers
// the new one.
func (d *Door) settle(ctx context.Context, r reply, last *tgmodels.Message, p part, doc message.Doc) {
	asked, waiting := dialogIn(doc)
	before, known := d.questions.get(r.key())
	for _, q := range []question{before, r.answered} {
		over := q.dialog != "" && (q.dialog == asked || q.dialog != waiting)
		if over && q.pressable && q.message != last.ID && q.message != r.pressed.message && (r.visit.Press == nil || q.dialog == asked) {
			d.strip(ctx, r.place, q)
		}
	}
	if asked != "" {
		d.note(r, last, p, doc)
	} else if known && before.dialog != waiting && r.visit.Press == nil {
		d.questions.drop(r.key())
	}
}

// note remembers the question that waits for an answer of the person in that place.
func (d *Door) note(r reply, m *tgmodels.Message, p part, doc message.Doc) {
	asked, _ := dialogIn(doc)
	if asked == "" {
		return
	}
	_, pressable := p.below.(*keyboard)
	d.questions.put(r.key(), question{message: m.ID, dialog: asked, pressable: pressable, rest: d.restOf(m)})
}

func (r reply) key() string { return r.name() + " " + strconv.FormatInt(r.user, 10) }
