package funnel

import "funnelbot/funnel/stats"

// placed is an open deal where it stands, with what is expected of it.
type placed struct {
	*StandingDeal
	stage int
	// age is in whole days of 24 hours.
	age     int
	amount  int64
	standIn bool
	// wins is the chance to be won, known where stays of that age were seen.
	wins  float64
	known bool
	// over is how many days it stands longer than half of the deals do.
	over int
}

// delay is what its standing costs, in minor units and days.
func (d *placed) delay() float64 { return float64(d.amount) * d.wins * float64(d.over) }

// standing places the open deals. Those in stages that are no part of the sale are left out.
func (a *analysis) standing() []placed {
	if a.placed != nil {
		return a.placed
	}
	places := map[StageKey]int{}
	usual := make([]int, len(a.stages))
	for i, key := range a.stages {
		places[key] = i
		usual[i] = -1
		if a.selling(i) {
			usual[i] = a.half(i)
		}
	}
	type at struct{ stage, age int }
	type chance struct {
		wins  float64
		known bool
	}
	chances := map[at]chance{}
	a.placed = make([]placed, 0, len(a.in.Standing))
	for i := range a.in.Standing {
		d := &a.in.Standing[i]
		stage, known := places[d.Stage]
		if !known || !a.selling(stage) {
			continue
		}
		p := placed{StandingDeal: d, stage: stage, age: ageAt(d.Entered, a.of.To)}
		key := at{stage, p.age}
		c, seen := chances[key]
		if !seen {
			c.wins, c.known = stats.Win(a.firm[stage], p.age, a.wins)
			chances[key] = c
		}
		p.wins, p.known = c.wins, c.known
		p.amount, p.standIn = a.prices.of(d)
		if usual[stage] >= 0 {
			p.over = max(0, p.age-usual[stage])
		}
		a.placed = append(a.placed, p)
	}
	return a.placed
}

// half is after how many days half of the deals have left a stage; where so many never did, half of
// those that go on; and what the funnel allows where there are too few to know. It is -1 where that
// says nothing either.
func (a *analysis) half(stage int) int {
	c := a.firm[stage]
	if c.Exits() >= enough {
		if days, ok := c.Leaves(0.5); ok {
			return days
		}
		if days, ok := c.Advances(0.5, a.advance[stage]...); ok {
			return days
		}
	}
	return a.allowed(stage)
}

// allowed is the configured number of days of a stage, or -1.
func (p *passages) allowed(stage int) int {
	if s, _ := p.funnel.Stage(p.stages[stage]); s.StuckAfter > 0 {
		return s.StuckAfter
	}
	return -1
}

// delays sums the costs of delay by stage.
func (a *analysis) delays() []float64 {
	sums := make([]float64, len(a.stages))
	deals := a.standing()
	for i := range deals {
		sums[deals[i].stage] += deals[i].delay()
	}
	return sums
}
