package commands

import (
	"context"

	"funnelbot/funnel"
)

func (c *call) move(ctx context.Context, w *want) (Reply, error) {
	view, err := c.view(ctx, w)
	if err != nil {
		return nil, err
	}
	r, err := c.desk.service.Move(ctx, c.act(w.Event), w.target(), funnel.MoveTo{
		Stage: w.Intent.Stage, At: c.happened(w.Intent.When, view), Note: w.Intent.Text,
	})
	if err != nil {
		return nil, err
	}
	return c.changed(r), nil
}

func (c *call) back(ctx context.Context, w *want) (Reply, error) {
	view, err := c.view(ctx, w)
	if err != nil {
		return nil, err
	}
	r, err := c.desk.service.Back(ctx, c.act(w.Event), w.target(), funnel.MoveBack{
		Stage: w.Intent.Stage, Reason: w.Intent.Text, At: c.happened(w.Intent.When, view),
	})
	if err != nil {
		return nil, err
	}
	return c.changed(r), nil
}
