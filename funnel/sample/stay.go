package sample

import (
	"math"
	"time"

	"funnelbot/funnel"
)

// stay tells of one stay at a level: its touches and its end.
func (s *story) stay() {
	s.offered = s.offered || s.campaigned()
	end, days := s.fate()
	leave := s.moment(s.clock, days)
	if end == toNothing {
		leave = s.end
	}
	s.touches(s.touchTimes(end, leave), leave)
	if !leave.Before(s.end) {
		s.over = true
		s.forgotten = end == toNothing && s.level > target && s.level < retention
		return
	}
	switch end {
	case toNext:
		s.advance(leave)
	case toLoss:
		s.lose(leave, s.lossReason())
	case toForeign:
		s.foreign = true
		s.lose(leave, []string{"not_icp", "no_need", "unreachable"}[s.dice.pick(4, 3, 2)])
	case toBack:
		s.add(leave, funnel.MoveBack{Stage: s.keys[s.level-1], Reason: s.say("back", s.clock)})
		s.enter(s.level-1, leave)
	case toPark:
		s.park(leave)
	case toNothing:
	}
}

// campaigned reports whether the stay is one of those that the figures shall stumble over.
func (s *story) campaigned() bool {
	return s.level == proposal && s.source == "ads" && !s.since.Before(s.campaign)
}

// fate draws how the stay ends and after how many days. Who sells and where the deal comes from
// change the odds.
func (s *story) fate() (end, float64) {
	c := s.courses[s.level]
	w := c.ends
	w[toNext] *= s.owner.skill
	switch s.source {
	case "referral":
		w[toNext] *= 1.35
	case "client":
		w[toNext] *= 1.7
	case "cold":
		w[toNext] *= 0.8
	}
	w[toNothing] *= 1.7 - s.owner.order
	days := c.days * s.owner.pace
	throws := &s.fates[s.level]
	switch {
	case s.campaigned():
		w[toNext] *= 0.12
		w[toLoss] *= 1.8
		throws = &s.offers
	case s.source == "ads" && s.level < proposal && !s.since.Before(s.campaign):
		// They want a price, and soon.
		w[toNext] *= 1.7
		days *= 0.6
	}
	e := end(choose(throws.throw(), w[:]))
	factor := [...]float64{toNext: 1, toLoss: 1.5, toForeign: 0.5, toBack: 1, toPark: 1.2, toNothing: 0}[e]
	return e, s.dice.around(days*factor, 0.55)
}

// lossReason draws why a sale is lost at the level.
func (s *story) lossReason() string {
	reasons := s.courses[s.level].reasons
	if s.campaigned() {
		reasons = []weighted{{"price", 6}, {"silence", 2}, {"status_quo", 1}}
	}
	weights := make([]float64, len(reasons))
	for i, r := range reasons {
		weights[i] = r.weight
	}
	return reasons[s.dice.pick(weights...)].key
}

// touchTimes draws when something is written about the deal before it leaves. Many that are lost
// were hardly talked to, and nobody returns to those that are forgotten.
func (s *story) touchTimes(e end, leave time.Time) []time.Time {
	most := math.MaxInt
	switch {
	case e == toNothing && s.level != retention:
		most = 1 + s.dice.IntN(2)
	case (e == toLoss || e == toForeign) && s.dice.chance(0.4):
		most = s.dice.IntN(2)
	}
	gap := s.courses[s.level].gap * s.owner.pace
	var times []time.Time
	for t := s.clock; len(times) < most; {
		wait := s.dice.around(gap, 0.5)
		if s.level == lead && len(times) == 0 {
			wait = s.dice.around(0.3*s.owner.pace, 0.8)
		}
		t = s.moment(t, wait)
		if !t.Before(leave) || !t.Before(s.end) {
			break
		}
		times = append(times, t)
	}
	return times
}

// activity draws what happened at a time and what was written about it.
func (s *story) activity(at time.Time) funnel.LogActivity {
	touches := s.courses[s.level].touches
	weights := make([]float64, len(touches))
	for i, t := range touches {
		weights[i] = t.weight
	}
	t := touches[s.dice.pick(weights...)]
	return funnel.LogActivity{Kind: t.kind, Direction: t.direction, Text: s.say(t.heading(s.level), at), At: at}
}

// touches writes about the deal at the times, with what was promised for the next one.
func (s *story) touches(times []time.Time, leave time.Time) {
	if len(s.courses[s.level].touches) == 0 {
		return
	}
	for i, at := range times {
		following := leave
		if i+1 < len(times) {
			following = times[i+1]
		}
		var next funnel.SetNext
		if following.Before(s.end) && s.dice.chance(s.owner.order) {
			next = funnel.SetNext{What: s.say("next "+s.level.String(), at), On: s.date(following)}
			if on := next.On.AddDays(-s.dice.pick(3, 1, 1)); !on.Before(s.date(at)) && s.works(on) {
				next.On = on
			}
		}
		if s.pending && (next.On.IsZero() || s.dice.chance(0.2)) {
			s.add(at, done{funnel.FinishNext{Note: s.say("done", at)}, next})
		} else {
			s.report(at, following, next)
		}
		s.pending = !next.On.IsZero()
	}
}

// report writes about a touch; some write it down a day later.
func (s *story) report(at, following time.Time, next funnel.SetNext) {
	activity := s.activity(at)
	if next.On.IsZero() && s.dice.chance(0.12) {
		if written := s.moment(at, 1); written.Before(following) && written.Before(s.end) {
			s.add(written, funnel.Report{Activity: activity})
			s.acts[len(s.acts)-1].Late = true
			return
		}
	}
	s.add(at, funnel.Report{Activity: activity, Next: next})
}
