package message

import (
	"strings"

	"funnelbot/bot/text"
	"funnelbot/commands"
	"funnelbot/funnel"
)

// help explains one verb, or lists all of them.
func (c *composer) help(r commands.Help) []Block {
	if r.Topic != "" && len(r.Verbs) > 0 {
		return c.topic(r.Verbs[0])
	}
	blocks := []Block{Heading{c.line("guide.title", nil)}, Paragraph{c.line("guide.intro", nil)}}
	for _, g := range []helpGroup{groupDeals, groupWork, groupLook, groupPeople, groupDoors} {
		var items []Item
		for _, v := range r.Verbs {
			if groupOf(v.Key) == g {
				items = append(items, Item{Text: Line{
					Code(v.Examples[c.p.Locale()]), Plain(" — " + c.p.Say("help."+string(v.Key)+".short", nil)),
				}})
			}
		}
		if len(items) > 0 {
			blocks = append(blocks, Paragraph{Line{Bold(c.p.Say("guide."+string(g), nil))}}, List{Items: items})
		}
	}
	return append(blocks, Paragraph{c.line("guide.refs", nil)}, Footnote{c.line("guide.more", nil)})
}

// helpGroup is what a verb is listed under.
type helpGroup string

const (
	groupDeals  helpGroup = "deals"
	groupWork   helpGroup = "work"
	groupLook   helpGroup = "look"
	groupPeople helpGroup = "people"
	groupDoors  helpGroup = "doors"
)

func groupOf(v commands.Key) helpGroup {
	switch v {
	case commands.VerbNew, commands.VerbMove, commands.VerbBack, commands.VerbWon, commands.VerbLost, commands.VerbPark,
		commands.VerbReopen, commands.VerbUndo, commands.VerbRenew:
		return groupDeals
	case commands.VerbLog, commands.VerbNext, commands.VerbDone, commands.VerbSet, commands.VerbAssign,
		commands.VerbQualify, commands.VerbPeople, commands.VerbReview, commands.VerbNudge, commands.VerbSnooze:
		return groupWork
	case commands.VerbToday, commands.VerbShow, commands.VerbList, commands.VerbFind, commands.VerbCompany,
		commands.VerbFunnel, commands.VerbHelp, commands.VerbQuota, commands.VerbDigest, commands.VerbAdvice:
		return groupLook
	case commands.VerbMembers, commands.VerbRole, commands.VerbLanguage, commands.VerbTimezone,
		commands.VerbTransfer, commands.VerbAway, commands.VerbNotify, commands.VerbForget:
		return groupPeople
	case commands.VerbInvite, commands.VerbApprove, commands.VerbDecline, commands.VerbRemove, commands.VerbLink, commands.VerbJoin,
		commands.VerbAccess, commands.VerbConnect, commands.VerbDisconnect, commands.VerbAnnounce, commands.VerbWorkspace:
		return groupDoors
	}
	return groupLook
}

// topic explains one verb: what it does, how it is said in both languages, what it can be told.
func (c *composer) topic(v commands.Verb) []Block {
	locale := c.p.Locale()
	blocks := []Block{
		Heading{Text(capital(v.Name(locale)))},
		Paragraph{Text(c.p.Say("help."+string(v.Key)+".long", nil))},
		Paragraph{c.line("guide.examples", nil)},
	}
	other := funnel.English
	if locale == funnel.English {
		other = funnel.Russian
	}
	var items []Item
	for _, l := range []funnel.Locale{locale, other} {
		if line := v.Examples[l]; line != "" {
			items = append(items, Item{Text: Line{Code(line)}})
		}
	}
	blocks = append(blocks, List{Items: items})
	if known := c.known(v.Key); known != nil {
		blocks = append(blocks, Paragraph{known})
	}
	words := v.English
	if locale == funnel.Russian {
		words = v.Russian
	}
	if len(words) > 1 {
		blocks = append(blocks, Footnote{c.line("guide.aliases", text.Args{"words": words[1:]})})
	}
	return blocks
}

// known lists the stages, fields, reasons or roles that a verb takes.
func (c *composer) known(v commands.Key) Line {
	var names []string
	f := c.reader.Funnel
	switch {
	case v == commands.VerbRole:
		for _, r := range funnel.Roles() {
			names = append(names, c.p.Say("role."+string(r), nil))
		}
		return c.line("guide.roles", text.Args{"names": strings.Join(names, ", ")})
	case v == commands.VerbSet:
		for _, field := range funnel.Fields() {
			if field != funnel.FieldCustom {
				names = append(names, c.p.Say("field."+string(field), nil))
			}
		}
		return c.line("guide.fields", text.Args{"names": strings.Join(names, ", ")})
	case f == nil:
	case v == commands.VerbPeople:
		for _, r := range f.Roles {
			names = append(names, r.Key)
		}
		return c.line("guide.roles", text.Args{"names": c.roleNames(names)})
	case v == commands.VerbMove || v == commands.VerbBack || v == commands.VerbReopen:
		for _, s := range f.Stages {
			names = append(names, s.Titles.In(c.p.Locale()))
		}
		return c.line("guide.stages", text.Args{"names": strings.Join(names, ", ")})
	case v == commands.VerbLost:
		for _, r := range f.Reasons {
			names = append(names, r.Titles.In(c.p.Locale()))
		}
		return c.line("guide.reasons", text.Args{"names": strings.Join(names, ", ")})
	case v == commands.VerbNew:
		for _, s := range f.Sources {
			names = append(names, s.Titles.In(c.p.Locale()))
		}
		return c.line("guide.sources", text.Args{"names": strings.Join(names, ", ")})
	}
	return nil
}
