package stats_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel/stats"
)

func TestNewcombeGivesWhatWasPublished(t *testing.T) {
	t.Parallel()
	// Table II of the paper, method 10, at 95 %.
	for _, c := range []struct {
		a, b      stats.Proportion
		low, high float64
	}{
		{stats.Proportion{56, 70}, stats.Proportion{48, 80}, 0.0524, 0.3339},
		{stats.Proportion{9, 10}, stats.Proportion{3, 10}, 0.1705, 0.8090},
		{stats.Proportion{6, 7}, stats.Proportion{2, 7}, 0.0582, 0.8062},
		{stats.Proportion{5, 56}, stats.Proportion{0, 29}, -0.0381, 0.1926},
		{stats.Proportion{0, 10}, stats.Proportion{0, 20}, -0.1611, 0.2775},
		{stats.Proportion{0, 10}, stats.Proportion{0, 10}, -0.2775, 0.2775},
		{stats.Proportion{10, 10}, stats.Proportion{0, 20}, 0.6791, 1},
		{stats.Proportion{10, 10}, stats.Proportion{0, 10}, 0.6075, 1},
	} {
		t.Run(fmt.Sprint(c.a, c.b), func(t *testing.T) {
			t.Parallel()
			i := stats.Newcombe(c.a, c.b, 0.95)
			require.InDelta(t, c.low, i.Low, 5e-5)
			require.InDelta(t, c.high, i.High, 5e-5)
		})
	}
}

func TestNewcombeGivesWhatIsComputedByHand(t *testing.T) {
	t.Parallel()
	// z² = 2.705543. 15 of 20: Wilson (0.75 + 0.067639 ∓ 1.644854·√(0.1875/20 + 2.705543/1600))/1.135277,
	// 0.567798 to 0.872623. 6 of 20: (0.3 + 0.067639 ∓ 1.644854·√(0.21/20 + 2.705543/1600))/1.135277,
	// 0.163859 to 0.483804. The difference is 0.45, less √(0.182202² + 0.183804²) = 0.258808, and plus
	// √(0.122623² + 0.136141²) = 0.183223.
	i := stats.Newcombe(stats.Proportion{15, 20}, stats.Proportion{6, 20}, stats.Level)
	require.InDelta(t, 0.191192, i.Low, 2e-6)
	require.InDelta(t, 0.633223, i.High, 2e-6)
	require.True(t, i.Excludes(0))
	require.False(t, i.Excludes(0.45))
	require.True(t, i.Excludes(0.7))
}

func TestNewcombeTurnsRoundWithItsSides(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		a := stats.Proportion{Trials: 1 + r.IntN(60)}
		b := stats.Proportion{Trials: 1 + r.IntN(60)}
		a.Hits, b.Hits = r.IntN(a.Trials+1), r.IntN(b.Trials+1)
		there, back := stats.Newcombe(a, b, stats.Level), stats.Newcombe(b, a, stats.Level)
		require.InDelta(t, there.Low, -back.High, 1e-12)
		require.InDelta(t, there.High, -back.Low, 1e-12)
		d := float64(a.Hits)/float64(a.Trials) - float64(b.Hits)/float64(b.Trials)
		require.LessOrEqual(t, there.Low, d+1e-12)
		require.GreaterOrEqual(t, there.High, d-1e-12)
		require.GreaterOrEqual(t, there.Low, -1.0)
		require.LessOrEqual(t, there.High, 1.0)
		wider := stats.Newcombe(a, b, 0.99)
		require.LessOrEqual(t, wider.Low, there.Low)
		require.GreaterOrEqual(t, wider.High, there.High)
	}
}

// TestNewcombeHoldsTheTruthAsOftenAsItSays simulates win rates of groups as small as reports show.
func TestNewcombeHoldsTheTruthAsOftenAsItSays(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	draw := func(n int, p float64) stats.Proportion {
		hits := 0
		for range n {
			if r.Float64() < p {
				hits++
			}
		}
		return stats.Proportion{Hits: hits, Trials: n}
	}
	for _, c := range []struct {
		n, m int
		p, q float64
	}{{15, 15, 0.3, 0.3}, {15, 60, 0.5, 0.2}, {40, 25, 0.2, 0.35}} {
		held := 0
		for range 20_000 {
			if !stats.Newcombe(draw(c.n, c.p), draw(c.m, c.q), stats.Level).Excludes(c.p - c.q) {
				held++
			}
		}
		require.InDelta(t, 0.9, float64(held)/20_000, 0.03, "%v", c)
	}
}

func TestNewcombeKnowsNothingWithoutTrials(t *testing.T) {
	t.Parallel()
	require.Equal(t, stats.Interval{Low: -1, High: 1}, stats.Newcombe(stats.Proportion{}, stats.Proportion{1, 1}, stats.Level))
	require.Equal(t, stats.Interval{Low: -1, High: 1}, stats.Newcombe(stats.Proportion{1, 1}, stats.Proportion{}, stats.Level))
}
