package postgres_test

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
	"funnelbot/funnel/definition"
	"funnelbot/storage/csv"
)

// BenchmarkImport imports a generated history from a file: reading, evidence, staging, judging every
// move by Decide, and writing with commits. Set TEST_DATABASE_URL to a server with fsync on for
// honest figures. Every size runs in an empty workspace; the peak of the heap stays where it is
// however long the file.
//
//	go test ./storage/postgres -run '^$' -bench '^BenchmarkImport$' -benchtime 1x
func BenchmarkImport(b *testing.B) {
	for _, moves := range []int{50_000, 200_000, 800_000} {
		b.Run(fmt.Sprintf("%dmoves", moves), func(b *testing.B) {
			path := filepath.Join(b.TempDir(), "history.csv")
			writeHistory(b, path, moves)
			var stored int64
			var peak uint64
			for b.Loop() {
				b.StopTimer()
				w := setup(b)
				stop := watchHeap(&peak)
				b.StartTimer()
				sum := w.importFile(b, path, historyMapping)
				b.StopTimer()
				stop()
				require.Zero(b, sum.RejectedRows())
				stored += sum.Moves
				b.StartTimer()
			}
			b.ReportMetric(float64(stored)/b.Elapsed().Seconds(), "moves/s")
			b.ReportMetric(float64(peak)/(1<<20), "peak-heap-MB")
		})
	}
}

// historyMapping reads what writeHistory writes.
const historyMapping = `
schema: 1
rows: history
currency: USD
columns:
  deal: [deal, title]
  company: company
  at: at
  stage: stage
  amount: amount
`

// writeHistory writes a history of about the number of moves, with about five a deal: up the funnel,
// sometimes back, to an end or not. Rows of one deal do not stand together, as in exports by time.
func writeHistory(tb testing.TB, path string, moves int) {
	tb.Helper()
	f, err := os.Create(path)
	require.NoError(tb, err)
	defer f.Close()
	out := bufio.NewWriter(f)
	r := rand.New(rand.NewPCG(1, 2))
	stages := []string{"lead", "qualification", "proposal", "negotiation"}
	type open struct {
		id, stage int
		at        time.Time
	}
	var live []open
	fmt.Fprintln(out, "deal,company,at,stage,amount")
	write := func(d open, stage string) {
		fmt.Fprintf(out, "D-%07d,Sample Works %d,%s,%s,%d.50\n", d.id, d.id%2000, d.at.Format(time.RFC3339), stage, 100+d.id%5000)
	}
	for n, id := 0, 0; n < moves; n++ {
		if len(live) < 500 || r.IntN(5) == 0 {
			id++
			d := open{id: id, at: start.AddDate(-3, 0, 0).Add(time.Duration(id) * time.Minute)}
			write(d, stages[0])
			live = append(live, d)
			continue
		}
		i := r.IntN(len(live))
		d := &live[i]
		d.at = d.at.Add(time.Duration(1+r.IntN(72)) * time.Hour)
		switch {
		case d.stage == len(stages)-1 && r.IntN(3) > 0:
			write(*d, "won")
			live[i] = live[len(live)-1]
			live = live[:len(live)-1]
		case r.IntN(8) == 0:
			write(*d, "lost")
			live[i] = live[len(live)-1]
			live = live[:len(live)-1]
		case d.stage > 1 && r.IntN(6) == 0:
			d.stage--
			write(*d, stages[d.stage])
		default:
			d.stage = min(d.stage+1, len(stages)-1)
			write(*d, stages[d.stage])
		}
	}
	require.NoError(tb, out.Flush())
}

// importFile imports a file by a mapping and returns what became of it.
func (w *world) importFile(tb testing.TB, path, mapping string) funnel.ImportSummary {
	tb.Helper()
	sum, _ := w.importWith(tb, path, mapping, nil)
	return sum
}

// importWith imports a file and returns what became of it and the rows that were rejected.
func (w *world) importWith(
	tb testing.TB, path, mapping string, change func(*funnel.ImportConfig),
) (funnel.ImportSummary, []*funnel.RowError) {
	tb.Helper()
	m, err := csv.ReadMapping([]byte(mapping))
	require.NoError(tb, err)
	var rejected []*funnel.RowError
	sum, err := w.tryImport(tb, func(c *funnel.ImportConfig) {
		c.CreateOwners = m.CreateOwners()
		c.Rejected = func(e *funnel.RowError) error {
			rejected = append(rejected, e)
			return nil
		}
		if change != nil {
			change(c)
		}
	}, w.source(tb, path, m))
	require.NoError(tb, err)
	return sum, rejected
}

// source opens a file for an import.
func (w *world) source(tb testing.TB, path string, m *csv.Mapping) *csv.Source {
	tb.Helper()
	def, err := definition.Default()
	require.NoError(tb, err)
	source, err := csv.Open(tb.Context(), path, m, csv.Options{
		Funnel: def, Zone: w.space.Location(), Currency: w.space.Currency,
	})
	require.NoError(tb, err)
	tb.Cleanup(func() { require.NoError(tb, source.Close()) })
	return source
}

// tryImport imports sources and may fail.
func (w *world) tryImport(tb testing.TB, change func(*funnel.ImportConfig), sources ...funnel.ImportRows) (funnel.ImportSummary, error) {
	tb.Helper()
	def, err := definition.Default()
	require.NoError(tb, err)
	c := funnel.ImportConfig{
		Workspace: w.space, Funnels: func(funnel.Kind) *funnel.Funnel { return def }, Clock: w.now, IDs: newID,
	}
	if change != nil {
		change(&c)
	}
	return w.store.Import(tb.Context(), funnel.NewImport(c), sources...)
}

// watchHeap samples the heap until it is stopped, and keeps its peak.
func watchHeap(peak *uint64) (stop func()) {
	done, ended := make(chan struct{}), make(chan struct{})
	runtime.GC()
	go func() {
		defer close(ended)
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				*peak = max(*peak, m.HeapAlloc)
			}
		}
	}()
	return func() {
		close(done)
		<-ended
	}
}
