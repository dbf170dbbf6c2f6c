package commands

import (
	"strings"
	"unicode"
)

// priced takes a line that is an amount and nothing else for the amount of the deal that is spoken of.
// A short number alone stays what it is elsewhere, the number of a deal, and a day stays a day.
func (c *call) priced(line string, in Intent) Intent {
	const fewest = 5 // digits of an amount without a unit
	digits, unit := 0, false
	for _, r := range line {
		switch {
		case unicode.IsDigit(r):
			digits++
		case unicode.IsLetter(r), unicode.Is(unicode.Sc, r):
			unit = true
		}
	}
	if c.ask.About.IsZero() || !in.Bare || digits == 0 || digits < fewest && !unit || strings.ContainsAny(line, "#№") {
		return in
	}
	if _, err := ParseMoney(line, c.space.Currency, c.me.Locale); err != nil {
		return in
	}
	set, _ := verbOf(VerbSet)
	amount, err := c.desk.parser.Parse(set.English[0]+" amount "+line, &c.lex)
	if err != nil || amount.Verb != VerbSet || len(amount.Fields) != 1 || !amount.Deal.IsZero() || len(amount.Unknown) > 0 {
		return in
	}
	return amount
}
