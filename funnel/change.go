package funnel

import "time"

// Change is the audit record of one use case that changed something: who, when, what, and what
// has to be known to take it back.
type Change struct {
	// Subject is what was changed: a deal, or a member where OfDeal is false. Together with
	// Version, the version that it had afterwards, it identifies the change.
	Subject ID     `json:"subject"`
	Version int64  `json:"version"`
	OfDeal  bool   `json:"of_deal,omitzero"`
	Member  ID     `json:"member"`
	Verb    string `json:"verb"`
	Origin  Origin `json:"origin"`
	// At is when it was recorded, in UTC.
	At time.Time `json:"at"`
	// UndoneAt is zero while the change stands.
	UndoneAt time.Time `json:"undone_at,omitzero"`
	Before   Before    `json:"before,omitzero"`
}

// Before is what a change can be taken back to.
type Before struct {
	// Deal is nil where the change opened the deal or concerned none.
	Deal  *Deal  `json:"deal,omitempty"`
	Spell *Spell `json:"spell,omitempty"`
	// Moves is the number of moves that the change made.
	Moves int `json:"moves,omitempty"`
	// Company is kept where the change touched it, with Customer, the company as the change left it.
	Company    *Company `json:"company,omitempty"`
	Customer   *Company `json:"customer,omitempty"`
	Activities []ID     `json:"activities,omitempty"`
	Signed     bool     `json:"signed,omitempty"`
	Started    bool     `json:"started,omitempty"`
	Unstarted  bool     `json:"unstarted,omitempty"`
	Voided     bool     `json:"voided,omitempty"`
	// Stands are the stays that stand now, and Taken those that the correction of a signature took
	// out of the statistics, both in order. They are read with the change from where they are kept,
	// because undoing writes stays again under other numbers.
	Stands []Spell `json:"-"`
	Taken  []Spell `json:"-"`
	// Member is kept where the change was one of a member's own settings or role.
	Member *Member `json:"member,omitempty"`
	// Quota is what was planned for a month, where the change was one of that.
	Quota *Quota `json:"quota,omitempty"`
	// Chairs are places in the committee as they were, NewChairs the people who had none; Contacts are
	// people as they were and Left the same, and new ones, as the change left them. Qualified is the
	// number of the qualification that the change made.
	Chairs    []Chair   `json:"chairs,omitempty"`
	NewChairs []ID      `json:"new_chairs,omitempty"`
	Contacts  []Contact `json:"contacts,omitempty"`
	Left      []Contact `json:"left,omitempty"`
	Qualified int       `json:"qualified,omitempty"`
	// Access says what a change of who may speak and where was about, such as "role" or "chat".
	// Undo leaves such a change alone.
	Access map[string]string `json:"access,omitempty"`
}

// record makes the audit record of a decision.
func (d *Decision) record(e *Env, verb string) Change {
	c := Change{
		Subject: d.After.Deal.ID, Version: d.After.Deal.Version, OfDeal: true, Member: e.Actor.ID,
		Verb: verb, Origin: e.Origin, At: e.Now,
	}
	if !d.IsNew() {
		before := d.Before.Deal
		c.Before.Deal, c.Before.Spell = &before, d.Before.Spell
	}
	c.Before.Moves = len(d.Moves)
	if d.Customer != nil {
		c.Before.Company, c.Before.Customer = d.CustomerWas, d.Customer
	}
	for _, a := range d.Activities {
		c.Before.Activities = append(c.Before.Activities, a.ID)
	}
	c.Before.Signed = d.Contract.Sign != nil
	c.Before.Started = !d.Contract.StartedAt.IsZero()
	c.Before.Unstarted = d.Contract.Unstart
	c.Before.Voided = d.Contract.Void
	c.Before.people(d)
	if d.Qualified != nil {
		c.Before.Qualified = d.Qualified.Seq
	}
	return c
}

// people keeps what the committee and the people of the company were.
func (b *Before) people(d *Decision) {
	for _, v := range d.Chairs {
		if was, ok := chairOf(d.Before.Committee, v.Contact); ok {
			b.Chairs = append(b.Chairs, was)
		} else {
			b.NewChairs = append(b.NewChairs, v.Contact)
		}
	}
	for _, id := range d.Gone {
		was, _ := chairOf(d.Before.Committee, id)
		b.Chairs = append(b.Chairs, was)
	}
	for _, p := range d.Contacts {
		if was, ok := contactOf(d.Before.Contacts, p.ID); ok {
			b.Contacts = append(b.Contacts, was)
		}
		b.Left = append(b.Left, p)
	}
}

// ofPeople reports whether the change touched the committee or the people of the company.
func (b *Before) ofPeople() bool { return len(b.Chairs)+len(b.NewChairs)+len(b.Left) > 0 }

// ChangeRef identifies a change.
type ChangeRef struct {
	Subject ID
	Version int64
}

// Ref returns the identity of the change.
func (c *Change) Ref() ChangeRef { return ChangeRef{c.Subject, c.Version} }
