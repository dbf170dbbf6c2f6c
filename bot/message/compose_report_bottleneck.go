package message

import (
	"slices"

	"funnelbot/bot/chart"
	"funnelbot/bot/text"
	"funnelbot/commands"
	"funnelbot/funnel"
)

// bottleneckReport is the weakest link with its money, its cause and what to do about it.
func (c *composer) bottleneckReport(r commands.Bottleneck) []Block {
	if r.Why {
		return c.behindWeakest(r)
	}
	b := &r.Report
	blocks := []Block{Heading{c.line("report.bottleneck", nil)}, Paragraph{c.verdictOn(b)}}
	if row := rankedOf(b, b.Weakest); row != nil {
		blocks = append(blocks, Paragraph{c.gain(row)})
		if line := c.nowAndBefore(row); line != nil {
			blocks = append(blocks, Paragraph{line})
		}
		blocks = append(blocks, Paragraph{c.causeOf(&row.Cause)})
		blocks = append(blocks, c.todo(row.Advice)...)
	}
	if len(b.Ranking) > 0 {
		t := Table{Columns: []Column{{Title: c.say("card.stage", nil)}, c.number("report.goes_on"), c.number("report.usual"), c.number("report.more_won")}}
		for i := range b.Ranking {
			s := &b.Ranking[i]
			t.Rows = append(t.Rows, []Line{
				Text(c.stageName(s.Stage)), Text(c.share(s.Conversion.Value)), Text(c.share(s.Baseline)), Text(c.gained(s)),
			})
		}
		blocks = append(blocks, t)
		blocks = append(blocks, c.picture(chart.Times(c.p, c.reader.Funnel, *b))...)
	}
	if b.Widened {
		blocks = append(blocks, Footnote{c.counted("report.widened", b.WindowDays, nil)})
	}
	blocks = append(blocks, c.period(b.ReportHead))
	return append(blocks, c.buttons(r.Offers)...)
}

// gained is what more would be won, or a dash where that is nothing.
func (c *composer) gained(r *funnel.Ranked) string {
	if r.GainMean.Minor <= 0 {
		return "–"
	}
	return c.estimate(r.GainMean)
}

func rankedOf(b *funnel.BottleneckReport, stage funnel.StageKey) *funnel.Ranked {
	if i := slices.IndexFunc(b.Ranking, func(r funnel.Ranked) bool { return r.Stage == stage }); i >= 0 {
		return &b.Ranking[i]
	}
	return nil
}

// verdictOn says which stage is the weakest and how sure that is, or why none is named.
func (c *composer) verdictOn(b *funnel.BottleneckReport) Line {
	row := rankedOf(b, b.Weakest)
	switch {
	case row == nil && b.TooFew:
		return c.line("report.too_few", text.Args{"days": c.p.Days(b.WindowDays)})
	case row == nil:
		return c.line("report.none_weak", nil)
	}
	args := text.Args{"stage": Bold(c.stageName(row.Stage))}
	switch row.Certainty {
	case funnel.AlmostCertainly:
		return c.line("report.weakest_almost_certainly", args)
	case funnel.Probably:
		return c.line("report.weakest_probably", args)
	case funnel.Perhaps:
	}
	return c.line("report.weakest_perhaps", args)
}

// gain is what raising the stage to what it is held against would bring.
func (c *composer) gain(r *funnel.Ranked) Line {
	args := text.Args{"target": c.p.Percent(r.Target, 0), "sum": Bold(c.estimate(r.GainAtLeast))}
	switch {
	case r.GainAtLeast.Minor > 0:
		return append(c.line("report.gain_least", args), append(Line{Plain(" ")}, c.targetFrom(r)...)...)
	case r.GainMean.Minor > 0:
		args["sum"] = Bold(c.estimate(r.GainMean))
		return append(c.line("report.gain_mean", args), append(Line{Plain(" ")}, c.targetFrom(r)...)...)
	}
	return c.line("report.gain_deals", text.Args{"target": c.p.Percent(r.Target, 0), "deals": Bold(c.p.Decimal(r.GainDeals, 1))})
}

// targetFrom says what a stage is held against.
func (c *composer) targetFrom(r *funnel.Ranked) Line {
	switch r.TargetFrom {
	case funnel.TargetPlan:
		return c.line("report.target_plan", nil)
	case funnel.TargetOwn:
		return c.line("report.target_own", nil)
	case funnel.TargetHint:
		return c.line("report.target_hint", nil)
	}
	return c.line("report.target_none", nil)
}

// nowAndBefore is how deals pass the stage and how they used to.
func (c *composer) nowAndBefore(r *funnel.Ranked) Line {
	if r.Conversion.Value == nil {
		return nil
	}
	args := text.Args{
		"now": Bold(c.p.Percent(*r.Conversion.Value, 0)), "low": c.p.Percent(r.Conversion.Low, 0), "high": c.p.Percent(r.Conversion.High, 0),
	}
	line := c.line("report.passes", args)
	if r.Baseline != nil {
		args["usual"] = c.p.Percent(*r.Baseline, 0)
		key := "report.passes_usual"
		if r.Alarm {
			key = "report.passes_alarm"
		}
		line = Sentence(c.p, key, args)
	}
	if r.Pace.Alarm && r.Pace.Days != nil && r.Pace.Baseline != nil {
		slower := c.line("report.slower", text.Args{"now": c.p.Days(*r.Pace.Days), "usual": c.p.Days(*r.Pace.Baseline)})
		line = append(append(line, Plain(" ")), slower...)
	}
	return line
}

// causeOf is what makes a stage weak, in words.
func (c *composer) causeOf(k *funnel.Weakness) Line {
	args := text.Args{"without": Bold(c.share(k.Without.Value)), "part": c.partOf(k)}
	switch k.Trait {
	case funnel.TraitPace:
		return c.line("report.cause_pace", nil)
	case funnel.TraitReason:
		args["value"] = Bold(short(c.reasonName(k.Value), maxName))
		return c.line("report.cause_reason", args)
	case funnel.TraitSource:
		args["value"] = Bold(short(c.sourceName(k.Value), maxName))
		return c.line("report.cause_source", args)
	case funnel.TraitSegment:
		args["value"] = Bold(short(k.Value, maxName))
		return c.line("report.cause_segment", args)
	case funnel.TraitOwner:
		args["value"] = Bold(c.person(k.Name))
		return c.line("report.cause_owner", args)
	case funnel.TraitRole:
		args["value"] = Bold(short(c.roleName(k.Value), maxName))
		return c.line("report.cause_role", args)
	case funnel.TraitCriterion:
		args["value"] = Bold(short(k.Value, maxName))
		return c.line("report.cause_criterion", args)
	}
	return c.line("report.cause_none", nil)
}

// partOf says how many of the stays are those of the cause.
func (c *composer) partOf(k *funnel.Weakness) string {
	return c.say("report.part", text.Args{"spells": k.Spells, "of": k.Of})
}

func (c *composer) reasonName(key string) string {
	if title, ok := c.title(text.ReasonKey(key)); ok {
		return title
	}
	return key
}

// todo is what the method advises.
func (c *composer) todo(advice funnel.AdviceKey) []Block {
	key := "advice." + string(advice)
	if advice == "" || !c.p.Has(key) {
		return nil
	}
	return []Block{Paragraph{c.line("report.todo", text.Args{"advice": c.p.Say(key, nil)})}}
}

// behindWeakest are the figures behind one stage.
func (c *composer) behindWeakest(r commands.Bottleneck) []Block {
	b := &r.Report
	row := rankedOf(b, r.Stage)
	if row == nil {
		return append([]Block{Paragraph{c.verdictOn(b)}, c.period(b.ReportHead)}, c.buttons(r.Offers)...)
	}
	fields := []Field{
		c.field(c.say("report.goes_on", nil), c.likelyShare(&row.Conversion)),
		c.field(c.say("report.counted_from", nil), c.method(&row.Conversion)),
	}
	if i := slices.IndexFunc(b.Stages, func(s funnel.StagePassage) bool { return s.Key == r.Stage }); i >= 0 {
		fields = append(fields, c.passage(&b.Stages[i].Passage)...)
	}
	if row.Baseline != nil {
		fields = append(fields, c.field(c.say("report.usual", nil), c.counted("report.baseline", row.Windows, text.Args{"value": c.share(row.Baseline)})))
	}
	if row.PBelowBaseline != nil {
		fields = append(fields, c.field(c.say("report.p_below", nil), Text(c.p.Percent(*row.PBelowBaseline, 0))))
	}
	fields = append(
		fields,
		c.field(c.say("report.target", nil), append(Text(c.p.Percent(row.Target, 0)+". "), c.targetFrom(row)...)),
		c.field(c.say("report.entries", nil), Text(c.p.Decimal(row.EntriesPer30d, 1))),
		c.field(c.say("report.mean_amount", nil), c.meanAmount(row)),
		c.field(c.say("report.more_won", nil), c.line("report.gain_figures", text.Args{
			"least": c.estimate(row.GainAtLeast), "mean": c.estimate(row.GainMean), "deals": c.p.Decimal(row.GainDeals, 1),
		})),
		c.field(c.say("report.comes_first", nil), c.line("report.comes_first_in", text.Args{"share": c.p.Percent(row.ShareFirst, 0)})),
		c.field(c.say("report.delay", nil), c.line("report.delay_of", text.Args{"sum": c.estimate(row.CostOfDelay)})),
	)
	if row.Pace.Baseline != nil {
		fields = append(fields, c.field(c.say("report.pace", nil), c.line("report.pace_of", text.Args{
			"now": c.daysOf(row.Pace.Days), "usual": c.daysOf(row.Pace.Baseline),
		})))
	}
	blocks := []Block{
		Heading{c.line("report.why_stage", text.Args{"stage": c.stageName(r.Stage)})}, Fields{fields}, Paragraph{c.causeOf(&row.Cause)},
	}
	if k := &row.Cause; k.Trait != "" && k.Trait != funnel.TraitPace {
		blocks = append(blocks, Fields{c.causeFigures(k)})
	}
	if r.Withheld {
		blocks = append(blocks, Footnote{c.line("report.withheld", nil)})
	}
	return append(append(blocks, c.period(b.ReportHead)), c.buttons(r.Offers)...)
}

func (c *composer) meanAmount(r *funnel.Ranked) Line {
	if r.StandIn > 0 {
		return c.line("report.mean_stand_in", text.Args{"sum": c.estimate(r.MeanAmount), "share": c.p.Percent(r.StandIn, 0)})
	}
	return Text(c.estimate(r.MeanAmount))
}

func (c *composer) causeFigures(k *funnel.Weakness) []Field {
	fields := []Field{c.field(c.say("report.cause_deals", nil), Text(c.partOf(k)))}
	if k.Conversion.Value != nil {
		fields = append(fields, c.field(c.say("report.cause_with", nil), c.likelyShare(&k.Conversion)))
	}
	fields = append(fields, c.field(c.say("report.cause_without", nil), c.likelyShare(&k.Without)))
	if k.Before != nil {
		fields = append(fields, c.field(c.say("report.cause_before", nil), Text(c.share(k.Before))))
	}
	return append(fields, c.field(c.say("report.cause_explains", nil), Text(c.p.Percent(k.Explains, 0))))
}

// passage is what is known of how deals pass a stage beside the conversion.
func (c *composer) passage(p *funnel.Passage) []Field {
	var fields []Field
	if p.Recent != nil && p.Recent.Value != nil {
		fields = append(fields, c.field(c.say("report.recent", nil), c.likelyShare(p.Recent)))
	}
	if p.Lost != nil && p.Back != nil && p.Undecided != nil {
		fields = append(fields, c.field(c.say("report.otherwise", nil), c.line("report.otherwise_of", text.Args{
			"lost": c.share(p.Lost), "back": c.share(p.Back), "undecided": c.share(p.Undecided),
		})))
	}
	if p.TimeInStage.P50 != nil {
		fields = append(fields, c.field(c.say("report.in_stage", nil), c.reached(p.TimeInStage)))
	}
	if p.TimeToAdvance.P50 != nil {
		fields = append(fields, c.field(c.say("report.to_advance", nil), c.reached(p.TimeToAdvance)))
	}
	return fields
}

// reached is within which time half and nine tenths are through; the second may not be reached.
func (c *composer) reached(p funnel.Percentiles) Line {
	if p.P90 == nil {
		return c.line("report.half", text.Args{"half": c.daysOf(p.P50)})
	}
	return c.percentiles(p)
}
