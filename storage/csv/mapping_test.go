package csv_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
	"funnelbot/storage/csv"
)

func TestFaultsOfAMappingSayWhere(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ yaml, want string }{
		"unknown word":        {"schema: 1\nrows: deals\ncolums: {}\n", "[3:1] unknown field \"colums\""},
		"no YAML":             {"schema: 1\nrows: [\n", "[2:"},
		"another schema":      {"schema: 7\n", "mapping of schema 7: this program reads schema 1"},
		"no schema":           {"rows: deals\n", "mapping of schema 0"},
		"unknown rows":        {"schema: 1\nrows: dealz\n", `rows "dealz": use deals, history, activities`},
		"unknown field":       {"schema: 1\ncolumns: {A: ownr}\n", `column "A": no field is called "ownr"`},
		"field of other rows": {"schema: 1\nrows: deals\ncolumns: {A: at}\n", `column "A": no field is called "at"`},
		"no outcome":          {"schema: 1\nstages: {Won: {outcome: woon}}\n", "a stage is mapped to the key of a stage"},
		"no zone":             {"schema: 1\nzone: Mars/Olympus\n", `zone "Mars/Olympus"`},
		"no currency":         {"schema: 1\ncurrency: Dollars\n", `currency "Dollars"`},
		"no delimiter":        {"schema: 1\ndelimiter: x\n", `delimiter "x"`},
		"default of nothing":  {"schema: 1\ndefaults: {compny: A}\n", `default of "compny"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			_, err := csv.ReadMapping([]byte(c.yaml))

			require.ErrorContains(t, err, c.want)
		})
	}
}

func TestAMappingIsHeldAgainstFunnelAndFile(t *testing.T) {
	t.Parallel()
	const file = "deal,company,stage,opened\n1,A,lead,2026-01-01\n"
	for yaml, want := range map[string]string{
		"schema: 1\nstages: {lead: laed}\n":                               `goes to the stage "laed", which the funnel does not have: use one of awareness, lead`,
		"schema: 1\nstages: {lead: {outcome: lost, reason: weather}}\n":   `lost for "weather", which is no reason of the funnel`,
		"schema: 1\nreasons: {rain: weather}\n":                           `reason "rain" is mapped to "weather"`,
		"schema: 1\nsources: {tv: television}\n":                          `source "tv" is mapped to "television"`,
		"schema: 1\ncolumns: {Deal number: deal}\n":                       `the mapping names a column "Deal number", which the file does not have`,
		"schema: 1\nvalues: {product: {a: b}}\n":                          `the mapping gives values of "product", which is no column of the file`,
		"schema: 1\nrows: history\ncolumns: {deal: deal, opened: at}\n":   "",
		"schema: 1\nrows: history\ncolumns: {deal: deal, opened: note}\n": "no column is known to be the at: name the column with the time of each row",
	} {
		s, err := text(t, file, mapping(t, yaml))
		if want == "" {
			require.NoError(t, err)
			_, rejected := all(t, s)
			require.Empty(t, rejected)
			continue
		}
		require.ErrorContains(t, err, want)
	}
}

func TestColumnsValuesAndDefaultsOfAMapping(t *testing.T) {
	t.Parallel()
	m := mapping(t, `
schema: 1
currency: EUR
columns:
  "Opportunity ": [deal, title]
  ACCOUNT: company
  Phase: stage
  Start: opened
  Product line: {custom: product}
  Secret: ignore
stages:
  Big Talks: negotiation
  Given up: {outcome: lost, reason: timing}
values:
  company: {"": Nobody named, N/A: Nobody named}
  Product line: {GTX: "GTX Pro"}
defaults:
  opened: 2026-01-15
  closed: 2026-03-15
  amount: 5
`)
	s, err := text(t, "OPPORTUNITY*;\"Account\";phase;Start;Product line;Secret;Colour\n"+
		"1;;big  talks;;GTX;x;red\n2;N/A;Given Up;02.02.2026;Other;x;\n3;Real;lead;13.02.2026;;;\n", m)
	require.NoError(t, err)

	rows, rejected := all(t, s)

	require.Empty(t, rejected)
	require.Equal(t, "1", rows[0].Case)
	require.Equal(t, "1", rows[0].Deal.Title)
	require.Equal(t, "Nobody named", rows[0].Deal.Company.Name)
	require.Equal(t, funnel.StageKey("negotiation"), rows[0].Stage)
	require.Equal(t, map[string]string{"product": "GTX Pro", "Colour": "red"}, rows[0].Deal.Custom)
	require.Equal(t, "2026-01-14T21:00:00Z", rows[0].Deal.Opened.Format("2006-01-02T15:04:05Z"))
	require.Equal(t, funnel.Money{Minor: 500, Currency: "EUR"}, rows[0].Deal.Amount)
	require.Equal(t, "Nobody named", rows[1].Deal.Company.Name)
	require.Equal(t, funnel.Lost, rows[1].Outcome)
	require.Equal(t, "timing", rows[1].Reason)
	require.Equal(t, "2026-03-14T21:00:00Z", rows[1].Deal.Closed.Format("2006-01-02T15:04:05Z"))
	require.Equal(t, "Real", rows[2].Deal.Company.Name)
}

func TestTooManyColumnsForCustomFieldsAreNamed(t *testing.T) {
	t.Parallel()
	var head strings.Builder
	head.WriteString("deal,company,stage,opened")
	for i := range funnel.MaxCustom + 1 {
		fmt.Fprintf(&head, ",extra %d", i)
	}
	file := head.String() + "\n1,A,lead,2026-01-01" + strings.Repeat(",x", funnel.MaxCustom+1) + "\n"

	_, err := text(t, file, nil)
	require.ErrorContains(t, err, "51 columns would become custom fields, a deal has 50 at most")

	_, err = text(t, file, &csv.Mapping{Unknown: csv.FieldIgnore})
	require.NoError(t, err)
}

func TestTheExamplesOfTheRepositoryAreMappings(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../deploy/examples/*.yaml")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		data, err := os.ReadFile(file)
		require.NoError(t, err)

		_, err = csv.ReadMapping(data)

		require.NoError(t, err, file)
	}
}

func TestAClosingDayOnTheDayOfOpeningIsLaterThatDay(t *testing.T) {
	t.Parallel()
	s, err := text(t, "deal,company,stage,opened,closed\n1,A,won,2026-01-05 14:30,2026-01-05\n", nil)
	require.NoError(t, err)

	rows, rejected := all(t, s)

	require.Empty(t, rejected)
	require.Equal(t, rows[0].Deal.Opened, rows[0].Deal.Closed)
}
