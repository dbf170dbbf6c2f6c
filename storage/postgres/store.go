// Package postgres keeps what must outlive a process: deals with their moves, spells and
// activities, members, results under keys, owed messages and dialogs. It implements
// [funnel.Store].
package postgres

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"funnelbot/funnel"
)

// Store is a [funnel.Store] on a PostgreSQL database.
type Store struct {
	pool  *pgxpool.Pool
	log   *slog.Logger
	clock func() time.Time

	// workspaces holds settings by version, because parsing a calendar for every move costs more
	// than reading it.
	workspaces sync.Map
	// woken are the couriers of this process that are told when messages were left in the outbox.
	woken struct {
		sync.Mutex
		all []chan struct{}
	}
}

// Config says how to reach the database.
type Config struct {
	// URL is a PostgreSQL connection string or DSN.
	URL string
	Log *slog.Logger
	// Clock is the time of the program.
	Clock func() time.Time
	// Connections limits the pool; zero means four for each processor.
	Connections int32
}

// connectTimeout bounds one attempt to connect, well inside the budget of a command.
const connectTimeout = 2 * time.Second

// idleTimeout is how long a transaction may lie idle before the server ends it. Between the two
// trips of a unit of work pass microseconds; a process that was cut off from the network there
// would keep its deal locked for hours.
const idleTimeout = "SET idle_in_transaction_session_timeout = '5s'"

// Open connects to a database whose schema fits this program; see [Migrate]. The caller closes
// the store.
func Open(ctx context.Context, c Config) (*Store, error) {
	pool, err := newPool(ctx, c)
	if err != nil {
		return nil, err
	}
	s := &Store{pool: pool, log: c.Log, clock: c.Clock}
	if err := s.check(ctx); err != nil {
		pool.Close()
		return nil, err
	}
	return s, nil
}

func newPool(ctx context.Context, c Config) (*pgxpool.Pool, error) {
	cfg, err := pgxpool.ParseConfig(c.URL)
	if err != nil {
		return nil, fmt.Errorf("read the database address: %w", err)
	}
	if c.Connections > 0 {
		cfg.MaxConns = c.Connections
	} else {
		cfg.MaxConns = max(8, 4*processors())
	}
	cfg.ConnConfig.ConnectTimeout = connectTimeout
	cfg.ConnConfig.RuntimeParams["application_name"] = "funnelbot"
	cfg.ConnConfig.RuntimeParams["timezone"] = "UTC"
	cfg.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
		registerTypes(conn)
		// Not a startup parameter: a pooler in between would refuse it.
		_, err := conn.Exec(ctx, idleTimeout, pgx.QueryExecModeSimpleProtocol)
		return err
	}
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	return pool, nil
}

// closeTimeout is how long a server that does not answer holds up the end of the program.
const closeTimeout = 3 * time.Second

// Close waits for connections in use and closes them all.
func (s *Store) Close() {
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		s.pool.Close()
	}()
	timer := time.NewTimer(closeTimeout)
	defer timer.Stop()
	select {
	case <-closed:
	case <-timer.C:
		s.log.Warn("the database does not answer: connections are left to the system")
	}
}

// Ping reports whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	if err := s.pool.Ping(ctx); err != nil {
		return fmt.Errorf("ping the database: %w", err)
	}
	return nil
}

// Woken returns a channel of its own for each call, which is signalled when this process has left a
// message in the outbox. It is called once for each courier: channels stay as long as the store.
func (s *Store) Woken() <-chan struct{} {
	wake := make(chan struct{}, 1)
	s.woken.Lock()
	defer s.woken.Unlock()
	s.woken.all = append(s.woken.all, wake)
	return wake
}

func (s *Store) signal() {
	s.woken.Lock()
	defer s.woken.Unlock()
	for _, wake := range s.woken.all {
		select {
		case wake <- struct{}{}:
		default:
		}
	}
}

var _ funnel.Store = (*Store)(nil)

// Empty reports whether there is nothing to lose: no deal, no company, no message that is owed, and
// nobody but the one who has just come.
func (s *Store) Empty(ctx context.Context) (bool, error) {
	var some bool
	err := s.pool.QueryRow(ctx, `
		SELECT EXISTS (SELECT 1 FROM deals) OR EXISTS (SELECT 1 FROM companies) OR EXISTS (SELECT 1 FROM outbox)
			OR (SELECT count(*) FROM members) > 1`).Scan(&some)
	if err != nil {
		return false, fmt.Errorf("look for deals: %w", err)
	}
	return !some, nil
}
