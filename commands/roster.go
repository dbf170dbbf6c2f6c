package commands

import (
	"context"
	"sync"
	"time"

	"funnelbot/funnel"
)

// rosterAge is how old a list of names may be. Rights are judged on the member as the use case
// reads it; names may lag this far behind another process.
const rosterAge = 2 * time.Second

// localeAge is how old a list may be for what only the look of an answer depends on.
const localeAge = time.Minute

// roster is what a line is read with that seldom changes: the workspace and the names in it.
type roster struct {
	space   funnel.Workspace
	members []funnel.Member
	people  []Colleague
	read    time.Time
}

// rosters keeps the roster of each workspace for a moment, so that a busy team does not read it
// with every line.
type rosters struct{ kept sync.Map }

func (r *rosters) get(ctx context.Context, s *funnel.Service, workspace funnel.ID) (*roster, error) {
	now := s.Now()
	if kept, ok := r.kept.Load(workspace); ok {
		if known, ok := kept.(*roster); ok && now.Sub(known.read) < rosterAge && !now.Before(known.read) {
			return known, nil
		}
	}
	return r.fresh(ctx, s, workspace)
}

// with is get for a line of the member. Somebody whom a list does not know yet may have been let in a
// moment ago, and the list is read anew for them.
func (r *rosters) with(ctx context.Context, s *funnel.Service, workspace, member funnel.ID) (*roster, funnel.Member, error) {
	names, err := r.get(ctx, s, workspace)
	if err != nil {
		return nil, funnel.Member{}, err
	}
	if m, ok := names.member(member); ok {
		return names, m, nil
	}
	if names, err = r.fresh(ctx, s, workspace); err != nil {
		return nil, funnel.Member{}, err
	}
	m, _ := names.member(member)
	return names, m, nil
}

func (n *roster) member(id funnel.ID) (funnel.Member, bool) {
	for _, m := range n.members {
		if m.ID == id {
			return m, true
		}
	}
	return funnel.Member{}, false
}

// fresh reads the roster.
func (r *rosters) fresh(ctx context.Context, s *funnel.Service, workspace funnel.ID) (*roster, error) {
	now := s.Now()
	space, err := s.Read().Workspace(ctx, workspace)
	if err != nil {
		return nil, err
	}
	members, err := s.Read().Members(ctx, workspace)
	if err != nil {
		return nil, err
	}
	handles, err := s.Read().Handles(ctx, workspace)
	if err != nil {
		return nil, err
	}
	fresh := &roster{space: space, members: members, people: make([]Colleague, len(members)), read: now}
	for i, m := range members {
		fresh.people[i] = Colleague{ID: m.ID, Name: m.Name, Handles: handles[m.ID]}
	}
	r.kept.Store(workspace, fresh)
	return fresh, nil
}

// known is get for what only the look of an answer depends on: nobody waits for it a second time
// while the database is away.
func (r *rosters) known(ctx context.Context, s *funnel.Service, workspace funnel.ID) (*roster, error) {
	if kept, ok := r.kept.Load(workspace); ok {
		if old, ok := kept.(*roster); ok && s.Now().Sub(old.read) < localeAge {
			return old, nil
		}
	}
	return r.get(ctx, s, workspace)
}

// forget makes the next line read the roster anew: a member was changed here.
func (r *rosters) forget(workspace funnel.ID) { r.kept.Delete(workspace) }
