package csv_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
	"funnelbot/storage/csv"
)

func TestBrokenRowsDoNotTakeGoodOnesAlong(t *testing.T) {
	t.Parallel()

	rows, rejected := all(t, sample(t, "hostile.csv"))

	cases := map[string]funnel.ImportRow{}
	for _, r := range rows {
		cases[r.Case] = r
	}
	require.Equal(t, `ООО "Ромашка-Плюс"`, cases["1"].Deal.Company.Name, "quotes inside a value are part of it")
	require.True(t, cases["3"].Deal.Opened.IsZero(), "values that are missing at the end are empty")
	require.Equal(t, "two\nlines", cases["6"].Note, "the row after an open quote")
	require.Equal(t, `"Quote" Behind`, cases["7"].Deal.Company.Name)
	require.Equal(t, "=cmd|calc!A1", cases["8"].Deal.Company.Name)
	require.Equal(t, "Река", cases["11"].Deal.Company.Name)
	reasons := map[int64]string{}
	for _, r := range rejected {
		reasons[r.Line] = r.Reason
		require.NotEmpty(t, r.Row)
		require.NotEmpty(t, r.Detail)
	}
	require.Equal(t, map[int64]string{
		4:  "unreadable", // too many values
		8:  "unreadable", // a zero byte
		9:  "unreadable", // a quote that is never closed
		14: "bad_date", 15: "empty",
		16: "unreadable", // no UTF-8
	}, reasons)
}

func TestEveryRowIsReadOnceOrRejectedOnce(t *testing.T) {
	t.Parallel()
	s := sample(t, "hostile.csv")

	rows, rejected := all(t, s)

	require.EqualValues(t, s.Rows(), len(rows)+len(rejected))
}

func TestAQuoteThatIsNeverClosedStopsBeforeAnythingIsRead(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("deal,company,stage,opened\n1,\"Anvil Works,lead,2026-01-02\n")
	for range 200_000 {
		b.WriteString("2,Spring Works,lead,2026-01-02\n")
	}

	_, err := text(t, b.String(), nil)

	require.ErrorContains(t, err, "line 2: a row is longer than 1 MiB: a quote is probably opened and never closed")
}

func TestFilesThatAreNoTables(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ content, want string }{
		"empty":            {"", "the file is empty"},
		"only blank lines": {"\n\n\r\n", "the file is empty"},
		"no deal":          {"company,stage,opened\nA,lead,2026-01-01\n", "no column is known to be the deal"},
		"no date":          {"deal,company,stage\n1,A,lead\n", "no column is known to be a date"},
		"a picture":        {"\x89PNG\r\n\x1a\n\xff\xd8\x00\x01\x02\xfe", "no table of text"},
		"western accents":  {"deal,company,stage,opened\n1,Caf\xe9 M\xfcller,lead,2026-01-01\n", "neither UTF-8 nor UTF-16 nor Russian"},
		"torn objects":     {`[{"deal": "1"}, {"deal"`, "unexpected EOF"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			_, err := text(t, c.content, nil)

			require.ErrorContains(t, err, c.want)
			require.ErrorContains(t, err, "file.csv: ")
		})
	}
}

func TestAFileThatIsMissingOrNoFileIsAnError(t *testing.T) {
	t.Parallel()

	_, err := open(t, filepath.Join(t.TempDir(), "nothing.csv"), nil)
	require.ErrorIs(t, err, os.ErrNotExist)

	_, err = open(t, t.TempDir(), nil)
	require.Error(t, err)
}

func TestAFileThatChangesBetweenTheTwoReadingsIsRefused(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "deals.csv")
	require.NoError(t, os.WriteFile(path, []byte("deal,company,stage,opened\n1,A,lead,2026-01-01\n"), 0o600))
	s, err := open(t, path, nil)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, []byte("deal,company,stage,opened\n1,A,nonsense,2026-01-01\n"), 0o600))

	var r funnel.ImportRow
	_, err = s.Next(&r)

	require.ErrorContains(t, err, "changed while it was read")
}

func TestWesternAccentsAreReadWhenTheMappingNamesTheEncoding(t *testing.T) {
	t.Parallel()

	s, err := text(t, "deal,company,stage,opened\n1,Caf\xe9 M\xfcller,lead,2026-01-01\n", &csv.Mapping{Encoding: csv.Windows1252})
	require.NoError(t, err)
	rows, _ := all(t, s)

	require.Equal(t, "Café Müller", rows[0].Deal.Company.Name)
}
