package csv_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
	"funnelbot/storage/csv"
)

func TestAnOrderOfDatesThatStaysOpenIsRefused(t *testing.T) {
	t.Parallel()

	_, err := open(t, "testdata/ambiguous_dates.csv", nil)

	require.ErrorContains(t, err, `column "opened": the order of day and month stays open: "01/02/2026" on line 2`)
	require.ErrorContains(t, err, "say `dates: dmy` or `dates: mdy`")
}

func TestTheMappingDecidesAnOpenOrder(t *testing.T) {
	t.Parallel()
	for order, day := range map[csv.DateOrder]time.Time{
		csv.DMY: time.Date(2026, time.January, 31, 21, 0, 0, 0, time.UTC),
		csv.MDY: time.Date(2026, time.January, 1, 21, 0, 0, 0, time.UTC),
	} {
		s, err := open(t, "testdata/ambiguous_dates.csv", &csv.Mapping{Dates: order})
		require.NoError(t, err)

		rows, rejected := all(t, s)

		require.Empty(t, rejected)
		require.Equal(t, day, rows[0].Deal.Opened, order)
		require.NoError(t, s.Close())
	}
}

func TestAnotherColumnOfTheFileDecidesAnOpenOrder(t *testing.T) {
	t.Parallel()

	rows, rejected := all(t, sample(t, "decided_dates.csv"))

	require.Empty(t, rejected)
	require.Equal(t, time.Date(2026, time.January, 1, 21, 0, 0, 0, time.UTC), rows[0].Deal.Opened)
}

func TestDatesThatContradictEachOtherAreRefused(t *testing.T) {
	t.Parallel()

	_, err := open(t, "testdata/torn_dates.csv", nil)

	require.ErrorContains(t, err, `"02/25/2026" on line 3 and "25/02/2026" on line 2 cannot both be dates in one order`)
}

func TestOneLateDateDecidesAWholeColumn(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("deal,company,stage,opened\n")
	for i := range 5000 {
		fmt.Fprintf(&b, "%d,Anvil Works,lead,%02d.%02d.2026\n", i, 1+i%12, 1+i%9)
	}
	b.WriteString("5000,Anvil Works,lead,31.01.2026\n")

	s, err := text(t, b.String(), nil)
	require.NoError(t, err)
	rows, rejected := all(t, s)

	require.Empty(t, rejected)
	require.Len(t, rows, 5001)
	require.Equal(t, time.Date(2026, time.February, 10, 21, 0, 0, 0, time.UTC), rows[10].Deal.Opened, "11.02.2026")
}

func TestDatesInEveryShape(t *testing.T) {
	t.Parallel()
	nine := time.Date(2026, time.November, 20, 6, 0, 0, 0, time.UTC)
	for value, want := range map[string]time.Time{
		"2026-11-20":                    time.Date(2026, time.November, 19, 21, 0, 0, 0, time.UTC),
		"20261120":                      time.Date(2026, time.November, 19, 21, 0, 0, 0, time.UTC),
		"2026/11/20 09:00":              nine,
		"20.11.2026 9:00":               nine,
		"20.11.26 09:00:00":             nine,
		"11/20/2026 9:00 AM":            nine,
		"11/20/2026, 09:00:00 am":       nine,
		"2026-11-20T09:00:00":           nine,
		"2026-11-20T06:00:00Z":          nine,
		"2026-11-20T06:00:00.000+0000":  nine,
		"2026-11-20T07:00:00+01:00":     nine,
		"2026-11-20 01:00:00 -05":       nine,
		"2026-11-20 06:00:00 UTC":       nine,
		"1795154400":                    nine,
		"1795154400000":                 nine,
		"2026-11-20T09:00:00.123456789": nine.Add(123456 * time.Microsecond),
		"11/20/2026 12:30 AM":           time.Date(2026, time.November, 19, 21, 30, 0, 0, time.UTC),
		"11/20/2026 12:30 PM":           time.Date(2026, time.November, 20, 9, 30, 0, 0, time.UTC),
	} {
		t.Run(value, func(t *testing.T) {
			t.Parallel()
			s, err := text(t, "deal|company|stage|opened\n1|Anvil Works|lead|"+value+"\n", nil)
			require.NoError(t, err)

			rows, rejected := all(t, s)

			require.Empty(t, rejected)
			require.Equal(t, want, rows[0].Deal.Opened)
		})
	}
}

func TestWhatIsNoDateRejectsItsRow(t *testing.T) {
	t.Parallel()
	for _, value := range []string{
		"soon", "2026-13-01", "2026-02-30", "32.01.2026", "2026-01", "20.11", "1-2-3-4", "99999", "2026-01-01 25:00",
		"2026-01-01T10:00+99", "-2026-01-01", "0000-00-00", "2026-01-01 10:00 XM", "12345678901234567890", "١٢.١١.٢٠٢٦",
	} {
		t.Run(value, func(t *testing.T) {
			t.Parallel()
			s, err := text(t, "deal|company|stage|opened\n1|Anvil Works|lead|"+value+"\n", nil)
			require.NoError(t, err)

			rows, rejected := all(t, s)

			require.Empty(t, rows)
			require.Len(t, rejected, 1)
			require.Equal(t, "bad_date", rejected[0].Reason)
			require.Equal(t, "opened", rejected[0].Column)
			require.EqualValues(t, 2, rejected[0].Line)
			require.Equal(t, "1|Anvil Works|lead|"+value, rejected[0].Row)
		})
	}
}

func TestAmountsAreReadByTheEvidenceOfTheirColumn(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		values []string
		want   []int64
	}{
		{"a point before the fraction", []string{"1234.50", "1,234.50", "12"}, []int64{123450, 123450, 1200}},
		{"a comma before the fraction", []string{"1234,50", "1.234,50", "12"}, []int64{123450, 123450, 1200}},
		{"spaces between groups", []string{"1 234 567,8", "12 000", "12 000 ₽"}, []int64{123456780, 1200000, 1200000}},
		{"groups of three alone", []string{"1,234", "12,500"}, []int64{123400, 1250000}},
		{"groups of three with points alone", []string{"1.234", "12.500.000"}, []int64{123400, 1250000000}},
		{"numbers of a database", []string{"10.000000", "0.500", "1234.500"}, []int64{1000, 50, 123450}},
		{"groups as in India", []string{"12,34,567.00"}, []int64{123456700}},
		{"below zero", []string{"-5.25", "(7.50)", "−3"}, []int64{-525, -750, -300}},
		{"apostrophes", []string{"1'234.50"}, []int64{123450}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var b strings.Builder
			b.WriteString("deal|company|stage|opened|amount\n")
			for i, v := range c.values {
				fmt.Fprintf(&b, "%d|Anvil Works|lead|2026-01-02|%s\n", i, v)
			}
			s, err := text(t, b.String(), nil)
			require.NoError(t, err)

			rows, rejected := all(t, s)

			require.Empty(t, rejected)
			for i, want := range c.want {
				require.Equal(t, rub(want), rows[i].Deal.Amount, c.values[i])
			}
		})
	}
}

func TestAmountsThatContradictEachOtherAreRefused(t *testing.T) {
	t.Parallel()

	_, err := text(t, "deal|company|stage|opened|amount\n1|A|lead|2026-01-02|10.50\n2|A|lead|2026-01-02|10,50\n", nil)

	require.ErrorContains(t, err, `"10,50" on line 3 and "10.50" on line 2 cannot both be amounts in one style`)
}

func TestAThirdOfAThousandDoesNotBecomeAThirdOfAMillion(t *testing.T) {
	t.Parallel()
	const file = "deal|company|stage|opened|amount\n1|A|lead|2026-01-02|10.50\n2|A|lead|2026-01-02|333.333\n"

	_, err := text(t, file, nil)
	require.ErrorContains(t, err, "cannot both be amounts in one style")

	s, err := text(t, file, &csv.Mapping{Numbers: csv.Point})
	require.NoError(t, err)
	rows, rejected := all(t, s)
	require.Len(t, rows, 1)
	require.Equal(t, "bad_amount", rejected[0].Reason)
}

func TestAnAmountThatStaysOpenIsRefused(t *testing.T) {
	t.Parallel()

	_, err := open(t, "testdata/ambiguous_amounts.csv", nil)

	require.ErrorContains(t, err, `"1,234" on line 2 is one amount with a decimal point and another with a decimal comma`)
}

func TestCurrenciesStandBesideTheAmountOrInTheirColumn(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]funnel.Money{
		"$12,000":     {Minor: 12_000_00, Currency: "USD"},
		"12.000,00 €": {Minor: 12_000_00, Currency: "EUR"},
		"EUR 5":       {Minor: 500, Currency: "EUR"},
		"¥1,000":      {Minor: 1000, Currency: "JPY"},
		"1500 руб.":   {Minor: 1500_00, Currency: "RUB"},
		"7":           {Minor: 700, Currency: "RUB"},
	} {
		s, err := text(t, "deal|company|stage|opened|amount\n1|A|lead|2026-01-02|"+value+"\n", nil)
		require.NoError(t, err, value)

		rows, rejected := all(t, s)

		require.Empty(t, rejected, value)
		require.Equal(t, want, rows[0].Deal.Amount, value)
	}
}

func TestUnmappedStagesAreListedWithTheirCountsAndTheNearestStage(t *testing.T) {
	t.Parallel()

	_, err := open(t, "testdata/unmapped_stages.csv", nil)

	var unmapped *csv.UnmappedError
	require.ErrorAs(t, err, &unmapped)
	require.Equal(t, []csv.Unmapped{
		{Word: "Zzz", Count: 2},
		{Word: "Proposal/Price Quote", Count: 1, Suggestion: "proposal"},
	}, unmapped.Words)
	require.ErrorContains(t, err, `"Zzz": ?   # 2 rows`)
}
