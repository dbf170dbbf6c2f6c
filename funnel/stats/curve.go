package stats

import (
	"cmp"
	"slices"
	"sort"
)

// Group is a number of stays that were at risk of ending on the ages (From, To], in whole days.
type Group struct {
	From, To int
	// Cause is how they ended at the age To, counted from 0; [Censored] for those that had not ended.
	Cause int
	N     int
}

// Censored is the cause of stays that had not ended when they were last seen.
const Censored = -1

// enough is how many stays have to be at risk at an age for the curve to be read there.
const enough = 5

// near is by what part two values may differ that exact arithmetic would give as one: S is a product
// and F a sum of many fractions.
const near = 1e-9

// Curve says of one stage with what probability a stay goes on to an age and ends by it in each of
// several ways. The zero Curve is that of a stage in which nothing was seen.
type Curve struct {
	causes int
	groups []Group // merged, by To, Cause and From
	begun  int     // the age after which the first piece begins
	pieces []piece // without gaps, by age
	events []int   // of a piece and a cause
	shares []float64
	tau    int // index of the piece that ends at τ, -1 without pieces
	exits  int
}

// piece is a run of ages, up to and including its last, at each of which the same stays are at risk;
// events happen at the last only.
type piece struct {
	last   int
	atRisk int
	stay   float64
}

// Step is what a curve says of one age.
type Step struct {
	// Age is in whole days, the first day being 1.
	Age    int
	AtRisk int
	// Events and Shares have a value of each cause: how many ended so at this age, and F, the
	// probability of having ended so by it.
	Events []int
	Shares []float64
	// Stay is S, the probability of being there after this age.
	Stay float64
}

// Estimate returns the curve of the stays in groups, of which each ended by one of the causes
// 0..causes−1 or is [Censored]. It is the Aalen–Johansen estimate of competing risks with delayed entry: at
// each age t with n_t at risk and d_tk ends by the cause k,
//
//	F_k += S·d_tk/n_t  and then  S ·= 1 − Σ_k d_tk/n_t
//
// A stay enters the risk after its From, so one that began before the period that is looked at
// counts with the ages it had within it, and may be cut at any age into a censored stay and the rest
// without changing anything. Where nobody is at risk the curve stays as it is. Groups without a day at
// risk and without stays count for nothing.
//
// Source: O. O. Aalen and S. Johansen, "An empirical transition matrix for non-homogeneous Markov
// chains based on censored observations", Scandinavian Journal of Statistics 5 (1978), 141–150; with
// delayed entry as in H. Putter, M. Fiocco and R. B. Geskus, "Tutorial in biostatistics: competing
// risks and multi-state models", Statistics in Medicine 26 (2007), 2389–2430,
// https://doi.org/10.1002/sim.2712.
func Estimate(groups []Group, causes int) *Curve {
	c := &Curve{causes: causes, groups: merge(groups), tau: -1}
	c.count()
	stay, tail := 1.0, false
	sums := make([]float64, causes)
	for i := range c.pieces {
		p := &c.pieces[i]
		left := 0
		for k, d := range c.at(i) {
			left += d
			if d > 0 {
				sums[k] += stay * float64(d) / float64(p.atRisk)
			}
		}
		if left > 0 {
			// One division of whole numbers: where all leave, exactly nobody stays.
			stay *= float64(p.atRisk-left) / float64(p.atRisk)
		}
		p.stay = stay
		copy(c.shares[i*causes:], sums)
		c.exits += left
		switch {
		case p.atRisk >= enough:
			c.tau, tail = i, true
		case !tail:
			c.tau = i
		}
	}
	return c
}

// merge returns the groups that count, each kind once.
func merge(groups []Group) []Group {
	sorted := make([]Group, 0, len(groups))
	for _, g := range groups {
		if g.N > 0 && g.To > g.From {
			g.Cause = max(g.Cause, Censored)
			sorted = append(sorted, g)
		}
	}
	slices.SortFunc(sorted, func(a, b Group) int {
		return cmp.Or(cmp.Compare(a.To, b.To), cmp.Compare(a.Cause, b.Cause), cmp.Compare(a.From, b.From))
	})
	merged := sorted[:0]
	for _, g := range sorted {
		if n := len(merged); n > 0 && merged[n-1].From == g.From && merged[n-1].To == g.To && merged[n-1].Cause == g.Cause {
			merged[n-1].N += g.N
			continue
		}
		merged = append(merged, g)
	}
	return merged
}

// count fills the pieces and events from the groups.
func (c *Curve) count() {
	ages := make([]int, 0, 2*len(c.groups))
	for _, g := range c.groups {
		ages = append(ages, g.From, g.To)
	}
	slices.Sort(ages)
	ages = slices.Compact(ages)
	if len(ages) == 0 {
		return
	}
	c.begun, ages = ages[0], ages[1:]
	c.pieces = make([]piece, len(ages))
	c.events = make([]int, len(ages)*c.causes)
	c.shares = make([]float64, len(ages)*c.causes)
	for i, age := range ages {
		c.pieces[i].last = age
	}
	for _, g := range c.groups {
		to := sort.SearchInts(ages, g.To)
		// A piece begins behind the last age of the one before it.
		from := sort.SearchInts(ages, g.From+1)
		c.pieces[from].atRisk += g.N
		if to+1 < len(ages) {
			c.pieces[to+1].atRisk -= g.N
		}
		if g.Cause >= 0 {
			c.events[to*c.causes+g.Cause] += g.N
		}
	}
	for i := 1; i < len(c.pieces); i++ {
		c.pieces[i].atRisk += c.pieces[i-1].atRisk
	}
}

func (c *Curve) at(i int) []int { return c.events[i*c.causes : (i+1)*c.causes] }

// covering returns the index of the piece that holds an age; past the last it is their number, and
// that of the first for the ages before it.
func (c *Curve) covering(age int) int {
	return sort.Search(len(c.pieces), func(i int) bool { return c.pieces[i].last >= age })
}

// reached returns the index of the last piece that had ended by an age, -1 when none had.
func (c *Curve) reached(age int) int {
	return sort.Search(len(c.pieces), func(i int) bool { return c.pieces[i].last > age }) - 1
}

// Exits is the number of stays that ended, by any cause.
func (c *Curve) Exits() int { return c.exits }

// Events is the number of stays that ended by a cause.
func (c *Curve) Events(cause int) int {
	n := 0
	for i := range c.pieces {
		n += c.events[i*c.causes+cause]
	}
	return n
}

// AtRisk is how many stays were seen on the day of an age, the first day being 1: those that ended or
// were last seen on it among them.
func (c *Curve) AtRisk(age int) int {
	i := c.covering(age)
	if i == len(c.pieces) || age <= c.begun {
		return 0
	}
	return c.pieces[i].atRisk
}

// Tau is the last age at which at least five stays were at risk, the last age at all where so many
// never were, and 0 where no age was seen. The tail behind it is left to few stays, and would move by
// a large part with each of them.
func (c *Curve) Tau() int {
	if len(c.pieces) == 0 {
		return 0
	}
	return c.pieces[c.tau].last
}

// Share is the probability of ending by a cause, F at [Curve.Tau]. That of all causes together is less
// than 1 by what is still undecided there.
func (c *Curve) Share(cause int) float64 {
	if len(c.pieces) == 0 {
		return 0
	}
	return c.shares[c.tau*c.causes+cause]
}

// ShareAt is F, the probability of having ended by a cause at an age in whole days.
func (c *Curve) ShareAt(cause, age int) float64 {
	i := c.reached(age)
	if i < 0 {
		return 0
	}
	return c.shares[i*c.causes+cause]
}

// Stay is S, the probability of not having ended by an age in whole days.
func (c *Curve) Stay(age int) float64 {
	i := c.reached(age)
	if i < 0 {
		return 1
	}
	return c.pieces[i].stay
}

// Leaves returns the age in whole days by which the share q of the stays has ended: the smallest t with
// S(t) <= 1−q. It is not ok when so many have not been seen to end.
func (c *Curve) Leaves(q float64) (days int, ok bool) {
	for _, p := range c.pieces {
		if p.stay <= (1-q)*(1+near) {
			return p.last, true
		}
	}
	return 0, false
}

// Advances returns the age in whole days by which the share q of those that end by one of the causes
// has: the smallest t with ΣF(t) >= q·ΣF(τ). It is not ok when none does.
func (c *Curve) Advances(q float64, causes ...int) (days int, ok bool) {
	if len(c.pieces) == 0 {
		return 0, false
	}
	all := c.sum(c.tau, causes)
	if all <= 0 {
		return 0, false
	}
	for i := range c.pieces {
		if c.sum(i, causes) >= q*all*(1-near) {
			return c.pieces[i].last, true
		}
	}
	return 0, false
}

// Ahead returns the probability that a stay which is in the stage at an age, in whole days, ends by one
// of the causes: (ΣF(τ) − ΣF(age))/S(age). From τ on it is 0. It is not ok when nobody stays that long
// or nothing was seen.
func (c *Curve) Ahead(age int, causes ...int) (p float64, ok bool) {
	stay := c.Stay(age)
	if len(c.pieces) == 0 || stay <= 0 {
		return 0, false
	}
	ahead := c.sum(c.tau, causes) - c.sum(c.reached(age), causes)
	return min(1, max(0, ahead)/stay), true
}

// sum adds F of several causes at the end of a piece, 0 before the first.
func (c *Curve) sum(i int, causes []int) float64 {
	if i < 0 {
		return 0
	}
	total := 0.0
	for _, k := range causes {
		total += c.shares[i*c.causes+k]
	}
	return total
}

// Steps returns the ages at which stays began or stopped being at risk, which are those at which
// anything changes, in order.
func (c *Curve) Steps() []Step {
	steps := make([]Step, len(c.pieces))
	for i, p := range c.pieces {
		steps[i] = Step{
			Age: p.last, AtRisk: p.atRisk, Stay: p.stay,
			Events: slices.Clone(c.at(i)),
			Shares: slices.Clone(c.shares[i*c.causes : (i+1)*c.causes]),
		}
	}
	return steps
}
