package postgres_test

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/storage/postgres"
	"funnelbot/storage/postgres/pgtest"
)

func config(url string) postgres.Config {
	return postgres.Config{URL: url, Log: slog.New(slog.DiscardHandler), Clock: func() time.Time { return start }}
}

func TestFourProcessesMayMigrateAtOnce(t *testing.T) {
	t.Parallel()
	url := pgtest.Empty(t)
	var errs [4]error
	var group sync.WaitGroup
	for i := range errs {
		c := config(url)
		c.Connections = 1 // even where the pool is told to be small
		group.Go(func() { errs[i] = postgres.Migrate(t.Context(), c) })
	}
	group.Wait()

	for _, err := range errs {
		require.NoError(t, err)
	}
	has, needs, err := postgres.SchemaVersions(t.Context(), config(url))
	require.NoError(t, err)
	require.Equal(t, needs, has)
	setupOn(t, url).open(t, "Ромашка")
}

func TestASchemaThatDoesNotFitIsRefused(t *testing.T) {
	t.Parallel()
	url := pgtest.New(t, migrate)
	pool := pgtest.Pool(t, url)
	_, err := pool.Exec(t.Context(), `INSERT INTO funnelbot_schema (version_id, is_applied) VALUES (9999, true)`)
	require.NoError(t, err)

	require.ErrorIs(t, postgres.Migrate(t.Context(), config(url)), postgres.ErrNewerSchema)
	_, err = postgres.Open(t.Context(), config(url))
	require.ErrorIs(t, err, postgres.ErrNewerSchema)

	_, err = pool.Exec(t.Context(), `DELETE FROM funnelbot_schema WHERE version_id > 0`)
	require.NoError(t, err)
	_, err = postgres.Open(t.Context(), config(url))
	require.ErrorIs(t, err, postgres.ErrOlderSchema)
	_, err = postgres.Open(t.Context(), config(pgtest.Empty(t)))
	require.ErrorIs(t, err, postgres.ErrOlderSchema)
}

func TestAnInterruptedMigrationIsResumed(t *testing.T) {
	t.Parallel()
	url := pgtest.Empty(t)
	interrupted := 0
	for after := 5 * time.Millisecond; ; after += 15 * time.Millisecond {
		ctx, cancel := context.WithTimeout(t.Context(), after)
		err := postgres.Migrate(ctx, config(url))
		cancel()
		if err == nil {
			break
		}
		interrupted++
	}

	require.Positive(t, interrupted)
	require.NoError(t, migrate(t.Context(), url))
	setupOn(t, url).open(t, "Ромашка")
}

func TestADatabaseThatKnowsNoCyrillicIsRefused(t *testing.T) {
	t.Parallel()
	url := pgtest.WithLocale(t, "C")

	require.ErrorIs(t, postgres.Migrate(t.Context(), config(url)), postgres.ErrLocale)
	_, err := postgres.Open(t.Context(), config(url))

	require.ErrorIs(t, err, postgres.ErrLocale)
	var tables int
	require.NoError(t, pgtest.Pool(t, url).QueryRow(t.Context(),
		`SELECT count(*) FROM pg_tables WHERE schemaname = 'public'`).Scan(&tables))
	require.Zero(t, tables, "something was left in it")
}
