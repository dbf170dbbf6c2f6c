package commands

import "funnelbot/funnel"

// counted returns an amount as it is meant: one that was typed without a currency is counted in
// that of the deal, where it has one.
func counted(m funnel.Money, assumed bool, in funnel.Currency) (funnel.Money, error) {
	if !assumed || m.IsZero() || in == "" || in == m.Currency {
		return m, nil
	}
	same, exact := m.Recoined(in)
	if !exact {
		return m, funnel.Refuse(funnel.CodeCoinsLost, funnel.Args{"amount": m, "currency": string(in)})
	}
	return same, nil
}

// coin is the currency that a deal is counted in, or "".
func coin(deal *funnel.DealView) funnel.Currency {
	if deal == nil {
		return ""
	}
	return deal.Amount.Currency
}

// known are the edits that were said together with a move.
func (w *want) known(deal *funnel.DealView) ([]funnel.Edit, error) {
	amount, err := counted(w.Intent.Amount, w.Intent.AmountAssumed, coin(deal))
	if err != nil || amount.IsZero() {
		return nil, err
	}
	return []funnel.Edit{{Field: funnel.FieldAmount, Money: amount}}, nil
}
