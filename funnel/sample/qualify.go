package sample

import "funnelbot/funnel"

// inquiry is a qualification: what was answered.
type inquiry struct {
	Given findings
	// Open says that it was not finished and is set aside until the next working day.
	Open bool
}

// leave chooses the deal whose qualification the person at the chat has not finished: of theirs one
// that stands in qualification, or near it.
func (y *year) leave(stories []*story) {
	for _, l := range []level{qualification, lead, proposal, negotiation} {
		for _, s := range stories {
			if s.owner == y.team[0] && s.standing() && s.level == l && len(s.acts) > 1 {
				s.unfinished = true
				return
			}
		}
	}
}

// review chooses a deal of the person at the chat that was qualified a second time.
func (y *year) review(stories []*story) {
	for _, s := range stories {
		if s.owner == y.team[0] && s.standing() && s.level >= proposal && len(s.stays().ends) > 0 {
			s.reviewed = true
			return
		}
	}
}

// standing reports whether the sale is still going on.
func (s *story) standing() bool { return !s.lost && s.level < launch && !s.parked && !s.forgotten }

// qualifications draws when the deal is qualified, and what is found out: mostly when it goes on to
// the proposal, again when it comes back.
func (s *story) qualifications(st *stays) []visit {
	if s.unfinished {
		return []visit{{len(s.acts), []any{s.begun()}}}
	}
	var visits []visit
	var last findings
	ask := func(n int, chance float64) {
		if !s.people.chance(chance) {
			return
		}
		day := s.date(s.acts[min(n, len(s.acts)-1)].At)
		switch f, foreign := s.refused(n, day); {
		case foreign:
			last = f
		case last != nil:
			last = s.again(last, day)
		default:
			last = s.find(day)
		}
		visits = append(visits, visit{n, []any{inquiry{Given: last}}})
	}
	for _, n := range st.ends {
		chance := 0.72 + 0.25*s.owner.order
		if _, lost := s.acts[n].Do.(funnel.Lose); lost {
			chance = 0.6
		}
		if s.reviewed {
			chance = 1
		}
		ask(n, chance)
	}
	switch {
	case st.open:
		ask(len(s.acts), 0.5)
	case s.reviewed && s.room():
		ask(len(s.acts), 1)
	case s.foreign && st.highest == lead:
		ask(len(s.acts)-1, 0.2)
	}
	return visits
}

// refused returns what is found out where the act of the number turns somebody away who is no client
// of ours.
func (s *story) refused(n int, day funnel.Date) (findings, bool) {
	if n == len(s.acts) {
		return nil, false
	}
	lost, _ := s.acts[n].Do.(funnel.Lose)
	return s.exclude(lost.Reason, day)
}

// room reports whether something can still be done after the last act.
func (s *story) room() bool { return s.office(s.acts[len(s.acts)-1].At) }

// begun are the first answers of a qualification that was not finished.
func (s *story) begun() inquiry {
	all := s.find(s.today)
	begun := inquiry{Given: findings{}, Open: true}
	for _, question := range []string{"task", "pain", "cost_today", "outcome"} {
		if g, ok := all[question]; ok {
			begun.Given[question] = g
		}
	}
	return begun
}
