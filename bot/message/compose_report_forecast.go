package message

import (
	"funnelbot/bot/chart"
	"funnelbot/bot/text"
	"funnelbot/commands"
	"funnelbot/funnel"
)

// forecastReport is what the open deals are expected to bring, month by month, beside the plan.
func (c *composer) forecastReport(r commands.Forecast) []Block {
	f := &r.Report
	blocks := []Block{Heading{c.line("report.forecast", nil)}}
	if f.Open == 0 {
		return append(append(blocks, Paragraph{c.line("report.no_forecast", nil)}, c.period(f.ReportHead)), c.buttons(r.Offers)...)
	}
	if r.Why {
		return append(blocks, c.behindForecast(r)...)
	}
	blocks = append(blocks, Paragraph{c.counted("report.expects", f.Open, text.Args{
		"sum": Bold(c.estimate(f.Mean)), "low": c.estimate(f.Low), "high": c.estimate(f.High), "level": c.p.Percent(f.Level, 0),
	})})
	t := Table{Columns: []Column{
		{Title: c.say("plan.month", nil)}, c.number("report.won"), c.number("report.expected"), c.number("report.between"), c.number("plan.plan"),
	}}
	for i := range f.Months[:min(len(f.Months), maxMonths)] {
		m := &f.Months[i]
		row := []Line{Text(c.monthName(m.Month)), Text("–"), Text(c.estimate(m.Mean)), c.line("report.span", text.Args{
			"low": c.estimate(m.Low), "high": c.estimate(m.High),
		}), Text("–")}
		if m.Won.Minor > 0 {
			row[1] = Text(c.p.Money(funnel.Money(m.Won)))
		}
		if m.Plan != nil {
			row[4] = Text(c.p.Money(funnel.Money(*m.Plan)))
		}
		t.Rows = append(t.Rows, row)
	}
	if len(t.Rows) > 0 {
		blocks = append(blocks, t)
	}
	if line := c.againstPlan(f); line != nil {
		blocks = append(blocks, Paragraph{line})
	}
	blocks = append(blocks, c.picture(chart.Forecast(c.p, c.reader.Funnel, *f))...)
	blocks = append(blocks, c.forecastNotes(f)...)
	return append(append(blocks, c.period(f.ReportHead)), c.buttons(r.Offers)...)
}

// maxMonths is how many months a forecast shows.
const maxMonths = 6

// monthName writes a month such as 2026-11.
func (c *composer) monthName(key string) string {
	d, err := funnel.ParseDate(key + "-01")
	if err != nil {
		return key
	}
	return c.p.Month(d)
}

// againstPlan holds what is won and expected in the first planned month against its plan.
func (c *composer) againstPlan(f *funnel.ForecastReport) Line {
	for i := range f.Months {
		m := &f.Months[i]
		if m.Plan == nil {
			continue
		}
		sum := funnel.Sum{Minor: m.Won.Minor + m.Mean.Minor, Currency: m.Plan.Currency}
		args := text.Args{"month": c.monthName(m.Month), "sum": Bold(c.estimate(sum)), "plan": c.p.Money(funnel.Money(*m.Plan))}
		// What is missing of an estimate is not known to the coin.
		if missing := m.Plan.Minor - sum.Minor; missing > m.Plan.Minor/50 {
			args["missing"] = Bold(c.estimate(funnel.Sum{Minor: missing, Currency: m.Plan.Currency}))
			return Sentence(c.p, "report.plan_short", args)
		}
		return c.line("report.plan_met", args)
	}
	return nil
}

func (c *composer) forecastNotes(f *funnel.ForecastReport) []Block {
	var blocks []Block
	if f.TooFew {
		blocks = append(blocks, Footnote{c.line("report.forecast_few", nil)})
	}
	if f.StandIn > 0 {
		blocks = append(blocks, Footnote{c.counted("report.stand_in", f.StandIn, nil)})
	}
	for i := range f.Months {
		if n := f.Months[i].Unpriced; n > 0 {
			return append(blocks, Footnote{c.counted("plan.unpriced", n, text.Args{"currency": string(f.Currency)})})
		}
	}
	return blocks
}

// behindForecast is who and what a forecast is made of, and how earlier ones came out.
func (c *composer) behindForecast(r commands.Forecast) []Block {
	f := &r.Report
	var blocks []Block
	stages := Table{Columns: []Column{
		{Title: c.say("card.stage", nil)}, c.number("report.all_open"), c.number("report.open_sum"), c.number("report.chance"), c.number("report.expected"),
	}}
	for i := range f.Stages {
		if s := &f.Stages[i]; s.Open > 0 {
			stages.Rows = append(stages.Rows, []Line{
				Text(c.stageName(s.Stage)), c.count(s.Open), Text(c.estimate(s.Value)), Text(c.p.Percent(s.Wins, 0)), Text(c.estimate(s.Mean)),
			})
		}
	}
	if len(stages.Rows) > 0 {
		blocks = append(blocks, stages)
	}
	owners := Table{Columns: []Column{{Title: c.say("card.owner", nil)}, c.number("report.all_open"), c.number("report.open_sum"), c.number("report.expected")}}
	for i := range f.Owners[:min(len(f.Owners), maxRows)] {
		o := &f.Owners[i]
		owners.Rows = append(owners.Rows, []Line{Text(c.person(o.Name)), c.count(o.Open), Text(c.estimate(o.Value)), Text(c.estimate(o.Mean))})
	}
	if len(owners.Rows) > 0 {
		blocks = append(blocks, owners)
	}
	if more := len(f.Owners) - maxRows; more > 0 {
		blocks = append(blocks, Footnote{c.counted("report.more_people", more, nil)})
	}
	if f.Velocity != nil {
		blocks = append(blocks, Paragraph{c.line("report.velocity", text.Args{"sum": c.estimate(*f.Velocity)})})
	}
	if k := f.Check; k != nil {
		blocks = append(blocks, Paragraph{c.counted("report.checked", k.Deals, text.Args{
			"expected": c.estimate(k.Expected), "won": c.p.Money(funnel.Money(k.Won)),
			"brier": c.p.Decimal(k.Brier, 3), "reference": c.p.Decimal(k.Reference, 3),
		})})
	} else {
		blocks = append(blocks, Paragraph{c.line("report.unchecked", nil)})
	}
	blocks = append(blocks, c.forecastNotes(f)...)
	return append(append(blocks, c.period(f.ReportHead)), c.buttons(r.Offers)...)
}
