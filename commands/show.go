package commands

import (
	"context"
	"reflect"
	"slices"

	"funnelbot/funnel"
)

// show answers with the card of the deal.
func (c *call) show(ctx context.Context, w *want) (Reply, error) {
	view, err := c.desk.service.Read().Deal(ctx, c.ask.Workspace, w.Deal, 0)
	if err != nil {
		return nil, err
	}
	if view == nil {
		return nil, funnel.Refuse(funnel.CodeNoDeal, funnel.Args{"ref": w.Intent.Deal.Text()})
	}
	c.focus(view.ID)
	return Card{Deal: *view, Offers: c.cardOffers(view)}, nil
}

// shown lists the deals that the words may mean: to look at one of several asks no question, which
// would take whatever is typed next for its answer.
func (c *call) shown(w *want) Reply {
	title := DealsTitle{Words: w.Intent.Deal.Text()}
	if title.Words == "" {
		title.List = funnel.ListMine
	}
	return Deals{Title: title, Deals: w.likely, Total: len(w.likely)}
}

// cardOffers are what can be done about a deal in its state.
func (c *call) cardOffers(v *funnel.DealView) []Offer {
	d := &v.Deal
	act := func(label string, verb Key) Offer { return Offer{Label: label, Action: dealAction(verb, d, "")} }
	if !d.VoidedAt.IsZero() {
		return nil
	}
	switch d.Outcome {
	case funnel.Lost:
		return []Offer{act("reopen", VerbReopen)}
	case funnel.Won:
		offers := append([]Offer{act("log", VerbLog), act("next", VerbNext)}, c.stepOffer(d)...)
		return append(offers, Offer{Label: "people", Action: openAction(VerbPeople, d.Number, "")})
	case funnel.Open:
	}
	offers := c.stepOffer(d)
	if to := c.onward(d); to != "" {
		offers = append(offers, Offer{Label: "move", Action: dealAction(VerbMove, d, string(to)), Stage: to})
	}
	offers = append(offers, act("log", VerbLog))
	if d.Next.IsZero() {
		offers = append(offers, act("next", VerbNext))
	}
	offers = append(offers, act("won", VerbWon), act("lost", VerbLost))
	if c.questionnaire(d.Kind) != nil {
		offers = append(offers, goOn(d, "qualify"))
	}
	return append(offers, Offer{Label: "people", Action: openAction(VerbPeople, d.Number, "")})
}

// onward is the next stage of a deal, unless it is entered by signing.
func (c *call) onward(d *funnel.Deal) funnel.StageKey {
	plan := c.planOf(d.Kind)
	if to := plan.Next(d.Stage); !plan.Signed(to) {
		return to
	}
	return ""
}

func (c *call) stepOffer(d *funnel.Deal) []Offer {
	if d.Next.IsZero() {
		return nil
	}
	return []Offer{{Label: "done", Action: dealAction(VerbDone, d, "")}}
}

// changed makes the reply to a change: what it did, the way back, and what may come next. It
// follows from what is kept of the change, so that a repeated delivery is answered the same.
func (c *call) changed(r funnel.Changed) Reply {
	c.changedFocus(r.Deal.ID)
	d := &r.Deal
	if r.Qualified != nil && r.Verb == funnel.VerbQualify {
		return c.qualified(r)
	}
	var offers []Offer
	if !idle(&r) {
		offers = []Offer{{Label: "undo", Action: dealAction(VerbUndo, d, "")}}
	}
	verb := Key(r.Verb)
	if slices.Contains([]Key{VerbNew, VerbMove, VerbBack, VerbReopen, VerbLog}, verb) {
		offers = append(offers, stepWanted(d)...)
	}
	if to := c.onward(d); verb == VerbLog && d.Outcome == funnel.Open && r.From == d.Stage && to != "" {
		offers = append(offers, Offer{Label: "move", Action: dealAction(VerbMove, d, string(to)), Stage: to})
	}
	if d.Amount.IsZero() && (verb == VerbNew || verb == VerbLog || verb == VerbWon) {
		offers = append(offers, Offer{Label: "set_amount", Action: dealAction(VerbSet, d, string(funnel.FieldAmount))})
	}
	if r.Person != nil {
		offers = append(offers, c.seatedOffers(&r)...)
	}
	out := Changed{Changed: r, OwnerName: c.memberName(d.Owner), Offers: offers}
	if verb == VerbAssign && d.Owner != c.me.ID {
		out.OwnerAway = c.absence(d.Owner)
	}
	return out
}

// idle reports whether a change has left everything as it was: to take it back would change nothing
// either, and reads as if an earlier change were meant.
func idle(r *funnel.Changed) bool {
	if r.Was != nil && (r.Person != nil || r.Qualified != nil) {
		return r.Was.Version == r.Deal.Version // the committee has changed, not the deal
	}
	if r.Was == nil || len(r.Activities) > 0 || !reflect.DeepEqual(r.Customer, r.CustomerWas) {
		return false
	}
	if r.Was.Stage != r.Deal.Stage {
		return false // seen at a glance, and the most frequent change
	}
	was := *r.Was
	was.Version = r.Deal.Version
	return reflect.DeepEqual(&was, &r.Deal)
}

func (c *call) memberName(id funnel.ID) string {
	i := slices.IndexFunc(c.names.members, func(m funnel.Member) bool { return m.ID == id })
	if i < 0 {
		return ""
	}
	return c.names.members[i].Name
}

// stepWanted offers to set a next step where the deal is open and has none.
func stepWanted(d *funnel.Deal) []Offer {
	if d.Outcome != funnel.Open || !d.Next.IsZero() || d.Parked() {
		return nil
	}
	return []Offer{{Label: "next", Action: dealAction(VerbNext, d, "")}}
}
