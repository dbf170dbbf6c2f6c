package message

import (
	"strings"

	"funnelbot/bot/chart"
	"funnelbot/bot/text"
	"funnelbot/commands"
	"funnelbot/funnel"
)

// maxRows is how many rows a table of people shows.
const maxRows = 40

// funnelReport is the funnel by stages, and what came of it.
func (c *composer) funnelReport(reply commands.FunnelReport) []Block {
	if reply.Why {
		return c.behindFunnel(reply)
	}
	r := &reply.Report
	blocks := []Block{Heading{c.line("report.funnel", nil)}}
	moved := r.Open+r.Won+r.Lost > 0
	jumps := false
	for _, s := range r.Stages {
		moved = moved || s.Entered+s.Open > 0 || s.Exits != funnel.Exits{}
		jumps = jumps || s.Skipped > 0
	}
	if !moved {
		return append(blocks, Paragraph{c.line("report.nothing", nil)}, c.period(r.ReportHead), c.uncounted())
	}
	t := Table{Columns: []Column{
		{Title: c.say("card.stage", nil)},
		c.number("report.entered"), c.number("report.advanced"), c.number("report.back"), c.number("report.lost"),
		c.number("report.open"),
	}}
	if jumps {
		t.Columns = append(t.Columns, c.number("report.skipped"))
	}
	for _, s := range r.Stages {
		row := []Line{
			Text(c.stageName(s.Key)), c.count(s.Entered), c.count(s.Exits.Advance), c.count(s.Exits.Back),
			c.count(s.Exits.Lost), c.count(s.Open),
		}
		if jumps {
			row = append(row, c.count(s.Skipped))
		}
		t.Rows = append(t.Rows, row)
	}
	blocks = append(blocks, t)
	shares := c.conversions(r.Stages)
	blocks = append(blocks, shares...)
	blocks = append(blocks, Fields{c.totals(&r.Totals)})
	if len(shares) > 0 {
		blocks = append(blocks, c.picture(chart.Funnel(c.p, c.reader.Funnel, *r))...)
	}
	blocks = append(blocks, c.period(r.ReportHead), c.uncounted())
	return append(blocks, c.buttons(reply.Offers)...)
}

// conversions is which share of each stage goes on, and how long that takes.
func (c *composer) conversions(stages []funnel.StageReport) []Block {
	t := Table{Columns: []Column{
		{Title: c.say("card.stage", nil)}, c.number("report.goes_on"), c.number("report.recent"), c.number("report.half_within"),
	}}
	for i := range stages {
		s := &stages[i]
		if s.Conversion.Value == nil {
			continue
		}
		recent := "–"
		switch {
		case s.Recent != nil && vague(s.Recent):
			recent = c.say("report.few_deals", nil)
		case s.Recent != nil:
			recent = c.share(s.Recent.Value)
		}
		t.Rows = append(t.Rows, []Line{Text(c.stageName(s.Key)), c.likelyShare(&s.Conversion), Text(recent), Text(c.daysOf(s.TimeToAdvance.P50))})
	}
	if len(t.Rows) == 0 {
		return nil
	}
	return []Block{t, Footnote{c.line("report.goes_on_means", nil)}}
}

// behindFunnel are the figures behind the funnel, or behind one stage of it.
func (c *composer) behindFunnel(reply commands.FunnelReport) []Block {
	r := &reply.Report
	var blocks []Block
	if reply.Stage == "" {
		blocks = append(blocks, Heading{c.line("report.why_funnel", nil)}, Paragraph{c.line("report.why_means", nil)})
	}
	for i := range r.Stages {
		s := &r.Stages[i]
		if reply.Stage != "" && s.Key != reply.Stage || reply.Stage == "" && s.Conversion.Value == nil {
			continue
		}
		fields := []Field{
			c.field(c.say("report.goes_on", nil), c.likelyShare(&s.Conversion)),
			c.field(c.say("report.counted_from", nil), c.method(&s.Conversion)),
		}
		fields = append(fields, c.passage(&s.Passage)...)
		title := Text(c.stageName(s.Key))
		if reply.Stage != "" {
			title = c.line("report.why_stage", text.Args{"stage": c.stageName(s.Key)})
		}
		blocks = append(blocks, Heading{title}, Fields{fields})
	}
	return append(append(blocks, c.period(r.ReportHead)), c.buttons(reply.Offers)...)
}

// totals are the results of all deals of a report.
func (c *composer) totals(t *funnel.Totals) []Field {
	lost := c.count(t.Lost)
	if t.Disqualified > 0 {
		lost = c.line("report.lost_of", text.Args{"lost": t.Lost, "disqualified": t.Disqualified})
	}
	all := []Field{
		{Label: c.say("report.all_open", nil), Value: c.worth(t.Open, t.OpenValue, t.Unpriced)},
		{Label: c.say("report.all_won", nil), Value: c.worth(t.Won, t.WonValue, t.WonUnpriced)},
		{Label: c.say("report.all_lost", nil), Value: lost},
	}
	if rate := c.rate(t.WinRate); rate != nil {
		all = append(all, Field{Label: c.say("report.win_rate", nil), Value: rate})
	}
	if rate := c.rate(t.Qualified); rate != nil && t.Disqualified > 0 {
		all = append(all, Field{Label: c.say("report.win_rate_qualified", nil), Value: rate})
	}
	if days := c.percentiles(t.Cycle.Won); days != nil {
		all = append(all, Field{Label: c.say("report.cycle_won", nil), Value: days})
	}
	if days := c.percentiles(t.Cycle.Lost); days != nil {
		all = append(all, Field{Label: c.say("report.cycle_lost", nil), Value: days})
	}
	return all
}

// worth is a number of deals with what they are worth together.
func (c *composer) worth(deals int, sums []funnel.Sum, unpriced int) Line {
	line := c.count(deals)
	if len(sums) > 0 {
		line = c.line("report.worth", text.Args{"deals": deals, "sum": Bold(c.sums(sums))})
	}
	if unpriced > 0 && deals > 0 {
		line = append(line, append(Text(" "), c.line("report.unpriced", text.Args{"deals": unpriced})...)...)
	}
	return line
}

func (c *composer) sums(sums []funnel.Sum) string {
	parts := make([]string, len(sums))
	for i, s := range sums {
		parts[i] = c.p.Money(funnel.Money(s))
	}
	return strings.Join(parts, " + ")
}

// rate is a share with the interval in which the true one most likely lies; nothing where nothing is
// closed.
func (c *composer) rate(r funnel.Rate) Line {
	if r.Value == nil {
		return nil
	}
	return c.line("report.rate", text.Args{
		"value": Bold(c.p.Percent(*r.Value, 1)), "won": r.Won, "closed": r.Closed,
		"low": c.p.Percent(r.Low, 0), "high": c.p.Percent(r.High, 0),
	})
}

func (c *composer) percentiles(p funnel.Percentiles) Line {
	if p.P50 == nil || p.P90 == nil {
		return nil
	}
	return c.line("report.percentiles", text.Args{"half": c.p.Days(max(1, *p.P50)), "most": c.p.Days(max(1, *p.P90))})
}

// period says which days a report looks at.
func (c *composer) period(h funnel.ReportHead) Footnote {
	from := funnel.DateOf(h.AsOf.AddDate(0, 0, -h.WindowDays))
	return Footnote{c.counted("report.period", h.WindowDays, text.Args{
		"from": c.p.Day(from, c.today), "to": c.p.Day(funnel.DateOf(h.AsOf), c.today),
	})}
}

// uncounted says which deals stand in the lists of open deals but not in the results.
func (c *composer) uncounted() Footnote {
	var titles []string
	if f := c.reader.Funnel; f != nil {
		for i := range f.Stages {
			if f.Stages[i].Target {
				titles = append(titles, f.Stages[i].Titles.In(c.p.Locale()))
			}
		}
	}
	return Footnote{c.line("report.uncounted", text.Args{"stages": titles})}
}

func (c *composer) number(key string) Column { return Column{Title: c.p.Say(key, nil), Right: true} }

func (c *composer) count(n int) Line { return Text(c.p.Number(int64(n))) }

// ownersReport is what each owner has open and has closed.
func (c *composer) ownersReport(reply commands.Owners) []Block {
	r := &reply.Report
	blocks := []Block{Heading{c.line("report.owners", nil)}}
	if len(r.Owners) == 0 {
		return append(blocks, Paragraph{c.line("report.nothing", nil)}, c.period(r.ReportHead), c.uncounted())
	}
	t := Table{Columns: []Column{
		{Title: c.say("card.owner", nil)},
		c.number("report.all_open"), c.number("report.open_sum"), c.number("report.won"), c.number("report.won_sum"),
		c.number("report.lost"), c.number("report.win_rate"),
	}}
	for i := range r.Owners[:min(len(r.Owners), maxRows)] {
		o := &r.Owners[i]
		rate := "–"
		if o.WinRate.Value != nil {
			rate = c.p.Percent(*o.WinRate.Value, 0)
		}
		t.Rows = append(t.Rows, []Line{
			Text(c.person(o.Name)), c.count(o.Open), Text(c.sums(o.OpenValue)), c.count(o.Won), Text(c.sums(o.WonValue)),
			c.count(o.Lost), Text(rate),
		})
	}
	blocks = append(blocks, t)
	if more := len(r.Owners) - maxRows; more > 0 {
		blocks = append(blocks, Footnote{c.counted("report.more_people", more, nil)})
	}
	if len(reply.Behind) > 0 {
		list := List{}
		for _, b := range reply.Behind {
			list.Items = append(list.Items, Item{Text: Text(c.person(b.Name)), Buttons: c.offered(b.Offers)})
		}
		blocks = append(blocks, Paragraph{c.line("report.why_owners", nil)}, list)
	}
	blocks = append(blocks, c.period(r.ReportHead), c.uncounted())
	return append(blocks, c.buttons(reply.Offers)...)
}

func (c *composer) person(name string) string {
	if name == "" {
		return c.say("card.nobody", nil)
	}
	return short(name, maxName)
}
