package funnel

import (
	"cmp"
	"math"
	"slices"

	"funnelbot/funnel/stats"
)

// The causes of the curves of slices.
const (
	sliceAdvance = iota
	sliceLost
	sliceBack
	sliceCauses
)

const (
	// leastGap is from which gap on it is asked for a cause, and half of it is what a cause has to explain.
	leastGap = 0.05
	explains = 0.5
	// least is how many exits a slice needs to be looked at, and mostOf the share of all that it may be:
	// without it something has to be left.
	least  = 10
	mostOf = 0.8
)

// slice is a group of stays of one stage that have a trait in common.
type slice struct {
	trait       Trait
	value, name string
	// now and before are its stays in the window and in those before.
	now, before *stats.Tally
}

// split is the stage whose stays are sliced.
type split struct {
	now, before *stats.Tally
	// p and b are its conversion, and what it is held against; gap is b − p.
	p, b, gap float64
	// fell says that b is that of the windows before, which slices have too.
	fell bool
}

func sliceCause(exit Exit) int {
	switch exit {
	case Advance:
		return sliceAdvance
	case Loss:
		return sliceLost
	case Back:
		return sliceBack
	case Stayed:
	}
	return stats.Censored
}

// explain names the causes of the weakest stage and advises.
func (a *analysis) explain(r *BottleneckReport) {
	for i := range r.Ranking {
		row := &r.Ranking[i]
		if row.Stage != r.Weakest {
			continue
		}
		if row.slowOnly() {
			row.Cause = Weakness{Trait: TraitPace}
			row.Apart = row.Cause
		} else {
			row.Cause, row.Apart = a.blame(row)
		}
		row.Advice = Advise(a.funnel, row.Stage, row.Cause.Trait)
	}
}

// slowOnly reports whether the stage became slower and its conversion did not fall: its pace is the cause then.
func (r *Ranked) slowOnly() bool { return r.Pace.Alarm && !r.Alarm }

// blame returns the slice without which the stage would be nearest to what it is held against, and the
// nearest that is no owner; zero where none can be named.
func (a *analysis) blame(r *Ranked) (best, apart Weakness) {
	stage := a.funnel.Index(r.Stage)
	groups := a.in.Slices[r.Stage]
	windows := min(a.windows, a.in.SliceDays/a.of.Days-1)
	s := a.split(stage, windows, r)
	if s.gap < leastGap || len(groups) == 0 {
		return best, apart
	}
	for _, x := range s.suspects(a.slices(groups, windows)) {
		w := s.weakness(&x)
		if best.Trait == "" {
			best = w
		}
		if apart.Trait == "" && w.Trait != TraitOwner {
			apart = w
		}
	}
	return best, apart
}

// split sums the stays of the stage itself. A gap to its own past is explained by what changed; where
// there is none, the gap to the target by what is different.
func (a *analysis) split(stage, windows int, r *Ranked) *split {
	s := &split{now: stats.NewTally(sliceCauses), before: stats.NewTally(sliceCauses)}
	now, past := window{days: a.of.Days}, window{ago: a.of.Days, days: windows * a.of.Days}
	for i := range a.stays[stage] {
		st := a.stays[stage][i]
		switch {
		case st.cause == stats.Censored:
		case st.cause == a.lost():
			st.cause = sliceLost
		case slices.Contains(a.advance[stage], st.cause):
			st.cause = sliceAdvance
		default:
			st.cause = sliceBack
		}
		s.add(&st, now, past)
	}
	s.p = s.now.Share(sliceAdvance)
	s.b = r.Target
	if windows > 0 && s.before.Exits() >= enough {
		if b := s.before.Share(sliceAdvance); b-s.p >= leastGap {
			s.b, s.fell = b, true
		}
	}
	s.gap = s.b - s.p
	return s
}

func (s *split) add(st *stay, now, past window) {
	if g, ok := st.within(now); ok {
		s.now.Add(g)
	}
	if g, ok := st.within(past); ok && past.days > 0 {
		s.before.Add(g)
	}
}

// slices collects the groups by trait and value, in order; deals without a value are no slice.
func (a *analysis) slices(groups []SliceGroup, windows int) []*slice {
	type key struct {
		trait Trait
		value string
	}
	found := map[key]*slice{}
	now, past := window{days: a.of.Days}, window{ago: a.of.Days, days: windows * a.of.Days}
	for i := range groups {
		g := &groups[i]
		if g.Value == "" {
			continue
		}
		k := key{g.Trait, g.Value}
		s := found[k]
		if s == nil {
			s = &slice{
				trait: g.Trait, value: g.Value, name: g.Name,
				now: stats.NewTally(sliceCauses), before: stats.NewTally(sliceCauses),
			}
			found[k] = s
		}
		st := stay{cause: sliceCause(g.Exit), entered: g.Entered, left: g.Left, days: g.Stay, sharp: g.Sharp, n: g.Spells}
		(&split{now: s.now, before: s.before}).add(&st, now, past)
	}
	list := make([]*slice, 0, len(found))
	for _, s := range found {
		list = append(list, s)
	}
	slices.SortFunc(list, func(a, b *slice) int {
		return cmp.Or(cmp.Compare(a.trait, b.trait), cmp.Compare(a.value, b.value))
	})
	return list
}

// suspect is a slice with what of the gap goes with it.
type suspect struct {
	*slice
	rest, restBefore *stats.Tally
	// part is the share of the gap that is gone without the slice, and z by how many of its standard
	// errors it is more than nothing.
	part, z float64
}

// suspects returns the slices that explain the gap, the nearest to the whole of it first; of those that
// explain all of it, the surest. As many were looked at, each has to stand out by as much more.
func (s *split) suspects(all []*slice) []suspect {
	var found []suspect
	looked := 0
	for _, x := range all {
		if x.now.Exits() < least || float64(x.now.Stays()) > mostOf*float64(s.now.Stays()) && x.trait != TraitReason {
			continue
		}
		y := suspect{slice: x, rest: s.now.Without(x.now), restBefore: s.before.Without(x.before)}
		if y.rest.Exits() < enough {
			continue
		}
		looked++
		if x.trait == TraitReason && !s.fell && !s.mostly(x) {
			continue
		}
		s.measure(&y)
		found = append(found, y)
	}
	strict := math.Sqrt2 * math.Erfinv(2*surelyOf(looked)-1)
	found = slices.DeleteFunc(found, func(x suspect) bool { return x.part < explains || x.z < strict })
	slices.SortStableFunc(found, func(a, b suspect) int {
		return cmp.Or(cmp.Compare(min(1, b.part), min(1, a.part)), cmp.Compare(b.z, a.z))
	})
	return found
}

// measure holds the stage without the slice against what it was without it, where it fell, or against the
// target. The part of the gap that the slice accounts for is, with its share π of the stays and d by how
// much fewer of it go on than of the rest, π·d now less π·d before; its error is that of both.
//
// A loss reason is no kind of deals: had those lost by it not been lost, they would not have left the
// others as they are, but gone on. Its part is by how much more are lost by it.
func (s *split) measure(x *suspect) {
	without := s.b
	if s.fell {
		without = x.restBefore.Share(sliceAdvance)
	}
	x.part = (s.gap - (without - x.rest.Share(sliceAdvance))) / s.gap
	effect, variance := x.weight(s.now, x.now, x.rest)
	if s.fell {
		e, v := x.weight(s.before, x.before, x.restBefore)
		effect, variance = effect-e, variance+v
	}
	if x.trait == TraitReason {
		x.part = effect / s.gap
	}
	if variance > 0 {
		x.z = effect / math.Sqrt(variance)
	}
}

// weight returns π·d of a slice in one window and the square of its error; of a loss reason, the share
// that is lost by it.
func (x *suspect) weight(all, part, rest *stats.Tally) (effect, variance float64) {
	if part.Exits() == 0 {
		return 0, 0
	}
	if x.trait == TraitReason {
		p := all.Share(sliceLost) * float64(part.Events(sliceLost)) / float64(all.Events(sliceLost))
		return p, p * (1 - p) / float64(all.Exits())
	}
	share := float64(part.Stays()) / float64(all.Stays())
	d := rest.Share(sliceAdvance) - part.Share(sliceAdvance)
	return share * d, share*share*(scatter(part)+scatter(rest)) + d*d*share*(1-share)/float64(all.Stays())
}

// scatter is the variance of a conversion, as if it were a share of the exits; one more of each kind keeps
// that of none and of all above zero.
func scatter(t *stats.Tally) float64 {
	n := float64(t.Exits())
	if n == 0 {
		return 1
	}
	p := (float64(t.Events(sliceAdvance)) + 1) / (n + 2)
	return p * (1 - p) / n
}

// mostly reports whether more than half of those that are lost surely are so for the reason. Without
// any of its losses a stage is always better: where there is no past to hold it against, that of the
// most frequent reason says nothing by itself.
func (s *split) mostly(x *slice) bool {
	return stats.Wilson(x.now.Events(sliceLost), s.now.Events(sliceLost), stats.Level).Low > 0.5
}

// weakness says of a suspect what a report tells.
func (s *split) weakness(x *suspect) Weakness {
	w := Weakness{
		Trait: x.trait, Value: x.value, Name: x.name, Spells: x.now.Stays(), Of: s.now.Stays(),
		Conversion: s.conversion(x.now), Without: s.conversion(x.rest), Explains: min(1, max(0, x.part)),
	}
	if x.trait == TraitReason {
		w.Conversion = Conversion{High: 1, Level: stats.Level, Method: w.Conversion.Method, Exits: x.now.Exits()}
	}
	if s.fell {
		before := x.restBefore.Share(sliceAdvance)
		w.Before = &before
	}
	return w
}

// conversion is that of a part of the stage; where it has few exits it is drawn to that of the stage.
func (s *split) conversion(t *stats.Tally) Conversion {
	n, value := t.Exits(), t.Share(sliceAdvance)
	c := Conversion{Value: &value, Level: stats.Level, Method: string(stats.MethodWilson), Exits: n}
	i := stats.Wilson(t.Events(sliceAdvance), n, stats.Level)
	if n < enough {
		c.Method = string(stats.MethodShrunk)
		i = stats.Shrunk(t.Events(sliceAdvance), n, s.p, pseudo, stats.Level)
	}
	c.Low, c.High = i.Low, i.High
	return c
}
