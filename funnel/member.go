package funnel

import "time"

// Role says what a member may do. Each role may do what the ones before it may.
type Role string

// The roles, weakest first.
const (
	Rep     Role = "rep"
	Manager Role = "manager"
	Admin   Role = "admin"
)

// Roles lists every role, weakest first.
func Roles() []Role { return []Role{Rep, Manager, Admin} }

// Allows reports whether somebody of role r may do what asks for role need.
func (r Role) Allows(need Role) bool { return r.rank() >= need.rank() && r.rank() > 0 }

func (r Role) rank() int {
	for i, known := range Roles() {
		if r == known {
			return i + 1
		}
	}
	return 0
}

// Member is a person of a workspace.
type Member struct {
	Workspace ID
	ID        ID
	Team      ID
	Name      string
	Role      Role
	Locale    Locale
	// Zone is an IANA name; empty means the zone of the workspace.
	Zone   string
	Active bool
	// PlanAt is when the morning plan comes, as 15:04 in the member's zone; empty: there is none.
	PlanAt string
	// QuietFrom and QuietTo are when reminders wait, as 15:04 in the member's zone: through midnight
	// where the first is later, never where they are equal.
	QuietFrom, QuietTo string
	// AwayUntil is the day on which an absent member is back; zero: there is no absence.
	AwayUntil Date
	// PlanDay is the last day whose plan was sent, or needs none.
	PlanDay Date
	// Version grows by one with every change.
	Version int64
}

// IsZero reports whether there is no member: timed work acts without one.
func (m Member) IsZero() bool { return m.ID.IsZero() }

// Location returns the member's zone, or that of the workspace.
func (m Member) Location(w Workspace) *time.Location {
	if m.Zone == "" {
		return w.Location()
	}
	return location(m.Zone)
}

// Identity is how a door knows a person: a Slack user, a Telegram user, a name at the local chat.
type Identity struct {
	Door      string
	External  string
	Workspace ID
	Member    ID
	// ByName says that a member of the same name whom no door knows yet is this person. Only a door
	// that trusts what people call themselves may say so.
	ByName bool
}
