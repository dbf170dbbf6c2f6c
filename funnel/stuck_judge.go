package funnel

import (
	"cmp"
	"slices"

	"funnelbot/funnel/stats"
)

// patience is how long deals may stand in one stage.
type patience struct {
	// judged says that the stage has exits enough for its own numbers to decide.
	judged bool
	fresh  float64
	// chances to go on are by age; later ages have none.
	chances []float64
	// fair is the last age up to which every one has at least half of the fresh chance. Few exits may let the
	// chance come back for some days behind it; one stage has one limit all the same.
	fair int
	// late is after how many days nine tenths of those that go on have, or -1.
	late    int
	allowed int
}

func (p *passages) patience(stage int, c *stats.Curve) patience {
	ways := p.advance[stage]
	r := patience{late: -1, allowed: p.allowed(stage), fresh: shares(c, ways)}
	if r.judged = c.Exits() >= enough && r.fresh > 0; !r.judged {
		return r
	}
	r.chances = chancesOf(c, ways)
	for r.fair < len(r.chances) && r.chances[r.fair] >= r.fresh/2 {
		r.fair++
	}
	r.fair = max(0, r.fair-1)
	if days, ok := c.Advances(0.9, ways...); ok {
		r.late = days
	}
	return r
}

// chancesOf returns the chance to go on at each age up to the last at which the curve can be read.
func chancesOf(c *stats.Curve, ways []int) []float64 {
	chances := make([]float64, 0, c.Tau())
	for age := range c.Tau() {
		p, ok := c.Ahead(age, ways...)
		if !ok {
			break
		}
		chances = append(chances, p)
	}
	return chances
}

func (p *patience) chance(age int) float64 {
	if age >= len(p.chances) {
		return 0
	}
	return p.chances[age]
}

// stuck says why a deal of an age counts as stuck and after how many days it is; empty where it does not.
func (p *patience) stuck(age int) (why StuckReason, limit int) {
	switch {
	case !p.judged && p.allowed >= 0 && age > p.allowed:
		return StuckDays, p.allowed
	case !p.judged:
		return "", 0
	case p.chance(age) < p.fresh/2:
		return StuckChance, p.fair
	case p.late >= 0 && age > p.late:
		return StuckLate, p.late
	}
	return "", 0
}

// NewStuckReport makes the report of a period from its counts.
func NewStuckReport(p Period, in BottleneckInput) StuckReport { return newAnalysis(p, &in).stuck() }

// stuck makes the report on deals that stand too long.
func (a *analysis) stuck() StuckReport {
	deals := a.standing()
	r := StuckReport{ReportHead: a.of.head(), Open: len(deals), Deals: []StuckDeal{}}
	patient := make([]*patience, len(a.stages))
	total := 0.0
	for i := range deals {
		d := &deals[i]
		if patient[d.stage] == nil {
			p := a.patience(d.stage, a.now.curves[d.stage])
			patient[d.stage] = &p
		}
		why, limit := patient[d.stage].stuck(d.age)
		if why == "" {
			continue
		}
		total += d.delay()
		r.Deals = append(r.Deals, a.stuckDeal(d, patient[d.stage], why, limit))
	}
	slices.SortFunc(r.Deals, func(a, b StuckDeal) int {
		return cmp.Or(
			cmp.Compare(b.CostOfDelay.Minor, a.CostOfDelay.Minor), cmp.Compare(b.Amount.Minor, a.Amount.Minor),
			cmp.Compare(b.Days, a.Days), cmp.Compare(a.Number, b.Number),
		)
	})
	r.CostOfDelay = a.prices.sum(total)
	r.Rules = a.stuckRules()
	return r
}

func (a *analysis) stuckDeal(d *placed, p *patience, why StuckReason, limit int) StuckDeal {
	s := StuckDeal{
		Deal: d.Deal, Number: d.Number, Owner: d.Owner, Stage: d.Stage, Entered: d.Entered.In(a.of.Zone), Days: d.age,
		Why: why, Limit: limit, Amount: Sum{Minor: d.amount, Currency: a.of.Currency}, StandIn: d.standIn,
		Over: d.over, CostOfDelay: a.prices.sum(d.delay()),
	}
	if p.judged {
		chance, fresh := p.chance(d.age), p.fresh
		s.Advances, s.Fresh = &chance, &fresh
	}
	if d.known {
		wins := d.wins
		s.Wins = &wins
	}
	return s
}
