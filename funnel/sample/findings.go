package sample

import (
	"maps"
	"strings"

	"funnelbot/funnel"
)

// grade is what the answers of a qualification are drawn by: what becomes of the deal. Answers go
// with winning a little, as they do.
type grade int

// The grades, by how many of a hundred deals have good answers.
const (
	ofWon    grade = 85
	ofOpen   grade = 60
	ofLost   grade = 30
	ofParked grade = 25
	// The others are no grades of deals but throws for the money that is approved, and for clients that
	// fit, those apart with whom reps still talk.
	ofApproval grade = 0
	ofFit      grade = -1
	ofOpenFit  grade = -2
)

// good draws whether what is found out speaks for the deal.
func (s *story) good() bool {
	g := ofOpen
	switch {
	case s.level >= launch:
		g = ofWon
	case s.parked:
		g = ofParked
	case s.lost, s.offered:
		g = ofLost
	}
	return 100*s.evenly(g) < float64(g)
}

func (y *year) evenly(g grade) float64 {
	if y.grades[g] == nil {
		first := evenly(y.people.Float64())
		y.grades[g] = &first
	}
	return y.grades[g].throw()
}

// findings are the answers to a qualification by question.
type findings map[string]funnel.Given

func (f findings) text(question, text string) {
	if text != "" {
		f[question] = funnel.Given{Kind: funnel.AskText, Text: text}
	}
}

func (f findings) one(question, option string) {
	f[question] = funnel.Given{Kind: funnel.AskOne, Keys: []string{option}}
}

func (f findings) several(question string, options ...string) {
	f[question] = funnel.Given{Kind: funnel.AskSeveral, Keys: options}
}

func (f findings) money(question string, m funnel.Money) {
	f[question] = funnel.Given{Kind: funnel.AskMoney, Money: m}
}

func (f findings) person(question string, p *person) {
	if p != nil {
		f[question] = funnel.Given{Kind: funnel.AskPerson, Name: p.name}
	}
}

// find draws what the rep finds out on the day. Those in a hurry leave much out.
func (s *story) find(day funnel.Date) findings {
	f, good, hurry := findings{}, s.good(), s.people.chance(0.06)
	vague := 0.12 * (1 - s.owner.order)
	if !good {
		vague += 0.1
	}
	asked := func(unknown float64) bool { return !s.people.chance(unknown + vague) }
	known := s.learned()
	f.text("task", s.tell("tasks"))
	f.text("pain", known.pain)
	if hurry {
		return f
	}
	if asked(0.08) {
		f.text("outcome", known.effect)
	}
	s.findMoney(f, good, asked)
	s.findPeople(f, good, asked)
	if asked(0.05) {
		on := known.closing
		switch {
		case !on.Before(day) && !on.IsZero():
		case good:
			on = s.workday(day.AddDays(20 + s.people.IntN(70)))
		default:
			on = s.workday(day.AddDays(70 + s.people.IntN(300)))
		}
		f["decide_by"] = funnel.Given{Kind: funnel.AskDate, Date: on}
		if asked(map[bool]float64{true: 0.1, false: 0.25}[good]) {
			f.text("why_then", s.tell("why then"))
		}
	}
	if asked(0.1) {
		f.text("otherwise", s.tell("otherwise"))
	}
	s.findFit(f, good, asked)
	return f
}

// findMoney draws what it costs them, what they gain, and whether the money is there.
func (s *story) findMoney(f findings, good bool, asked func(float64) bool) {
	major := float64(s.amount.Minor) / float64(s.amount.Currency.Scale())
	gain := major * (0.2 + 0.45*s.people.Float64())
	if good {
		gain = major * (1 + 1.4*s.people.Float64())
	}
	if asked(0.12) {
		f.money("cost_today", s.round(gain*(1.1+s.people.Float64())))
	}
	if asked(0.12) {
		f.money("effect", s.round(gain))
	}
	if asked(0.07) {
		f.money("budget_amount", s.round(major*(0.8+0.3*s.people.Float64())))
	}
	sources, approvals := []float64{4, 3, 2, 0.5, 0.4}, []float64{6, 2.5, 1, 0.5}
	if !good {
		sources, approvals = []float64{2, 2, 1, 1, 2.5}, []float64{0.6, 1.6, 4, 5}
	}
	if asked(0.08) {
		f.one("budget_source", []string{"unit", "company", "project", "outside", "none"}[s.people.pick(sources...)])
	}
	if asked(0.04) {
		f.one("budget_approved", s.approvals()[choose(s.evenly(ofApproval), approvals)])
	}
}

// approvals are the options for how far the money is approved, the best first.
func (y *year) approvals() []string { return []string{"approved", "planned", "requested", "not_yet"} }

// findPeople draws who decides and signs, and who else has a say.
func (s *story) findPeople(f findings, good bool, asked func(float64) bool) {
	boss := s.firm.played(decides)
	if boss == nil {
		boss = s.firm.played(principal)
	}
	if asked(map[bool]float64{true: 0.1, false: 0.25}[good]) {
		f.person("decider", boss)
	}
	if asked(0.3) {
		f.person("signer", s.firm.played(principal))
	}
	if !asked(0.15) {
		return
	}
	var others []string
	for _, o := range []struct {
		option string
		chance float64
	}{{"users", 0.6}, {"finance", 0.5}, {"legal", 0.3}, {"security", 0.15}, {"it", 0.3}, {"purchasing", 0.3}} {
		if s.people.chance(o.chance) {
			others = append(others, o.option)
		}
	}
	if len(others) == 0 {
		others = []string{"nobody"}
	}
	f.several("others", others...)
}

// findFit draws how the client fits. The campaign brings some who only collect prices, and reps go
// on with them.
func (s *story) findFit(f findings, good bool, asked func(float64) bool) {
	if asked(0.05) {
		f.one("industry", s.firm.sector)
	}
	if asked(0.08) {
		f.one("size", []string{"up_to_100", "up_to_250", "up_to_1000"}[s.firm.size])
	}
	if asked(0.15) {
		f.text("region", s.firm.region)
	}
	if !asked(0.05) {
		return
	}
	throws, share := ofFit, 0.12
	if s.standing() {
		throws, share = ofOpenFit, 0.25
	}
	switch stop := !good && s.evenly(throws) < share; {
	case stop && s.source == "ads":
		f.several("exclusions", "no_task")
	case stop:
		f.several("exclusions", "cannot_serve")
	default:
		f.several("exclusions", "none")
	}
}

// exclude is what is found out of somebody who is lost for the reason, and why that is no client of
// ours; ok is false for a client that was lost.
func (s *story) exclude(reason string, day funnel.Date) (f findings, ok bool) {
	why, ok := map[string]string{
		"not_icp": []string{"rival", "private", "cannot_serve"}[s.people.pick(2, 3, 3)],
		"no_need": "no_task", "unreachable": "no_contact",
	}[reason]
	if !ok {
		return nil, false
	}
	f = s.find(day)
	f.several("exclusions", why)
	return f, true
}

// again is what has changed since: somebody found the money, the day moved, an answer came in.
func (s *story) again(was findings, day funnel.Date) findings {
	f := maps.Clone(was)
	for i, option := range s.approvals() {
		if g := was["budget_approved"]; i > 0 && len(g.Keys) > 0 && g.Keys[0] == option {
			f.one("budget_approved", s.approvals()[i-1])
		}
	}
	if g, ok := was["decide_by"]; ok {
		g.Date = s.workday(day.AddDays(25 + s.people.IntN(30)))
		f["decide_by"] = g
	}
	f.text("why_then", s.tell("why then"))
	f.person("signer", s.firm.played(principal))
	return f
}

// fact is what the rep wrote down before an offer was made; the answers say the same.
type fact struct {
	pain, effect string
	closing      funnel.Date
}

func (s *story) learned() fact {
	var known fact
	for _, a := range s.acts {
		edits, _ := a.Do.([]funnel.Edit)
		for _, e := range edits {
			switch e.Field { //nolint:exhaustive // the answers speak of no other field
			case funnel.FieldPain:
				known.pain = e.Text
			case funnel.FieldEffect:
				known.effect = e.Text
			case funnel.FieldClosing:
				known.closing = e.Date
			}
		}
	}
	if known.pain == "" {
		known.pain, known.effect, _ = strings.Cut(s.tell("pains"), " | ")
	}
	return known
}

// tell returns a text of what is told beside the course of the deals.
func (s *story) tell(title string) string {
	return s.notes.say(title, s.firm, s.date(s.clock).Weekday())
}
