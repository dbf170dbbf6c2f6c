package message

import (
	"funnelbot/bot/text"
	"funnelbot/commands"
	"funnelbot/funnel"
)

// digestShown is a digest that was asked for, with how it comes.
func (c *composer) digestShown(r commands.Digest) []Block {
	blocks := append(c.digest(&r), Divider{})
	if r.Setting == nil || r.Setting.Off {
		return append(append(blocks, Paragraph{c.notSent(r.Here)}), c.buttons(r.Offers)...)
	}
	return append(append(blocks, Paragraph{c.comes(r.Setting, r.Here)}), c.buttons(r.Offers)...)
}

// digestSet says how a digest comes from now on.
func (c *composer) digestSet(r commands.DigestSet) []Block {
	switch {
	case r.Setting.Off && r.Stopped:
		return append([]Block{Paragraph{c.line("digest.off", nil)}}, c.buttons(r.Offers)...)
	case r.Setting.Off:
		return append([]Block{Paragraph{c.leftOut(c.notSent(r.Here), &r.Setting)}}, c.buttons(r.Offers)...)
	}
	return append([]Block{Paragraph{c.comes(&r.Setting, r.Here)}}, c.buttons(r.Offers)...)
}

// notSent asks whether a digest shall come that does not come by itself.
func (c *composer) notSent(here bool) Line {
	if here {
		return c.line("digest.not_sent_here", nil)
	}
	return c.line("digest.not_sent", nil)
}

// comes says when and where a digest comes and what is left out.
func (c *composer) comes(s *funnel.DigestSetting, here bool) Line {
	key := "digest.comes"
	if here {
		key = "digest.comes_here"
	}
	return c.leftOut(c.line(key, text.Args{"time": s.At, "day": c.p.Say("weekday."+s.FullOn.String(), nil)}), s)
}

// leftOut adds which sections are left out, if any.
func (c *composer) leftOut(line Line, s *funnel.DigestSetting) Line {
	if len(s.Without) == 0 {
		return line
	}
	names := make([]string, 0, len(s.Without))
	for _, section := range s.Without {
		names = append(names, c.p.Say("section."+string(section), nil))
	}
	return append(append(line, Plain(" ")), c.line("digest.without", text.Args{"sections": names})...)
}

// adviceDecided says what was decided about advice.
func (c *composer) adviceDecided(r commands.AdviceDecided) []Block {
	a := &r.Advice
	if !a.Accepted {
		return []Block{Paragraph{c.line("digest.you_declined", text.Args{"stage": a.Stage})}}
	}
	return []Block{Paragraph{c.line("digest.you_accepted", text.Args{
		"stage": a.Stage, "name": c.person(r.Owner), "due": a.Due, "review": a.Review,
	})}}
}

// adviceNotice tells somebody that advice is theirs to follow.
func (c *composer) adviceNotice(n funnel.Notification) []Block {
	due, err := funnel.ParseDate(n.Data["due"])
	if err != nil {
		due = funnel.Date{}
	}
	key := "advice." + n.Data["advice"]
	if !c.p.Has(key) {
		return nil
	}
	return []Block{
		Paragraph{c.line("notice.advice", text.Args{
			"by": n.Data["by"], "stage": funnel.StageKey(n.Data["stage"]), "due": due,
		})},
		Paragraph{Text(c.p.Say(key, nil))},
	}
}
