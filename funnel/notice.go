package funnel

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// Notices is what the database keeps of messages that wait for their receiver, and of those that
// days owe.
type Notices interface {
	// Held returns the members for whom messages are held back, over all workspaces.
	Held(ctx context.Context) ([]Addressee, error)
	// Release lets go of the messages of the kinds that are held back for a member: what merge makes
	// of them, oldest first, is owed in the same transaction. Of several processes one gets them.
	// It returns how many are owed.
	Release(ctx context.Context, workspace, member ID, kinds []NoticeKind, merge func([]Notification) []Notification) (int, error)
	// Planned returns the active members who want a morning plan, over all workspaces.
	Planned(ctx context.Context) ([]Addressee, error)
	// OwePlan owes a member the plan of a day and reports true, unless that day or a later one was
	// counted before.
	OwePlan(ctx context.Context, workspace ID, on Date, n Notification) (bool, error)
	// Holdings returns a member, active or not, with the deals that are his or hers to work on: open
	// ones and clients. The member is nil where there is none.
	Holdings(ctx context.Context, workspace, owner ID) (*Member, []ID, error)
	// Former returns the members who no longer take part and still own something to work on.
	Former(ctx context.Context, workspace ID) ([]Member, error)
}

// Addressee is a member with the settings of the workspace.
type Addressee struct {
	Workspace Workspace
	Member    Member
}

// NoticeDerived returns the identifier of a message that follows from its parts alone, so that
// another process derives the same one: a UUID of version 8, RFC 9562, section 5.8.
func NoticeDerived(parts ...string) ID {
	h := sha256.New()
	for _, p := range parts {
		// The length in front keeps "a", "bc" apart from "ab", "c".
		fmt.Fprintf(h, "%d:%s", len(p), p)
	}
	var id ID
	copy(id[:], h.Sum(nil))
	id[6] = id[6]&0x0f | 0x80
	id[8] = id[8]&0x3f | 0x80
	return id
}

// ParseClock reads a time of day of the form 15:04.
func ParseClock(s string) (Clock, error) {
	t, err := time.Parse("15:04", s)
	if err != nil || len(s) != len("15:04") {
		return 0, fmt.Errorf("parse time of day %q: the form is 15:04", s)
	}
	return At(t.Hour(), t.Minute()), nil
}

// String returns the form 15:04.
func (c Clock) String() string { return fmt.Sprintf("%02d:%02d", int(c)/60, int(c)%60) }

// QuietUntil returns when the quiet hours end that t lies in, or the zero time where it lies in
// none. The hours are those of clocks in the member's zone: they last longer or shorter where the
// clocks are changed in them.
func (m Member) QuietUntil(w Workspace, t time.Time) time.Time {
	from, err1 := ParseClock(m.QuietFrom)
	to, err2 := ParseClock(m.QuietTo)
	if err1 != nil || err2 != nil || from == to {
		return time.Time{}
	}
	zone := m.Location(w)
	today := DateOf(t.In(zone))
	for _, begins := range []Date{today.AddDays(-1), today} {
		ends := begins
		if to < from {
			ends = begins.AddDays(1)
		}
		start, end := from.On(begins, zone), to.On(ends, zone)
		if !t.Before(start) && t.Before(end) {
			return end
		}
	}
	return time.Time{}
}

// Quiet reports whether t lies in the member's quiet hours.
func (m Member) Quiet(w Workspace, t time.Time) bool { return !m.QuietUntil(w, t).IsZero() }

// Away reports whether the member is away at t. The day of the return is no day of absence.
func (m Member) Away(w Workspace, t time.Time) bool {
	return !m.AwayUntil.IsZero() && DateOf(t.In(m.Location(w))).Before(m.AwayUntil)
}

// Reachable reports whether a reminder may come to the member at t.
func (m Member) Reachable(w Workspace, t time.Time) bool {
	return m.Active && !m.Quiet(w, t) && !m.Away(w, t)
}

// patient reports whether messages of the kind wait for the return of somebody who is away. The
// others tell what a colleague has done.
func (k NoticeKind) patient() bool { return k == NoticeStepDue || k == NoticeWoken }

// hold keeps messages to the member back while it is quiet for them: they are owed when that ends.
func hold(e *Env, notices []Notification, to *Member) {
	if to == nil || !to.Quiet(e.Workspace, e.Now) {
		return
	}
	for i := range notices {
		if notices[i].To == to.ID {
			notices[i].Held = true
		}
	}
}

// release owes what was held back for those who may be told now. Messages for whoever no longer
// takes part are dropped.
func (s *Service) release(ctx context.Context) error {
	waiting, err := s.store.Held(ctx)
	if err != nil {
		return fmt.Errorf("look for messages that are held back: %w", err)
	}
	var all []error
	now := s.clock()
	for _, h := range waiting {
		kinds, merge := NoticeKinds(), grouped
		switch {
		case !h.Member.Active:
			merge = func([]Notification) []Notification { return nil }
		case h.Member.Quiet(h.Workspace, now):
			continue
		case h.Member.Away(h.Workspace, now):
			kinds = slices.DeleteFunc(kinds, NoticeKind.patient)
		}
		if _, err := s.store.Release(ctx, h.Workspace.ID, h.Member.ID, kinds, merge); err != nil {
			all = append(all, fmt.Errorf("release messages of member %s: %w", h.Member.ID, err))
		}
	}
	return errors.Join(all...)
}

// grouped makes one message of all next steps that are due.
func grouped(list []Notification) []Notification {
	first, out := -1, list[:0:0]
	for _, n := range list {
		if n.Kind != NoticeStepDue {
			out = append(out, n)
			continue
		}
		step := DueStep{Deal: n.Deal, Number: n.Number, What: n.Data["what"], On: n.Data["on"]}
		if first < 0 {
			first = len(out)
			out = append(out, n)
			out[first].Steps = []DueStep{step}
			continue
		}
		out[first].Steps = append(out[first].Steps, step)
	}
	switch {
	case first < 0:
	case len(out[first].Steps) == 1:
		out[first].Steps = nil
	default:
		n := &out[first]
		n.Kind, n.Deal, n.Number, n.Data = NoticeStepsDue, ID{}, 0, nil
	}
	return out
}

// announcementID is the identifier of the announcement of a change of a deal.
func announcementID(deal ID, version int64) ID {
	return NoticeDerived("announcement", deal.String(), strconv.FormatInt(version, 10))
}

// holdAll keeps what the decision owes for the end of the run, which groups it and knows who may be
// told.
func (d *Decision) holdAll() {
	for i := range d.Notices {
		d.Notices[i].Held = true
	}
}
