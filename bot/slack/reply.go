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
	if asks(doc) && a.trigger != "" && !a.question {
		var shown bool
		if doc, shown = d.asked(ctx, a, &v, doc); shown {
			k.offer(nil, nil)
			return nil
		}
	}
	doc = d.inMessage(ctx, v, doc)
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
		ans.Doc = d.carried(v, doc)
		carried := func() rendered { return (&renderer{p: d.words(v)}).render(ans.Doc) }
		ans.Send = func(ctx context.Context) (string, error) { return d.whisper(ctx, a, to, l, carried) }
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
// Nobody can ask Slack whether such a message has arrived, so one in doubt is not repeated. Carried is
// what is said in direct messages.
func (d *Door) whisper(ctx context.Context, a act, to address, l letter, carried func() rendered) (string, error) {
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
		return d.direct(ctx, a, letter{rendered: carried(), notice: l.notice})
	}
	return "", &bot.RejectedError{Err: fmt.Errorf("not repeated: %w", err)}
}

// carried is an answer that may have to be given in direct messages instead of the channel where it
// belongs. The buttons of a question work there too; words that are typed reach it in the channel, until
// one of them was pressed.
func (d *Door) carried(v bot.Visit, doc message.Doc) message.Doc {
	if asking, _ := dialogIn(doc); asking == "" || doc.Secret {
		return doc
	}
	doc.Place = v.Place
	return doc.With(message.Footnote{Text: message.Text(d.words(v).Say("slack.from_channel", nil))})
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
