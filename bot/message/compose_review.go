package message

import (
	"funnelbot/bot/text"
	"funnelbot/commands"
	"funnelbot/funnel"
)

// nudged says that the owner of a deal is asked about it, and when that reaches him or her.
func (c *composer) nudged(r commands.Nudged) []Block {
	args := text.Args{"name": short(r.Name, maxName), "ref": viewRef(&r.Deal)}
	blocks := []Block{Paragraph{c.line("nudged.asked", args)}}
	switch {
	case !r.Back.IsZero():
		blocks = append(blocks, Footnote{c.line("nudged.away", text.Args{"date": r.Back})})
	case r.Later:
		blocks = append(blocks, Footnote{c.line("nudged.later", nil)})
	}
	return append(blocks, c.buttons(r.Offers)...)
}

// snoozed says until when a deal is not shown as a risk.
func (c *composer) snoozed(r commands.Snoozed) []Block {
	if r.Snooze.Until.IsZero() {
		return append([]Block{Paragraph{c.line("snoozed.off", text.Args{"ref": viewRef(&r.Deal)})}}, c.buttons(r.Offers)...)
	}
	return append([]Block{
		Paragraph{c.line("snoozed.until", text.Args{"ref": viewRef(&r.Deal), "date": r.Snooze.Until})},
		Footnote{c.line("snoozed.note", nil)},
	}, c.buttons(r.Offers)...)
}

// review shows one deal of a review with what can be done about it.
func (c *composer) review(r commands.Review) []Block {
	if r.Deal == nil {
		line := c.line("review.done", nil)
		if r.Begins {
			line = c.line("review.none", nil)
		}
		return append([]Block{Paragraph{line}}, c.buttons(r.Offers)...)
	}
	var why Line
	switch {
	case r.Stuck && r.NoStep:
		why = c.line("review.both", nil)
	case r.Stuck:
		why = c.line("review.stuck", nil)
	default:
		why = c.line("review.nostep", nil)
	}
	blocks := []Block{
		Paragraph{append(Line{viewRef(r.Deal), Plain(" · ")}, c.state(r.Deal, false)...)},
		Paragraph{append(append(why, Plain(" ")), c.line("review.question", nil)...)},
	}
	blocks = append(blocks, c.buttons(r.Offers)...)
	if r.Left > 0 {
		blocks = append(blocks, Footnote{c.counted("review.left", r.Left, nil)})
	}
	return blocks
}

// nudge asks an owner about a deal that is still open and still the owner's.
func (c *composer) nudge(n funnel.Notification, deal *funnel.DealView) []Block {
	if c.given(n, deal) || deal.Stage != "" && deal.Outcome != funnel.Open {
		return nil
	}
	lead := c.line("notice.nudge", text.Args{"name": short(n.Data["by"], maxName), "ref": viewRef(deal)})
	return c.noticed(lead, deal, c.dealButton("log", commands.VerbLog, deal), c.dealButton("next", commands.VerbNext, deal),
		c.dealButton("park", commands.VerbPark, deal))
}

// nudgeAnswer tells whoever asked what the owner has done with the deal since.
func (c *composer) nudgeAnswer(n funnel.Notification, deal *funnel.DealView) []Block {
	lead := c.line("notice.nudge_answer", text.Args{
		"name": short(n.Data["by"], maxName), "ref": viewRef(deal), "what": c.did(n.Data["verb"]),
	})
	if words := n.Data["text"]; words != "" {
		lead = append(append(lead, Plain(" ")), c.line("nudged.words", text.Args{"text": short(words, maxQuote)})...)
	}
	return c.noticed(lead, deal)
}

// did says in words what somebody did with a deal.
func (c *composer) did(verb string) string {
	switch commands.Key(verb) { //nolint:exhaustive // the others change no deal, or say it in general
	case commands.VerbMove:
		return c.say("nudged.move", nil)
	case commands.VerbBack:
		return c.say("nudged.back", nil)
	case commands.VerbWon:
		return c.say("nudged.won", nil)
	case commands.VerbLost:
		return c.say("nudged.lost", nil)
	case commands.VerbPark:
		return c.say("nudged.park", nil)
	case commands.VerbLog:
		return c.say("nudged.log", nil)
	case commands.VerbNext:
		return c.say("nudged.next", nil)
	case commands.VerbDone:
		return c.say("nudged.done", nil)
	case commands.VerbAssign:
		return c.say("nudged.assign", nil)
	}
	return c.say("nudged.changed", nil)
}
