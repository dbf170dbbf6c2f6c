package csv

import (
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"funnelbot/funnel"
)

// NumberStyle is which mark stands before the fraction of a number.
type NumberStyle string

// The styles. The other mark, or a space, groups the digits.
const (
	Point NumberStyle = "point"
	Comma NumberStyle = "comma"
)

var errNoAmount = errors.New("no amount that can be read; amounts look like 1234.50, 1,234.50, 1 234,50 or 1.234,50, with the currency before or behind")

// figure is an amount as it stands in a file, before the style of its numbers is known.
type figure struct {
	negative bool
	// digits are digits, points and commas.
	digits   string
	currency funnel.Currency
}

// readFigure takes a value apart.
func readFigure(s string, fallback funnel.Currency) (figure, error) {
	f := figure{currency: fallback}
	s = strings.TrimSpace(s)
	if inner, ok := strings.CutPrefix(s, "("); ok && strings.HasSuffix(inner, ")") {
		f.negative, s = true, strings.TrimSuffix(inner, ")")
	}
	first := strings.IndexFunc(s, isDigit)
	last := strings.LastIndexFunc(s, isDigit)
	if first < 0 {
		return f, errNoAmount
	}
	before, body, after := s[:first], s[first:last+1], s[last+1:]
	sign := strings.TrimSpace(before)
	for _, minus := range []string{"-", "−", "–"} {
		if strings.HasPrefix(sign, minus) || strings.HasSuffix(sign, minus) {
			f.negative, sign = true, strings.Trim(sign, minus)
		}
	}
	for _, word := range []string{strings.TrimSpace(strings.TrimPrefix(sign, "+")), strings.TrimSpace(after)} {
		if word == "" {
			continue
		}
		c, ok := currencyOf(word, fallback)
		if !ok {
			return f, errNoAmount
		}
		f.currency = c
	}
	var err error
	f.digits, err = ungroup(body)
	return f, err
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

// ungroup takes spaces and apostrophes out of a number, which can only stand between groups of
// three digits.
func ungroup(s string) (string, error) {
	if !strings.ContainsFunc(s, func(r rune) bool { return !isDigit(r) && r != '.' && r != ',' }) {
		return s, nil
	}
	var b strings.Builder
	group, groups := 0, 0
	for _, r := range s {
		switch {
		case isDigit(r):
			group++
			b.WriteRune(r)
		case r == '.' || r == ',':
			if groups > 0 && group != 3 {
				return "", errNoAmount
			}
			// The fraction is not grouped.
			group, groups = 0, 0
			b.WriteRune(r)
		case unicode.IsSpace(r) || r == '\'' || r == '’':
			if group == 0 || group > 3 || (groups > 0 && group != 3) {
				return "", errNoAmount
			}
			group, groups = 0, groups+1
		default:
			return "", errNoAmount
		}
	}
	if groups > 0 && group != 3 {
		return "", errNoAmount
	}
	return b.String(), nil
}

// currencyOf reads a sign, a word or an ISO code.
func currencyOf(s string, fallback funnel.Currency) (funnel.Currency, bool) {
	w := strings.ToLower(strings.TrimSpace(s))
	for code, signs := range map[funnel.Currency][]string{
		"EUR": {"€", "euro", "евро"},
		"GBP": {"£"},
		"RUB": {"₽", "руб", "руб.", "р", "р.", "рублей", "российский рубль", "рубль"},
		"USD": {"us$", "доллар сша", "us dollar"},
		"KZT": {"₸", "тенге"},
		"UAH": {"₴", "грн", "грн."},
		"BYN": {"белорусский рубль"},
		"PLN": {"zł"},
		"INR": {"₹"},
	} {
		if slices.Contains(signs, w) {
			return code, true
		}
	}
	switch {
	case w == "$" && strings.HasSuffix(string(fallback), "D") && fallback != "":
		return fallback, true
	case w == "$":
		return "USD", true
	case w == "¥" && fallback == "CNY":
		return fallback, true
	case w == "¥":
		return "JPY", true
	case isCode(strings.ToUpper(w)):
		return funnel.Currency(strings.ToUpper(w)), true
	}
	return "", false
}

// isCode reports whether s has the form of an ISO 4217 code.
func isCode(s string) bool {
	return len(s) == 3 && strings.IndexFunc(s, func(r rune) bool { return r < 'A' || r > 'Z' }) < 0
}

// in returns the amount in minor units in a style, and reports whether the number is one in it.
func (f *figure) in(style NumberStyle) (int64, bool) {
	mark, group := ".", ","
	if style == Comma {
		mark, group = group, mark
	}
	whole, fraction, _ := strings.Cut(f.digits, mark)
	if strings.ContainsAny(fraction, ".,") || whole == "" {
		return 0, false
	}
	groups := strings.Split(whole, group)
	if len(groups) > 1 {
		if strings.HasPrefix(groups[0], "0") {
			return 0, false
		}
		for i, g := range groups {
			// The last group has three digits; those before have two in India.
			n := len(g)
			if i == len(groups)-1 && n != 3 || i > 0 && n != 3 && n != 2 || n == 0 || n > 3 {
				return 0, false
			}
		}
		whole = strings.Join(groups, "")
	}
	exp := f.currency.Exponent()
	if len(fraction) == 3 && exp < 3 && len(groups) == 1 && len(whole) <= 3 && whole != "0" {
		return 0, false // 1.234 is a group of three digits: no such currency has three after the mark.
	}
	fraction = strings.TrimRight(fraction, "0")
	if len(fraction) > exp {
		return 0, false
	}
	n, err := strconv.ParseInt(whole+fraction+strings.Repeat("0", exp-len(fraction)), 10, 64)
	if err != nil || n == math.MaxInt64 {
		return 0, false
	}
	if f.negative {
		n = -n
	}
	return n, true
}

// numberEvidence is what the values of a column say about the style of their numbers.
type numberEvidence struct {
	seen                bool
	pointFails, comFail sighting
	// open is a value that is a different number in each style.
	open sighting
}

func (e *numberEvidence) see(f figure, line int64, value string) {
	e.seen = true
	p, point := f.in(Point)
	c, comma := f.in(Comma)
	switch {
	case !point && !comma:
		return
	case !point && e.pointFails.line == 0:
		e.pointFails = sighting{line, value}
	case !comma && e.comFail.line == 0:
		e.comFail = sighting{line, value}
	case point && comma && p != c && e.open.line == 0:
		e.open = sighting{line, value}
	}
}
