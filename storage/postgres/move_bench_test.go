package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
	"funnelbot/storage/postgres/pgtest"
)

// BenchmarkMove compares, on one server and in one run, the cost of a move through the use case with
// a writer that stores the same rows without deciding anything, and with what PostgreSQL alone
// reaches for one statement that locks, dedupes, appends and updates (pgbench, if it is installed).
//
//	go test ./storage/postgres -run '^$' -bench '^BenchmarkMove$' -benchtime 20000x
//
// Set TEST_DATABASE_URL to a server with fsync on for honest figures; the cluster that tests start
// for themselves does not wait for the disk.
func BenchmarkMove(b *testing.B) {
	w := setup(b)
	deals := w.openMany(b, 4000)
	// A server that runs has looked at its tables; a fresh one would plan for empty ones at first.
	_, err := w.pool.Exec(b.Context(), "ANALYZE")
	require.NoError(b, err)
	b.Run("usecase", func(b *testing.B) { benchUseCase(b, w, deals) })
	b.Run("bare", func(b *testing.B) { benchBare(b, w, deals) })
	b.Run("pgbench", func(b *testing.B) { benchStatement(b) })
}

const benchClients = 8

// path is the round of moves that the benchmark walks every deal through.
var path = []funnel.StageKey{"qualification", "proposal", "negotiation", "lead"}

func (w *world) openMany(tb testing.TB, n int) []funnel.ID {
	tb.Helper()
	ids := make([]funnel.ID, n)
	var group sync.WaitGroup
	var failed atomic.Value
	for c := range benchClients {
		group.Go(func() {
			for i := c; i < n; i += benchClients {
				r, err := w.service.Open(tb.Context(), w.act(fmt.Sprintf("seed-%d", i)), funnel.OpenDeal{
					Company: funnel.Company{Name: fmt.Sprintf("Sample Company %d", i)}, Owner: w.member.ID,
				})
				if err != nil {
					failed.Store(err)
					return
				}
				ids[i] = r.Deal.ID
			}
		})
	}
	group.Wait()
	require.Nil(tb, failed.Load())
	return ids
}

// spread runs do on the number of clients that the figures of the neighbours were measured with.
func spread(b *testing.B, deals []funnel.ID, do func(ctx context.Context, client, n int, deal funnel.ID) error) {
	b.Helper()
	errs := make([]error, benchClients)
	var group sync.WaitGroup
	b.ResetTimer()
	for c := range benchClients {
		group.Go(func() {
			for n := c; n < b.N && errs[c] == nil; n += benchClients {
				errs[c] = do(b.Context(), c, n, deals[n%len(deals)])
			}
		})
	}
	group.Wait()
	b.StopTimer()
	require.NoError(b, errors.Join(errs...))
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "moves/s")
}

func benchUseCase(b *testing.B, w *world, deals []funnel.ID) {
	b.Helper()
	run := newID().String()
	stage := make([]int, len(deals))
	spread(b, deals, func(ctx context.Context, _, n int, deal funnel.ID) error {
		at := &stage[n%len(deals)]
		act, target := w.act(run+strconv.Itoa(n)), funnel.Target{Deal: deal}
		to := path[*at%len(path)]
		*at++
		if to == "lead" {
			_, err := w.service.Back(ctx, act, target, funnel.MoveBack{Stage: to, Reason: "again"})
			return err
		}
		_, err := w.service.Move(ctx, act, target, funnel.MoveTo{Stage: to})
		return err
	})
	// Leave every deal where the next run expects it.
	for i, at := range stage {
		if at%len(path) != 0 {
			_, err := w.service.Back(b.Context(), w.act(run+"end"+strconv.Itoa(i)), funnel.Target{Deal: deals[i]},
				funnel.MoveBack{Stage: "lead", Reason: "again"})
			require.NoError(b, err)
		}
	}
}

// benchBare writes the rows of a move with fixed values in two trips.
func benchBare(b *testing.B, w *world, deals []funnel.ID) {
	b.Helper()
	cfg, err := pgxpool.ParseConfig(w.url)
	require.NoError(b, err)
	cfg.MaxConns = benchClients
	pool, err := pgxpool.NewWithConfig(b.Context(), cfg)
	require.NoError(b, err)
	defer pool.Close()
	run := newID().String()
	ws := [16]byte(w.space.ID)
	member := [16]byte(w.member.ID)
	before := []byte(`{"deal":{"stage":"lead","version":1,"title":"` + strings.Repeat("x", 500) + `"}}`)
	spread(b, deals, func(ctx context.Context, _, n int, deal funnel.ID) error {
		return bareMove(ctx, pool, ws, [16]byte(deal), member, run+strconv.Itoa(n), before)
	})
}

func bareMove(ctx context.Context, pool *pgxpool.Pool, ws, deal, member [16]byte, key string, before []byte) error {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	var spells, moves int
	var version int64
	var rb pgx.Batch
	rb.Queue("BEGIN")
	rb.Queue(`SELECT spells, moves, version FROM deals WHERE workspace_id = $1 AND id = $2 FOR UPDATE`, ws, deal).
		QueryRow(func(r pgx.Row) error { return r.Scan(&spells, &moves, &version) })
	rb.Queue(`SELECT seq FROM spells WHERE workspace_id = $1 AND deal_id = $2 AND left_at IS NULL`, ws, deal).
		Query(func(r pgx.Rows) error { r.Close(); return r.Err() })
	rb.Queue(`SELECT result FROM handled_events WHERE workspace_id = $1 AND key = $2`, ws, key).
		Query(func(r pgx.Rows) error { r.Close(); return r.Err() })
	if err := conn.SendBatch(ctx, &rb).Close(); err != nil {
		return err
	}
	var wb pgx.Batch
	wb.Queue(`UPDATE deals SET stage = 'proposal', stage_since = now(), version = version + 1, moves = moves + 1, spells = spells + 1
		WHERE workspace_id = $1 AND id = $2`, ws, deal)
	wb.Queue(`UPDATE spells SET left_at = now(), exit = 'advance', destination = 'proposal', left_recorded_at = now()
		WHERE workspace_id = $1 AND deal_id = $2 AND seq = $3`, ws, deal, spells)
	wb.Queue(`INSERT INTO spells (workspace_id, deal_id, seq, stage, entered, recorded_at, kind)
		VALUES ($1, $2, $3, 'proposal', now(), now(), 'new')`, ws, deal, spells+1)
	wb.Queue(`INSERT INTO moves (workspace_id, deal_id, seq, kind, from_stage, to_stage, actor_id, effective_at, recorded_at, origin)
		VALUES ($1, $2, $3, 'advance', 'lead', 'proposal', $4, now(), now(), 'chat')`, ws, deal, moves+1, member)
	wb.Queue(`INSERT INTO changes (workspace_id, subject_id, version, of_deal, member_id, verb, origin, at, before)
		VALUES ($1, $2, $3, true, $4, 'move', 'chat', now(), $5)`, ws, deal, version+1, member, before)
	wb.Queue(`INSERT INTO handled_events (workspace_id, key, intent, result, deal_id, at)
		VALUES ($1, $2, '\x00', $3, $4, now())`, ws, key, before, deal)
	wb.Queue("COMMIT")
	return conn.SendBatch(ctx, &wb).Close()
}

// One statement with the least of a move, for pgbench: what the database alone can do.
const (
	statementSchema = `
		CREATE TABLE IF NOT EXISTS bench_deals (tenant int, id bigint, stage smallint, since timestamptz, version int, PRIMARY KEY (tenant, id));
		CREATE TABLE IF NOT EXISTS bench_moves (tenant int, id bigint GENERATED ALWAYS AS IDENTITY, deal bigint, was smallint,
			became smallint, at timestamptz, key text, PRIMARY KEY (tenant, id), UNIQUE (tenant, key));
		INSERT INTO bench_deals SELECT g % 100 + 1, g, 1, now(), 1 FROM generate_series(1, 200000) g ON CONFLICT DO NOTHING`
	statement = `\set d random(1, 200000)
\set t :d % 100 + 1
\set s random(1, 6)
\set k random(1, 9000000000000000)
WITH cur AS MATERIALIZED (SELECT tenant, id, stage FROM bench_deals WHERE tenant = :t AND id = :d FOR UPDATE), ins AS (INSERT INTO bench_moves (tenant, deal, was, became, at, key) SELECT tenant, id, stage, :s, now(), 'k' || :k FROM cur ON CONFLICT (tenant, key) DO NOTHING RETURNING tenant, deal) UPDATE bench_deals d SET stage = :s, since = now(), version = version + 1 FROM ins WHERE d.tenant = ins.tenant AND d.id = ins.deal;
`
)

var tps = regexp.MustCompile(`tps = ([0-9.]+)`)

func benchStatement(b *testing.B) {
	b.Helper()
	program, err := exec.LookPath("pgbench")
	if err != nil {
		found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/pgbench")
		if len(found) == 0 {
			b.Skip("pgbench is not installed")
		}
		program = found[len(found)-1]
	}
	url := pgtest.Empty(b)
	pool := pgtest.Pool(b, url)
	_, err = pool.Exec(b.Context(), statementSchema)
	require.NoError(b, err)
	script := filepath.Join(b.TempDir(), fmt.Sprintf("move-%d.sql", rand.Int()))
	require.NoError(b, os.WriteFile(script, []byte(statement), 0o600))
	each := max(1, b.N/benchClients)
	cmd := exec.CommandContext(b.Context(), program, "-n", "-M", "prepared", "-f", script,
		"-c", strconv.Itoa(benchClients), "-j", "2", "-t", strconv.Itoa(each), url)
	b.ResetTimer()
	out, err := cmd.CombinedOutput()
	b.StopTimer()
	require.NoError(b, err, string(out))
	m := tps.FindSubmatch(out)
	require.NotNil(b, m, string(out))
	rate, err := strconv.ParseFloat(string(m[1]), 64)
	require.NoError(b, err)
	b.ReportMetric(rate, "moves/s")
}
