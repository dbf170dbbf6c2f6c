package message

import (
	"slices"

	"funnelbot/bot/text"
	"funnelbot/commands"
	"funnelbot/funnel"
)

// digestNamed is how many deals a line of a digest names.
const digestNamed = 3

// ComposeDigest puts a digest into words for whoever gets it. The picture comes last, where there is
// one and it is wanted.
func ComposeDigest(p *text.Printer, r commands.Reader, d commands.Digest, picture *Picture) Doc {
	c := newComposer(p, r)
	blocks := append(c.digest(&d), Footnote{c.line("notice.digest", nil)})
	if picture != nil && !slices.Contains(d.Digest.Without, funnel.SectionPicture) && !quiet(&d.Digest) {
		blocks = append(blocks, *picture)
	}
	return Doc{Blocks: blocks, Locale: r.Locale}
}

// digest is one day of the sale, the news first.
func (c *composer) digest(r *commands.Digest) []Block {
	d := &r.Digest
	w := &writing{composer: c, d: d, named: r.Named}
	blocks := []Block{Heading{c.line("digest.title", text.Args{"day": c.p.Day(d.On, c.today)})}}
	if quiet(d) {
		return append(blocks, w.quietDay()...)
	}
	blocks = append(blocks, w.missed()...)
	for _, part := range []struct {
		section funnel.DigestSection
		write   func() []Block
	}{
		{funnel.SectionNews, w.news},
		{funnel.SectionPlan, w.plan},
		{funnel.SectionBottleneck, w.bottleneck},
		{funnel.SectionDeals, w.deals},
		{funnel.SectionWork, w.work},
		{funnel.SectionAttention, w.attention},
		{funnel.SectionProfile, w.outside},
	} {
		if !slices.Contains(d.Without, part.section) {
			blocks = append(blocks, part.write()...)
		}
	}
	return blocks
}

// quiet reports whether there is so little to say that two lines say it.
func quiet(d *funnel.Digest) bool {
	return d.News.IsZero() && d.Bottleneck.Unchanged && !d.Full && len(d.Missed)+len(d.Advice) == 0
}

// writing is one digest while it is put into words.
type writing struct {
	*composer
	d     *funnel.Digest
	named commands.Named
}

// quietDay says that nothing happened, and what still stands.
func (w *writing) quietDay() []Block {
	line := w.line("digest.quiet", text.Args{"day": w.since()})
	second := w.standing()
	if w.d.Stuck > 0 {
		second = append(append(second, Plain(" ")), w.counted("digest.stuck", w.d.Stuck, nil)...)
	}
	return []Block{Paragraph{line}, Paragraph{second}}
}

// since is from when on things are news.
func (w *writing) since() string { return w.p.Day(w.day(w.d.Since), w.today) }

// missed says on which days there was no digest.
func (w *writing) missed() []Block {
	n := len(w.d.Missed)
	if n == 0 {
		return nil
	}
	days := make([]string, 0, n)
	for _, day := range w.d.Missed[:min(n, digestNamed)] {
		days = append(days, w.p.Day(day, w.today))
	}
	if n > digestNamed {
		return []Block{Footnote{w.counted("digest.missed_many", n, text.Args{
			"from": days[0], "to": w.p.Day(w.d.Missed[n-1], w.today),
		})}}
	}
	return []Block{Footnote{w.line("digest.missed", text.Args{"days": days})}}
}

// news is what happened, a line for each sort.
func (w *writing) news() []Block {
	title := Paragraph{Line{Bold(w.say("digest.news", text.Args{"day": w.since()}))}}
	n := &w.d.News
	list := List{}
	for _, sort := range []struct {
		key   string
		group *funnel.DigestGroup
		// stage says that it is worth telling where the deals are.
		stage bool
	}{
		{"digest.won", &n.Won, false},
		{"digest.lost", &n.Lost, false},
		{"digest.advanced", &n.Advanced, true},
		{"digest.opened", &n.Opened, false},
		{"digest.risks", &n.Risks, true},
	} {
		if sort.group.Deals > 0 {
			list.Items = append(list.Items, Item{Text: w.group(w.counted(sort.key, sort.group.Deals, nil), sort.group, sort.stage)})
		}
	}
	if len(list.Items) == 0 {
		return []Block{Paragraph{w.line("digest.quiet", text.Args{"day": w.since()})}}
	}
	return []Block{title, list}
}

// group adds to a line what a group is worth and which of its deals are the largest.
func (w *writing) group(line Line, g *funnel.DigestGroup, stage bool) Line {
	if g.Sum.Minor > 0 {
		line = append(append(line, Plain(", ")), Bold(w.p.Money(funnel.Money(g.Sum))))
	}
	shown := 0
	for _, deal := range g.Named {
		view := w.named.Deals[deal.Deal]
		if view == nil || shown == digestNamed {
			continue
		}
		line = append(line, Plain(map[bool]string{true: ": ", false: "; "}[shown == 0]), viewRef(view))
		switch {
		case deal.Reason != "":
			line = append(line, Plain(" ("+uncapital(w.reasonName(deal.Reason))+")"))
		case deal.Stage != "" && stage:
			line = append(line, Plain(" ("+w.stageName(deal.Stage)+")"))
		}
		shown++
	}
	if more := g.Deals - shown; more > 0 && shown > 0 {
		line = append(append(line, Plain(" ")), w.counted("digest.more", more, nil)...)
	}
	return line
}

// plan is the month against its plan and the forecast.
func (w *writing) plan() []Block {
	m := w.d.Plan
	if m == nil {
		return nil
	}
	month, err := funnel.ParseDate(m.Month + "-01")
	if err != nil {
		return nil
	}
	args := text.Args{"month": capital(w.p.Month(month)), "won": Bold(w.p.Money(funnel.Money(m.Won)))}
	line := w.line("digest.month", args)
	if m.Plan != nil && m.Plan.Minor > 0 {
		args["plan"] = w.p.Money(funnel.Money(*m.Plan))
		args["share"] = w.p.Percent(float64(m.Won.Minor)/float64(m.Plan.Minor), 0)
		line = w.line("digest.month_plan", args)
	}
	if m.Expected.Minor > m.Won.Minor {
		line = append(append(line, Plain(" ")), w.line("digest.expected", text.Args{
			"expected": Bold(w.p.Money(atLeast(m.Expected, m.Won))), "low": w.p.Money(atLeast(m.Low, m.Won)),
			"high": w.p.Money(atLeast(m.High, m.Won)),
		})...)
	}
	if m.Plan != nil && m.Plan.Minor > 0 {
		key := "digest.plan_open"
		switch {
		case m.Won.Minor >= m.Plan.Minor:
			key = "digest.plan_reached"
		case m.Low.Minor >= m.Plan.Minor:
			key = "digest.plan_safe"
		case m.High.Minor < m.Plan.Minor:
			key = "digest.plan_short"
		}
		line = append(append(line, Plain(" ")), Plain(w.say(key, nil)))
	}
	if m.TooFew {
		line = append(append(line, Plain(" ")), Plain(w.say("digest.guess", nil)))
	}
	return []Block{Paragraph{line}}
}

// atLeast rounds an estimate of what a month brings, not below what it has brought.
func atLeast(s, won funnel.Sum) funnel.Money {
	const digits = 1000
	m := rounded(s, digits)
	m.Minor = max(m.Minor, won.Minor)
	return m
}

// rough leaves two digits of an amount that is an estimate: more would claim what nobody knows.
func rough(s funnel.Sum) funnel.Money {
	const digits = 100
	return rounded(s, digits)
}

// rounded leaves the digits of an amount that a number below most has, and no parts of the unit.
func rounded(s funnel.Sum, most int64) funnel.Money {
	step := int64(1)
	for n := s.Minor; n >= most || n <= -most; n /= 10 {
		step *= 10
	}
	half := step / 2
	if s.Minor < 0 {
		half = -half
	}
	minor := (s.Minor + half) / step * step
	if scale := s.Currency.Scale(); step < scale {
		minor = s.Minor / scale * scale
	}
	return funnel.Money{Minor: minor, Currency: s.Currency}
}
