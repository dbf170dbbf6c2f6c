package postgres

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

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

// ErrNewerSchema says that a newer version of the program has been at work on the database.
var ErrNewerSchema = errors.New("the database was made by a newer version of funnelbot: update this program")

// Migrate brings the schema to the version of this program. Any number of processes may call it at
// once. An interrupted migration is resumed; a schema that is newer is [ErrNewerSchema] and is not
// touched.
func Migrate(ctx context.Context, c Config) error {
	pool, err := newPool(ctx, c)
	if err != nil {
		return err
	}
	defer pool.Close()
	// The lock lives in an open transaction on a connection of its own, so that it also holds
	// behind a pooler and vanishes with the process.
	tx, err := pool.Begin(ctx)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	defer tx.Rollback(context.WithoutCancel(ctx))
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
