package sample

import (
	"errors"
	"math"
	"slices"
	"time"

	"funnelbot/funnel"
)

// deals is how many deals the year holds.
const deals = 320

// Days before today on which the year begins, and on which the advertising campaign starts whose
// deals get as far as the proposal and no further. The campaign is the fault that the figures
// shall find.
const (
	yearDays     = 365
	campaignDays = 100
)

// year is what the stories of all deals share.
type year struct {
	*Config
	days
	book *book
	// people are the throws for those whom the team meets, notes what is written about them.
	people  dice
	notes   *book
	team    []*rep
	keys    []funnel.StageKey
	courses [levels]course
	// grades are the throws for how good what is found out is, by what becomes of the deals.
	grades map[grade]*evenly
	// fates are the throws for the ends of stays at each level, offers those of the campaign.
	fates  [levels]evenly
	offers evenly
	start  time.Time
	// campaign is when the advertising campaign starts.
	campaign time.Time
	firms    []*firm
	// fresh counts the firms that have come for the first time.
	fresh int
	// clients are firms that signed, lapsed those that were lost, in the order of the stories.
	clients, lapsed []past
}

// past is a firm that may come again from a time on.
type past struct {
	firm *firm
	from time.Time
}

// newYear prepares the year that ends with the day before the present one.
func newYear(c *Config, zone *time.Location) (*year, error) {
	today := funnel.DateOf(c.Now.In(zone))
	y := &year{Config: c, days: days{
		dice: newDice(c.Language, today, ofDeals), calendar: c.Workspace.Calendar, zone: zone, language: c.Language,
		today: today, end: today.In(zone).UTC(),
	}, courses: courses()}
	y.start = today.AddDays(-yearDays).In(zone).UTC()
	y.campaign = today.AddDays(-campaignDays).In(zone).UTC()
	f := c.Funnel(funnel.NewBusiness)
	var err error
	for i := range y.fates {
		y.fates[i] = evenly(y.dice.Float64())
	}
	y.offers = evenly(y.dice.Float64())
	if y.keys, err = stageKeys(f); err != nil {
		return nil, err
	}
	if y.book, err = newBook(c.Language, y.dice.Rand); err != nil {
		return nil, err
	}
	y.people = newDice(c.Language, today, ofPeople)
	if y.notes, err = newBook(c.Language, y.people.Rand); err != nil {
		return nil, err
	}
	y.grades = map[grade]*evenly{}
	if err := y.knows(f); err != nil {
		return nil, err
	}
	if y.firms, err = y.readFirms(); err != nil {
		return nil, err
	}
	if len(y.firms) < 3 {
		return nil, errors.New("sample: no companies in the texts")
	}
	return y, nil
}

// live tells the stories of all deals, in the order in which they were opened.
func (y *year) live() []*story {
	stories := make([]*story, 0, deals)
	for i, at := range y.arrivals() {
		s := y.begin(at, i)
		s.run()
		if s.signed {
			y.clients = append(y.clients, past{s.firm, s.clock.AddDate(0, 0, 40)})
		} else if s.lost && !s.foreign {
			y.lapsed = append(y.lapsed, past{s.firm, s.clock.AddDate(0, 0, 75)})
		}
		stories = append(stories, s)
	}
	y.promise(stories)
	return y.acquaint(stories)
}

// arrivals draws when deals are opened: more from month to month, few around holidays, on free
// days only what comes through the website.
func (y *year) arrivals() []time.Time {
	var days []funnel.Date
	var sums []float64
	total := 0.0
	for i := range yearDays {
		day := y.today.AddDays(i - yearDays)
		weight := y.mood(day) * (0.65 + 0.75*float64(i)/yearDays)
		if yearDays-i <= campaignDays {
			weight *= 1.25
		}
		if !y.works(day) {
			weight *= 0.05
		}
		total += weight
		days, sums = append(days, day), append(sums, total)
	}
	all := make([]time.Time, 0, deals)
	for range deals {
		at := y.dice.Float64() * total
		i, _ := slices.BinarySearch(sums, at)
		all = append(all, y.arrival(days[min(i, len(days)-1)]))
	}
	slices.SortFunc(all, time.Time.Compare)
	return all
}

// arrival draws a time of the day.
func (y *year) arrival(day funnel.Date) time.Time {
	if hours := y.calendar.On(day); y.works(day) && !hours.Off() && y.dice.chance(0.9) {
		return hours.From.On(day, y.zone).Add(time.Duration(y.dice.IntN(int(hours.To-hours.From)-5)) * time.Minute).UTC()
	}
	return funnel.At(6, 30).On(day, y.zone).Add(time.Duration(y.dice.IntN(16*60)) * time.Minute).UTC()
}

// source draws through which channel a deal comes: fairs have their weeks, the campaign its start.
func (y *year) source(at time.Time) string {
	ads, event := 0.07, 0.06
	if at.After(y.campaign) {
		ads = 0.42
	}
	if days := y.end.Sub(at).Hours() / 24; (days > 245 && days < 257) || (days > 52 && days < 64) {
		event = 0.6
	}
	keys := []string{"site", "referral", "event", "content", "ads", "cold", "other"}
	return keys[y.dice.pick(0.27, 0.2, event, 0.12, ads, 0.17, 0.03)]
}

// taker draws who takes a deal; whom it does not fall to anyone else than those who sell then.
func (y *year) taker(at time.Time) *rep {
	weights := make([]float64, len(y.team))
	for i, r := range y.team {
		if r.active(at) {
			weights[i] = r.share
		}
	}
	return y.team[y.dice.pick(weights...)]
}

// again draws a firm that comes a second time, or nil.
func (y *year) again(known *[]past, at time.Time, p float64) *firm {
	if len(*known) == 0 || !y.dice.chance(p) {
		return nil
	}
	i := y.dice.IntN(len(*known))
	if (*known)[i].from.After(at) {
		return nil
	}
	f := (*known)[i].firm
	*known = slices.Delete(*known, i, i+1)
	return f
}

// caller returns the firm of a new deal, and whether it is a client already.
func (y *year) caller(at time.Time, n int) (f *firm, client bool) {
	twins := len(y.firms) - 2
	switch n {
	case deals * 3 / 5:
		return y.firms[twins], false
	case deals * 2 / 3:
		return y.firms[twins+1], false
	}
	if f = y.again(&y.clients, at, 0.3); f != nil {
		return f, true
	}
	if f = y.again(&y.lapsed, at, 0.12); f != nil {
		return f, false
	}
	y.fresh++
	return y.firms[y.fresh%twins], false
}

// amount draws what a firm would pay, in the currency of the workspace and round, as people type.
func (y *year) amount(f *firm, client bool) funnel.Money {
	major := y.dice.around([]float64{9_000, 24_000, 65_000}[f.size], 0.45)
	if client {
		major *= 0.6
	}
	if y.Workspace.Currency == "RUB" {
		major *= 80
	}
	return y.round(major)
}

// round returns an amount as people type it.
func (y *year) round(major float64) funnel.Money {
	step := math.Pow(10, math.Floor(math.Log10(major))-1) / 2
	return funnel.Money{
		Minor: int64(math.Round(major/step)*step) * y.Workspace.Currency.Scale(), Currency: y.Workspace.Currency,
	}
}
