package main

import (
	"slices"
	"time"
)

// verdict is what came of one request.
type verdict int

const (
	// right is the answer that was expected, refused a status other than 2xx, wrong a 2xx that says
	// something else, failed no answer at all.
	right verdict = iota
	refused
	wrong
	failed
)

// samples are what one connection has measured: the time of every request, not a sketch of it.
type samples struct {
	took   []time.Duration
	counts [failed + 1]int
	// last is when the last answer of the measured time came.
	last time.Time
	// sent counts all requests, with those of the warm-up.
	sent int
	// sight is the first answer that was not right, for whoever has to find out why.
	sight string
}

func (s *samples) add(v verdict, took time.Duration, at time.Time) {
	s.took = append(s.took, took)
	s.counts[v]++
	if at.After(s.last) {
		s.last = at
	}
}

// result is what a run has measured.
type result struct {
	// took is sorted.
	took   []time.Duration
	counts [failed + 1]int
	// elapsed is from the end of the warm-up to the last answer.
	elapsed time.Duration
	// sent counts all requests, with those of the warm-up.
	sent int
	// unsent are requests of an open loop that were due and not sent in time.
	unsent int
	sight  string
}

// together joins the samples of all connections of a run that was measured from then on.
func together(all []samples, from time.Time) result {
	var r result
	n := 0
	for i := range all {
		n += len(all[i].took)
	}
	r.took = make([]time.Duration, 0, n)
	for i := range all {
		s := &all[i]
		r.took = append(r.took, s.took...)
		for v := range s.counts {
			r.counts[v] += s.counts[v]
		}
		r.sent += s.sent
		r.elapsed = max(r.elapsed, s.last.Sub(from))
		if r.sight == "" {
			r.sight = s.sight
		}
	}
	slices.Sort(r.took)
	return r
}

// rate is right answers in a second.
func (r *result) rate() float64 {
	if r.elapsed <= 0 {
		return 0
	}
	return float64(r.counts[right]) / r.elapsed.Seconds()
}

// errors counts everything that was not right.
func (r *result) errors() int {
	return r.counts[refused] + r.counts[wrong] + r.counts[failed] + r.unsent
}

// quantile is the smallest of the sorted times that at least the share q of all does not exceed:
// the nearest rank, without interpolation. Zero if there are none.
func quantile(sorted []time.Duration, q float64) time.Duration {
	n := len(sorted)
	if n == 0 {
		return 0
	}
	rank := int(q * float64(n))
	if float64(rank) < q*float64(n) {
		rank++
	}
	return sorted[min(max(rank, 1), n)-1]
}

// median is the middle of what several rounds have given, the mean of the two middle ones where
// their number is even.
func median(all []float64) float64 {
	if len(all) == 0 {
		return 0
	}
	s := slices.Sorted(slices.Values(all))
	if n := len(s); n%2 == 0 {
		return (s[n/2-1] + s[n/2]) / 2
	}
	return s[len(s)/2]
}
