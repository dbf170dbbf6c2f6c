package main

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// estimate is a row of what R makes of a history: the shares of the ways out of a stage, in a window before a
// time, and days.
type estimate map[string]string

func estimates(t *testing.T, name string) []estimate {
	t.Helper()
	file, err := os.Open(name)
	require.NoError(t, err)
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	require.NoError(t, err)
	found := make([]estimate, len(rows)-1)
	for i, row := range rows[1:] {
		found[i] = estimate{}
		for k, column := range rows[0] {
			found[i][column] = row[k]
		}
	}
	return found
}

// passage is what a funnel report says of a stage.
type passage struct {
	Key                   string
	Conversion            struct{ Value, Exits json.Number }
	Lost, Back, Undecided json.Number
	TimeInStage           map[string]*json.Number `json:"time_in_stage_days"`
	TimeToAdvance         map[string]*json.Number `json:"time_to_advance_days"`
}

// agrees holds what the program says of a stage against R. Shares differ by rounding only.
func (e estimate) agrees(t *testing.T, p *passage) {
	t.Helper()
	require.Equal(t, e["exits"], p.Conversion.Exits.String())
	for column, got := range map[string]json.Number{
		"advance": p.Conversion.Value, "lost": p.Lost, "back": p.Back, "undecided": p.Undecided,
	} {
		want, err := strconv.ParseFloat(e[column], 64)
		require.NoError(t, err)
		x, err := got.Float64()
		require.NoError(t, err, column)
		require.InDelta(t, want, x, 1e-9, column)
	}
	for column, got := range map[string]*json.Number{
		"p50": p.TimeInStage["p50"], "p90": p.TimeInStage["p90"],
		"advance_p50": p.TimeToAdvance["p50"], "advance_p90": p.TimeToAdvance["p90"],
	} {
		if e[column] == "" {
			require.Nil(t, got, column)
			continue
		}
		require.NotNil(t, got, column)
		require.Equal(t, e[column], got.String(), column)
	}
}

// imported brings a file into a new workspace and returns how to ask it for the stages of its funnel.
func imported(t *testing.T, file, mapping, zone string) func(t *testing.T, at, window string) map[string]*passage {
	t.Helper()
	url, _ := office(t)
	code, _, errs := once(t, "", "import", file, "--map", mapping, "--zone", zone, "--database-url", url, "--data", t.TempDir())
	require.Zero(t, code, errs)
	return func(t *testing.T, at, window string) map[string]*passage {
		t.Helper()
		code, out, errs := once(t, "", "report", "funnel", "--json", "--as-of", at, "--window", window+"d", "--database-url", url)
		require.Zero(t, code, errs)
		var r struct{ Stages []*passage }
		d := json.NewDecoder(strings.NewReader(out))
		d.UseNumber()
		require.NoError(t, d.Decode(&r))
		stages := map[string]*passage{}
		for _, s := range r.Stages {
			stages[s.Key] = s
		}
		return stages
	}
}

// TestAReportOnAnImportedHistoryIsThatOfR brings in moves from which R has made its estimates by itself, by
// testdata/history/reference.R, and holds what the program prints against them.
func TestAReportOnAnImportedHistoryIsThatOfR(t *testing.T) {
	t.Parallel()
	folder := filepath.Join("testdata", "history")
	want := estimates(t, filepath.Join(folder, "stages.csv"))
	require.Len(t, want, 36, "three times, three windows, four stages")
	asked := imported(t, filepath.Join(folder, "moves.csv"), filepath.Join(folder, "mapping.yaml"), "UTC")
	for _, e := range want {
		t.Run(e["at"]+"/"+e["window"]+"/"+e["stage"], func(t *testing.T) {
			t.Parallel()
			stages := asked(t, e["at"], e["window"])
			require.Contains(t, stages, e["stage"])
			e.agrees(t, stages[e["stage"]])
		})
	}
}

// TestReportsOnPublicDataAreThoseOfR does so with the public data sets of funnel/stats/testdata/r, whose README says
// where they come from: FUNNELBOT_TEST_DATA names a folder with crm-pipeline/sales_pipeline.csv and
// request-for-payment/moves.csv.
func TestReportsOnPublicDataAreThoseOfR(t *testing.T) {
	t.Parallel()
	folder := os.Getenv("FUNNELBOT_TEST_DATA")
	if folder == "" {
		t.Skip("FUNNELBOT_TEST_DATA names no folder")
	}
	sets := map[string]struct{ file, zone string }{
		"crm-pipeline":        {"sales_pipeline.csv", "UTC"},
		"request-for-payment": {"moves.csv", "Europe/Amsterdam"},
	}
	times := map[string]string{
		"crm-pipeline_2017-12-31":        "2017-12-31T23:59:59.999999Z",
		"crm-pipeline_2017-07-01":        "2017-07-01T00:00:00Z",
		"request-for-payment_2018-12-31": "2018-12-31T23:59:59.999999+01:00",
		"request-for-payment_2018-05-31": "2018-05-31T12:00:00+02:00",
	}
	want := estimates(t, filepath.Join("..", "..", "funnel", "stats", "testdata", "r", "stages.csv"))
	for name, set := range sets {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			asked := imported(t, filepath.Join(folder, name, set.file), filepath.Join("..", "..", "deploy", "examples", name+".yaml"), set.zone)
			held := 0
			for _, e := range want {
				if !strings.HasPrefix(e["table"], name) {
					continue
				}
				stages := asked(t, times[e["table"]], e["window"])
				require.Contains(t, stages, e["stage"])
				e.agrees(t, stages[e["stage"]])
				held++
			}
			require.Positive(t, held)
		})
	}
}
