package stats_test

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel/stats"
)

// agreement is how near the estimates are to those of R, which differ by rounding only.
const agreement = 1e-9

// record is a row of a table by its columns.
type record map[string]string

func (r record) number(t *testing.T, column string) float64 {
	t.Helper()
	x, err := strconv.ParseFloat(r[column], 64)
	require.NoError(t, err, "%s of %v", column, r)
	return x
}

func (r record) count(t *testing.T, column string) int {
	t.Helper()
	n, err := strconv.Atoi(r[column])
	require.NoError(t, err, "%s of %v", column, r)
	return n
}

// readTable reads a file that R has read or written; its README tells how they were made.
func readTable(t *testing.T, name string) []record {
	t.Helper()
	file, err := os.Open(filepath.Join("testdata", "r", name))
	require.NoError(t, err)
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	require.NoError(t, err)
	records := make([]record, len(rows)-1)
	for i, row := range rows[1:] {
		records[i] = record{}
		for k, column := range rows[0] {
			records[i][column] = row[k]
		}
	}
	return records
}

// view is one stage of one data set in one window.
type view struct{ table, window, stage string }

func viewed(r record) view { return view{r["table"], r["window"], r["stage"]} }

// groupsOf are the stays that R saw in a view, with the cause of each way out.
func groupsOf(t *testing.T, rows []record, v view, causes map[string]int) []stats.Group {
	t.Helper()
	var groups []stats.Group
	for _, r := range rows {
		if r["stage"] != v.stage || r["from_"+v.window] == "" {
			continue
		}
		cause := stats.Censored
		if r["exit"] != "" {
			known := false
			cause, known = causes[r["exit"]+":"+r["destination"]]
			require.True(t, known, "%v", r)
		}
		groups = append(groups, stats.Group{
			From: r.count(t, "from_"+v.window), To: r.count(t, "exit_age"), Cause: cause, N: r.count(t, "n"),
		})
	}
	return groups
}

// reference is what R made of both data sets.
type reference struct {
	tables map[string][]record
	curves map[view][]record
	stages []record
}

func readReference(t *testing.T) reference {
	t.Helper()
	r := reference{tables: map[string][]record{}, curves: map[view][]record{}, stages: readTable(t, "stages.csv")}
	for _, row := range readTable(t, "curves.csv") {
		r.curves[viewed(row)] = append(r.curves[viewed(row)], row)
	}
	for _, row := range r.stages {
		if name := row["table"]; r.tables[name] == nil {
			r.tables[name] = readTable(t, name+".csv")
		}
	}
	require.Len(t, r.tables, 4, "two times of two data sets")
	require.Len(t, r.stages, 40, "four windows of one stage with exits, and of four")
	require.Len(t, r.curves, len(r.stages))
	return r
}

func TestCurvesAreThoseOfR(t *testing.T) {
	t.Parallel()
	r := readReference(t)
	for _, stage := range r.stages {
		v := viewed(stage)
		t.Run(fmt.Sprintf("%s in %s days before %s", v.stage, v.window, v.table), func(t *testing.T) {
			t.Parallel()
			causes := map[string]int{}
			for _, row := range r.curves[v] {
				if _, known := causes[row["way"]]; !known {
					causes[row["way"]] = len(causes)
				}
			}

			c := stats.Estimate(groupsOf(t, r.tables[v.table], v, causes), len(causes))

			steps := map[int]stats.Step{}
			ends := map[int]bool{}
			for _, s := range c.Steps() {
				steps[s.Age] = s
				for _, n := range s.Events {
					ends[s.Age] = ends[s.Age] || n > 0
				}
			}
			for _, want := range r.curves[v] {
				age, cause := want.count(t, "age"), causes[want["way"]]
				require.Contains(t, steps, age)
				got := steps[age]
				require.Equal(t, want.count(t, "at_risk"), got.AtRisk, "at risk at %d", age)
				require.Equal(t, want.count(t, "events"), got.Events[cause], "%s at %d", want["way"], age)
				require.InDelta(t, want.number(t, "stay"), got.Stay, agreement, "S(%d)", age)
				require.InDelta(t, want.number(t, "share"), got.Shares[cause], agreement, "F(%d) of %s", age, want["way"])
				delete(ends, age)
			}
			for age, some := range ends {
				require.False(t, some, "R saw nobody leave at %d", age)
			}
		})
	}
}

func TestWhatIsReadFromCurvesIsThatOfR(t *testing.T) {
	t.Parallel()
	r := readReference(t)
	kinds := []string{"advance", "lost", "back"}
	for _, want := range r.stages {
		v := viewed(want)
		t.Run(fmt.Sprintf("%s in %s days before %s", v.stage, v.window, v.table), func(t *testing.T) {
			t.Parallel()
			// Destinations are put together: their shares add up to that of the exit.
			causes := map[string]int{}
			for _, row := range r.curves[v] {
				for k, kind := range kinds {
					if strings.HasPrefix(row["way"], kind+":") {
						causes[row["way"]] = k
					}
				}
			}

			c := stats.Estimate(groupsOf(t, r.tables[v.table], v, causes), len(kinds))

			require.Equal(t, want.count(t, "exits"), c.Exits())
			require.Equal(t, want.count(t, "tau"), c.Tau())
			undecided := 1.0
			for k, kind := range kinds {
				require.InDelta(t, want.number(t, kind), c.Share(k), agreement, kind)
				undecided -= c.Share(k)
			}
			require.InDelta(t, want.number(t, "undecided"), undecided, agreement)
			sameDays(t, want, "p50", func() (int, bool) { return c.Leaves(0.5) })
			sameDays(t, want, "p90", func() (int, bool) { return c.Leaves(0.9) })
			sameDays(t, want, "advance_p50", func() (int, bool) { return c.Advances(0.5, 0) })
			sameDays(t, want, "advance_p90", func() (int, bool) { return c.Advances(0.9, 0) })
		})
	}
}

// sameDays compares a quantile, which R leaves empty where it is not reached.
func sameDays(t *testing.T, want record, column string, got func() (int, bool)) {
	t.Helper()
	days, reached := got()
	require.Equal(t, want[column] != "", reached, column)
	if reached {
		require.Equal(t, want.count(t, column), days, column)
	}
}
