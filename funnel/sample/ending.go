package sample

import (
	"time"

	"funnelbot/funnel"
)

// advance takes the deal on: to the next stage, over one, or over the signature.
func (s *story) advance(at time.Time) {
	switch {
	case s.level == launch:
		s.add(at, funnel.MoveTo{Stage: s.keys[retention], Note: s.note("move", 0.3)})
		s.enter(retention, at)
		return
	case s.level == negotiation, s.level == proposal && s.dice.chance(0.06):
		s.win(at)
		return
	}
	to, jump := s.onward()
	note := s.note("move", 0.35)
	if jump {
		note = s.note("jump", 1)
	}
	switch {
	case s.level > target && !jump && s.dice.chance(0.5):
		s.add(at, funnel.Report{Activity: s.activity(at), Stage: s.keys[to]})
	case s.dice.chance(0.05) && s.moment(at, 1).Before(s.end):
		written := s.moment(at, 1)
		s.add(written, funnel.MoveTo{Stage: s.keys[to], At: at, Note: note})
		s.acts[len(s.acts)-1].Late = true
	default:
		s.add(at, funnel.MoveTo{Stage: s.keys[to], Note: note})
	}
	s.enter(to, at)
	if to >= proposal {
		s.facts(s.clock.Add(time.Duration(2+s.dice.IntN(12)) * time.Minute))
	}
}

func (s *story) win(at time.Time) {
	win := funnel.Win{Note: s.note("won", 0.8)}
	if s.dice.chance(0.4) {
		percent, whole := int64(100-[]int{5, 8, 10, 15}[s.dice.IntN(4)]), s.amount.Currency.Scale()
		win.Amount = funnel.Money{Minor: s.amount.Minor / whole * percent / 100 * whole, Currency: s.amount.Currency}
	} else {
		win.Amount = s.amount
	}
	s.add(at, win)
	s.signed = true
	s.enter(launch, at)
}

// lose closes the deal. A few come back.
func (s *story) lose(at time.Time, reason string) {
	note := ""
	if s.dice.chance(0.7) {
		note = s.say("lost "+reason, s.clock)
	}
	s.add(at, funnel.Lose{Reason: reason, Note: note})
	s.pending = false
	again := s.moment(at, float64(15+s.dice.IntN(60)))
	if s.foreign || s.reopened || !s.dice.chance(0.09) || !again.Before(s.end) {
		s.lost, s.over = true, true
		return
	}
	s.reopened = true
	s.add(again, funnel.Reopen{Note: s.say("reopen", s.clock)})
	s.enter(s.level, again)
}

// park lets the deal rest. It wakes by itself on its day, if that has come.
func (s *story) park(at time.Time) {
	until := s.workday(s.date(at).AddDays(25 + s.dice.IntN(75)))
	if soon := until.Sub(s.today); soon >= 0 && soon < 3 {
		// Nothing shall wake while somebody has a first look.
		until = s.workday(s.today.AddDays(8))
	}
	s.add(at, funnel.Park{Until: until, Reason: s.say("park", s.clock)})
	s.pending = false
	if !until.Before(s.today) {
		s.parked, s.over = true, true
		return
	}
	woken := s.calendar.StartOf(until).On(until, s.zone).UTC()
	s.acts = append(s.acts, act{At: woken, Do: funnel.Wake{}})
	s.clock = woken
	s.enter(lead, woken)
}

// note returns a text in so many of a hundred cases.
func (s *story) note(heading string, p float64) string {
	if !s.dice.chance(p) {
		return ""
	}
	return s.say(heading, s.clock)
}
