package pgtest

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"funnelbot/storage/embedded"
)

// server is a PostgreSQL server that databases can be created on.
type server struct {
	admin, user url.URL // for creating databases, and for the tests
	owner       string
	prefix      string // of every database of this run
	count       atomic.Int64
	// held is what must stay open as long as the binary lives: the cluster, or
	// the connection with this run's lock. Let go, the garbage collector would
	// close it.
	held any

	mu        sync.Mutex
	templates map[uintptr]*template
}

type template struct {
	once sync.Once
	name string
	err  error
}

// open starts the cluster, or joins the server of TEST_DATABASE_URL.
func open() (*server, error) {
	ctx := context.Background()
	if dsn := os.Getenv("TEST_DATABASE_URL"); dsn != "" {
		return borrow(ctx, dsn)
	}
	cluster, err := embedded.Start(ctx, embedded.Config{
		Ephemeral: true,
		// Tests run in parallel, each with a pool.
		Settings: map[string]string{"max_connections": "300"},
	})
	if err != nil {
		return nil, err
	}
	s, err := newServer(cluster.AdminURL(), cluster.URL(), "test_")
	if err != nil {
		return nil, err
	}
	s.held = cluster
	return s, s.exec(ctx, "ALTER ROLE "+s.owner+" CREATEDB")
}

func newServer(admin, user, prefix string) (*server, error) {
	a, err := url.Parse(admin)
	if err != nil {
		return nil, fmt.Errorf("parse the server's address: %w", err)
	}
	u, err := url.Parse(user)
	if err != nil {
		return nil, fmt.Errorf("parse the server's address: %w", err)
	}
	owner := pgx.Identifier{u.User.Username()}.Sanitize()
	return &server{admin: *a, user: *u, owner: owner, prefix: prefix, templates: map[uintptr]*template{}}, nil
}

// template finds the template of a migrate function.
func (s *server) template(key uintptr) *template {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.templates[key] == nil {
		s.templates[key] = &template{}
	}
	return s.templates[key]
}

// makeTemplate creates a database, migrates it, and closes it to connections,
// so that copying it never finds it in use.
func (s *server) makeTemplate(ctx context.Context, migrate func(context.Context, string) error) (string, error) {
	name := s.next()
	if err := s.exec(ctx, "CREATE DATABASE "+name+" OWNER "+s.owner); err != nil {
		return "", err
	}
	dsn := at(s.user, name)
	if err := run(ctx, dsn, "CREATE EXTENSION IF NOT EXISTS pg_trgm"); err != nil {
		return "", err
	}
	if err := migrate(ctx, dsn); err != nil {
		return "", err
	}
	return name, s.exec(ctx, "ALTER DATABASE "+name+" ALLOW_CONNECTIONS false")
}

// clone copies a template for a test.
func (s *server) clone(tb testing.TB, template string) string {
	tb.Helper()
	return s.database(tb, "TEMPLATE "+template)
}

// database creates a database for a test and drops it afterwards.
func (s *server) database(tb testing.TB, options string) string {
	tb.Helper()
	name := s.next()
	require.NoError(tb, s.exec(tb.Context(), "CREATE DATABASE "+name+" OWNER "+s.owner+" "+options))
	tb.Cleanup(func() {
		// The test's own context has ended by now.
		err := s.exec(context.WithoutCancel(tb.Context()), "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)")
		if err != nil {
			tb.Errorf("drop the test's database: %v", err)
		}
	})
	return at(s.user, name)
}

func (s *server) next() string { return s.prefix + strconv.FormatInt(s.count.Add(1), 10) }

// exec runs one statement as the one who may create databases.
func (s *server) exec(ctx context.Context, sql string) error { return run(ctx, s.admin.String(), sql) }

func run(ctx context.Context, dsn, sql string) error {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return fmt.Errorf("connect to the test server: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, sql); err != nil {
		return fmt.Errorf("%s: %w", sql, err)
	}
	return nil
}

// at is the server's address with another database in it.
func at(u url.URL, name string) string {
	u.Path = "/" + name
	return u.String()
}
