package message

import (
	"funnelbot/bot/text"
	"funnelbot/commands"
	"funnelbot/funnel"
)

// deals is one page of a list.
func (c *composer) deals(r commands.Deals) []Block {
	if r.Total == 0 {
		return append([]Block{Paragraph{c.empty(r.Title)}}, c.buttons(r.Offers)...)
	}
	blocks := []Block{Heading{c.heading(r.Title)}}
	if len(r.Deals) > 0 {
		items := make([]Item, len(r.Deals))
		for i := range r.Deals {
			d := &r.Deals[i]
			items[i] = Item{
				Text:    join(Line{viewRef(d)}, Text(short(d.Title, maxName)), c.state(d, c.shared(r.Title))),
				Buttons: []Button{c.showButton(d.Number)},
			}
		}
		blocks = append(blocks, List{Items: items})
	}
	blocks = append(blocks, Footnote{c.extent(r)})
	return append(blocks, c.buttons(r.Offers)...)
}

// heading says what a list shows.
func (c *composer) heading(t commands.DealsTitle) Line {
	switch {
	case t.Words != "":
		return c.line("list.found.title", text.Args{"words": short(t.Words, maxName)})
	case t.OwnerName != "":
		return c.line("list.owner.title", text.Args{"name": t.OwnerName})
	case t.List == funnel.ListStage:
		return c.line("list.stage.title", text.Args{"stage": t.Stage})
	}
	return Text(c.p.Say("list."+string(t.List)+".title", nil))
}

// empty says that a list has nothing in it, and what that means.
func (c *composer) empty(t commands.DealsTitle) Line {
	switch {
	case t.Words != "":
		return c.line("list.found.empty", text.Args{"words": short(t.Words, maxName)})
	case t.OwnerName != "":
		return c.line("list.owner.empty", text.Args{"name": t.OwnerName})
	case t.List == funnel.ListStage:
		return c.line("list.stage.empty", text.Args{"stage": t.Stage})
	}
	return Text(c.p.Say("list."+string(t.List)+".empty", nil))
}

// shared reports whether a list holds deals of several owners.
func (c *composer) shared(t commands.DealsTitle) bool {
	return t.OwnerName == "" && t.List != funnel.ListMine
}

// extent says how much of the list is seen.
func (c *composer) extent(r commands.Deals) Line {
	switch last := r.Offset + len(r.Deals); {
	case len(r.Deals) == 0:
		return c.counted("list.beyond", r.Total, nil)
	case r.Offset > 0 || last < r.Total:
		return c.line("list.part", text.Args{"from": r.Offset + 1, "to": last, "total": r.Total})
	}
	return c.counted("list.all", r.Total, nil)
}

// state is how a deal stands, on one line: where it is, how much it is, what follows.
func (c *composer) state(d *funnel.DealView, owner bool) Line {
	c = c.of(d.Kind)
	parts := []Line{}
	if closed := c.outcome(&d.Deal); closed != nil {
		parts = append(parts, closed)
	} else {
		parts = append(parts, c.line("card.in_stage", text.Args{"stage": d.Stage}))
	}
	parts = append(parts, Text(c.amount(&d.Deal)))
	switch {
	case d.Outcome == funnel.Lost || !d.VoidedAt.IsZero():
	case d.Parked():
		parts = append(parts, c.line("deal.parked", text.Args{"date": d.ParkedUntil}))
	case !d.Next.IsZero():
		parts = append(parts, c.step(d.Next))
	case d.Outcome == funnel.Open:
		parts = append(parts, c.line("deal.no_step", nil))
	}
	if owner {
		parts = append(parts, Text(d.OwnerName))
	}
	return join(parts...)
}
