package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// database is where the bot keeps its deals.
type database struct {
	DatabaseURL string `name:"database-url" env:"DATABASE_URL" placeholder:"URL" help:"Database of the bot."`
	Workspace   string `name:"workspace" env:"FUNNELBOT_WORKSPACE" default:"load" help:"Workspace that was prepared."`
}

// required refuses a command line without the database.
func (d database) required() error {
	if d.DatabaseURL == "" {
		return errors.New("which database? say --database-url")
	}
	return nil
}

// pool connects; the caller closes it.
func (d database) pool(ctx context.Context) (*pgxpool.Pool, error) {
	if err := d.required(); err != nil {
		return nil, err
	}
	pool, err := pgxpool.New(ctx, d.DatabaseURL)
	if err == nil {
		err = pool.Ping(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("connect to the database: %w", err)
	}
	return pool, nil
}

// locate reads at which stages the deals of the walks are, if the database is known.
func (d database) locate(ctx context.Context, all []*walk) error {
	if d.DatabaseURL == "" {
		return nil
	}
	pool, err := d.pool(ctx)
	if err != nil {
		return err
	}
	defer pool.Close()
	type place struct {
		number int64
		stage  string
	}
	rows, _ := pool.Query(ctx, `SELECT d.number, d.stage FROM deals d JOIN workspaces w ON w.id = d.workspace_id
		WHERE w.name = $1 AND d.outcome = 'open' AND d.voided_at IS NULL`, d.Workspace) // its error comes with the rows
	found, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (p place, err error) {
		return p, r.Scan(&p.number, &p.stage)
	})
	if err != nil {
		return fmt.Errorf("read the stages of the deals: %w", err)
	}
	at := map[int64]string{}
	for _, p := range found {
		at[p.number] = p.stage
	}
	for _, w := range all {
		for i, number := range w.deals {
			if _, ok := at[number]; !ok {
				return fmt.Errorf("deal %d is not there: prepare the workspace %q first", number, d.Workspace)
			}
			w.at[i] = w.place(at[number])
		}
	}
	return nil
}

// place is the number of a stage, unknown if the walk does not lead there.
func (w *walk) place(key string) int {
	for i := range w.stages {
		if w.stages[i].key == key {
			return i
		}
	}
	return unknown
}
