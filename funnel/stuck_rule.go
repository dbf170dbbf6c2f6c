package funnel

import (
	"slices"
	"time"
)

// StuckRule is at which ages deals of a stage count as stuck. It is what a report on stuck deals, the digest
// and every list of them go by: as the statistics of the stage have it or, where they know too little, its
// configured days.
type StuckRule struct {
	// Kind is empty where it is said beside.
	Kind  Kind     `json:"kind,omitzero"`
	Stage StageKey `json:"stage"`
	// Ages are in whole days of 24 hours, the lowest first, with a gap between one and the next.
	Ages []AgeRange `json:"ages"`
}

// AgeRange holds the ages from From on that are below To; a To of zero is no end.
type AgeRange struct {
	From int `json:"from"`
	To   int `json:"to,omitzero"`
}

// Holds reports whether deals of that age are stuck.
func (r *StuckRule) Holds(age int) bool {
	return slices.ContainsFunc(r.Ages, func(a AgeRange) bool { return age >= a.From && (a.To == 0 || age < a.To) })
}

// stuckBy reports whether a deal of that age in the stage is stuck by the rules.
func stuckBy(rules []StuckRule, stage StageKey, age int) bool {
	return slices.ContainsFunc(rules, func(r StuckRule) bool { return r.Stage == stage && r.Holds(age) })
}

// ageAt is for how many whole days of 24 hours a deal has been where it came in.
func ageAt(entered, at time.Time) int { return max(0, int(at.Sub(entered)/(24*time.Hour))) }

// ages are those at which deals are stuck.
func (p *patience) ages() []AgeRange {
	var found []AgeRange
	// Behind all of these nothing changes any more.
	last := max(len(p.chances), p.late, p.allowed) + 1
	for age := range last + 1 {
		why, _ := p.stuck(age)
		open := len(found) > 0 && found[len(found)-1].To == 0
		switch {
		case why != "" && !open:
			found = append(found, AgeRange{From: age})
		case why == "" && open:
			found[len(found)-1].To = age
		}
	}
	return found
}

// stuckRules are those of the stages in which deals can be stuck.
func (a *analysis) stuckRules() []StuckRule {
	return a.passages.stuckRules(func(i int) patience { return a.patience(i, a.now.curves[i]) })
}

// stuckRules are those over a window.
func (p *passages) stuckRules(patient func(stage int) patience) []StuckRule {
	rules := []StuckRule{}
	for i, key := range p.stages {
		if s, _ := p.funnel.Stage(key); s.Target || !p.selling(i) {
			continue
		}
		of := patient(i)
		if ages := of.ages(); len(ages) > 0 {
			rules = append(rules, StuckRule{Kind: p.funnel.Kind, Stage: key, Ages: ages})
		}
	}
	return rules
}
