package commands

import (
	"context"

	"funnelbot/funnel"
)

// Nudged says that the owner of a deal is asked about it.
type Nudged struct {
	funnel.Nudged
	Deal   funnel.DealView
	Offers []Offer
}

// nudge asks the owner of a deal about it.
func (c *call) nudge(ctx context.Context, w *want) (Reply, error) {
	r, err := c.desk.service.Nudge(ctx, c.act(w.Event), funnel.Target{Deal: w.Deal})
	if err != nil {
		return nil, err
	}
	return c.nudged(ctx, r)
}

func (c *call) nudged(ctx context.Context, r funnel.Nudged) (Reply, error) {
	view, err := c.outline(ctx, r.Nudge.Deal)
	if err != nil {
		return nil, err
	}
	c.changedFocus(view.ID)
	return Nudged{Nudged: r, Deal: *view, Offers: []Offer{c.showOffer(view)}}, nil
}

// outline reads a deal with the names of its company and owner.
func (c *call) outline(ctx context.Context, id funnel.ID) (*funnel.DealView, error) {
	view, err := c.desk.service.Read().Outline(ctx, c.ask.Workspace, id)
	if err != nil {
		return nil, err
	}
	if view == nil {
		return nil, funnel.Refuse(funnel.CodeNoDeal, funnel.Args{"ref": ""})
	}
	return view, nil
}
