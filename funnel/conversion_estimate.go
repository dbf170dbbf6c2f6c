package funnel

import (
	"hash/fnv"
	"slices"
	"strings"

	"funnelbot/funnel/stats"
)

const (
	// enough is with how many exits a stage may be judged at all.
	enough = 15
	// pseudo is for how many exits what is known from elsewhere counts.
	pseudo = 10
	// recent is the width in days of the window that stands beside the longer one.
	recent = 30
	// year is over how many days the usual conversion of a stage is taken.
	year = 365
)

// estimates are the curves of one window.
type estimates struct {
	*passages
	window window
	curves []*stats.Curve
	// draws belong to the curves that have exits enough for them; the others are nil there.
	draws *stats.Resamples
	usual *yearly
}

// yearly are the curves of a year, made when they are asked for: only stages with few exits need them.
type yearly struct {
	*passages
	curves []*stats.Curve
}

func (p *passages) yearly() *yearly {
	return &yearly{passages: p, curves: make([]*stats.Curve, len(p.stages))}
}

func (y *yearly) of(stage int) *stats.Curve {
	if y.curves[stage] == nil {
		y.curves[stage] = y.curve(stage, window{days: year})
	}
	return y.curves[stage]
}

// estimate makes the curves of the stages that are wanted. The purpose keeps its draws apart from those of
// other windows.
func (p *passages) estimate(of Period, purpose string, w window, usual *yearly, wanted func(int) bool) *estimates {
	e := &estimates{passages: p, window: w, curves: p.curves(w, wanted), usual: usual}
	drawn := make([]*stats.Curve, len(e.curves))
	for i, c := range e.curves {
		if c != nil && stats.MethodFor(c.Exits()) == stats.MethodBootstrap {
			drawn[i] = c
		}
	}
	seed1, seed2 := of.seeds(purpose)
	e.draws = stats.Resample(drawn, stats.Draws, seed1, seed2)
	return e
}

// seeds are the same for the same workspace, kind of deals, day of the end of the period and purpose. By the
// day and not by the moment: what is asked for about a report, a minute after it was shown, is drawn alike, so
// that its figures differ from those of the report only by what has happened to the deals since.
func (p Period) seeds(purpose string) (seed1, seed2 uint64) {
	at := DateOf(p.To.In(p.Zone)).String()
	hash := fnv.New64a()
	for _, salt := range []string{"1", "2"} {
		hash.Reset()
		hash.Write(p.Workspace[:])
		hash.Write([]byte(strings.Join([]string{at, string(p.Funnel.Kind), purpose, salt}, "/")))
		seed1, seed2 = seed2, hash.Sum64()
	}
	return seed1, seed2
}

// passage says how deals pass a stage over the window.
func (e *estimates) passage(stage int) Passage {
	c := e.curves[stage]
	p := Passage{Conversion: e.conversion(stage)}
	if c.Exits() == 0 {
		return p
	}
	advance, lost, back := shares(c, e.advance[stage]), c.Share(e.lost()), shares(c, e.back[stage])
	undecided := max(0, 1-advance-lost-back)
	p.Lost, p.Back, p.Undecided = &lost, &back, &undecided
	p.TimeInStage = Percentiles{P50: reached(c.Leaves(0.5)), P90: reached(c.Leaves(0.9))}
	ways := e.advance[stage]
	p.TimeToAdvance = Percentiles{P50: reached(c.Advances(0.5, ways...)), P90: reached(c.Advances(0.9, ways...))}
	return p
}

func reached(days int, ok bool) *int {
	if !ok {
		return nil
	}
	return &days
}

// conversion is the share that goes on, with its interval by the number of exits: below [enough] it is
// drawn to what is usual, and the value beside it is what was seen.
func (e *estimates) conversion(stage int) Conversion {
	c, ways := e.curves[stage], e.advance[stage]
	n := c.Exits()
	method := stats.MethodFor(n)
	r := Conversion{Low: 0, High: 1, Level: stats.Level, Method: string(method), Exits: n}
	if n > 0 {
		value := shares(c, ways)
		r.Value = &value
	}
	var i stats.Interval
	switch method {
	case stats.MethodBootstrap:
		i = e.draws.Interval(stage, stats.Level, ways...)
	case stats.MethodWilson:
		// The counts know nothing of deals that are still open, so the estimate may lie outside; with so
		// few exits neither is to be trusted against the other.
		i = stats.Wilson(events(c, ways), n, stats.Level)
		i.Low, i.High = min(i.Low, *r.Value), max(i.High, *r.Value)
	case stats.MethodShrunk:
		prior, known := e.prior(stage)
		if !known {
			return r
		}
		i = stats.Shrunk(events(c, ways), n, prior, pseudo, stats.Level)
	}
	r.Low, r.High = i.Low, i.High
	return r
}

// prior is the conversion that is usual for a stage: the workspace's own over a year, or the hint of the
// funnel where it has too few exits, or its own all the same where there is no hint.
func (e *estimates) prior(stage int) (p float64, known bool) {
	c := e.usual.of(stage)
	hint := e.hint(stage)
	if hint > 0 && c.Exits() < enough {
		return hint, true
	}
	return shares(c, e.advance[stage]), c.Exits() > 0
}

// hint is that of the funnel file, 0 where it gives none.
func (p *passages) hint(stage int) float64 {
	s, _ := p.funnel.Stage(p.stages[stage])
	return s.Conversion
}

// passed are how the stages of a report are passed.
type passed struct {
	*passages
	usual       *yearly
	now, recent *estimates
}

// report estimates the stages that are wanted over the window of the period, and beside it the last 30
// days where that is shorter.
func (p *passages) report(of Period, wanted func(int) bool) *passed {
	r := &passed{passages: p, usual: p.yearly()}
	r.now = p.estimate(of, "now", window{days: of.Days}, r.usual, wanted)
	if of.Days > recent {
		r.recent = p.estimate(of, "recent", window{days: recent}, r.usual, wanted)
	}
	return r
}

// of returns how a stage is passed.
func (r *passed) of(key StageKey) Passage {
	i := slices.Index(r.stages, key)
	if i < 0 {
		return Passage{Conversion: Conversion{High: 1, Level: stats.Level, Method: string(stats.MethodShrunk)}}
	}
	p := r.now.passage(i)
	if r.recent != nil {
		c := r.recent.conversion(i)
		p.Recent = &c
	}
	return p
}
