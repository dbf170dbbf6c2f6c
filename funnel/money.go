package funnel

// Currency is an ISO 4217 code in upper case, such as "RUB".
type Currency string

// Money is an amount in minor units (cents, kopecks) of a currency. The zero Money is "no amount".
type Money struct {
	Minor    int64    `json:"minor,omitzero"`
	Currency Currency `json:"currency,omitzero"`
}

// MaxAmount is the largest amount of a deal in minor units: more than any sale, and so little that
// the sum over any workspace fits the numbers of a database.
const MaxAmount = 100_000_000_000_000

// sound refuses amounts that no deal has.
func (m Money) sound() error {
	switch {
	case m.Minor < 0:
		return Refuse(CodeNegativeAmount, nil)
	case m.Minor > MaxAmount:
		return Refuse(CodeAmountTooLarge, Args{"limit": Money{Minor: MaxAmount, Currency: m.Currency}})
	}
	return nil
}

// Recoined is the same number in another currency, for an amount whose currency was wrong. It
// reports false where the other currency has no coin small enough.
func (m Money) Recoined(c Currency) (Money, bool) {
	minor, from, to := m.Minor, m.Currency.Scale(), c.Scale()
	for ; from < to; from *= 10 {
		minor *= 10
	}
	for ; from > to; from /= 10 {
		if minor%10 != 0 {
			return m, false
		}
		minor /= 10
	}
	return Money{Minor: minor, Currency: c}, true
}

// IsZero reports whether no amount is given. Zero of a named currency is an amount.
func (m Money) IsZero() bool { return m == Money{} }

// Exponent returns how many minor digits the currency has (ISO 4217): 2 for most,
// 0 for JPY, KRW and their like, 3 for KWD and its like.
func (c Currency) Exponent() int {
	switch c {
	case "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF":
		return 0
	case "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND":
		return 3
	}
	return 2
}

// Scale returns 10 to the power of the currency's exponent: minor units in one major unit.
func (c Currency) Scale() int64 {
	switch c.Exponent() {
	case 0:
		return 1
	case 3:
		return 1000
	}
	return 100
}
