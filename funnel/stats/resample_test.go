package stats_test

import (
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel/stats"
)

func meanAndDeviation(values []float64) (mean, deviation float64) {
	for _, v := range values {
		mean += v / float64(len(values))
	}
	for _, v := range values {
		deviation += (v - mean) * (v - mean) / float64(len(values)-1)
	}
	return mean, math.Sqrt(deviation)
}

// slow draws every stay of a table by itself and estimates the drawn table anew. A stay counts as often
// as points of a Poisson process of rate 1 fall into its unit of time.
func slow(groups []stats.Group, tau, draws int) [][]float64 {
	r := rand.New(rand.NewPCG(9, 9))
	shares := make([][]float64, ways)
	for range draws {
		var drawn []stats.Group
		for _, g := range groups {
			n := 0
			for range g.N {
				for at := r.ExpFloat64(); at < 1; at += r.ExpFloat64() {
					n++
				}
			}
			g.N = n
			drawn = append(drawn, g)
		}
		c := stats.Estimate(drawn, ways)
		for k := range ways {
			shares[k] = append(shares[k], c.ShareAt(k, tau))
		}
	}
	return shares
}

// distance is the greatest difference between the shares of two samples up to a value.
func distance(a, b []float64) float64 {
	greatest := 0.0
	upTo := func(values []float64, v float64) (share float64) {
		for _, w := range values {
			if w <= v+1e-9 {
				share += 1 / float64(len(values))
			}
		}
		return share
	}
	for _, v := range a {
		greatest = max(greatest, math.Abs(upTo(a, v)-upTo(b, v)))
	}
	return greatest
}

func TestResamplesAreThoseOfTheBootstrap(t *testing.T) {
	t.Parallel()
	all := seen(steady(0.5, 0.6).draw(rand.New(rand.NewPCG(1, 2))), 90)
	c := stats.Estimate(all, ways)
	const draws = 3000
	fast := stats.Resample([]*stats.Curve{c}, draws, 3, 4)
	for k, want := range slow(all, c.Tau(), draws) {
		m, d := meanAndDeviation(want)
		mean, deviation := meanAndDeviation(fast.Shares[0][k])
		require.InDelta(t, m, mean, 5*d/math.Sqrt(draws))
		require.InEpsilon(t, d, deviation, 0.06)
		// By Kolmogorov and Smirnov two samples of one distribution differ by more once in 1,600 times.
		require.Less(t, distance(want, fast.Shares[0][k]), 2*math.Sqrt(2.0/draws))
		require.InDelta(t, c.Share(k), mean, 0.15*d)
	}
}

func TestAStageWithoutTimeIsABinomial(t *testing.T) {
	t.Parallel()
	// All leave on the first day: the share of 400 has the deviation √(p·(1−p)/n).
	c := stats.Estimate([]stats.Group{{To: 1, Cause: advance, N: 120}, {To: 1, Cause: lost, N: 280}}, 2)
	r := stats.Resample([]*stats.Curve{c}, 20_000, 1, 2)
	mean, deviation := meanAndDeviation(r.Of(0, advance))
	require.InDelta(t, 0.3, mean, 0.001)
	require.InEpsilon(t, math.Sqrt(0.3*0.7/400), deviation, 0.02)
	i := r.Interval(0, stats.Level, advance)
	require.InDelta(t, 0.3-1.645*deviation, i.Low, 0.002)
	require.InDelta(t, 0.3+1.645*deviation, i.High, 0.002)
	for b, share := range r.Of(0, advance, lost) {
		require.InDelta(t, 1, share, 1e-12, "draw %d", b)
	}
}

func TestTheSameSeedsGiveTheSameDrawsHoweverManyProcessors(t *testing.T) { //nolint:paralleltest // the number of processors is everybody's
	curves := chainOf(50_000)
	with := runtime.GOMAXPROCS(0)
	defer runtime.GOMAXPROCS(with)
	runtime.GOMAXPROCS(1)
	one := stats.Resample(curves, 101, 7, 8)
	places := []stats.Place{{Stage: 0, Age: 0}, {Stage: 3, Age: 20}, {Stage: 4, Age: 10_000}}
	wins := stats.ResampleWins(curves, len(curves), places, 101, 7, 8)
	runtime.GOMAXPROCS(4)
	require.Equal(t, one, stats.Resample(curves, 101, 7, 8))
	require.Equal(t, wins, stats.ResampleWins(curves, len(curves), places, 101, 7, 8))
	require.NotEqual(t, one, stats.Resample(curves, 101, 7, 9))
	require.NotEqual(t, one, stats.Resample(curves, 101, 8, 8))
}

func TestDrawsAreNotRelated(t *testing.T) {
	t.Parallel()
	curves := make([]*stats.Curve, 3)
	for i := range curves {
		curves[i] = stats.Estimate([]stats.Group{{To: 1, Cause: advance, N: 30}, {To: 2, Cause: lost, N: 30}}, 2)
	}
	const draws = 20_000
	r := stats.Resample(curves, draws, 0, 0)
	related := func(a, b []float64) float64 {
		am, ad := meanAndDeviation(a)
		bm, bd := meanAndDeviation(b)
		sum := 0.0
		for i := range a {
			sum += (a[i] - am) * (b[i] - bm) / (ad * bd * float64(len(a)))
		}
		return sum
	}
	const chance = 4.5 / 141 // √20,000
	a, b := r.Of(0, advance), r.Of(1, advance)
	require.InDelta(t, 0, related(a, b), chance, "of two stages")
	require.InDelta(t, 0, related(a[1:], a[:draws-1]), chance, "one after the other")
	require.InDelta(t, 0, related(a, stats.Resample(curves, draws, 0, 1).Of(0, advance)), chance, "of neighbouring seeds")
	require.InDelta(t, 0, related(a, stats.Resample(curves, draws, 1, 0).Of(0, advance)), chance, "of neighbouring seeds")
}

func TestOneOutcomeOnlyIsSure(t *testing.T) {
	t.Parallel()
	c := stats.Estimate([]stats.Group{{To: 4, Cause: stats.Censored, N: 40}}, 2)
	r := stats.Resample([]*stats.Curve{c}, 50, 1, 2)
	require.Equal(t, stats.Interval{}, r.Interval(0, 0.9, advance))
	c = stats.Estimate([]stats.Group{{To: 4, Cause: advance, N: 40}}, 2)
	require.Equal(t, stats.Interval{Low: 1, High: 1}, stats.Resample([]*stats.Curve{c}, 50, 1, 2).Interval(0, 0.9, advance))
}

func TestVeryManyStaysAreDrawnToo(t *testing.T) {
	t.Parallel()
	c := stats.Estimate([]stats.Group{{To: 1, Cause: advance, N: 3_000_000}, {To: 1, Cause: lost, N: 7_000_000}}, 2)
	mean, deviation := meanAndDeviation(stats.Resample([]*stats.Curve{c}, 2000, 1, 2).Of(0, advance))
	require.InDelta(t, 0.3, mean, 2e-5)
	require.InEpsilon(t, math.Sqrt(0.3*0.7/1e7), deviation, 0.06)
}

func TestPercentileIsAValueThatIsThere(t *testing.T) {
	t.Parallel()
	values := []float64{5, 1, 4, 2, 3, 10, 9, 8, 7, 6}
	for q, want := range map[float64]float64{0.1: 1, 0.2: 2, 0.7: 7, 0.9: 9, 0.91: 10, 1: 10, 0: 1} {
		require.InDelta(t, want, stats.Percentile(values, q), 0, "%v", q)
	}
	require.InDelta(t, 5, values[0], 0, "the order is left")
	require.InDelta(t, 0, stats.Percentile(nil, 0.5), 0)
	many := make([]float64, stats.Draws)
	for i := range many {
		many[i] = float64(i + 1)
	}
	slices.Reverse(many)
	require.InDelta(t, 25, stats.Percentile(many, 0.05), 0)
	require.InDelta(t, 475, stats.Percentile(many, 0.95), 0)
}

func TestShareBelowCountsTheDraws(t *testing.T) {
	t.Parallel()
	require.InDelta(t, 0.625, stats.ShareBelow([]float64{1, 2, 3, 4}, []float64{2, 2, 4, 3}), 0)
	require.InDelta(t, 0.5, stats.ShareBelow(nil, nil), 0)
}
