package commands

import (
	"context"

	"funnelbot/funnel"
)

// approve lets somebody in who has asked.
func (c *call) approve(ctx context.Context, w *want) (Reply, error) {
	if w.Intent.Code == "" {
		return nil, funnel.Refuse(CodeApplicationNeeded, nil)
	}
	r, err := c.desk.service.Grant(ctx, c.act(w.Event), w.Intent.Code, w.Intent.Role)
	return c.granted(r, err)
}

// decline turns somebody down who has asked.
func (c *call) decline(ctx context.Context, w *want) (Reply, error) {
	if w.Intent.Code == "" {
		return nil, funnel.Refuse(CodeApplicationNeeded, nil)
	}
	r, err := c.desk.service.Decline(ctx, c.act(w.Event), w.Intent.Code)
	return c.granted(r, err)
}

func (c *call) granted(r funnel.Granted, err error) (Reply, error) {
	if err != nil {
		return nil, err
	}
	c.desk.rosters.forget(c.ask.Workspace)
	return Granted{Granted: r}, nil
}

// remove takes a member out of the workspace.
func (c *call) remove(ctx context.Context, w *want) (Reply, error) {
	member, err := c.whom(w.Intent.Person)
	if err != nil {
		return nil, err
	}
	r, err := c.desk.service.Remove(ctx, c.act(w.Event), member)
	return c.settled(r, err)
}
