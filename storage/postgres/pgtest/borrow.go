package pgtest

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// borrowed begins the name of every database on a server that is not ours.
const borrowed = "funnelbot_test_"

// borrow uses the server of an address. The databases of earlier runs are
// dropped first; a run still going on holds an advisory lock on its name, for
// as long as its binary lives.
func borrow(ctx context.Context, dsn string) (*server, error) {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return nil, fmt.Errorf("connect to TEST_DATABASE_URL: %w", err)
	}
	run := strings.ToLower(rand.Text()[:8])
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_lock(hashtext($1))`, borrowed+run); err != nil {
		return nil, fmt.Errorf("lock this run's name: %w", err)
	}
	if err := sweep(ctx, conn, run); err != nil {
		return nil, err
	}
	s, err := newServer(dsn, dsn, borrowed+run+"_")
	if err != nil {
		return nil, err
	}
	s.held = conn
	return s, nil
}

// sweep drops the databases of runs that have ended.
func sweep(ctx context.Context, conn *pgx.Conn, run string) error {
	rows, err := conn.Query(ctx, `SELECT datname FROM pg_database WHERE datname LIKE 'funnelbot\_test\_%'`)
	if err != nil {
		return fmt.Errorf("list left-over databases: %w", err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return fmt.Errorf("list left-over databases: %w", err)
	}
	for _, name := range names {
		owner, _, ok := strings.Cut(strings.TrimPrefix(name, borrowed), "_")
		if !ok || owner == run {
			continue
		}
		if err := dropIfLeft(ctx, conn, borrowed+owner, name); err != nil {
			return err
		}
	}
	return nil
}

func dropIfLeft(ctx context.Context, conn *pgx.Conn, lock, name string) error {
	var free bool
	if err := conn.QueryRow(ctx, `SELECT pg_try_advisory_lock(hashtext($1))`, lock).Scan(&free); err != nil {
		return fmt.Errorf("ask after the run of %s: %w", name, err)
	}
	if !free {
		return nil
	}
	if _, err := conn.Exec(ctx, "DROP DATABASE IF EXISTS "+pgx.Identifier{name}.Sanitize()+" WITH (FORCE)"); err != nil {
		return fmt.Errorf("drop left-over %s: %w", name, err)
	}
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_unlock(hashtext($1))`, lock); err != nil {
		return fmt.Errorf("unlock %s: %w", lock, err)
	}
	return nil
}
