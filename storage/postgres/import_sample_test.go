package postgres_test

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

// The truths below were counted by hand from the fifteen lines of the sample; no program made them.
//
//	won in the window   D01 10 days, D02 20, D03 30 (Ida Park), D06 40, D07 50 without an amount (Moses Hale)
//	lost                D04 5 (Ida), D08 15 for no client of ours, D09 30 (Moses), D12 100 (Rosa Lind)
//	open                D05 700.00 (Ida), D10 1,200.00 (Moses); D11 is a target and counts nowhere
//	before the window   D13
//	rejected            D14 closed before it was opened, D15 below zero
func TestASampleGivesWhatWasCountedByHand(t *testing.T) {
	t.Parallel()
	w := setup(t)
	const path = "testdata/invented_pipeline.csv"
	mapping, err := os.ReadFile("testdata/invented_pipeline.yaml")
	require.NoError(t, err)

	sum, rejected := w.importWith(t, path, string(mapping), nil)

	require.EqualValues(t, 15, sum.Rows)
	require.EqualValues(t, 13, sum.Stored)
	require.Equal(t, funnel.ImportedDeals{New: 13, Rejected: 2}, sum.Deals)
	require.EqualValues(t, 13+10, sum.Moves, "thirteen beginnings, ten ends")
	require.EqualValues(t, 3, sum.Members)
	require.EqualValues(t, 13, sum.Companies)
	lines := map[int64]string{}
	for _, r := range rejected {
		lines[r.Line] = r.Reason
	}
	require.Equal(t, map[int64]string{15: "before_last", 16: "negative_amount"}, lines)
	w.sampleFunnel(t)
	w.sampleOwners(t)
	before := w.contents(t)
	w.advance(time.Hour)
	again, _ := w.importWith(t, path, string(mapping), nil)
	require.Equal(t, before, w.contents(t))
	require.Equal(t, funnel.ImportedDeals{Unchanged: 13, Rejected: 2}, again.Deals)
	require.EqualValues(t, 13, again.Unchanged)
	require.Equal(t, sum.Rejected, again.Rejected)
}

// sampleQuery looks back 400 days, to 2025-10-19.
var sampleQuery = funnel.ReportQuery{AsOf: start, Window: 400}

func dollars(minor int64) []funnel.Sum { return []funnel.Sum{{Minor: minor, Currency: "USD"}} }

func (w *world) sampleFunnel(tb testing.TB) {
	tb.Helper()
	r, err := w.service.FunnelReport(tb.Context(), w.space.ID, sampleQuery)
	require.NoError(tb, err)
	require.Equal(tb, []int{2, 5, 4, 1}, []int{r.Open, r.Won, r.Lost, r.Disqualified})
	require.Equal(tb, dollars(1900_00), r.OpenValue)
	require.Equal(tb, dollars(6400_50), r.WonValue)
	require.Equal(tb, 1, r.WonUnpriced)
	require.InDelta(tb, 0.5556, *r.WinRate.Value, 0.00005, "5 of 9")
	require.InDelta(tb, 0.625, *r.Qualified.Value, 1e-9, "5 of 8")
	require.Equal(tb, []int{30, 50, 15, 100},
		[]int{*r.Cycle.Won.P50, *r.Cycle.Won.P90, *r.Cycle.Lost.P50, *r.Cycle.Lost.P90})
	stages := map[funnel.StageKey][3]int{}
	for _, s := range r.Stages {
		stages[s.Key] = [3]int{s.Open, s.Exits.Advance, s.Exits.Lost}
	}
	require.Equal(tb, [3]int{1, 0, 0}, stages["awareness"])
	require.Equal(tb, [3]int{1, 5, 4}, stages["lead"], "all ends came from the stage in which deals begin")
	require.Equal(tb, [3]int{1, 0, 0}, stages["proposal"])
}

func (w *world) sampleOwners(tb testing.TB) {
	tb.Helper()
	r, err := w.service.OwnersReport(tb.Context(), w.space.ID, sampleQuery)
	require.NoError(tb, err)
	type row struct {
		name            string
		open, won, lost int
		value           []funnel.Sum
		rate            float64
		p50             int
	}
	var got []row
	for _, o := range r.Owners {
		x := row{name: o.Name, open: o.Open, won: o.Won, lost: o.Lost, value: o.WonValue, rate: *o.WinRate.Value}
		if p := o.Cycle.Won.P50; p != nil {
			x.p50 = *p
		}
		got = append(got, x)
	}
	require.Equal(tb, []row{
		{"Ida Park", 1, 3, 1, dollars(6000_50), 0.75, 20},
		{"Moses Hale", 1, 2, 2, dollars(400_00), 0.5, 40},
		{"Rosa Lind", 0, 0, 1, []funnel.Sum{}, 0, 0},
	}, got)
}
