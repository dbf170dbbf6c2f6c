package text

import (
	"math"
	"strconv"
	"strings"

	"funnelbot/funnel"
)

// Number writes a whole number with its thousands apart: 1,234 or 1 234.
func (p *Printer) Number(n int64) string {
	digits, minus := magnitude(n)
	return minus + p.grouped(digits)
}

// magnitude takes the sign off, which int64 cannot do for its smallest number.
func magnitude(n int64) (uint64, string) {
	if n < 0 {
		return -uint64(n), "-" //nolint:gosec // two's complement wraps to the right magnitude
	}
	return uint64(n), ""
}

// grouped keeps every digit, which the library's float64 does not for large amounts.
func (p *Printer) grouped(n uint64) string {
	separator := strings.Trim(p.lang.numbers.FmtNumber(1000, 0), "10")
	digits := strconv.FormatUint(n, 10)
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteString(separator)
		}
		b.WriteRune(d)
	}
	return b.String()
}

// Decimal writes a number with that many digits after the point; what is no number is a dash.
func (p *Printer) Decimal(x float64, digits int) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return "–"
	}
	return p.lang.numbers.FmtNumber(x, places(digits))
}

// Percent writes a share, 1 being the whole, as percent with that many digits after the point.
func (p *Printer) Percent(share float64, digits int) string {
	if math.IsNaN(share) || math.IsInf(share, 0) {
		return "–"
	}
	return p.lang.numbers.FmtPercent(share*100, places(digits))
}

func places(digits int) uint64 { return uint64(min(max(digits, 0), 9)) }

// Money writes an amount: $1,234 or 1 234 ₽. Cents stand there only if there are any.
func (p *Printer) Money(m funnel.Money) string {
	minor, minus := magnitude(m.Minor)
	scale, _ := magnitude(m.Currency.Scale())
	amount := p.grouped(minor / scale)
	if cents := minor % scale; cents > 0 {
		point := strings.Trim(p.lang.numbers.FmtNumber(0, 1), "0")
		amount += point + strconv.FormatUint(scale+cents, 10)[1:]
	}
	symbol := sign(m.Currency)
	switch {
	case symbol == "":
		return minus + amount
	case p.signLast():
		return minus + amount + nbsp + symbol
	case symbol == string(m.Currency):
		return minus + symbol + nbsp + amount
	}
	return minus + symbol + amount
}

// signLast asks the library on which side the language puts the sign of a currency.
func (p *Printer) signLast() bool {
	sample := p.lang.numbers.FmtCurrency(0, 2, 0)
	return strings.HasPrefix(sample, "0")
}

const nbsp = "\u00a0"

// sign is the symbol that people know a currency by in any language, else its code.
func sign(c funnel.Currency) string {
	switch c {
	case "RUB":
		return "₽"
	case "USD":
		return "$"
	case "EUR":
		return "€"
	case "GBP":
		return "£"
	case "KZT":
		return "₸"
	case "UAH":
		return "₴"
	case "TRY":
		return "₺"
	case "INR":
		return "₹"
	case "GEL":
		return "₾"
	case "AMD":
		return "֏"
	case "JPY":
		return "¥"
	case "CNY":
		return "CN¥"
	case "ILS":
		return "₪"
	case "KRW":
		return "₩"
	case "VND":
		return "₫"
	}
	return string(c)
}
