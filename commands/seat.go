package commands

import (
	"slices"

	"funnelbot/funnel"
)

// Seat is somebody at the client as the line names them, and what it says of them.
type Seat struct {
	// Name is what the person is called; Contact is who it is, once that is known.
	Name    string    `json:"name,omitzero"`
	Contact funnel.ID `json:"contact,omitzero"`
	// Position, Phone and Email are new values; [Cleared] removes one.
	Position string `json:"position,omitzero"`
	Phone    string `json:"phone,omitzero"`
	Email    string `json:"email,omitzero"`
	// Roles are keys of roles to add, NotRoles of roles to take away.
	Roles    []string `json:"roles,omitempty"`
	NotRoles []string `json:"not_roles,omitempty"`
	// Stance is the new one; [StanceUnknown] forgets it.
	Stance funnel.Stance `json:"stance,omitzero"`
	// Initiator is [SwitchOn] or [SwitchOff] where the line says so.
	Initiator string `json:"initiator,omitzero"`
	// Post is a role's name that is a position too, such as CFO: it is the position of who has none.
	Post string `json:"post,omitzero"`
	// Gone says that the person takes part no more.
	Gone bool `json:"gone,omitzero"`
}

// Values of a [Seat] that take something away.
const (
	Cleared       = "-"
	StanceUnknown = funnel.Stance("unknown")
)

// says reports whether the line says anything of the person beside the name.
func (s *Seat) says() bool {
	return s.Position != "" || s.Phone != "" || s.Email != "" || len(s.Roles)+len(s.NotRoles) > 0 || s.Stance != "" ||
		s.Initiator != "" || s.Gone
}

// named takes a name as it was typed, maybe with a position behind it.
func (s *Seat) named(text string, roles []funnel.CommitteeRole) {
	name, position := funnel.NameAndPosition(text, roles)
	if s.Name = name; s.Position == "" {
		s.Position = position
	}
}

// role takes a role into the seat, or out of it.
func (s *Seat) role(key string, not bool) {
	into := &s.Roles
	if not {
		into = &s.NotRoles
	}
	if !slices.Contains(*into, key) {
		*into = append(*into, key)
	}
}

// command is the seat for the use case. Next is what is promised to the person.
func (s *Seat) command(next Step) funnel.SeatPerson {
	in := funnel.SeatPerson{Contact: s.Contact, Roles: s.Roles, NotRoles: s.NotRoles}
	if s.Contact.IsZero() {
		in.New = &funnel.Contact{Name: s.Name}
	}
	for _, f := range []struct {
		said string
		into **string
	}{{s.Position, &in.Position}, {s.Phone, &in.Phone}, {s.Email, &in.Email}} {
		if said := f.said; said != "" {
			if said == Cleared {
				said = ""
			}
			*f.into = &said
		}
	}
	if stance := s.Stance; stance != "" {
		if stance == StanceUnknown {
			stance = ""
		}
		in.Stance = &stance
	}
	if s.Initiator != "" {
		on := s.Initiator == SwitchOn
		in.Initiator = &on
	}
	if next != (Step{}) {
		in.NextWhat, in.NextOn = &next.Text, &next.When.Date
	}
	return in
}
