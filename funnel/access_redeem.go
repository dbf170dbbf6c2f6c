package funnel

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// Admission is what a code has led to.
type Admission struct {
	// Kind is [KindInvite] or [KindLink].
	Kind      string    `json:"kind"`
	Workspace Workspace `json:"-"`
	Member    Member    `json:"member"`
	// Already says that the caller was this member before; the code can still be used.
	Already bool `json:"already,omitzero"`
	// Absorbed is another member whom the caller was, or nil. Their open deals and clients are the
	// kept member's now; Deals counts them.
	Absorbed *Member `json:"absorbed,omitempty"`
	Deals    int     `json:"deals,omitzero"`
}

// Redeem lets the caller in by a code. A code that is wrong, has expired, was used or is another
// team's is [CodeCodeInvalid], whichever it is; after [MaxGuesses] of them every code is
// [CodeTooManyGuesses] for a while. Whoever has used a code gets the same admission again.
func (s *Service) Redeem(ctx context.Context, who Caller, code string) (Admission, error) {
	var got Admission
	hash := hashCode(code)
	err := s.store.Admit(ctx, Knock{Caller: who, Code: hash}, func(in *Entry) (*Entrance, error) {
		e := &Env{Workspace: in.Workspace, Funnel: s.funnels(NewBusiness), Now: instant(s.clock()), Origin: FromChat, NewID: s.ids}
		if e.Now.Sub(in.Guesses.Since) >= GuessWindow {
			in.Guesses = Guesses{}
		}
		if in.Guesses.Wrong >= MaxGuesses {
			return nil, Refuse(CodeTooManyGuesses, Args{"minutes": int(GuessWindow / time.Minute)})
		}
		r := redeeming{Entry: in, e: e, who: who}
		if r.repeated() {
			got = Admission{}
			if err := json.Unmarshal(in.Invitation.Admission, &got); err != nil {
				return nil, fmt.Errorf("read a stored admission: %w", err)
			}
			got.Workspace = in.Workspace
			return &Entrance{}, nil
		}
		if !r.valid() {
			return &Entrance{Guesses: in.Guesses.wrong(hash, e.Now), Refused: Refuse(CodeCodeInvalid, nil)}, nil
		}
		var err error
		var out *Entrance
		got, out, err = r.admit()
		return out, err
	})
	if err != nil {
		return Admission{}, err
	}
	return got, nil
}

// wrong counts a wrong code. The same one again tells nobody anything, and may be a delivery that
// is repeated.
func (g Guesses) wrong(hash CodeHash, now time.Time) *Guesses {
	if g.Wrong == 0 {
		g.Since = now
	}
	if g.Last != hash {
		g.Wrong, g.Last = g.Wrong+1, hash
	}
	return &g
}

// redeeming judges a code.
type redeeming struct {
	*Entry
	e   *Env
	who Caller
}

// repeated reports whether the code was used by this identity, which is still let in.
func (r *redeeming) repeated() bool {
	v := r.Invitation
	return v != nil && !v.UsedAt.IsZero() && v.UsedDoor == r.who.Door && v.UsedBy == r.who.External && r.inside()
}

// inside reports whether the identity may speak already.
func (r *redeeming) inside() bool { return r.Known != nil && r.Known.Active && !r.Suspended }

// valid reports whether the code lets this identity in now. It never gives more than what its maker
// could give today, nor more than what it was made for.
func (r *redeeming) valid() bool {
	v := r.Invitation
	switch {
	case v == nil, !v.UsedAt.IsZero(), !r.e.Now.Before(v.Expires):
		return false
	case r.who.Team != "" && r.Installed != v.Workspace:
		return false
	case !v.Member.IsZero() && r.Kept == nil:
		return false
	case v.Kind == KindLink:
		// Whom an admin has removed does not come back through a colleague.
		return r.Kept != nil && r.Kept.Active && (r.Known == nil || r.Known.Active)
	case !v.MadeBy.IsZero() && (r.Maker == nil || !r.Maker.Active || !mayInvite(r.Maker.Role, v.Role)):
		return false
	}
	return r.Kept == nil || !r.Kept.Active || v.Role.Allows(r.Kept.Role)
}

// admit lets the identity in, and joins the two members where it was somebody else's before.
func (r *redeeming) admit() (Admission, *Entrance, error) {
	v := r.Invitation
	got := Admission{Kind: v.Kind, Workspace: r.Workspace}
	same := r.Kept == nil || r.Known != nil && r.Known.ID == r.Kept.ID
	if r.inside() && same {
		got.Member, got.Already = *r.Known, true
		return got, &Entrance{}, nil
	}
	out := &Entrance{Seat: &Seat{Caller: r.who, By: AdmittedInvitation}}
	if v.Kind == KindLink {
		out.Seat.By = AdmittedLink
	}
	switch {
	case r.Kept != nil:
		out.Seat.Member = *r.Kept
	case r.Known != nil:
		out.Seat.Member = *r.Known
	default:
		out.Seat.Member, out.Seat.New = r.who.member(r.e, v.Role), true
	}
	out.comeBack(r.e, v.Role, v.Kind)
	if !same && r.Known != nil && r.Known.Active {
		if err := r.absorb(out, &got); err != nil {
			return Admission{}, nil, err
		}
	}
	got.Member = out.Seat.Member
	used, err := json.Marshal(got)
	if err != nil {
		return Admission{}, nil, fmt.Errorf("keep an admission: %w", err)
	}
	out.Used = used
	return got, out, nil
}

// comeBack makes the member of the seat active, with the role where they were not. The role of
// members who are stays.
func (out *Entrance) comeBack(e *Env, role Role, verb string) {
	m, before := &out.Seat.Member, out.Seat.Member
	c := Change{Subject: m.ID, Member: m.ID, Verb: verb, Origin: e.Origin, At: e.Now}
	if !out.Seat.New {
		if !m.Active {
			m.Active, m.Role = true, role
		}
		m.Version++
		c.Before.Access = map[string]string{"role": string(before.Role), "active": activity(before.Active)}
	}
	c.Version = m.Version
	out.Changes = append(out.Changes, c)
}

func activity(active bool) string {
	if active {
		return "yes"
	}
	return "no"
}

// absorb joins the member whom the identity was with the one who is kept: they are one person. The
// role of the one who is kept stays what it was.
func (r *redeeming) absorb(out *Entrance, got *Admission) error {
	gone := *r.Known
	if gone.Role == Admin && r.Admins <= 1 {
		return Refuse(CodeLastAdmin, nil)
	}
	gone.Active = false
	gone.Version++
	e := *r.e
	// Deals that were one's own are no news.
	e.Actor = out.Seat.Member
	for _, st := range r.Deals {
		d, err := Decide(&e, st, handover{From: st.Deal.Owner, To: out.Seat.Member.ID})
		if err != nil {
			return err
		}
		c := d.record(&e, KindLink)
		// Nobody's, so that undo does not hand the deal back to a member who is no more.
		c.Member = ID{}
		out.Deals, out.Changes = append(out.Deals, d), append(out.Changes, c)
	}
	out.Absorbed = &gone
	out.Changes = append(out.Changes, Change{
		Subject: gone.ID, Version: gone.Version, Verb: KindLink, Origin: e.Origin, At: e.Now,
		Before: Before{Access: map[string]string{"into": out.Seat.Member.ID.String(), "role": string(gone.Role)}},
	})
	got.Absorbed, got.Deals = &gone, len(out.Deals)
	return nil
}
