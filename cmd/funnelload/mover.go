package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"funnelbot/funnel"
)

// mover writes the rows of a move in two trips, as the bot does, and decides nothing: whatever it is
// told is written.
type mover struct {
	pool              *pgxpool.Pool
	workspace, member [16]byte
	titles            map[string]string
	// before and result are what the bot has written of a move; every move of this one gets the same.
	before, result []byte
}

var errNoMove = errors.New("the workspace has no move to take for a model: prepare it first")

func newMover(ctx context.Context, d database) (*mover, error) {
	cfg, err := pgxpool.ParseConfig(d.DatabaseURL)
	if err != nil {
		return nil, fmt.Errorf("read the database address: %w", err)
	}
	cfg.MaxConns = max(8, 4*int32(min(runtime.GOMAXPROCS(0), 1<<10))) //nolint:gosec // bounded right there
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	m := &mover{pool: pool, titles: map[string]string{}}
	stages, err := walked()
	if err != nil {
		pool.Close()
		return nil, err
	}
	for _, s := range stages {
		m.titles[s.key] = s.title
	}
	err = pool.QueryRow(ctx, `
		SELECT c.workspace_id, c.member_id, c.before, h.result
		FROM workspaces w
		JOIN changes c ON c.workspace_id = w.id
		JOIN handled_events h ON h.workspace_id = c.workspace_id AND h.deal_id = c.subject_id AND h.at = c.at
		WHERE w.name = $1 AND c.verb = 'move' LIMIT 1`, d.Workspace).Scan(&m.workspace, &m.member, &m.before, &m.result)
	if errors.Is(err, pgx.ErrNoRows) {
		err = errNoMove
	}
	if err != nil {
		pool.Close()
		return nil, fmt.Errorf("read a move: %w", err)
	}
	return m, nil
}

// move takes a deal to a stage and returns the one that it was in.
func (m *mover) move(ctx context.Context, number int64, to, key string) (from string, err error) {
	conn, err := m.pool.Acquire(ctx)
	if err != nil {
		return "", fmt.Errorf("acquire a connection: %w", err)
	}
	defer conn.Release()
	from, err = m.both(ctx, conn, number, to, key)
	if err != nil && conn.Conn().PgConn().TxStatus() != 'I' {
		if _, undone := conn.Exec(context.WithoutCancel(ctx), "ROLLBACK"); undone != nil {
			_ = conn.Conn().Close(ctx)
		}
	}
	return from, err
}

func (m *mover) both(ctx context.Context, conn *pgxpool.Conn, number int64, to, key string) (string, error) {
	var deal [16]byte
	var from string
	var spells, moves int
	var version int64
	var reads pgx.Batch
	reads.Queue("BEGIN")
	reads.Queue(`SELECT id, stage, spells, moves, version FROM deals WHERE workspace_id = $1 AND number = $2 FOR UPDATE`, m.workspace, number).
		QueryRow(func(r pgx.Row) error { return r.Scan(&deal, &from, &spells, &moves, &version) })
	reads.Queue(`SELECT c.name, p.seq FROM deals d
		JOIN companies c ON c.workspace_id = d.workspace_id AND c.id = d.company_id
		LEFT JOIN spells p ON p.workspace_id = d.workspace_id AND p.deal_id = d.id AND p.seq = d.spells
		WHERE d.workspace_id = $1 AND d.number = $2`, m.workspace, number).Query(passed)
	reads.Queue(`SELECT w.version, m.role, h.result FROM workspaces w
		LEFT JOIN members m ON m.workspace_id = w.id AND m.id = $2
		LEFT JOIN handled_events h ON h.workspace_id = w.id AND h.key = $3
		WHERE w.id = $1`, m.workspace, m.member, key).Query(passed)
	if err := conn.SendBatch(ctx, &reads).Close(); err != nil {
		return "", fmt.Errorf("read: %w", err)
	}
	exit, kind, verb, reason := string(funnel.Advance), string(funnel.MoveAdvance), "move", ""
	if to == "lead" {
		exit, kind, verb, reason = string(funnel.Back), string(funnel.MoveReturn), "back", "the load goes round"
	}
	var writes pgx.Batch
	writes.Queue(`UPDATE deals SET stage = $3, stage_since = now(), version = version + 1, moves = moves + 1, spells = spells + 1,
		last_move_at = now() WHERE workspace_id = $1 AND id = $2`, m.workspace, deal, to)
	writes.Queue(`UPDATE spells SET left_at = now(), exit = $4, destination = $5, left_recorded_at = now()
		WHERE workspace_id = $1 AND deal_id = $2 AND seq = $3`, m.workspace, deal, spells, exit, to)
	writes.Queue(`INSERT INTO spells (workspace_id, deal_id, seq, stage, entered, amount_minor, currency, recorded_at, kind)
		VALUES ($1, $2, $3, $4, now(), 100000, 'USD', now(), 'new')`, m.workspace, deal, spells+1, to)
	writes.Queue(`INSERT INTO moves (workspace_id, deal_id, seq, kind, from_stage, to_stage, actor_id, effective_at, recorded_at, origin, reason)
		VALUES ($1, $2, $3, $4, $5, $6, $7, now(), now(), 'chat', $8)`, m.workspace, deal, moves+1, kind, from, to, m.member, reason)
	writes.Queue(`INSERT INTO changes (workspace_id, subject_id, version, of_deal, member_id, verb, origin, at, before)
		VALUES ($1, $2, $3, true, $4, $5, 'chat', now(), $6)`, m.workspace, deal, version+1, m.member, verb, m.before)
	writes.Queue(`INSERT INTO handled_events (workspace_id, key, intent, result, deal_id, at)
		VALUES ($1, $2, decode(repeat('00', 32), 'hex'), $3, $4, now())`, m.workspace, key, m.result, deal)
	writes.Queue("COMMIT")
	if err := conn.SendBatch(ctx, &writes).Close(); err != nil {
		return "", fmt.Errorf("write: %w", err)
	}
	return from, nil
}

// passed reads an answer and does nothing with it.
func passed(r pgx.Rows) error {
	r.Close()
	return r.Err()
}
