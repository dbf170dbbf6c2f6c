package message

import (
	"strings"

	"funnelbot/bot/text"
	"funnelbot/commands"
	"funnelbot/funnel"
	"funnelbot/funnel/dialog"
)

// optionName is what an option is called: its own name, the value that it stands for, or what the
// catalog calls its key.
func (c *composer) optionName(verb commands.Key, step string, o dialog.Option) string {
	q, own := c.own(verb, step)
	switch {
	case own && q.Kind != funnel.AskPerson && (o.Value.Skipped() || o.Value.Kind == dialog.YesNo):
		return c.optionTitle(&q, o.Key)
	case o.Label != "":
		return o.Label
	case step == string(commands.ArgDeal) && o.Key == commands.ClipNew:
		return c.say("clip.new_lead", nil)
	case o.Value.Kind == dialog.YesNo, o.Value.Skipped(), o.Value.Kind == dialog.Choice:
		return c.keyName(step, o.Key)
	case c.p.Has("option." + step + "." + o.Key):
		return c.p.Say("option."+step+"."+o.Key, nil)
	}
	return c.value(step, o.Value)
}

// keyName is what the catalog calls the key of an option.
func (c *composer) keyName(step, key string) string {
	var name string
	switch {
	case key == "yes":
		return c.say("control.yes", nil)
	case key == "no":
		return c.say("control.no", nil)
	case step == string(commands.ArgActivity):
		name = c.p.Say("activity."+key, nil)
	case step == string(commands.ArgRole):
		name = c.p.Say("role."+key, nil)
	case step == string(commands.ArgRoles):
		name = c.roleName(key)
	case step == string(commands.ArgStance) && c.p.Has("stance."+key):
		name = c.p.Say("stance."+key, nil)
	case step == string(commands.ArgLanguage):
		name = c.p.Say("language."+key, nil)
	case step == string(funnel.FieldBasis):
		name = c.p.Say("basis."+key, nil)
	case c.p.Has("option." + step + "." + key):
		return c.p.Say("option."+step+"."+key, nil)
	case c.p.Has("field." + key):
		name = c.p.Say("field."+key, nil)
	default:
		name = key
	}
	return capital(name)
}

// optionNote tells apart what options of one list lead to: a likely duplicate may be a deal, which
// is then shown, or a company, which gets the new deal.
func (c *composer) optionNote(step, key string) string {
	switch {
	case !c.p.Has("option." + step + ".deal"):
		return ""
	case strings.HasPrefix(key, "#"):
		return c.p.Say("option."+step+".deal", nil)
	case strings.Contains(key, ":"):
		return c.p.Say("option."+step+".company", nil)
	}
	return ""
}

// answer is an answer in words: those of the funnel file where its question is asked.
func (c *composer) answer(verb commands.Key, step string, v dialog.Value) string {
	if q, ok := c.own(verb, step); ok {
		return c.answered(&q, v)
	}
	return c.value(step, v)
}

// value is an answer in words.
func (c *composer) value(step string, v dialog.Value) string {
	switch v.Kind {
	case dialog.Text:
		return short(v.Text, maxQuote)
	case dialog.Choice:
		if v.Text != "" {
			return v.Text
		}
		return c.keyName(step, v.Key)
	case dialog.Several:
		names := make([]string, 0, len(v.Picked()))
		for _, key := range v.Picked() {
			names = append(names, c.keyName(step, key))
		}
		return strings.Join(names, ", ")
	case dialog.YesNo:
		if v.Yes {
			return c.say("control.yes", nil)
		}
		return c.say("control.no", nil)
	case dialog.Number:
		return c.decimal(v.Number)
	case dialog.Money:
		return c.p.Money(v.Money)
	case dialog.Date:
		if v.Text != "" {
			return c.say("date.moment", text.Args{"date": v.Date, "time": v.Text})
		}
		return c.p.Date(v.Date, c.today)
	case dialog.Person:
		return v.Person.Name
	}
	return ""
}
