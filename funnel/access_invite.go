package funnel

import (
	"context"
	"time"
)

// Invite asks for a code that lets somebody in.
type Invite struct {
	// Role is that of somebody new; for an existing member, who was removed, the role to come back
	// with, where it is not empty.
	Role Role
	// Member is an existing member whom the code is for, such as somebody who was imported or has
	// lost access; zero for somebody new.
	Member ID
}

// Invited is a code. It can be used once.
type Invited struct {
	// Kind is [KindInvite] or [KindLink].
	Kind string `json:"kind"`
	// Code is never stored.
	Code string `json:"-"`
	Role Role   `json:"role"`
	// Name is that of the member whom the code is for; empty for somebody new.
	Name    string    `json:"name,omitzero"`
	Expires time.Time `json:"expires"`
}

// issued is what is kept of a code under the key of its delivery.
type issued struct {
	Invited
	ID ID `json:"id"`
}

// mayInvite reports whether somebody of the role by may let in somebody of the role as.
func mayInvite(by, as Role) bool { return by.Allows(Admin) || by.Allows(Manager) && as == Rep }

// Invite makes a code that lets somebody in. Admins invite anybody, managers reps; the command line,
// whose act has no member, anybody too. A code for a member whom a door knows lets somebody speak
// for a colleague, so it takes an admin. A repeated delivery makes another code of the same
// invitation, because the first is not kept; [CodeCodeInvalid] says that it was used meanwhile.
func (s *Service) Invite(ctx context.Context, a Act, in Invite) (Invited, error) {
	if in.Member.IsZero() && in.Role == "" {
		in.Role = Rep
	}
	if in.Role != "" && in.Role.rank() == 0 {
		return Invited{}, Refuse(CodeUnknownRole, Args{"role": string(in.Role)})
	}
	reads := Reads{Subject: in.Member, Access: AccessReads{Known: !in.Member.IsZero()}}
	return s.issue(ctx, a, KindInvite, in, reads, func(e *Env, snap *Snapshot) (Invitation, error) {
		if !e.Actor.IsZero() && !e.Actor.Role.Allows(Manager) {
			return Invitation{}, Refuse(CodeForbidden, Args{"role": Manager})
		}
		role := in.Role
		if m := snap.Subject; m != nil && (m.Active || role == "") {
			role = m.Role
		}
		if !in.Member.IsZero() && snap.Subject == nil {
			return Invitation{}, Refuse(CodeNoMember, Args{"name": ""})
		}
		if !mayInvite(e.Actor.Role, role) || snap.Access.Known {
			if err := adminOnly(e); err != nil {
				return Invitation{}, err
			}
		}
		return Invitation{Role: role, Member: in.Member, Expires: e.Now.Add(InviteLasts)}, nil
	})
}

// LinkCode makes a code with which the member's person joins from another door.
func (s *Service) LinkCode(ctx context.Context, a Act) (Invited, error) {
	if a.Member.IsZero() {
		return Invited{}, errNoMember
	}
	return s.issue(ctx, a, KindLink, nil, Reads{Subject: a.Member}, func(e *Env, _ *Snapshot) (Invitation, error) {
		return Invitation{Role: e.Actor.Role, Member: e.Actor.ID, Expires: e.Now.Add(LinkLasts)}, nil
	})
}

// issue stores the invitation that grant makes, under a hash.
func (s *Service) issue(
	ctx context.Context, a Act, kind string, in any, reads Reads, grant func(*Env, *Snapshot) (Invitation, error),
) (Invited, error) {
	code, hash := newCode()
	intent := struct {
		Verb string
		In   any
	}{kind, in}
	r, stored, err := do(ctx, s, a, intent, reads, func(e *Env, snap *Snapshot) (issued, *Writes, error) {
		v, err := grant(e, snap)
		if err != nil {
			return issued{}, nil, err
		}
		v.ID, v.Workspace, v.Kind, v.Hash, v.MadeBy = e.NewID(), snap.Workspace.ID, kind, hash, e.Actor.ID
		r := issued{Invited{Kind: kind, Code: code, Role: v.Role, Expires: v.Expires}, v.ID}
		if snap.Subject != nil {
			r.Name = snap.Subject.Name
		}
		return r, &Writes{
			Access: AccessWrites{Invitation: &v},
			Change: e.accessChange(kind, map[string]string{"role": string(v.Role), "member": v.Member.String(), "invitation": v.ID.String()}),
		}, nil
	})
	if err != nil || !stored.Replayed {
		return r.Invited, err
	}
	more, err := s.store.Another(ctx, a.Workspace, r.ID, hash)
	if err == nil && !more {
		err = Refuse(CodeCodeInvalid, nil)
	}
	if err != nil {
		return Invited{}, err
	}
	r.Code = code
	return r.Invited, nil
}

// accessChange is the audit record of a change of who may speak and where. It has no subject among
// deals and members, and cannot be taken back by undo.
func (e *Env) accessChange(verb string, what map[string]string) Change {
	return Change{
		Subject: e.NewID(), Version: 1, Member: e.Actor.ID, Verb: verb, Origin: e.Origin, At: e.Now, Before: Before{Access: what},
	}
}
