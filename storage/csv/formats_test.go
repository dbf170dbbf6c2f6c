package csv_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

// The same export in four encodings, with marks and without, with semicolons and tabs.
func TestAnExportOfAmoCRMIsReadInEveryEncoding(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"amocrm_cp1251.csv", "amocrm_utf8_bom.csv", "amocrm_utf16le.csv", "amocrm_utf16be_no_bom.csv",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			rows, rejected := all(t, sample(t, name))

			require.Empty(t, rejected)
			require.Len(t, rows, 3)
			first := rows[0].Deal
			require.Equal(t, "101", rows[0].Case)
			require.Equal(t, "Станок «Вихрь-3»", first.Title)
			require.Equal(t, `ООО "Кедровый Кит"`, first.Company.Name)
			require.Equal(t, "Пётр Ёлкин", first.Owner)
			require.Equal(t, funnel.StageKey("qualification"), rows[0].Stage)
			require.Equal(t, rub(1_250_000_50), first.Amount)
			// Days come first in what amoCRM writes, although these two could be read either way.
			require.Equal(t, time.Date(2026, time.March, 1, 7, 0, 0, 0, time.UTC), first.Opened)
			require.Equal(t, map[string]string{"Примечание к сделке": "звонил", "Примечание к сделке (2)": "перезвонить"}, first.Custom)

			require.Equal(t, funnel.Won, rows[1].Outcome)
			require.Equal(t, time.Date(2026, time.April, 2, 21, 0, 0, 0, time.UTC), rows[1].Deal.Closed)
			require.Equal(t, funnel.Lost, rows[2].Outcome)
			require.Equal(t, "price", rows[2].Reason)
			require.Equal(t, rub(0), rows[2].Deal.Amount)
		})
	}
}

func TestRussianLettersLateInTheFileDecideTheEncoding(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("deal|title|company|stage|opened\n")
	for i := range 9000 {
		fmt.Fprintf(&b, "%d|plain|Sample Works %d|lead|2026-01-02\n", i, i)
	}
	// "Поставка скамеек" and "Скамейка" in windows-1251, behind more than any sample.
	b.WriteString("9001|\xcf\xee\xf1\xf2\xe0\xe2\xea\xe0 \xf1\xea\xe0\xec\xe5\xe5\xea|\xd1\xea\xe0\xec\xe5\xe9\xea\xe0|lead|2026-02-01\n")

	s, err := text(t, b.String(), nil)
	require.NoError(t, err)
	rows, rejected := all(t, s)

	require.Contains(t, s.Findings(), "encoding windows-1251")
	require.Empty(t, rejected)
	require.Len(t, rows, 9001)
	require.Equal(t, "Скамейка", rows[9000].Deal.Company.Name)
	require.EqualValues(t, 9002, rows[9000].Line)
}

func TestAnExportOfPipedriveIsRead(t *testing.T) {
	t.Parallel()

	rows, rejected := all(t, sample(t, "pipedrive.csv"))

	require.Empty(t, rejected)
	require.Len(t, rows, 3)
	require.Equal(t, "7", rows[0].Case)
	require.Equal(t, "Anvils, 40 pieces", rows[0].Deal.Title)
	require.Equal(t, funnel.Money{Minor: 12_500_00, Currency: "USD"}, rows[0].Deal.Amount)
	require.Equal(t, funnel.Open, rows[0].Outcome)
	require.Equal(t, funnel.Date{Year: 2026, Month: time.December, Day: 24}, rows[0].Deal.Closing)
	require.Equal(t, map[string]string{"Deal - Label": "Hot"}, withoutKey(rows[0].Deal.Custom, "Organization"))
	require.Equal(t, funnel.Won, rows[1].Outcome)
	require.Equal(t, funnel.Money{Minor: 900_50, Currency: "EUR"}, rows[1].Deal.Amount)
	require.Equal(t, "Nails\nwith a line break", rows[2].Deal.Title)
	require.Equal(t, "price", rows[2].Reason)
	require.Equal(t, funnel.Money{Minor: 1_200_000_00, Currency: "USD"}, rows[2].Deal.Amount)
}

func withoutKey(m map[string]string, key string) map[string]string {
	delete(m, key)
	return m
}

func TestHubSpotsCompaniesLoseTheirNumbers(t *testing.T) {
	t.Parallel()

	rows, rejected := all(t, sample(t, "hubspot.csv"))

	require.Empty(t, rejected)
	require.Equal(t, "Bolt & Co", rows[0].Deal.Company.Name)
	require.Equal(t, funnel.Won, rows[0].Outcome)
	require.Equal(t, "Nut House", rows[1].Deal.Company.Name)
	// The date in that column is a plan while the deal is open.
	require.True(t, rows[1].Deal.Closed.IsZero())
	require.Equal(t, funnel.Date{Year: 2026, Month: time.December, Day: 31}, rows[1].Deal.Closing)
}

func TestAnExportOfBitrix24IsRead(t *testing.T) {
	t.Parallel()

	rows, rejected := all(t, sample(t, "bitrix24.csv"))

	require.Empty(t, rejected)
	require.Equal(t, funnel.Won, rows[0].Outcome)
	require.Equal(t, rub(12_500_00), rows[0].Deal.Amount)
	require.Equal(t, "site", rows[0].Deal.Source)
	require.Equal(t, funnel.StageKey("negotiation"), rows[1].Stage)
	require.Equal(t, funnel.Money{Minor: 1000_00, Currency: "EUR"}, rows[1].Deal.Amount)
	require.Equal(t, "Радио", rows[1].Deal.Source, "an unknown source is kept as it is")
}

func TestAHistoryOfSalesforceIsRead(t *testing.T) {
	t.Parallel()
	m := mapping(t, "schema: 1\nrows: history\ndefaults: {company: Sample Works}\n")

	s, err := open(t, "testdata/salesforce_history.csv", m)
	require.NoError(t, err)
	defer s.Close()
	rows, rejected := all(t, s)

	require.Empty(t, rejected)
	require.Len(t, rows, 4)
	require.Equal(t, funnel.ImportMove, rows[0].Kind)
	require.Equal(t, "h1", rows[0].Key)
	require.Equal(t, "006A", rows[0].Case)
	require.Equal(t, time.Date(2026, time.January, 5, 10, 0, 0, 0, time.UTC), rows[0].At)
	require.Equal(t, funnel.Money{Minor: 1000_00, Currency: "USD"}, rows[0].Amount)
	require.Equal(t, funnel.Won, rows[1].Outcome)
}
