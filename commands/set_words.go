package commands

import (
	"math"

	"funnelbot/funnel"
)

func fieldNames() []string {
	return []string{
		"amount", "title", "currency", "close", "source", "signal", "effect", "basis", "company", "contact", "industry",
		"region", "domain", "сумма", "название", "валюта", "закрытие", "источник", "сигнал", "эффект", "основа",
		"компания", "контакт", "отрасль", "размер", "регион", "домен",
	}
}

// fieldOf returns the field that a folded word or two name.
func fieldOf(w string) funnel.Field {
	switch w {
	case "title", "name", "название", "имя", "тема":
		return funnel.FieldTitle
	case "amount", "sum", "price", "value", "budget", "сумма", "сумму", "стоимость", "бюджет", "цена", "цену":
		return funnel.FieldAmount
	case "currency", "валюта", "валюту":
		return FieldCurrency
	case "basis", "основа", "основу", "период", "периодичность":
		return funnel.FieldBasis
	case "close", "closing", "close date", "closing date", "expected close", "закрытие", "дата закрытия", "дату закрытия", "срок":
		return funnel.FieldClosing
	case "source", "channel", "источник", "канал":
		return funnel.FieldSource
	case "signal", "сигнал":
		return funnel.FieldSignal
	case "pain", "problem", "боль", "проблема", "проблему", "проблемы":
		return funnel.FieldPain
	case "effect", "эффект", "выгода", "польза":
		return funnel.FieldEffect
	case "company", "client", "компания", "компанию", "клиент":
		return funnel.FieldCompany
	case "domain", "site", "website", "домен", "сайт":
		return funnel.FieldDomain
	case "tax_id", "tax id", "inn", "vat", "инн":
		return funnel.FieldTaxID
	case "contact", "контакт":
		return FieldContact
	case "industry", "отрасль", "индустрия", "сфера":
		return funnel.FieldIndustry
	case "size", "размер", "численность":
		return funnel.FieldSize
	case "region", "регион", "город", "city":
		return funnel.FieldRegion
	}
	return ""
}

func basisOf(w string) funnel.Basis {
	switch w {
	case "once", "one-off", "oneoff", "one-shot", "единоразовая", "единоразовый", "одноразово", "разовые", "раз", "one-time", "onetime", "разово", "разовая", "разовый", "единоразово":
		return funnel.Once
	case "year", "yr", "p.a", "per-year", "yearly", "annum", "annual", "annually", "год", "года", "ежегодно", "годовая", "годовой":
		return funnel.PerYear
	case "month", "mo", "mth", "monthly", "mrr", "месяц", "мес", "ежемесячно", "ежемесячная", "ежемесячный":
		return perMonth
	}
	return ""
}

// perMonth is what an amount may be typed for. Deals are kept per year, so that it never leaves this package:
// [moneyHit.over] makes twelve of it.
const perMonth funnel.Basis = "month"

// over makes an amount of a month the one of a year, and returns the basis that it is for now.
func (h *moneyHit) over(basis funnel.Basis) funnel.Basis {
	if basis != perMonth {
		return basis
	}
	if h.money.Minor > math.MaxInt64/12 {
		h.code = CodeMoneyOverflow
		return funnel.PerYear
	}
	h.money.Minor *= 12
	return funnel.PerYear
}
