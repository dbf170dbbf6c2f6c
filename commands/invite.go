package commands

import (
	"context"

	"funnelbot/funnel"
)

// inPrivate refuses what is for one person's eyes where others read along, such as a code that lets people in.
func (c *call) inPrivate() error {
	if v := c.ask.Venue; !v.Private && v.External != "" {
		return funnel.Refuse(CodePrivateOnly, nil)
	}
	return nil
}

// invite makes a one-time code for somebody new, or for the member who is called so.
func (c *call) invite(ctx context.Context, w *want) (Reply, error) {
	if err := c.inPrivate(); err != nil {
		return nil, err
	}
	in := &w.Intent
	r, err := c.desk.service.Invite(ctx, c.act(w.Event), funnel.Invite{Role: in.Role, Member: in.Person.ID})
	if err != nil {
		return nil, err
	}
	return c.coded(r, in.Person.Mention), nil
}

// link makes a code that joins another identity to this member.
func (c *call) link(ctx context.Context, w *want) (Reply, error) {
	if err := c.inPrivate(); err != nil {
		return nil, err
	}
	r, err := c.desk.service.LinkCode(ctx, c.act(w.Event))
	if err != nil {
		return nil, err
	}
	return c.coded(r, ""), nil
}

func (c *call) coded(r funnel.Invited, name string) Reply {
	reply := Invited{Invited: r, For: name}
	if link := c.desk.inviteLink; link != nil {
		reply.Link = link(r.Code)
	}
	return reply
}

// join explains how a code is used. One that came in private was taken before it reached this
// place.
func (c *call) join(w *want) error {
	if err := c.inPrivate(); err != nil {
		return err
	}
	if w.Intent.Code == "" {
		return funnel.Refuse(CodeCodeNeeded, nil)
	}
	return funnel.Refuse(CodeNotHere, nil)
}

// lackingRole leaves out the role where there is nothing to choose: managers invite reps, a member
// who is invited again keeps the role of before, and nobody is let in without a code.
func (c *call) lackingRole(in *Intent, missing []Arg) []Arg {
	switch {
	case in.Verb == VerbApprove && in.Code == "":
		return nil
	case in.Verb != VerbInvite || in.Role != "" || in.Open(ArgRole):
		return missing
	case c.inPrivate() != nil:
		return nil // refused anyway, so nothing is asked before
	}
	for _, m := range c.names.members {
		if m.ID == in.Person.ID {
			in.Role = m.Role
			return nil
		}
	}
	if !c.me.Role.Allows(funnel.Admin) {
		in.Role = funnel.Rep
		return nil
	}
	return missing
}
