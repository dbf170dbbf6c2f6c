package slack

import (
	"context"
	"fmt"
	"slices"

	slackapi "github.com/slack-go/slack"

	"funnelbot/bot"
	"funnelbot/bot/message"
)

// submit answers a form: with the next question in its place, with what is wrong below the inputs, or
// by closing it and saying in the conversation what came of it.
func (d *Door) submit(ctx context.Context, a act, v bot.Visit, k *acknowledgement) error {
	if len(a.missing) > 0 {
		wrong := map[string]string{}
		for _, block := range a.missing {
			wrong[block] = d.words(v).Say("slack.needed", nil)
		}
		k.offer(slackapi.NewErrorsViewSubmissionResponse(wrong), nil)
		return nil
	}
	doc, wrong := d.taken(ctx, a, &v)
	if len(wrong) > 0 && k.offer(slackapi.NewErrorsViewSubmissionResponse(wrong), nil) {
		return nil
	}
	m, doc, ok := d.layOut(ctx, a, &v, doc)
	if ok && k.offer(slackapi.NewUpdateViewSubmissionResponse(&m), nil) {
		return nil
	}
	if ok || !k.offer(slackapi.NewClearViewSubmissionResponse(), nil) {
		return d.inView(ctx, withoutHash(a), v, doc)
	}
	if doc = d.inMessage(ctx, v, doc); doc.IsZero() {
		return nil
	}
	return d.say(ctx, a, v, doc, d.render(v, doc), nil)
}

// taken has the answers of a form judged. It returns what to show, and what is wrong by the inputs.
func (d *Door) taken(ctx context.Context, a act, v *bot.Visit) (doc message.Doc, wrong map[string]string) {
	host := func(visit bot.Visit) bool {
		var err error
		if doc, err = d.Host(ctx, visit); err != nil {
			d.unanswered(ctx, a, err)
			doc = d.sorry(*v)
			return false
		}
		*v = v.Answered(doc)
		return true
	}
	if a.press != nil {
		if host(*v) {
			wrong = d.wrong(a, *v, doc)
		}
		return doc, wrong
	}
	for i, given := range a.answers {
		visit := *v
		visit.Press = &given.press
		if given.press.Action == "" {
			visit.Press, visit.Text = nil, given.press.Value
		}
		if i > 0 {
			visit.Key = fmt.Sprintf("%s.%d", v.Key, i)
		}
		if !host(visit) {
			break
		}
		if reason, ok := refused(doc, given); ok {
			return doc, map[string]string{given.block: reason}
		}
	}
	return doc, nil
}

// wrong says by the inputs why answers of a page were not taken. It says nothing where another page
// follows, or the same one with other inputs: that has to be shown whole.
func (d *Door) wrong(a act, v bot.Visit, doc message.Doc) map[string]string {
	wrong := map[string]string{}
	for _, b := range doc.Blocks {
		f, ok := b.(message.Form)
		switch {
		case !ok || f.Name == "":
		case f.Reply != a.origin.Reply:
			return nil
		case f.Reason != "" && a.blocks[f.Name] == "":
			return nil
		case f.Reason != "":
			wrong[a.blocks[f.Name]] = label(f.Reason, maxReason)
		}
	}
	m, fits := modal(d.words(v), doc, a.origin, nil)
	if len(wrong) == 0 || !fits || !slices.Equal(inputsOf(m), slices.Sorted(slices.Values(a.inputs))) {
		return nil
	}
	return wrong
}

// inputsOf are the inputs of a view, sorted.
func inputsOf(m slackapi.ModalViewRequest) []string {
	var ids []string
	for _, b := range m.Blocks.BlockSet {
		if in, ok := b.(*slackapi.InputBlock); ok {
			ids = append(ids, in.BlockID)
		}
	}
	slices.Sort(ids)
	return ids
}

// withoutHash is an act whose view has been replaced since, so that its hash is another one.
func withoutHash(a act) act {
	a.view.hash = ""
	return a
}

// refused returns why an answer was not taken, if the same question is asked again for it.
func refused(doc message.Doc, given answer) (string, bool) {
	_, _, reply, _ := readInput(given.block)
	for _, b := range doc.Blocks {
		if f, ok := b.(message.Form); ok && f.Reason != "" && f.Reply == reply {
			return label(f.Reason, maxHint), true
		}
	}
	return "", false
}

// closed tells that a view was closed. Where that sets a dialog aside, the way back to it is said.
func (d *Door) closed(ctx context.Context, a act, v bot.Visit) error {
	doc, err := d.Host(ctx, v)
	if err != nil {
		return err
	}
	if !does(a.press.Action, actLater) || doc.IsZero() || doc.Over || viewed(doc) {
		return nil
	}
	v = v.Answered(doc)
	return d.say(ctx, a, v, doc, d.render(v, doc), nil)
}
