package funnel

import (
	"maps"
	"math"
	"slices"
)

// prices say what deals are worth in the workspace's currency. Those that carry no amount in it stand
// for the typical one of deals won.
type prices struct {
	currency Currency
	// typical is by segment; the empty one is that of all.
	typical map[string]int64
	entries map[StageKey]worths
}

// worths are what came into a stage: how many stays, how many of them with an amount of their own or a typical
// one, and the sum of the amounts.
type worths struct {
	spells, priced, stood int
	total                 float64
}

func newPrices(c Currency, in *BottleneckInput) prices {
	p := prices{currency: c, typical: map[string]int64{}, entries: map[StageKey]worths{}}
	for _, t := range in.Typical {
		p.typical[t.Segment] = t.Median
	}
	for _, e := range in.Entries {
		w := p.entries[e.Stage]
		w.spells += e.Spells
		w.priced += e.Priced
		w.total += float64(e.Sum)
		if amount, ok := p.usual(e.Segment); ok {
			w.stood += e.Spells - e.Priced
			w.total += float64(amount) * float64(e.Spells-e.Priced)
		}
		p.entries[e.Stage] = w
	}
	return p
}

// usual is the typical amount of a segment, or of all where that has none.
func (p prices) usual(segment string) (minor int64, ok bool) {
	if minor, ok = p.typical[segment]; !ok {
		minor, ok = p.typical[""]
	}
	return minor, ok
}

// of is what an open deal counts with.
func (p prices) of(d *StandingDeal) (minor int64, standIn bool) {
	if !d.Amount.IsZero() && d.Amount.Currency == p.currency {
		return d.Amount.Minor, false
	}
	minor, _ = p.usual(d.Segment)
	return minor, true
}

// sum rounds an amount to minor units.
func (p prices) sum(minor float64) Sum {
	const most = 1 << 62
	return Sum{Minor: int64(math.Round(min(max(minor, -most), most))), Currency: p.currency}
}

// mean is the mean amount of those that have one, 0 where none has.
func (w worths) mean() float64 {
	if w.priced+w.stood == 0 {
		return 0
	}
	return w.total / float64(w.priced+w.stood)
}

func (w worths) standIn() float64 {
	if w.spells == 0 {
		return 0
	}
	return float64(w.stood) / float64(w.spells)
}

// worth is the mean amount, or that of all stages where the stage has none. Where there are no
// amounts at all every deal counts alike.
func (w worths) worth(overall float64) float64 {
	switch m := w.mean(); {
	case m > 0:
		return m
	case overall > 0:
		return overall
	}
	return 1
}

// overall is the mean amount over all stages, 0 where no deal has any.
func (p prices) overall() float64 {
	var all worths
	for _, key := range slices.Sorted(maps.Keys(p.entries)) {
		w := p.entries[key]
		all.priced += w.priced
		all.stood += w.stood
		all.total += w.total
	}
	return all.mean()
}
