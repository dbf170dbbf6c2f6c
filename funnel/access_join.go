package funnel

import (
	"context"
	"strings"
	"time"
	"unicode"
)

// Access returns what the database knows of who may speak and where.
func (s *Service) Access() Access { return s.store }

// Join makes the caller a member because the platform vouches for them: as the installer, who is an
// admin while there is none, or as one of a circle, named by its identifier in by. Somebody who is a
// member already stays that member, and may speak again where the circle had been left; a member
// whom an admin has removed gets [CodeInactive]. Nobody is taken for a member of the same name.
func (s *Service) Join(ctx context.Context, who Caller, workspace ID, role Role, by string) (Member, error) {
	if role.rank() == 0 {
		return Member{}, Refuse(CodeUnknownRole, Args{"role": string(role)})
	}
	var joined Member
	err := s.store.Admit(ctx, Knock{Caller: who, Workspace: workspace}, func(in *Entry) (*Entrance, error) {
		e := &Env{Workspace: in.Workspace, Now: instant(s.clock()), Origin: FromChat, NewID: s.ids}
		known := in.Known
		first := role == Admin && in.Reached == 0
		switch {
		case known != nil && !known.Active:
			return nil, Refuse(CodeInactive, nil)
		case known != nil && !in.Suspended && (known.Role.Allows(role) || !first):
			joined = *known
			return &Entrance{}, nil
		case role == Admin && !first:
			return nil, Refuse(CodeForbidden, Args{"role": Admin})
		}
		out := &Entrance{Seat: &Seat{Caller: who, By: by}}
		if known == nil {
			out.Seat.Member, out.Seat.New = who.member(e, role), true
		} else {
			out.Seat.Member = *known
		}
		out.comeBack(e, role, "join")
		if first {
			out.Seat.Member.Role = Admin
		}
		joined = out.Seat.Member
		return out, nil
	})
	if err != nil {
		return Member{}, err
	}
	return joined, nil
}

// ChooseWorkspace makes a workspace the one that the caller's private messages are about.
// [CodeNoWorkspace] is the answer for any that is not the caller's. It leaves no audit record: it is a
// preference of one person, who may do no more and no less by it.
func (s *Service) ChooseWorkspace(ctx context.Context, who Caller, workspace ID) error {
	mine, err := s.store.Choose(ctx, Identity{Door: who.Door, External: who.External, Workspace: workspace})
	if err == nil && !mine {
		err = Refuse(CodeNoWorkspace, nil)
	}
	return err
}

// Suspend stops the caller from speaking in a workspace: the platform says that they are no colleague
// any more or have left the circle that had let them in, which is the reason for the audit record.
// Whoever lets them in again lets them in as who they were.
func (s *Service) Suspend(ctx context.Context, who Caller, workspace ID, reason string) error {
	e := &Env{Now: instant(s.clock()), Origin: FromTimer, NewID: s.ids}
	return s.store.Suspend(ctx, Identity{Door: who.Door, External: who.External, Workspace: workspace},
		e.accessChange("suspend", map[string]string{"door": who.Door, "identity": who.External, "reason": reason}))
}

// member is the caller as a new member.
func (c Caller) member(e *Env, role Role) Member {
	m := Member{
		Workspace: e.Workspace.ID, ID: e.NewID(), Name: c.called(), Role: role, Locale: c.Locale, Zone: c.Zone,
		Active: true, Version: 1,
	}
	if m.Locale != English && m.Locale != Russian {
		m.Locale = e.Workspace.Locale
	}
	if _, err := time.LoadLocation(m.Zone); err != nil || m.Zone == "Local" {
		m.Zone = ""
	}
	return m
}

// called is the name of the caller in one line; platforms let people call themselves anything.
func (c Caller) called() string {
	for _, name := range []string{c.Name, c.Handle, c.External} {
		if name = oneLine(name); name != "" {
			return name
		}
	}
	return c.Door
}

// oneLine leaves out what cannot be kept or is no part of a line, and cuts at [MaxName].
func oneLine(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case r == unicode.ReplacementChar, unicode.IsControl(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, ""))
	line := []rune(strings.Join(strings.Fields(text), " "))
	return strings.TrimSpace(string(line[:min(len(line), MaxName)]))
}
