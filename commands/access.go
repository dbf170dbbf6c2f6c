package commands

import (
	"context"
	"slices"
	"strings"

	"funnelbot/funnel"
)

// access shows or changes whose members may speak without an invitation.
func (c *call) access(ctx context.Context, w *want) (Reply, error) {
	if c.ask.Caller.Team == "" {
		return nil, funnel.Refuse(CodeNoCircles, nil)
	}
	if c.ask.Venue.Outsiders() {
		// Which channels a company has is none of their business, nor who may speak with me.
		return nil, funnel.Refuse(CodePrivately, nil)
	}
	in := &w.Intent
	r := Circles{}
	switch {
	case in.Switch == "" && in.Circle.IsZero():
	case in.Circle.External == "":
		return nil, funnel.Refuse(CodeUnknownCircle, funnel.Args{"circle": in.Circle.Title})
	case in.Switch == SwitchRemove:
		before, err := c.desk.service.Access().Circles(ctx, c.ask.Workspace)
		if err != nil {
			return nil, err
		}
		if err := c.desk.service.ForbidCircle(ctx, c.act(w.Event), c.ask.Door, in.Circle.External); err != nil {
			return nil, err
		}
		r.Removed = funnel.Circle{Door: c.ask.Door, External: in.Circle.External, Kind: in.Circle.Kind, Title: in.Circle.Title}
		if i := slices.IndexFunc(before, sameCircle(r.Removed)); i >= 0 {
			r.Removed = before[i]
		}
	default:
		r.Added = funnel.Circle{
			Workspace: c.ask.Workspace, Door: c.ask.Door, External: in.Circle.External, Kind: in.Circle.Kind, Title: in.Circle.Title,
		}
		if err := c.desk.service.AllowCircle(ctx, c.act(w.Event), r.Added); err != nil {
			return nil, err
		}
	}
	all, err := c.desk.service.Access().Circles(ctx, c.ask.Workspace)
	if err != nil {
		return nil, err
	}
	for _, circle := range all {
		if circle.Door == c.ask.Door {
			r.Circles = append(r.Circles, circle)
			r.Offers = append(r.Offers, Offer{Label: "circle_remove", Action: "access:0:0:" + circle.External})
		}
	}
	return r, nil
}

func sameCircle(as funnel.Circle) func(funnel.Circle) bool {
	return func(c funnel.Circle) bool { return c.Door == as.Door && c.External == as.External }
}

// fillAccess takes the argument of a button about who may speak and where.
func fillAccess(in *Intent, arg string) {
	switch in.Verb { //nolint:exhaustive // only these have arguments
	case VerbApprove:
		code, role, _ := strings.Cut(arg, ".")
		in.Code = code
		if r := funnel.Role(role); slices.Contains(funnel.Roles(), r) {
			in.Role = r
		}
	case VerbDecline:
		in.Code = arg
	case VerbAccess:
		in.Switch, in.Circle = SwitchRemove, CircleRef{External: arg}
	case VerbConnect:
		in.Switch = insideOf(arg)
	case VerbAnnounce:
		in.Switch = onOf(arg)
	case VerbWorkspace:
		in.Text = arg
	case VerbRemove:
		choose(in, ArgPerson, Option{Key: arg})
	case VerbTransfer:
		choose(in, ArgFrom, Option{Key: arg})
	}
}
