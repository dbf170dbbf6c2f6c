package funnel

import (
	"cmp"
	"slices"

	"funnelbot/funnel/stats"
)

// analysis is the sale of a period as a chain of stages, from which the reports on the weakest link, on
// stuck deals and on the forecast are made.
type analysis struct {
	*passages
	of Period
	in *BottleneckInput
	// usual are the curves of a year and now those of the window, with the last 30 days beside.
	usual       *yearly
	now, recent *estimates
	// firm are the curves of the chain, and wins the chance of a fresh entry to come to the signature.
	firm []*stats.Curve
	wins []float64
	// windows is how many there are before the present one, and before their curves; nil without.
	windows int
	before  []*stats.Curve
	// looks is how many stages can be held against their past.
	looks  int
	prices prices
	placed []placed
}

func newAnalysis(p Period, in *BottleneckInput) *analysis {
	ps := newPassages(p.Funnel, in.Spells)
	a := &analysis{passages: ps, of: p, in: in, prices: newPrices(p.Currency, in)}
	a.usual = ps.yearly()
	w := window{days: p.Days}
	a.now = &estimates{passages: ps, window: w, curves: ps.curves(w, ps.selling), usual: a.usual}
	a.firm = a.firmCurves()
	// Draws depend on their stage alone: those of a curve that is firm are the ones of every report.
	seed1, seed2 := p.seeds("now")
	a.now.draws = stats.Resample(a.firm, stats.Draws, seed1, seed2)
	if p.Days > recent {
		a.recent = ps.estimate(p, "recent", window{days: recent}, a.usual, ps.selling)
	}
	a.wins = stats.Chain(a.chain(), ps.signature())
	if a.windows = min(ps.windows(p.Days), (in.SpellDays-persistence)/p.Days-1); a.windows > 0 {
		a.before = ps.curves(window{ago: p.Days, days: a.windows * p.Days}, ps.ranks)
		for i := range a.before {
			if ps.ranks(i) && a.compared(i) {
				a.looks++
			}
		}
	}
	return a
}

// ranks wants the stages of the sale that can be the weakest link.
func (p *passages) ranks(stage int) bool {
	s, known := p.funnel.Stage(p.stages[stage])
	return known && !s.Target && p.selling(stage)
}

// firmCurves are those of the window, where a stage has exits enough; else those of a year; and where that
// has too few as well, the hint of the funnel counts for some stays more.
func (a *analysis) firmCurves() []*stats.Curve {
	firm := make([]*stats.Curve, len(a.stages))
	for i, c := range a.now.curves {
		switch {
		case c == nil:
		case c.Exits() >= enough:
			firm[i] = c
		case a.usual.of(i).Exits() >= enough:
			firm[i] = a.usual.of(i)
		default:
			firm[i] = stats.Estimate(append(a.cut(i, window{days: year}), a.hinted(i)...), a.causes())
		}
	}
	return firm
}

// hinted are the stays for which a hint counts. They end late, because it says nothing about time.
func (a *analysis) hinted(stage int) []stats.Group {
	s, known := a.funnel.Stage(a.stages[stage])
	if !known || s.Conversion <= 0 {
		return nil
	}
	age := 4 * max(s.StuckAfter, 1)
	advance := int(s.Conversion*pseudo + 0.5)
	return []stats.Group{
		{To: age, Cause: stage + 1, N: advance}, {To: age, Cause: a.lost(), N: pseudo - advance},
	}
}

// chain are the shares of the firm curves.
func (a *analysis) chain() [][]float64 {
	q := make([][]float64, len(a.stages))
	for i, c := range a.firm {
		q[i] = make([]float64, a.causes())
		for k := range q[i] {
			if c != nil {
				q[i][k] = c.Share(k)
			}
		}
	}
	return q
}

// report makes the report, the causes of the weakest stage left out.
func (a *analysis) report() BottleneckReport {
	r := BottleneckReport{ReportHead: a.of.head(), Stages: []StagePassage{}, Ranking: []Ranked{}, TooFew: true}
	delays := a.delays()
	for i, key := range a.stages {
		if !a.ranks(i) {
			continue
		}
		row := StagePassage{Key: key, Passage: a.now.passage(i)}
		if a.recent != nil {
			c := a.recent.conversion(i)
			row.Recent = &c
		}
		r.Stages = append(r.Stages, row)
		if a.judged(i) {
			r.TooFew = false
			r.Ranking = append(r.Ranking, a.rank(i, row.Conversion, delays[i]))
		}
	}
	a.weigh(r.Ranking)
	slices.SortStableFunc(r.Ranking, func(a, b Ranked) int {
		return cmp.Or(cmp.Compare(b.GainMean.Minor, a.GainMean.Minor), cmp.Compare(b.GainDeals, a.GainDeals))
	})
	r.Weakest = weakest(r.Ranking)
	return r
}

// compared reports whether a stage is held against its past.
func (a *analysis) compared(stage int) bool {
	return a.windows > 0 && a.judged(stage) && a.before[stage].Exits() >= enough
}

// judged reports whether a stage has exits enough, in the window and within a year.
func (a *analysis) judged(stage int) bool {
	c := a.now.curves[stage]
	if a.of.Days > year {
		c = a.usual.of(stage)
	}
	return c.Exits() >= enough
}

// rank fills what is known of a stage by itself.
func (a *analysis) rank(stage int, c Conversion, delay float64) Ranked {
	r := Ranked{Stage: a.stages[stage], Conversion: c, CostOfDelay: a.prices.sum(delay)}
	e := a.prices.entries[r.Stage]
	r.EntriesPer30d = float64(e.spells) * recent / float64(a.of.Days)
	r.MeanAmount, r.StandIn = a.prices.sum(e.mean()), e.standIn()
	if a.compared(stage) {
		b := shares(a.before[stage], a.advance[stage])
		r.Baseline, r.Windows = &b, a.windows
		r.PBelowBaseline, r.Alarm = a.fell(stage)
		r.Pace = a.pace(stage)
	} else {
		r.Pace.Days = reached(a.now.curves[stage].Leaves(0.5))
	}
	r.Target, r.TargetFrom = a.target(stage, *c.Value, c.Exits, r.Baseline)
	return r
}

// target is what a stage is held against, never less than it reaches. What was not set as a goal is drawn to
// what the stage shows over all, as if that had been seen in some exits more: a baseline of few exits says
// little, and a hint counts for those exits alone.
func (a *analysis) target(stage int, p float64, exits int, baseline *float64) (float64, TargetFrom) {
	s, _ := a.funnel.Stage(a.stages[stage])
	n := float64(exits)
	switch {
	case s.Goal > 0:
		return max(p, s.Goal), TargetPlan
	case baseline != nil:
		b := float64(a.before[stage].Exits())
		mean := (*baseline*b + p*n) / (b + n)
		return max(p, (*baseline*b+mean*pseudo)/(b+pseudo)), TargetOwn
	case s.Conversion > 0:
		return max(p, (p*n+s.Conversion*pseudo)/(n+pseudo)), TargetHint
	}
	return p, ""
}

// weigh computes what raising each stage to its target would bring.
func (a *analysis) weigh(ranking []Ranked) {
	lifts := make([]stats.Lift, len(ranking))
	mean := a.prices.overall()
	for l := range ranking {
		r := &ranking[l]
		stage := a.funnel.Index(r.Stage)
		lifts[l] = stats.Lift{
			Stage: stage, Advance: append([]int{stage + 1}, a.advance[stage]...), Target: r.Target,
			Worth: r.EntriesPer30d * a.prices.entries[r.Stage].worth(mean),
		}
		lifts[l].Advance = unique(lifts[l].Advance)
	}
	gains := a.now.draws.Lift(a.signature(), lifts)
	for l := range ranking {
		r := &ranking[l]
		total := 0.0
		for _, gain := range gains.Draws[l] {
			total += gain
		}
		average := total / float64(max(1, len(gains.Draws[l])))
		r.GainDeals = average / a.prices.entries[r.Stage].worth(mean)
		if mean > 0 {
			r.GainMean, r.GainAtLeast = a.prices.sum(average), a.prices.sum(stats.Percentile(gains.Draws[l], atLeast))
		} else {
			r.GainMean, r.GainAtLeast = a.prices.sum(0), a.prices.sum(0)
		}
		r.ShareFirst = gains.First[l]
		r.Certainty = certainty(r.ShareFirst)
		r.sure = stats.Percentile(gains.Draws[l], atLeast) > 0
	}
}

// atLeast is the percentile of gains that is called sure.
const atLeast = 0.2

func unique(sorted []int) []int {
	var kept []int
	for _, k := range sorted {
		if !slices.Contains(kept, k) {
			kept = append(kept, k)
		}
	}
	return kept
}

func certainty(first float64) Certainty {
	switch {
	case first >= 0.9:
		return AlmostCertainly
	case first >= 0.7:
		return Probably
	}
	return Perhaps
}

// weakest is the first that is surely below its target. A stage that became slower comes before it
// unless a conversion fell: what changed asks for more attention than what was always so.
func weakest(ranking []Ranked) StageKey {
	fell := slices.ContainsFunc(ranking, func(r Ranked) bool { return r.Alarm })
	slow := -1
	for i := range ranking {
		if ranking[i].Pace.Alarm && (slow < 0 || ranking[i].CostOfDelay.Minor > ranking[slow].CostOfDelay.Minor) {
			slow = i
		}
	}
	if slow >= 0 && !fell {
		return ranking[slow].Stage
	}
	for i := range ranking {
		if r := &ranking[i]; r.Alarm || r.sure && r.Target > *r.Conversion.Value {
			return r.Stage
		}
	}
	return ""
}

// NewBottleneckReport makes the report of a period from its counts.
func NewBottleneckReport(p Period, in BottleneckInput) BottleneckReport {
	a := newAnalysis(p, &in)
	r := a.report()
	a.explain(&r)
	return r
}
