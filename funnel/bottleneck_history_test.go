package funnel_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"funnelbot/funnel"
	"funnelbot/funnel/definition"
)

// sale is an invented history of deals that go through the stages of the built-in funnel.
type sale struct {
	seed  uint64
	deals int
	// days is how long ago the first deal came in.
	days float64
	// conversion says which share of the deals of an owner and a source goes on from a stage that it came
	// into so many days ago; pace how many days that takes on average.
	conversion func(stage, owner, source int, ago float64) float64
	pace       func(stage int, ago float64) float64
}

var selling = []funnel.StageKey{"lead", "qualification", "proposal", "negotiation", "launch"}

func unchanged(stage, _, _ int, _ float64) float64 { return []float64{0.45, 0.6, 0.5, 0.7}[stage] }

func usualPace(stage int, _ float64) float64 { return []float64{6, 12, 15, 20}[stage] }

// stayed is one stay of an invented history, in days before its end.
type stayed struct {
	stage, owner, source int
	entered, left        float64 // left is negative for one that goes on
	exit                 funnel.Exit
	to                   funnel.StageKey
	amount               int64
}

func (s sale) stays() []stayed {
	r := rand.New(rand.NewPCG(s.seed, 99))
	if s.conversion == nil {
		s.conversion = unchanged
	}
	if s.pace == nil {
		s.pace = usualPace
	}
	var all []stayed
	for range s.deals {
		at := r.Float64() * s.days
		owner, source, amount := r.IntN(5), r.IntN(5), int64(math.Exp(13+r.NormFloat64()))
		for stage := 0; stage < len(selling)-1; stage++ {
			x := stayed{stage: stage, owner: owner, source: source, entered: at, left: -1, amount: amount}
			took := s.pace(stage, at) * (r.ExpFloat64() + r.ExpFloat64()) / 2
			on := r.Float64() < s.conversion(stage, owner, source, at)
			if at -= took; at < 0 {
				all = append(all, x)
				break
			}
			x.left, x.exit = at, funnel.Loss
			switch {
			case on:
				x.exit, x.to = funnel.Advance, selling[stage+1]
			case stage > 0 && r.IntN(10) == 0:
				x.exit, x.to = funnel.Back, selling[stage-1]
			}
			all = append(all, x)
			if !on {
				break
			}
		}
	}
	return all
}

func (x *stayed) group() funnel.SpellGroup {
	g := funnel.SpellGroup{
		Stage: selling[x.stage], Entered: int(x.entered), Left: -1, Exit: x.exit, Destination: x.to, Spells: 1,
	}
	if x.left >= 0 {
		g.Left, g.Stay = int(x.left), max(1, int(math.Ceil(x.entered-x.left)))
	}
	return g
}

// end is the end of every invented history.
func end() time.Time { return time.Date(2026, time.November, 2, 9, 0, 0, 0, time.UTC) }

func saleOver(days int) funnel.Period {
	def, err := definition.Default()
	if err != nil {
		panic(err)
	}
	return funnel.Period{
		Workspace: funnel.ID{7}, From: end().AddDate(0, 0, -days), To: end(), Days: days, Zone: time.UTC, Currency: "USD", Funnel: def,
	}
}

// input counts the stays as a database would for a window.
func (s sale) input(window int) funnel.BottleneckInput {
	in := funnel.BottleneckInput{SpellDays: max(5*window+2, 365), SliceDays: 5 * window, Slices: map[funnel.StageKey][]funnel.SliceGroup{}}
	in.Spells.To = end()
	spells, entries := map[funnel.SpellGroup]int{}, map[funnel.StageKey]*funnel.EntryGroup{}
	slices := map[funnel.StageKey]map[funnel.SliceGroup]int{}
	for _, stage := range selling[:4] {
		entries[stage], slices[stage] = &funnel.EntryGroup{Stage: stage}, map[funnel.SliceGroup]int{}
	}
	for i, x := range s.stays() {
		if x.left < float64(in.SpellDays) {
			spells[x.group()]++
		}
		stage := selling[x.stage]
		if x.entered < float64(window) {
			entries[stage].Spells++
			entries[stage].Priced++
			entries[stage].Sum += x.amount
		}
		if x.left < float64(in.SliceDays) {
			for _, v := range x.slices() {
				slices[stage][v]++
			}
		}
		if x.left < 0 {
			in.Standing = append(in.Standing, funnel.StandingDeal{
				Deal: funnel.ID{1, byte(i >> 16), byte(i >> 8), byte(i)}, Number: int64(i), Owner: funnel.ID{9, byte(x.owner)}, Stage: stage,
				Entered: end().Add(-time.Duration(x.entered * 24 * float64(time.Hour))), Amount: funnel.Money{Minor: x.amount, Currency: "USD"},
			})
		}
	}
	for g, n := range spells {
		g.Spells = n
		in.Spells.Groups = append(in.Spells.Groups, g)
	}
	for _, stage := range selling[:4] {
		in.Entries = append(in.Entries, *entries[stage])
		for g, n := range slices[stage] {
			g.Spells = n
			in.Slices[stage] = append(in.Slices[stage], g)
		}
	}
	return in
}

func (x *stayed) slices() []funnel.SliceGroup {
	g := x.group()
	of := func(t funnel.Trait, value string) funnel.SliceGroup {
		return funnel.SliceGroup{
			Trait: t, Value: value, Name: value, Entered: g.Entered, Sharp: g.Sharp, Left: g.Left, Stay: g.Stay, Exit: g.Exit,
		}
	}
	list := []funnel.SliceGroup{
		of(funnel.TraitOwner, "owner "+string(rune('a'+x.owner))), of(funnel.TraitSource, "source "+string(rune('a'+x.source))),
	}
	if x.exit == funnel.Loss {
		list = append(list, of(funnel.TraitReason, []string{"price", "silence", "timing"}[x.amount%3]))
	}
	return list
}

// shuffled is the input with its groups in another order.
func shuffled(in funnel.BottleneckInput, seed uint64) funnel.BottleneckInput {
	r := rand.New(rand.NewPCG(seed, 1))
	in.Spells.Groups = slices.Clone(in.Spells.Groups)
	r.Shuffle(len(in.Spells.Groups), func(i, j int) {
		in.Spells.Groups[i], in.Spells.Groups[j] = in.Spells.Groups[j], in.Spells.Groups[i]
	})
	return in
}
