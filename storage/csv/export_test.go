package csv_test

import (
	stdcsv "encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
	"funnelbot/storage/csv"
)

// then is when the deals of these tests were opened.
var then = time.Date(2026, time.January, 1, 9, 30, 0, 0, time.UTC)

func TestAnExportIsRecognisedByItsHeader(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"csv", "json"} {
		dir := t.TempDir()
		var deals, moves, activities strings.Builder
		sink := csv.NewCSV(&deals, &moves, &activities)
		if format == "json" {
			sink = csv.NewJSON(&deals, &moves, &activities)
		}
		d := &funnel.ExportedDeal{Deal: funnel.Deal{ID: funnel.ID{1}, Number: 1, Kind: funnel.NewBusiness, OpenedAt: then}}
		require.NoError(t, sink.Deal(d))
		require.NoError(t, sink.Move(&funnel.ExportedMove{
			Case: "1", Move: funnel.Move{Seq: 1, Kind: funnel.MoveOpen, To: "lead", EffectiveAt: then, RecordedAt: then},
		}))
		require.NoError(t, sink.Activity(&funnel.ExportedActivity{
			Case: "1", Activity: funnel.Activity{ID: funnel.ID{2}, Kind: funnel.Call, At: then, RecordedAt: then},
		}))
		require.NoError(t, sink.Close())
		for rows, content := range map[csv.Rows]string{
			csv.Deals: deals.String(), csv.History: moves.String(), csv.Activities: activities.String(),
		} {
			path := filepath.Join(dir, string(rows))
			require.NoError(t, os.WriteFile(path, []byte(content), 0o600))

			m, err := csv.Recognise(path)

			require.NoError(t, err)
			require.NotNil(t, m, "%s %s", format, rows)
			require.Equal(t, rows, m.Rows)
		}
	}
}

func TestOtherFilesAreNotTakenForExports(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"pipedrive.csv", "amocrm_cp1251.csv", "hostile.csv"} {
		m, err := csv.Recognise(filepath.Join("testdata", name))

		require.NoError(t, err)
		require.Nil(t, m, name)
	}
}

func TestAnExportWithoutRowsIsStillATable(t *testing.T) {
	t.Parallel()
	for _, sinkOf := range []func(*strings.Builder) *csv.Sink{
		func(b *strings.Builder) *csv.Sink { return csv.NewCSV(b, nil, nil) },
		func(b *strings.Builder) *csv.Sink { return csv.NewJSON(b, nil, nil) },
	} {
		var b strings.Builder
		require.NoError(t, sinkOf(&b).Close())

		s, err := text(t, b.String(), csv.OwnMapping(csv.Deals))

		require.NoError(t, err)
		rows, rejected := all(t, s)
		require.Empty(t, rows)
		require.Empty(t, rejected)
	}
}

func TestNoValueOfAnExportIsAFormula(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	sink := csv.NewCSV(&b, nil, nil)
	require.NoError(t, sink.Customs([]string{"a"}))
	require.NoError(t, sink.Deal(&funnel.ExportedDeal{
		Deal: funnel.Deal{ID: funnel.ID{1}, Title: "=cmd|'/c calc'!A1", Custom: map[string]string{"a": "@SUM(1)"}},
		Firm: funnel.Company{Name: "+7 495 000"},
	}))
	require.NoError(t, sink.Close())

	rows, err := stdcsv.NewReader(strings.NewReader(b.String())).ReadAll()

	require.NoError(t, err)
	require.Len(t, rows, 2)
	for _, v := range rows[1] {
		require.NotContains(t, []byte("=+-@\t"), append([]byte(v), '.')[0], v)
	}
}
