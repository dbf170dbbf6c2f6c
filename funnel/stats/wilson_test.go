package stats_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel/stats"
)

func TestWilsonGivesWhatIsComputedByHand(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		hits, n   int
		level     float64
		low, high float64
	}{
		// z = 1.644854, z² = 2.705543. For 15 of 24: centre (0.625 + 0.056365)/1.112731 = 0.612336,
		// half 1.644854·√(0.234375/24 + 2.705543/2304)/1.112731 = 0.154612.
		{15, 24, 0.9, 0.457724, 0.766948},
		// One of one: p = 1, so the low end is n/(n+z²) = 1/3.705543 and the high end is 1.
		{1, 1, 0.9, 0.269866, 1},
		// None of five: the high end is z²/(n+z²) = 2.705543/7.705543.
		{0, 5, 0.9, 0, 0.351117},
		// Half of ten: centre 0.5, half 1.644854·√(0.025 + 2.705543/400)/1.270554 = 0.230728.
		{5, 10, 0.9, 0.269272, 0.730728},
		// z = 1.959964, z² = 3.841459. 81 of 263, an example of R. G. Newcombe, "Two-sided
		// confidence intervals for the single proportion", Statistics in Medicine 17 (1998).
		{81, 263, 0.95, 0.2553, 0.3662},
	} {
		t.Run(fmt.Sprintf("%d of %d", c.hits, c.n), func(t *testing.T) {
			t.Parallel()
			i := stats.Wilson(c.hits, c.n, c.level)
			digits := 1e-6
			if c.level == 0.95 {
				digits = 5e-5
			}
			require.InDelta(t, c.low, i.Low, digits)
			require.InDelta(t, c.high, i.High, digits)
		})
	}
}

func TestWilsonKnowsNothingWithoutTrials(t *testing.T) {
	t.Parallel()
	require.Equal(t, stats.Interval{Low: 0, High: 1}, stats.Wilson(0, 0, stats.Level))
}

func TestWilsonHoldsTheShareAndNarrowsWithMoreTrials(t *testing.T) {
	t.Parallel()
	width := 1.0
	for n := 4; n <= 4096; n *= 2 {
		i := stats.Wilson(n/4, n, stats.Level)
		require.Less(t, i.Low, 0.25)
		require.Greater(t, i.High, 0.25)
		require.Less(t, i.High-i.Low, width)
		width = i.High - i.Low
		mirror := stats.Wilson(n-n/4, n, stats.Level)
		require.InDelta(t, 1-i.Low, mirror.High, 1e-12)
		require.InDelta(t, 1-i.High, mirror.Low, 1e-12)
	}
}
