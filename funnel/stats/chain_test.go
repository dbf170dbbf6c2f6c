package stats_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"funnelbot/funnel/stats"
)

func TestAChainGivesWhatIsComputedByHand(t *testing.T) {
	t.Parallel()
	t.Run("straight on it is the product", func(t *testing.T) {
		t.Parallel()
		w := stats.Chain([][]float64{
			{0, 0.5, 0, 0, 0.5},
			{0, 0, 0.4, 0, 0.6},
			{0, 0, 0, 0.3, 0.7},
		}, 3)
		require.InDeltaSlice(t, []float64{0.06, 0.12, 0.3, 1, 0}, w, 1e-15)
	})
	t.Run("with a way back", func(t *testing.T) {
		t.Parallel()
		// W₀ = 0.5·W₁, W₁ = 0.2·W₀ + 0.6: W₁ = 0.6/0.9.
		w := stats.Chain([][]float64{{0, 0.5, 0, 0.5}, {0.2, 0, 0.6, 0.2}}, 2)
		require.InDeltaSlice(t, []float64{1.0 / 3, 2.0 / 3, 1, 0}, w, 1e-15)
	})
	t.Run("the gambler who wins as often as not", func(t *testing.T) {
		t.Parallel()
		// Chapter 7 of Kemeny and Snell: of five states in a row i comes to the far end with i/6.
		q := make([][]float64, 5)
		for i := range q {
			q[i] = make([]float64, 7)
			down, up := i-1, i+1
			if down < 0 {
				down = 6
			}
			q[i][down], q[i][up] = 0.5, 0.5
		}
		require.InDeltaSlice(t, []float64{1.0 / 6, 2.0 / 6, 3.0 / 6, 4.0 / 6, 5.0 / 6, 1, 0}, stats.Chain(q, 5), 1e-14)
	})
	t.Run("what is missing ends elsewhere", func(t *testing.T) {
		t.Parallel()
		require.InDeltaSlice(t, []float64{0.3, 1}, stats.Chain([][]float64{{0, 0.3}}, 1), 1e-15)
	})
	t.Run("a stage may lead to itself", func(t *testing.T) {
		t.Parallel()
		require.InDeltaSlice(t, []float64{0.75, 1, 0}, stats.Chain([][]float64{{0.2, 0.6, 0.2}}, 1), 1e-15)
	})
	t.Run("the outcome may be a state", func(t *testing.T) {
		t.Parallel()
		w := stats.Chain([][]float64{{0, 0.5, 0, 0.5}, {0, 0, 0.4, 0.6}, {0.3, 0.3, 0, 0.4}}, 2)
		require.InDeltaSlice(t, []float64{0.2, 0.4, 1, 0}, w, 1e-15)
	})
}

func TestAChainThatNeverEndsNeverComesToTheOutcome(t *testing.T) {
	t.Parallel()
	w := stats.Chain([][]float64{
		{0, 0.5, 0, 0.5, 0},
		{0, 0, 1, 0, 0},
		{0, 1, 0, 0, 0},
	}, 3)
	require.InDeltaSlice(t, []float64{0.5, 0, 0, 1, 0}, w, 1e-15)
	require.InDeltaSlice(t, []float64{0, 1}, stats.Chain([][]float64{{1, 0}}, 1), 0)
	require.Empty(t, stats.Chain(nil, 0))
	require.InDeltaSlice(t, []float64{0, 0, 1, 0}, stats.Chain([][]float64{{0, 0, 0, 0}, {0, 0, 0, 0}}, 2), 0, "stages without exits")
}

// row draws a row of a chain of n stages that ends in two ways, of which some lead nowhere.
func row(t *rapid.T, n int) []float64 {
	row := make([]float64, n+2)
	all := 0.0
	for k := range row {
		row[k] = rapid.SampledFrom([]float64{0, 0, 0.1, 0.5, 1, 3}).Draw(t, "q")
		all += row[k]
	}
	part := rapid.SampledFrom([]float64{1, 1, 0.7}).Draw(t, "all")
	for k := range row {
		if all > 0 {
			row[k] *= part / all
		}
	}
	return row
}

func TestAChainSolvesItsEquations(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 7).Draw(t, "stages")
		q := make([][]float64, n)
		for i := range q {
			q[i] = row(t, n)
		}
		w := stats.Chain(q, n)
		// From nothing on, each step adds what is won one exit later; the least solution is the limit.
		least := make([]float64, n+2)
		least[n] = 1
		for grown := 1.0; grown > 1e-14; {
			grown = 0
			for i := range q {
				sum := 0.0
				for k, share := range q[i] {
					sum += share * least[k]
				}
				grown = max(grown, sum-least[i])
				least[i] = sum
			}
		}
		require.InDeltaSlice(t, least, w, 1e-9)
	})
}

func TestWalksEndAsOftenAsTheChainSays(t *testing.T) {
	t.Parallel()
	q := [][]float64{{0, 0.5, 0.1, 0, 0.4}, {0.2, 0, 0.5, 0.1, 0.2}, {0.1, 0.2, 0, 0.3, 0.4}}
	w := stats.Chain(q, 3)
	r := rand.New(rand.NewPCG(1, 2))
	const walks = 100_000
	won := 0
	for range walks {
		at := 0
		for at < 3 {
			k := 0
			for u := r.Float64() - q[at][0]; u >= 0 && k < 4; u -= q[at][k] {
				k++
			}
			at = k
		}
		if at == 3 {
			won++
		}
	}
	require.InDelta(t, w[0], float64(won)/walks, 0.005)
}

func TestRaisingTakesFromLossAndBackInProportion(t *testing.T) {
	t.Parallel()
	// Back 0.1, on 0.3, over the next 0.1, lost 0.4, undecided 0.1.
	row := []float64{0.1, 0, 0.3, 0.1, 0.4}
	require.InDeltaSlice(t, []float64{0.08, 0, 0.375, 0.125, 0.32}, stats.Raise(row, []int{2, 3}, 0.5), 1e-15)
	require.InDeltaSlice(t, row, stats.Raise(row, []int{2, 3}, 0.4), 0, "not above what it is")
	require.InDeltaSlice(t, row, stats.Raise(row, []int{2, 3}, 0.2), 0, "below it")
	require.InDeltaSlice(t, []float64{0, 0, 0.675, 0.225, 0}, stats.Raise(row, []int{2, 3}, 1), 1e-15, "no more than is there")
	require.InDeltaSlice(t, []float64{0.1, 0, 0.3, 0.1, 0.4}, row, 0, "the row is left")
	require.InDeltaSlice(t, []float64{0.05, 0.5, 0, 0, 0.45}, stats.Raise([]float64{0.1, 0, 0, 0, 0.9}, []int{1, 2}, 0.5), 1e-15,
		"where nothing advances the next stage takes it")
	require.InDeltaSlice(t, []float64{0, 0, 0}, stats.Raise([]float64{0, 0, 0}, []int{1}, 0.5), 0, "nothing to take from")
}

func TestRaisingKeepsTheSumAndGainsNothingBelowZero(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 5).Draw(t, "stages")
		q := make([][]float64, n)
		for i := range q {
			q[i] = row(t, n)
		}
		at := rapid.IntRange(0, n-1).Draw(t, "at")
		forward := make([]int, 0, n)
		for k := at + 1; k <= n; k++ {
			forward = append(forward, k)
		}
		target := rapid.Float64Range(0, 1).Draw(t, "target")
		raised := stats.Raise(q[at], forward, target)
		before, after, now, then := 0.0, 0.0, 0.0, 0.0
		for k := range raised {
			before, after = before+q[at][k], after+raised[k]
			require.GreaterOrEqual(t, raised[k], 0.0)
		}
		for _, k := range forward {
			now, then = now+q[at][k], then+raised[k]
		}
		require.InDelta(t, before, after, 1e-12)
		require.InDelta(t, max(now, min(target, before)), then, 1e-12)

		gain := stats.Gain(q, n, at, forward, target)
		require.GreaterOrEqual(t, gain, 0.0)
		with := append([][]float64(nil), q...)
		with[at] = raised
		require.InDelta(t, max(0, stats.Chain(with, n)[at]-stats.Chain(q, n)[at]), gain, 1e-12)
	})
}

func TestLiftingAnyStageByATenthLiftsTheEndByATenth(t *testing.T) {
	t.Parallel()
	q := [][]float64{{0, 0.8, 0, 0, 0.2}, {0, 0, 0.3, 0, 0.7}, {0, 0, 0, 0.5, 0.5}}
	w := stats.Chain(q, 3)
	for i := range q {
		gain := stats.Gain(q, 3, i, []int{i + 1}, 1.1*q[i][i+1])
		require.InEpsilon(t, 0.1*w[i], gain, 1e-12)
	}
}

func TestLiftsOfResamplesAreTheGainsOfTheirDraws(t *testing.T) {
	t.Parallel()
	curves := chainOf(2_500)
	r := stats.Resample(curves, 60, 1, 2)
	raised := lifts(curves)
	raised[2].Worth = 3e6
	g := r.Lift(len(curves), raised)
	first := make([]float64, len(raised))
	for b := range 60 {
		q := make([][]float64, len(curves))
		for i := range q {
			for k := range r.Shares[i] {
				q[i] = append(q[i], r.Shares[i][k][b])
			}
		}
		most := 0
		for l, lift := range raised {
			want := lift.Worth * stats.Gain(q, len(curves), lift.Stage, lift.Advance, lift.Target)
			require.InDelta(t, want, g.Draws[l][b], 1e-6)
			if g.Draws[l][b] > g.Draws[most][b] {
				most = l
			}
		}
		first[most] += 1.0 / 60
	}
	require.InDeltaSlice(t, first, g.First, 1e-12)

	idle := stats.Resample([]*stats.Curve{stats.Estimate(nil, 3), nil}, 10, 1, 2).Lift(2, []stats.Lift{{Stage: 0, Advance: []int{1}, Target: 0.5, Worth: 1}})
	require.InDeltaSlice(t, []float64{0}, idle.First, 0, "where nothing can be gained nothing comes first")
	require.Empty(t, stats.Resample(nil, 10, 1, 2).Lift(0, nil).First)
}
