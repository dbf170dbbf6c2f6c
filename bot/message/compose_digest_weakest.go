package message

import (
	"funnelbot/bot/text"
	"funnelbot/commands"
	"funnelbot/funnel"
)

// bottleneck is the weakest link: at length where it is new or on the day of the analysis, else in one
// line.
func (w *writing) bottleneck() []Block {
	b := &w.d.Bottleneck
	if b.Weakest == nil || !w.d.Full {
		blocks := []Block{Paragraph{w.standing()}}
		return append(blocks, w.followed()...)
	}
	r := b.Weakest
	lead := w.line("digest.weakest_"+string(r.Certainty), text.Args{"stage": Bold(w.stageName(r.Stage))})
	lead = append(append(lead, Plain(" ")), w.gain(r)...)
	blocks := []Block{Paragraph{lead}}
	if line := w.figures(r); line != nil {
		blocks = append(blocks, Paragraph{line})
	}
	if !b.Withheld {
		blocks = append(blocks, Paragraph{w.cause(&r.Cause)})
	}
	blocks = append(blocks, w.advice(b)...)
	blocks = append(blocks, w.followed()...)
	if b.Widened {
		blocks = append(blocks, Footnote{w.counted("digest.widened", b.WindowDays, nil)})
	}
	return blocks
}

// standing is the weakest link in one line.
func (w *writing) standing() Line {
	b := &w.d.Bottleneck
	switch {
	case b.Weakest == nil && b.TooFew:
		return w.line("digest.too_few", nil)
	case b.Weakest == nil:
		return w.line("digest.no_weakest", nil)
	}
	line := w.line("digest.unchanged", text.Args{
		"stage": Bold(w.stageName(b.Weakest.Stage)), "day": b.Standing(w.d.On),
	})
	return append(append(line, Plain(" ")), w.gain(b.Weakest)...)
}

// gain is what raising the weakest link would bring. Below one unit of money the deals speak.
func (w *writing) gain(r *funnel.Ranked) Line {
	key := "digest.gain_" + string(r.TargetFrom)
	if least := rough(r.GainAtLeast); least.Minor > 0 {
		return w.line(key, text.Args{"least": Bold(w.p.Money(least))})
	}
	if mean := rough(r.GainMean); mean.Minor > 0 {
		return w.line(key+"_about", text.Args{"mean": Bold(w.p.Money(mean))})
	}
	return w.line(key+"_deals", text.Args{"deals": Bold(w.p.Decimal(r.GainDeals, 1))})
}

// figures are how deals pass the stage now and how they used to.
func (w *writing) figures(r *funnel.Ranked) Line {
	if r.Conversion.Value == nil {
		return nil
	}
	args := text.Args{
		"now": w.p.Percent(*r.Conversion.Value, 0), "low": w.p.Percent(r.Conversion.Low, 0), "high": w.p.Percent(r.Conversion.High, 0),
	}
	line := w.line("digest.passes", args)
	if r.Baseline != nil {
		args["usual"] = w.p.Percent(*r.Baseline, 0)
		key := "digest.passes_usual"
		if r.Alarm {
			key = "digest.alarm"
		}
		line = w.line(key, args)
	}
	if r.Pace.Alarm && r.Pace.Days != nil && r.Pace.Baseline != nil {
		line = append(append(line, Plain(" ")), w.line("digest.slower", text.Args{
			"now": w.p.Days(*r.Pace.Days), "usual": w.p.Days(*r.Pace.Baseline),
		})...)
	}
	return line
}

// cause is what makes the stage weak.
func (w *writing) cause(k *funnel.Weakness) Line {
	if k.Trait == "" {
		return w.line("digest.cause_none", nil)
	}
	if k.Trait == funnel.TraitPace {
		return w.line("digest.cause_pace", nil)
	}
	args := text.Args{"value": Bold(w.traitName(k)), "spells": k.Spells, "of": k.Of, "without": "–"}
	if k.Without.Value != nil {
		args["without"] = w.p.Percent(*k.Without.Value, 0)
	}
	return w.line("digest.cause_"+string(k.Trait), args)
}

// traitName names what sets the deals of the cause apart.
func (w *writing) traitName(k *funnel.Weakness) string {
	switch k.Trait {
	case funnel.TraitOwner:
		return w.person(k.Name)
	case funnel.TraitSource:
		return short(w.sourceName(k.Value), maxName)
	case funnel.TraitReason:
		return short(w.reasonName(k.Value), maxName)
	case funnel.TraitRole:
		return short(w.roleNames([]string{k.Value}), maxName)
	case funnel.TraitSegment, funnel.TraitCriterion, funnel.TraitPace:
	}
	return short(k.Value, maxName)
}

// advice is what to do about it, with the buttons that decide, or what was decided.
func (w *writing) advice(b *funnel.DigestBottleneck) []Block {
	key := b.Weakest.Advice
	if key == "" {
		return nil
	}
	if d := b.Decided; d != nil && !d.Accepted {
		return []Block{Footnote{w.line("digest.declined", text.Args{
			"day": w.p.Day(w.day(d.At), w.today), "reason": short(d.Reason, maxQuote),
		})}}
	}
	line := append(Line{Bold(w.say("digest.advice", nil)), Plain(" ")}, Plain(w.p.Say("advice."+string(key), nil)))
	if d := b.Decided; d != nil {
		return []Block{Paragraph{line}, Footnote{w.line("digest.accepted", text.Args{
			"name": w.person(w.named.People[d.Owner]), "due": w.p.Day(d.Due, w.today), "review": w.p.Day(d.Review, w.today),
		})}}
	}
	return append([]Block{Paragraph{line}}, w.buttons([]commands.Offer{
		{Label: "accept_advice", Action: commands.AdviceAction(true, b.Weakest.Stage)},
		{Label: "decline_advice", Action: commands.AdviceAction(false, b.Weakest.Stage)},
	})...)
}

// followed is what came of advice that was accepted.
func (w *writing) followed() []Block {
	var blocks []Block
	for i := range w.d.Advice {
		a := &w.d.Advice[i]
		if a.Since.Value == nil {
			continue
		}
		args := text.Args{
			"stage": a.Advice.Stage, "day": w.p.Day(w.day(a.Advice.At), w.today), "name": w.person(w.named.People[a.Advice.Owner]),
			"now": Bold(w.p.Percent(*a.Since.Value, 0)), "low": w.p.Percent(a.Since.Low, 0), "high": w.p.Percent(a.Since.High, 0),
			"was": "–",
		}
		if v := a.Advice.Conversion.Value; v != nil {
			args["was"] = w.p.Percent(*v, 0)
		}
		line := w.line("digest.followed", args)
		if a.Review {
			line = append(append(line, Plain(" ")), Plain(w.say("digest.review", nil)))
		}
		blocks = append(blocks, Paragraph{line})
	}
	return blocks
}

// reasonName is the title of a loss reason.
func (w *writing) reasonName(key string) string {
	if name, ok := w.title(text.ReasonKey(key)); ok {
		return name
	}
	return key
}
