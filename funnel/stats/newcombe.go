package stats

import "math"

// Proportion is how many of the trials were hits.
type Proportion struct {
	Hits   int
	Trials int
}

// Newcombe returns the hybrid score interval of the difference a − b of two independent
// proportions at a two-sided confidence level in (0, 1), without correction for continuity. With
// (l, u) the [Wilson] interval of each,
//
//	a − b − √((a − lₐ)² + (u_b − b)²)  to  a − b + √((uₐ − a)² + (b − l_b)²)
//
// It never leaves −1..1. Without trials on either side nothing is known and it is all of −1..1.
// Source: method 10 of R. G. Newcombe, "Interval estimation for the difference between independent
// proportions: comparison of eleven methods", Statistics in Medicine 17 (1998), 873–890,
// https://doi.org/10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I.
func Newcombe(a, b Proportion, level float64) Interval {
	if a.Trials <= 0 || b.Trials <= 0 {
		return Interval{-1, 1}
	}
	p, q := a.share(), b.share()
	of, from := Wilson(a.Hits, a.Trials, level), Wilson(b.Hits, b.Trials, level)
	return Interval{
		Low:  math.Max(-1, p-q-math.Hypot(p-of.Low, from.High-q)),
		High: math.Min(1, p-q+math.Hypot(of.High-p, q-from.Low)),
	}
}

func (p Proportion) share() float64 { return float64(p.Hits) / float64(p.Trials) }

// Excludes reports whether the value lies outside of the interval.
func (i Interval) Excludes(value float64) bool { return value < i.Low || value > i.High }
