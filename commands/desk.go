package commands

import (
	"context"
	"errors"
	"fmt"
	"time"

	"funnelbot/funnel"
	"funnelbot/funnel/dialog"
)

// Desk answers what people type and press: it reads the words, asks for what is missing, calls one
// use case and returns data. Every door brings its requests here, so that the same words do the
// same at each of them.
type Desk struct {
	service  *funnel.Service
	sessions funnel.Sessions
	parser   *Parser
	rosters  rosters
	recalled recalled
	newToken func() string
	// inviteLink may be nil.
	inviteLink func(code string) string
}

// DeskConfig is what a [Desk] is made of; all of it is required but InviteLink.
type DeskConfig struct {
	Service  *funnel.Service
	Sessions funnel.Sessions
	// NewToken returns short identifiers for dialogs, different at every call: at most 10 Latin
	// letters and digits, because every button under a question carries one.
	NewToken func() string
	// InviteLink makes a link of the code of an invitation that opens a chat with the bot and brings
	// the code along. It may be nil, and it may return "" where there is no such link.
	InviteLink func(code string) string
}

// NewDesk returns a desk. It is safe for use by many at once.
func NewDesk(c DeskConfig) *Desk {
	return &Desk{service: c.Service, sessions: c.Sessions, parser: New(), newToken: c.NewToken, inviteLink: c.InviteLink}
}

// Ask is one thing that a member typed or pressed.
type Ask struct {
	Workspace funnel.ID
	Member    funnel.ID
	// Door and Place tell apart the conversations of one person.
	Door, Place string
	// Key is the same for every delivery of one act; see [funnel.Act].
	Key string
	// Text is what was typed; Action is what the button carried that was pressed, else empty.
	Text   string
	Action string
	// Fields are what a form with several questions holds, for an Action of one.
	Fields []dialog.Field
	// Forms is how many questions can be asked at once in a form; 0 asks one by one.
	Forms int
	// Clip is what was forwarded or sent instead of words; nil for words and buttons.
	Clip *Clip
	// Venue is where it was said. The zero Venue is a chat in which nothing can be connected.
	Venue Venue
	// From is the place of the question that a pressed button belongs to, where the question was shown in
	// another; empty where it was not.
	From string
	// About is the deal that the place speaks of: that of the thread, or of the message that was
	// answered to. It is meant where no deal is named.
	About funnel.ID
	// Caller is who it is by the platform; the zero Caller at the local chat.
	Caller funnel.Caller
	// At is when it was written, by the clock of the platform.
	At time.Time
}

// attempts is how often a request is taken up again because the same person's conversation was
// changed by another process meanwhile.
const attempts = 4

// Reader is for whom a reply is put into words. The zero Reader is a stranger.
type Reader struct {
	Locale funnel.Locale
	Zone   *time.Location
	// Now is when the request was made.
	Now time.Time
	// Funnel has the titles of stages, reasons and sources; Funnels has those of a kind of deals, and nil
	// where all kinds have the same.
	Funnel  *funnel.Funnel
	Funnels func(funnel.Kind) *funnel.Funnel
	// Outsiders says that others than colleagues read along: neither amounts nor reasons are shown in
	// an announcement, and nobody who is known or missing on a card. Replies to people are made fit for
	// them before they are composed; what is told by the lack of something is left out here.
	Outsiders bool
}

// Answer answers one request. A refusal is an answer too; an error is a fault, and the person is
// told no more than its number. The same request answered again has no second effect.
func (d *Desk) Answer(ctx context.Context, a Ask) (Reply, Reader, error) {
	for n := range attempts {
		reply, reader, err := d.answer(ctx, a, n > 0)
		if errors.Is(err, funnel.ErrSessionMoved) {
			d.recalled.forget(a.session())
			continue
		}
		return reply, reader, err
	}
	return nil, Reader{}, fmt.Errorf("answer %s: %w %d times", a.Key, funnel.ErrSessionMoved, attempts)
}

func (d *Desk) answer(ctx context.Context, a Ask, anew bool) (Reply, Reader, error) {
	c, err := d.call(ctx, a)
	if err != nil {
		reply, err := refused(err)
		return reply, Reader{}, err
	}
	c.anew = anew
	reader := Reader{Locale: c.me.Locale, Zone: c.lex.Zone, Now: c.ask.At, Funnel: c.plan, Funnels: d.service.Funnel, Outsiders: a.Venue.Outsiders()}
	reply, err := c.answer(ctx)
	if code := funnel.CodeOf(err); err == nil || code != "" && code != funnel.CodeUnavailable {
		if moved := c.sure(ctx); moved != nil {
			reply, err = nil, moved
		}
	}
	if err != nil {
		// What could not be done because the database was away is asked for again: the
		// conversation stays where it was.
		away := funnel.CodeOf(err) == funnel.CodeUnavailable
		if reply, err = c.refuse(ctx, err); err != nil || away {
			return reply, reader, err
		}
	}
	if a.Venue.Outsiders() {
		shown := redact(reply)
		if private(reply, shown) {
			c.end()
		}
		reply = shown
	}
	if a.Venue.Several() {
		reply = signed(reply, c.me.Name)
	}
	if reply, err = c.keep(ctx, reply); err != nil {
		return nil, reader, err
	}
	c.leave(ctx)
	if now, ok := d.Member(ctx, a.Workspace, a.Member); ok {
		// Whoever has just changed the language reads the answer in the new one.
		reader.Locale = now.Locale
	}
	return reply, reader, nil
}

// refused turns a refusal into a reply and leaves faults alone.
func refused(err error) (Reply, error) {
	if e, ok := errors.AsType[*funnel.Error](err); ok {
		return Refused{Err: e}, nil
	}
	return nil, err
}

// Complete returns whole lines that an unfinished line may become, for doors that complete: verbs
// first, then deals of the member.
func (d *Desk) Complete(ctx context.Context, a Ask) []string {
	c, err := d.call(ctx, a)
	if err != nil {
		return nil
	}
	return c.complete(ctx, a.Text)
}

// Member returns an active member with the name and the language by which he or she is known here,
// which may be a minute behind another process.
func (d *Desk) Member(ctx context.Context, workspace, member funnel.ID) (funnel.Member, bool) {
	names, err := d.rosters.known(ctx, d.service, workspace)
	if err != nil {
		return funnel.Member{}, false
	}
	return names.member(member)
}

// Workspace returns the settings of a workspace, which may be a minute behind another process.
func (d *Desk) Workspace(ctx context.Context, workspace funnel.ID) (funnel.Workspace, error) {
	names, err := d.rosters.known(ctx, d.service, workspace)
	if err != nil {
		return funnel.Workspace{}, err
	}
	return names.space, nil
}
