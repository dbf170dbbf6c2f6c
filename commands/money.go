package commands

import (
	"errors"
	"math"
	"math/bits"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"funnelbot/funnel"
)

// ParseMoney reads an amount that is the whole of s: 1.2M, 1,2 млн, 450к, $12,000, 12 000 ₽,
// 1.234.567,89. The currency is the one given where s names none.
//
// A comma or a point alone decides itself by what follows:
//   - the last of two different marks is the decimal one, a mark that repeats groups thousands;
//   - not exactly three digits after it: it is the decimal mark;
//   - exactly three, with a word for thousands or millions after them: the decimal mark is the
//     point, and in Russian the comma too, so 1,234 млн is 1 234 000 and 1,234k is 1 234 000 as well;
//   - exactly three and no such word: it groups thousands, because money has no third decimal,
//     except after a lone 0 and in currencies that have one, where the rule of the words holds.
//
// It returns CodeMoneyUnreadable, CodeMoneyOverflow, CodeMoneyTooPrecise or CodeNegativeAmount.
func ParseMoney(s string, currency funnel.Currency, language funnel.Locale) (funnel.Money, error) {
	c := scan{tokens: tokenize(s), lex: &Lexicon{Currency: currency, Language: language}}
	h := c.money(0, len(c.list))
	switch {
	case h.code != "":
		return funnel.Money{}, c.moneyError(h, 0)
	case h.n == 0 || h.n != len(c.list):
		return funnel.Money{}, funnel.Refuse(CodeMoneyUnreadable, funnel.Args{"text": shortened(trimmed(cleaned(s)))})
	}
	return h.money, nil
}

// FormatMoney writes an amount so that [ParseMoney] reads the same again in either language.
func FormatMoney(m funnel.Money) string {
	sign, minor := "", uint64(m.Minor) //nolint:gosec // the sign is handled below
	if m.Minor < 0 {
		sign, minor = "-", -minor
	}
	scale := uint64(m.Currency.Scale()) //nolint:gosec // 1, 100 or 1000
	s := sign + strconv.FormatUint(minor/scale, 10)
	if e := m.Currency.Exponent(); e > 0 {
		frac := strconv.FormatUint(minor%scale, 10)
		s += "." + strings.Repeat("0", e-len(frac)) + frac
	}
	return strings.TrimRight(s+" "+string(m.Currency), " ")
}

// moneyHit is an amount found among tokens.
type moneyHit struct {
	n     int
	money funnel.Money
	// unit says that a currency, or a word for thousands or millions, was typed with the number.
	unit bool
	// assumed says that no currency was typed.
	assumed bool
	// digits is the number of digits before the decimal mark.
	digits int
	// basis is what the amount is for, where that was glued to it: 12k/year.
	basis funnel.Basis
	code  funnel.Code
}

func (s *scan) moneyError(h moneyHit, i int) *funnel.Error {
	if h.code == funnel.CodeNegativeAmount {
		return funnel.Refuse(h.code, nil)
	}
	args := funnel.Args{"text": shortened(s.span(i, i+h.n))}
	if h.code == CodeMoneyTooPrecise {
		args["currency"] = string(h.money.Currency)
	}
	return funnel.Refuse(h.code, args)
}

// amount is a number while it is read.
type amount struct {
	numeral  string
	negative bool
	power    int // of ten, from thousands and millions
	cyrillic bool
	currency funnel.Currency
	basis    funnel.Basis
}

// money reads an amount that begins at token i: a number, or several of falling size that make one
// amount together, as in "2 млн 300 тыс".
func (s *scan) money(i, b int) moneyHit {
	a, n := s.amountAt(i, b)
	if n == 0 {
		return moneyHit{}
	}
	parts := []amount{a}
	for a.power > 0 && a.currency == "" && a.basis == "" && !a.negative {
		next, more := s.amountAt(i+n, b)
		if more == 0 || next.negative || next.power >= a.power || next.power == 0 && next.currency == "" {
			break
		}
		parts = append(parts, next)
		n += more
		a = next
	}
	return s.sum(parts, a.currency, n)
}

// sum adds the parts of an amount in the currency of the last one.
func (s *scan) sum(parts []amount, c funnel.Currency, n int) moneyHit {
	var h moneyHit
	for k := range parts {
		part := &parts[k]
		part.currency = c
		next := part.hit(s.lex, n)
		switch {
		case k == 0 || next.n == 0 || next.code != "":
			h = next
		case h.money.Minor > math.MaxInt64-next.money.Minor:
			h.code = CodeMoneyOverflow
		default:
			h.money.Minor += next.money.Minor
			h.basis = next.basis
		}
		if h.n == 0 || h.code != "" {
			return h
		}
	}
	return h
}

// amountAt reads one number with its units at token i, and returns how many tokens it takes.
func (s *scan) amountAt(i, b int) (a amount, n int) {
	if n := s.spelled(&a, i, b); n > 0 {
		return a, n
	}
	j := i
	if c := currencyOf(s.word(j, b)); c != "" && digitFirst(s.word(j+1, b)) {
		a.currency = c
		j++
	}
	rest, ok := a.open(s.word(j, b))
	if !ok {
		return amount{}, 0
	}
	j++
	for rest == "" && (len(a.numeral) <= 3 || strings.Contains(a.numeral, " ")) {
		group, after, ok := thousands(s.word(j, b))
		if !ok || !strings.Contains(a.numeral, " ") && (!plain(a.numeral) || strings.HasPrefix(a.numeral, "0")) {
			break
		}
		a.numeral += " " + group
		rest = after
		j++
	}
	if !a.suffix(rest) {
		return amount{}, 0
	}
	j = s.units(&a, j, b)
	return a, j - i
}

// open reads the sign, the currency in front and the digits of a word, and returns what is left.
func (a *amount) open(w string) (rest string, ok bool) {
	for range 2 {
		switch {
		case strings.HasPrefix(w, "-"):
			a.negative, w = true, w[1:]
		case strings.HasPrefix(w, "+"):
			w = w[1:]
		}
		r, size := utf8.DecodeRuneInString(w)
		if c := currencySign(r); c != "" && a.currency == "" {
			a.currency, w = c, w[size:]
		}
	}
	end := strings.IndexFunc(w, func(r rune) bool { return !numeral(r) })
	if end < 0 {
		end = len(w)
	}
	a.numeral = strings.TrimRight(w[:end], ".,'")
	return w[len(a.numeral):], digitFirst(a.numeral)
}

// suffix reads what is glued to the digits: 12k, 450к, 12k$, 500руб, 12т.р.
func (a *amount) suffix(w string) bool {
	for w != "" {
		if slash := strings.IndexByte(w, '/'); slash >= 0 {
			if a.basis = basisOf(w[slash+1:]); a.basis == "" {
				return false
			}
			w = w[:slash]
			continue
		}
		r, size := utf8.DecodeRuneInString(w)
		if c := currencySign(r); c != "" && a.currency == "" {
			a.currency, w = c, w[size:]
			continue
		}
		if c := currencyOf(w); c != "" && a.currency == "" {
			a.currency = c
			return true
		}
		power, n := a.multiplier(w)
		if n == 0 || a.power > 0 {
			return false
		}
		a.power, w = power, strings.TrimLeft(w[n:], ".")
	}
	return true
}

// multiplier reads the longest word for thousands or millions that w begins with.
func (a *amount) multiplier(w string) (power, n int) {
	for end := len(w); end > 0; end-- {
		if p := powerOf(w[:end]); p > 0 {
			rest := w[end:]
			r, _ := utf8.DecodeRuneInString(rest)
			if rest == "" || rest[0] == '.' || currencySign(r) != "" || currencyOf(strings.TrimLeft(rest, ".")) != "" {
				a.cyrillic = w[0] >= 0x80
				return p, end
			}
		}
	}
	return 0, 0
}

// units reads the words after the number: млн руб., тыс ₽, million dollars, USD.
func (s *scan) units(a *amount, j, b int) int {
	if w, basis := each(s.word(j, b)); a.power == 0 && w != "" {
		p := powerOf(w)
		if utf8.RuneCountInString(w) == 1 && s.word(j+1, b) != "" && currencyOf(s.word(j+1, b)) == "" {
			p = 0 // "450 к пятнице": a preposition, not thousands
		}
		switch {
		case w == "т.р" || w == "тр":
			a.power, a.cyrillic, a.currency = 3, true, "RUB"
			return j + 1
		case p > 0:
			a.power, a.cyrillic, a.basis = p, w[0] >= 0x80, basis
			j++
		}
	}
	if a.basis != "" {
		return j
	}
	w, basis := each(s.word(j, b))
	if c := currencyOf(w); c != "" && a.currency == "" {
		a.currency, a.basis = c, basis
		j++
	}
	return j
}

// each parts a word from what the amount is for: "тыс/мес".
func each(w string) (string, funnel.Basis) {
	if head, tail, ok := strings.Cut(w, "/"); ok && basisOf(tail) != "" {
		return head, basisOf(tail)
	}
	return w, ""
}

// hit settles what the marks mean and computes the minor units.
func (a *amount) hit(lex *Lexicon, n int) moneyHit {
	h := moneyHit{n: n, unit: a.power > 0 || a.currency != "", assumed: a.currency == "", basis: a.basis}
	h.money.Currency = a.currency
	if a.currency == "" {
		h.money.Currency = lex.Currency
	}
	russian := lex.Language == funnel.Russian
	if a.power > 0 {
		russian = a.cyrillic
	}
	digits, decimals, ok := settle(a.numeral, a.power > 0, russian, h.money.Currency.Exponent())
	if !ok {
		return moneyHit{}
	}
	h.digits = len(digits) - decimals
	minor, err := minorUnits(digits, a.power+h.money.Currency.Exponent()-decimals)
	switch {
	case errors.Is(err, errPrecise):
		h.code = CodeMoneyTooPrecise
	case err != nil:
		h.code = CodeMoneyOverflow
	case a.negative:
		h.code = funnel.CodeNegativeAmount
	}
	h.money.Minor = minor
	return h
}

var (
	errPrecise  = errors.New("finer than the smallest coin")
	errOverflow = errors.New("more than 63 bits")
)

// minorUnits returns digits times ten to the power.
func minorUnits(digits string, power int) (int64, error) {
	digits = strings.TrimLeft(digits, "0")
	for power < 0 && digits != "" {
		if digits[len(digits)-1] != '0' {
			return 0, errPrecise
		}
		digits = digits[:len(digits)-1]
		power++
	}
	if digits == "" {
		return 0, nil
	}
	v, err := strconv.ParseUint(digits, 10, 64)
	if err != nil {
		return 0, errOverflow
	}
	for range power {
		hi, lo := bits.Mul64(v, 10)
		if hi != 0 {
			return 0, errOverflow
		}
		v = lo
	}
	if v > math.MaxInt64 {
		return 0, errOverflow
	}
	return int64(v), nil
}

func digitFirst(w string) bool { return w != "" && w[0] >= '0' && w[0] <= '9' }

func numeral(r rune) bool {
	return r >= '0' && r <= '9' || r == '.' || r == ',' || r == '\'' || r == '_'
}

func plain(w string) bool {
	return w != "" && strings.IndexFunc(w, func(r rune) bool { return r < '0' || r > '9' }) < 0
}

// thousands reads a word that continues a number grouped by spaces: three digits, perhaps with
// decimals or a unit behind them.
func thousands(w string) (group, rest string, ok bool) {
	if len(w) < 3 || !plain(w[:3]) {
		return "", "", false
	}
	group, rest = w[:3], w[3:]
	r, _ := utf8.DecodeRuneInString(rest)
	switch {
	case unicode.IsDigit(r) || r == '-':
		return "", "", false
	case r == '.' || r == ',':
		end := 4
		for end < len(w) && w[end] >= '0' && w[end] <= '9' {
			end++
		}
		if end > 4 && end < 7 {
			return w[:end], w[end:], true
		}
	}
	return group, rest, true
}

func shortened(s string) string {
	const longest = 80
	if utf8.RuneCountInString(s) <= longest {
		return s
	}
	return string([]rune(s)[:longest]) + "…"
}
