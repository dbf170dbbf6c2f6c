package funnel

import "context"

// Remove takes a member out: from now on none of their identities may speak, and no code that was
// made for them lets anybody in. What they did stays theirs. Admins only; the last admin stays.
func (s *Service) Remove(ctx context.Context, a Act, member ID) (Settled, error) {
	const verb = "remove"
	intent := struct {
		Verb   string
		Member ID
	}{verb, member}
	reads := Reads{Subject: member, Admins: true}
	r, _, err := do(ctx, s, a, intent, reads, func(e *Env, snap *Snapshot) (Settled, *Writes, error) {
		if err := adminOnly(e); err != nil {
			return Settled{}, nil, err
		}
		m := snap.Subject
		switch {
		case m == nil || !m.Active:
			return Settled{}, nil, Refuse(CodeNoMember, Args{"name": ""})
		case m.Role == Admin && snap.Admins <= 1:
			return Settled{}, nil, Refuse(CodeLastAdmin, nil)
		}
		before, after := *m, *m
		after.Active = false
		after.Version++
		return Settled{Verb: verb, Member: after}, &Writes{
			Member: &after, Access: AccessWrites{Revoke: after.ID},
			Change: Change{
				Subject: after.ID, Version: after.Version, Member: e.Actor.ID, Verb: verb, Origin: e.Origin,
				At: e.Now, Before: Before{Member: &before},
			},
		}, nil
	})
	return r, err
}
