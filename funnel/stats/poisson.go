package stats

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// bits is a source of random bits of one stage and draw.
type bits struct{ rand.PCG }

// newBits mixes what tells the draws apart, so that streams of neighbours have nothing in common.
func newBits(seed1, seed2 uint64, stage, draw int) *bits {
	b := &bits{}
	b.Seed(mixed(seed1+uint64(stage)), mixed(seed2^mixed(uint64(draw))))
	return b
}

// mixed is the output function of SplitMix64: G. L. Steele, D. Lea and C. H. Flood, "Fast splittable
// pseudorandom number generators", OOPSLA (2014), https://doi.org/10.1145/2660193.2660195.
func mixed(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// poisson draws numbers with a Poisson distribution by inversion.
type poisson struct {
	first int
	upTo  []uint64 // P(X <= first+i) as a share of 2⁶⁴
}

func newPoisson(mean int) *poisson {
	spread := 9*math.Sqrt(float64(mean)) + 40
	p := &poisson{first: max(0, mean-int(spread))}
	sum := 0.0
	for k := p.first; k <= mean+int(spread); k++ {
		of, _ := math.Lgamma(float64(k + 1))
		sum += math.Exp(float64(k)*math.Log(float64(mean)) - float64(mean) - of)
		if sum >= 1-1e-16 {
			break
		}
		p.upTo = append(p.upTo, uint64(math.Ldexp(sum, 64)))
	}
	return p
}

func (p *poisson) draw(from *bits) int {
	i, _ := slices.BinarySearch(p.upTo, from.Uint64())
	return p.first + i
}

// newCells orders the cells as they lie in memory when they are drawn.
func newCells(counts map[[2]int]int) []cell {
	tables := map[int]*poisson{}
	cells := make([]cell, 0, len(counts))
	for at, n := range counts {
		if tables[n] == nil {
			tables[n] = newPoisson(n)
		}
		cells = append(cells, cell{end: at[0], begin: at[1], table: tables[n]})
	}
	slices.SortFunc(cells, func(a, b cell) int {
		return cmp.Or(cmp.Compare(a.end, b.end), cmp.Compare(a.begin, b.begin))
	})
	return cells
}
