package sample

import (
	"slices"
	"time"

	"funnelbot/funnel"
)

// acquaint tells whom the team meets at its clients and what it finds out about them, beside the
// stories that are told already. It returns them with those that follow from it.
func (y *year) acquaint(stories []*story) []*story {
	y.leave(stories)
	y.review(stories)
	for _, s := range stories {
		s.meet()
	}
	return y.renew(stories)
}

// visit is what is done at the office right before an act of a story.
type visit struct {
	before int
	do     []any
}

// meet puts the people of the client and the qualifications into the story.
func (s *story) meet() {
	if len(s.acts) < 2 {
		return
	}
	var visits []visit
	met := func(before int, p *person, began bool, chance float64) {
		if p != nil && s.people.chance(chance) {
			visits = append(visits, visit{before, []any{s.seat(p, began)}})
		}
	}
	stays := s.stays()
	chance := []float64{target: 0.1, lead: 0.15, qualification: 0.85, proposal: 0.9, negotiation: 0.9, launch: 0.9, retention: 0.9}[stays.highest]
	if stays.highest == lead && !s.lost {
		chance = 0.6
	}
	met(1, s.firm.people[0], true, chance)
	for _, n := range stays.ends {
		for _, other := range s.firm.people[1:] {
			if !slices.Contains(other.roles, legal) && !slices.Contains(other.roles, principal) {
				met(n, other, false, 0.5)
			}
		}
	}
	if n, ok := stays.entered[proposal]; ok {
		met(n, s.firm.played(pays), false, 0.6)
	}
	if n, ok := stays.entered[negotiation]; ok {
		met(n, s.firm.played(legal), false, 0.55)
		met(n, s.firm.played(principal), false, 0.5)
	}
	visits = append(visits, s.qualifications(&stays)...)
	// From the last to the first: what comes in before an act moves those that follow.
	slices.SortStableFunc(visits, func(a, b visit) int { return a.before - b.before })
	for i := len(visits); i > 0; {
		first := i - 1
		for first > 0 && visits[first-1].before == visits[i-1].before {
			first--
		}
		var do []any
		for _, v := range visits[first:i] {
			do = append(do, v.do...)
		}
		s.slip(visits[first].before, do)
		i = first
	}
}

// stays are the stays of a story that matter here.
type stays struct {
	// ends are the acts that end a stay in qualification, entered those that begin the first stay at
	// a level. Open says that the story stands in qualification.
	ends    []int
	entered map[level]int
	highest level
	open    bool
}

func (s *story) stays() stays {
	r := stays{entered: map[level]int{}}
	at := target
	if open, ok := s.acts[0].Do.(funnel.OpenDeal); ok {
		at = s.levelOf(open.Stage)
	}
	r.highest = at
	for n, a := range s.acts[1:] {
		to, ended := at, false
		switch do := a.Do.(type) {
		case funnel.MoveTo:
			to = s.levelOf(do.Stage)
		case funnel.MoveBack:
			to = s.levelOf(do.Stage)
		case funnel.Report:
			if do.Stage != "" {
				to = s.levelOf(do.Stage)
			}
		case funnel.Win:
			to = launch
		case funnel.Park:
			to = target
		case funnel.Wake:
			to = lead
		case funnel.Lose:
			ended = true
		}
		if at == qualification && (ended || to != at) {
			r.ends = append(r.ends, n+1)
		}
		if _, ok := r.entered[to]; !ok && to != at {
			r.entered[to] = n + 1
		}
		at, r.highest = to, max(r.highest, to)
	}
	r.open = at == qualification && !s.lost
	return r
}

func (s *story) levelOf(key funnel.StageKey) level { return level(slices.Index(s.keys, key)) }

// seat gives somebody a place in the committee, with what is known of the person.
func (s *story) seat(p *person, began bool) funnel.SeatPerson {
	c := funnel.SeatPerson{
		New:   &funnel.Contact{Name: p.name, Position: p.position, Phone: p.phone, Email: p.email},
		Roles: p.roles,
	}
	if began && s.people.chance(0.8) {
		c.Initiator = &began
	}
	stance := []funnel.Stance{funnel.Supporter, funnel.Neutral, funnel.Blocker, ""}[s.people.pick(0.45, 0.3, 0.07, 0.18)]
	if stance != "" {
		c.Stance = &stance
	}
	if s.owner == s.team[0] && s.standing() && s.people.chance(0.3) {
		promise, on := s.notes.say("promised", s.firm, s.date(s.clock).Weekday()), s.workday(s.today.AddDays(1+s.people.IntN(8)))
		c.NextWhat, c.NextOn = &promise, &on
	}
	return c
}

// slip puts what is done into the story right before the act of the number, or while the office is
// still closed then, right after the one before. What fits nowhere is left out.
func (s *story) slip(n int, do []any) {
	const pause = 3 * time.Minute
	from, to := s.acts[n-1].At, s.end
	if n < len(s.acts) {
		to = s.acts[n].At
	}
	step := min(pause, to.Sub(from)/time.Duration(len(do)+1)).Truncate(time.Second)
	first := to.Add(-time.Duration(len(do)) * step)
	if n == len(s.acts) || !s.office(first) {
		first = from.Add(step)
	}
	if !s.office(first) && n == 1 || step <= 0 {
		return
	}
	var done []act
	for i, d := range do {
		done = append(done, act{At: first.Add(time.Duration(i) * step), By: s.hand(n), Do: d})
	}
	s.acts = slices.Insert(s.acts, n, done...)
}

// office reports whether somebody is at the office at the time.
func (s *story) office(at time.Time) bool {
	day := s.date(at)
	return s.works(day) && !at.Before(s.calendar.StartOf(day).On(day, s.zone))
}

// hand returns who works on the deal when the act of the number comes.
func (s *story) hand(n int) funnel.ID {
	for n = min(n, len(s.acts)-1); n > 0; n-- {
		if _, given := s.acts[n].Do.(funnel.Assign); !given && !s.acts[n].By.IsZero() {
			break
		}
	}
	return s.acts[n].By
}
