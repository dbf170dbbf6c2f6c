package sample

import (
	"context"
	"fmt"
	"strings"
	"time"

	"funnelbot/funnel"
)

// rep is a member who sells, with the habits that show in the figures.
type rep struct {
	funnel.Member
	// share is how much of what comes in they take.
	share float64
	// skill multiplies the odds that a stay ends forward.
	skill float64
	// order is how often they say what comes next.
	order float64
	// pace stretches the time between touches.
	pace float64
	// joins and leaves bound their time in sales; zero means all the year.
	joins, leaves time.Time
	// leads is true for the manager, who takes few deals.
	leads bool
}

// active reports whether the rep takes deals at the time.
func (r *rep) active(at time.Time) bool {
	return !at.Before(r.joins) && (r.leaves.IsZero() || at.Before(r.leaves))
}

// habits of the team: the person at the chat, then the colleagues in the order of their names in
// the texts: manager, best seller, talker, newcomer, and one who moves to client work.
func habits() []rep {
	return []rep{
		{share: 0.21, skill: 1, order: 0.75, pace: 1},
		{share: 0.04, skill: 1.3, order: 0.9, pace: 1, leads: true},
		{share: 0.24, skill: 1.45, order: 0.92, pace: 0.85},
		{share: 0.22, skill: 0.75, order: 0.5, pace: 0.8},
		{share: 0.16, skill: 0.7, order: 0.85, pace: 1.1},
		{share: 0.22, skill: 0.95, order: 0.6, pace: 1.25},
	}
}

// Days before today on which the newcomer starts in sales, and on which the colleague moves on.
const (
	newcomerJoined = 135
	colleagueMoved = 105
)

// door is how the colleagues are known: nobody can speak as one of them.
const door = "sample"

// hire stores the colleagues and returns the team, the person at the chat first.
func hire(ctx context.Context, c *Config, names []string, today time.Time) ([]*rep, error) {
	team := habits()
	if len(names) < len(team) {
		return nil, fmt.Errorf("sample: %d names for a team of %d and a stand-in", len(names), len(team))
	}
	team[0].Member = c.Me
	for i := 1; i < len(team); i++ {
		name, role := names[i-1], funnel.Rep
		if sameFirst(name, c.Me.Name) {
			name = names[len(names)-1]
		}
		if team[i].leads {
			role = funnel.Manager
		}
		m, err := c.Store.SignIn(ctx, funnel.Identity{Door: door, External: name, Workspace: c.Workspace.ID}, funnel.Member{
			Workspace: c.Workspace.ID, ID: c.NewID(), Name: name, Role: role, Locale: c.Language, Zone: c.Me.Zone, Active: true,
		})
		if err != nil {
			return nil, fmt.Errorf("sample: hire %s: %w", name, err)
		}
		team[i].Member = m
	}
	team[4].joins = today.AddDate(0, 0, -newcomerJoined)
	team[5].leaves = today.AddDate(0, 0, -colleagueMoved)
	all := make([]*rep, len(team))
	for i := range team {
		all[i] = &team[i]
	}
	return all, nil
}

// sameFirst reports whether two people are called by one first name.
func sameFirst(a, b string) bool {
	first, _, _ := strings.Cut(a, " ")
	other, _, _ := strings.Cut(strings.TrimSpace(b), " ")
	return strings.EqualFold(first, other)
}
