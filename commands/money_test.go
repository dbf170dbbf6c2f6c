package commands

import (
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

func TestMoneyIsReadAsPeopleTypeIt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		typed    string
		language funnel.Locale
		want     string
	}{
		{"1.2M", "en", "1200000.00 RUB"},
		{"1,2 млн", "ru", "1200000.00 RUB"},
		{"1,2млн", "ru", "1200000.00 RUB"},
		{"450к", "ru", "450000.00 RUB"},
		{"450k", "en", "450000.00 RUB"},
		{"450 к", "ru", "450000.00 RUB"},
		{"450 K rub", "en", "450000.00 RUB"},
		{"$12,000", "en", "12000.00 USD"},
		{"$ 12,000", "en", "12000.00 USD"},
		{"12,000$", "en", "12000.00 USD"},
		{"12k$", "en", "12000.00 USD"},
		{"12 000 ₽", "ru", "12000.00 RUB"},
		{"12\u00a0000\u202f₽", "ru", "12000.00 RUB"},
		{"12'000 chf", "en", "12000.00 CHF"},
		{"12 тыс", "ru", "12000.00 RUB"},
		{"12 тыс. руб.", "ru", "12000.00 RUB"},
		{"12т.р.", "ru", "12000.00 RUB"},
		{"12 т.р.", "ru", "12000.00 RUB"},
		{"1 млрд", "ru", "1000000000.00 RUB"},
		{"€5k", "en", "5000.00 EUR"},
		{"5k€", "en", "5000.00 EUR"},
		{"500 000 руб.", "ru", "500000.00 RUB"},
		{"500 000руб", "ru", "500000.00 RUB"},
		{"500 000,50 руб", "ru", "500000.50 RUB"},
		{"USD 12000", "en", "12000.00 USD"},
		{"12000 usd", "en", "12000.00 USD"},
		{"12.5", "en", "12.50 RUB"},
		{"12,5", "ru", "12.50 RUB"},
		{"1.234.567,89", "ru", "1234567.89 RUB"},
		{"1,234,567.89", "ru", "1234567.89 RUB"},
		{"1,234", "en", "1234.00 RUB"},
		{"1,234", "ru", "1234.00 RUB"},
		{"1.234", "en", "1234.00 RUB"},
		{"1,234 млн", "en", "1234000.00 RUB"},
		{"1,234k", "ru", "1234000.00 RUB"},
		{"1.234M", "en", "1234000.00 RUB"},
		{"0,500", "ru", "0.50 RUB"},
		{"0", "en", "0.00 RUB"},
		{"1,234 kwd", "ru", "1.234 KWD"},
		{"1,234 kwd", "en", "1234.000 KWD"},
		{"1.234 kwd", "en", "1.234 KWD"},
		{"5000 jpy", "en", "5000 JPY"},
		{"5 лямов", "ru", "5000000.00 RUB"},
		{"2кк", "ru", "2000000.00 RUB"},
		{"+5k", "en", "5000.00 RUB"},
		{"92233720368547758.07", "en", "92233720368547758.07 RUB"},
		{"100 долларов", "ru", "100.00 USD"},
	} {
		m, err := ParseMoney(c.typed, "RUB", c.language)
		require.NoError(t, err, c.typed)
		require.Equal(t, c.want, FormatMoney(m), "%q in %s", c.typed, c.language)
	}
}

func TestMoneyThatCannotBeIsRefused(t *testing.T) {
	t.Parallel()
	for typed, code := range map[string]funnel.Code{
		"":                       CodeMoneyUnreadable,
		"много":                  CodeMoneyUnreadable,
		"12 apples":              CodeMoneyUnreadable,
		"1.2.3":                  CodeMoneyUnreadable,
		"1,23,456":               CodeMoneyUnreadable,
		"12,,5":                  CodeMoneyUnreadable,
		"12%":                    CodeMoneyUnreadable,
		"1.2M 5":                 CodeMoneyUnreadable,
		"12 00":                  CodeMoneyUnreadable,
		"$":                      CodeMoneyUnreadable,
		"10:30":                  CodeMoneyUnreadable,
		"1.23456":                CodeMoneyTooPrecise,
		"10.5 jpy":               CodeMoneyTooPrecise,
		"1.2345678k":             CodeMoneyTooPrecise,
		"-500":                   funnel.CodeNegativeAmount,
		"−1,2 млн":               funnel.CodeNegativeAmount,
		"92233720368547758.08":   CodeMoneyOverflow,
		"99999999999999999999":   CodeMoneyOverflow,
		"999999999999 млрд":      CodeMoneyOverflow,
		"9223372036854775807 tn": CodeMoneyOverflow,
	} {
		_, err := ParseMoney(typed, "RUB", funnel.English)
		require.Equal(t, code, funnel.CodeOf(err), "%q: %v", typed, err)
	}
}
