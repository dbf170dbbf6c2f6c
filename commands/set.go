package commands

import (
	"context"

	"funnelbot/funnel"
)

// set changes fields of a deal or its company.
func (c *call) set(ctx context.Context, w *want) (Reply, error) {
	view, err := c.view(ctx, w)
	if err != nil {
		return nil, err
	}
	in := coin(view)
	edits := make([]funnel.Edit, 0, len(w.Intent.Fields))
	for _, f := range w.Intent.Fields {
		money, err := counted(f.Money, f.Assumed, in)
		if err != nil {
			return nil, err
		}
		edit := funnel.Edit{Field: f.Field, Text: f.Text, Money: money, Date: f.Date, Name: f.Name}
		switch {
		case f.Field == FieldCurrency:
			edit.Text, in = string(f.Currency), f.Currency
		case f.Field == FieldContact:
			edit = funnel.Edit{Field: funnel.FieldCustom, Name: string(FieldContact), Text: f.Text}
		case f.Clear:
			edit = funnel.Edit{Field: f.Field, Name: f.Name}
		}
		edits = append(edits, edit)
	}
	r, err := c.desk.service.Set(ctx, c.act(w.Event), w.target(), edits...)
	if err != nil {
		return nil, err
	}
	return c.changed(r), nil
}

// assign gives a deal to a member.
func (c *call) assign(ctx context.Context, w *want) (Reply, error) {
	to, err := c.whom(w.Intent.Person)
	if err != nil {
		return nil, err
	}
	r, err := c.desk.service.Assign(ctx, c.act(w.Event), w.target(), funnel.Assign{To: to})
	if err != nil {
		return nil, err
	}
	return c.changed(r), nil
}

// whom returns the member that was named.
func (c *call) whom(who Whom) (funnel.ID, error) {
	switch {
	case who.Me:
		return c.me.ID, nil
	case !who.ID.IsZero():
		return who.ID, nil
	}
	return funnel.ID{}, who.unmet()
}
