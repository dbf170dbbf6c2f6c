package sample

import (
	"time"

	"funnelbot/funnel"
)

// plan is what a deal that stands today has promised.
type plan int

// The plans, from the one that everybody should have to those of bad habit.
const (
	nextWeeks plan = iota
	thisWeek
	dueToday
	overdue
	nothing
)

// promise gives the deals that still stand their next steps. The person at the chat finds a day
// that is worth looking at; the colleagues have what their habits bring.
func (y *year) promise(stories []*story) {
	me := y.team[0]
	sales, clients, stale := 0, 0, 0
	for _, s := range stories {
		s.settle()
		switch {
		case s.lost || s.parked || s.level == target:
		case s.owner != me:
			s.promise(y.habit(s))
		case s.signed:
			s.promise(care(clients))
			clients++
		case s.forgotten:
			// One of them still carries a promise that nobody kept.
			s.promise([]plan{overdue, nothing}[min(stale, 1)])
			stale++
		default:
			s.promise(mine(sales))
			sales++
		}
	}
}

// settle hands over what a colleague left behind, but for what was overlooked.
func (s *story) settle() {
	left := s.owner.leaves
	if s.lost || s.signed || s.handed || left.IsZero() || s.dice.chance(0.2) {
		return
	}
	if before := s.workdayBefore(s.today.AddDays(-30)).In(s.zone); before.After(s.clock) && before.After(left) {
		s.handOver(before)
	}
}

// mine is the plan of the deal number n of the person at the chat.
func mine(n int) plan {
	const pattern = 14
	return [pattern]plan{
		nextWeeks, dueToday, nothing, thisWeek, overdue, nextWeeks, dueToday, thisWeek, nextWeeks, nothing, dueToday,
		thisWeek, nextWeeks, thisWeek,
	}[n%pattern]
}

// care is the plan of the client number n of the person at the chat.
func care(n int) plan {
	if n == 0 {
		return dueToday
	}
	return []plan{nextWeeks, nextWeeks, nothing}[n%3]
}

// habit draws the plan of a colleague's deal.
func (y *year) habit(s *story) plan {
	order := s.owner.order
	if s.forgotten {
		return []plan{overdue, nothing}[y.dice.pick(1, 2)]
	}
	if s.signed {
		return []plan{nextWeeks, overdue, nothing}[y.dice.pick(order, 0.1, 1.2-order)]
	}
	return []plan{nextWeeks, thisWeek, dueToday, overdue, nothing}[y.dice.pick(0.4*order, 0.4*order, 0.12, 0.7*(1-order)+0.08, 1-order)]
}

// promise writes the next step down, or that there is none, soon after the last act.
func (s *story) promise(p plan) {
	at := s.clock.Add(time.Duration(2+s.dice.IntN(5)) * time.Minute)
	if !at.Before(s.end) {
		return
	}
	if p == nothing {
		if s.pending {
			s.add(at, done{Finish: funnel.FinishNext{Note: s.say("done", s.clock)}})
		}
		return
	}
	step := funnel.SetNext{What: s.say("next "+s.level.String(), s.clock), On: s.on(p, s.date(at))}
	if p == dueToday && s.date(at).Before(step.On) && s.dice.chance(0.4) {
		// Quarters of an hour between ten and six.
		step.At = funnel.At(10, 15*s.dice.IntN(32)).On(step.On, s.zone).UTC()
	}
	s.add(at, step)
}

// on returns the day of a step that is promised on a day.
func (s *story) on(p plan, promised funnel.Date) funnel.Date {
	day := s.today
	switch p {
	case thisWeek:
		day = s.workday(s.today.AddDays(1 + s.dice.IntN(4)))
	case nextWeeks:
		day = s.workday(s.today.AddDays(5 + s.dice.IntN(20)))
	case dueToday:
		day = s.workdayBefore(s.today)
	case overdue:
		day = s.workdayBefore(s.today.AddDays(-1 - s.dice.IntN(9)))
		if s.forgotten {
			day = s.workdayBefore(promised.AddDays(5 + s.dice.IntN(6)))
		}
	case nothing:
	}
	if day.Before(promised) {
		return promised
	}
	return day
}
