package csv_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
	"funnelbot/storage/csv"
)

// FuzzFile holds that any bytes give rows, rejected rows or one error, never a crash; that every row
// of the first reading is accounted for in the second; and that nothing gets through that a database
// would refuse.
func FuzzFile(f *testing.F) {
	files, err := filepath.Glob("testdata/*.csv")
	require.NoError(f, err)
	for _, file := range files {
		data, err := os.ReadFile(file)
		require.NoError(f, err)
		if len(data) < 10_000 {
			f.Add(data, false)
		}
	}
	f.Add([]byte(`[{"deal":"1","company":"A","stage":"lead","opened":"2026-01-01","custom":{"a":{"b":[1,null]}}}, 5, {}]`), false)
	f.Add([]byte("deal,at,stage\n1,2026-01-01,lead\n\"1\",\"20\n26\",\"won\n"), true)
	f.Add([]byte("sep=|\ndeal|at|stage\r\r\n"), true)
	f.Fuzz(func(t *testing.T, data []byte, history bool) {
		path := filepath.Join(t.TempDir(), "file")
		require.NoError(t, os.WriteFile(path, data, 0o600))
		m := &csv.Mapping{}
		if history {
			m.Rows = csv.History
		}
		s, err := open(t, path, m)
		if err != nil {
			require.NotEmpty(t, err.Error())
			return
		}
		defer s.Close()
		n := int64(0)
		for {
			var r funnel.ImportRow
			text, err := s.Next(&r)
			if errors.Is(err, io.EOF) {
				break
			}
			n++
			if e, ok := errors.AsType[*funnel.RowError](err); ok {
				require.NotEmpty(t, e.Reason)
				require.Positive(t, e.Line)
				continue
			}
			require.NoError(t, err)
			require.NotEmpty(t, r.Case)
			for _, v := range []string{text, r.Case, r.Note, r.Said[:strings.IndexByte(r.Said+"\x00", 0)], r.Actor} {
				require.True(t, utf8.ValidString(v))
				require.NotContains(t, v, "\x00")
			}
		}
		require.Equal(t, s.Rows(), n)
	})
}

// FuzzMapping holds that a mapping is read or refused, whatever it contains.
func FuzzMapping(f *testing.F) {
	files, err := filepath.Glob("../../deploy/examples/*.yaml")
	require.NoError(f, err)
	for _, file := range files {
		data, err := os.ReadFile(file)
		require.NoError(f, err)
		f.Add(data)
	}
	f.Add([]byte("schema: 1\ncolumns: {a: [deal, [x]], b: {custom: {}}}\nstages: {x: {outcome: [won]}}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := csv.ReadMapping(data)
		if err != nil {
			require.NotEmpty(t, err.Error())
			return
		}
		_, err = text(t, "deal,company,stage,opened\n1,A,lead,2026-01-01\n", m)
		if err != nil {
			require.NotEmpty(t, err.Error())
		}
	})
}

// FuzzExport holds that whatever people type into a deal comes back from an export as it was, and
// that no value begins like a formula.
func FuzzExport(f *testing.F) {
	f.Add("Acme", "=HYPERLINK(1)", "two\nlines")
	f.Add(" '=x", "'", "+7 495\t")
	f.Add("@SUM(A1)", "-", "\"quoted\", and; more|")
	f.Fuzz(func(t *testing.T, company, title, note string) {
		for _, v := range []string{company, title, note} {
			// The core keeps out what is no text; line ends of Windows become plain ones.
			if !utf8.ValidString(v) || strings.ContainsAny(v, "\x00\r") || company == "" {
				return
			}
		}
		for _, format := range []string{"csv", "json"} {
			var deals strings.Builder
			sink := csv.NewCSV(&deals, nil, nil)
			if format == "json" {
				sink = csv.NewJSON(&deals, nil, nil)
			}
			d := funnel.ExportedDeal{Firm: funnel.Company{Name: company}}
			d.ID, d.Number, d.Kind, d.Stage, d.Outcome = funnel.ID{1}, 7, funnel.NewBusiness, "lead", funnel.Open
			d.Title, d.Custom, d.OpenedAt = title, map[string]string{"note": note}, then
			require.NoError(t, sink.Customs([]string{"note"}))
			require.NoError(t, sink.Deal(&d))
			require.NoError(t, sink.Close())

			s, err := text(t, deals.String(), csv.OwnMapping(csv.Deals))
			require.NoError(t, err)
			rows, rejected := all(t, s)

			require.Empty(t, rejected)
			require.Len(t, rows, 1)
			require.Equal(t, company, rows[0].Deal.Company.Name)
			require.Equal(t, title, rows[0].Deal.Title)
			require.Equal(t, note, rows[0].Deal.Custom["note"])
		}
	})
}
