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
	known, err := w.known(view)
	if err != nil {
		return nil, err
	}
	to := w.Intent.Stage
	if to == "" && w.Intent.Forward && view != nil {
		if to = c.plan.Next(view.Stage); to == "" {
			return nil, funnel.Refuse(funnel.CodeAlreadyThere, funnel.Args{"deal": view.Number, "stage": view.Stage})
		}
	}
	r, err := c.desk.service.Move(ctx, c.act(w.Event), w.target(), funnel.MoveTo{
		Stage: to, At: c.happened(w.Intent.When, view), Note: w.Intent.Text,
	}, known...)
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
	known, err := w.known(view)
	if err != nil {
		return nil, err
	}
	r, err := c.desk.service.Back(ctx, c.act(w.Event), w.target(), funnel.MoveBack{
		Stage: w.Intent.Stage, Reason: w.Intent.Text, At: c.happened(w.Intent.When, view),
	}, known...)
	if err != nil {
		return nil, err
	}
	return c.changed(r), nil
}
