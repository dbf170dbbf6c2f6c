package message

import (
	"strconv"

	"funnelbot/bot/text"
	"funnelbot/commands"
	"funnelbot/funnel"
)

// given reports whether a deal was given to somebody else since the message was written.
func (c *composer) given(n funnel.Notification, deal *funnel.DealView) bool {
	return !deal.ID.IsZero() && !n.To.IsZero() && deal.Owner != n.To
}

// stepsDue reminds of several next steps: of those that still are the next steps of their deals. One
// that is left of them reads as if it had been alone.
func (c *composer) stepsDue(n funnel.Notification, deals []*funnel.DealView) []Block {
	now := map[funnel.ID]*funnel.DealView{}
	for _, d := range deals {
		if d != nil {
			now[d.ID] = d
		}
	}
	var due []*funnel.DealView
	named := len(n.About())
	for _, s := range n.Steps[:named] {
		d := now[s.Deal]
		if d == nil || !d.VoidedAt.IsZero() || d.Next.IsZero() || d.Next.What != s.What || d.Next.On.String() != s.On || c.given(n, d) {
			continue
		}
		due = append(due, d)
	}
	more := len(n.Steps) - named
	if len(due) == 0 && more == 0 {
		return nil
	}
	if len(due) == 1 && more == 0 {
		one := due[0]
		return c.stepDue(funnel.Notification{
			To: n.To, Number: one.Number, Data: map[string]string{"what": one.Next.What, "on": one.Next.On.String()},
		}, one)
	}
	list := List{}
	for _, d := range due {
		list.Items = append(list.Items, Item{
			Text: join(Line{viewRef(d)}, c.step(d.Next)),
			Buttons: []Button{
				c.dealButton("done", commands.VerbDone, d), c.dealButton("next", commands.VerbNext, d), c.showButton(d.Number),
			},
		})
	}
	blocks := []Block{Paragraph{c.line("notice.steps_due", nil)}}
	if len(list.Items) > 0 {
		blocks = append(blocks, list)
	}
	if more > 0 {
		blocks = append(blocks, Footnote{c.counted("today.more", more, nil)})
	}
	return blocks
}

// ComposePlan puts the morning plan of a member into words: what today shows. A plan of another day
// than the reader's is the empty Doc.
func ComposePlan(p *text.Printer, r commands.Reader, n funnel.Notification, plan commands.Today) Doc {
	c := newComposer(p, r)
	if n.Data["on"] != c.today.String() {
		return Doc{}
	}
	return Doc{Blocks: append(c.plan(plan), Footnote{c.line("notice.plan", nil)}), Locale: r.Locale}
}

// takenOver tells the receiver of a transfer what is theirs now.
func (c *composer) takenOver(n funnel.Notification) []Block {
	line := c.line("notice.transferred", text.Args{"name": n.Data["from"], "what": c.handed(n)})
	return append([]Block{Paragraph{line}}, c.buttons([]commands.Offer{
		{Label: "today", Action: string(commands.VerbToday) + ":0:0"},
	})...)
}

// handedOver tells the giver of a transfer what is theirs no more.
func (c *composer) handedOver(n funnel.Notification) []Block {
	return []Block{Paragraph{c.line("notice.handed_over", text.Args{
		"name": n.Data["to"], "by": n.Data["by"], "what": c.handed(n),
	})}}
}

// handed counts what a transfer was of.
func (c *composer) handed(n funnel.Notification) string {
	count := func(name string) int {
		number, err := strconv.Atoi(n.Data[name])
		if err != nil {
			return 0
		}
		return number
	}
	return c.amounts(count("deals"), count("clients"), count("steps"))
}
