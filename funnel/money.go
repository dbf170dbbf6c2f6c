package funnel

// Currency is an ISO 4217 code in upper case, such as "RUB".
type Currency string

// Money is an amount in minor units (cents, kopecks) of a currency. The zero Money is "no amount".
type Money struct {
	Minor    int64    `json:"minor,omitzero"`
	Currency Currency `json:"currency,omitzero"`
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
