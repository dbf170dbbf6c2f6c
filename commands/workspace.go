package commands

import (
	"context"
	"slices"
	"strings"

	"funnelbot/funnel"
)

// workspace shows the workspaces of the person, or chooses the one that is meant in private from now
// on. One that the person is no part of is unknown, whether there is such a one or not. Colleagues need
// not know for whom else the person works.
func (c *call) workspace(ctx context.Context, w *want) (Reply, error) {
	if err := c.inPrivate(); err != nil {
		return nil, err
	}
	who := c.ask.Caller
	if who.External == "" {
		return nil, funnel.Refuse(CodeNotHere, nil)
	}
	spaces, err := c.desk.service.Access().Belongings(ctx, who.Door, who.External)
	if err != nil {
		return nil, err
	}
	r := Workspaces{Spaces: spaces}
	if name := w.Intent.Text; name != "" {
		i := slices.IndexFunc(spaces, func(b funnel.Belonging) bool { return b.Workspace.String() == name })
		if i < 0 {
			i = called(spaces, name)
		}
		if i < 0 {
			return nil, funnel.Refuse(funnel.CodeNoWorkspace, nil)
		}
		if err := c.desk.service.ChooseWorkspace(ctx, who, spaces[i].Workspace); err != nil {
			return nil, err
		}
		r.Spaces = append([]funnel.Belonging{spaces[i]}, slices.Delete(slices.Clone(spaces), i, i+1)...)
		r.Chosen = true
	}
	for _, b := range r.Spaces[min(1, len(r.Spaces)):] {
		r.Offers = append(r.Offers, Offer{Label: "workspace", Action: "workspace:0:0:" + b.Workspace.String(), Name: b.Name})
	}
	return r, nil
}

// called returns the workspace of the name, else the only one whose name begins so, else -1.
func called(spaces []funnel.Belonging, name string) int {
	name, found := folded(name), -1
	for i, b := range spaces {
		switch known := folded(b.Name); {
		case known == name:
			return i
		case strings.HasPrefix(known, name) && found >= 0:
			return -1
		case strings.HasPrefix(known, name):
			found = i
		}
	}
	return found
}
