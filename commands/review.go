package commands

import (
	"cmp"
	"context"
	"slices"

	"funnelbot/funnel"
)

// Review shows one of the member's own deals that stand: stuck, or without a next step.
type Review struct {
	// Deal is nil where no such deal is left; Begins says that none came before it.
	Deal   *funnel.DealView
	Begins bool
	// Stuck and NoStep say why the deal is shown.
	Stuck, NoStep bool
	// Left is how many come after it.
	Left   int
	Offers []Offer
}

// reviewMost is how many deals of each kind a review walks through.
const reviewMost = 200

// What a button of a review does about its deal.
const (
	reviewAlive = "alive"
	reviewMove  = "move"
	reviewPark  = "park"
	reviewLost  = "lost"
	reviewHide  = "hide"
	reviewSkip  = "skip"
)

// review walks through the member's own deals that are stuck or have no next step, by their numbers. A
// button that does something becomes that verb, and the walk goes on when it is done.
func (c *call) review(ctx context.Context, w *want) (Reply, error) {
	return c.reviewAfter(ctx, w.Intent.Deal.Number)
}

// reviewed is the verb that a button of a review stands for; the review itself for any other.
func reviewed(in *Intent, arg string) {
	verbs := map[string]Key{reviewAlive: VerbNext, reviewMove: VerbMove, reviewPark: VerbPark, reviewLost: VerbLost, reviewHide: VerbSnooze}
	if v, ok := verbs[arg]; ok {
		in.Verb, in.Walk = v, in.Deal.Number
	}
}

// walk goes on with the review after what was done about one of its deals.
func (c *call) walk(ctx context.Context, w *want, reply Reply) (Reply, error) {
	if w.Intent.Walk == 0 {
		return reply, nil
	}
	switch reply.(type) {
	case Changed, Snoozed:
	default:
		return reply, nil
	}
	// The change has been made: that the next deal cannot be read is no reason to say that it was not.
	next, err := c.reviewAfter(ctx, w.Intent.Walk)
	if err != nil {
		return reply, nil //nolint:nilerr // see above
	}
	return Sequence{Replies: []Reply{reply, next}}, nil
}

// reviewAfter shows the first deal behind the one of that number.
func (c *call) reviewAfter(ctx context.Context, after int64) (Reply, error) {
	why := map[int64]*Review{}
	for _, list := range []funnel.DealList{funnel.ListStuck, funnel.ListNoStep} {
		deals, _, err := c.desk.service.ListDeals(ctx, c.ask.Workspace, funnel.DealQuery{
			List: list, Owner: c.me.ID, Today: c.today(), Funnel: c.plan, For: c.me.ID, Limit: reviewMost,
		})
		if err != nil {
			return nil, err
		}
		for i := range deals {
			r := why[deals[i].Number]
			if r == nil {
				r = &Review{Deal: &deals[i], Begins: after == 0}
				why[deals[i].Number] = r
			}
			r.Stuck, r.NoStep = r.Stuck || list == funnel.ListStuck, r.NoStep || list == funnel.ListNoStep
		}
	}
	var next []*Review
	for number, r := range why {
		if number > after {
			next = append(next, r)
		}
	}
	if len(next) == 0 {
		return Review{Begins: after == 0, Offers: []Offer{{Label: "today", Action: string(VerbToday) + ":0:0"}}}, nil
	}
	slices.SortFunc(next, func(a, b *Review) int { return cmp.Compare(a.Deal.Number, b.Deal.Number) })
	r := *next[0]
	r.Left = len(next) - 1
	c.focus(r.Deal.ID)
	r.Offers = c.reviewOffers(&r)
	return r, nil
}

func (c *call) reviewOffers(r *Review) []Offer {
	d := &r.Deal.Deal
	offer := func(label, what string) Offer {
		return Offer{Label: label, Action: dealAction(VerbReview, d, what)}
	}
	return []Offer{
		offer("review_alive", reviewAlive), offer("review_move", reviewMove), offer("review_park", reviewPark),
		offer("review_lost", reviewLost),
		{Label: "snooze", Action: openAction(VerbReview, d.Number, reviewHide)},
		{Label: "review_skip", Action: openAction(VerbReview, d.Number, reviewSkip)},
	}
}
