package stats

import (
	"math"
	"slices"
)

// Draws is how many resamples reports are made from.
const Draws = 500

// Resamples are what the curves of several stages come to when the stays that they were made of are drawn
// again: draw b of one stage belongs to draw b of every other.
type Resamples struct {
	// Shares has F(τ) by stage, cause and draw. The shares of a stage in which nothing was seen are 0.
	Shares [][][]float64
}

// Resample draws the stays of every curve again and estimates it from them. Each stay counts a number of
// times that is Poisson with mean 1, so that a group of n alike counts Poisson with mean n times: the
// bootstrap on a table of counts, however many stays are behind it. Shares are read at the [Curve.Tau]
// of the curve itself. The same curves and seeds give the same draws. All curves have the same causes;
// nil stands for a stage without stays.
//
// Source: B. Efron, "Bootstrap methods: another look at the jackknife", The Annals of Statistics 7 (1979),
// 1–26; with Poisson weights as in J. A. Hanley and B. MacGibbon, "Creating non-parametric bootstrap
// samples using Poisson frequencies", Computer Methods and Programs in Biomedicine 83 (2006), 57–62.
func Resample(curves []*Curve, draws int, seed1, seed2 uint64) *Resamples {
	r := &Resamples{Shares: make([][][]float64, len(curves))}
	recipes := newRecipes(curves)
	for i, recipe := range recipes {
		r.Shares[i] = table(recipe.causes, draws)
	}
	share(draws, recipes, func(from, to int) {
		for i, recipe := range recipes {
			s := newSampler(recipe, false)
			for b := from; b < to; b++ {
				s.draw(seeded(seed1, seed2, i, b))
				for k, shares := range r.Shares[i] {
					shares[b] = s.sums[k]
				}
			}
		}
	})
	return r
}

// Of returns F(τ) of a stage by draw, added over several causes.
func (r *Resamples) Of(stage int, causes ...int) []float64 {
	if len(r.Shares[stage]) == 0 {
		return nil
	}
	sums := make([]float64, len(r.Shares[stage][0]))
	for _, k := range causes {
		for b, share := range r.Shares[stage][k] {
			sums[b] += share
		}
	}
	return sums
}

// Interval returns the percentiles (1−level)/2 and (1+level)/2 of [Resamples.Of]: all of 0..1 for a
// stage in which nothing was seen.
func (r *Resamples) Interval(stage int, level float64, causes ...int) Interval {
	of := r.Of(stage, causes...)
	if len(of) == 0 {
		return Interval{0, 1}
	}
	slices.Sort(of)
	return Interval{Low: percentile(of, (1-level)/2), High: percentile(of, (1+level)/2)}
}

// Percentile returns the smallest of the values that the share q of them does not exceed, for q in
// (0, 1], and 0 without values. It leaves their order as it is.
func Percentile(values []float64, q float64) float64 {
	return percentile(slices.Sorted(slices.Values(values)), q)
}

func percentile(sorted []float64, q float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	i := int(math.Ceil(q*float64(len(sorted))*(1-near))) - 1
	return sorted[min(max(i, 0), len(sorted)-1)]
}

// ShareBelow is the share of the draws in which a is below b, draws in which they are equal counting
// half; a half without draws.
func ShareBelow(a, b []float64) float64 {
	if len(a) == 0 {
		return half
	}
	below := 0.0
	for i := range a {
		switch {
		case a[i] < b[i]:
			below++
		case a[i] == b[i]:
			below += half
		}
	}
	return below / float64(len(a))
}
