package slack

import (
	"context"
	"log/slog"
	"strconv"

	slackapi "github.com/slack-go/slack"

	"funnelbot/bot"
	"funnelbot/bot/message"
	"funnelbot/commands"
	"funnelbot/funnel/dialog"
)

// Ways to speak to a dialog that the door itself knows.
const (
	actLater  = dialog.ActLater
	actResume = dialog.Act("resume")
)

// forms is how many questions can be asked at once in answer to an act: as many as fit into a view,
// where one stands or can be opened. A dialog that is asked by message goes on as it began, and so does
// one in a view that was laid out for fewer.
func (a act) forms() int {
	switch {
	case a.view.id != "":
		return a.origin.Forms
	case a.trigger == "" || a.question || a.press != nil && speaks(a.press.Action):
		return 0
	}
	return maxFormQuestions
}

// speaks reports whether an action answers a question that stands, in whatever way.
func speaks(action string) bool {
	asking, _ := dialogIn(message.New(message.Buttons{Buttons: []message.Button{{Action: action}}}))
	return asking != ""
}

// asked opens a view with the question. Where that fails, the question is asked by message.
func (d *Door) asked(ctx context.Context, a act, v *bot.Visit, doc message.Doc) (message.Doc, bool) {
	if a.turns {
		a.origin.Message = a.message
	}
	m, doc, ok := d.layOut(ctx, a, v, doc)
	if !ok {
		return doc, false
	}
	_, err := d.openView(ctx, a.trigger, m)
	if err != nil {
		d.Log.InfoContext(ctx, "view not opened, asking by message", slog.Any("error", err))
	}
	return doc, err == nil
}

// layOut puts a document that belongs into a view there; false if it does not fit. Where its questions
// are too many or too large for one view, fewer of them are asked for: the document that it returns is
// the one that stands then, and the visit that of its view.
func (d *Door) layOut(ctx context.Context, a act, v *bot.Visit, doc message.Doc) (slackapi.ModalViewRequest, message.Doc, bool) {
	if !viewed(doc) {
		return slackapi.ModalViewRequest{}, doc, false
	}
	for {
		from := a.origin
		from.Forms = v.Forms
		m, ok := modal(d.words(*v), doc, from, a.sent())
		if ok {
			return m, doc, true
		}
		n := paged(doc) / 2
		for n > 0 {
			if _, ok = modal(d.words(*v), leading(doc, n), from, a.sent()); ok {
				break
			}
			n /= 2
		}
		if n == 0 {
			return m, doc, false
		}
		fewer, ok := d.again(ctx, *v, doc, n)
		if !ok || paged(fewer) > n {
			return m, doc, false
		}
		v.Forms, doc = n, fewer
		if !viewed(doc) {
			return m, doc, false
		}
	}
}

// sent is what was sent of a page.
func (a act) sent() []dialog.Field {
	if a.way != bySubmit || a.press == nil {
		return nil
	}
	return a.press.Fields
}

// inMessage is a document as it can stand in a message, where one question is asked at a time.
func (d *Door) inMessage(ctx context.Context, v bot.Visit, doc message.Doc) message.Doc {
	if paged(doc) == 0 {
		return doc
	}
	if one, ok := d.again(ctx, v, doc, 0); ok && paged(one) == 0 {
		return one
	}
	return leading(doc, 1)
}

// again shows what stands in a dialog anew, asking so many questions at once.
func (d *Door) again(ctx context.Context, v bot.Visit, doc message.Doc, forms int) (message.Doc, bool) {
	token, _ := dialogIn(doc)
	if token == "" {
		return doc, false
	}
	v.Press, v.Text, v.Clip = &bot.Press{Action: commands.QuestionAction(token, actResume, "")}, "", nil
	v.Forms, v.Key = forms, v.Key+".forms"+strconv.Itoa(forms)
	next, err := d.Host(ctx, v)
	if err != nil {
		d.Log.WarnContext(ctx, "dialog not laid out anew", slog.String("key", v.Key), slog.Any("error", err))
		return doc, false
	}
	return next, true
}

// inView shows a question in the view that it came from. What is no question is said in the
// conversation, because a view does not stay, and the view says so; but for a sentence about nothing
// that would, which stands in the view it was pressed in. An answer never stands twice.
func (d *Door) inView(ctx context.Context, a act, v bot.Visit, doc message.Doc) error {
	m, doc, ok := d.layOut(ctx, a, &v, doc)
	if ok {
		err := d.updateView(ctx, a.view, m)
		if err == nil || refusedFor(err, "hash_conflict") {
			return nil // what was done later stands there already
		}
	}
	doc = d.inMessage(ctx, v, doc)
	var said message.Block
	if a.way == byPress && !a.loading && a.message == "" { // pressed in the view, and about nothing outside it
		said = passing(doc)
	}
	err := d.updateView(ctx, a.view, closing(d.words(v), said, a.origin))
	if err != nil {
		d.Log.InfoContext(ctx, "view not updated", slog.Any("error", err))
	}
	if doc.IsZero() || err == nil && said != nil {
		return nil
	}
	return d.say(ctx, a, v, doc, d.render(v, doc), nil)
}
