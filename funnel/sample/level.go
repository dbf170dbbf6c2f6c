package sample

import (
	"fmt"

	"funnelbot/funnel"
)

// level is a stage of the funnel as the story knows it.
type level int

// The levels of the built-in funnel of new business.
const (
	target level = iota
	lead
	qualification
	proposal
	negotiation
	launch
	retention
	levels
)

// String returns the word that the level has in the headings of the texts.
func (l level) String() string {
	return [...]string{"target", "lead", "qualification", "proposal", "negotiation", "launch", "retention"}[l]
}

// stageKeys returns the key of the stage at every level, or an error for a funnel of another shape,
// which this story cannot be told in.
func stageKeys(f *funnel.Funnel) ([]funnel.StageKey, error) {
	if f == nil || len(f.Stages) != int(levels) || !f.Stages[target].Target ||
		f.Entry != f.Stages[lead].Key || f.Signature != f.Stages[launch].Key {
		return nil, fmt.Errorf("sample: the story needs %d stages: targets, entry, three of a sale, signature, client work", levels)
	}
	keys := make([]funnel.StageKey, 0, levels)
	for _, s := range f.Stages {
		keys = append(keys, s.Key)
	}
	return keys, nil
}

// knows reports a source or a loss reason of the texts that the funnel does not have.
func (y *year) knows(f *funnel.Funnel) error {
	for _, key := range y.book.keys("signals") {
		if _, ok := f.Source(key); !ok {
			return fmt.Errorf("sample: the funnel has no source %q", key)
		}
	}
	for _, key := range y.book.keys("lost") {
		if _, ok := f.Reason(key); !ok {
			return fmt.Errorf("sample: the funnel has no loss reason %q", key)
		}
	}
	return nil
}

// end is how a stay ends.
type end int

// The ends of stays.
const (
	toNext end = iota
	toLoss
	toForeign
	toBack
	toPark
	toNothing
)

// course is how stays at a level go.
type course struct {
	// days is the median of the stays that end forward; gap the median of days between touches.
	days, gap float64
	// ends are the weights of the ends, in their order.
	ends [toNothing + 1]float64
	// reasons of lost sales with their weights.
	reasons []weighted
	touches []touch
}

type weighted struct {
	key    string
	weight float64
}

// touch is a kind of activity with how often it comes.
type touch struct {
	kind      funnel.ActivityKind
	direction funnel.Direction
	weight    float64
}

// heading returns the heading of what is written about the touch at a level.
func (t touch) heading(l level) string {
	d := string(t.direction)
	if d == "" {
		d = "-"
	}
	return fmt.Sprintf("%s %s %s", l, t.kind, d)
}

// courses are the stays of an ordinary deal at every level.
func courses() [levels]course {
	const in, out, none = funnel.Incoming, funnel.Outgoing, funnel.Undirected
	return [levels]course{
		target: {days: 70, gap: 60, ends: [...]float64{0.45, 0, 0, 0, 0, 0.55}},
		lead: {
			days: 5, gap: 2.4, ends: [...]float64{0.61, 0.13, 0.2, 0, 0.045, 0.005},
			reasons: []weighted{{"silence", 5}, {"timing", 2}, {"no_budget", 2}, {"status_quo", 1}},
			touches: []touch{
				{funnel.Call, out, 5}, {funnel.Email, out, 3}, {funnel.Email, in, 2}, {funnel.Message, in, 1.5},
			},
		},
		qualification: {
			days: 12, gap: 4.5, ends: [...]float64{0.56, 0.25, 0.06, 0.02, 0.05, 0.018},
			reasons: []weighted{{"no_budget", 3}, {"timing", 3}, {"status_quo", 2}, {"silence", 2}, {"product", 2}, {"competitor", 1}},
			touches: []touch{
				{funnel.Call, out, 4}, {funnel.Meeting, out, 3}, {funnel.Email, in, 2}, {funnel.Note, none, 1},
			},
		},
		proposal: {
			days: 15, gap: 5, ends: [...]float64{0.52, 0.33, 0, 0.07, 0.03, 0.025},
			reasons: []weighted{{"price", 4}, {"competitor", 4}, {"silence", 3}, {"status_quo", 2}, {"product", 2}, {"timing", 2}},
			touches: []touch{
				{funnel.Demo, out, 3}, {funnel.Email, out, 4}, {funnel.Call, in, 2}, {funnel.Email, in, 3}, {funnel.Pilot, out, 1},
			},
		},
		negotiation: {
			days: 17, gap: 4.5, ends: [...]float64{0.7, 0.23, 0, 0.05, 0.01, 0.012},
			reasons: []weighted{{"terms", 4}, {"price", 3}, {"competitor", 2}, {"no_budget", 2}},
			touches: []touch{
				{funnel.Email, in, 3}, {funnel.Call, out, 3}, {funnel.Meeting, out, 2}, {funnel.Email, out, 2},
			},
		},
		launch: {
			days: 24, gap: 8, ends: [...]float64{0.94, 0, 0, 0, 0, 0.06},
			touches: []touch{
				{funnel.Meeting, out, 3}, {funnel.Payment, in, 2}, {funnel.Call, in, 2}, {funnel.Note, none, 1},
			},
		},
		retention: {
			days: 0, gap: 45, ends: [...]float64{0, 0, 0, 0, 0, 1},
			touches: []touch{{funnel.Call, out, 3}, {funnel.Email, in, 3}, {funnel.Meeting, out, 2}},
		},
	}
}
