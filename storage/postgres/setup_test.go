package postgres_test

import (
	"context"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
	"funnelbot/funnel/definition"
	"funnelbot/storage/postgres"
	"funnelbot/storage/postgres/pgtest"
)

// start is the morning on which the stories of these tests begin: a Monday.
var start = time.Date(2026, time.November, 23, 9, 0, 0, 0, time.UTC)

// world is a workspace with one member on a database of its own.
type world struct {
	url     string
	direct  string // past the proxy, where there is one
	store   *postgres.Store
	service *funnel.Service
	pool    *pgxpool.Pool
	space   funnel.Workspace
	member  funnel.Member
	clock   *atomic.Int64
}

func newID() funnel.ID { return funnel.ID(uuid.Must(uuid.NewV7())) }

func migrate(ctx context.Context, url string) error {
	return postgres.Migrate(ctx, postgres.Config{URL: url, Log: slog.New(slog.DiscardHandler), Clock: func() time.Time { return start }})
}

func setup(tb testing.TB) *world {
	tb.Helper()
	return setupOn(tb, pgtest.New(tb, migrate))
}

func setupOn(tb testing.TB, url string) *world {
	tb.Helper()
	w := &world{url: url, clock: &atomic.Int64{}}
	w.clock.Store(start.UnixNano())
	store, err := postgres.Open(tb.Context(), postgres.Config{URL: w.url, Log: slog.New(slog.DiscardHandler), Clock: w.now})
	require.NoError(tb, err)
	tb.Cleanup(store.Close)
	w.store = store
	w.pool = pgtest.Pool(tb, w.url)
	def, err := definition.Default()
	require.NoError(tb, err)
	w.service = funnel.New(funnel.Config{
		Store: store, Funnels: func(funnel.Kind) *funnel.Funnel { return def }, Clock: w.now, IDs: newID,
	})
	w.space, err = store.Settle(tb.Context(), funnel.Workspace{
		ID: newID(), Name: "Test works", Locale: funnel.English, Zone: "UTC", Currency: "USD", Calendar: funnel.OfficeHours(),
	}, funnel.Team{ID: newID(), Name: "Sales"})
	require.NoError(tb, err)
	w.member = w.join(tb, "Anna", funnel.Admin)
	return w
}

func (w *world) now() time.Time { return time.Unix(0, w.clock.Load()).UTC() }

func (w *world) advance(d time.Duration) { w.clock.Add(int64(d)) }

func (w *world) join(tb testing.TB, name string, role funnel.Role) funnel.Member {
	tb.Helper()
	m, err := w.store.SignIn(tb.Context(), funnel.Identity{Door: "local", External: name, Workspace: w.space.ID}, funnel.Member{
		Workspace: w.space.ID, ID: newID(), Name: name, Role: role, Locale: funnel.English, Active: true,
	})
	require.NoError(tb, err)
	return m
}

func (w *world) act(event string) funnel.Act {
	return funnel.Act{Workspace: w.space.ID, Member: w.member.ID, Event: event, Origin: funnel.FromChat}
}

func (w *world) open(tb testing.TB, company string) funnel.Changed {
	tb.Helper()
	r, err := w.service.Open(tb.Context(), w.act("open "+company), funnel.OpenDeal{
		Company: funnel.Company{Name: company}, Owner: w.member.ID, Amount: funnel.Money{Minor: 1_200_000_00, Currency: "USD"},
	})
	require.NoError(tb, err)
	return r
}

func (w *world) count(tb testing.TB, from string) int {
	tb.Helper()
	var n int
	require.NoError(tb, w.pool.QueryRow(tb.Context(), "SELECT count(*) FROM "+from).Scan(&n))
	return n
}
