package stats

import (
	"math"
	"math/bits"
	"math/rand/v2"
)

// Place is an age, in whole days, in one of several stages.
type Place struct {
	Stage int
	Age   int
}

// Win returns the probability that a stay of the curve at an age comes to the outcome of a chain: the
// first exit from there, (F_k(τ) − F_k(age))/S(age) for each cause k, and then w[k] as [Chain] returns
// it. It is not ok where [Curve.Ahead] is not.
func Win(c *Curve, age int, w []float64) (p float64, ok bool) {
	for k := range c.causes {
		ahead, seen := c.Ahead(age, k)
		if !seen {
			return 0, false
		}
		p += ahead * w[k]
	}
	return min(1, p), c.causes > 0
}

// ResampleWins draws the curves again as [Resample] does with the same seeds, and returns by place and
// draw the probability of [Win] there in the curves and the chain of the draw, 0 where it is not known.
// Cause k of a curve leads to stage k; the causes behind the stages are ends.
func ResampleWins(curves []*Curve, outcome int, places []Place, draws int, seed1, seed2 uint64) [][]float64 {
	wins := table(len(places), draws)
	recipes := newRecipes(curves)
	causes := 0
	for _, r := range recipes {
		causes = max(causes, r.causes)
	}
	if causes == 0 {
		return wins
	}
	reached := make([]int, len(places))
	for i, p := range places {
		reached[i] = recipes[p.Stage].reached(p.Age)
	}
	share(draws, recipes, func(from, to int) {
		chain := newSolver(len(curves), causes, outcome)
		q := table(len(curves), causes)
		samplers := make([]*sampler, len(recipes))
		for i, r := range recipes {
			samplers[i] = newSampler(r, true)
		}
		for b := from; b < to; b++ {
			for i, s := range samplers {
				s.draw(seeded(seed1, seed2, i, b))
				copy(q[i], s.sums)
			}
			w := chain.solve(q)
			for i, p := range places {
				wins[i][b] = samplers[p.Stage].win(reached[i], w)
			}
		}
	})
	return wins
}

// Stake is an open deal of a forecast.
type Stake struct {
	// Place is the index of its row of chances.
	Place int
	// Bucket is the index of the month in which it is expected.
	Bucket int
	Amount float64
}

// Takings decides every stake by chance once in each draw, with the probability of its place in that
// draw, and returns the sum of the amounts won by bucket and draw; behind the buckets that of all of
// them. The [Percentile] of a row are its band: it holds what chance does to the deals and what is
// not known of the probabilities. The same stakes and seeds give the same draws.
func Takings(stakes []Stake, chances [][]float64, buckets int, seed1, seed2 uint64) [][]float64 {
	draws := 0
	if len(chances) > 0 {
		draws = len(chances[0])
	}
	bars := make([][]uint64, len(chances))
	for i, row := range chances {
		bars[i] = make([]uint64, draws)
		for b, p := range row {
			bars[i][b] = uint64(math.Ldexp(min(1, max(0, p)), 32))
		}
	}
	sums := table(buckets+1, draws)
	for i, s := range stakes {
		from := seeded(seed1, seed2, -1, i)
		take(sums[s.Bucket], bars[s.Place], math.Float64bits(s.Amount), &from)
	}
	for b := range draws {
		for k := range buckets {
			sums[buckets][b] += sums[k][b]
		}
	}
	return sums
}

// take adds an amount to the draws in which 32 random bits lie under the bar. It masks the amount
// with the borrow of the comparison: a branch would be guessed wrong as often as the deal is open.
func take(sums []float64, bars []uint64, amount uint64, from *rand.PCG) {
	var u uint64
	for b, bar := range bars {
		if b&1 == 0 {
			u = from.Uint64()
		}
		_, below := bits.Sub64(u&math.MaxUint32, bar, 0)
		sums[b] += math.Float64frombits(amount & -below)
		u >>= 32
	}
}

// Brier is the mean square of what probabilities were off by: 0 for those that knew, 0.25 for those that
// always said a half. Without any it is not ok. Source: G. W. Brier, "Verification of forecasts expressed in
// terms of probability", Monthly Weather Review 78 (1950), 1–3, in its form for two outcomes.
func Brier(p []float64, won []bool) (score float64, ok bool) {
	if len(p) == 0 {
		return 0, false
	}
	sum := 0.0
	for i, chance := range p {
		if won[i] {
			chance = 1 - chance
		}
		sum += chance * chance
	}
	return sum / float64(len(p)), true
}
