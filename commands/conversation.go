package commands

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"funnelbot/funnel"
	"funnelbot/funnel/dialog"
)

// conversation is what is remembered of one person in one place: which deal was last spoken of,
// which questions are open, and what was done under which key.
type conversation struct {
	Focus   funnel.ID `json:"focus,omitzero"`
	FocusAt time.Time `json:"focus_at,omitzero"`
	// Talks are the open dialogs; the last one is asking.
	Talks []talk `json:"talks,omitempty"`
	// Done are the last dialogs that ended in an effect, so that a repeated delivery of the last
	// answer gets the answer again.
	Done []done `json:"done,omitempty"`
	// Report is the one that was shown last: why asks for what is behind it.
	Report *Report `json:"report,omitempty"`
}

// talk is a running dialog: what it asks for, and where it stands.
type talk struct {
	State dialog.State `json:"state"`
	Want  want         `json:"want"`
	// Heard are the keys of the last requests that the dialog took, the latest last: a second
	// delivery shows the same question again and is not taken for an answer to it.
	Heard []string `json:"heard"`
	// At is when the latest was written. Words that are older were not written to the question.
	At time.Time `json:"at"`
	// Open says that the latest was no answer and has changed nothing: it may be looked at again.
	Open bool `json:"open,omitzero"`
	// After is the key of the change that the questions follow and are shown with.
	After string `json:"after,omitzero"`
	// Until is when the dialog is over unless it is heard of again: words of the next day are no answer
	// to the question of yesterday.
	Until time.Time `json:"until,omitzero"`
}

// done is how a dialog ended: with an effect, with a deal to be shown, or cancelled.
type done struct {
	Key       string    `json:"key"`
	Want      want      `json:"want,omitzero"`
	Shown     funnel.ID `json:"shown,omitzero"`
	Cancelled Key       `json:"cancelled,omitzero"`
	// Declined says that what was cancelled was only an offer.
	Declined bool `json:"declined,omitzero"`
	// Parting says how a qualification left the conversation.
	Parting *parting `json:"parting,omitempty"`
}

// Limits of what is remembered.
const (
	sessionLife = 72 * time.Hour
	focusLife   = 30 * time.Minute
	// talkLife is how much working time a question waits for its answer.
	talkLife = 8 * time.Hour
	maxTalks = 3
	maxDone  = 8
	maxHeard = 8
	// focusStep is how exactly it is remembered when a deal was spoken of.
	focusStep = 10 * time.Minute
	// lateBy is how much older than a question words must be not to answer it. Some platforms
	// tell the time of words to the second, and of presses not at all.
	lateBy = 2 * time.Second
)

// call is one request while it is answered.
type call struct {
	desk  *Desk
	ask   Ask
	space funnel.Workspace
	me    funnel.Member
	names *roster
	// former are the members who no longer take part and own something, once they were asked for.
	former []funnel.Member
	plan   *funnel.Funnel
	lex    Lexicon

	talks   conversation
	version int64
	before  []byte
	// parsed is the line that was looked at last.
	parsed *reading
	// left is the conversation from which a dialog was brought along; nil if none was.
	left *departure
	// unsure says that the conversation was recalled and not looked at yet.
	unsure bool
	// anew says that the request is taken up again because the conversation had moved: it is saved by
	// itself then, for it may be kept where no unit of work finds it.
	anew bool
}

func (d *Desk) call(ctx context.Context, a Ask) (*call, error) {
	c := &call{desk: d, ask: a, plan: d.service.Funnel(funnel.NewBusiness)}
	if c.ask.At.IsZero() {
		c.ask.At = d.service.Now()
	}
	if !c.recall() {
		if err := c.load(ctx); err != nil {
			return nil, err
		}
		if err := c.follow(ctx); err != nil {
			return nil, err
		}
	}
	return c, c.meet(ctx)
}

// meet finds out whose request it is, and what it is read with. An answer to a qualification names no
// colleague, and that its member takes part is judged by the use case and by who let the request in,
// so it does not wait for names to be read anew.
func (c *call) meet(ctx context.Context) error {
	if c.interviewed() && c.met(ctx) {
		return nil
	}
	names, me, err := c.desk.rosters.with(ctx, c.desk.service, c.ask.Workspace, c.ask.Member)
	if err != nil {
		return err
	}
	if me.IsZero() {
		return funnel.Refuse(funnel.CodeInactive, nil)
	}
	c.read(names, me)
	return nil
}

// met reads the request with the names that are known already. False: they may not do, because it is a
// command that has come in between.
func (c *call) met(ctx context.Context) bool {
	names, err := c.desk.rosters.known(ctx, c.desk.service, c.ask.Workspace)
	if err != nil {
		return false
	}
	me, ok := names.member(c.ask.Member)
	if !ok {
		return false
	}
	c.read(names, me)
	if c.ask.Action != "" {
		return true
	}
	line := strings.TrimSpace(c.ask.Text)
	in, err := c.parse(line)
	return !commandLike(line) && (err != nil || in.Bare)
}

// read takes what lines are read with.
func (c *call) read(names *roster, me funnel.Member) {
	c.space, c.me, c.names = names.space, me, names
	c.lex = Lexicon{
		Stages: c.plan.Stages, Signature: c.plan.Signature, Reasons: c.plan.Reasons, Sources: c.plan.Sources, Roles: c.plan.Roles, Members: names.people,
		Currency: c.space.Currency, Language: c.me.Locale, Now: c.ask.At, Zone: c.me.Location(c.space),
	}
}

// interviewed reports whether the request speaks to the qualification that is asking.
func (c *call) interviewed() bool {
	t := c.spoken()
	if t == nil || t.Want.Inquiry == nil || t.over(c.ask.At) || c.ask.Clip != nil {
		return false
	}
	if c.ask.Action == "" {
		return c.ask.Text != ""
	}
	p, ok := readAction(c.ask.Action)
	return ok && p.verb == "" && p.line == "" && !p.resume && t.has(p.input.Token)
}

func (c *call) session() funnel.SessionKey { return c.ask.session() }

func (a *Ask) session() funnel.SessionKey {
	return funnel.SessionKey{Workspace: a.Workspace, Member: a.Member, Place: a.Door + "/" + a.Place}
}

func (c *call) load(ctx context.Context) error {
	s, err := c.desk.sessions.Load(ctx, c.session())
	switch {
	case errors.Is(err, funnel.ErrNoSession):
		s = funnel.Session{}
	case err != nil:
		return fmt.Errorf("load the conversation: %w", err)
	}
	c.adopt(s)
	c.desk.recalled.put(c.session(), s)
	return nil
}

// adopt reads the conversation from where it is kept.
func (c *call) adopt(s funnel.Session) {
	c.version, c.before = s.Version, s.Data
	if len(s.Data) == 0 {
		return
	}
	if err := json.Unmarshal(s.Data, &c.talks); err != nil {
		// A conversation of another version of the program that cannot be read is over; what was
		// said in it that had an effect is in the database.
		c.talks = conversation{}
	}
}

// keep saves the conversation and returns what the request is answered with then.
func (c *call) keep(ctx context.Context, reply Reply) (Reply, error) {
	err := c.save(ctx)
	switch funnel.CodeOf(err) {
	case funnel.CodeTooLong:
		// The question that cannot be kept is not asked.
		return Refused{Err: funnel.Refuse(funnel.CodeTooLong, funnel.Args{"field": "line", "limit": funnel.MaxText})}, c.save(ctx)
	case funnel.CodeUnavailable:
		switch reply.(type) {
		case Changed, Qualified, Forgotten, Settled, Transferred, Invited, Granted, Connection, Circles, Workspaces, PlanSet, DigestSet, AdviceDecided,
			Nudged, Snoozed:
			// It has happened, and the person must not be told to do it again.
			return reply, nil
		}
	}
	return reply, err
}

// save keeps the conversation if it has changed.
func (c *call) save(ctx context.Context) error {
	data, err := c.fitting()
	if err != nil {
		return err
	}
	if string(data) == string(c.before) || c.version == 0 && string(data) == "{}" {
		return nil
	}
	version, err := c.desk.sessions.Save(ctx, c.session(), funnel.Session{Data: data, Version: c.version}, sessionLife)
	if err != nil {
		c.desk.recalled.forget(c.session())
		return fmt.Errorf("save the conversation: %w", err)
	}
	c.desk.recalled.put(c.session(), funnel.Session{Data: data, Version: version})
	return nil
}

// fitting encodes the conversation, without its oldest parts where it would be too large to keep.
func (c *call) fitting() ([]byte, error) {
	for {
		data, err := json.Marshal(c.talks)
		if err != nil {
			return nil, fmt.Errorf("encode the conversation: %w", err)
		}
		switch {
		case len(data) <= funnel.MaxSessionData:
			return data, nil
		case len(c.talks.Done) > 0:
			c.talks.Done = c.talks.Done[1:]
		case len(c.talks.Talks) > 1:
			c.talks.Talks = c.talks.Talks[1:]
		default:
			// One dialog alone: its command was longer than anything that can be done with it.
			c.talks = conversation{}
			return nil, funnel.Refuse(funnel.CodeTooLong, funnel.Args{"field": "line", "limit": funnel.MaxText})
		}
	}
}

// talk returns the dialog that is asking, or nil.
func (c *call) talk() *talk {
	if n := len(c.talks.Talks); n > 0 {
		return &c.talks.Talks[n-1]
	}
	return nil
}

// start makes a dialog the one that is asking. Only a few can wait behind it.
func (c *call) start(t talk) {
	c.talks.Talks = append(c.talks.Talks, t)
	if n := len(c.talks.Talks); n > maxTalks {
		c.talks.Talks = c.talks.Talks[n-maxTalks:]
	}
}

// end takes away the dialog that is asking.
func (c *call) end() {
	if n := len(c.talks.Talks); n > 0 {
		c.talks.Talks = c.talks.Talks[:n-1]
	}
}

// hear notes that the dialog took the request.
func (c *call) hear(t *talk) {
	t.Heard = append(slices.Clone(t.Heard), c.ask.Key)
	if n := len(t.Heard); n > maxHeard {
		t.Heard = t.Heard[n-maxHeard:]
	}
	t.At, t.Open = c.ask.At.UTC(), false
	t.Until = c.space.Calendar.After(t.At, talkLife, c.lex.Zone).UTC()
}

// lapse ends the dialogs that nobody has answered in time. A qualification that is over is told so by
// its use case; what is typed does not speak to it.
func (c *call) lapse() {
	c.talks.Talks = slices.DeleteFunc(c.talks.Talks, func(t talk) bool {
		return t.Want.Inquiry == nil && t.over(c.ask.At)
	})
	for i := range c.talks.Talks {
		if t := &c.talks.Talks[i]; t.over(c.ask.At) {
			t.State.Paused = true
		}
	}
}

// over reports whether the dialog was to end before the time.
func (t *talk) over(at time.Time) bool { return !t.Until.IsZero() && t.Until.Before(at) }

// spoken returns the dialog that typed words speak to, or nil: one that was set aside hears nothing.
func (c *call) spoken() *talk {
	if t := c.talk(); t != nil && !t.State.Paused {
		return t
	}
	return nil
}

// remember keeps how a dialog ended under the key of the request that ended it.
func (c *call) remember(d done) {
	d.Key = c.ask.Key
	c.talks.Done = append(slices.Clone(c.talks.Done), d)
	if n := len(c.talks.Done); n > maxDone {
		c.talks.Done = c.talks.Done[n-maxDone:]
	}
}

// focus makes the deal the one that is meant when none is named. Saving that costs as much as a
// change, so it is done no more often than it tells something new.
func (c *call) focus(deal funnel.ID) {
	if c.talks.Focus != deal || c.ask.At.Sub(c.talks.FocusAt) > focusStep {
		c.talks.Focus, c.talks.FocusAt = deal, c.ask.At.UTC()
	}
}

// changedFocus is focus for a deal that the member has just changed. The database knows that, so
// it is only noted where another deal is remembered.
func (c *call) changedFocus(deal funnel.ID) {
	if !c.talks.Focus.IsZero() && c.talks.Focus != deal {
		c.focus(deal)
	}
}

// act says who acts, for a use case.
func (c *call) act(event string) funnel.Act {
	a := funnel.Act{Workspace: c.ask.Workspace, Member: c.ask.Member, Event: event, Origin: funnel.FromChat}
	if a.Said = event; event == c.ask.Key {
		a.Said = c.ask.Action + "\n" + c.ask.Text
	}
	if c.unsure {
		a.Talk, a.TalkWas = c.session(), funnel.Session{Data: c.before, Version: c.version}
	}
	return a
}

// today is the member's day.
func (c *call) today() funnel.Date { return funnel.DateOf(c.ask.At.In(c.lex.Zone)) }
