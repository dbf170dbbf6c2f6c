package message

import (
	"maps"
	"slices"

	"funnelbot/commands"
	"funnelbot/funnel"
)

// How much of a company is shown at once.
const (
	maxCompanyDeals = 10
	maxContacts     = 10
)

// company is a client firm with its people and its deals.
func (c *composer) company(r commands.Company) []Block {
	firm := &r.Company
	blocks := []Block{Heading{Text(firm.Name)}}
	if fields := c.companyFields(&firm.Company); len(fields) > 0 {
		blocks = append(blocks, Fields{fields})
	}
	if len(firm.Contacts) > 0 {
		items := make([]Item, 0, len(firm.Contacts))
		for _, p := range firm.Contacts[:min(len(firm.Contacts), maxContacts)] {
			items = append(items, Item{Text: c.contact(&p)})
		}
		blocks = append(blocks, Paragraph{c.line("company.people", nil)}, List{Items: items})
	}
	if len(firm.Deals) == 0 {
		blocks = append(blocks, Paragraph{c.line("company.no_deals", nil)})
		return append(blocks, c.buttons(r.Offers)...)
	}
	items := make([]Item, 0, len(firm.Deals))
	for i := range firm.Deals[:min(len(firm.Deals), maxCompanyDeals)] {
		d := &firm.Deals[i]
		items = append(items, Item{
			Text:    join(Line{Deal(d.Number, short(d.Title, maxName))}, c.state(d, true)),
			Buttons: []Button{c.showButton(d.Number)},
		})
	}
	blocks = append(blocks, Paragraph{c.line("company.deals", nil)}, List{Items: items})
	if more := len(firm.Deals) - len(items); more > 0 {
		blocks = append(blocks, Footnote{c.counted("company.more", more, nil)})
	}
	return append(blocks, c.buttons(r.Offers)...)
}

func (c *composer) companyFields(firm *funnel.Company) []Field {
	var all []Field
	add := func(label, value string) {
		if value != "" {
			all = append(all, Field{Label: label, Value: Text(value)})
		}
	}
	add(c.word(funnel.FieldDomain), firm.Domain)
	add(c.word(funnel.FieldTaxID), firm.TaxID)
	add(c.word(funnel.FieldIndustry), firm.Industry)
	add(c.word(funnel.FieldSize), firm.Size)
	add(c.word(funnel.FieldRegion), firm.Region)
	names := slices.Sorted(maps.Keys(firm.Custom))
	for _, name := range names[:min(len(names), maxCustom)] {
		add(short(name, maxName), firm.Custom[name])
	}
	return all
}
