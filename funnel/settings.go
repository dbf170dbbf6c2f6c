package funnel

import (
	"context"
	"time"
)

// Settled is the result of a use case on a member.
type Settled struct {
	Verb   string `json:"verb"`
	Member Member `json:"member"`
	// Same says that the member was so already: nothing was recorded that could be taken back.
	Same bool `json:"same,omitzero"`
}

// SetRole gives a member a role. Admins only; the last admin stays one.
func (s *Service) SetRole(ctx context.Context, a Act, member ID, role Role) (Settled, error) {
	if role.rank() == 0 {
		return Settled{}, Refuse(CodeUnknownRole, Args{"role": string(role)})
	}
	reads := Reads{Subject: member, Admins: true}
	return s.member(ctx, a, "role", reads, role, func(e *Env, snap *Snapshot, m *Member) error {
		if !e.Actor.Role.Allows(Admin) {
			return Refuse(CodeForbidden, Args{"role": Admin})
		}
		if m.Role == Admin && role != Admin && snap.Admins <= 1 {
			return Refuse(CodeLastAdmin, nil)
		}
		m.Role = role
		return nil
	})
}

// Appoint gives a member a role and a language on behalf of whoever runs the program, who needs no
// role for it: the act has no member.
func (s *Service) Appoint(ctx context.Context, a Act, member ID, role Role, l Locale) (Settled, error) {
	if role.rank() == 0 {
		return Settled{}, Refuse(CodeUnknownRole, Args{"role": string(role)})
	}
	if l != English && l != Russian {
		return Settled{}, Refuse(CodeUnknownLanguage, Args{"language": string(l)})
	}
	a.Member = ID{}
	to := struct {
		Role   Role
		Locale Locale
	}{role, l}
	return s.member(ctx, a, "role", Reads{Subject: member, Admins: true}, to, func(_ *Env, snap *Snapshot, m *Member) error {
		if m.Role == Admin && role != Admin && snap.Admins <= 1 {
			return Refuse(CodeLastAdmin, nil)
		}
		m.Role, m.Locale = role, l
		return nil
	})
}

// SetLanguage chooses the language in which the bot speaks to the member.
func (s *Service) SetLanguage(ctx context.Context, a Act, l Locale) (Settled, error) {
	if l != English && l != Russian {
		return Settled{}, Refuse(CodeUnknownLanguage, Args{"language": string(l)})
	}
	return s.member(ctx, a, "language", Reads{Subject: a.Member}, l, func(_ *Env, _ *Snapshot, m *Member) error {
		m.Locale = l
		return nil
	})
}

// SetZone chooses the time zone of the member's days, by its IANA name.
func (s *Service) SetZone(ctx context.Context, a Act, zone string) (Settled, error) {
	if _, err := time.LoadLocation(zone); err != nil || zone == "" || zone == "Local" {
		return Settled{}, Refuse(CodeUnknownZone, Args{"zone": zone})
	}
	return s.member(ctx, a, "timezone", Reads{Subject: a.Member}, zone, func(_ *Env, _ *Snapshot, m *Member) error {
		m.Zone = zone
		return nil
	})
}

// member runs a change of one member.
func (s *Service) member(
	ctx context.Context, a Act, verb string, reads Reads, to any, apply func(*Env, *Snapshot, *Member) error,
) (Settled, error) {
	intent := struct {
		Verb   string
		Member ID
		To     any
	}{verb, reads.Subject, to}
	r, _, err := do(ctx, s, a, intent, reads, func(e *Env, snap *Snapshot) (Settled, *Writes, error) {
		if snap.Subject == nil {
			return Settled{}, nil, Refuse(CodeNoMember, Args{"name": ""})
		}
		before, after := *snap.Subject, *snap.Subject
		if err := apply(e, snap, &after); err != nil {
			return Settled{}, nil, err
		}
		if after == before {
			return Settled{Verb: verb, Member: before, Same: true}, &Writes{}, nil
		}
		after.Version++
		c := Change{
			Subject: after.ID, Version: after.Version, Member: e.Actor.ID, Verb: verb, Origin: e.Origin,
			At: e.Now, Before: Before{Member: &before},
		}
		return Settled{Verb: verb, Member: after}, &Writes{Member: &after, Change: c}, nil
	})
	return r, err
}
