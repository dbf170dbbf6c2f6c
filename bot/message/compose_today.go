package message

import (
	"funnelbot/bot/text"
	"funnelbot/commands"
	"funnelbot/funnel"
)

// plan is a member's day.
func (c *composer) plan(r commands.Today) []Block {
	day := c.p.Day(c.today, c.today)
	heading := c.line("today.title", text.Args{"day": day})
	if r.Name != "" {
		heading = c.line("today.title_of", text.Args{"day": day, "name": r.Name})
	}
	blocks := []Block{Heading{heading}}
	switch {
	case len(r.Due)+len(r.NoStep)+len(r.Stuck) == 0 && r.Name != "":
		return append(blocks, Paragraph{c.line("today.empty_of", nil)})
	case len(r.Due)+len(r.NoStep)+len(r.Stuck) == 0:
		return append(blocks, Paragraph{c.line("today.empty", nil)})
	}
	step := func(d *funnel.DealView) Line { return c.step(d.Next) }
	stay := func(d *funnel.DealView) Line { return c.stage(&d.Deal) }
	blocks = append(blocks, c.section(c.line("today.due", nil), r.Due, r.MoreDue, step)...)
	blocks = append(blocks, c.section(c.line("today.no_step", nil), r.NoStep, r.MoreNoStep, stay)...)
	return append(blocks, c.section(c.line("today.stuck", nil), r.Stuck, r.MoreStuck, stay)...)
}

// section is one part of the plan, or nothing; why says what brought a deal there.
func (c *composer) section(title Line, items []commands.PlanItem, more int, why func(*funnel.DealView) Line) []Block {
	if len(items) == 0 {
		return nil
	}
	for i := range title {
		title[i].Style = Strong
	}
	list := List{}
	for i := range items {
		d := &items[i].Deal
		list.Items = append(list.Items, Item{
			Text: join(Line{viewRef(d)}, why(d), Text(c.amount(&d.Deal))), Buttons: c.under(items[i].Offers),
		})
	}
	blocks := []Block{Paragraph{title}, list}
	if more > 0 {
		blocks = append(blocks, Footnote{c.counted("today.more", more, nil)})
	}
	return blocks
}
