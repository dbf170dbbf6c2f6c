package commands

import (
	"strconv"
	"strings"
	"time"

	"funnelbot/funnel"
)

// quarterEnd reads a quarter, "Q2", "2 квартал 2027", "the first quarter", as its last day: the next
// one that is not over, unless a year is named.
func quarterEnd(text string, today funnel.Date) (funnel.Date, bool) {
	quarter, year, named := 0, 0, false
	for word := range strings.FieldsSeq(fold(strings.NewReplacer("-", " ", ",", " ", "'", " ").Replace(text))) {
		word = strings.TrimRight(word, ".")
		n, err := strconv.Atoi(word)
		switch {
		case len(word) == 2 && (word[0] == 'q' || word[0] == 'h') && word[1] >= '1' && word[1] <= '4':
			quarter, named = int(word[1]-'0'), true
			if word[0] == 'h' {
				quarter *= 2
			}
		case err == nil && n >= 1 && n <= 4 && quarter == 0:
			quarter = n
		case err == nil && n >= 2000 && n < 2100 && year == 0:
			year = n
		case ordinal(word) > 0 && quarter == 0:
			quarter = ordinal(word)
		case word == "quarter" || word == "qtr" || word == "кв" || strings.HasPrefix(word, "квартал"):
			named = true
		case preposition(word) || filler(word) || word == "года" || word == "году" || word == "год", word == "й" || word == "м" || word == "ом":
		default:
			return funnel.Date{}, false
		}
	}
	if !named || quarter < 1 || quarter > 4 {
		return funnel.Date{}, false
	}
	const months = 3
	last := func(year int) funnel.Date {
		return funnel.DateOf(time.Date(year, time.Month(quarter*months+1), 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, -1))
	}
	if year > 0 {
		return last(year), true
	}
	if end := last(today.Year); !end.Before(today) {
		return end, true
	}
	return last(today.Year + 1), true
}

// ordinal reads first to fourth, in the case forms in which Russian puts them before a quarter.
func ordinal(word string) int {
	for n, forms := range [][]string{
		{"first", "1st", "перв"}, {"second", "2nd", "втор"}, {"third", "3rd", "трет"}, {"fourth", "4th", "last", "четверт", "последн"},
	} {
		for _, form := range forms {
			if word == form || form[0] >= 0x80 && strings.HasPrefix(word, form) {
				return n + 1
			}
		}
	}
	return 0
}
