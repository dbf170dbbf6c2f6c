package message

import (
	"math"

	"funnelbot/bot/text"
	"funnelbot/commands"
	"funnelbot/funnel"
)

// maxFindings is how many answers that go with winning a message tells of.
const maxFindings = 10

// qualificationReport is how much is qualified, how much of it fits, and what goes with winning.
func (c *composer) qualificationReport(reply commands.Qualifications) []Block {
	r := &reply.Report
	if reply.Why {
		return c.behindReport(c.say("report.qualification", nil), reply.Ways, r.ReportHead)
	}
	blocks := []Block{Heading{c.line("report.qualification", nil)}}
	if r.Came.Deals+r.Open.Deals+r.Answers.Closed == 0 {
		return append(blocks, Paragraph{c.line("report.nothing", nil)}, c.period(r.ReportHead), c.uncounted())
	}
	var fields []Field
	if r.Came.Deals > 0 {
		fields = append(fields, Field{Label: c.say("report.came_qualified", nil), Value: c.likely(r.Came.Likely, r.Came.Qualified, r.Came.Deals)})
	}
	fields = append(fields, Field{Label: c.say("report.all_open", nil), Value: c.line("report.open_qualified", text.Args{
		"deals": r.Open.Deals, "qualified": r.Open.Qualified, "not": r.Open.Unqualified,
	})})
	if r.Open.Qualified > 0 {
		fields = append(fields, Field{
			Label: c.say("report.outside", nil), Value: c.likely(r.Open.Likely, r.Open.Outside, r.Open.Qualified),
		})
	}
	blocks = append(blocks, Fields{fields})
	blocks = append(blocks, c.qualifiedBy(r)...)
	blocks = append(blocks, c.answers(&r.Answers)...)
	return append(append(blocks, c.period(r.ReportHead), c.uncounted()), c.buttons(reply.Offers)...)
}

// likely is a share of deals with the interval in which the true one most likely lies.
func (c *composer) likely(l funnel.Likely, part, of int) Line {
	return c.rate(funnel.Rate{Won: part, Closed: of, Value: l.Value, Low: l.Low, High: l.High})
}

// qualifiedBy divides what came in by its source and by its owner.
func (c *composer) qualifiedBy(r *funnel.QualificationReport) []Block {
	if r.Came.Deals == 0 {
		return nil
	}
	columns := func(first string) []Column {
		return []Column{{Title: c.p.Say(first, nil)}, c.number("report.entered"), c.number("report.qualified"), c.number("report.share")}
	}
	row := func(name string, s *funnel.QualifiedShare) []Line {
		return []Line{Text(name), c.count(s.Deals), c.count(s.Qualified), c.line("report.share_likely", text.Args{
			"value": c.p.Percent(*s.Value, 0), "low": c.p.Percent(s.Low, 0), "high": c.p.Percent(s.High, 0),
		})}
	}
	var blocks []Block
	sources := Table{Columns: columns("report.source")}
	for i := range r.Sources[:min(len(r.Sources), maxRows)] {
		s := &r.Sources[i]
		name := c.say("report.no_source", nil)
		if s.Source != "" {
			name = short(c.sourceName(s.Source), maxName)
		}
		sources.Rows = append(sources.Rows, row(name, &s.QualifiedShare))
	}
	blocks = append(blocks, sources)
	if more := len(r.Sources) - maxRows; more > 0 {
		blocks = append(blocks, Footnote{c.counted("report.more_sources", more, nil)})
	}
	owners := Table{Columns: columns("card.owner")}
	for i := range r.Owners[:min(len(r.Owners), maxRows)] {
		o := &r.Owners[i]
		owners.Rows = append(owners.Rows, row(c.person(o.Name), &o.QualifiedShare))
	}
	blocks = append(blocks, owners)
	if more := len(r.Owners) - maxRows; more > 0 {
		blocks = append(blocks, Footnote{c.counted("report.more_people", more, nil)})
	}
	return blocks
}

// answers are the answers that go with winning, or one sentence on why there are none to tell of.
func (c *composer) answers(r *funnel.AnswerReport) []Block {
	args := text.Args{"days": c.p.Days(r.WindowDays), "least": funnel.FewestClosed}
	if r.Compared == 0 {
		return []Block{Paragraph{c.counted("report.few_answers", r.Qualified, args)}}
	}
	var items []Item
	for i := range r.Findings {
		if line := c.finding(&r.Findings[i]); line != nil && len(items) < maxFindings {
			items = append(items, Item{Text: line})
		}
	}
	if len(items) == 0 {
		return []Block{Paragraph{c.counted("report.no_finding", r.Qualified, args)}}
	}
	return []Block{
		Paragraph{c.line("report.findings", nil)},
		List{Items: items},
		Footnote{c.counted("report.findings_of", r.Qualified, args)},
	}
}

// finding is one answer with the win rates with and without it; nothing where the file has lost the
// question since.
func (c *composer) finding(f *funnel.Finding) Line {
	q, name, ok := c.questionName(f.Question)
	if !ok {
		return nil
	}
	answer := c.say("report.known", nil)
	if f.Option != "" {
		answer = c.optionTitle(&q, f.Option)
	}
	key, least, most := "report.finding_more", f.Difference.Low, f.Difference.High
	if f.Difference.Value < 0 {
		key, least, most = "report.finding_less", -f.Difference.High, -f.Difference.Low
	}
	return c.line(key, text.Args{
		"name": name, "answer": Bold(answer),
		"with": c.p.Percent(*f.With.Value, 0), "won": f.With.Won, "closed": f.With.Closed,
		"without": c.p.Percent(*f.Without.Value, 0), "others_won": f.Without.Won, "others": f.Without.Closed,
		"least": points(least), "most": points(most),
	})
}

// points is a difference of shares in whole percentage points.
func points(share float64) int { return int(math.Round(100 * share)) }
