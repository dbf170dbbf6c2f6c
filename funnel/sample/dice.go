package sample

import (
	"hash/fnv"
	"math"
	"math/rand/v2"

	"funnelbot/funnel"
)

// dice are the chances of one year. The same language and day give the same throws.
type dice struct{ *rand.Rand }

// The streams of throws of a year: one for the course of the deals, and one for the people whom the
// team meets, so that what is told of them changes no course.
const (
	ofDeals uint64 = 1 + iota
	ofPeople
)

func newDice(l funnel.Locale, day funnel.Date, stream uint64) dice {
	h := fnv.New64a()
	_, _ = h.Write([]byte(string(l) + " " + day.String()))
	return dice{rand.New(rand.NewPCG(h.Sum64(), stream))}
}

// chance reports true with the probability p.
func (d dice) chance(p float64) bool { return d.Float64() < p }

// around returns a positive number of the median whose logarithm is normal with the deviation
// spread: many a little below, a few far above, as waiting times and amounts are.
func (d dice) around(median, spread float64) float64 {
	return median * math.Exp(spread*d.NormFloat64())
}

// pick returns an index with a probability in proportion to its weight.
func (d dice) pick(weights ...float64) int { return choose(d.Float64(), weights) }

// choose returns the index that lies at the part of the sum of the weights.
func choose(part float64, weights []float64) int {
	total := 0.0
	for _, w := range weights {
		total += w
	}
	at := part * total
	for i, w := range weights {
		if at -= w; at < 0 {
			return i
		}
	}
	return len(weights) - 1
}

// evenly throws numbers from 0 to 1 that fill the range evenly from the first few on: multiples of
// the golden ratio. A year of them is an ordinary one, whatever the day.
type evenly float64

func (e *evenly) throw() float64 {
	_, part := math.Modf(float64(*e) + math.Phi)
	*e = evenly(part)
	return part
}
