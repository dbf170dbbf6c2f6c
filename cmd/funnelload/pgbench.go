package main

import (
	"context"
	_ "embed" // the statement
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"time"
)

// statement locks, dedupes, appends and updates at once: what the database alone can do of a move.
//
//go:embed statement.sql
var statement []byte

// statementSchema is what the statement works on.
const statementSchema = `
	CREATE TABLE IF NOT EXISTS load_deals (tenant int, id bigint, stage smallint, since timestamptz, version int, PRIMARY KEY (tenant, id));
	CREATE TABLE IF NOT EXISTS load_moves (tenant int, id bigint GENERATED ALWAYS AS IDENTITY, deal bigint, was smallint,
		became smallint, at timestamptz, key text, PRIMARY KEY (tenant, id), UNIQUE (tenant, key));
	INSERT INTO load_deals SELECT g % 100 + 1, g, 1, now(), 1 FROM generate_series(1, 200000) g ON CONFLICT DO NOTHING`

// pgbench runs a script of PostgreSQL's own load tool.
type pgbench struct {
	program, url, script string
	clients              int
}

// statementClients is the number of clients with which one statement a move does best on few
// processors.
const statementClients = 8

var errNoPgbench = errors.New("pgbench is not installed")

// newPgbench finds the program. Without a script it writes the statement into dir, and its tables
// into the database.
func newPgbench(ctx context.Context, d database, script, dir string) (*pgbench, error) {
	program, err := exec.LookPath("pgbench")
	if err != nil {
		found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/pgbench")
		if len(found) == 0 {
			return nil, errNoPgbench
		}
		program = found[len(found)-1]
	}
	b := &pgbench{program: program, url: d.DatabaseURL, script: script, clients: statementClients}
	if script != "" {
		return b, nil
	}
	pool, err := d.pool(ctx)
	if err != nil {
		return nil, err
	}
	defer pool.Close()
	if _, err := pool.Exec(ctx, statementSchema); err != nil {
		return nil, fmt.Errorf("write the tables of the statement: %w", err)
	}
	if _, err := pool.Exec(ctx, "ANALYZE load_deals"); err != nil {
		return nil, fmt.Errorf("look at the tables of the statement: %w", err)
	}
	b.script = filepath.Join(dir, "statement.sql")
	if err := os.WriteFile(b.script, statement, 0o600); err != nil {
		return nil, fmt.Errorf("write the statement: %w", err)
	}
	return b, nil
}

var (
	tps     = regexp.MustCompile(`tps = ([0-9.]+)`)
	latency = regexp.MustCompile(`latency average = ([0-9.]+) ms`)
)

// statementResult is what pgbench prints of a run.
type statementResult struct {
	rate float64
	mean time.Duration
}

func (b *pgbench) run(ctx context.Context, d time.Duration) (statementResult, error) {
	seconds := max(1, int(d.Round(time.Second)/time.Second))
	//nolint:gosec // the user names the script
	cmd := exec.CommandContext(ctx, b.program, "-n", "-M", "prepared", "-f", b.script,
		"-c", strconv.Itoa(b.clients), "-j", "2", "-T", strconv.Itoa(seconds), b.url)
	out, err := cmd.CombinedOutput()
	if err != nil {
		return statementResult{}, fmt.Errorf("pgbench: %w: %s", err, out)
	}
	return readPgbench(out)
}

func readPgbench(out []byte) (statementResult, error) {
	var r statementResult
	rate, mean := tps.FindSubmatch(out), latency.FindSubmatch(out)
	if rate == nil || mean == nil {
		return r, fmt.Errorf("pgbench printed no rate: %s", out)
	}
	var err error
	if r.rate, err = strconv.ParseFloat(string(rate[1]), 64); err != nil {
		return r, fmt.Errorf("read the rate of pgbench: %w", err)
	}
	ms, err := strconv.ParseFloat(string(mean[1]), 64)
	if err != nil {
		return r, fmt.Errorf("read the latency of pgbench: %w", err)
	}
	r.mean = time.Duration(ms * float64(time.Millisecond))
	return r, nil
}

// beside says what is measured in the same run.
type beside struct {
	database
	Pgbench string `name:"pgbench" placeholder:"FILE" type:"existingfile" help:"Script for pgbench, which is run for as long before and after on the same database."`
}

// around measures between two runs of pgbench, if there is a script, and prints everything.
func (b beside) around(ctx context.Context, io *streams, p pressure, measure func(context.Context) (result, error)) error {
	if b.Pgbench != "" {
		if err := b.required(); err != nil {
			return err
		}
	}
	t := newTable(io.out)
	side := func(name string) error {
		if b.Pgbench == "" {
			return nil
		}
		bench, err := newPgbench(ctx, b.database, b.Pgbench, "")
		if err != nil {
			return err
		}
		r, err := bench.run(ctx, p.Duration)
		if err != nil {
			return err
		}
		t.statement(name, r)
		return nil
	}
	if err := side("pgbench before"); err != nil {
		return err
	}
	r, err := measure(ctx)
	if err != nil {
		return err
	}
	t.result("bot", &r)
	if err := side("pgbench after"); err != nil {
		return err
	}
	return t.print()
}
