package message

import (
	"slices"
	"strconv"

	"funnelbot/bot/text"
	"funnelbot/commands"
	"funnelbot/funnel"
)

// deals are the ones to talk about today, each with what can be done at once.
func (w *writing) deals() []Block {
	list := List{}
	for i := range w.d.Deals {
		s := &w.d.Deals[i]
		view := w.named.Deals[s.Deal]
		if view == nil || view.Outcome != funnel.Open {
			continue
		}
		line := Line{viewRef(view), Plain(" · ")}
		line = append(line, w.line("digest.stands", text.Args{
			"stage": s.Stage, "days": w.p.Days(s.Days), "limit": w.p.Days(s.Limit),
		})...)
		if !view.Amount.IsZero() {
			line = append(line, Plain(" · "+w.amount(&view.Deal)))
		}
		if view.OwnerName != "" {
			line = append(line, Plain(" · "+short(view.OwnerName, maxName)))
		}
		list.Items = append(list.Items, Item{Text: line, Buttons: w.under(pressingOffers(view))})
	}
	if len(list.Items) == 0 {
		return nil
	}
	return []Block{Paragraph{Line{Bold(w.say("digest.deals", nil))}}, list}
}

// pressingOffers open a deal, remind its owner, or put it out of sight.
func pressingOffers(v *funnel.DealView) []commands.Offer {
	number := strconv.FormatInt(v.Number, 10)
	return []commands.Offer{
		{Label: "show", Action: string(commands.VerbShow) + ":" + number + ":0", Name: v.CompanyName},
		{Label: "nudge", Action: "nudge:" + number + ":0"},
		{Label: "snooze", Action: "snooze:" + number + ":0"},
	}
}

// work is how open deals are kept, in one line with the lists behind it.
func (w *writing) work() []Block {
	var parts []Line
	var offers []commands.Offer
	list := func(kind funnel.DealList) commands.Offer {
		return commands.Offer{Label: "list_" + string(kind), Action: ">list " + string(kind)}
	}
	if w.d.Stuck > 0 {
		parts = append(parts, w.counted("digest.stuck", w.d.Stuck, nil))
		// The report says of each why it is stuck; the list, which is of every kind of deals, does not.
		offers = append(offers, commands.Offer{Label: "list_" + string(funnel.ListStuck), Action: ">funnel stuck"})
	}
	if w.d.Work != nil && w.d.Work.NoStep > 0 {
		parts = append(parts, w.counted("digest.no_step", w.d.Work.NoStep, nil))
		offers = append(offers, list(funnel.ListNoStep))
	}
	if w.d.Work != nil && w.d.Work.Overdue > 0 {
		parts = append(parts, w.counted("digest.overdue", w.d.Work.Overdue, nil))
	}
	if len(parts) == 0 {
		return nil
	}
	line := slices.Clone(parts[0])
	for _, p := range parts[1:] {
		line = append(append(line, Plain(" ")), p...)
	}
	return append([]Block{Paragraph{line}}, w.buttons(offers)...)
}

// attention is what the last week went into.
func (w *writing) attention() []Block {
	a := w.d.Attention
	all := a.Clients + a.New
	if all == 0 {
		return nil
	}
	if a.Clients == 0 {
		return []Block{Paragraph{w.counted("digest.attention_none", all, nil)}}
	}
	return []Block{Paragraph{w.line("digest.attention", text.Args{
		"clients": w.p.Percent(float64(a.Clients)/float64(all), 0), "new": w.p.Percent(float64(a.New)/float64(all), 0),
		"all": w.p.Count("digest.activities", all, nil),
	})}}
}

// outside are open deals outside of the ideal customer profile.
func (w *writing) outside() []Block {
	g := &w.d.Outside
	if g.Deals == 0 {
		return nil
	}
	return []Block{Paragraph{w.group(w.counted("digest.outside", g.Deals, nil), g, true)}}
}
