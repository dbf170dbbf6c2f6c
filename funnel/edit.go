package funnel

import (
	"context"
	"maps"
	"strings"
)

// Field is something of a deal or its company that `set` changes.
type Field string

// The fields. Any other word becomes a custom field of the deal through [FieldCustom].
const (
	FieldTitle    Field = "title"
	FieldAmount   Field = "amount"
	FieldBasis    Field = "basis"
	FieldCurrency Field = "currency"
	FieldClosing  Field = "close"
	FieldSource   Field = "source"
	FieldSignal   Field = "signal"
	FieldPain     Field = "pain"
	FieldEffect   Field = "effect"
	FieldCompany  Field = "company"
	FieldDomain   Field = "domain"
	FieldTaxID    Field = "tax_id"
	FieldIndustry Field = "industry"
	FieldSize     Field = "size"
	FieldRegion   Field = "region"
	FieldCustom   Field = "custom"
)

// Fields lists every field that can be set by name.
func Fields() []Field {
	return []Field{
		FieldTitle, FieldAmount, FieldCurrency, FieldBasis, FieldClosing, FieldSource, FieldSignal, FieldPain, FieldEffect,
		FieldCompany, FieldDomain, FieldTaxID, FieldIndustry, FieldSize, FieldRegion, FieldCustom,
	}
}

// OfCompany reports whether the field belongs to the company of the deal.
func (f Field) OfCompany() bool {
	switch f {
	case FieldCompany, FieldDomain, FieldTaxID, FieldIndustry, FieldSize, FieldRegion:
		return true
	case FieldTitle, FieldAmount, FieldCurrency, FieldBasis, FieldClosing, FieldSource, FieldSignal, FieldPain, FieldEffect, FieldCustom:
	}
	return false
}

// Edit changes one field. Which of the values is meant follows from the field; an empty value
// clears it, except for the name of a company.
type Edit struct {
	Field Field
	Text  string
	Money Money
	Date  Date
	// Name is the name of a custom field.
	Name string
	// Company is the deal's company as it is stored; needed for fields of the company.
	Company Company
}

func (c Edit) decide(e *Env, d *Decision) error {
	if err := d.standing(); err != nil {
		return err
	}
	if c.Field.OfCompany() {
		return c.company(d)
	}
	return c.deal(e, &d.After.Deal)
}

func (c Edit) deal(e *Env, deal *Deal) error {
	if err := fits(string(c.Field), c.Text, MaxText); err != nil {
		return err
	}
	switch c.Field {
	case FieldTitle:
		if err := fits(string(c.Field), c.Text, MaxTitle); err != nil {
			return err
		}
		deal.Title = c.Text
	case FieldAmount:
		if err := c.Money.sound(); err != nil {
			return err
		}
		deal.Amount = c.Money
	case FieldCurrency:
		return c.currency(deal)
	case FieldBasis:
		if !Basis(c.Text).known() {
			return Refuse(CodeBadValue, Args{"field": string(c.Field), "value": c.Text})
		}
		deal.Basis = Basis(c.Text)
	case FieldClosing:
		if !c.Date.IsZero() && !c.Date.Valid() {
			return Refuse(CodeBadValue, Args{"field": string(c.Field), "value": c.Date.String()})
		}
		deal.Closing = c.Date
	case FieldSource:
		if _, ok := e.Funnel.Source(c.Text); !ok && c.Text != "" {
			return Refuse(CodeUnknownSource, Args{"source": c.Text})
		}
		deal.Source = c.Text
	case FieldSignal:
		deal.Signal = c.Text
	case FieldPain:
		deal.Pain = c.Text
	case FieldEffect:
		deal.Effect = c.Text
	case FieldCustom:
		return c.custom(deal)
	case FieldCompany, FieldDomain, FieldTaxID, FieldIndustry, FieldSize, FieldRegion:
		fallthrough
	default:
		return Refuse(CodeUnknownField, Args{"field": string(c.Field)})
	}
	return nil
}

// currency changes what the amount is counted in, not its number.
func (c Edit) currency(deal *Deal) error {
	code := Currency(strings.ToUpper(c.Text))
	if len(code) != 3 {
		return Refuse(CodeBadValue, Args{"field": string(c.Field), "value": c.Text})
	}
	if deal.Amount.IsZero() {
		return Refuse(CodeNoAmount, Args{"deal": deal.Number})
	}
	amount, exact := deal.Amount.Recoined(code)
	if !exact {
		return Refuse(CodeCoinsLost, Args{"amount": deal.Amount, "currency": string(code)})
	}
	if err := amount.sound(); err != nil {
		return err
	}
	deal.Amount = amount
	return nil
}

// known reports whether the basis is one of ours, or none.
func (b Basis) known() bool { return b == "" || b == Once || b == PerYear }

// MaxCustom is the number of custom fields of one deal: more would fit no card.
const MaxCustom = 50

func (c Edit) custom(deal *Deal) error {
	name := strings.TrimSpace(c.Name)
	if name == "" {
		return Refuse(CodeEmpty, Args{"field": string(FieldCustom)})
	}
	if err := fits(string(FieldCustom), name, MaxName); err != nil {
		return err
	}
	custom := maps.Clone(deal.Custom)
	if custom == nil {
		custom = map[string]string{}
	}
	if c.Text == "" {
		delete(custom, name)
	} else {
		custom[name] = c.Text
	}
	if len(custom) > MaxCustom {
		return Refuse(CodeTooLong, Args{"field": string(FieldCustom), "limit": MaxCustom})
	}
	if len(custom) == 0 {
		custom = nil
	}
	deal.Custom = custom
	return nil
}

func (c Edit) company(d *Decision) error {
	if err := fits(string(c.Field), c.Text, MaxName); err != nil {
		return err
	}
	if d.Customer == nil {
		was := c.Company
		d.CustomerWas = &was
	} else {
		c.Company = *d.Customer
	}
	firm := c.Company
	switch c.Field {
	case FieldCompany:
		if NameKey(c.Text) == "" {
			return Refuse(CodeEmpty, Args{"field": string(c.Field)})
		}
		firm.Name = c.Text
	case FieldDomain:
		firm.Domain = c.Text
	case FieldTaxID:
		firm.TaxID = c.Text
	case FieldIndustry:
		firm.Industry = c.Text
	case FieldSize:
		firm.Size = c.Text
	case FieldRegion:
		firm.Region = c.Text
	case FieldTitle, FieldAmount, FieldCurrency, FieldBasis, FieldClosing, FieldSource, FieldSignal, FieldPain, FieldEffect, FieldCustom:
	}
	d.Customer = &firm
	return nil
}

// Set changes fields of a deal or its company, as one change.
func (s *Service) Set(ctx context.Context, a Act, t Target, edits ...Edit) (Changed, error) {
	cmds := make([]Command, len(edits))
	for i, c := range edits {
		cmds[i] = c
	}
	return s.change(ctx, a, t, "set", Reads{}, cmds...)
}
