package message

import (
	"maps"
	"slices"

	"funnelbot/bot/text"
	"funnelbot/commands"
	"funnelbot/funnel"
)

// differences are the fields in which a deal differs from before, with what they were.
func (c *composer) differences(was, now *funnel.Deal, r commands.Changed) []Field {
	if was == nil {
		was = now
	}
	var all []Field
	add := func(label, before, after string) {
		if before != after {
			all = append(all, Field{Label: label, Value: c.fromTo(before, after)})
		}
	}
	add(c.say("card.outcome", nil), c.outcomeName(was), c.outcomeName(now))
	add(c.say("card.stage", nil), c.stageName(was.Stage), c.stageName(now.Stage))
	add(c.word(funnel.FieldAmount), c.amount(was), c.amount(now))
	if was.Owner != now.Owner {
		owner := r.OwnerName
		if owner == "" {
			owner = c.say("card.nobody", nil)
		}
		add(c.say("card.owner", nil), "", owner)
	}
	add(c.say("card.parked", nil), c.dateOrNone(was.ParkedUntil), c.dateOrNone(now.ParkedUntil))
	if was.Next.What != now.Next.What || was.Next.On != now.Next.On || !was.Next.At.Equal(now.Next.At) {
		add(c.say("card.next", nil), c.step(was.Next).String(), c.step(now.Next).String())
	}
	add(c.word(funnel.FieldClosing), c.dateOrNone(was.Closing), c.dateOrNone(now.Closing))
	add(c.word(funnel.FieldTitle), was.Title, now.Title)
	add(c.word(funnel.FieldSource), c.sourceName(was.Source), c.sourceName(now.Source))
	add(c.word(funnel.FieldSignal), was.Signal, now.Signal)
	add(c.word(funnel.FieldPain), was.Pain, now.Pain)
	add(c.word(funnel.FieldEffect), was.Effect, now.Effect)
	custom := maps.Clone(was.Custom)
	if custom == nil {
		custom = map[string]string{}
	}
	maps.Copy(custom, now.Custom)
	for _, name := range slices.Sorted(maps.Keys(custom)) {
		add(short(name, maxName), was.Custom[name], now.Custom[name])
	}
	return append(all, c.customer(r.CustomerWas, r.Customer)...)
}

// customer are the fields in which a company differs from before.
func (c *composer) customer(was, now *funnel.Company) []Field {
	if now == nil {
		return nil
	}
	if was == nil {
		was = &funnel.Company{}
	}
	var all []Field
	add := func(label, before, after string) {
		if before != after {
			all = append(all, Field{Label: label, Value: c.fromTo(before, after)})
		}
	}
	add(c.word(funnel.FieldCompany), was.Name, now.Name)
	add(c.word(funnel.FieldDomain), was.Domain, now.Domain)
	add(c.word(funnel.FieldTaxID), was.TaxID, now.TaxID)
	add(c.word(funnel.FieldIndustry), was.Industry, now.Industry)
	add(c.word(funnel.FieldSize), was.Size, now.Size)
	add(c.word(funnel.FieldRegion), was.Region, now.Region)
	return all
}

// fromTo shows a value and what it was.
func (c *composer) fromTo(before, after string) Line {
	switch before, after = short(before, maxStep), short(after, maxQuote); {
	case after == "":
		return c.line("change.cleared", text.Args{"from": before})
	case before == "":
		return Line{Bold(after)}
	default:
		return c.line("change.from_to", text.Args{"from": before, "to": Bold(after)})
	}
}

func (c *composer) outcomeName(d *funnel.Deal) string {
	if d.Outcome == "" {
		return ""
	}
	return c.p.Say("outcome."+string(d.Outcome), nil)
}

func (c *composer) stageName(key funnel.StageKey) string {
	if name, ok := c.title(key); ok {
		return name
	}
	return string(key)
}

func (c *composer) dateOrNone(d funnel.Date) string {
	if d.IsZero() {
		return ""
	}
	return c.p.Date(d, c.today)
}
