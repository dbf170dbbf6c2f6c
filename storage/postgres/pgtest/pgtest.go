// Package pgtest gives every test a PostgreSQL database of its own. One
// private cluster serves a test binary; a migrated template in it is cloned
// for each test. With TEST_DATABASE_URL set, that server is used instead; its
// user must be allowed to create databases.
//
// Nothing has to be stopped: the cluster ends with the binary, also when that
// is killed.
package pgtest

import (
	"context"
	"fmt"
	"reflect"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
)

// New returns the address of a fresh database with the schema migrate makes.
// It runs once for each migrate function in a test binary, on the template all
// later databases are copied from; two closures of the same code count as the
// same function. The database is dropped when the test ends.
func New(tb testing.TB, migrate func(ctx context.Context, dsn string) error) string {
	tb.Helper()
	s := start(tb)
	tmpl := s.template(reflect.ValueOf(migrate).Pointer())
	tmpl.once.Do(func() { tmpl.name, tmpl.err = s.makeTemplate(tb.Context(), migrate) })
	require.NoError(tb, tmpl.err, "migrate the template database")
	return s.clone(tb, tmpl.name)
}

// Empty returns the address of a fresh database with the extension pg_trgm and
// nothing else, for tests of migrations themselves.
func Empty(tb testing.TB) string {
	tb.Helper()
	return New(tb, nothing)
}

func nothing(context.Context, string) error { return nil }

// Pool opens a pool on a database and closes it when the test ends.
func Pool(tb testing.TB, dsn string) *pgxpool.Pool {
	tb.Helper()
	pool, err := pgxpool.New(tb.Context(), dsn)
	require.NoError(tb, err, "open a pool")
	tb.Cleanup(pool.Close)
	return pool
}

// WithLocale returns the address of an empty database with the given locale,
// such as "C", for tests of what is refused.
func WithLocale(tb testing.TB, locale string) string {
	tb.Helper()
	s := start(tb)
	return s.database(tb, fmt.Sprintf("TEMPLATE template0 ENCODING 'UTF8' LOCALE '%s'", locale))
}

// shared is the server of this test binary. A binary has no other place for
// what its tests share.
var shared = sync.OnceValues(open)

func start(tb testing.TB) *server {
	tb.Helper()
	s, err := shared()
	require.NoError(tb, err, "start a PostgreSQL cluster for tests")
	return s
}
