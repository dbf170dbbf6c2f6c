package commands

import (
	"context"

	"funnelbot/funnel"
)

// Snoozed says until when a deal is not shown to the member as a risk.
type Snoozed struct {
	funnel.Snoozed
	Deal   funnel.DealView
	Offers []Offer
}

// snoozeDays is for how long a deal is put off where nobody says until when.
const snoozeDays = 7

// snooze puts a deal off for the member, or shows it again.
func (c *call) snooze(ctx context.Context, w *want) (Reply, error) {
	until := w.Intent.When.Date
	switch {
	case w.Intent.Switch == SwitchOff:
		until = funnel.Date{}
	case until.IsZero():
		until = c.space.Calendar.NextWorkday(c.today().AddDays(snoozeDays))
	}
	r, err := c.desk.service.Snooze(ctx, c.act(w.Event), funnel.Target{Deal: w.Deal}, until)
	if err != nil {
		return nil, err
	}
	return c.snoozed(ctx, r)
}

func (c *call) snoozed(ctx context.Context, r funnel.Snoozed) (Reply, error) {
	view, err := c.outline(ctx, r.Snooze.Deal)
	if err != nil {
		return nil, err
	}
	c.changedFocus(view.ID)
	reply := Snoozed{Snoozed: r, Deal: *view}
	if !r.Snooze.Until.IsZero() {
		reply.Offers = []Offer{{Label: "snooze_off", Action: openAction(VerbSnooze, view.Number, SwitchOff)}}
	}
	reply.Offers = append(reply.Offers, c.showOffer(view))
	return reply, nil
}

// unless is whose wishes a list follows: lists of risks leave out what the member has put off. What is due
// on a day was promised for it, and is shown.
func (c *call) unless(list funnel.DealList) funnel.ID {
	if list == funnel.ListStuck || list == funnel.ListNoStep {
		return c.me.ID
	}
	return funnel.ID{}
}
