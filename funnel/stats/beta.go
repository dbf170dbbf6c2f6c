package stats

import "math"

// half is the least that a prior counts for on either side, as that of Jeffreys: one that ruled hits
// or misses out would be sure after nothing was seen, and no number of trials would change its mind.
const half = 0.5

// Shrunk returns the interval of a proportion of hits in n trials that is drawn to a value known from
// elsewhere: the quantiles (1−level)/2 and (1+level)/2 of
//
//	Beta(weight·prior + hits, weight·(1−prior) + n − hits)
//
// where weight says for how many trials the prior counts. Each side of the prior counts for half a trial
// at least. Source: the conjugate prior of binomial trials, A. Gelman and others, Bayesian Data
// Analysis, 3rd edition (2013), section 2.4.
func Shrunk(hits, n int, prior, weight, level float64) Interval {
	a, b := pseudo(hits, n, prior, weight)
	return Interval{Low: betaQuantile((1-level)/2, a, b), High: betaQuantile((1+level)/2, a, b)}
}

// ShrunkMean returns the mean of the distribution whose interval is [Shrunk].
func ShrunkMean(hits, n int, prior, weight float64) float64 {
	a, b := pseudo(hits, n, prior, weight)
	return a / (a + b)
}

func pseudo(hits, n int, prior, weight float64) (a, b float64) {
	return max(half, weight*prior) + float64(hits), max(half, weight*(1-prior)) + float64(n-hits)
}

// betaQuantile returns the x at which the regularised incomplete beta function is q.
func betaQuantile(q, a, b float64) float64 {
	low, high := 0.0, 1.0
	for range 100 {
		x := (low + high) / 2
		if x <= low || x >= high {
			break
		}
		if betaShare(x, a, b) < q {
			low = x
		} else {
			high = x
		}
	}
	return (low + high) / 2
}

// betaShare is the regularised incomplete beta function I_x(a, b), the share of Beta(a, b) up to x. It
// is the continued fraction 8.17.22 of the NIST Digital Library of Mathematical Functions,
// https://dlmf.nist.gov/8.17#v, which converges fast for x < (a+1)/(a+b+2); above, I_x(a, b) =
// 1 − I_1−x(b, a).
func betaShare(x, a, b float64) float64 {
	switch {
	case x <= 0:
		return 0
	case x >= 1:
		return 1
	case x > (a+1)/(a+b+2):
		return 1 - betaShare(1-x, b, a)
	}
	of, _ := math.Lgamma(a + b)
	left, _ := math.Lgamma(a)
	right, _ := math.Lgamma(b)
	front := math.Exp(of - left - right + a*math.Log(x) + b*math.Log1p(-x))
	return front / a / betaFraction(x, a, b)
}

// betaFraction evaluates 1 + d₁/(1 + d₂/(1 + …)) by the method of Lentz as modified by Thompson and
// Barnett: W. J. Lentz, Applied Optics 15 (1976), 668–671; I. J. Thompson and A. R. Barnett, Journal
// of Computational Physics 64 (1986), 490–509.
func betaFraction(x, a, b float64) float64 {
	const (
		tiny  = 1e-300
		exact = 1e-16
		most  = 10_000
	)
	f, c, d := 1.0, 1.0, 0.0
	for i := 1; i <= most; i++ {
		m := float64(i / 2)
		var term float64
		if i%2 == 0 {
			term = m * (b - m) * x / ((a + 2*m - 1) * (a + 2*m))
		} else {
			term = -(a + m) * (a + b + m) * x / ((a + 2*m) * (a + 2*m + 1))
		}
		if d = 1 + term*d; math.Abs(d) < tiny {
			d = tiny
		}
		if c = 1 + term/c; math.Abs(c) < tiny {
			c = tiny
		}
		d = 1 / d
		f *= c * d
		if math.Abs(c*d-1) < exact {
			break
		}
	}
	return f
}
