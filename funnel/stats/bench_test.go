package stats_test

import (
	"math/rand/v2"
	"strconv"
	"testing"

	"funnelbot/funnel/stats"
)

// chainOf returns the curves of five stages with as many stays in a window of 90 days as asked, whose causes
// are the stages, being won and being lost.
func chainOf(stays int) []*stats.Curve {
	const stages = 5
	r := rand.New(rand.NewPCG(1, uint64(stays)))
	curves := make([]*stats.Curve, stages)
	for i := range curves {
		h := steady(0.5, float64(stays)/stages/122)
		groups := seen(h.draw(r), 90)
		for g := range groups {
			switch groups[g].Cause {
			case advance:
				groups[g].Cause = i + 1
			case lost:
				groups[g].Cause = stages + 1
			case back:
				groups[g].Cause = max(0, i-1)
			}
		}
		curves[i] = stats.Estimate(groups, stages+2)
	}
	return curves
}

func lifts(curves []*stats.Curve) []stats.Lift {
	all := make([]stats.Lift, len(curves))
	for i, c := range curves {
		all[i] = stats.Lift{Stage: i, Advance: []int{i + 1}, Target: c.Share(i+1) + 0.05, Worth: 1e6}
	}
	return all
}

func BenchmarkEstimate(b *testing.B) {
	for _, stays := range []int{2_500, 250_000} {
		r := rand.New(rand.NewPCG(1, 2))
		groups := seen(steady(0.5, float64(stays)/122).draw(r), 90)
		b.Run(strconv.Itoa(stays), func(b *testing.B) {
			for b.Loop() {
				stats.Estimate(groups, ways)
			}
		})
	}
}

// BenchmarkRanking resamples the five stages of a window and computes the chain and the gains.
func BenchmarkRanking(b *testing.B) {
	for _, stays := range []int{2_500, 250_000} {
		curves := chainOf(stays)
		raised := lifts(curves)
		b.Run(strconv.Itoa(stays), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				stats.Resample(curves, stats.Draws, 1, 2).Lift(len(curves), raised)
			}
		})
	}
}

func BenchmarkForecast(b *testing.B) {
	for _, deals := range []int{500, 50_000} {
		curves := chainOf(5 * deals)
		r := rand.New(rand.NewPCG(3, 4))
		places := map[stats.Place]int{}
		var order []stats.Place
		stakes := make([]stats.Stake, deals)
		for i := range stakes {
			p := stats.Place{Stage: r.IntN(len(curves)), Age: int(r.ExpFloat64() * 40)}
			at, ok := places[p]
			if !ok {
				at = len(order)
				places[p], order = at, append(order, p)
			}
			stakes[i] = stats.Stake{Place: at, Bucket: r.IntN(6), Amount: 1e5 * r.ExpFloat64()}
		}
		b.Run(strconv.Itoa(deals), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				wins := stats.ResampleWins(curves, len(curves), order, stats.Draws, 1, 2)
				stats.Takings(stakes, wins, 6, 1, 2)
			}
		})
	}
}
