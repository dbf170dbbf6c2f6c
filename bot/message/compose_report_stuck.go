package message

import (
	"funnelbot/bot/text"
	"funnelbot/commands"
	"funnelbot/funnel"
)

// stuckReport is the deals that stand too long, those that cost most first.
func (c *composer) stuckReport(r commands.Stuck) []Block {
	s := &r.Report
	blocks := []Block{Heading{c.line("report.stuck", nil)}}
	if len(s.Deals) == 0 {
		return append(blocks, Paragraph{c.counted("report.none_stuck", s.Open, nil)})
	}
	blocks = append(blocks, Paragraph{c.counted("report.are_stuck", len(s.Deals), text.Args{"open": c.p.Number(int64(s.Open))})})
	list := List{}
	for i := r.From; i < r.To; i++ {
		d := &s.Deals[i]
		if view := r.Deals[d.Deal]; view != nil {
			list.Items = append(list.Items, Item{Text: c.stuckDeal(d, view, r.Why), Buttons: []Button{c.showButton(d.Number)}})
		}
	}
	if len(list.Items) > 0 {
		blocks = append(blocks, list)
	}
	if r.From > 0 || r.To < len(s.Deals) {
		blocks = append(blocks, Footnote{c.line("list.part", text.Args{"from": r.From + 1, "to": r.To, "total": len(s.Deals)})})
	}
	blocks = append(blocks, Footnote{c.line("report.stuck_todo", nil)})
	return append(blocks, c.buttons(r.Offers)...)
}

// stuckDeal is one deal, with the figures behind where they are asked for.
func (c *composer) stuckDeal(d *funnel.StuckDeal, view *funnel.DealView, why bool) Line {
	parts := []Line{
		{viewRef(view)},
		c.line("report.stands", text.Args{"stage": c.stageName(d.Stage), "days": c.p.Days(d.Days)}),
		Text(c.amount(&view.Deal)), Text(short(view.OwnerName, maxName)),
	}
	if !why {
		return join(parts...)
	}
	parts = append(parts, c.stuckWhy(d))
	if d.Wins != nil && !hopeless(d) {
		parts = append(parts, c.line("report.wins", text.Args{"share": c.p.Percent(*d.Wins, 0)}))
	}
	if d.Over > 0 && d.CostOfDelay.Minor > 0 {
		key := "report.delay_here"
		if d.StandIn {
			key = "report.delay_stand_in"
		}
		worth := funnel.Sum{Minor: d.CostOfDelay.Minor / int64(d.Over), Currency: d.CostOfDelay.Currency}
		parts = append(parts, Sentence(c.p, key, text.Args{"sum": c.estimate(worth), "over": c.p.Days(d.Over)}))
	}
	return join(parts...)
}

// hopeless reports whether a deal stands so long that no chance to go on is known: a percentage of zero would
// say more than a few deals can.
func hopeless(d *funnel.StuckDeal) bool { return d.Advances != nil && *d.Advances == 0 }

// stuckWhy says why a deal counts as stuck.
func (c *composer) stuckWhy(d *funnel.StuckDeal) Line {
	limit := c.p.Days(d.Limit)
	switch d.Why {
	case funnel.StuckChance:
		if hopeless(d) {
			return c.line("report.stuck_hopeless", nil)
		}
		return c.line("report.stuck_chance", text.Args{"now": c.share(d.Advances), "fresh": c.share(d.Fresh)})
	case funnel.StuckLate:
		return c.line("report.stuck_late", text.Args{"limit": limit})
	case funnel.StuckDays:
	}
	return c.line("report.stuck_days", text.Args{"limit": limit})
}

// behindNumber is a page of the deals behind a number.
func (c *composer) behindNumber(r commands.Behind) []Block {
	b := &r.Report
	blocks := []Block{Heading{c.behindTitle(r)}}
	if b.Total == 0 {
		return append(blocks, Paragraph{c.line("report.behind_none", nil)}, c.period(b.ReportHead))
	}
	page := commands.Deals{Deals: b.Deals, Offset: b.Behind.Offset, Total: b.Total}
	list := List{}
	for i := range b.Deals {
		d := &b.Deals[i]
		list.Items = append(list.Items, Item{
			Text: join(Line{viewRef(d)}, Text(short(d.Title, maxName)), c.state(d, b.Behind.Of != funnel.OfOwner || b.Behind.Part == funnel.BehindDone)), Buttons: []Button{c.showButton(d.Number)},
		})
	}
	if len(list.Items) > 0 {
		blocks = append(blocks, list)
	}
	blocks = append(blocks, Footnote{c.extent(page)}, c.period(b.ReportHead))
	switch b.Behind.Part {
	case funnel.BehindEntered, funnel.BehindAdvanced, funnel.BehindBack, funnel.BehindLost:
		blocks = append(blocks, Footnote{c.line("report.behind_once", nil)})
	case funnel.BehindDone:
		blocks = append(blocks, Footnote{c.line("report.behind_activities", nil)})
	case funnel.BehindOpen, funnel.BehindWins, funnel.BehindLosses, funnel.BehindCame, funnel.BehindQualified, funnel.BehindKnown,
		funnel.BehindUnknown, funnel.BehindOutside, funnel.BehindAnswered, funnel.BehindWith, funnel.BehindWithout:
	}
	return append(blocks, c.buttons(r.Offers)...)
}
