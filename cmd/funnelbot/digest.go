package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"funnelbot/bot/chart"
	"funnelbot/bot/local"
	"funnelbot/bot/message"
	"funnelbot/bot/text"
	"funnelbot/commands"
	"funnelbot/funnel"
)

type digestCommand struct {
	AsOf string `name:"as-of" placeholder:"TIME" help:"What would have been said then: a day such as 2026-11-20 (to its end) or a time in RFC 3339. Unset: now."`
	JSON bool   `name:"json" help:"Print JSON with stable keys."`
	Send bool   `name:"send" help:"Send today's digest to everybody who wants one and has not got it yet."`
	Lang string `name:"lang" env:"FUNNELBOT_LANG" help:"en or ru, for the text. Unset: the language of this machine."`
}

// Validate implements kong.Validatable.
func (c *digestCommand) Validate() error {
	if c.Send && (c.AsOf != "" || c.JSON) {
		return errors.New("--send goes with neither --as-of nor --json: what is sent is the digest of today, in words")
	}
	return knownLanguage(c.Lang)
}

// Run prints the digest of the workspace as a manager gets it in private.
func (c *digestCommand) Run(ctx context.Context, s *settings, io *streams) error {
	a, err := newApp(ctx, s, io, options{quiet: true})
	if err != nil {
		return err
	}
	defer a.close(ctx)
	l := funnel.Locale(c.Lang)
	if l == "" {
		l = machineLanguage(io.getenv)
	}
	w, err := a.knownWorkspace(ctx)
	if err != nil {
		return err
	}
	if c.Send {
		n, err := a.service.SendDigests(ctx, w.ID)
		if err != nil {
			return a.sentence(l, err)
		}
		_, err = fmt.Fprintf(io.out, "Digests that are on their way: %d. They are delivered by the running bot.\n", n)
		return err
	}
	asOf, err := readAsOf(c.AsOf, w.Location())
	if err != nil {
		return err
	}
	d, _, err := a.service.DigestNow(ctx, w.ID, funnel.DigestQuery{AsOf: asOf})
	if err != nil {
		return a.sentence(l, err)
	}
	if c.JSON {
		return writeJSON(io.out, d)
	}
	named, err := a.desk.NameDigest(ctx, w.ID, &d)
	if err != nil {
		return err
	}
	r := commands.Reader{Locale: l, Zone: w.Location(), Now: d.AsOf, Funnel: a.funnel, Funnels: a.funnelOf}
	p := a.texts.In(string(l))
	return local.Print(p, message.ComposeDigest(p, r, commands.Digest{Digest: d, Named: named}, nil), io.out)
}

// composeDigest puts the digest that was owed into words. One whose day is over for its reader is none:
// the next one goes on from there.
func (a *app) composeDigest(ctx context.Context, owed *funnel.Owed) (message.Doc, error) {
	r, ok, err := a.digestReader(ctx, owed)
	if err != nil || !ok {
		return message.Doc{}, err
	}
	id, err := funnel.ParseID(owed.Notice.Data["digest"])
	if err != nil {
		return message.Doc{}, fmt.Errorf("read whose digest is owed: %w", err)
	}
	on, err := funnel.ParseDate(owed.Notice.Data["on"])
	if err != nil {
		return message.Doc{}, fmt.Errorf("read the day of a digest: %w", err)
	}
	d, err := a.desk.DigestFor(ctx, owed.Workspace, id, on, r.Now, r.Zone)
	if err != nil || d == nil {
		return message.Doc{}, err
	}
	p := a.texts.In(string(r.Locale))
	return message.ComposeDigest(p, r, *d, a.digestPicture(ctx, p, d)), nil
}

// digestReader is who reads a digest: a member who is a manager still, or a chat that only colleagues
// read. It reports false where it is neither any more.
func (a *app) digestReader(ctx context.Context, owed *funnel.Owed) (commands.Reader, bool, error) {
	w, err := a.desk.Workspace(ctx, owed.Workspace)
	if err != nil {
		return commands.Reader{}, false, err
	}
	r := commands.Reader{Locale: w.Locale, Zone: w.Location(), Now: a.now(), Funnel: a.funnel, Funnels: a.funnelOf}
	if owed.Notice.To.IsZero() {
		door, chat, _ := funnel.ParseLane(owed.Lane)
		c, err := a.service.Access().Chat(ctx, door, chat)
		return r, c != nil && c.Internal && c.Workspace == owed.Workspace, err
	}
	m, ok := a.desk.Member(ctx, owed.Workspace, owed.Notice.To)
	if ok {
		r.Locale, r.Zone = m.Locale, m.Location(w)
	}
	return r, ok && m.Role.Allows(funnel.Manager), nil
}

// digestPicture draws the funnel of a digest. A digest comes without it where it cannot be drawn.
func (a *app) digestPicture(ctx context.Context, p *text.Printer, d *commands.Digest) *message.Picture {
	if len(d.Digest.Bottleneck.Stages) == 0 {
		return nil
	}
	drawn, err := chart.Digest(p, a.funnel, d.Digest)
	if err != nil {
		a.log.ErrorContext(ctx, "no picture for a digest", slog.Any("error", err))
		return nil
	}
	picture := message.Picture(drawn)
	return &picture
}
