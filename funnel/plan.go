package funnel

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// WishOff is the wish for no plan, or for no quiet hours.
const WishOff = "off"

// Wishes is how a member wants to be told. What is empty stays as it is.
type Wishes struct {
	// Plan is when the morning plan comes, 08:30, or [WishOff].
	Plan string `json:"plan,omitzero"`
	// Quiet is when no reminders come, 20:00-08:00, or [WishOff].
	Quiet string `json:"quiet,omitzero"`
}

// apply changes the member. A plan whose time is over today begins with the next day: nobody who
// orders a morning plan at noon wants it at once.
func (w Wishes) apply(e *Env, m *Member) error {
	switch w.Plan {
	case "":
	case WishOff:
		m.PlanAt = ""
	default:
		at, err := ParseClock(w.Plan)
		if err != nil {
			return Refuse(CodeBadValue, Args{"field": "time", "value": shown(w.Plan)})
		}
		m.PlanAt = at.String()
		if zone := m.Location(e.Workspace); !e.Now.Before(at.On(DateOf(e.Now.In(zone)), zone)) {
			m.PlanDay = DateOf(e.Now.In(zone))
		}
	}
	switch w.Quiet {
	case "":
	case WishOff:
		m.QuietFrom, m.QuietTo = "00:00", "00:00"
	default:
		begin, end, _ := strings.Cut(w.Quiet, "-")
		from, err1 := ParseClock(begin)
		to, err2 := ParseClock(end)
		if err1 != nil || err2 != nil {
			return Refuse(CodeBadValue, Args{"field": "time", "value": shown(w.Quiet)})
		}
		m.QuietFrom, m.QuietTo = from.String(), to.String()
	}
	return nil
}

// SetWishes changes how the member wants to be told.
func (s *Service) SetWishes(ctx context.Context, a Act, w Wishes) (Settled, error) {
	return s.member(ctx, a, VerbNotify, Reads{Subject: a.Member}, w, func(e *Env, _ *Snapshot, m *Member) error {
		return w.apply(e, m)
	})
}

// PlanDue returns the member's day at now, and whether its plan is due: on working days of the
// workspace, from the time that the member chose until midnight, outside of quiet hours, and not
// while the member is away.
func (m Member) PlanDue(w Workspace, now time.Time) (Date, bool) {
	zone := m.Location(w)
	on := DateOf(now.In(zone))
	at, err := ParseClock(m.PlanAt)
	if err != nil || !m.Reachable(w, now) || w.Calendar.On(on).Off() || now.Before(at.On(on, zone)) {
		return on, false
	}
	return on, m.PlanDay.IsZero() || m.PlanDay.Before(on)
}

// RunPlans owes the morning plans that are due and returns how many. Any number of processes may
// run it at once; a plan that could not be owed is owed later on the same day.
func (s *Service) RunPlans(ctx context.Context) (int, error) {
	people, err := s.store.Planned(ctx)
	if err != nil {
		return 0, fmt.Errorf("look for plans: %w", err)
	}
	owed, now := 0, s.clock()
	var all []error
	for _, p := range people {
		on, due := p.Member.PlanDue(p.Workspace, now)
		if !due {
			continue
		}
		n := Notification{
			ID: NoticeDerived("plan", p.Member.ID.String(), on.String()), Kind: NoticePlan, To: p.Member.ID,
			Data: map[string]string{"on": on.String()},
		}
		fresh, err := s.store.OwePlan(ctx, p.Workspace.ID, on, n)
		if err != nil {
			all = append(all, fmt.Errorf("owe member %s the plan of %s: %w", p.Member.ID, on, err))
		}
		if fresh {
			owed++
		}
	}
	return owed, errors.Join(all...)
}

// PlanClock returns when the morning plan comes, as 15:04: when the member wished, or at the end of
// the quiet hours that the wish lies in.
func (m Member) PlanClock() string {
	at, err1 := ParseClock(m.PlanAt)
	from, err2 := ParseClock(m.QuietFrom)
	to, err3 := ParseClock(m.QuietTo)
	switch {
	case err1 != nil || err2 != nil || err3 != nil || from == to:
		return m.PlanAt
	case from < to && at >= from && at < to, to < from && (at >= from || at < to):
		return m.QuietTo
	}
	return m.PlanAt
}
