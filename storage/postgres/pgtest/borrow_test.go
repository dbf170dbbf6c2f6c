package pgtest

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

func TestBorrowedServerIsSweptOfEndedRunsAlone(t *testing.T) {
	t.Parallel()
	host := Cluster(t)
	ended, err := borrow(t.Context(), host.URL())
	require.NoError(t, err)
	running, err := borrow(t.Context(), host.URL())
	require.NoError(t, err)
	var names []string
	for _, s := range []*server{ended, running} {
		name, err := s.makeTemplate(t.Context(), nothing)
		require.NoError(t, err)
		names = append(names, name)
		pool := Pool(t, s.clone(t, name))
		require.NoError(t, pool.Ping(t.Context()))
	}
	held, ok := ended.held.(*pgx.Conn)
	require.True(t, ok)
	require.NoError(t, held.Close(t.Context()))

	next, err := borrow(t.Context(), host.URL())

	require.NoError(t, err)
	require.NotEqual(t, running.prefix, next.prefix)
	left := databases(t, host.URL())
	require.NotContains(t, left, names[0], "an ended run's database was kept")
	require.Contains(t, left, names[1], "a running run's database was dropped")
	for _, s := range []*server{running, next} {
		conn, ok := s.held.(*pgx.Conn)
		require.True(t, ok)
		require.NoError(t, conn.Close(t.Context()))
	}
}

func TestDatabaseGoesWithItsTest(t *testing.T) { //nolint:tparallel // the end of the inner test is what is looked at
	t.Parallel()
	host := Cluster(t)
	s, err := newServer(host.URL(), host.URL(), "brief_")
	require.NoError(t, err)
	name, err := s.makeTemplate(t.Context(), nothing)
	require.NoError(t, err)

	t.Run("given", func(t *testing.T) {
		conn, err := pgx.Connect(t.Context(), s.clone(t, name))
		require.NoError(t, err)
		t.Cleanup(func() { conn.Close(context.WithoutCancel(t.Context())) })
		require.Len(t, databases(t, host.URL()), 2)
	})

	require.Equal(t, []string{name}, databases(t, host.URL()))
}

func databases(t *testing.T, dsn string) []string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	require.NoError(t, err)
	defer conn.Close(t.Context())
	const list = `SELECT datname FROM pg_database WHERE datname NOT IN ('postgres', 'funnelbot') AND NOT datname LIKE 'template_'`
	rows, err := conn.Query(t.Context(), list)
	require.NoError(t, err)
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	return names
}
