package commands

import (
	"cmp"
	"context"
	"strings"
	"time"

	"funnelbot/funnel"
)

// ClipKind is what sort of thing was handed over.
type ClipKind string

// The kinds of clips.
const (
	ClipMessage ClipKind = "message"
	ClipFile    ClipKind = "file"
	ClipVoice   ClipKind = "voice"
)

// Clip is a message that was forwarded, a file or a recording that was sent: something that may
// belong to a deal.
type Clip struct {
	Kind ClipKind `json:"kind"`
	// Text is what the message says, or the words below the file.
	Text string `json:"text,omitzero"`
	// From is the name of who wrote it, where the platform tells.
	From string `json:"from,omitzero"`
	// Name is that of a file.
	Name string `json:"name,omitzero"`
	// Ref is by what the platform finds it again: a file identifier or a link.
	Ref string `json:"ref,omitzero"`
	// At is when it was written, if that is known.
	At time.Time `json:"at,omitzero"`
}

// ClipNew is the key of the answer that what was handed over belongs to no deal yet.
const ClipNew = "new_lead"

// logs is the log of the clip: what it says, when and by whom it was written.
func (p *Clip) logs(zone *time.Location, now time.Time) Intent {
	in := Intent{Verb: VerbLog, Text: p.words(), Activity: Activity{Kind: funnel.Message}}
	switch p.Kind {
	case ClipFile:
		in.Activity.Kind = funnel.Note
	case ClipMessage:
		if p.From != "" {
			in.Activity.Direction = funnel.Incoming
		}
	case ClipVoice:
	}
	if !p.At.IsZero() && p.At.Before(now) {
		at := p.At.In(zone)
		in.When = When{Date: funnel.DateOf(at), Clock: at.Format("15:04")}
	}
	return in
}

// words is what is written down of a clip, as much as fits.
func (p *Clip) words() string {
	var parts []string
	for _, part := range []string{p.From, p.Name, p.Text} {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	words := []rune(strings.Join(parts, ": "))
	if len(words) > funnel.MaxText {
		words = append(words[:funnel.MaxText-1], '…')
	}
	return string(words)
}

// ref names the clip and its kind to whoever looks for it later.
func (p *Clip) ref() string {
	if p == nil || p.Ref == "" {
		return ""
	}
	return string(p.Kind) + ":" + p.Ref
}

// clipped offers to log what was handed over: to the deal that is spoken of, to another one of the
// member's, or as the beginning of a new one.
func (c *call) clipped(ctx context.Context) (Reply, error) {
	clip := *c.ask.Clip
	said := strings.TrimSpace(c.ask.Text)
	if clip.Kind != ClipMessage && clip.From == "" {
		// The words below a file of one's own are one's own words, wherever the platform puts them.
		said = cmp.Or(said, clip.Text)
		clip.Text = said
	}
	if said != "" {
		if reply, err := c.captioned(ctx, clip, said); reply != nil || err != nil {
			return reply, err
		}
	}
	w := &want{Intent: clip.logs(c.lex.Zone, c.ask.At), Event: c.ask.Key, Silent: true, Clip: &clip}
	if err := c.likeliest(ctx, w); err != nil {
		return nil, err
	}
	script, err := c.script(ctx, w)
	if err != nil {
		return nil, err
	}
	return c.begin(ctx, w, script)
}

// captioned logs what was handed over the way that the words beside it say: a log in so many words, or
// the name of a deal. It returns nil where they say neither, or name no deal that is there.
func (c *call) captioned(ctx context.Context, clip Clip, said string) (Reply, error) {
	in, err := c.desk.parser.Parse(said, &c.lex)
	if err != nil {
		return nil, nil //nolint:nilerr // words that cannot be read are kept with the clip.
	}
	switch {
	case in.Verb == VerbLog && said == clip.Text:
		clip.Text = in.Text
		in.Text = clip.words()
	case in.Verb == VerbLog:
		in.Text = strings.TrimSpace(in.Text + "\n" + clip.words())
	case in.Verb == VerbShow && len(in.Unknown) == 0 && !in.Deal.IsZero():
		if said == clip.Text {
			clip.Text = ""
		}
		deal := in.Deal
		in = clip.logs(c.lex.Zone, c.ask.At)
		in.Deal = deal
	default:
		return nil, nil
	}
	w := &want{Intent: in, Event: c.ask.Key, Clip: &clip}
	if probe := *w; in.Text == "" || funnel.CodeOf(c.resolve(ctx, &probe)) != "" {
		return nil, nil
	}
	return c.aside(ctx, func() (Reply, error) { return c.run(ctx, w) })
}

// likeliest offers the deal that was spoken of and the member's own. Whoever has none is asked for
// the name of one.
func (c *call) likeliest(ctx context.Context, w *want) error {
	var last want
	err := c.unnamed(ctx, &last)
	if err != nil && funnel.CodeOf(err) != CodeNoDeals {
		return err
	}
	if last.view == nil {
		w.Among = last.Among
		return nil
	}
	w.offer(last.view)
	mine, _, err := c.desk.service.Read().ListDeals(ctx, c.ask.Workspace, funnel.DealQuery{
		List: funnel.ListMine, Owner: c.me.ID, Today: c.today(), Funnel: c.plan, Now: c.ask.At, Limit: maxAmong - 1,
	})
	if err != nil {
		return err
	}
	for i := range mine {
		if mine[i].ID != last.view.ID {
			w.offer(&mine[i])
		}
	}
	return nil
}

// opens asks for the deal that begins with what was handed over.
func (c *call) opens(ctx context.Context, w *want) (Reply, error) {
	c.end()
	fresh := &want{Intent: Intent{Verb: VerbNew}, Event: w.Event, Clip: w.Clip}
	script, err := c.script(ctx, fresh)
	if err != nil {
		return nil, err
	}
	return c.begin(ctx, fresh, script)
}

// keepClip logs a clip on the deal that was opened for it, under a key of its own.
func (c *call) keepClip(ctx context.Context, w *want, deal funnel.ID) error {
	if w.Clip == nil {
		return nil
	}
	in := w.Clip.logs(c.lex.Zone, c.ask.At)
	_, err := c.desk.service.Log(ctx, c.act(w.Event+":clip"), funnel.Target{Deal: deal}, funnel.Report{
		Activity: funnel.LogActivity{
			Kind: in.Activity.Kind, Direction: in.Activity.Direction, Text: in.Text, At: c.happened(in.When, nil), Ref: w.Clip.ref(),
		},
	})
	return err
}
