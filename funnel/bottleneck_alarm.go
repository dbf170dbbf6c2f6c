package funnel

import "funnelbot/funnel/stats"

const (
	// persistence is how many days before the end of the period an alarm has to have been right as well.
	persistence = 2
	// persistenceDraws is from how many draws those days are judged, which have nearly all stays in common.
	persistenceDraws = 200
	// leastFall is by how much a share has to be lower than before to be worth an alarm, and leastDelay by how
	// much that of the stays which have ended by the age at which half of them used to have.
	leastFall  = 0.05
	leastDelay = 0.10
	// surely is how probable it has to be that it is lower, if one stage is looked at.
	surely = 0.95
)

// surelyOf is [surely] where several are looked at: each by itself would be wrong so often that the report
// as a whole would raise an alarm about nothing too often. It is the correction of Bonferroni, which holds
// whatever the stages have to do with one another.
func surelyOf(looks int) float64 { return 1 - (1-surely)/float64(max(1, looks)) }

// fell judges whether fewer go on from a stage than before: the probability, where the difference is
// large enough for the question, and whether it is an alarm.
func (a *analysis) fell(stage int) (below *float64, alarm bool) {
	if ways := a.advance[stage]; shares(a.before[stage], ways)-shares(a.now.curves[stage], ways) < leastFall {
		return nil, false
	}
	return a.lower("fall", leastFall, a.advance[stage], func(w window) *stats.Curve { return a.curve(stage, w) })
}

// pace judges whether stays in a stage take longer than before: whether fewer of them have ended, in
// any way, by the age at which half of them used to have.
func (a *analysis) pace(stage int) Pace {
	p := Pace{Days: reached(a.now.curves[stage].Leaves(0.5)), Baseline: reached(a.before[stage].Leaves(0.5))}
	if p.Baseline == nil {
		return p
	}
	age := *p.Baseline
	// What is still there is judged by full curves first, which are at hand.
	if a.now.curves[stage].Stay(age)-a.before[stage].Stay(age) < leastDelay {
		return p
	}
	p.PSlower, p.Alarm = a.lower("pace", leastDelay, []int{0}, func(w window) *stats.Curve {
		groups := a.cut(stage, w)
		for i := range groups {
			g := &groups[i]
			if g.Cause >= 0 {
				g.Cause = 0
			}
			if g.To > age {
				g.To, g.Cause = age, stats.Censored
			}
		}
		return stats.Estimate(groups, 1)
	})
	return p
}

// lower compares the share of the causes in the window with that in the windows before, for the end of
// the period and for the days before it with the same knowledge.
func (a *analysis) lower(purpose string, least float64, causes []int, curve func(window) *stats.Curve) (below *float64, alarm bool) {
	for ago := range persistence + 1 {
		now := curve(window{ago: ago, days: a.of.Days})
		before := curve(window{ago: ago + a.of.Days, days: a.windows * a.of.Days})
		if shares(before, causes)-shares(now, causes) < least {
			return below, false
		}
		draws := stats.Draws
		if ago > 0 {
			draws = persistenceDraws
		}
		p := stats.ShareBelow(a.drawn(purpose+" now", now, causes, draws), a.drawn(purpose+" before", before, causes, draws))
		if ago == 0 {
			below = &p
		}
		if p < surelyOf(a.looks) {
			return below, false
		}
	}
	return below, true
}

func (a *analysis) drawn(purpose string, c *stats.Curve, causes []int, draws int) []float64 {
	seed1, seed2 := a.of.seeds(purpose)
	return stats.Resample([]*stats.Curve{c}, draws, seed1, seed2).Of(0, causes...)
}
