package pgtest_test

import (
	"context"
	"strconv"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"funnelbot/storage/embedded"
	"funnelbot/storage/postgres/pgtest"
)

var migrations atomic.Int64

func migrate(ctx context.Context, dsn string) error {
	migrations.Add(1)
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, `CREATE TABLE deals (title TEXT NOT NULL)`)
	return err
}

func TestEveryTestHasItsOwnMigratedDatabase(t *testing.T) {
	t.Parallel()
	for i := range 8 {
		t.Run(strconv.Itoa(i), func(t *testing.T) {
			t.Parallel()
			pool := pgtest.Pool(t, pgtest.New(t, migrate))

			var before int
			require.NoError(t, pool.QueryRow(t.Context(), `SELECT count(*) FROM deals`).Scan(&before))
			_, err := pool.Exec(t.Context(), `INSERT INTO deals (title) VALUES ('crates')`)
			require.NoError(t, err)

			require.Zero(t, before, "another test's row is visible")
			require.EqualValues(t, 1, migrations.Load(), "the schema was made more than once")
		})
	}
}

func TestEmptyDatabaseFindsCyrillicByTrigrams(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t, pgtest.Empty(t))

	var alike float64
	require.NoError(t, pool.QueryRow(t.Context(), `SELECT similarity('Ромашка', 'рамашка')`).Scan(&alike))

	require.Greater(t, alike, 0.3)
}

func TestDatabaseWithAnotherLocaleDoesNotFoldCyrillic(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t, pgtest.WithLocale(t, "C"))

	var lower string
	require.NoError(t, pool.QueryRow(t.Context(), `SELECT lower('Ж')`).Scan(&lower))

	require.Equal(t, "Ж", lower)
}

func TestOwnClusterKeepsWhatWasCommittedThroughRestarts(t *testing.T) {
	t.Parallel()
	s := pgtest.Cluster(t)
	write := func(n int) {
		conn, err := pgx.Connect(t.Context(), s.URL())
		require.NoError(t, err)
		defer conn.Close(t.Context())
		_, err = conn.Exec(t.Context(), `CREATE TABLE IF NOT EXISTS moves (n INT)`)
		require.NoError(t, err)
		_, err = conn.Exec(t.Context(), `INSERT INTO moves (n) VALUES ($1)`, n)
		require.NoError(t, err)
	}

	write(1)
	s.Restart(t, embedded.Fast)
	write(2)
	s.Restart(t, embedded.Immediate)
	write(3)
	s.Stop(t, embedded.Fast)
	_, err := pgx.Connect(t.Context(), s.URL())
	require.Error(t, err, "the server answers while it is stopped")
	s.Start(t)

	conn, err := pgx.Connect(t.Context(), s.URL())
	require.NoError(t, err)
	defer conn.Close(t.Context())
	var sum int
	require.NoError(t, conn.QueryRow(t.Context(), `SELECT sum(n) FROM moves`).Scan(&sum))
	require.Equal(t, 6, sum)
}
