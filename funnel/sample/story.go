package sample

import (
	"strings"
	"time"

	"funnelbot/funnel"
)

// act is one use case of a story: when it was recorded, by whom, and what.
type act struct {
	At time.Time
	// By is zero for timed work.
	By funnel.ID
	// Late marks what was entered after it had happened.
	Late bool
	// Do is one of funnel's commands, a report, a list of edits, or done.
	Do any
}

// done is a step that was taken, with the one after it.
type done struct {
	Finish funnel.FinishNext
	After  funnel.SetNext
}

// story is the history of one deal.
type story struct {
	*year
	firm   *firm
	owner  *rep
	source string
	amount funnel.Money
	client bool
	acts   []act
	level  level
	// since is when the stay began, clock when the last act was recorded.
	since, clock time.Time
	// pending says that a step is promised, forgotten that nobody looks at the deal any more.
	pending, forgotten bool
	// handed says that the deal was given over, reopened that it was lost before.
	handed, reopened bool
	signed, lost     bool
	foreign, parked  bool
	// offered says that an offer was made to one whom the campaign brought.
	offered bool
	over    bool
	// unfinished says that a qualification was begun and set aside, reviewed that there was a second
	// one.
	unfinished, reviewed bool
}

// begin opens the deal number n of the year.
func (y *year) begin(at time.Time, n int) *story {
	s := &story{year: y, owner: y.taker(at), clock: at, since: at, level: lead}
	s.firm, s.client = y.caller(at, n)
	s.source = y.source(at)
	title := "titles"
	switch {
	case s.client:
		s.source, title = "client", "titles client"
	case !y.works(y.date(at)):
		s.source = []string{"site", "content", "ads"}[y.dice.pick(5, 2, 1)]
	case y.dice.chance(0.085):
		s.level, s.source = target, "cold"
	}
	if s.source == "ads" {
		s.firm.size = y.dice.pick(0.75, 0.25)
	}
	s.amount = y.amount(s.firm, s.client)
	open := funnel.OpenDeal{
		Company: s.firm.company(y.dice), Title: s.say(title, at), Owner: s.owner.ID, Stage: y.keys[s.level],
		Source: s.source, Signal: s.say("signals "+s.source, at),
	}
	switch {
	case s.level == target:
		open.Signal = s.say("targets", at)
	case s.client || y.dice.chance(0.2):
		open.Amount = s.amount
	}
	if y.dice.chance(0.06) {
		open.Source, open.Signal = "", ""
	}
	if y.dice.chance(0.1) {
		open.Title = ""
	}
	s.acts = append(s.acts, act{At: at, By: s.owner.ID, Do: open})
	return s
}

// run tells the story until it is over or today comes.
func (s *story) run() {
	const most = 14
	for n := 0; !s.over && n < most; n++ {
		s.stay()
	}
}

// say returns a text of a section, as somebody writes it at the time.
func (s *story) say(title string, at time.Time) string {
	return s.book.say(title, s.firm, s.date(at).Weekday())
}

// add appends an act of the owner, if it lies before today. A deal of a colleague who moved on is
// handed over first.
func (s *story) add(at time.Time, do any) {
	if !at.Before(s.end) {
		return
	}
	if left := s.owner.leaves; !s.signed && !s.handed && !left.IsZero() && at.After(left) {
		s.handOver(at)
	}
	s.acts = append(s.acts, act{At: at, By: s.owner.ID, Do: do})
	s.clock = at
}

// handOver gives the deal to somebody else, some days after its owner moved on and before the time.
func (s *story) handOver(before time.Time) {
	after := s.clock
	if s.owner.leaves.After(after) {
		after = s.owner.leaves
	}
	at := s.moment(after, 3*s.dice.Float64())
	if !at.Before(before) {
		at = before.Add(-time.Minute)
	}
	next := s.taker(at)
	s.acts = append(s.acts, act{At: at, By: s.team[1].ID, Do: funnel.Assign{To: next.ID}})
	s.owner, s.handed, s.clock = next, true, at
}

// enter begins a stay.
func (s *story) enter(l level, at time.Time) { s.level, s.since = l, at }

// onward returns the level that a deal goes on to: some know what they want and jump.
func (s *story) onward() (to level, jump bool) {
	to = s.level + 1
	if s.level >= lead && s.level < negotiation && s.dice.chance(0.07) {
		return to + 1, true
	}
	return to, false
}

// facts writes down what was learned before an offer is made.
func (s *story) facts(at time.Time) {
	if !s.dice.chance(0.92) {
		return
	}
	pain := s.say("pains", s.clock)
	why, effect, _ := strings.Cut(pain, " | ")
	edits := []funnel.Edit{{Field: funnel.FieldPain, Text: why}, {Field: funnel.FieldEffect, Text: effect}}
	if s.dice.chance(0.93) {
		edits = append(edits, funnel.Edit{Field: funnel.FieldAmount, Money: s.amount})
		basis := funnel.PerYear
		if s.dice.chance(0.25) {
			basis = funnel.Once
		}
		edits = append(edits, funnel.Edit{Field: funnel.FieldBasis, Text: string(basis)})
	}
	if s.dice.chance(0.65) {
		edits = append(edits, funnel.Edit{Field: funnel.FieldClosing, Date: s.workday(s.date(at).AddDays(18 + s.dice.IntN(40)))})
	}
	s.add(at, edits)
}
