package funnel

import "time"

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

// ChairView is a chair with its person and the last time that he or she was heard of.
type ChairView struct {
	Chair
	Person Contact `json:"person"`
	// LastTouch is when the last activity happened that names the person; zero if there is none.
	LastTouch time.Time `json:"last_touch,omitzero"`
}

// Coverage says how much of a committee is known, at the stage of a deal.
type Coverage struct {
	// Known are the people with a role, in the order of the funnel's roles.
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
	// Words are the name, the position with the name and the addresses by which texts name the person.
	Words []string
}
