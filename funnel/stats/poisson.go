package stats

import (
	"math"
	"math/rand/v2"
	"sort"
)

// mixed is the output function of SplitMix64: G. L. Steele, D. Lea and C. H. Flood, "Fast splittable
// pseudorandom number generators", OOPSLA (2014), https://doi.org/10.1145/2660193.2660195.
func mixed(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// seeded mixes what tells a draw apart, so that the bits of neighbours have nothing in common.
func seeded(seed1, seed2 uint64, stream, draw int) rand.PCG {
	return *rand.NewPCG(mixed(seed1^mixed(uint64(stream))), mixed(seed2^mixed(uint64(draw)))) //nolint:gosec // any bits of the numbers will do
}

const (
	// prefix is how many of the sixteen bits that a number is drawn from are looked up at once.
	prefix = 11
	// unsure stands in the table for the bits that a boundary between two numbers goes through.
	unsure = math.MaxUint16
	// widest is the greatest mean that has a table; greater ones are sums of several.
	widest = 4096
)

// poisson draws numbers with a Poisson distribution by inversion of as many bits as are needed.
type poisson struct {
	mean    int
	first   int
	upTo    []uint64 // P(X <= first+i) as a share of 2⁶⁴
	byStart [1 << prefix]uint16
}

func newPoisson(mean int) *poisson {
	p := &poisson{mean: mean}
	// Nine deviations leave less than 2⁻⁶⁴ on either side, and thirty more numbers do so for small means.
	spread := int(9*math.Sqrt(float64(mean))) + 30
	p.first = max(0, mean-spread)
	// Each number from its neighbour, beginning with the most frequent, and all as parts of their sum.
	shares := make([]float64, mean+spread-p.first)
	at := mean - p.first
	shares[at] = 1
	for i := at; i > 0; i-- {
		shares[i-1] = shares[i] * float64(p.first+i) / float64(mean)
	}
	for i := at + 1; i < len(shares); i++ {
		shares[i] = shares[i-1] * float64(mean) / float64(p.first+i)
	}
	all, upTo := 0.0, 0.0
	for _, share := range shares {
		all += share
	}
	for _, share := range shares {
		if upTo += share / all; upTo >= 1-0x1p-52 {
			break
		}
		p.upTo = append(p.upTo, uint64(math.Ldexp(upTo, 64)))
	}
	// What is found grows with what is looked for, so one walk finds it for every beginning.
	from := p.first
	found := func(u uint64) int {
		for from-p.first < len(p.upTo) && p.upTo[from-p.first] <= u {
			from++
		}
		return from
	}
	for i := range p.byStart {
		begin := uint64(i) << (64 - prefix)
		n := found(begin)
		if found(begin|(1<<(64-prefix)-1)) != n {
			n = unsure
		}
		p.byStart[i] = uint16(n)
	}
	return p
}

func (p *poisson) search(u uint64) int {
	return p.first + sort.Search(len(p.upTo), func(i int) bool { return p.upTo[i] > u })
}

// draw draws a number from the low sixteen bits, taking more where those do not decide.
func (p *poisson) draw(u uint64, more *rand.PCG) uint32 {
	if n := p.byStart[u&0xffff>>(16-prefix)]; n != unsure {
		return uint32(n)
	}
	return p.decide(u, more)
}

func (p *poisson) decide(u uint64, more *rand.PCG) uint32 {
	return uint32(p.search(u<<48 | more.Uint64()>>16)) //nolint:gosec // as above
}
