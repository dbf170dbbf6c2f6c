package commands

import (
	"context"
	"slices"

	"funnelbot/funnel"
	"funnelbot/funnel/dialog"
)

// Transferred says what became somebody else's.
type Transferred struct {
	funnel.Transferred
	// OwnFrom and OwnTo say that the reader is the one or the other.
	OwnFrom, OwnTo bool
	Offers         []Offer
}

// transfer hands everything of one member over to another.
func (c *call) transfer(ctx context.Context, w *want) (Reply, error) {
	from, err := c.whom(w.Intent.From)
	if err != nil {
		return nil, err
	}
	to, err := c.whom(w.Intent.Person)
	if err != nil {
		return nil, err
	}
	r, err := c.desk.service.Transfer(ctx, c.act(w.Event), from, to)
	if err != nil {
		return nil, err
	}
	return c.transferred(r), nil
}

func (c *call) transferred(r funnel.Transferred) Reply {
	out := Transferred{Transferred: r, OwnFrom: r.From.ID == c.me.ID, OwnTo: r.To.ID == c.me.ID}
	if out.OwnTo {
		out.Offers = append(out.Offers, Offer{Label: "today", Action: string(VerbToday) + ":0:0"})
	} else {
		out.Offers = append(out.Offers, Offer{Label: "list_of", Action: pageAction(ListOwner, r.To.ID.String(), 1), Name: r.To.Name})
	}
	if out.OwnFrom && !c.me.Away(c.space, c.ask.At) {
		out.Offers = append(out.Offers, Offer{Label: "away", Action: string(VerbAway) + ":0:0"})
	}
	return out
}

// parties finds out from whom to whom a transfer goes: those who no longer take part can still give,
// and who is no manager gives only what is their own.
func (c *call) parties(ctx context.Context, w *want) error {
	in := &w.Intent
	if !c.me.Role.Allows(funnel.Manager) {
		own := in.From.Me || in.From.ID == c.me.ID
		switch {
		case own:
		case in.Person.IsZero() && !in.Open(ArgPerson):
			// "transfer anna" can only mean to her.
			in.Person, in.From = in.From, Whom{Me: true}
			for i := range in.Choices {
				if in.Choices[i].Arg == ArgFrom {
					in.Choices[i].Arg = ArgPerson
				}
			}
		case in.From.IsZero() && !in.Open(ArgFrom):
			in.From = Whom{Me: true}
		default:
			return funnel.Refuse(funnel.CodeForbidden, funnel.Args{"role": funnel.Manager})
		}
		return nil
	}
	if in.From.Mention == "" {
		return nil
	}
	former, err := c.formers(ctx)
	if err != nil {
		return err
	}
	lex := c.lex
	lex.Members = nil
	for _, m := range former {
		lex.Members = append(lex.Members, Colleague{ID: m.ID, Name: m.Name})
	}
	found, err := c.desk.parser.Parse(string(VerbToday)+" "+in.From.Mention, &lex)
	if err != nil {
		// What cannot be read is nobody's name, and is asked about.
		return nil //nolint:nilerr // see above.
	}
	switch {
	case !found.Person.ID.IsZero():
		in.From = found.Person
	case found.Open(ArgPerson):
		in.From = Whom{}
		for _, o := range found.Choices {
			if o.Arg == ArgPerson {
				in.Choices = append(slices.Clone(in.Choices), Choice{Arg: ArgFrom, Options: o.Options})
			}
		}
	}
	return nil
}

// formers returns the members who no longer take part and still own something.
func (c *call) formers(ctx context.Context) ([]funnel.Member, error) {
	if c.former != nil {
		return c.former, nil
	}
	found, err := c.desk.service.Former(ctx, c.ask.Workspace)
	if err != nil {
		return nil, err
	}
	c.former = append([]funnel.Member{}, found...)
	return c.former, nil
}

// giverOptions are those who may have something to give.
func (c *call) giverOptions(ctx context.Context) ([]dialog.Option, error) {
	former, err := c.formers(ctx)
	if err != nil {
		return nil, err
	}
	options := c.memberOptions()
	for _, m := range former {
		options = append(options, dialog.Option{Key: m.ID.String(), Label: m.Name})
	}
	return options, nil
}

// takerOptions are those who may take what another gives.
func (c *call) takerOptions(w *want) []dialog.Option {
	from := w.Intent.From.ID
	if w.Intent.From.Me {
		from = c.me.ID
	}
	return slices.DeleteFunc(c.memberOptions(), func(o dialog.Option) bool { return o.Key == from.String() })
}
