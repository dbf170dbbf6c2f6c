package postgres

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrationLock is the advisory lock that lets one process at a time change the schema. The
// number is arbitrary and must stay.
const migrationLock = 0x66756e6e656c

// Schemas that do not fit the program.
var (
	// ErrNewerSchema says that a newer version of the program has been at work on the database.
	ErrNewerSchema = errors.New("the database was made by a newer version of funnelbot: update this program")
	// ErrOlderSchema says that the database waits for [Migrate].
	ErrOlderSchema = errors.New("the database was made by an older version of funnelbot: run funnelbot migrate")
)

// migrationConnections are needed at once: one holds the lock while others work.
const migrationConnections = 4

// Migrate brings the schema to the version of this program. Any number of processes may call it at
// once. An interrupted migration is resumed; a schema that is newer is [ErrNewerSchema] and is not
// touched.
func Migrate(ctx context.Context, c Config) error {
	c.Connections = max(c.Connections, migrationConnections)
	pool, err := newPool(ctx, c)
	if err != nil {
		return err
	}
	defer pool.Close()
	if err := checkLetters(ctx, pool); err != nil {
		return err
	}
	// The lock lives in an open transaction on a connection of its own, so that it also holds
	// behind a pooler and vanishes with the process.
	tx, err := pool.Begin(ctx)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	defer tx.Rollback(context.WithoutCancel(ctx))
	if _, err := tx.Exec(ctx, `SET LOCAL idle_in_transaction_session_timeout = 0`); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock($1)`, int64(migrationLock)); err != nil {
		return fmt.Errorf("migrate: wait for the other process: %w", err)
	}
	if err := migrateOurs(ctx, pool); err != nil {
		return err
	}
	return migrateJobs(ctx, pool)
}

func migrateOurs(ctx context.Context, pool *pgxpool.Pool) error {
	db := stdlib.OpenDBFromPool(pool)
	defer db.Close()
	provider, err := newProvider(db)
	if err != nil {
		return err
	}
	has, needs, err := provider.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("read the version of the schema: %w", err)
	}
	if has > needs {
		return fmt.Errorf("%w (schema %d, program %d)", ErrNewerSchema, has, needs)
	}
	if has == needs {
		return nil
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrate from %d to %d: %w", has, needs, err)
	}
	return nil
}

func newProvider(db *sql.DB) (*goose.Provider, error) {
	dir, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, fmt.Errorf("read the embedded migrations: %w", err)
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, db, dir, goose.WithTableName("funnelbot_schema"))
	if err != nil {
		return nil, fmt.Errorf("read the embedded migrations: %w", err)
	}
	return provider, nil
}

// migrateJobs brings the tables of the job queue up to date; they have versions of their own.
func migrateJobs(ctx context.Context, pool *pgxpool.Pool) error {
	migrator, err := rivermigrate.New(riverpgxv5.New(pool), nil)
	if err != nil {
		return fmt.Errorf("read the migrations of the job queue: %w", err)
	}
	if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("migrate the job queue: %w", err)
	}
	return nil
}

// SchemaVersions returns the version that the database has and the one that this program needs.
func SchemaVersions(ctx context.Context, c Config) (has, needs int64, err error) {
	pool, err := newPool(ctx, c)
	if err != nil {
		return 0, 0, err
	}
	defer pool.Close()
	db := stdlib.OpenDBFromPool(pool)
	defer db.Close()
	provider, err := newProvider(db)
	if err != nil {
		return 0, 0, err
	}
	has, needs, err = provider.GetVersions(ctx)
	if err != nil {
		return 0, 0, fmt.Errorf("read the version of the schema: %w", err)
	}
	return has, needs, nil
}

// checkSchema refuses a database whose schema is not the one that this program was written for.
func (s *Store) checkSchema(ctx context.Context) error {
	needs, err := newest()
	if err != nil {
		return err
	}
	var has int64
	err = s.pool.QueryRow(ctx, `SELECT coalesce(max(version_id), 0) FROM funnelbot_schema WHERE is_applied`).Scan(&has)
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok && pg.Code == "42P01" { // no such table
		err = nil
	}
	switch {
	case err != nil:
		return fmt.Errorf("read the version of the schema: %w", err)
	case has > needs:
		return fmt.Errorf("%w (schema %d, program %d)", ErrNewerSchema, has, needs)
	case has < needs:
		return fmt.Errorf("%w (schema %d, program %d)", ErrOlderSchema, has, needs)
	}
	return nil
}

// newest returns the version of the last embedded migration.
func newest() (int64, error) {
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return 0, fmt.Errorf("read the embedded migrations: %w", err)
	}
	var last int64
	for _, f := range files {
		v, err := goose.NumericComponent(f)
		if err != nil {
			return 0, fmt.Errorf("read the embedded migrations: %w", err)
		}
		last = max(last, v)
	}
	return last, nil
}
