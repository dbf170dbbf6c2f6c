package funnel

import (
	"slices"
	"time"

	"funnelbot/funnel/stats"
)

// window is a number of whole days of 24 hours that ended so many days before the end of a table.
type window struct {
	ago  int
	days int
}

// stay is a [SpellGroup] with a number for how it ended.
type stay struct {
	cause         int
	entered, left int
	days          int
	sharp         bool
	n             int
}

// passages are the stays of a table, from which windows are cut.
//
// Curves have a cause for each stage, in the order of stages, into which stays went on or back; behind
// them stand those that were lost, and those that went back to where no stage is known. Whoever goes
// beyond the signature counts as having crossed it.
type passages struct {
	funnel *Funnel
	// stages are those of the funnel in their order, and behind them others that stays are of.
	stages []StageKey
	stays  [][]stay
	// advance and back are the causes by which stays of a stage were seen to go on and back.
	advance, back [][]int
	// oldest is how many days ago the first stay began.
	oldest int
}

func newPassages(f *Funnel, t SpellTable) *passages {
	p := &passages{funnel: f, stages: stagesOf(f, t.Groups)}
	p.stays, p.advance, p.back = make([][]stay, len(p.stages)), make([][]int, len(p.stages)), make([][]int, len(p.stages))
	places := map[StageKey]int{}
	for i, key := range p.stages {
		places[key] = i
	}
	for i := range t.Groups {
		g := &t.Groups[i]
		stage := places[g.Stage]
		p.stays[stage] = append(p.stays[stage], stay{
			cause:   p.cause(stage, g.Exit, g.Destination, places),
			entered: g.Entered, left: g.Left, days: g.Stay, sharp: g.Sharp, n: g.Spells,
		})
		p.oldest = max(p.oldest, g.Entered)
	}
	for i := range p.stages {
		p.sortWays(i)
	}
	return p
}

func stagesOf(f *Funnel, groups []SpellGroup) []StageKey {
	keys := make([]StageKey, 0, len(f.Stages))
	for _, s := range f.Stages {
		keys = append(keys, s.Key)
	}
	var others []StageKey
	for i := range groups {
		for _, key := range [2]StageKey{groups[i].Stage, groups[i].Destination} {
			if key != "" && !slices.Contains(keys, key) && !slices.Contains(others, key) {
				others = append(others, key)
			}
		}
	}
	slices.Sort(others)
	return append(keys, others...)
}

// causes is how many causes the curves have.
func (p *passages) causes() int { return len(p.stages) + 2 }

func (p *passages) lost() int { return len(p.stages) }

func (p *passages) nowhere() int { return len(p.stages) + 1 }

// signature is the outcome of the chain.
func (p *passages) signature() int { return p.funnel.Index(p.funnel.Signature) }

// cause numbers how stays of a stage ended, and remembers the way.
func (p *passages) cause(stage int, exit Exit, to StageKey, places map[StageKey]int) int {
	if exit == Stayed {
		return stats.Censored
	}
	if exit == Loss {
		return p.lost()
	}
	cause, known := places[to]
	switch {
	case !known:
		cause = p.nowhere()
	case p.funnel.Signed(to) && !p.funnel.Signed(p.stages[stage]):
		cause = p.signature()
	}
	ways := &p.back[stage]
	if exit == Advance {
		ways = &p.advance[stage]
	}
	if !slices.Contains(*ways, cause) {
		*ways = append(*ways, cause)
	}
	return cause
}

// sortWays puts the ways out of a stage in order, and leaves each on one side: a way that counted as
// back under an earlier order of the stages and as forward under another is forward.
func (p *passages) sortWays(stage int) {
	slices.Sort(p.advance[stage])
	p.back[stage] = slices.DeleteFunc(p.back[stage], func(k int) bool { return slices.Contains(p.advance[stage], k) })
	slices.Sort(p.back[stage])
}

// within returns the ages at which the stays were seen within the window, and how they ended in it. Not
// ok are those that had not begun by its end or had ended by its beginning.
//
// With the days counted from the end of the table, a stay is at risk after the whole days that it had
// when the window began, up to the days that it took, rounded up and at least 1, or those that it had
// when the window ended.
func (s *stay) within(w window) (g stats.Group, ok bool) {
	begin := w.ago + w.days
	if s.entered < w.ago || s.left >= begin {
		return g, false
	}
	g = stats.Group{From: max(0, s.entered-begin), To: s.days, Cause: s.cause, N: s.n}
	if s.left < w.ago {
		g.To, g.Cause = s.entered-w.ago, stats.Censored
		if !s.sharp {
			g.To++
		}
		g.To = max(1, g.To)
	}
	return g, true
}

// cut returns the stays of a stage that touch the window.
func (p *passages) cut(stage int, w window) []stats.Group {
	groups := make([]stats.Group, 0, len(p.stays[stage]))
	for i := range p.stays[stage] {
		if g, ok := p.stays[stage][i].within(w); ok {
			groups = append(groups, g)
		}
	}
	return groups
}

func (p *passages) curve(stage int, w window) *stats.Curve {
	return stats.Estimate(p.cut(stage, w), p.causes())
}

// curves estimates the stages that are wanted over the window; the others are nil.
func (p *passages) curves(w window, wanted func(stage int) bool) []*stats.Curve {
	curves := make([]*stats.Curve, len(p.stages))
	for i := range curves {
		if wanted(i) {
			curves[i] = p.curve(i, w)
		}
	}
	return curves
}

// every wants all stages.
func every(int) bool { return true }

// selling wants the stages before the signature, that of targets included.
func (p *passages) selling(stage int) bool { return !p.funnel.Signed(p.stages[stage]) }

// windows is how many whole windows of so many days lie before the present one, at most [baselines].
func (p *passages) windows(days int) int {
	return min(baselines, max(0, p.oldest/days-1))
}

// baselines is over how many windows at most a stage is held against its past.
const baselines = 4

func shares(c *stats.Curve, causes []int) float64 {
	total := 0.0
	for _, k := range causes {
		total += c.Share(k)
	}
	return total
}

func events(c *stats.Curve, causes []int) int {
	total := 0
	for _, k := range causes {
		total += c.Events(k)
	}
	return total
}

// last is the same period over so many days of 24 hours, for counting stays.
func (p Period) last(days int) Period {
	p.From, p.Days = p.To.Add(-time.Duration(days)*24*time.Hour), days
	return p
}
