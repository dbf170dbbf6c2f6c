package funnel

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"funnelbot/funnel/stats"
)

const (
	// forecastDraws is from how many draws a band is read: its ends are the 20th from either side.
	forecastDraws = 200
	// forecastLevel is how often it is to hold.
	forecastLevel = 0.8
)

// ForecastInput is what a forecast is made of besides what the weakest link is.
type ForecastInput struct {
	BottleneckInput
	// Quotas are the plans from the month of the period's end on, and Won what was won in that month.
	Quotas []Quota
	Won    []WonCount
	// Owners divide the open deals and tell what was closed in the period; without them there is no velocity and
	// no stage or owner is told apart.
	Owners *OwnerTable
}

// NewForecastReport makes the report of a period from its counts.
func NewForecastReport(p Period, in *ForecastInput) ForecastReport {
	return newAnalysis(p, &in.BottleneckInput).forecast(in)
}

func (a *analysis) forecast(in *ForecastInput) ForecastReport {
	deals := a.standing()
	r := ForecastReport{
		ReportHead: a.of.head(), Open: len(deals),
		Months: []ForecastMonth{}, Stages: []ForecastStage{}, Owners: []ForecastOwner{},
	}
	guessed := map[int]bool{}
	for i := range deals {
		if deals[i].standIn {
			r.StandIn++
		}
		if !guessed[deals[i].stage] {
			guessed[deals[i].stage] = true
			r.TooFew = r.TooFew || a.firm[deals[i].stage].Exits() < enough || a.guess(deals[i].stage)
		}
	}
	chances := a.chances(deals)
	due := make([]string, len(deals))
	for i := range deals {
		due[i] = monthKey(a.due(&deals[i]))
	}
	months := a.divide(deals, chances, func(i int) string { return due[i] })
	r.Expected = months.all
	r.Months = a.months(months, in)
	if in.Owners != nil {
		r.Stages = a.forecastStages(deals, chances)
		r.Owners = a.forecastOwners(deals, chances, in.Owners.Names)
		r.Velocity = a.velocity(deals, in.Owners.Closed)
	}
	return r
}

// guess reports whether the chances of a stage rest on a hint.
func (a *analysis) guess(stage int) bool {
	return a.now.curves[stage].Exits() < enough && a.usual.of(stage).Exits() < enough
}

// drawnChances are the chances of deals to be won, by place and draw.
type drawnChances struct {
	// place is the row of a deal, -1 for one that has no chance.
	place []int
	rows  [][]float64
}

// chances draws the chances of the deals that have any.
func (a *analysis) chances(deals []placed) drawnChances {
	c := drawnChances{place: make([]int, len(deals))}
	seen := map[stats.Place]int{}
	var places []stats.Place
	for i := range deals {
		d := &deals[i]
		if c.place[i] = -1; !d.known || d.wins <= 0 {
			continue
		}
		at := stats.Place{Stage: d.stage, Age: d.age}
		row, known := seen[at]
		if !known {
			row = len(places)
			seen[at] = row
			places = append(places, at)
		}
		c.place[i] = row
	}
	seed1, seed2 := a.of.seeds("now")
	c.rows = stats.ResampleWins(a.firm, a.signature(), places, forecastDraws, seed1, seed2)
	return c
}

// division is what is expected by part and of all parts.
type division struct {
	parts []part
	all   Expected
}

type part struct {
	key  string
	open int
	// value is the sum of the amounts.
	value int64
	Expected
}

// divide sums what is expected of the deals by a key, in its order.
func (a *analysis) divide(deals []placed, c drawnChances, keyOf func(i int) string) division {
	buckets := map[string]int{}
	var d division
	for i := range deals {
		key := keyOf(i)
		if _, known := buckets[key]; !known {
			buckets[key] = len(d.parts)
			d.parts = append(d.parts, part{key: key})
		}
	}
	slices.SortFunc(d.parts, func(a, b part) int { return cmp.Compare(a.key, b.key) })
	for i := range d.parts {
		buckets[d.parts[i].key] = i
	}
	means := make([]float64, len(d.parts)+1)
	stakes := make([]stats.Stake, 0, len(deals))
	for i := range deals {
		deal, at := &deals[i], buckets[keyOf(i)]
		p := &d.parts[at]
		p.open++
		p.value += deal.amount
		if c.place[i] < 0 {
			continue
		}
		p.Deals += deal.wins
		d.all.Deals += deal.wins
		means[at] += deal.wins * float64(deal.amount)
		means[len(d.parts)] += deal.wins * float64(deal.amount)
		stakes = append(stakes, stats.Stake{Place: c.place[i], Bucket: at, Amount: float64(deal.amount)})
	}
	seed1, seed2 := a.of.seeds("takings")
	sums := stats.Takings(stakes, c.rows, len(d.parts), seed1, seed2)
	for i := range d.parts {
		a.band(&d.parts[i].Expected, means[i], sums[i])
	}
	a.band(&d.all, means[len(d.parts)], sums[len(d.parts)])
	return d
}

func (a *analysis) band(e *Expected, mean float64, draws []float64) {
	slices.Sort(draws)
	e.Mean, e.Level = a.prices.sum(mean), forecastLevel
	e.Low = a.prices.sum(stats.Percentile(draws, (1-forecastLevel)/2))
	e.High = a.prices.sum(stats.Percentile(draws, (1+forecastLevel)/2))
}

// due is when a deal is expected to be decided: on the day that was said, unless that is past, or when it
// is through the stages that are left as fast as half of those that go on are.
func (a *analysis) due(d *placed) Date {
	today := DateOf(a.of.To.In(a.of.Zone))
	if !d.Closing.IsZero() && !d.Closing.Before(today) {
		return d.Closing
	}
	days := max(1, a.through(d.stage)-d.age)
	for stage := d.stage + 1; stage < a.signature(); stage++ {
		days += a.through(stage)
	}
	return today.AddDays(days)
}

// through is how many days half of those that go on from a stage have taken, or what the funnel allows.
func (a *analysis) through(stage int) int {
	if c := a.firm[stage]; c != nil && !a.guess(stage) {
		if days, ok := c.Advances(0.5, a.advance[stage]...); ok {
			return days
		}
	}
	return max(0, a.allowed(stage))
}

func monthKey(d Date) string { return fmt.Sprintf("%04d-%02d", d.Year, d.Month) }

// months adds what was planned and won. The present month is always there, and so is one with a plan.
func (a *analysis) months(d division, in *ForecastInput) []ForecastMonth {
	none := a.prices.sum(0)
	var list []ForecastMonth
	at := func(month string) *ForecastMonth {
		i := slices.IndexFunc(list, func(m ForecastMonth) bool { return m.Month == month })
		if i < 0 {
			i = len(list)
			list = append(list, ForecastMonth{
				Month: month, Won: none, Expected: Expected{Mean: none, Low: none, High: none, Level: forecastLevel},
			})
		}
		return &list[i]
	}
	at(monthKey(DateOf(a.of.To.In(a.of.Zone))))
	for _, p := range d.parts {
		m := at(p.key)
		m.Open, m.Expected = p.open, p.Expected
	}
	for _, q := range in.Quotas {
		if q.Amount.IsZero() || q.Amount.Currency != a.of.Currency {
			continue
		}
		m := at(monthKey(q.Month))
		if m.Plan == nil {
			m.Plan = &Sum{Currency: a.of.Currency}
		}
		m.Plan.Minor += q.Amount.Minor
	}
	for _, w := range in.Won {
		m := at(monthKey(w.Month))
		m.WonDeals += w.Deals
		if w.Sum.IsZero() || w.Sum.Currency != a.of.Currency {
			m.Unpriced += w.Deals
			continue
		}
		m.Won.Minor += w.Sum.Minor
	}
	slices.SortFunc(list, func(a, b ForecastMonth) int { return cmp.Compare(a.Month, b.Month) })
	return list
}

func (a *analysis) forecastStages(deals []placed, c drawnChances) []ForecastStage {
	d := a.divide(deals, c, func(i int) string { return fmt.Sprintf("%04d", deals[i].stage) })
	list := make([]ForecastStage, 0, len(d.parts))
	for _, p := range d.parts {
		stage := deals[slices.IndexFunc(deals, func(d placed) bool { return fmt.Sprintf("%04d", d.stage) == p.key })].stage
		list = append(list, ForecastStage{
			Stage: a.stages[stage], Open: p.open, Value: Sum{Minor: p.value, Currency: a.of.Currency}, Wins: a.wins[stage],
			Expected: p.Expected,
		})
	}
	return list
}

func (a *analysis) forecastOwners(deals []placed, c drawnChances, names map[ID]string) []ForecastOwner {
	d := a.divide(deals, c, func(i int) string { return string(deals[i].Owner[:]) })
	list := make([]ForecastOwner, 0, len(d.parts))
	for _, p := range d.parts {
		owner := ID([]byte(p.key))
		list = append(list, ForecastOwner{
			Owner: owner, Name: names[owner], Open: p.open, Value: Sum{Minor: p.value, Currency: a.of.Currency}, Expected: p.Expected,
		})
	}
	slices.SortStableFunc(list, func(a, b ForecastOwner) int {
		return cmp.Or(cmp.Compare(b.Mean.Minor, a.Mean.Minor), cmp.Compare(b.Open, a.Open), cmp.Compare(a.Name, b.Name))
	})
	return list
}

// velocity is what the open deals bring per day at the win rate and the cycle of the period.
func (a *analysis) velocity(deals []placed, closed []ClosedCount) *Sum {
	t := newTotals(a.funnel, nil, closed)
	if len(deals) == 0 || t.WinRate.Value == nil || t.Cycle.Won.P50 == nil {
		return nil
	}
	value := int64(0)
	for i := range deals {
		value += deals[i].amount
	}
	mean := float64(value) / float64(len(deals))
	perDay, ok := stats.Velocity(len(deals), mean, *t.WinRate.Value, float64(*t.Cycle.Won.P50))
	if !ok {
		return nil
	}
	sum := a.prices.sum(perDay)
	return &sum
}

// monthStart is the first instant of the month in which the period ends.
func (p Period) monthStart() time.Time {
	return DateOf(p.To.In(p.Zone)).FirstOfMonth().In(p.Zone)
}
