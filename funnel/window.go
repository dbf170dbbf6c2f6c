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
	ways, of := waysOf(t.Groups)
	p := &passages{funnel: f, stages: stagesOf(f, ways), oldest: t.Oldest}
	p.stays, p.advance, p.back = make([][]stay, len(p.stages)), make([][]int, len(p.stages)), make([][]int, len(p.stages))
	for i := range ways {
		w := &ways[i]
		w.place = slices.Index(p.stages, w.stage)
		w.cause = p.cause(w)
		p.stays[w.place] = slices.Grow(p.stays[w.place], len(p.stays[w.place])+w.groups)
	}
	for i := range t.Groups {
		g, w := &t.Groups[i], &ways[of[i]]
		p.stays[w.place] = append(p.stays[w.place], stay{
			cause: w.cause, entered: g.Entered, left: g.Left, days: g.Stay, sharp: g.Sharp, n: g.Spells,
		})
		p.oldest = max(p.oldest, g.Entered)
	}
	for i := range p.stages {
		p.sortWays(i)
	}
	return p
}

// way is how stays of a stage ended.
type way struct {
	stage, to StageKey
	exit      Exit
	// place is that of the stage among all, and groups how many ended so.
	place, cause, groups int
}

// waysOf returns the ways that there are, which are few, and that of every group.
func waysOf(groups []SpellGroup) (ways []way, of []int) {
	of = make([]int, len(groups))
	for i := range groups {
		g := &groups[i]
		k := slices.IndexFunc(ways, func(w way) bool { return w.stage == g.Stage && w.to == g.Destination && w.exit == g.Exit })
		if k < 0 {
			k = len(ways)
			ways = append(ways, way{stage: g.Stage, to: g.Destination, exit: g.Exit})
		}
		ways[k].groups++
		of[i] = k
	}
	return ways, of
}

func stagesOf(f *Funnel, ways []way) []StageKey {
	keys := make([]StageKey, 0, len(f.Stages))
	for _, s := range f.Stages {
		keys = append(keys, s.Key)
	}
	var others []StageKey
	for _, w := range ways {
		for _, key := range [2]StageKey{w.stage, w.to} {
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
func (p *passages) cause(w *way) int {
	if w.exit == Stayed {
		return stats.Censored
	}
	if w.exit == Loss {
		return p.lost()
	}
	cause := slices.Index(p.stages, w.to)
	switch {
	case cause < 0:
		cause = p.nowhere()
	case p.funnel.Signed(w.to) && p.selling(w.place):
		cause = p.signature()
	}
	list := &p.back[w.place]
	if w.exit == Advance {
		list = &p.advance[w.place]
	}
	if !slices.Contains(*list, cause) {
		*list = append(*list, cause)
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

// cut returns the stays of a stage that touch the window. Most of them began within it, and are summed as
// they come: sorting them is what estimates would take most time for.
func (p *passages) cut(stage int, w window) []stats.Group {
	kinds := p.causes() + 1
	fresh := make([]int, (w.days+2)*kinds)
	var groups []stats.Group
	for i := range p.stays[stage] {
		g, ok := p.stays[stage][i].within(w)
		switch {
		case !ok:
		case g.From == 0 && g.To < w.days+2:
			fresh[g.To*kinds+g.Cause-stats.Censored] += g.N
		default:
			groups = append(groups, g)
		}
	}
	for at, n := range fresh {
		if n > 0 {
			groups = append(groups, stats.Group{To: at / kinds, Cause: at%kinds + stats.Censored, N: n})
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
