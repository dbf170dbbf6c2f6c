package commands

import (
	"context"

	"funnelbot/funnel"
)

func (c *call) won(ctx context.Context, w *want) (Reply, error) {
	view, err := c.view(ctx, w)
	if err != nil {
		return nil, err
	}
	amount, err := counted(w.Intent.Amount, w.Intent.AmountAssumed, coin(view))
	if err != nil {
		return nil, err
	}
	r, err := c.desk.service.Win(ctx, c.act(w.Event), w.target(), funnel.Win{
		At: c.happened(w.Intent.When, view), Amount: amount, Note: w.Intent.Text,
	})
	if err != nil {
		return nil, err
	}
	return c.changed(r), nil
}

func (c *call) lost(ctx context.Context, w *want) (Reply, error) {
	view, err := c.view(ctx, w)
	if err != nil {
		return nil, err
	}
	r, err := c.desk.service.Lose(ctx, c.act(w.Event), w.target(), funnel.Lose{
		Reason: w.Intent.Reason, Note: w.Intent.Text, At: c.happened(w.Intent.When, view),
	})
	if err != nil {
		return nil, err
	}
	return c.changed(r), nil
}

func (c *call) reopen(ctx context.Context, w *want) (Reply, error) {
	r, err := c.desk.service.Reopen(ctx, c.act(w.Event), w.target(), funnel.Reopen{Note: w.Intent.Text})
	if err != nil {
		return nil, err
	}
	return c.changed(r), nil
}

func (c *call) park(ctx context.Context, w *want) (Reply, error) {
	r, err := c.desk.service.Park(ctx, c.act(w.Event), w.target(), funnel.Park{
		Until: w.Intent.When.Date, Reason: w.Intent.Text,
	})
	if err != nil {
		return nil, err
	}
	return c.changed(r), nil
}
