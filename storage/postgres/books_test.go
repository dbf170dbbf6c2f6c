package postgres_test

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

// books are statements that return a row for everything that is half done, done twice or lost.
var books = map[string]string{
	"a deal whose version is not the number of its changes": `
		SELECT d.number::text FROM deals d
		WHERE d.version <> (SELECT count(*) FROM changes c WHERE c.workspace_id = d.workspace_id AND c.subject_id = d.id)`,
	"a deal with more or fewer changes than keys": `
		SELECT d.number::text FROM deals d
		WHERE d.version <> (SELECT count(*) FROM handled_events h WHERE h.workspace_id = d.workspace_id AND h.deal_id = d.id)`,
	"a key without its deal": `
		SELECT h.key FROM handled_events h
		WHERE h.deal_id IS NOT NULL AND NOT EXISTS (
			SELECT 1 FROM deals d WHERE d.workspace_id = h.workspace_id AND d.id = h.deal_id)`,
	"a deal whose moves do not count up": `
		SELECT d.number::text FROM deals d LEFT JOIN moves m ON m.workspace_id = d.workspace_id AND m.deal_id = d.id
		GROUP BY d.workspace_id, d.id HAVING count(m.seq) <> d.moves OR max(m.seq) <> d.moves`,
	"a deal whose spells do not count up": `
		SELECT d.number::text FROM deals d LEFT JOIN spells p ON p.workspace_id = d.workspace_id AND p.deal_id = d.id
		GROUP BY d.workspace_id, d.id HAVING count(p.seq) <> d.spells OR max(p.seq) <> d.spells`,
	"a deal that is not in the stage of its one open spell": `
		SELECT d.number::text FROM deals d
		LEFT JOIN spells p ON p.workspace_id = d.workspace_id AND p.deal_id = d.id AND p.left_at IS NULL AND p.voided_at IS NULL
		WHERE d.outcome <> 'lost' AND d.voided_at IS NULL AND NOT d.historical
		GROUP BY d.workspace_id, d.id
		HAVING count(p.seq) <> 1 OR min(p.stage) <> d.stage OR min(p.entered) <> d.stage_since OR min(p.seq) <> d.spells`,
	"a spell that does not begin where the one before ended": `
		SELECT s.number::text FROM (
			SELECT d.number, p.entered, lag(p.left_at) OVER w AS before, lag(p.exit) OVER w AS exit
			FROM spells p JOIN deals d ON d.workspace_id = p.workspace_id AND d.id = p.deal_id
			WHERE p.voided_at IS NULL AND NOT d.historical
			WINDOW w AS (PARTITION BY p.workspace_id, p.deal_id ORDER BY p.seq)
		) s WHERE s.exit <> 'lost' AND s.before <> s.entered OR s.before > s.entered`,
	"a call that was logged without its activity, or twice": `
		SELECT c.subject_id::text FROM changes c WHERE c.verb = 'log' AND c.of_deal
		GROUP BY c.workspace_id, c.subject_id HAVING count(*) <> (
			SELECT count(*) FROM activities a WHERE a.workspace_id = c.workspace_id AND a.deal_id = c.subject_id)`,
	"a company without a deal": `
		SELECT c.name FROM companies c
		WHERE NOT EXISTS (SELECT 1 FROM deals d WHERE d.workspace_id = c.workspace_id AND d.company_id = c.id)`,
	"a deal without its company": `
		SELECT d.number::text FROM deals d
		WHERE NOT EXISTS (SELECT 1 FROM companies c WHERE d.workspace_id = c.workspace_id AND d.company_id = c.id)`,
	"a number that was left out": `
		SELECT c.last::text FROM deal_counters c
		WHERE c.last <> (SELECT count(*) FROM deals d WHERE d.workspace_id = c.workspace_id)`,
	"a signed deal without its one contract, or an open one with one": `
		SELECT d.number::text FROM deals d
		LEFT JOIN contracts k ON k.workspace_id = d.workspace_id AND k.deal_id = d.id AND k.voided_at IS NULL
		WHERE d.voided_at IS NULL
		GROUP BY d.workspace_id, d.id HAVING count(k.id) <> (d.outcome = 'won')::integer`,
}

// checkBooks looks for anything that is half done, done twice or lost.
func checkBooks(tb testing.TB, pool *pgxpool.Pool) {
	tb.Helper()
	for what, sql := range books {
		rows, err := pool.Query(tb.Context(), sql)
		require.NoError(tb, err, what)
		found, err := pgx.CollectRows(rows, pgx.RowTo[string])
		require.NoError(tb, err, what)
		require.Empty(tb, found, what)
	}
}

// worker walks one deal through a round of commands, each under a key that follows from its place.
// The same worker and place always mean the same command.
type worker struct {
	service *funnel.Service
	space   funnel.ID
	member  funnel.ID
	name    string
	deal    funnel.ID
}

// begin opens the worker's deal, or finds it opened.
func (w *worker) begin(ctx context.Context) error {
	r, err := w.open(ctx, "begin")
	w.deal = r.Deal.ID
	return err
}

func (w *worker) act(place string) funnel.Act {
	return funnel.Act{Workspace: w.space, Member: w.member, Event: w.name + "/" + place, Origin: funnel.FromChat}
}

func (w *worker) open(ctx context.Context, place string) (funnel.Changed, error) {
	return w.service.Open(ctx, w.act(place), funnel.OpenDeal{
		Company: funnel.Company{Name: "Sample " + w.name + " " + place}, Owner: w.member,
	})
}

// do runs the command of the n-th place and returns its answer.
func (w *worker) do(ctx context.Context, n int) (funnel.Changed, error) {
	act, t := w.act(strconv.Itoa(n)), funnel.Target{Deal: w.deal}
	switch n % 5 {
	case 0:
		return w.service.Move(ctx, act, t, funnel.MoveTo{Stage: "proposal"})
	case 1:
		return w.service.Log(ctx, act, t, funnel.Report{
			Activity: funnel.LogActivity{Kind: funnel.Call, Text: "звонок"}, Amount: funnel.Money{Minor: int64(n), Currency: "EUR"},
		})
	case 2:
		return w.service.Next(ctx, act, t, funnel.SetNext{What: "send offer " + strconv.Itoa(n), On: funnel.Date{Year: 2031, Month: 5, Day: 4}})
	case 3:
		return w.service.Back(ctx, act, t, funnel.MoveBack{Stage: "lead", Reason: "again"})
	}
	return w.open(ctx, strconv.Itoa(n))
}

// stopwatch returns how long it runs.
func stopwatch() func() time.Duration {
	began := time.Now() //nolint:forbidigo // measures how long a person waits, which no clock of a test tells.
	return func() time.Duration { return time.Since(began) }
}
