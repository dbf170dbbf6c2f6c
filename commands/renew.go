package commands

import (
	"context"

	"funnelbot/funnel"
)

// renew opens the renewal of a signed deal.
func (c *call) renew(ctx context.Context, w *want) (Reply, error) {
	r, err := c.desk.service.Renew(ctx, c.act(w.Event), funnel.Renew{Of: w.target()})
	if err != nil {
		return nil, err
	}
	return c.changed(r), nil
}
