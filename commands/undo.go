package commands

import (
	"context"

	"funnelbot/funnel"
)

// undo takes back the member's own last change. A button under a change means that change and no
// other.
func (c *call) undo(ctx context.Context, w *want) (Reply, error) {
	r, err := c.desk.service.Undo(ctx, c.act(w.Event), w.Intent.Deal.Number, w.Version)
	if err != nil {
		return nil, err
	}
	return c.undone(r), nil
}

func (c *call) undone(r funnel.Changed) Reply {
	if r.Deal.ID.IsZero() {
		c.desk.rosters.forget(c.ask.Workspace)
		return Changed{Changed: r}
	}
	c.changedFocus(r.Deal.ID)
	return Changed{
		Changed: r, OwnerName: c.memberName(r.Deal.Owner),
		Offers: []Offer{{Label: "show", Action: showAction(r.Deal.Number), Name: r.Company}},
	}
}
