package commands

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"funnelbot/funnel"
)

// settle tells the decimal mark of a numeral from its marks of thousands, by the rules of
// [ParseMoney], and returns all digits and how many of them are decimals.
func settle(n string, multiplied, russian bool, exponent int) (digits string, decimals int, ok bool) {
	parts := strings.FieldsFunc(n, func(r rune) bool { return r < '0' || r > '9' })
	if len(parts) == 0 || !digitFirst(n) {
		return "", 0, false
	}
	if len(parts) == 1 {
		return parts[0], 0, true
	}
	digits = strings.Join(parts, "")
	marks := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return -1
		}
		return r
	}, n)
	if len(marks) != len(parts)-1 {
		return "", 0, false // two marks side by side
	}
	last := marks[len(marks)-1]
	tail := parts[len(parts)-1]
	decimal := false
	switch {
	case last != '.' && last != ',':
	case len(marks) > 1:
		decimal = strings.IndexByte(marks, last) == len(marks)-1
	case len(tail) != 3 || parts[0] == "0":
		decimal = true
	case multiplied || exponent == 3:
		decimal = last == '.' || russian
	}
	groups := parts
	if decimal {
		decimals = len(tail)
		groups = parts[:len(parts)-1]
	}
	return digits, decimals, grouping(groups, marks[:len(groups)-1])
}

// grouping reports whether the parts are one to three digits and then groups of three, all parted
// by the same mark.
func grouping(groups []string, marks string) bool {
	for i, g := range groups {
		switch {
		case i == 0 && len(groups) > 1 && len(g) > 3, i > 0 && len(g) != 3, i > 1 && marks[i-1] != marks[0]:
			return false
		}
	}
	return true
}

// powerOf returns the power of ten that a word for thousands, millions or more stands for.
func powerOf(w string) int {
	switch w {
	case "k", "к", "т", "тыс", "тысяч", "тысяча", "тысячи", "тысячу", "thousand", "grand":
		return 3
	case "m", "м", "kk", "кк", "mm", "mn", "mln", "mio", "млн", "лям", "ляма", "лямов", "million", "millions",
		"миллион", "миллиона", "миллионов", "мио":
		return 6
	case "b", "bn", "bln", "млрд", "billion", "billions", "миллиард", "миллиарда", "миллиардов", "ярд":
		return 9
	case "tn", "trn", "trillion", "трлн", "триллион", "триллиона", "триллионов":
		return 12
	}
	return 0
}

// currencySign returns the currency of a sign.
func currencySign(r rune) funnel.Currency {
	switch r {
	case '₽':
		return "RUB"
	case '$':
		return "USD"
	case '€':
		return "EUR"
	case '£':
		return "GBP"
	case '¥':
		return "CNY"
	case '₸':
		return "KZT"
	case '₴':
		return "UAH"
	case '₺':
		return "TRY"
	case '₹':
		return "INR"
	case '₩':
		return "KRW"
	case '₾':
		return "GEL"
	case '֏':
		return "AMD"
	case '₼':
		return "AZN"
	case '₪':
		return "ILS"
	}
	return ""
}

// currencyOf returns the currency that a folded word names.
func currencyOf(w string) funnel.Currency {
	switch w {
	case "":
		return ""
	case "₽", "р", "руб", "рубль", "рубля", "рублей", "рубли", "рублях", "rub", "rubles", "roubles", "rur":
		return "RUB"
	case "$", "usd", "us$", "dollar", "dollars", "bucks", "долл", "доллар", "доллара", "долларов", "доллары", "бакс", "баксов":
		return "USD"
	case "€", "eur", "euro", "euros", "евро":
		return "EUR"
	case "£", "gbp", "pound", "pounds", "фунт", "фунтов":
		return "GBP"
	case "¥", "cny", "yuan", "юань", "юаней", "юани", "rmb":
		return "CNY"
	case "₸", "kzt", "тенге", "tenge":
		return "KZT"
	case "₴", "uah", "гривен", "гривна", "гривны", "грн":
		return "UAH"
	case "byn", "бел.руб":
		return "BYN"
	case "jpy", "yen", "иен", "йен":
		return "JPY"
	case "aed", "дирхам", "дирхамов", "dirham", "dirhams":
		return "AED"
	case "₺", "лир", "lira":
		return "TRY"
	case "₾", "gel", "лари":
		return "GEL"
	case "֏", "amd", "драм", "драмов":
		return "AMD"
	case "₼", "azn", "манат", "манатов":
		return "AZN"
	case "chf", "cad", "aud", "sek", "nok", "dkk", "pln", "czk", "inr", "krw", "uzs", "kgs", "ils", "sgd", "hkd", "kwd", "bhd", "huf", "ron", "rsd",
		"bgn", "brl", "mxn", "zar", "nzd", "thb", "vnd", "idr", "myr", "sar", "qar", "mdl":
		return funnel.Currency(strings.ToUpper(w))
	}
	return ""
}

// spelled reads a number in words with the word for thousands or millions after it: "полтора
// миллиона", "half a million", "полмиллиона".
func (s *scan) spelled(a *amount, i, b int) int {
	numeral, n := "", 1
	switch w := s.word(i, b); w {
	case "":
		return 0
	case "полмиллиона", "пол-миллиона":
		a.numeral, a.power, a.cyrillic = "0.5", powerOf("млн"), true
		return s.units(a, i+1, b) - i
	case "полтора", "полторы":
		numeral = "1.5"
	case "half":
		numeral, n = "0.5", 2
		if s.word(i+1, b) != "a" {
			return 0
		}
	default:
		count := numberWord(w)
		if count == 0 {
			return 0
		}
		numeral = strconv.Itoa(count)
	}
	unit := s.word(i+n, b)
	if utf8.RuneCountInString(unit) < shortest || powerOf(unit) == 0 {
		return 0
	}
	a.numeral = numeral
	end := s.units(a, i+n, b)
	// The point in the numeral is ours, whatever the language.
	a.cyrillic = false
	return end - i
}

// basisAt reads what an amount is for at token i: "per year", "за месяц", "разово". It returns how
// many tokens it takes; a bare "year" counts where lone is set.
func (s *scan) basisAt(i, b int, lone bool) (funnel.Basis, int) {
	w := s.word(i, b)
	next := s.word(i+1, b)
	switch w {
	case "per", "a", "в", "за", "на", "an", "every", "each", "каждый":
		if basis := basisOf(next); basis == funnel.PerYear || basis == perMonth {
			return basis, 2
		}
		return "", 0
	case "one":
		if next == "off" || next == "time" {
			return funnel.Once, 2
		}
	case "один":
		if next == "раз" {
			return funnel.Once, 2
		}
	case "year", "год", "года", "г", "month", "месяц", "мес":
		if !lone {
			return "", 0
		}
	}
	if basis := basisOf(w); basis != "" {
		return basis, 1
	}
	return "", 0
}
