package postgres_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
	"funnelbot/funnel/definition"
	"funnelbot/storage/postgres"
)

// everyDay is a store that keeps every day apart, whatever edges it is told.
type everyDay struct{ *postgres.Store }

func (d everyDay) CountSpells(ctx context.Context, workspace funnel.ID, p funnel.Period) (funnel.SpellTable, error) {
	p.Edges = nil
	return d.Store.CountSpells(ctx, workspace, p)
}

func (d everyDay) CountSlices(ctx context.Context, workspace funnel.ID, p funnel.Period, stage funnel.StageKey) ([]funnel.SliceGroup, error) {
	p.Edges = nil
	return d.Store.CountSlices(ctx, workspace, p, stage)
}

// sameEveryDay requires that the reports of a workspace are those of a store that keeps every day apart, and
// returns the stages that were weakest.
func (w *world) sameEveryDay(tb testing.TB, space funnel.ID, queries ...funnel.ReportQuery) (weakest []funnel.StageKey) {
	tb.Helper()
	def, err := definition.Default()
	require.NoError(tb, err)
	slow := funnel.New(funnel.Config{
		Store: everyDay{w.store}, Funnels: func(funnel.Kind) *funnel.Funnel { return def }, Clock: w.now, IDs: newID,
	})
	for _, q := range queries {
		got, err := w.service.Analyse(tb.Context(), space, q)
		require.NoError(tb, err)
		want, err := slow.Analyse(tb.Context(), space, q)
		require.NoError(tb, err)
		require.Equal(tb, want, got, "%+v", q)
		weakest = append(weakest, got.Bottleneck.Weakest)
	}
	return weakest
}

func TestAnAnalysisOfStaysBetweenEdgesIsThatOfEveryDay(t *testing.T) {
	t.Parallel()
	for seed := range uint64(2) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			s := &season{story: tell(t), rand: rand.New(rand.NewPCG(seed, 8))}
			s.team = []funnel.Member{s.member, s.join(t, "Boris", funnel.Manager)}
			for range 400 {
				s.work()
			}
			// Windows of a few days, so that the season has all of those before them; and one that ended earlier.
			s.sameEveryDay(t, s.space.ID,
				funnel.ReportQuery{Widen: true}, funnel.ReportQuery{Window: 10}, funnel.ReportQuery{Window: 3},
				funnel.ReportQuery{Window: 7, AsOf: s.now().AddDate(0, 0, -9)},
			)
		})
	}
}

func TestALongAnalysisOfStaysBetweenEdgesIsThatOfEveryDay(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.liveFor(t, w.space.ID, past{deals: 3000, years: 3})
	weakest := w.sameEveryDay(t, w.space.ID,
		funnel.ReportQuery{Widen: true}, funnel.ReportQuery{Window: 30}, funnel.ReportQuery{Window: 180}, funnel.ReportQuery{Window: 400},
		funnel.ReportQuery{AsOf: w.now().AddDate(0, -5, 0)},
	)
	require.True(t, slices.ContainsFunc(weakest, func(k funnel.StageKey) bool { return k != "" }), "some stage is sliced")
}
