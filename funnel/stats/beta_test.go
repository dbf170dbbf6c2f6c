package stats_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel/stats"
)

func TestShrunkGivesWhatIsComputedByHand(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		hits, n       int
		prior, weight float64
		level         float64
		low, high     float64
	}{
		// Beta(1, 1) is uniform.
		{0, 0, 0.5, 2, 0.9, 0.05, 0.95},
		// Beta(a, 1) has the distribution function xᵃ: of Beta(6, 1) the quantiles are 0.05^(1/6) and 0.95^(1/6).
		{5, 5, 0.5, 2, 0.9, 0.606962, 0.991488},
		// Beta(1, 4): 1 − 0.95^(1/4) and 1 − 0.05^(1/4).
		{0, 3, 0.5, 2, 0.9, 0.012741, 0.527129},
		// Beta(2, 2) has 3x² − 2x³, which is 0.05 at 0.135350.
		{1, 2, 0.5, 2, 0.9, 0.135350, 0.864650},
		// Beta(½, ½) is the arcsine distribution: sin²(π·0.05/2) and sin²(π·0.95/2).
		{0, 0, 0.5, 1, 0.9, 0.006156, 0.993844},
	} {
		t.Run(fmt.Sprintf("%d of %d", c.hits, c.n), func(t *testing.T) {
			t.Parallel()
			i := stats.Shrunk(c.hits, c.n, c.prior, c.weight, c.level)
			require.InDelta(t, c.low, i.Low, 1e-6)
			require.InDelta(t, c.high, i.High, 1e-6)
		})
	}
	// Two of six where 0.4 was usual: (4 + 2)/(10 + 6).
	require.InDelta(t, 0.375, stats.ShrunkMean(2, 6, 0.4, 10), 1e-15)
}

// binomial is the probability of at least k hits in n trials, which is the distribution function of
// Beta(k, n − k + 1) at p.
func binomial(k, n int, p float64) float64 {
	sum := 0.0
	for i := k; i <= n; i++ {
		all, _ := math.Lgamma(float64(n + 1))
		hits, _ := math.Lgamma(float64(i + 1))
		misses, _ := math.Lgamma(float64(n - i + 1))
		sum += math.Exp(all - hits - misses + float64(i)*math.Log(p) + float64(n-i)*math.Log1p(-p))
	}
	return sum
}

func TestShrunkQuantilesAreThoseOfTheBetaDistribution(t *testing.T) {
	t.Parallel()
	for _, weight := range []float64{2, 10, 50, 400} {
		for _, n := range []int{0, 1, 5, 14, 300, 20_000} {
			for _, hits := range []int{0, n / 7, n / 2, n} {
				for _, level := range []float64{0.5, 0.9, 0.999} {
					i := stats.Shrunk(hits, n, 0.5, weight, level)
					k, trials := int(weight/2)+hits, int(weight)+n-1
					require.InDelta(t, (1-level)/2, binomial(k, trials, i.Low), 1e-9)
					require.InDelta(t, (1+level)/2, binomial(k, trials, i.High), 1e-9)
				}
			}
		}
	}
}

func TestShrunkIsDrawnToWhatIsKnownAndLeavesItWithEvidence(t *testing.T) {
	t.Parallel()
	before := stats.Shrunk(0, 0, 0.6, 10, stats.Level)
	require.Less(t, before.Low, 0.6)
	require.Greater(t, before.High, 0.6)
	for n := 1; n < 14; n++ {
		i := stats.Shrunk(0, n, 0.6, 10, stats.Level)
		require.Less(t, i.Low, before.Low)
		require.Less(t, i.High, before.High)
		require.Less(t, i.Low, stats.ShrunkMean(0, n, 0.6, 10))
		require.Greater(t, i.High, stats.ShrunkMean(0, n, 0.6, 10))
		before = i
	}
}

func TestAPriorThatRulesSomethingOutIsNotBelieved(t *testing.T) {
	t.Parallel()
	for _, prior := range []float64{0, 1} {
		i := stats.Shrunk(0, 0, prior, 10, stats.Level)
		require.Greater(t, i.High-i.Low, 0.1)
	}
	never := stats.Shrunk(3, 3, 0, 10, stats.Level)
	require.Greater(t, never.Low, 0.05)
	require.Greater(t, stats.ShrunkMean(3, 3, 0, 10), 0.2)
	always := stats.Shrunk(0, 3, 1, 10, stats.Level)
	require.InDelta(t, 1-never.Low, always.High, 1e-9, "both sides are alike")
	require.InDelta(t, 1-never.High, always.Low, 1e-9)
}

func TestTheMethodFollowsTheExits(t *testing.T) {
	t.Parallel()
	for exits, want := range map[int]stats.Method{
		0: "shrunk", 14: "shrunk", 15: "wilson", 29: "wilson", 30: "bootstrap", 100_000: "bootstrap",
	} {
		require.Equal(t, want, stats.MethodFor(exits), exits)
	}
}

func TestWilsonOfAShareIsThatOfItsHits(t *testing.T) {
	t.Parallel()
	of, share := stats.Wilson(15, 24, 0.9), stats.WilsonShare(0.625, 24, 0.9)
	require.InDelta(t, of.Low, share.Low, 1e-15)
	require.InDelta(t, of.High, share.High, 1e-15)
	for _, p := range []float64{0, 1} {
		i := stats.WilsonShare(p, 24, 0.9)
		require.GreaterOrEqual(t, i.Low, 0.0)
		require.LessOrEqual(t, i.High, 1.0)
		require.InDelta(t, 0, min(i.Low, 1-i.High), 1e-12)
	}
	require.Equal(t, stats.Interval{Low: 0, High: 1}, stats.WilsonShare(0.3, 0, 0.9))
}
