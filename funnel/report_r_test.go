package funnel_test

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
	"funnelbot/funnel/definition"
)

// readR reads a table of stays, or what R estimated from it; the README beside them tells how.
func readR(t *testing.T, name string) []map[string]string {
	t.Helper()
	file, err := os.Open(filepath.Join("stats", "testdata", "r", name))
	require.NoError(t, err)
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	require.NoError(t, err)
	records := make([]map[string]string, len(rows)-1)
	for i, row := range rows[1:] {
		records[i] = map[string]string{}
		for k, column := range rows[0] {
			records[i][column] = row[k]
		}
	}
	return records
}

func whole(t *testing.T, s string) int {
	t.Helper()
	n, err := strconv.Atoi(s)
	require.NoError(t, err)
	return n
}

// staysOf are the stays of all history that a data set had at the time of the table.
func staysOf(t *testing.T, name string, to time.Time) funnel.SpellTable {
	t.Helper()
	table := funnel.SpellTable{To: to}
	for _, r := range readR(t, name+".csv") {
		table.Groups = append(table.Groups, funnel.SpellGroup{
			Stage:   funnel.StageKey(r["stage"]),
			Entered: whole(t, r["entered"]), Sharp: r["sharp"] == "t", Left: whole(t, r["left"]), Stay: whole(t, r["stay"]),
			Exit: funnel.Exit(r["exit"]), Destination: funnel.StageKey(r["destination"]), Spells: whole(t, r["n"]),
		})
	}
	return table
}

// passage is what the JSON of a funnel report says of a stage.
type passage struct {
	Key        string
	Conversion struct {
		Value            *float64
		Low, High, Level float64
		Exits            int
	}
	Lost, Back, Undecided *float64
	TimeInStage           map[string]*int `json:"time_in_stage_days"`
	TimeToAdvance         map[string]*int `json:"time_to_advance_days"`
}

func passagesOf(t *testing.T, r funnel.FunnelReport) map[string]passage {
	t.Helper()
	data, err := json.Marshal(r)
	require.NoError(t, err)
	var decoded struct{ Stages []passage }
	require.NoError(t, json.Unmarshal(data, &decoded))
	stages := map[string]passage{}
	for _, s := range decoded.Stages {
		stages[s.Key] = s
	}
	return stages
}

func TestAFunnelReportSaysWhatREstimates(t *testing.T) {
	t.Parallel()
	ends := map[string]time.Time{
		"crm-pipeline_2017-12-31":        time.Date(2017, 12, 31, 23, 59, 59, 999_999_000, time.UTC),
		"crm-pipeline_2017-07-01":        time.Date(2017, 7, 1, 0, 0, 0, 0, time.UTC),
		"request-for-payment_2018-12-31": time.Date(2018, 12, 31, 22, 59, 59, 999_999_000, time.UTC),
		"request-for-payment_2018-05-31": time.Date(2018, 5, 31, 10, 0, 0, 0, time.UTC),
	}
	f, err := definition.Default()
	require.NoError(t, err)
	tables := map[string]funnel.SpellTable{}
	for name, to := range ends {
		tables[name] = staysOf(t, name, to)
	}
	for _, want := range readR(t, "stages.csv") {
		name, days := want["table"], whole(t, want["window"])
		t.Run(name+"/"+want["window"]+"/"+want["stage"], func(t *testing.T) {
			t.Parallel()
			to := ends[name]
			p := funnel.Period{
				From: to.AddDate(0, 0, -days), To: to, Days: days, Zone: time.UTC, Currency: "EUR", Funnel: f,
			}

			got := passagesOf(t, funnel.NewFunnelReport(p, funnel.StageTable{}, tables[name]))[want["stage"]]

			require.Equal(t, whole(t, want["exits"]), got.Conversion.Exits)
			sameShare(t, want["advance"], got.Conversion.Value)
			sameShare(t, want["lost"], got.Lost)
			sameShare(t, want["back"], got.Back)
			sameShare(t, want["undecided"], got.Undecided)
			sameQuantile(t, want["p50"], got.TimeInStage["p50"])
			sameQuantile(t, want["p90"], got.TimeInStage["p90"])
			sameQuantile(t, want["advance_p50"], got.TimeToAdvance["p50"])
			sameQuantile(t, want["advance_p90"], got.TimeToAdvance["p90"])
			require.InDelta(t, 0.9, got.Conversion.Level, 0)
			require.LessOrEqual(t, got.Conversion.Low, *got.Conversion.Value)
			require.GreaterOrEqual(t, got.Conversion.High, *got.Conversion.Value)
		})
	}
}

func sameShare(t *testing.T, want string, got *float64) {
	t.Helper()
	x, err := strconv.ParseFloat(want, 64)
	require.NoError(t, err)
	require.NotNil(t, got)
	require.InDelta(t, x, *got, 1e-9)
}

// sameQuantile compares days, which R leaves empty where they are not reached.
func sameQuantile(t *testing.T, want string, got *int) {
	t.Helper()
	if want == "" {
		require.Nil(t, got)
		return
	}
	require.NotNil(t, got)
	require.Equal(t, whole(t, want), *got)
}
