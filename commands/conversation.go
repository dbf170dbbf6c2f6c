package commands

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
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
}

// talk is a running dialog: what it asks for, and where it stands.
type talk struct {
	State dialog.State `json:"state"`
	Want  want         `json:"want"`
	// Seen is the key of the request that was taken last: its second delivery shows the same
	// question again and is not taken for an answer to it.
	Seen string `json:"seen"`
}

// done is an effect that a dialog led to.
type done struct {
	Key  string `json:"key"`
	Want want   `json:"want"`
}

// Limits of what is remembered.
const (
	sessionLife = 72 * time.Hour
	focusLife   = 30 * time.Minute
	maxTalks    = 3
	maxDone     = 8
)

// call is one request while it is answered.
type call struct {
	desk  *Desk
	ask   Ask
	space funnel.Workspace
	me    funnel.Member
	names *roster
	plan  *funnel.Funnel
	lex   Lexicon

	talks   conversation
	version int64
	before  []byte
}

func (d *Desk) call(ctx context.Context, a Ask) (*call, error) {
	names, err := d.rosters.get(ctx, d.service, a.Workspace)
	if err != nil {
		return nil, err
	}
	c := &call{desk: d, ask: a, space: names.space, names: names, plan: d.service.Funnel(funnel.NewBusiness)}
	for _, m := range names.members {
		if m.ID == a.Member {
			c.me = m
		}
	}
	if c.me.IsZero() {
		return nil, funnel.Refuse(funnel.CodeInactive, nil)
	}
	if c.ask.At.IsZero() {
		c.ask.At = d.service.Now()
	}
	c.lex = Lexicon{
		Stages: c.plan.Stages, Reasons: c.plan.Reasons, Sources: c.plan.Sources, Members: names.people,
		Currency: c.space.Currency, Language: c.me.Locale, Now: c.ask.At, Zone: c.me.Location(c.space),
	}
	return c, c.load(ctx)
}

func (c *call) session() funnel.SessionKey {
	return funnel.SessionKey{Workspace: c.ask.Workspace, Member: c.ask.Member, Place: c.ask.Door + "/" + c.ask.Place}
}

func (c *call) load(ctx context.Context) error {
	s, err := c.desk.sessions.Load(ctx, c.session())
	switch {
	case errors.Is(err, funnel.ErrNoSession):
		return nil
	case err != nil:
		return fmt.Errorf("load the conversation: %w", err)
	}
	c.version, c.before = s.Version, s.Data
	if err := json.Unmarshal(s.Data, &c.talks); err != nil {
		// A conversation of another version of the program that cannot be read is over; what was
		// said in it that had an effect is in the database.
		c.talks = conversation{}
	}
	return nil
}

// save keeps the conversation if it has changed.
func (c *call) save(ctx context.Context) error {
	data, err := json.Marshal(c.talks)
	if err != nil {
		return fmt.Errorf("encode the conversation: %w", err)
	}
	if string(data) == string(c.before) || c.version == 0 && string(data) == "{}" {
		return nil
	}
	_, err = c.desk.sessions.Save(ctx, c.session(), funnel.Session{Data: data, Version: c.version}, sessionLife)
	if err != nil {
		return fmt.Errorf("save the conversation: %w", err)
	}
	return nil
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

// remember keeps what was done under the key of the request.
func (c *call) remember(w want) {
	c.talks.Done = append(c.talks.Done, done{Key: c.ask.Key, Want: w})
	if n := len(c.talks.Done); n > maxDone {
		c.talks.Done = c.talks.Done[n-maxDone:]
	}
}

// focus makes the deal the one that is meant when none is named.
func (c *call) focus(deal funnel.ID) {
	c.talks.Focus, c.talks.FocusAt = deal, c.ask.At.UTC()
}

// act says who acts, for a use case.
func (c *call) act(w *want) funnel.Act {
	return funnel.Act{Workspace: c.ask.Workspace, Member: c.ask.Member, Event: w.Event, Origin: funnel.FromChat}
}

// today is the member's day.
func (c *call) today() funnel.Date { return funnel.DateOf(c.ask.At.In(c.lex.Zone)) }
