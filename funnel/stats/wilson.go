package stats

import "math"

// Level is the confidence of every interval that reports show.
const Level = 0.9

// Interval is a range of probabilities, 0..1.
type Interval struct {
	Low  float64
	High float64
}

// Wilson returns the score interval of a proportion of hits in n trials at a two-sided confidence
// level in (0, 1), without correction for continuity:
//
//	(p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n)
//
// Without trials nothing is known and the interval is all of 0..1. Source: E. B. Wilson, "Probable
// inference, the law of succession, and statistical inference", Journal of the American Statistical
// Association 22 (1927), 209–212; recommended for small n by L. D. Brown, T. T. Cai and
// A. DasGupta, "Interval estimation for a binomial proportion", Statistical Science 16 (2001),
// 101–133.
func Wilson(hits, n int, level float64) Interval {
	if n <= 0 {
		return Interval{0, 1}
	}
	i := WilsonShare(float64(hits)/float64(n), n, level)
	// At the ends the formula gives 0 and 1 exactly, its arithmetic only nearly.
	if hits <= 0 {
		i.Low = 0
	}
	if hits >= n {
		i.High = 1
	}
	return i
}

// WilsonShare is the interval of [Wilson] around a share that is not one of whole hits: of an estimate
// that rests on n trials. Without trials it is all of 0..1.
func WilsonShare(p float64, n int, level float64) Interval {
	if n <= 0 {
		return Interval{0, 1}
	}
	z := math.Sqrt2 * math.Erfinv(level)
	trials := float64(n)
	z2n := z * z / trials
	centre := p + z2n/2
	half := z * math.Sqrt((p*(1-p)+z2n/4)/trials)
	return Interval{Low: max(0, (centre-half)/(1+z2n)), High: min(1, (centre+half)/(1+z2n))}
}
