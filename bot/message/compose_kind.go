package message

import (
	"funnelbot/commands"
	"funnelbot/funnel"
)

// of is the composer with the funnel of a kind of deals: a renewal has stages, roles and reasons of its
// own. The empty kind is any.
func (c *composer) of(k funnel.Kind) *composer {
	if k == "" || c.reader.Funnels == nil {
		return c
	}
	f := c.reader.Funnels(k)
	if f == nil || f == c.reader.Funnel {
		return c
	}
	other := *c
	other.reader.Funnel = f
	other.p = c.p.Naming(other.title)
	return &other
}

// dealKind is the kind of the deal that a reply is about; empty where it is about none or several.
func dealKind(reply commands.Reply) funnel.Kind {
	switch r := reply.(type) {
	case commands.Card:
		return r.Deal.Kind
	case commands.Changed:
		return r.Deal.Kind
	case commands.Qualified:
		return r.Changed.Deal.Kind
	case commands.Committee:
		return r.Deal.Kind
	case commands.Person:
		return r.Deal.Kind
	case commands.Question:
		return kindOfDeal(r.Deal)
	case commands.Refused:
		return kindOfDeal(r.Deal)
	case commands.Paused:
		return kindOfDeal(r.Deal)
	case commands.Cancelled:
		return kindOfDeal(r.Deal)
	}
	return ""
}

func kindOfDeal(d *funnel.DealView) funnel.Kind {
	if d == nil {
		return ""
	}
	return d.Kind
}

// funnels are where titles stand: in the funnel of the deal, or in that of new business, where a deal may
// have been before.
func (c *composer) funnels() []*funnel.Funnel {
	var all []*funnel.Funnel
	if c.reader.Funnel != nil {
		all = append(all, c.reader.Funnel)
	}
	if c.reader.Funnels != nil {
		if f := c.reader.Funnels(funnel.NewBusiness); f != nil && f != c.reader.Funnel {
			all = append(all, f)
		}
	}
	return all
}
