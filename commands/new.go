package commands

import (
	"context"

	"funnelbot/funnel"
)

// twinScore is how alike the name of a company must be to ask whether it is the same.
const twinScore = 0.5

// twins looks for companies of a like name before a deal is opened. A company of the very same
// name without open deals is simply the one that is meant.
func (c *call) twins(ctx context.Context, w *want) error {
	in := &w.Intent
	if in.Company == "" || len(w.Twins) > 0 {
		return nil
	}
	read := c.desk.service.Read()
	found, err := read.SearchCompanies(ctx, c.ask.Workspace, in.Company, maxAmong)
	if err != nil {
		return err
	}
	var list []choice
	for _, m := range found {
		same := funnel.NameKey(m.Name) == funnel.NameKey(in.Company)
		if m.Score < twinScore || same && m.OpenDeals == 0 {
			continue
		}
		if m.OpenDeals > 0 {
			firm, err := read.Company(ctx, c.ask.Workspace, m.ID)
			if err != nil {
				return err
			}
			for i := range firm.Deals {
				if firm.Deals[i].Outcome == funnel.Open && len(list) < maxAmong {
					list = append(list, dealChoice(&firm.Deals[i]))
				}
			}
		}
		if !same {
			list = append(list, choice{Key: twinCompany + m.ID.String(), Name: m.Name})
		}
	}
	if len(list) > 0 {
		list = append(list, choice{Key: twinNew})
		w.Twins = list
	}
	return nil
}

// newDeal opens a deal for the member who asked.
func (c *call) newDeal(ctx context.Context, w *want) (Reply, error) {
	in := &w.Intent
	var promised []funnel.SetNext
	if !in.Next.When.IsZero() {
		promised = append(promised, c.step(in.Next))
	}
	r, err := c.desk.service.Open(ctx, c.act(w.Event), funnel.OpenDeal{
		Company: funnel.Company{ID: w.Company, Name: in.Company}, Title: in.Title, Owner: c.me.ID,
		Stage: in.Stage, Amount: in.Amount, Basis: in.Basis, Source: in.Source, Signal: in.Text, Closing: in.When.Date,
	}, promised...)
	if err != nil {
		return nil, err
	}
	if err := c.keepClip(ctx, w, r.Deal.ID); err != nil {
		return nil, err
	}
	return c.changed(r), nil
}
