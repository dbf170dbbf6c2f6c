package slack

import (
	"context"
	"fmt"
	"log/slog"
	"slices"

	slackapi "github.com/slack-go/slack"

	"funnelbot/bot"
	"funnelbot/bot/message"
	"funnelbot/funnel"
)

// deliver takes an answer to where it belongs: into the response, a view, the message that was
// pressed, or the conversation.
func (d *Door) deliver(ctx context.Context, a act, v bot.Visit, doc message.Doc, k *acknowledgement) error {
	if a.view.id != "" {
		k.offer(nil, nil)
		return d.inView(ctx, a, v, doc)
	}
	if doc.IsZero() {
		return nil
	}
	if asks(doc) && a.trigger != "" && !a.question && d.asked(ctx, a, v, doc) {
		k.offer(nil, nil)
		return nil
	}
	r := d.render(v, doc)
	public := doc.Shared && !v.Venue.Private
	if a.way == byCommand && !public && len(r.files) == 0 && len(r.pages) > 0 && k.offer(responded(r.pages[0], v.Venue.Private), nil) {
		r.pages = r.pages[1:]
		if len(r.pages) == 0 {
			if v.Venue.Private {
				d.settle(ctx, a, v, doc, "", r)
			}
			return nil
		}
	}
	if a.way != byMention && a.way != byMessage {
		k.offer(nil, nil) // Slack does not deliver these again, so there is no use in waiting
	}
	return d.say(ctx, a, v, doc, r, k)
}

// render puts an answer into blocks for the one who visits.
func (d *Door) render(v bot.Visit, doc message.Doc) rendered {
	return (&renderer{p: d.words(v), among: !v.Venue.Private}).render(doc)
}

// asked opens a view with the question. Where that fails, the question is asked by message.
func (d *Door) asked(ctx context.Context, a act, v bot.Visit, doc message.Doc) bool {
	if a.turns {
		a.origin.Message = a.message
	}
	m, ok := modal(d.words(v), doc, a.origin)
	if !ok {
		return false
	}
	_, err := d.openView(ctx, a.trigger, m)
	if err != nil {
		d.Log.InfoContext(ctx, "view not opened, asking by message", slog.Any("error", err))
	}
	return err == nil
}

// inView shows a question in the view that it came from. What is no question is said in the
// conversation, because a view does not stay, and the view says so; but for a sentence about nothing
// that would, which stands in the view it was pressed in. An answer never stands twice.
func (d *Door) inView(ctx context.Context, a act, v bot.Visit, doc message.Doc) error {
	if asks(doc) {
		if m, ok := modal(d.words(v), doc, a.origin); ok {
			if err := d.updateView(ctx, a.view, m); err == nil {
				return nil
			}
		}
	}
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

// passing is the only paragraph of a document that is a mere sentence, with nothing to press and about
// no deal; nil if it is more than that.
func passing(doc message.Doc) message.Block {
	if len(doc.Blocks) != 1 || doc.Shared || doc.Secret || !doc.Deal.IsZero() {
		return nil
	}
	if p, ok := doc.Blocks[0].(message.Paragraph); ok {
		return p
	}
	return nil
}

// submit answers a form: with the next question in its place, with what is wrong below an input,
// or by closing it and saying in the conversation what came of it.
func (d *Door) submit(ctx context.Context, a act, v bot.Visit, k *acknowledgement) error {
	if len(a.missing) > 0 {
		wrong := map[string]string{}
		for _, block := range a.missing {
			wrong[block] = d.words(v).Say("slack.needed", nil)
		}
		k.offer(slackapi.NewErrorsViewSubmissionResponse(wrong), nil)
		return nil
	}
	var doc message.Doc
	for i, given := range a.answers {
		visit := v
		visit.Press = &given.press
		if given.press.Action == "" {
			visit.Press, visit.Text = nil, given.press.Value
		}
		if i > 0 {
			visit.Key = fmt.Sprintf("%s.%d", v.Key, i)
		}
		var err error
		if doc, err = d.Host(ctx, visit); err != nil {
			d.unanswered(ctx, a, err)
			doc = d.sorry(v)
			break
		}
		v = v.Answered(doc)
		if reason, ok := refused(doc, given); ok {
			if k.offer(slackapi.NewErrorsViewSubmissionResponse(map[string]string{given.block: reason}), nil) {
				return nil
			}
			break
		}
	}
	if asks(doc) {
		if m, ok := modal(d.words(v), doc, a.origin); ok {
			if k.offer(slackapi.NewUpdateViewSubmissionResponse(&m), nil) {
				return nil
			}
			return d.inView(ctx, withoutHash(a), v, doc)
		}
	}
	if !k.offer(slackapi.NewClearViewSubmissionResponse(), nil) {
		return d.inView(ctx, withoutHash(a), v, doc)
	}
	if doc.IsZero() {
		return nil
	}
	return d.say(ctx, a, v, doc, d.render(v, doc), nil)
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

// say posts an answer. While the request still waits, a failure to take it over is an error, so
// that the platform delivers the request again; after that the answer is posted without a record.
func (d *Door) say(ctx context.Context, a act, v bot.Visit, doc message.Doc, r rendered, k *acknowledgement) error {
	thread := a.origin.Thread
	ans := bot.Answer{
		Workspace: doc.Workspace, Member: doc.Member, Lane: funnel.LaneOf(Name, a.user, ""), Key: v.Key, Doc: doc,
		Locale: v.Caller.Locale,
	}
	public := doc.Shared && !v.Venue.Private
	if public {
		ans.Lane = funnel.LaneOf(Name, a.origin.Channel, thread)
	}
	l := letter{rendered: r, notice: ans.Notice()}
	to := address{channel: a.origin.Channel, thread: thread, lane: ans.Lane}
	switch {
	case a.turns && v.Venue.Private:
		ans.Send = func(ctx context.Context) (string, error) {
			d.turned(a)
			err := d.replace(ctx, to, a.message, l, true)
			if err == nil {
				d.settle(ctx, a, v, doc, a.message, r)
			}
			return a.message, err
		}
	case v.Venue.Private:
		ans.Send = func(ctx context.Context) (string, error) {
			ts, err := d.post(ctx, to, l)
			if err == nil {
				d.settle(ctx, a, v, doc, ts, r)
			}
			return ts, err
		}
	case public:
		ans.Send = func(ctx context.Context) (string, error) { return d.announce(ctx, a, to, l) }
	default:
		ans.Send = func(ctx context.Context) (string, error) { return d.whisper(ctx, a, to, l) }
	}
	err := d.Answers.Post(ctx, ans)
	if err == nil || k != nil && k.open() {
		return err
	}
	d.Log.WarnContext(ctx, "answer not stored, saying it at once", slog.String("key", v.Key), slog.Any("error", err))
	_, err = ans.Send(ctx)
	return err
}

// announce says something to everybody in a channel. Where the door is not in the channel, Slack
// does it for the one who asked. The question that led there is taken away.
func (d *Door) announce(ctx context.Context, a act, to address, l letter) (string, error) {
	ts, err := d.post(ctx, to, l)
	if refusedFor(err, "not_in_channel", "channel_not_found") && a.origin.Hook != "" && len(l.pages) > 0 {
		_, err = d.throughHook(ctx, a, to, l, slackapi.ResponseTypeInChannel)
		return "", err
	}
	if err == nil && a.turns && a.origin.Hook != "" {
		gone := d.hook(ctx, a.origin.Hook, &slackapi.WebhookMessage{DeleteOriginal: true})
		if gone != nil {
			d.Log.InfoContext(ctx, "question not taken away", slog.Any("error", gone))
		}
	}
	return ts, err
}

// whisper says something to one person in a channel, and in direct messages where that cannot be.
// Nobody can ask Slack whether such a message has arrived, so one in doubt is not repeated.
func (d *Door) whisper(ctx context.Context, a act, to address, l letter) (string, error) {
	n, err := d.throughHook(ctx, a, to, l, slackapi.ResponseTypeEphemeral)
	if n == 0 && (err == nil || certain(err)) {
		aside := to
		aside.user = a.user
		_, err = d.post(ctx, aside, letter{rendered: rendered{pages: l.pages}})
		if err == nil {
			n = len(l.pages)
		}
	}
	switch {
	case err == nil && n < len(l.pages)+len(l.files):
		return d.direct(ctx, a, letter{rendered: rendered{pages: l.pages[n:], files: l.files}})
	case err == nil || n == 0 && retried(err):
		return "", err
	case n == 0 && certain(err):
		return d.direct(ctx, a, l)
	}
	return "", &bot.RejectedError{Err: fmt.Errorf("not repeated: %w", err)}
}

// direct posts into the direct messages of the person.
func (d *Door) direct(ctx context.Context, a act, l letter) (string, error) {
	to, err := d.address(ctx, funnel.LaneOf(Name, a.user, ""))
	if err != nil {
		return "", err
	}
	_, err = d.post(ctx, to, l)
	return "", err
}

// throughHook says pages by the response_url, as many as it is good for, and returns how many were
// said. A question that was pressed is replaced.
func (d *Door) throughHook(ctx context.Context, a act, to address, l letter, kind string) (int, error) {
	if a.origin.Hook == "" {
		return 0, nil
	}
	for i, p := range l.pages[:min(len(l.pages), maxHooked)] {
		m := responded(p, kind == slackapi.ResponseTypeInChannel)
		m.ReplaceOriginal = i == 0 && a.turns
		if !m.ReplaceOriginal {
			m.ThreadTimestamp = to.thread
		}
		if err := d.hook(ctx, a.origin.Hook, m); err != nil {
			return i, err
		}
	}
	return min(len(l.pages), maxHooked), nil
}

// responded is a page as a response or for a response_url.
func responded(p page, everybody bool) *slackapi.WebhookMessage {
	kind := slackapi.ResponseTypeEphemeral
	if everybody {
		kind = slackapi.ResponseTypeInChannel
	}
	no := false
	return &slackapi.WebhookMessage{
		Text: p.text, Blocks: &slackapi.Blocks{BlockSet: slices.Clone(p.blocks)}, ResponseType: kind, UnfurlLinks: &no, UnfurlMedia: &no,
	}
}
