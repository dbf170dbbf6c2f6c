package slack

import (
	"context"
	"log/slog"
	"strings"

	slackapi "github.com/slack-go/slack"

	"funnelbot/bot"
	"funnelbot/bot/message"
)

// asked is a question of a dialog that stands in direct messages, where it can be answered by typing.
// That one is forgotten costs only that its buttons stay: whoever presses them is told.
type asked struct {
	token, ts string
	// bare is the message without anything to press.
	bare page
}

// dialogIn returns the dialog whose question a document is, and the one that it merely leads back to;
// see [commands.QuestionAction].
func dialogIn(doc message.Doc) (asking, waiting string) {
	look := func(action string) {
		rest, ok := strings.CutPrefix(action, "~")
		token, act, _ := strings.Cut(rest, "~")
		switch {
		case !ok || token == "":
		case act == "resume":
			waiting = token
		default:
			asking = token
		}
	}
	for _, b := range doc.Blocks {
		switch b := b.(type) {
		case message.Form:
			look(b.Reply)
			for _, c := range b.Controls {
				look(c.Action)
			}
		case message.Buttons:
			for _, c := range b.Buttons {
				look(c.Action)
			}
		case message.Choices:
			for _, o := range b.Options {
				look(o.Action)
			}
		}
	}
	return asking, waiting
}

// place names the conversation of one person.
func (a act) place() string { return a.origin.Channel + " " + a.user }

// turned forgets a question whose message becomes something else.
func (d *Door) turned(a act) {
	if q, known := d.questions.get(d.Clock(), a.place()); known && q.ts == a.message {
		d.questions.forget(a.place())
	}
}

// settle takes the buttons of the question away that is answered, or asked again, by what was said
// under ts, and remembers the new one. An answer that carries no ts is none that could be changed.
func (d *Door) settle(ctx context.Context, a act, v bot.Visit, doc message.Doc, ts string, r rendered) {
	asking, waiting := dialogIn(doc)
	before, known := d.questions.get(d.Clock(), a.place())
	if known && (before.token == asking || before.token != waiting && v.Press == nil) {
		d.questions.forget(a.place())
		d.bare(ctx, a.origin.Channel, before)
	}
	if asking != "" && ts != "" && len(r.pages) == 1 && len(r.files) == 0 {
		d.questions.put(d.Clock(), a.place(), asked{token: asking, ts: ts, bare: bared(r.pages[0])}, askedFor)
	}
}

// bare shows a question without its buttons. It is a courtesy.
func (d *Door) bare(ctx context.Context, channel string, q asked) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	if _, _, _, err := d.api.UpdateMessageContext(ctx, channel, q.ts, pageOptions(q.bare)...); err != nil {
		d.Log.InfoContext(ctx, "old buttons not taken away", slog.Any("error", err))
	}
}

// bared is a page without anything to press.
func bared(p page) page {
	left := page{text: p.text}
	for _, b := range p.blocks {
		if b.BlockType() != slackapi.MBTAction {
			left.blocks = append(left.blocks, b)
		}
	}
	return left
}
