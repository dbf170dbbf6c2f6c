package postgres_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
	"funnelbot/storage/csv"
	"funnelbot/storage/embedded"
	"funnelbot/storage/postgres/pgtest"
)

// Names of the settings by which the test gives work to a copy of itself that it can kill.
const (
	childURL  = "FUNNELBOT_TEST_IMPORT_URL"
	childFile = "FUNNELBOT_TEST_IMPORT_FILE"
)

// TestImportInAChild is the import that the test below kills.
func TestImportInAChild(t *testing.T) {
	t.Parallel()
	if os.Getenv(childURL) == "" {
		// It is the process that TestAnImportThatIsKilledGoesOnWhenItIsRunAgain kills; by itself it has nothing to prove, and the
		// test that starts it looks at what it leaves.
		t.Skip("only as the child of another test")
	}
	w := setupOn(t, os.Getenv(childURL))
	w.importFile(t, os.Getenv(childFile), historyMapping)
}

func TestAnImportThatIsKilledGoesOnWhenItIsRunAgain(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "history.csv")
	writeHistory(t, path, 40_000)
	killed, whole := setup(t), setup(t)
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run", "^TestImportInAChild$", "-test.count", "1")
	child.Env = append(os.Environ(), childURL+"="+killed.url, childFile+"="+path)
	require.NoError(t, child.Start())
	require.Eventually(t, func() bool { return killed.count(t, "moves") > 0 }, time.Minute, 2*time.Millisecond)

	require.NoError(t, child.Process.Kill())
	require.Error(t, child.Wait())
	half := killed.count(t, "moves")
	sum := killed.importFile(t, path, historyMapping)

	want := whole.importFile(t, path, historyMapping)
	t.Logf("killed after %d of %d moves", half, want.Moves)
	require.Less(t, half, int(want.Moves))
	require.Equal(t, want.Stored, sum.Stored+sum.Unchanged)
	require.Equal(t, want.Moves, sum.Moves+int64(half))
	require.Equal(t, whole.exported(t, "csv", true), killed.exported(t, "csv", true))
}

// exported is an export as text: deals, moves and activities. Numbers follow the order in which
// batches were written, so texts can be compared without them.
func (w *world) exported(tb testing.TB, format string, unnumbered bool) [3]string {
	tb.Helper()
	var out [3]strings.Builder
	sink := csv.NewCSV(&out[0], &out[1], &out[2])
	if format == "json" {
		sink = csv.NewJSON(&out[0], &out[1], &out[2])
	}
	what := funnel.ExportWhat{Deals: true, Moves: true, Activities: true}
	require.NoError(tb, w.store.Export(tb.Context(), w.space.ID, what, sink))
	require.NoError(tb, sink.Close())
	texts := [3]string{out[0].String(), out[1].String(), out[2].String()}
	if unnumbered {
		for i := range texts {
			texts[i] = sortedLines(texts[i], i == 0)
		}
	}
	return texts
}

// sortedLines sorts the lines of a table, without the second column where it is a number of a deal.
func sortedLines(text string, numbered bool) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if cells := strings.SplitN(line, ",", 3); numbered && len(cells) == 3 {
			lines[i] = cells[0] + "," + cells[2]
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func TestAnImportAndAChatMayMakeTheSameCompany(t *testing.T) {
	t.Parallel()
	w := setup(t)
	path := filepath.Join(t.TempDir(), "history.csv")
	writeHistory(t, path, 20_000)
	done := make(chan funnel.ImportSummary, 1)
	go func() { done <- w.importFile(t, path, historyMapping) }()

	var sum funnel.ImportSummary
	opened := 0
	for ended := false; !ended; {
		select {
		case sum = <-done:
			ended = true
		default:
			_, err := w.service.Open(t.Context(), w.act("open "+newID().String()), funnel.OpenDeal{
				Company: funnel.Company{Name: "Sample Works " + strings.Repeat("1", 1+opened%3)},
			})
			require.NoError(t, err)
			opened++
		}
	}

	require.Zero(t, sum.RejectedRows())
	require.Equal(t, int(sum.Deals.New)+opened, w.count(t, "deals"))
	require.Equal(t, w.count(t, "deals"), w.count(t, "(SELECT DISTINCT number FROM deals) n"))
	require.Zero(t, w.count(t, "deals d WHERE NOT EXISTS (SELECT 1 FROM companies c WHERE c.id = d.company_id)"))
}

func TestAnImportIntoARestartedDatabaseIsToldAndCanBeRepeated(t *testing.T) {
	t.Parallel()
	server := pgtest.Cluster(t)
	require.NoError(t, migrate(t.Context(), server.URL()))
	w := setupOn(t, server.URL())
	path := filepath.Join(t.TempDir(), "history.csv")
	writeHistory(t, path, 30_000)
	m, err := csv.ReadMapping([]byte(historyMapping))
	require.NoError(t, err)
	source := w.source(t, path, m)
	failed := make(chan error, 1)
	go func() {
		_, err := w.tryImport(t, nil, source)
		failed <- err
	}()
	require.Eventually(t, func() bool { return w.count(t, "moves") > 0 }, time.Minute, 2*time.Millisecond)

	server.Restart(t, embedded.Immediate)
	require.Error(t, <-failed)
	require.Eventually(t, func() bool { return w.store.Ping(t.Context()) == nil }, time.Minute, 50*time.Millisecond)
	sum := w.importFile(t, path, historyMapping)
	require.Zero(t, sum.RejectedRows())
	require.Equal(t, sum.Rows, sum.Stored+sum.Folded+sum.Unchanged)
	require.Positive(t, sum.Unchanged)
}
