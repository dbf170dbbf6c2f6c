package commands

import (
	"slices"
	"strings"
	"unicode/utf8"

	"funnelbot/funnel"
	"funnelbot/funnel/dialog"
)

// Steps that ask for the value of a field, by what it holds.
const (
	stepMoney  = "amount"
	stepDate   = "close"
	stepSource = "source"
	stepBasis  = "basis"
)

// fieldSteps ask which field is to be set, unless that is known, and to what.
func (c *call) fieldSteps(w *want, in funnel.Currency) []dialog.Step {
	known := funnel.Field("")
	if len(w.Intent.Fields) > 0 {
		known = w.Intent.Fields[0].Field
	}
	field := func(before dialog.Answers) funnel.Field {
		if known != "" {
			return known
		}
		return funnel.Field(before.Choice(stepField))
	}
	is := func(list ...funnel.Field) func(dialog.Answers) bool {
		return func(before dialog.Answers) bool { return slices.Contains(list, field(before)) }
	}
	typed := func(before dialog.Answers) bool {
		return !is(funnel.FieldAmount, funnel.FieldClosing, funnel.FieldSource, funnel.FieldBasis)(before)
	}
	var steps []dialog.Step
	if known == "" {
		var options []dialog.Option
		for _, f := range funnel.Fields() {
			if f != funnel.FieldCustom {
				options = append(options, dialog.Option{Key: string(f)})
			}
		}
		steps = append(steps, dialog.Step{Key: stepField, Kind: dialog.Choice, Options: dialog.Options(options...), Parse: chooses(fieldKey)})
	}
	return append(
		steps,
		dialog.Step{Key: stepMoney, Kind: dialog.Money, Parse: c.readMoney(in), When: is(funnel.FieldAmount)},
		dialog.Step{
			Key: stepDate, Kind: dialog.Date, Parse: c.dateParser(Future), Options: dialog.Options(c.soon()...),
			When: is(funnel.FieldClosing),
		},
		dialog.Step{
			Key: stepSource, Kind: dialog.Choice, Options: dialog.Options(c.sourceOptions()...), When: is(funnel.FieldSource),
		},
		dialog.Step{
			Key: stepBasis, Kind: dialog.Choice, When: is(funnel.FieldBasis), Parse: chooses(basisKey),
			Options: dialog.Options(dialog.Option{Key: string(funnel.Once)}, dialog.Option{Key: string(funnel.PerYear)}),
		},
		dialog.Step{
			Key: stepValue, Kind: dialog.Text, When: typed,
			Check: func(v dialog.Value, before dialog.Answers) error {
				if field(before) == FieldCurrency && currencyNamed(v.Text) == "" {
					return funnel.Refuse(funnel.CodeBadValue, funnel.Args{"field": string(FieldCurrency), "value": v.Text})
				}
				return nil
			},
		},
	)
}

// currencyNamed reads a currency by its sign, its code or a word for it.
func currencyNamed(text string) funnel.Currency {
	word := folded(strings.TrimSpace(text))
	if r, n := utf8.DecodeRuneInString(word); n == len(word) && currencySign(r) != "" {
		return currencySign(r)
	}
	return currencyOf(word)
}

// takeField puts the answers of fieldSteps into the intent.
func takeField(in *Intent, answers dialog.Answers) {
	if len(in.Fields) == 0 {
		in.Fields = []Field{{Field: funnel.Field(answers.Choice(stepField))}}
	}
	f := in.Fields[0]
	switch f.Field {
	case funnel.FieldAmount:
		f.Money = answers.Money(stepMoney)
	case funnel.FieldClosing:
		f.Date = answers.Date(stepDate)
	case funnel.FieldSource:
		f.Text = answers.Choice(stepSource)
	case funnel.FieldBasis:
		f.Text = answers.Choice(stepBasis)
	case FieldCurrency:
		f.Currency = currencyNamed(answers.Text(stepValue))
	case funnel.FieldTitle, funnel.FieldSignal, funnel.FieldPain, funnel.FieldEffect, funnel.FieldCompany, funnel.FieldDomain,
		funnel.FieldTaxID, funnel.FieldIndustry, funnel.FieldSize, funnel.FieldRegion, funnel.FieldCustom:
		fallthrough
	default:
		f.Text = answers.Text(stepValue)
	}
	in.Fields = append([]Field{f}, in.Fields[1:]...)
}
