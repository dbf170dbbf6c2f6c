package message

import (
	"strings"

	"funnelbot/bot/text"
	"funnelbot/commands"
	"funnelbot/funnel"
)

// behindReport are the ways to the deals behind the numbers of a report, or of a group of it.
func (c *composer) behindReport(title string, w commands.Ways, h funnel.ReportHead) []Block {
	if group := c.groupName(&w.Group, w.Name); group != "" {
		title += ": " + group
	}
	blocks := []Block{Heading{Text(title)}}
	if len(w.To) == 0 {
		return append(blocks, Paragraph{c.line("report.behind_none", nil)}, c.period(h))
	}
	ways := Buttons{}
	for i := range w.To {
		if to := &w.To[i]; len(to.Action) <= MaxAction {
			ways.Buttons = append(ways.Buttons, Button{Label: c.wayLabel(to), Action: to.Action})
		}
	}
	return append(blocks, Paragraph{c.line("report.why_owners", nil)}, c.period(h), ways)
}

// wayLabel names a number or a group, with what the report shows of it.
func (c *composer) wayLabel(w *commands.Way) string {
	count := c.p.Number(int64(w.Count))
	name := c.groupName(&w.Of, w.Name)
	switch {
	case w.Of.Kind != "":
		name = capital(c.p.Say("activity."+string(w.Of.Kind), nil))
	case w.Of.Part == funnel.BehindDone && w.Of.Of == funnel.OfOwner:
		name = c.say("report.behind_all_done", nil)
	case w.Of.Part != "" && w.Of.Part != funnel.BehindDone:
		return c.numberOf(w.Of.Part, count).String()
	}
	return short(name, maxButtonName) + ": " + count
}

// groupName names a group, the one without included; nothing for the whole report.
func (c *composer) groupName(of *funnel.Behind, owner string) string {
	switch of.Of {
	case funnel.OfOwner:
		return c.person(owner)
	case funnel.OfStage:
		if of.Stage == "" {
			return c.say("report.no_stage", nil)
		}
		return c.say("report.behind_stage", text.Args{"stage": c.stageName(of.Stage)})
	case funnel.OfWeek:
		return c.week(of.Week)
	case funnel.OfSource:
		if of.Source == "" {
			return c.say("report.no_source", nil)
		}
		return short(c.sourceName(of.Source), maxName)
	case funnel.OfAnswer:
		q, name, known := c.questionName(of.Question)
		switch {
		case !known:
			return of.Question
		case of.Option == "":
			return name
		}
		return name + ": " + c.optionTitle(&q, of.Option)
	case funnel.OfAll:
	}
	return ""
}

// behindTitle names the number and whose it is.
func (c *composer) behindTitle(r commands.Behind) Line {
	b := &r.Report.Behind
	var of []string
	if group := c.groupName(b, r.OwnerName); group != "" {
		of = append(of, group)
	}
	if b.Kind != "" {
		of = append(of, c.p.Say("activity."+string(b.Kind), nil))
	}
	if len(of) == 0 {
		switch b.Part {
		case funnel.BehindEntered, funnel.BehindAdvanced, funnel.BehindBack, funnel.BehindLost, funnel.BehindOpen, funnel.BehindWins,
			funnel.BehindLosses:
			of = append(of, c.say("report.behind_all", nil))
		case funnel.BehindDone, funnel.BehindCame, funnel.BehindQualified, funnel.BehindKnown, funnel.BehindUnknown,
			funnel.BehindOutside, funnel.BehindAnswered, funnel.BehindWith, funnel.BehindWithout:
			of = append(of, c.say("report.behind_deals", nil))
		}
	}
	return c.numberOf(b.Part, strings.Join(of, ", "))
}

// numberOf names a number, with what it is of or how much it is.
func (c *composer) numberOf(part funnel.BehindPart, of string) Line {
	args := text.Args{"of": of}
	switch part {
	case funnel.BehindEntered, funnel.BehindCame:
		return c.line("report.behind_entered", args)
	case funnel.BehindAdvanced:
		return c.line("report.behind_advanced", args)
	case funnel.BehindBack:
		return c.line("report.behind_back", args)
	case funnel.BehindLost, funnel.BehindLosses:
		return c.line("report.behind_lost", args)
	case funnel.BehindWins:
		return c.line("report.behind_wins", args)
	case funnel.BehindDone:
		return c.line("report.behind_done", args)
	case funnel.BehindQualified:
		return c.line("report.behind_qualified", args)
	case funnel.BehindKnown:
		return c.line("report.behind_known", args)
	case funnel.BehindUnknown:
		return c.line("report.behind_unknown", args)
	case funnel.BehindOutside:
		return c.line("report.behind_outside", args)
	case funnel.BehindAnswered:
		return c.line("report.behind_answered", args)
	case funnel.BehindWith:
		return c.line("report.behind_with", args)
	case funnel.BehindWithout:
		return c.line("report.behind_without", args)
	case funnel.BehindOpen:
	}
	return c.line("report.behind_open", args)
}
