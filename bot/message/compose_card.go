package message

import (
	"maps"
	"slices"

	"funnelbot/bot/text"
	"funnelbot/funnel"
)

// maxCustom is how many fields of the workspace's own a card shows.
const maxCustom = 12

// card is one deal: what is known of it and what happened lately.
func (c *composer) card(d *funnel.DealView) []Block {
	heading := Line{viewRef(d)}
	if d.Title != "" {
		heading = join(heading, Text(short(d.Title, maxName)))
	}
	blocks := []Block{Heading{heading}, Fields{c.cardFields(d)}}
	if len(d.Recent) > 0 {
		items := make([]Item, len(d.Recent))
		for i := range d.Recent {
			items[i] = Item{Text: c.activity(&d.Recent[i])}
		}
		blocks = append(blocks, Paragraph{c.line("card.lately", nil)}, List{Items: items})
	}
	return blocks
}

// cardFields are the fields of a card that say something.
func (c *composer) cardFields(d *funnel.DealView) []Field {
	var all []Field
	add := func(label string, value Line) {
		if value.String() != "" {
			all = append(all, Field{Label: label, Value: value})
		}
	}
	add(c.say("card.outcome", nil), c.outcome(&d.Deal))
	add(c.say("card.stage", nil), c.stage(&d.Deal))
	if d.Parked() {
		add(c.say("card.parked", nil), c.parked(&d.Deal))
	}
	add(c.word(funnel.FieldAmount), Text(c.amount(&d.Deal)))
	owner := d.OwnerName
	if owner == "" {
		owner = c.say("card.nobody", nil)
	}
	add(c.say("card.owner", nil), Text(owner))
	add(c.say("card.next", nil), c.step(d.Next))
	add(c.say("card.people", nil), c.coverage(d))
	add(c.say("card.qualification", nil), c.assessed(d))
	if !d.Closing.IsZero() {
		add(c.word(funnel.FieldClosing), c.closing(&d.Deal))
	}
	if d.Source != "" {
		add(c.word(funnel.FieldSource), Text(c.sourceName(d.Source)))
	}
	if d.Kind != "" && d.Kind != funnel.NewBusiness {
		add(c.say("card.kind", nil), c.line("card.kind_name", text.Args{"kind": d.Kind}))
	}
	add(c.word(funnel.FieldSignal), Text(d.Signal))
	add(c.word(funnel.FieldPain), Text(d.Pain))
	add(c.word(funnel.FieldEffect), Text(d.Effect))
	names := slices.Sorted(maps.Keys(d.Custom))
	for _, name := range names[:min(len(names), maxCustom)] {
		add(short(name, maxName), Text(d.Custom[name]))
	}
	if more := len(names) - maxCustom; more > 0 {
		add(c.say("card.more", nil), c.counted("card.more_fields", more, nil))
	}
	if !d.LastTouch.IsZero() {
		add(c.say("card.touch", nil), Text(c.p.Ago(max(c.today.Sub(c.day(d.LastTouch)), 0))))
	}
	return all
}

// word is the name of a field, to begin a line with.
func (c *composer) word(f funnel.Field) string { return capital(c.p.Say("field."+string(f), nil)) }

func (c *composer) sourceName(key string) string {
	if name, ok := c.title(text.SourceKey(key)); ok {
		return name
	}
	return key
}

// outcome says how a closed deal ended and when; of an open one it says nothing.
func (c *composer) outcome(d *funnel.Deal) Line {
	if !d.VoidedAt.IsZero() {
		return c.line("card.voided", nil)
	}
	closed := c.day(d.ClosedAt)
	switch d.Outcome {
	case funnel.Won:
		return c.line("card.won", text.Args{"date": closed})
	case funnel.Lost:
		return c.line("card.lost", text.Args{"date": closed, "reason": text.ReasonKey(d.Reason)})
	case funnel.Open:
	}
	return nil
}

// stage says where a deal is, and for how long if it still stays there.
func (c *composer) stage(d *funnel.Deal) Line {
	days := c.today.Sub(c.day(d.StageSince))
	switch {
	case d.Outcome == funnel.Lost || d.Historical || d.StageSince.IsZero() || !d.VoidedAt.IsZero():
		return c.line("card.in_stage", text.Args{"stage": d.Stage})
	case days <= 0:
		return c.line("card.stage_today", text.Args{"stage": d.Stage})
	}
	return c.counted("card.stage_days", days, text.Args{"stage": d.Stage})
}

func (c *composer) parked(d *funnel.Deal) Line {
	if d.ParkedFrom == "" || d.ParkedFrom == d.Stage {
		return Text(c.p.Date(d.ParkedUntil, c.today))
	}
	return c.line("card.parked_from", text.Args{"date": d.ParkedUntil, "stage": d.ParkedFrom})
}

// closing is the day on which a deal is expected to close, and whether it has passed.
func (c *composer) closing(d *funnel.Deal) Line {
	if late := c.today.Sub(d.Closing); late > 0 && d.Outcome == funnel.Open {
		return c.counted("card.close_passed", late, text.Args{"date": c.p.Day(d.Closing, c.today)})
	}
	return Text(c.p.Date(d.Closing, c.today))
}

// activity is one line of what happened.
func (c *composer) activity(a *funnel.Activity) Line {
	args := text.Args{"date": c.day(a.At), "kind": c.activityName(a)}
	if a.Text == "" {
		return capitalLine(c.line("card.activity", args))
	}
	args["text"] = short(a.Text, maxQuote)
	return capitalLine(c.line("card.activity_text", args))
}

// activityName is what happened, and whether it came from the client.
func (c *composer) activityName(a *funnel.Activity) string {
	if a.Direction == funnel.Incoming {
		return c.say("card.from_client", text.Args{"kind": a.Kind})
	}
	return c.p.Say("activity."+string(a.Kind), nil)
}

func capitalLine(l Line) Line {
	if len(l) > 0 {
		l[0].Text = capital(l[0].Text)
	}
	return l
}
