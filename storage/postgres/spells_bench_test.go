package postgres_test

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
	"funnelbot/funnel/definition"
	"funnelbot/storage/postgres"
	"funnelbot/storage/postgres/pgtest"
)

// BenchmarkDigest measures what the digest reads and the analysis behind it, in a workspace of 10,000 deals
// and, in the same database, in one of as many as DIGEST_DEALS says; each deal makes about ten moves in
// the ten years of the workspace. DIGEST_DATABASE names an empty database that is filled and kept:
//
//	createdb digest
//	DIGEST_DATABASE=postgres://postgres@127.0.0.1/digest DIGEST_DEALS=1000000 \
//		go test ./storage/postgres -run '^$' -bench '^BenchmarkDigest$' -timeout 1h
//
// A million deals take some minutes to generate and 7 GB to keep. Without the variables the smaller
// workspace is measured alone, in a database of the test.
func BenchmarkDigest(b *testing.B) {
	sizes, url := []int{10_000}, os.Getenv("DIGEST_DATABASE")
	if n, err := strconv.Atoi(os.Getenv("DIGEST_DEALS")); err == nil {
		sizes = append(sizes, n)
	}
	if url == "" {
		url = pgtest.New(b, migrate)
	}
	require.NoError(b, migrate(b.Context(), url))
	w := setupOn(b, url)
	for _, deals := range sizes {
		space := w.aged(b, past{deals: deals, years: 10})
		b.Run(fmt.Sprintf("%d deals", deals), func(b *testing.B) { benchDigest(b, w, space) })
	}
}

// aged is the workspace with that past, which is generated unless the database has it already.
func (w *world) aged(tb testing.TB, p past) funnel.ID {
	tb.Helper()
	space, err := w.store.Settle(tb.Context(), funnel.Workspace{
		ID: newID(), Name: fmt.Sprintf("%d deals in %d years", p.deals, p.years), Locale: funnel.English, Zone: "UTC", Currency: "USD",
		Calendar: funnel.OfficeHours(),
	}, funnel.Team{ID: newID(), Name: "Sales"})
	require.NoError(tb, err)
	if w.count(tb, fmt.Sprintf("deal_counters WHERE workspace_id = '%s'", space.ID)) == 0 {
		w.liveFor(tb, space.ID, p)
	}
	return space.ID
}

// asked is a store that remembers how the digest asked it.
type asked struct {
	*postgres.Store
	mu    sync.Mutex
	again map[string]func(ctx context.Context) error
}

func (a *asked) ask(name string, again func(ctx context.Context) error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.again[name] = again
}

func (a *asked) CountSpells(ctx context.Context, workspace funnel.ID, p funnel.Period) (funnel.SpellTable, error) {
	a.ask("spells", func(ctx context.Context) error {
		_, err := a.Store.CountSpells(ctx, workspace, p)
		return err
	})
	return a.Store.CountSpells(ctx, workspace, p)
}

func (a *asked) CountEntries(
	ctx context.Context, workspace funnel.ID, p funnel.Period,
) ([]funnel.EntryGroup, []funnel.TypicalAmount, error) {
	a.ask("entries", func(ctx context.Context) error {
		_, _, err := a.Store.CountEntries(ctx, workspace, p)
		return err
	})
	return a.Store.CountEntries(ctx, workspace, p)
}

func (a *asked) CountSlices(
	ctx context.Context, workspace funnel.ID, p funnel.Period, stage funnel.StageKey,
) ([]funnel.SliceGroup, error) {
	a.ask("slices", func(ctx context.Context) error {
		_, err := a.Store.CountSlices(ctx, workspace, p, stage)
		return err
	})
	return a.Store.CountSlices(ctx, workspace, p, stage)
}

func (a *asked) Standing(ctx context.Context, workspace funnel.ID, p funnel.Period) ([]funnel.StandingDeal, error) {
	a.ask("standing", func(ctx context.Context) error {
		_, err := a.Store.Standing(ctx, workspace, p)
		return err
	})
	return a.Store.Standing(ctx, workspace, p)
}

func (a *asked) CountWon(ctx context.Context, workspace funnel.ID, p funnel.Period) ([]funnel.WonCount, error) {
	a.ask("won", func(ctx context.Context) error {
		_, err := a.Store.CountWon(ctx, workspace, p)
		return err
	})
	return a.Store.CountWon(ctx, workspace, p)
}

func (a *asked) CountNews(ctx context.Context, workspace funnel.ID, p funnel.Period) (funnel.NewsTable, error) {
	a.ask("news", func(ctx context.Context) error {
		_, err := a.Store.CountNews(ctx, workspace, p)
		return err
	})
	return a.Store.CountNews(ctx, workspace, p)
}

// benchDigest measures the digest as a whole, the same where a stage is far from its plan and a cause is looked
// for, which asks for more, and the parts of the latter one by one, each as it was asked for.
func benchDigest(b *testing.B, w *world, space funnel.ID) {
	b.Helper()
	def, err := definition.Default()
	require.NoError(b, err)
	demanding := *def
	demanding.Stages = slices.Clone(def.Stages)
	demanding.Stages[def.Index("negotiation")].Goal = 0.9
	store := &asked{Store: w.store, again: map[string]func(ctx context.Context) error{}}
	digest := func(def *funnel.Funnel) func(context.Context) error {
		service := funnel.New(funnel.Config{
			Store: store, Funnels: func(funnel.Kind) *funnel.Funnel { return def }, Clock: w.now, IDs: newID,
		})
		return func(ctx context.Context) error {
			_, _, err := service.DigestNow(ctx, space, funnel.DigestQuery{})
			return err
		}
	}
	run := func(name string, do func(ctx context.Context) error) {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				require.NoError(b, do(b.Context()))
			}
		})
	}
	caused := digest(&demanding)
	require.NoError(b, caused(b.Context()))
	require.Contains(b, store.again, "slices")
	run("all", digest(def))
	run("all with a cause", caused)
	for _, name := range slices.Sorted(maps.Keys(store.again)) {
		run(name, store.again[name])
	}
}
