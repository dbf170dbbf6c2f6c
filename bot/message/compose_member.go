package message

import (
	"time"

	"funnelbot/bot/text"
	"funnelbot/commands"
)

// members are the people of the workspace.
func (c *composer) members(r commands.Members) []Block {
	if len(r.Members) == 0 {
		return []Block{Paragraph{c.line("members.none", nil)}}
	}
	items := make([]Item, len(r.Members))
	for i, m := range r.Members {
		items[i] = Item{Text: c.line("members.member", text.Args{"name": Bold(m.Name), "role": m.Role, "language": m.Locale})}
		if !m.AwayUntil.IsZero() {
			items[i].Text = join(items[i].Text, c.line("members.away", text.Args{"date": m.AwayUntil}))
		}
	}
	return []Block{Heading{c.line("members.title", nil)}, List{Items: items}, Footnote{c.counted("members.all", len(items), nil)}}
}

// settled says which setting holds now.
func (c *composer) settled(r commands.Settled) []Block {
	m := r.Member
	var line Line
	switch commands.Key(r.Verb) { //nolint:exhaustive // only these verbs change a member
	case commands.VerbRole:
		line = c.line("settled.role", text.Args{"name": m.Name, "role": m.Role})
		if r.Own {
			line = c.line("settled.own_role", text.Args{"role": m.Role})
		}
	case commands.VerbLanguage:
		line = c.line("settled.language", nil)
	case commands.VerbAway:
		line = c.absence(m)
	case commands.VerbNotify:
		return append(c.wishes(m), c.buttons(r.Offers)...)
	case commands.VerbRemove:
		line = c.line("settled.removed", text.Args{"name": m.Name})
	case commands.VerbTimezone:
		line = c.line("settled.timezone", text.Args{"zone": m.Zone, "time": c.timeIn(m.Zone)})
	default:
		line = c.line("settled.saved", nil)
	}
	return append([]Block{Paragraph{line}}, c.buttons(r.Offers)...)
}

// timeIn is what clocks show in a zone now.
func (c *composer) timeIn(zone string) string {
	place, err := time.LoadLocation(zone)
	if err != nil {
		place = c.reader.Zone
	}
	return c.p.For(c.reader.Now, place).Time(c.reader.Now)
}
