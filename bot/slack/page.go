package slack

import (
	"slices"
	"strings"
	"time"

	"funnelbot/bot/message"
	"funnelbot/funnel/dialog"
)

// paged returns how many questions a document asks at once; 0 if it asks none, or one of its own.
func paged(doc message.Doc) int {
	n := 0
	for _, b := range doc.Blocks {
		if f, ok := b.(message.Form); ok && f.Name != "" {
			n++
		}
	}
	return n
}

// confirming finds the button that accepts the summary of a dialog.
func confirming(b message.Buttons) int {
	return slices.IndexFunc(b.Buttons, func(one message.Button) bool { return does(one.Action, dialog.ActConfirm) })
}

// does reports whether an action speaks to a question in that way.
func does(action string, act dialog.Act) bool {
	rest, ok := strings.CutPrefix(action, questionAct)
	_, done, _ := strings.Cut(rest, questionAct)
	return ok && done == string(act)
}

// viewed reports whether a document belongs into a view: it asks, or shows answers to be confirmed.
func viewed(doc message.Doc) bool {
	return asks(doc) || slices.ContainsFunc(doc.Blocks, func(b message.Block) bool {
		buttons, ok := b.(message.Buttons)
		return ok && confirming(buttons) >= 0
	})
}

// leading is a document with the first n of its questions and the ways beside answering.
func leading(doc message.Doc, n int) message.Doc {
	var blocks []message.Block
	var controls []message.Button
	last := -1
	for _, b := range doc.Blocks {
		f, ok := b.(message.Form)
		if ok && len(f.Controls) > 0 {
			controls = f.Controls
		}
		if n > 0 {
			blocks = append(blocks, b)
		}
		if ok && n > 0 {
			last = len(blocks) - 1
			n--
		}
	}
	if last >= 0 {
		f, _ := blocks[last].(message.Form)
		f.Controls = controls
		blocks[last] = f
	}
	doc.Blocks = blocks
	return doc
}

// field adds the inputs of one question of a page. What was sent and not taken stands in them again.
func (r *renderer) field(n int, f message.Form, sent []dialog.Field) {
	r.reason(f)
	f = refilled(f, sent)
	in := &inputs{r: r, n: n, reply: f.Name, label: oneLine(f.Question.String()), hint: oneLine(f.Hint), stable: true}
	options := make([]message.Option, 0, len(f.Options))
	for _, o := range f.Options {
		o.Action = o.Key // what a form brings back
		r.unfit = r.unfit || o.Key == "" || units(o.Key) > maxValue
		options = append(options, o)
	}
	r.unfit = r.unfit || units(inputID(n, inputPick, "000-00000000", f.Name)) > maxIdentifier
	typed := f.Kind.Typed() || len(options) == 0
	single := len(options) <= maxOptions && f.Kind != message.AnswerPerson && f.Kind != message.AnswerDate
	in.alone = !f.Optional && (single && !typed || len(options) == 0 && f.Kind != message.AnswerDate)
	switch {
	case f.Kind == message.AnswerSeveral && !typed:
		in.several(options)
	case f.Kind == message.AnswerDate:
		words, day := f.Value, ""
		if _, err := time.Parse(time.DateOnly, words); err == nil {
			words, day = "", words
		}
		in.text(oneLine(words), false)
		in.date(day)
		in.options(options, false)
	case typed:
		lines := f.Kind == message.AnswerText
		value := plainly(f.Value)
		if !lines {
			value = oneLine(value)
		}
		in.text(value, lines)
		in.options(options, false)
	default:
		// A radio button that is chosen cannot be left empty any more; a menu can.
		in.options(options, !f.Optional && len(options) <= fewOptions)
		if f.Kind == message.AnswerPerson {
			in.label = r.p.Say("slack.or_type", nil)
			in.text(oneLine(f.Value), false)
		}
	}
	r.buttons(f.Controls, questionMark)
}

// refilled is a question that was not taken, with what was given.
func refilled(f message.Form, sent []dialog.Field) message.Form {
	i := slices.IndexFunc(sent, func(s dialog.Field) bool { return s.Step == f.Name })
	if i < 0 || f.Reason == "" {
		return f
	}
	f.Value = sent[i].Text
	f.Options = slices.Clone(f.Options)
	for k := range f.Options {
		f.Options[k].Chosen = slices.Contains(sent[i].Keys, f.Options[k].Key)
	}
	return f
}
