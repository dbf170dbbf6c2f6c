package funnel

import (
	"context"
	"time"
)

// applyAgain is how long a declined applicant must wait before admins are asked again.
const applyAgain = 24 * time.Hour

// Apply asks the admins of a workspace to let the caller in, and reports whether that is new: while
// an application is open, and for a day after it was declined, asking again tells nobody. Members
// get [CodeAlreadyMember].
func (s *Service) Apply(ctx context.Context, who Caller, workspace ID) (Application, bool, error) {
	var made Application
	var fresh bool
	who.Name, who.Handle = who.called(), oneLine(who.Handle)
	code := randomText(applicationLength)
	err := s.store.Admit(ctx, Knock{Caller: who, Workspace: workspace}, func(in *Entry) (*Entrance, error) {
		now := instant(s.clock())
		fresh = false
		if in.Known != nil && in.Known.Active && !in.Suspended {
			return nil, Refuse(CodeAlreadyMember, nil)
		}
		if a := in.Application; a != nil && (a.DecidedAt.IsZero() || !a.Granted && now.Sub(a.DecidedAt) < applyAgain) {
			// The application may be that of this call, whose commit was not heard of.
			made, fresh = *a, a.Code == code
			return &Entrance{}, nil
		}
		fresh, made = true, Application{Workspace: workspace, Code: code, Caller: who, AskedAt: now}
		if made.Caller.Locale != English && made.Caller.Locale != Russian {
			made.Caller.Locale = in.Workspace.Locale
		}
		return &Entrance{Application: &made, Tell: &Notification{Kind: NoticeApplication, Data: map[string]string{
			"code": code, "name": who.Name, "handle": who.Handle, "door": who.Door,
		}}}, nil
	})
	if err != nil {
		return Application{}, false, err
	}
	return made, fresh, nil
}

// Granted is what was decided about an application.
type Granted struct {
	Application Application `json:"application"`
	// Member is nil where the application was declined.
	Member *Member `json:"member,omitempty"`
	// Already says that somebody had decided before.
	Already bool `json:"already,omitzero"`
}

// Grant lets an applicant in with a role, and tells them. Admins only; [CodeNoApplication] is the
// answer for a code that is none of the workspace's.
func (s *Service) Grant(ctx context.Context, a Act, code string, role Role) (Granted, error) {
	if role.rank() == 0 {
		return Granted{}, Refuse(CodeUnknownRole, Args{"role": string(role)})
	}
	return s.judge(ctx, a, "approve", code, role, func(e *Env, snap *Snapshot, r *Granted, w *AccessWrites) *Letter {
		who := r.Application.Caller
		out := &Entrance{Seat: &Seat{Caller: who, By: AdmittedApproval}}
		if m := snap.Access.Applicant; m != nil {
			out.Seat.Member = *m
		} else {
			out.Seat.Member, out.Seat.New = who.member(e, role), true
		}
		out.comeBack(e, role, "approve")
		w.Seat, r.Member, r.Application.Granted = out.Seat, &out.Seat.Member, true
		return &Letter{Notification: Notification{
			ID: e.NewID(), Kind: NoticeAdmitted, To: r.Member.ID, Actor: e.Actor.ID,
			Data: map[string]string{"role": string(r.Member.Role), "workspace": snap.Workspace.Name},
		}, Locale: r.Member.Locale}
	})
}

// Decline turns an applicant down, and tells them. Admins only.
func (s *Service) Decline(ctx context.Context, a Act, code string) (Granted, error) {
	return s.judge(ctx, a, "decline", code, "", func(e *Env, snap *Snapshot, r *Granted, _ *AccessWrites) *Letter {
		return &Letter{Notification: Notification{
			ID: e.NewID(), Kind: NoticeDeclined, Actor: e.Actor.ID, Data: map[string]string{"workspace": snap.Workspace.Name},
		}, Locale: r.Application.Caller.Locale}
	})
}

// judge decides about an application once: whoever comes later learns what was decided.
func (s *Service) judge(
	ctx context.Context, a Act, verb, code string, role Role,
	decide func(*Env, *Snapshot, *Granted, *AccessWrites) *Letter,
) (Granted, error) {
	intent := struct {
		Verb, Code string
		Role       Role
	}{verb, code, role}
	reads := Reads{Access: AccessReads{Application: code}}
	r, _, err := do(ctx, s, a, intent, reads, func(e *Env, snap *Snapshot) (Granted, *Writes, error) {
		if err := adminOnly(e); err != nil {
			return Granted{}, nil, err
		}
		seen := snap.Access
		if seen.Application == nil {
			return Granted{}, nil, Refuse(CodeNoApplication, nil)
		}
		r := Granted{Application: *seen.Application}
		if !r.Application.DecidedAt.IsZero() {
			r.Already = true
			if r.Application.Granted {
				r.Member = seen.Applicant
			}
			return r, &Writes{}, nil
		}
		w := &Writes{Change: e.accessChange(verb, map[string]string{"application": code, "role": string(role)})}
		r.Application.DecidedAt = e.Now
		l := decide(e, snap, &r, &w.Access)
		l.Lane = LaneOf(r.Application.Caller.Door, r.Application.Caller.External, "")
		w.Access.Application, w.Access.Letters = &r.Application, []Letter{*l}
		return r, w, nil
	})
	return r, err
}

// adminOnly refuses everybody but admins and the command line.
func adminOnly(e *Env) error {
	if !e.Actor.IsZero() && !e.Actor.Role.Allows(Admin) {
		return Refuse(CodeForbidden, Args{"role": Admin})
	}
	return nil
}
