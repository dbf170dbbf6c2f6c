package message

import (
	"strconv"

	"funnelbot/bot/text"
	"funnelbot/commands"
	"funnelbot/funnel"
)

// ComposeNotice puts a message to a member or to the team into words. The deals are those of
// [funnel.Notification.About] as they are now; nil where one cannot be read. What time has overtaken
// is the empty Doc: nobody wants to be reminded of a step that is done. A plan is put into words by
// [ComposePlan].
func ComposeNotice(p *text.Printer, r commands.Reader, n funnel.Notification, deals ...*funnel.DealView) Doc {
	c := newComposer(p, r)
	if n.Kind == funnel.NoticeStepsDue {
		return Doc{Blocks: c.stepsDue(n, deals), Locale: r.Locale}
	}
	var deal *funnel.DealView
	if len(deals) > 0 {
		deal = deals[0]
	}
	if n.Team {
		return Doc{Blocks: c.news(n, deal), Deal: n.Deal, Shared: true, Locale: r.Locale}
	}
	return Doc{Blocks: c.notice(n, deal), Deal: n.Deal, Locale: r.Locale}
}

func (c *composer) notice(n funnel.Notification, deal *funnel.DealView) []Block {
	if deal == nil {
		deal = &funnel.DealView{Deal: funnel.Deal{Number: n.Number}}
	} else if !deal.VoidedAt.IsZero() {
		return nil
	}
	c = c.of(deal.Kind)
	args := text.Args{"ref": viewRef(deal)}
	switch n.Kind {
	case funnel.NoticeApplication, funnel.NoticeAdmitted, funnel.NoticeDeclined, funnel.NoticeUnreachable,
		funnel.NoticeDeparted:
		return c.accessNotice(n)
	case funnel.NoticeAssigned:
		if !deal.ID.IsZero() && deal.Owner != n.To {
			return nil
		}
		return c.noticed(c.line("notice.assigned", args), deal)
	case funnel.NoticeTaken:
		if deal.Owner == n.To {
			return nil
		}
		if deal.OwnerName == "" {
			return c.noticed(c.line("notice.taken", text.Args{"ref": args["ref"], "by": n.Data["by"]}), deal)
		}
		return c.noticed(c.line("notice.taken_to", text.Args{"ref": args["ref"], "by": n.Data["by"], "name": deal.OwnerName}), deal)
	case funnel.NoticeHandedOver:
		return c.handedOver(n)
	case funnel.NoticeAdvice:
		return c.adviceNotice(n)
	case funnel.NoticeStepDue:
		return c.stepDue(n, deal)
	case funnel.NoticeNudge:
		return c.nudge(n, deal)
	case funnel.NoticeNudgeAnswer:
		return c.nudgeAnswer(n, deal)
	case funnel.NoticeTransferred:
		return c.takenOver(n)
	case funnel.NoticeWoken:
		if deal.Parked() || c.given(n, deal) {
			return nil
		}
		return c.noticed(c.line("notice.woken", args), deal, c.dealButton("next", commands.VerbNext, deal))
	case funnel.NoticeQualifyWaiting, funnel.NoticeQualifyEnded:
		return c.qualifyNotice(n, deal)
	case funnel.NoticeStepsDue, funnel.NoticePlan, funnel.NoticeDigest, funnel.NoticeWon, funnel.NoticeLost,
		funnel.NoticeCorrected:
		// These are composed elsewhere.
	}
	return nil
}

// noticed is a notice with what is known of the deal, and the button that shows it.
func (c *composer) noticed(lead Line, deal *funnel.DealView, more ...Button) []Block {
	blocks := []Block{Paragraph{lead}}
	if deal.Stage != "" {
		blocks = append(blocks, Paragraph{c.state(deal, false)})
	}
	return append(blocks, Buttons{append(more, c.showButton(deal.Number))})
}

// stepDue reminds of a next step, if it still is the next step.
func (c *composer) stepDue(n funnel.Notification, deal *funnel.DealView) []Block {
	if c.given(n, deal) {
		return nil
	}
	next := deal.Next
	if deal.Stage == "" {
		on, err := funnel.ParseDate(n.Data["on"])
		if err != nil {
			on = funnel.Date{}
		}
		next = funnel.NextStep{What: n.Data["what"], On: on}
	} else if next.What != n.Data["what"] || next.On.String() != n.Data["on"] {
		return nil
	}
	lead := append(c.line("notice.step_due", text.Args{"ref": viewRef(deal)}), Plain(" "))
	if next.IsZero() {
		return nil
	}
	return []Block{
		Paragraph{append(lead, c.step(next)...)},
		Buttons{[]Button{
			c.dealButton("done", commands.VerbDone, deal), c.dealButton("next", commands.VerbNext, deal), c.showButton(deal.Number),
		}},
	}
}

// dealButton does something to the deal as it is now.
func (c *composer) dealButton(label string, verb commands.Key, d *funnel.DealView) Button {
	action := string(verb) + ":" + strconv.FormatInt(d.Number, 10) + ":" + strconv.FormatInt(d.Version, 10)
	return Button{Label: c.p.Say("button."+label, text.Args{"stage": d.Stage, "name": ""}), Action: action}
}
