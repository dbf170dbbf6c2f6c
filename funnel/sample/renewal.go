package sample

import (
	"slices"

	"funnelbot/funnel"
)

// renewal opens the renewal of a deal that was signed: that of the story with the number, from 0.
type renewal struct{ of int }

// renewedBefore is how many days before today the renewal is opened.
const renewedBefore = 11

// renew lets the first deal that the person at the chat has won, or anybody where they have won none,
// come up for renewal.
func (y *year) renew(stories []*story) []*story {
	if y.Funnel(funnel.Renewal) == nil {
		return stories
	}
	at := y.moment(y.workdayBefore(y.today.AddDays(-renewedBefore)).In(y.zone), 0)
	of := -1
	for i, s := range stories {
		if s.level == retention && s.since.Before(at) && (of < 0 || s.owner == y.team[0] && stories[of].owner != y.team[0]) {
			of = i
		}
	}
	if of < 0 {
		return stories
	}
	s := &story{year: y, firm: stories[of].firm, owner: stories[of].owner, level: proposal, since: at, clock: at}
	s.acts = []act{{At: at, By: s.owner.ID, Do: renewal{of}}}
	s.talk()
	n := slices.IndexFunc(stories, func(o *story) bool { return o.acts[0].At.After(at) })
	if n < 0 {
		n = len(stories)
	}
	return slices.Insert(stories, n, s)
}

// talk writes what was talked about since the renewal was opened, and what comes next.
func (s *story) talk() {
	touches := s.courses[retention].touches
	for i, text := range s.notes.lines["renewal"] {
		at := s.moment(s.clock, 2)
		if !at.Before(s.end) {
			break
		}
		t := touches[i%len(touches)]
		said := s.notes.fill(text, s.firm, s.date(at).Weekday())
		s.add(at, funnel.Report{Activity: funnel.LogActivity{Kind: t.kind, Direction: t.direction, Text: said, At: at}})
	}
	s.promise(nextWeeks)
}
