package message

import (
	"funnelbot/bot/chart"
	"funnelbot/bot/text"
	"funnelbot/commands"
)

// trendReport is what happened week by week.
func (c *composer) trendReport(r commands.Trend) []Block {
	blocks := []Block{Heading{c.line("report.trend", nil)}}
	t := Table{Columns: []Column{{Title: c.say("report.week", nil)}, c.number("report.entered"), c.number("report.won"), c.number("report.lost")}}
	weeks, all := r.Report.Weeks, 0
	for _, w := range weeks[max(len(weeks)-maxRows, 0):] {
		all += w.Entered + w.Won + w.Lost
		t.Rows = append(t.Rows, []Line{
			c.line("report.week_of", text.Args{"date": c.p.Day(w.Start, c.today)}), c.count(w.Entered), c.count(w.Won), c.count(w.Lost),
		})
	}
	if all == 0 {
		return append(blocks, Paragraph{c.line("report.nothing", nil)}, c.period(r.Report.ReportHead))
	}
	blocks = append(blocks, t)
	blocks = append(blocks, c.picture(chart.Trend(c.p, weeks))...)
	return append(blocks, c.period(r.Report.ReportHead))
}
