package commands

import (
	"context"

	"funnelbot/funnel"
)

func (c *call) role(ctx context.Context, w *want) (Reply, error) {
	member, err := c.whom(w.Intent.Person)
	if err != nil {
		return nil, err
	}
	r, err := c.desk.service.SetRole(ctx, c.act(w.Event), member, w.Intent.Role)
	return c.settled(r, err)
}

func (c *call) language(ctx context.Context, w *want) (Reply, error) {
	r, err := c.desk.service.SetLanguage(ctx, c.act(w.Event), w.Intent.Language)
	return c.settled(r, err)
}

func (c *call) timezone(ctx context.Context, w *want) (Reply, error) {
	r, err := c.desk.service.SetZone(ctx, c.act(w.Event), w.Intent.Zone)
	return c.settled(r, err)
}

func (c *call) settled(r funnel.Settled, err error) (Reply, error) {
	if err != nil {
		return nil, err
	}
	c.desk.rosters.forget(c.ask.Workspace)
	reply := Settled{Settled: r, Own: r.Member.ID == c.me.ID}
	if !r.Same {
		reply.Offers = []Offer{{Label: "undo", Action: "undo:0:0"}}
	}
	return reply, nil
}
