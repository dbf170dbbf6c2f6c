package stats_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel/stats"
)

func TestATallyIsWhatTheCurveOfItsStaysIs(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 6))
	for range 500 {
		var all, rest []stats.Group
		whole, part := stats.NewTally(3), stats.NewTally(3)
		for range 1 + r.IntN(60) {
			from := r.IntN(30) * r.IntN(2)
			g := stats.Group{From: from, To: from + r.IntN(20), Cause: r.IntN(4) - 1, N: r.IntN(4)}
			all = append(all, g)
			whole.Add(g)
			if r.IntN(3) == 0 {
				part.Add(g)
			} else {
				rest = append(rest, g)
			}
		}
		without, curve := whole.Without(part), stats.Estimate(rest, 3)
		require.Equal(t, curve.Exits(), without.Exits())
		require.Equal(t, whole.Stays()-part.Stays(), without.Stays())
		for k := range 3 {
			require.InDelta(t, stats.Estimate(all, 3).Share(k), whole.Share(k), 1e-12)
			require.InDelta(t, curve.Share(k), without.Share(k), 1e-12)
			require.Equal(t, curve.Events(k), without.Events(k))
		}
	}
}

func TestATallyGivesWhatIsComputedByHand(t *testing.T) {
	t.Parallel()
	whole, part := stats.NewTally(2), stats.NewTally(2)
	for _, g := range []stats.Group{{0, 1, 0, 3}, {0, 2, 1, 2}, {0, 3, stats.Censored, 5}, {1, 3, 0, 1}} {
		whole.Add(g)
	}
	// Ten are at risk at 1, of whom three go on; eight at 2, of whom two are lost; six at 3, one goes on.
	require.InDelta(t, 0.3+0.7*6.0/8/6, whole.Share(0), 1e-15)
	part.Add(stats.Group{0, 2, 1, 2})
	require.InDelta(t, 3.0/8+5.0/8/6, whole.Without(part).Share(0), 1e-15)
	require.Equal(t, 9, whole.Without(part).Stays())
}
