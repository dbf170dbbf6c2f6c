package stats

import "sort"

// sampler draws one curve again. It looks only at the ages up to τ at which stays ended: between them
// nothing changes but who is at risk at the next, so stays that differ by less are one cell.
type sampler struct {
	causes int
	ages   []int
	cells  []cell
	// Of a draw: what begins to be at risk at an age, and what ends at one by a cause or, behind the
	// causes, out of sight.
	begin []int
	end   []int
	// What came of it, after each age.
	shares []float64
	stay   []float64
}

type cell struct {
	begin int
	end   int
	table *poisson
}

func newSampler(c *Curve) *sampler {
	s := &sampler{causes: c.causes}
	for i := 0; len(c.pieces) > 0 && i <= c.tau; i++ {
		for _, d := range c.at(i) {
			if d > 0 {
				s.ages = append(s.ages, c.pieces[i].last)
				break
			}
		}
	}
	width := s.causes + 1
	counts := map[[2]int]int{}
	for _, g := range c.groups {
		begin := sort.SearchInts(s.ages, g.From+1)
		end := sort.SearchInts(s.ages, g.To+1) - 1
		if begin > end {
			continue
		}
		slot := end*width + s.causes
		if g.Cause >= 0 && s.ages[end] == g.To {
			slot = end*width + g.Cause
		}
		counts[[2]int{slot, begin}] += g.N
	}
	s.cells = newCells(counts)
	s.begin = make([]int, len(s.ages))
	s.end = make([]int, len(s.ages)*width)
	s.stay = make([]float64, len(s.ages))
	s.shares = make([]float64, len(s.ages)*s.causes)
	return s
}

// draw draws every cell and estimates.
func (s *sampler) draw(from *bits) {
	clear(s.begin)
	clear(s.end)
	for _, c := range s.cells {
		n := c.table.draw(from)
		s.begin[c.begin] += n
		s.end[c.end] += n
	}
	width := s.causes + 1
	risk, stay := 0, 1.0
	for i := range s.ages {
		risk += s.begin[i]
		ends := s.end[i*width : (i+1)*width]
		left := 0
		for k, d := range ends[:s.causes] {
			before := 0.0
			if i > 0 {
				before = s.shares[(i-1)*s.causes+k]
			}
			if d > 0 {
				before += stay * float64(d) / float64(risk)
			}
			s.shares[i*s.causes+k] = before
			left += d
		}
		if left > 0 {
			stay *= float64(risk-left) / float64(risk)
		}
		s.stay[i] = stay
		risk -= left + ends[s.causes]
	}
}

// share is F(τ) of the draw.
func (s *sampler) share(cause int) float64 {
	if len(s.ages) == 0 {
		return 0
	}
	return s.shares[(len(s.ages)-1)*s.causes+cause]
}

// win is [Win] in the draw.
func (s *sampler) win(age int, w []float64) float64 {
	if len(s.ages) == 0 {
		return 0
	}
	at := sort.SearchInts(s.ages, age+1) - 1
	stay, p := 1.0, 0.0
	if at >= 0 {
		stay = s.stay[at]
	}
	if stay <= 0 {
		return 0
	}
	for k := range s.causes {
		ahead := s.share(k)
		if at >= 0 {
			ahead -= s.shares[at*s.causes+k]
		}
		p += ahead * w[k]
	}
	return min(1, p/stay)
}
