package postgres_test

import (
	"fmt"
	"os"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
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

func benchDigest(b *testing.B, w *world, space funnel.ID) {
	b.Helper()
	period := func(days int) funnel.Period {
		return funnel.Period{
			From: start.AddDate(0, 0, -days), To: start, Live: true, Days: days, Zone: start.Location(), Currency: "USD",
			Funnel: w.service.Funnel(funnel.NewBusiness),
		}
	}
	ctx := b.Context()
	for name, read := range map[string]func() error{
		"all": func() error {
			_, _, err := w.service.DigestNow(ctx, space, funnel.DigestQuery{})
			return err
		},
		"spells of 452 days": func() error {
			_, err := w.store.CountSpells(ctx, space, period(452))
			return err
		},
		"spells of 90 days": func() error {
			_, err := w.store.CountSpells(ctx, space, period(90))
			return err
		},
		"entries": func() error {
			_, _, err := w.store.CountEntries(ctx, space, period(90))
			return err
		},
		"slices": func() error {
			_, err := w.store.CountSlices(ctx, space, period(90), "negotiation")
			return err
		},
		"standing": func() error {
			_, err := w.store.Standing(ctx, space, period(90))
			return err
		},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				require.NoError(b, read())
			}
		})
	}
}
