package funnel

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Stance is how a person of the client stands to the deal.
type Stance string

// The stances; the zero Stance is unknown.
const (
	Supporter Stance = "supporter"
	Neutral   Stance = "neutral"
	Blocker   Stance = "blocker"
)

// Chair is the part that a contact plays in a deal.
type Chair struct {
	Contact ID `json:"contact"`
	// Roles are keys of the funnel's committee roles, in the order of the funnel.
	Roles  []string `json:"roles,omitempty"`
	Stance Stance   `json:"stance,omitzero"`
	// Initiator says that the person began it all; one of a deal at most.
	Initiator bool `json:"initiator,omitzero"`
	// NextWhat and NextOn are what was promised to this person, and for when.
	NextWhat string    `json:"next_what,omitzero"`
	NextOn   Date      `json:"next_on,omitzero"`
	Since    time.Time `json:"since,omitzero"`
}

// same reports whether the two say the same.
func (c *Chair) same(o *Chair) bool {
	return c.Contact == o.Contact && slices.Equal(c.Roles, o.Roles) && c.Stance == o.Stance && c.Initiator == o.Initiator &&
		c.NextWhat == o.NextWhat && c.NextOn == o.NextOn && c.Since.Equal(o.Since)
}

// ChairView is a chair with its person and the last time that he or she was heard of.
type ChairView struct {
	Chair
	Person Contact `json:"person"`
	// LastTouch is when the last activity happened that names the person; zero if there is none.
	LastTouch time.Time `json:"last_touch,omitzero"`
}

// Coverage says how much of a committee is known, at the stage of a deal.
type Coverage struct {
	// Known are the people of the committee in the order of the funnel's roles, those without one last.
	Known []ChairView
	// Missing are keys of the roles that the stage wants and nobody has.
	Missing []string
	// Silent are the people who have not been heard of for longer than the funnel allows, the
	// longest silence first, with whole days since.
	Silent []Silence
}

// Silence is for how many days somebody has not been heard of: since the last touch, or since the
// person came into the committee.
type Silence struct {
	Chair ChairView
	Days  int
}

// Forget takes a person out of everything that is kept.
type Forget struct {
	Contact ID
	Company ID
	// Words are by which a text names the person wherever it stands: the whole name in every case
	// and order, the address and the number in the ways in which they are written. They are in no
	// order, begin and end with a letter or a digit, and are to be looked for as whole words, in
	// capitals and small letters alike and ё as е.
	Words []string
	// Near are the parts of the name by themselves. Elsewhere they are somebody else's name: they
	// name the person only in what belongs to the person's company and its deals.
	Near []string
	At   time.Time
}

// roleIndex returns the position of the committee role, or -1.
func (f *Funnel) roleIndex(key string) int {
	return slices.IndexFunc(f.Roles, func(r CommitteeRole) bool { return r.Key == key })
}

// rank orders roles as the funnel does, with those that it no longer has behind.
func (f *Funnel) rank(key string) int {
	if i := f.roleIndex(key); i >= 0 {
		return i
	}
	return len(f.Roles)
}

// Seating returns the committee in the order in which it is shown: by the first of everybody's
// roles in the order of the funnel, those without a role behind, then by name.
func (f *Funnel) Seating(committee []ChairView) []ChairView {
	seating := slices.Clone(committee)
	first := func(v *ChairView) int {
		rank := len(f.Roles) + 1
		for _, key := range v.Roles {
			rank = min(rank, f.rank(key))
		}
		return rank
	}
	slices.SortStableFunc(seating, func(a, b ChairView) int {
		return cmp.Or(first(&a)-first(&b), strings.Compare(foldName(a.Person.Name), foldName(b.Person.Name)))
	})
	return seating
}

// Cover says how much of a committee is known at a stage: who plays which part, which parts that
// the stage wants nobody plays, and who has been silent for longer than the funnel allows. Days are
// those of the zone. People who were forgotten are known no more.
func (f *Funnel) Cover(stage StageKey, committee []ChairView, now time.Time, zone *time.Location) Coverage {
	var c Coverage
	today := DateOf(now.In(zone))
	played := map[string]bool{}
	for _, v := range f.Seating(committee) {
		if !v.Person.ForgottenAt.IsZero() {
			continue
		}
		for _, key := range v.Roles {
			played[key] = true
		}
		c.Known = append(c.Known, v)
		days := today.Sub(DateOf(v.heardOf().In(zone)))
		if f.SilentAfter > 0 && days > f.SilentAfter {
			c.Silent = append(c.Silent, Silence{Chair: v, Days: days})
		}
	}
	slices.SortStableFunc(c.Silent, func(a, b Silence) int { return b.Days - a.Days })
	s, _ := f.Stage(stage)
	for _, key := range s.People {
		if !played[key] {
			c.Missing = append(c.Missing, key)
		}
	}
	return c
}

// heardOf returns when the person was last heard of, or came into the committee.
func (v *ChairView) heardOf() time.Time {
	if v.LastTouch.IsZero() {
		return v.Since
	}
	return v.LastTouch
}
