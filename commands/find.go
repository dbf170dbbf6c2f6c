package commands

import (
	"context"

	"funnelbot/funnel"
)

// pageSize is how many deals a page of a list shows.
const pageSize = 10

// findDeals searches by number, company, title.
func (c *call) findDeals(ctx context.Context, w *want) (Reply, error) {
	words := w.Intent.Text
	if w.Intent.Deal.Number > 0 {
		if err := c.resolve(ctx, w); err != nil {
			return nil, err
		}
		return c.show(ctx, w)
	}
	found, err := c.named(ctx, words)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, funnel.Refuse(funnel.CodeNoDeal, funnel.Args{"ref": words})
	}
	if best := meant(found, VerbFind); len(best) == 1 && best[0].Score >= scoreTypo {
		w.found(&best[0].DealView)
		return c.show(ctx, w)
	}
	return matches(words, found), nil
}

// matches lists what was found, best first.
func matches(words string, found []funnel.Match) Reply {
	r := Deals{Title: DealsTitle{Words: words}, Total: len(found)}
	for _, m := range found[:min(len(found), pageSize)] {
		r.Deals = append(r.Deals, m.DealView)
	}
	return r
}

// company shows a client firm; several that fit are offered.
func (c *call) company(ctx context.Context, w *want) (Reply, error) {
	read := c.desk.service.Read()
	id := w.Company
	if id.IsZero() {
		found, err := read.SearchCompanies(ctx, c.ask.Workspace, w.Intent.Text, maxAmong)
		if err != nil {
			return nil, err
		}
		if len(found) == 0 || found[0].Score < scoreTypo {
			if found, err = read.SearchCompanies(ctx, c.ask.Workspace, FlipLayout(w.Intent.Text), maxAmong); err != nil {
				return nil, err
			}
		}
		if len(found) == 0 || found[0].Score < scoreTypo {
			return nil, funnel.Refuse(funnel.CodeNoCompany, funnel.Args{"name": w.Intent.Text})
		}
		id = found[0].ID
	}
	firm, err := read.Company(ctx, c.ask.Workspace, id)
	if err != nil {
		return nil, err
	}
	if firm == nil {
		return nil, funnel.Refuse(funnel.CodeNoCompany, funnel.Args{"name": w.Intent.Text})
	}
	return Company{Company: *firm, Offers: []Offer{
		{Label: "open_new", Action: lineAction("new " + firm.Name), Name: firm.Name},
	}}, nil
}
