package message

import (
	"funnelbot/bot/text"
	"funnelbot/commands"
	"funnelbot/funnel"
)

// planSet says what is planned for a month now, and what was.
func (c *composer) planSet(r commands.PlanSet) []Block {
	month := c.p.Month(r.Quota.Month)
	now, was := r.Quota.Amount, r.Before.Amount
	var line Line
	switch {
	case r.Same() && now.IsZero():
		line = c.line("plan.none", text.Args{"month": month})
	case r.Same():
		line = c.line("plan.same", text.Args{"month": month, "amount": now})
	case now.IsZero():
		line = c.line("plan.cleared", text.Args{"month": month, "was": was})
	case was.IsZero():
		line = c.line("plan.set", text.Args{"month": month, "amount": now})
	default:
		line = c.line("plan.changed", text.Args{"month": month, "amount": now, "was": was})
	}
	return append([]Block{Paragraph{line}}, c.buttons(r.Offers)...)
}

// plans is the plan beside what was won, month by month.
func (c *composer) plans(r commands.Plans) []Block {
	blocks := []Block{Heading{c.line("plan.title", nil)}}
	t := Table{Columns: []Column{
		{Title: c.say("plan.month", nil)}, c.number("plan.plan"), c.number("report.won"), c.number("plan.reached"),
	}}
	planned, unpriced := false, 0
	for i := range r.Report.Months {
		m := &r.Report.Months[i]
		planned, unpriced = planned || m.Plan != nil, unpriced+m.Unpriced
		t.Rows = append(t.Rows, c.planRow(m))
	}
	blocks = append(blocks, t)
	if !planned {
		blocks = append(blocks, Paragraph{c.line("plan.empty", nil)})
	}
	if unpriced > 0 {
		blocks = append(blocks, Footnote{c.counted("plan.unpriced", unpriced, text.Args{"currency": string(r.Report.Currency)})})
	}
	return append(blocks, c.buttons(r.Offers)...)
}

func (c *composer) planRow(m *funnel.PlanRow) []Line {
	row := []Line{Text(c.p.Month(m.Month)), Text("–"), Text("–"), Text("–")}
	if m.Plan != nil {
		row[1] = Text(c.p.Money(funnel.Money(*m.Plan)))
	}
	if m.WonDeals > 0 || m.Running || m.Month.Before(c.today) {
		row[2] = Text(c.p.Money(funnel.Money(m.Won)))
	}
	if m.Plan != nil && m.Plan.Minor > 0 && len(row[2]) > 0 && m.Month.Before(c.today.AddMonths(1)) {
		row[3] = Text(c.p.Percent(float64(m.Won.Minor)/float64(m.Plan.Minor), 0))
	}
	return row
}
