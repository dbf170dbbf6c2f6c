package stats_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel/stats"
)

func TestWinningIsTheFirstExitAndThenTheChain(t *testing.T) {
	t.Parallel()
	// Of ten, two go on at 3 and two are lost; of the six that stay five are seen to 8, where three go on.
	c := stats.Estimate([]stats.Group{
		{To: 3, Cause: 1, N: 2},
		{To: 3, Cause: 3, N: 2},
		{To: 5, Cause: stats.Censored, N: 1},
		{To: 8, Cause: 1, N: 3},
		{To: 9, Cause: stats.Censored, N: 2},
	}, 4)
	w := stats.Chain([][]float64{{0, c.Share(1), 0, c.Share(3)}, {0, 0, 0.5, 0.5}}, 2)
	fresh, ok := stats.Win(c, 0, w)
	require.True(t, ok)
	require.InDelta(t, 0.5*(0.2+0.6*3/5), fresh, 1e-15)
	require.InDelta(t, w[0], fresh, 1e-15, "of a fresh entry it is W")
	later, ok := stats.Win(c, 4, w)
	require.True(t, ok)
	require.InDelta(t, 0.5*3/5, later, 1e-15)
	old, ok := stats.Win(c, 8, w)
	require.True(t, ok)
	require.InDelta(t, 0, old, 0)
	_, ok = stats.Win(&stats.Curve{}, 1, w)
	require.False(t, ok)
	_, ok = stats.Win(stats.Estimate(nil, 4), 1, w)
	require.False(t, ok)
}

func TestResampledWinsAreThoseOfTheSameDraws(t *testing.T) {
	t.Parallel()
	curves := chainOf(1_500)
	const draws = 300
	places := []stats.Place{{0, 0}, {2, 0}, {2, 17}, {4, 0}, {4, 60}, {4, 10_000}}
	wins := stats.ResampleWins(curves, len(curves), places, draws, 5, 6)
	r := stats.Resample(curves, draws, 5, 6)
	point := make([][]float64, len(curves))
	for i, c := range curves {
		for k := range len(curves) + 2 {
			point[i] = append(point[i], c.Share(k))
		}
	}
	w := stats.Chain(point, len(curves))
	for b := range draws {
		q := make([][]float64, len(curves))
		for i := range q {
			for k := range r.Shares[i] {
				q[i] = append(q[i], r.Shares[i][k][b])
			}
		}
		drawn := stats.Chain(q, len(curves))
		for i, p := range places {
			if p.Age == 0 {
				require.InDelta(t, drawn[p.Stage], wins[i][b], 1e-12)
			}
			require.GreaterOrEqual(t, wins[i][b], 0.0)
			require.LessOrEqual(t, wins[i][b], 1.0)
		}
	}
	for i, p := range places {
		want, _ := stats.Win(curves[p.Stage], p.Age, w)
		mean, deviation := meanAndDeviation(wins[i])
		require.InDelta(t, want, mean, 0.3*deviation+1e-12, "%v", p)
	}
	require.Equal(t, [][]float64{{0, 0}}, stats.ResampleWins([]*stats.Curve{nil}, 1, []stats.Place{{}}, 2, 1, 2))
}

func TestTakingsAreAsUncertainAsTheDealsAreFew(t *testing.T) {
	t.Parallel()
	const draws = 20_000
	chances := [][]float64{make([]float64, draws), make([]float64, draws), make([]float64, draws)}
	for b := range draws {
		chances[0][b], chances[1][b], chances[2][b] = 0.3, 1, 0
	}
	stakes := []stats.Stake{{Place: 1, Bucket: 2, Amount: 7}, {Place: 2, Bucket: 2, Amount: 1e9}}
	for range 40 {
		stakes = append(stakes, stats.Stake{Place: 0, Bucket: 0, Amount: 100}, stats.Stake{Place: 0, Bucket: 1, Amount: 10})
	}
	sums := stats.Takings(stakes, chances, 3, 1, 2)
	require.Len(t, sums, 4)
	mean, deviation := meanAndDeviation(sums[0])
	require.InEpsilon(t, 1200, mean, 0.01)
	require.InEpsilon(t, 100*math.Sqrt(40*0.3*0.7), deviation, 0.02)
	mean, deviation = meanAndDeviation(sums[1])
	require.InEpsilon(t, 120, mean, 0.01)
	require.InEpsilon(t, 10*math.Sqrt(40*0.3*0.7), deviation, 0.02)
	for b := range draws {
		require.InDelta(t, 7, sums[2][b], 0, "sure and impossible")
		require.InDelta(t, sums[0][b]+sums[1][b]+7, sums[3][b], 1e-9)
	}
	// The months are decided apart.
	_, both := meanAndDeviation(sums[3])
	require.InEpsilon(t, math.Sqrt(40*0.3*0.7*(100*100+10*10)), both, 0.02)
	require.Equal(t, sums, stats.Takings(stakes, chances, 3, 1, 2))
	require.NotEqual(t, sums, stats.Takings(stakes, chances, 3, 1, 3))
	require.Equal(t, [][]float64{{}}, stats.Takings(nil, nil, 0, 1, 2))
}

// TestTheBandHoldsWhatIsWonAsOftenAsItSays estimates a stage from a sample, forecasts open deals from it
// and decides them by the truth.
func TestTheBandHoldsWhatIsWonAsOftenAsItSays(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	const runs = 400
	held := 0
	for i := range uint64(runs) {
		c := stats.Estimate(mapped(seen(steady(0.4, 1).draw(r), 90)), 3)
		stakes := make([]stats.Stake, 60)
		won := 0.0
		for s := range stakes {
			stakes[s].Amount = 50 + r.ExpFloat64()*50
			if r.Float64() < 0.4 {
				won += stakes[s].Amount
			}
		}
		wins := stats.ResampleWins([]*stats.Curve{c}, 1, []stats.Place{{}}, 300, i, 3)
		sum := stats.Takings(stakes, wins, 0, i, 4)[0]
		if stats.Percentile(sum, 0.1) <= won && won <= stats.Percentile(sum, 0.9) {
			held++
		}
	}
	require.InDelta(t, 0.8, float64(held)/runs, 0.06)
}

// mapped makes going back lead to the same stage, advancing to the outcome.
func mapped(groups []stats.Group) []stats.Group {
	for i, g := range groups {
		switch g.Cause {
		case advance:
			groups[i].Cause = 1
		case lost, back:
			groups[i].Cause = 2
		}
	}
	return groups
}

func TestBrierIsTheMeanSquareOfTheError(t *testing.T) {
	t.Parallel()
	score, ok := stats.Brier([]float64{0.9, 0.2, 0.5, 0}, []bool{true, false, true, true})
	require.True(t, ok)
	require.InDelta(t, (0.01+0.04+0.25+1)/4, score, 1e-15)
	score, _ = stats.Brier([]float64{1, 0}, []bool{true, false})
	require.InDelta(t, 0, score, 0)
	_, ok = stats.Brier(nil, nil)
	require.False(t, ok)
}

func TestRetentionAndVelocityGiveWhatIsComputedByHand(t *testing.T) {
	t.Parallel()
	r := stats.Revenue{Start: 100_000, Expansion: 20_000, Contraction: 5_000, Churn: 10_000}
	net, ok := r.Net()
	require.True(t, ok)
	require.InDelta(t, 1.05, net, 1e-15)
	gross, ok := r.Gross()
	require.True(t, ok)
	require.InDelta(t, 0.85, gross, 1e-15)
	_, ok = stats.Revenue{Expansion: 5}.Net()
	require.False(t, ok, "nobody was there to stay")
	_, ok = stats.Revenue{}.Gross()
	require.False(t, ok)

	perDay, ok := stats.Velocity(40, 12_000, 0.25, 60)
	require.True(t, ok)
	require.InDelta(t, 2_000, perDay, 1e-12)
	_, ok = stats.Velocity(40, 12_000, 0.25, 0)
	require.False(t, ok)
}
