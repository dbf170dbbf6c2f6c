package sample_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
	"funnelbot/funnel/definition"
	"funnelbot/funnel/sample"
	"funnelbot/storage/postgres"
	"funnelbot/storage/postgres/pgtest"
)

// noon is the middle of a working day.
var noon = time.Date(2026, time.November, 23, 12, 0, 0, 0, time.UTC)

// world is a workspace on a database of its own, with the person at the chat.
type world struct {
	store  *postgres.Store
	pool   *pgxpool.Pool
	config sample.Config
	funnel *funnel.Funnel
	// service works at noon.
	service *funnel.Service
}

func newID() funnel.ID { return funnel.ID(uuid.Must(uuid.NewV7())) }

func migrate(ctx context.Context, url string) error {
	return postgres.Migrate(ctx, postgres.Config{URL: url, Log: slog.New(slog.DiscardHandler), Clock: func() time.Time { return noon }})
}

func setup(tb testing.TB, l funnel.Locale, now time.Time) *world {
	tb.Helper()
	w := &world{}
	url := pgtest.New(tb, migrate)
	var err error
	w.store, err = postgres.Open(tb.Context(), postgres.Config{
		URL: url, Log: slog.New(slog.DiscardHandler), Clock: func() time.Time { return now },
	})
	require.NoError(tb, err)
	tb.Cleanup(w.store.Close)
	w.pool = pgtest.Pool(tb, url)
	w.funnel, err = definition.Default()
	require.NoError(tb, err)
	renewals, err := definition.Renewal()
	require.NoError(tb, err)
	funnels := func(k funnel.Kind) *funnel.Funnel {
		if k == funnel.Renewal {
			return renewals
		}
		return w.funnel
	}
	w.service = funnel.New(funnel.Config{Store: w.store, Funnels: funnels, Clock: func() time.Time { return now }, IDs: newID})
	currency := funnel.Currency("USD")
	if l == funnel.Russian {
		currency = "RUB"
	}
	space, err := w.store.Settle(tb.Context(), funnel.Workspace{
		ID: newID(), Name: "demo", Locale: l, Zone: "Europe/Moscow", Currency: currency, Calendar: funnel.OfficeHours(),
	}, funnel.Team{ID: newID(), Name: "demo"})
	require.NoError(tb, err)
	me, err := w.store.SignIn(tb.Context(), funnel.Identity{Door: "local", External: "kim", Workspace: space.ID}, funnel.Member{
		Workspace: space.ID, ID: newID(), Name: "Kim", Role: funnel.Admin, Locale: l, Active: true,
	})
	require.NoError(tb, err)
	w.config = sample.Config{
		Language: l, Now: now, Store: w.store, Funnel: funnels,
		NewID: newID, Workspace: space, Me: me, Place: "local/terminal",
	}
	return w
}

// play sets up a world and writes the history into it.
func play(tb testing.TB, l funnel.Locale, now time.Time) *world {
	tb.Helper()
	w := setup(tb, l, now)
	require.NoError(tb, sample.Play(tb.Context(), w.config))
	return w
}

// number returns the only value of a query.
func (w *world) number(tb testing.TB, sql string, args ...any) float64 {
	tb.Helper()
	var n float64
	require.NoError(tb, w.pool.QueryRow(tb.Context(), sql, args...).Scan(&n))
	return n
}

// lines returns the texts of a query, one for each row.
func (w *world) lines(tb testing.TB, sql string, args ...any) []string {
	tb.Helper()
	rows, err := w.pool.Query(tb.Context(), sql, args...)
	require.NoError(tb, err)
	all, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(tb, err)
	return all
}
