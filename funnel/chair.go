package funnel

import (
	"context"
	"slices"
	"strings"
)

// Verbs of changes to the committee of a deal.
const (
	VerbPeople = "people"
	VerbUnseat = "unseat"
)

// SeatPerson gives somebody of the client a place in the committee of a deal, or changes the place
// and what is known of the person. What is nil or empty stays as it is.
type SeatPerson struct {
	// Contact is a person of the deal's company; New with a name stands in for one who is not known
	// yet. Where somebody of the company has the name of New already, that person is meant.
	Contact ID
	New     *Contact
	// Phone, Email and Position belong to the person, in all deals of the company; an empty text
	// clears them.
	Phone, Email, Position *string
	// Roles are keys of roles that are added, NotRoles of roles that are taken away.
	Roles    []string
	NotRoles []string
	Stance   *Stance
	// Initiator marks the person, and unmarks who was marked before, or takes the mark away.
	Initiator *bool
	// NextWhat and NextOn are what is promised to the person; NextOn is a day from today on, and the
	// zero Date clears it.
	NextWhat *string
	NextOn   *Date
}

func (c SeatPerson) decide(e *Env, d *Decision) error {
	if err := d.standing(); err != nil {
		return err
	}
	if err := c.check(e); err != nil {
		return err
	}
	person, err := c.person(e, d)
	if err != nil {
		return err
	}
	if person, err = c.describe(person); err != nil {
		return err
	}
	d.know(person)
	d.about = person.ID
	v := d.chair(e, person)
	if v.Roles, err = c.roles(e.Funnel, v.Roles); err != nil {
		return err
	}
	if c.Stance != nil {
		v.Stance = *c.Stance
	}
	if c.Initiator != nil {
		if *c.Initiator {
			d.unmark()
		}
		v.Initiator = *c.Initiator
	}
	if c.NextWhat != nil {
		v.NextWhat = strings.TrimSpace(*c.NextWhat)
	}
	if c.NextOn != nil {
		v.NextOn = *c.NextOn
	}
	d.seat(v)
	return nil
}

// check refuses what no chair can hold.
func (c SeatPerson) check(e *Env) error {
	if c.Stance != nil && !c.Stance.known() {
		return Refuse(CodeBadValue, Args{"field": "stance", "value": shown(string(*c.Stance))})
	}
	if c.NextWhat != nil {
		if err := fits("step", *c.NextWhat, MaxText); err != nil {
			return err
		}
	}
	if c.NextOn != nil && !c.NextOn.IsZero() {
		return c.NextOn.promised(e)
	}
	return nil
}

// known reports whether the stance is one of ours, or unknown.
func (s Stance) known() bool { return s == "" || s == Supporter || s == Neutral || s == Blocker }

// person finds whom the command is about, or makes the new person.
func (c SeatPerson) person(e *Env, d *Decision) (Contact, error) {
	if c.New == nil {
		return d.person(c.Contact)
	}
	name, err := personName(c.New.Name)
	if err != nil {
		return Contact{}, err
	}
	if p, ok := namesake(d.After.Contacts, name); ok {
		return p, nil
	}
	deal := &d.After.Deal
	fresh := *c.New
	fresh.Workspace, fresh.ID, fresh.Company, fresh.Name = deal.Workspace, e.NewID(), deal.Company, name
	return fresh, nil
}

// roles returns the roles with those that are added and without those that are taken away, in the
// order of the funnel. A role that the funnel no longer has can be kept and taken away, not added.
func (c SeatPerson) roles(f *Funnel, had []string) ([]string, error) {
	for _, key := range c.Roles {
		if f.roleIndex(key) < 0 {
			return nil, Refuse(CodeUnknownRole, Args{"role": shown(key)})
		}
	}
	for _, key := range c.NotRoles {
		if f.roleIndex(key) < 0 && !slices.Contains(had, key) {
			return nil, Refuse(CodeUnknownRole, Args{"role": shown(key)})
		}
	}
	var roles []string
	for _, key := range slices.Concat(had, c.Roles) {
		if !slices.Contains(roles, key) && !slices.Contains(c.NotRoles, key) {
			roles = append(roles, key)
		}
	}
	slices.SortStableFunc(roles, func(a, b string) int { return f.rank(a) - f.rank(b) })
	return roles, nil
}

// UnseatPerson takes somebody out of the committee of a deal. The person stays one of the company.
type UnseatPerson struct{ Contact ID }

func (c UnseatPerson) decide(_ *Env, d *Decision) error {
	if err := d.standing(); err != nil {
		return err
	}
	d.about = c.Contact
	for i, v := range d.After.Committee {
		if v.Contact == c.Contact {
			d.After.Committee = slices.Delete(slices.Clone(d.After.Committee), i, i+1)
			return nil
		}
	}
	_, err := d.person(c.Contact)
	return err
}

// person returns a known person of the deal's company.
func (d *Decision) person(id ID) (Contact, error) {
	for _, p := range d.After.Contacts {
		if p.ID == id {
			return p, nil
		}
	}
	for _, v := range d.After.Committee {
		if v.Contact == id && !v.Person.ForgottenAt.IsZero() {
			return Contact{}, Refuse(CodeContactForgotten, nil)
		}
	}
	return Contact{}, Refuse(CodeNoContact, Args{"name": ""})
}

// know makes the person one of the company, or changes what is known of one.
func (d *Decision) know(p Contact) {
	people := slices.Clone(d.After.Contacts)
	if i := slices.IndexFunc(people, func(o Contact) bool { return o.ID == p.ID }); i >= 0 {
		people[i] = p
	} else {
		people = append(people, p)
	}
	d.After.Contacts = people
	for i := range d.After.Committee {
		if d.After.Committee[i].Contact == p.ID {
			d.After.Committee = slices.Clone(d.After.Committee)
			d.After.Committee[i].Person = p
		}
	}
}

// chair returns the person's place in the committee, or one that is free.
func (d *Decision) chair(e *Env, p Contact) ChairView {
	for _, v := range d.After.Committee {
		if v.Contact == p.ID {
			return v
		}
	}
	return ChairView{Chair: Chair{Contact: p.ID, Since: e.Now}, Person: p}
}

// seat puts a place into the committee as it shall be.
func (d *Decision) seat(v ChairView) {
	chairs := slices.Clone(d.After.Committee)
	if i := slices.IndexFunc(chairs, func(o ChairView) bool { return o.Contact == v.Contact }); i >= 0 {
		chairs[i] = v
	} else {
		chairs = append(chairs, v)
	}
	d.After.Committee = chairs
}

// unmark takes the mark of the initiator away from everybody.
func (d *Decision) unmark() {
	d.After.Committee = slices.Clone(d.After.Committee)
	for i := range d.After.Committee {
		d.After.Committee[i].Initiator = false
	}
}

// Seat gives a person a place in the committee of a deal, or changes it. The result has the person
// and the whole committee.
func (s *Service) Seat(ctx context.Context, a Act, t Target, in SeatPerson) (Changed, error) {
	return s.change(ctx, a, t, VerbPeople, Reads{People: true}, in)
}

// Unseat takes a person out of the committee of a deal. The result has the person as he or she was,
// and the committee that is left.
func (s *Service) Unseat(ctx context.Context, a Act, t Target, in UnseatPerson) (Changed, error) {
	return s.change(ctx, a, t, VerbUnseat, Reads{People: true}, in)
}

// seat fills in what became of the committee.
func (r *Changed) seat(f *Funnel, d *Decision) {
	if d.about.IsZero() && len(d.Chairs)+len(d.Gone) == 0 {
		return
	}
	r.Chairs = f.Seating(d.After.Committee)
	for _, committee := range [][]ChairView{d.After.Committee, d.Before.Committee} {
		for _, v := range committee {
			if v.Contact == d.about && r.Person == nil {
				r.Person = &v
			}
		}
	}
}
