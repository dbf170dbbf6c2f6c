package stats

import (
	"cmp"
	"maps"
	"math/rand/v2"
	"runtime"
	"slices"
	"sort"
	"sync"
)

// recipe says how a curve is drawn again. It looks only at the ages up to τ at which stays ended: between
// them nothing changes but who is at risk at the next, so stays that differ by less are one cell.
type recipe struct {
	causes int
	ages   []int
	// ends are the ways in which stays stop being at risk, by age; those before stops[i] are at the
	// first i ages.
	ends  []int
	stops []int
	// alike are the cells by how many stays they hold, so that each table is used in one go.
	alike []alike
}

type alike struct {
	table *poisson
	cells []cell
}

// cell is a number of stays that were at risk from one of the ages on, until one of the ends.
type cell struct {
	begin, end uint32
}

func newRecipe(c *Curve, tables map[int]*poisson) *recipe {
	r := &recipe{causes: c.causes}
	for i := 0; len(c.pieces) > 0 && i <= c.tau; i++ {
		if slices.ContainsFunc(c.at(i), func(d int) bool { return d > 0 }) {
			r.ages = append(r.ages, c.pieces[i].last)
		}
	}
	// Censored stays count as ended by a cause behind the others; all are numbered by age and cause.
	width := c.causes + 1
	counts := map[cell]int{}
	for _, g := range c.groups {
		begin := sort.SearchInts(r.ages, g.From+1)
		last := sort.SearchInts(r.ages, g.To+1) - 1
		if begin > last {
			continue
		}
		way := c.causes
		if g.Cause >= 0 && r.ages[last] == g.To {
			way = g.Cause
		}
		counts[cell{uint32(begin), uint32(last*width + way)}] += g.N //nolint:gosec // indices
	}
	r.sort(r.number(counts, width), tables)
	return r
}

// number leaves out the ends that nothing came to.
func (r *recipe) number(counts map[cell]int, width int) map[cell]int {
	found := map[uint32]int{}
	for c := range counts {
		found[c.end] = 0
	}
	r.stops = append(r.stops, 0)
	for _, end := range slices.Sorted(maps.Keys(found)) {
		for len(r.stops) <= int(end)/width {
			r.stops = append(r.stops, len(r.ends))
		}
		found[end] = len(r.ends)
		r.ends = append(r.ends, int(end)%width)
	}
	for len(r.stops) <= len(r.ages) {
		r.stops = append(r.stops, len(r.ends))
	}
	numbered := make(map[cell]int, len(counts))
	for c, n := range counts {
		numbered[cell{c.begin, uint32(found[c.end])}] = n //nolint:gosec // an index
	}
	return numbered
}

// sort makes the cells of one mean stand together, in an order that is always the same.
func (r *recipe) sort(counts map[cell]int, tables map[int]*poisson) {
	byCount := map[int][]cell{}
	for c, n := range counts {
		for ; n > widest; n -= widest {
			byCount[widest] = append(byCount[widest], c)
		}
		byCount[n] = append(byCount[n], c)
	}
	for n, cells := range byCount {
		slices.SortFunc(cells, func(a, b cell) int {
			return cmp.Or(cmp.Compare(a.end, b.end), cmp.Compare(a.begin, b.begin))
		})
		if tables[n] == nil {
			tables[n] = newPoisson(n)
		}
		r.alike = append(r.alike, alike{tables[n], cells})
	}
	slices.SortFunc(r.alike, func(a, b alike) int { return cmp.Compare(a.table.mean, b.table.mean) })
}

// sampler holds one draw of a recipe.
type sampler struct {
	*recipe
	// How many begin to be at risk at an age, and how many come to an end.
	begun, ended []uint32
	// What comes of it: F(τ) by cause, and where they are kept F and S after each age.
	sums         []float64
	shares, stay []float64
}

// newSampler returns a sampler, which keeps what came of it at each age if asked to.
func newSampler(r *recipe, keep bool) *sampler {
	s := &sampler{
		recipe: r,
		begun:  make([]uint32, len(r.ages)), ended: make([]uint32, len(r.ends)),
		sums: make([]float64, r.causes),
	}
	if keep {
		s.stay = make([]float64, len(r.ages))
		s.shares = make([]float64, len(r.ages)*r.causes)
	}
	return s
}

// draw draws every cell and estimates.
func (s *sampler) draw(from rand.PCG) {
	clear(s.begun)
	clear(s.ended)
	for _, a := range s.alike {
		t, cells := a.table, a.cells
		for ; len(cells) >= 4; cells = cells[4:] {
			u := from.Uint64()
			s.add(cells[0], t.draw(u, &from))
			s.add(cells[1], t.draw(u>>16, &from))
			s.add(cells[2], t.draw(u>>32, &from))
			s.add(cells[3], t.draw(u>>48, &from))
		}
		for _, c := range cells {
			s.add(c, t.draw(from.Uint64(), &from))
		}
	}
	s.estimate()
}

func (s *sampler) add(c cell, n uint32) {
	s.begun[c.begin] += n
	s.ended[c.end] += n
}

func (s *sampler) estimate() {
	clear(s.sums)
	risk, stay := 0, 1.0
	for i := range s.ages {
		risk += int(s.begun[i])
		each := stay / float64(max(1, risk))
		left, gone := 0, 0
		ways := s.ends[s.stops[i]:s.stops[i+1]]
		for e, n := range s.ended[s.stops[i]:s.stops[i+1]] {
			gone += int(n)
			if ways[e] < s.causes {
				left += int(n)
				s.sums[ways[e]] += each * float64(n)
			}
		}
		if left > 0 {
			stay = each * float64(risk-left)
		}
		risk -= gone
		if s.stay != nil {
			s.stay[i] = stay
			copy(s.shares[i*s.causes:], s.sums)
		}
	}
}

// reached returns the index of the last of the ages that is not after one, -1 before them all.
func (r *recipe) reached(age int) int { return sort.SearchInts(r.ages, age+1) - 1 }

// win is [Win] in the draw, after one of the ages.
func (s *sampler) win(at int, w []float64) float64 {
	if len(s.ages) == 0 {
		return 0
	}
	p := 0.0
	if at < 0 {
		for k, share := range s.sums {
			p += share * w[k]
		}
		return min(1, p)
	}
	stay := s.stay[at]
	if stay <= 0 {
		return 0
	}
	before := s.shares[at*s.causes : (at+1)*s.causes]
	for k, share := range s.sums[:len(before)] {
		p += (share - before[k]) * w[k]
	}
	return min(1, p/stay)
}

func newRecipes(curves []*Curve) []*recipe {
	tables := map[int]*poisson{}
	recipes := make([]*recipe, len(curves))
	for i, c := range curves {
		if c == nil {
			c = &Curve{}
		}
		recipes[i] = newRecipe(c, tables)
	}
	return recipes
}

// many is from how many cells on a draw takes so long that more than one processor is worth it.
const many = 2_000

// share calls work for all draws, in several parts at once where there is much to do. Every draw has
// seeds of its own, so the parts change nothing in what comes out.
func share(draws int, recipes []*recipe, work func(from, to int)) {
	cells := 0
	for _, r := range recipes {
		for _, a := range r.alike {
			cells += len(a.cells)
		}
	}
	parts := min(draws, runtime.GOMAXPROCS(0))
	if cells < many || parts < 2 {
		work(0, draws)
		return
	}
	var all sync.WaitGroup
	for i := range parts {
		all.Go(func() { work(draws*i/parts, draws*(i+1)/parts) })
	}
	all.Wait()
}
