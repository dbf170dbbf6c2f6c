package commands

import (
	"context"
	"slices"
	"strings"

	"funnelbot/funnel"
	"funnelbot/funnel/dialog"
)

// Parts of the action of a button about somebody of a committee, behind the person.
const (
	personMark = "."
	askRoles   = "roles"
	askStance  = "stance"
	markFirst  = "initiator"
	markGone   = "gone"
)

// contactNew is the answer that a person is none of those who are known.
const contactNew = "new"

// fillSeat takes the argument of a button into the intent: whom it is about, and what of them.
func (w *want) fillSeat(arg string) {
	if arg == SwitchAdd {
		w.Intent.Switch = SwitchAdd
		return
	}
	who, what, _ := strings.Cut(arg, personMark)
	id, ok := readShortID(who)
	if !ok {
		return
	}
	w.Intent.Seat.Contact = id
	switch what {
	case askRoles:
		w.Asks = []Arg{ArgRoles}
	case askStance:
		w.Asks = []Arg{ArgStance}
	case markFirst:
		w.Intent.Seat.Initiator = SwitchOn
	case markGone:
		w.Intent.Seat.Gone = true
	}
}

// people settles whom the line is about and what is to be asked of them. It returns a reply where
// nothing is to be changed: the committee, or one person of it.
func (c *call) people(ctx context.Context, w *want) (Reply, error) {
	in := &w.Intent
	if in.Seat.Name == "" && in.Seat.Contact.IsZero() && in.Seat.Position != Cleared {
		// "people acme, Carla Stone, legal": what follows the deal is the name.
		in.Seat.Name, in.Seat.Position, _ = strings.Cut(in.Seat.Position, ", ")
	}
	if in.Seat.Name == "" && in.Seat.Contact.IsZero() && !in.Seat.says() && in.Next == (Step{}) && in.Switch == "" {
		return c.committee(ctx, w)
	}
	view, err := c.desk.service.Read().Deal(ctx, c.ask.Workspace, w.Deal, 0)
	if err != nil {
		return nil, err
	}
	if view == nil {
		return nil, funnel.Refuse(funnel.CodeNoDeal, funnel.Args{"ref": in.Deal.Text()})
	}
	company, err := c.desk.service.Read().Company(ctx, c.ask.Workspace, view.Company)
	if err != nil || company == nil {
		return nil, err
	}
	w.view = view
	if err := c.who(w, company.Contacts); err != nil || len(w.Persons) > 0 {
		return nil, err
	}
	chair := chairOf(view.Committee, in.Seat.Contact)
	switch {
	case len(w.Asks) > 0:
		w.Has = chair.Roles
	case in.Seat.says() || in.Next != (Step{}):
		if in.Seat.Name == "" && in.Seat.Contact.IsZero() {
			w.Asks, w.Client = []Arg{ArgContact}, known(company.Contacts)
		}
	case !chair.Contact.IsZero():
		c.focus(view.ID)
		return c.somebody(view, chair), nil
	case in.Seat.Name == "" && in.Seat.Contact.IsZero():
		w.Asks, w.Client = []Arg{ArgContact, ArgRoles, ArgStance}, known(outside(company.Contacts, view.Committee))
	default:
		w.Asks = []Arg{ArgRoles, ArgStance}
	}
	return nil, nil
}

// who finds the person that the line names among those of the company.
func (c *call) who(w *want, contacts []funnel.Contact) error {
	seat := &w.Intent.Seat
	if !seat.Contact.IsZero() {
		i := slices.IndexFunc(contacts, func(p funnel.Contact) bool { return p.ID == seat.Contact })
		if i < 0 {
			return funnel.Refuse(funnel.CodeNoContact, funnel.Args{"name": seat.Name})
		}
		seat.Name = contacts[i].Name
		return nil
	}
	seat.named(seat.Name, c.plan.Roles)
	if seat.Name == "" || w.Fresh {
		return nil
	}
	names := make([]string, len(contacts))
	for i := range contacts {
		names[i] = contacts[i].Name
	}
	sure, near := calledLike(seat.Name, names)
	adds := !seat.Gone
	switch {
	case len(sure) == 1:
		seat.Contact, seat.Name = contacts[sure[0]].ID, contacts[sure[0]].Name
		return nil
	case len(sure) == 0 && len(near) == 0 && adds:
		return nil // somebody new
	case len(sure) == 0 && len(near) == 0:
		return funnel.Refuse(funnel.CodeNoContact, funnel.Args{"name": seat.Name})
	}
	for _, i := range append(sure, near...) {
		if len(w.Persons) < maxAmong {
			w.Persons = append(w.Persons, choice{Key: contacts[i].ID.String(), Name: contacts[i].Name})
		}
	}
	if adds {
		w.Persons = append(w.Persons, choice{Key: contactNew})
	}
	return nil
}

// known are people to choose from.
func known(contacts []funnel.Contact) []dialog.Human {
	people := make([]dialog.Human, 0, maxOffered)
	for i := range contacts[:min(len(contacts), maxOffered)] {
		people = append(people, dialog.Human{ID: contacts[i].ID, Name: contacts[i].Name})
	}
	return people
}

// outside are the contacts without a place in the committee.
func outside(contacts []funnel.Contact, committee []funnel.ChairView) []funnel.Contact {
	return slices.DeleteFunc(slices.Clone(contacts), func(p funnel.Contact) bool {
		return slices.ContainsFunc(committee, func(v funnel.ChairView) bool { return v.Contact == p.ID })
	})
}

func chairOf(committee []funnel.ChairView, contact funnel.ID) funnel.ChairView {
	for _, v := range committee {
		if v.Contact == contact && !contact.IsZero() {
			return v
		}
	}
	return funnel.ChairView{}
}

// committee shows who takes part at the client.
func (c *call) committee(ctx context.Context, w *want) (Reply, error) {
	view, err := c.desk.service.Read().Deal(ctx, c.ask.Workspace, w.Deal, 0)
	if err != nil {
		return nil, err
	}
	if view == nil {
		return nil, funnel.Refuse(funnel.CodeNoDeal, funnel.Args{"ref": w.Intent.Deal.Text()})
	}
	c.focus(view.ID)
	plan := c.planOf(view.Kind)
	r := Committee{Deal: *view, Coverage: plan.Cover(view.Stage, view.Committee, c.ask.At, c.lex.Zone)}
	for _, v := range plan.Seating(view.Committee) {
		if !v.Person.ForgottenAt.IsZero() {
			continue
		}
		r.Chairs = append(r.Chairs, v)
		r.Offers = append(r.Offers, personOffer(view.Number, &v))
	}
	if view.VoidedAt.IsZero() {
		r.Offers = append(r.Offers, Offer{Label: "add_person", Action: openAction(VerbPeople, view.Number, SwitchAdd)})
	}
	return r, nil
}

// planOf is the funnel of a kind of deals.
func (c *call) planOf(k funnel.Kind) *funnel.Funnel {
	if f := c.desk.service.Funnel(k); f != nil {
		return f
	}
	return c.plan
}

// planFor is the funnel of a deal; of none it is that of new business.
func (c *call) planFor(view *funnel.DealView) *funnel.Funnel {
	if view == nil {
		return c.plan
	}
	return c.planOf(view.Kind)
}

func personOffer(number int64, v *funnel.ChairView) Offer {
	return Offer{Label: "person", Action: openAction(VerbPeople, number, shortID(v.Contact)), Name: v.Person.Name}
}

// somebody shows one person of a committee with what can be changed.
func (c *call) somebody(view *funnel.DealView, v funnel.ChairView) Reply {
	r := Person{Deal: *view, Chair: v}
	who := shortID(v.Contact)
	act := func(label, what string) {
		r.Offers = append(r.Offers, Offer{Label: label, Action: openAction(VerbPeople, view.Number, who+personMark+what)})
	}
	act("roles", askRoles)
	act("stance", askStance)
	if !v.Initiator {
		act("initiator", markFirst)
	}
	r.Offers = append(r.Offers, Offer{Label: "log", Action: openAction(VerbLog, view.Number, who)})
	act("unseat", markGone)
	return r
}

// seat calls the use case of a change to the committee.
func (c *call) seat(ctx context.Context, w *want) (Reply, error) {
	seat := w.Intent.Seat
	act, target := c.act(w.Event), funnel.Target{Deal: w.Deal}
	if seat.Gone {
		r, err := c.desk.service.Unseat(ctx, act, target, funnel.UnseatPerson{Contact: seat.Contact})
		if err != nil {
			return nil, err
		}
		return c.changed(r), nil
	}
	if seat.Position == "" && seat.Post != "" {
		bare, err := c.positionless(ctx, w)
		if err != nil {
			return nil, err
		}
		if bare {
			seat.Position = seat.Post
		}
	}
	r, err := c.desk.service.Seat(ctx, act, target, seat.command(w.Intent.Next))
	if err != nil {
		return nil, err
	}
	return c.changed(r), nil
}

// positionless reports whether no position is known of the person of the want.
func (c *call) positionless(ctx context.Context, w *want) (bool, error) {
	seat := &w.Intent.Seat
	view, err := c.view(ctx, w)
	if err != nil || view == nil || seat.Contact.IsZero() {
		return err == nil, err
	}
	company, err := c.desk.service.Read().Company(ctx, c.ask.Workspace, view.Company)
	if err != nil || company == nil {
		return false, err
	}
	return !slices.ContainsFunc(company.Contacts, func(p funnel.Contact) bool { return p.ID == seat.Contact && p.Position != "" }), nil
}

// contactStep asks who at the client is meant.
func contactStep(w *want) dialog.Step {
	return dialog.Step{Kind: dialog.Person, Options: dialog.Options(humans(w.Client)...), Parse: readHuman(w.Client)}
}

// roleStep asks for the roles of somebody in a committee; those that they have are what Enter takes.
func roleStep(w *want, roles []funnel.CommitteeRole, l funnel.Locale) dialog.Step {
	options := make([]dialog.Option, len(roles))
	for i, r := range roles {
		options[i] = dialog.Option{Key: r.Key, Label: r.Titles.In(l), Names: namesOf(r.Titles, r.Aliases)}
	}
	had := dialog.SeveralOf(w.Has...)
	return dialog.Step{
		Kind: dialog.Several, Optional: len(w.Has) == 0, Options: dialog.Options(options...), Parse: nearest(func() []dialog.Option { return options }),
		Default: func(dialog.Answers) dialog.Value {
			if len(w.Has) == 0 {
				return dialog.Value{}
			}
			return had
		},
	}
}

// stanceStep asks how somebody stands to the deal.
func stanceStep() dialog.Step {
	options := []dialog.Option{{Key: string(funnel.Supporter)}, {Key: string(funnel.Neutral)}, {Key: string(funnel.Blocker)}}
	return dialog.Step{Kind: dialog.Choice, Optional: true, Options: dialog.Options(options...), Parse: chooses(stanceKey)}
}

// stanceKey reads a stance by its words.
func stanceKey(word string) string {
	for _, word := range []string{word, FlipLayout(word)} {
		s := oneWord(word)
		if stance, n := s.stanceAt(0, len(s.list)); n > 0 {
			return string(stance)
		}
	}
	return ""
}

// oneWord is a scan of a word by itself.
func oneWord(word string) *scan { return &scan{tokens: tokenize(word), lex: &Lexicon{}} }

// seatedOffers are what can be done after a change of the committee.
func (c *call) seatedOffers(r *funnel.Changed) []Offer {
	var offers []Offer
	if !chairOf(r.Chairs, r.Person.Contact).Contact.IsZero() {
		offers = append(offers, personOffer(r.Deal.Number, r.Person))
	}
	return append(offers, Offer{Label: "people", Action: openAction(VerbPeople, r.Deal.Number, "")})
}
