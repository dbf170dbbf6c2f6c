package commands

import (
	"context"

	"funnelbot/funnel"
)

// away says until when the member is away, that he or she is back, or how it stands.
func (c *call) away(ctx context.Context, w *want) (Reply, error) {
	until := w.Intent.When.Date
	if until.IsZero() && w.Intent.Switch != SwitchOff {
		return Settled{
			Settled: funnel.Settled{Verb: string(VerbAway), Member: c.me}, Own: true,
			Offers: []Offer{{Label: "am_back", Action: string(VerbAway) + ":0:0:" + SwitchOff}},
		}, nil
	}
	r, err := c.desk.service.SetAway(ctx, c.act(w.Event), until)
	return c.settled(r, err)
}

// isAway reports whether the member is away now.
func (c *call) isAway() bool { return c.me.Away(c.space, c.ask.At) }

// absence returns the day on which a member is back who is away now, or the zero Date.
func (c *call) absence(id funnel.ID) funnel.Date {
	for _, m := range c.names.members {
		if m.ID == id && m.Away(c.space, c.ask.At) {
			return m.AwayUntil
		}
	}
	return funnel.Date{}
}

// present takes absences that are over out of a list of members.
func (c *call) present(members []funnel.Member) []funnel.Member {
	out := make([]funnel.Member, len(members))
	for i, m := range members {
		if !m.Away(c.space, c.ask.At) {
			m.AwayUntil = funnel.Date{}
		}
		out[i] = m
	}
	return out
}
