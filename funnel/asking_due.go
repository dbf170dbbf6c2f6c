package funnel

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"
)

// DueAsking is an open qualification dialog that has been silent for long.
type DueAsking struct {
	Workspace ID
	Asking
}

// Askings is what is kept of qualification dialogs and of the answers that they have brought.
type Askings interface {
	// OpenAsking returns the open dialogs of a member with the numbers of their deals, the one that was
	// heard last first.
	OpenAsking(ctx context.Context, workspace, member ID) ([]Asking, error)
	// DueAsking returns the open dialogs that are due now, over all workspaces, oldest first.
	DueAsking(ctx context.Context, now time.Time, limit int) ([]DueAsking, error)
	// Answers returns what is known of a deal by the questions of the qualification.
	Answers(ctx context.Context, workspace, deal ID) ([]Answer, error)
}

// runAsking reminds members of dialogs that have been silent for long, and ends those that have been
// silent after that.
func (s *Service) runAsking(ctx context.Context) (int, error) {
	tried := map[string]bool{}
	var all []error
	done := 0
	for {
		// Dialogs that failed are still due and stand first, so the next batch lies behind them.
		due, err := s.store.DueAsking(ctx, s.clock(), dueBatch+len(all))
		if err != nil {
			return done, errors.Join(errors.Join(all...), fmt.Errorf("look for silent dialogs: %w", err))
		}
		fresh := 0
		for i := range due {
			key := due[i].key()
			if tried[key] {
				continue
			}
			tried[key] = true
			fresh++
			err := s.silent(ctx, &due[i])
			switch {
			case err == nil:
				done++
			case ctx.Err() != nil || CodeOf(err) == CodeUnavailable:
				return done, errors.Join(errors.Join(all...), err)
			default:
				all = append(all, fmt.Errorf("dialog %s: %w", due[i].ID, err))
			}
		}
		if fresh == 0 {
			return done, errors.Join(all...)
		}
	}
}

// key is that of what is due: whatever is heard of the dialog or done about it makes another one.
func (d *DueAsking) key() string {
	what := "remind"
	if d.Reminded {
		what = "end"
	}
	return fmt.Sprintf("asking:%s:%s:%d:%d:%s", d.Workspace, d.ID, d.HeardAt.UnixMicro(), d.DueAt.UnixMicro(), what)
}

// silent does what is due for one dialog. Whoever cannot be told now is left alone until then; a
// dialog that nobody can finish any more ends without a word.
func (s *Service) silent(ctx context.Context, due *DueAsking) error {
	act := Act{Workspace: due.Workspace, Event: due.key(), Origin: FromTimer}
	reads := Reads{Deal: due.Deal, Answers: true, Asking: due.ID, Subject: due.Member}
	_, _, err := do(ctx, s, act, due.key(), reads, func(e *Env, snap *Snapshot) (struct{}, *Writes, error) {
		now := snap.Asking
		if now == nil || !now.EndedAt.IsZero() || now.DueAt.After(e.Now) || now.Reminded != due.Reminded {
			return struct{}{}, &Writes{}, nil // somebody was faster
		}
		after := *now
		w := &Writes{Asking: &after}
		member := snap.Subject
		switch {
		case member == nil || !member.Active || !askable(e, snap):
			after.end(e, AskingSilence)
		case !member.Reachable(e.Workspace, e.Now):
			after.DueAt = instant(member.back(e.Workspace, e.Now))
		case now.Reminded:
			after.end(e, AskingSilence)
			w.Notices = []Notification{now.notice(NoticeQualifyEnded, e, snap)}
		default:
			end := e.Workspace.Calendar.After(e.Now, e.Funnel.Qualification.EndAfter, member.Location(e.Workspace))
			after.Reminded, after.DueAt = true, instant(end)
			w.Notices = []Notification{now.notice(NoticeQualifyWaiting, e, snap)}
		}
		return struct{}{}, w, nil
	})
	return err
}

// askable reports whether the dialog about the deal can still be finished.
func askable(e *Env, snap *Snapshot) bool {
	deal := snap.Deal
	return deal != nil && deal.Deal.VoidedAt.IsZero() && deal.Deal.Outcome == Open && e.Funnel != nil && e.Funnel.Qualification != nil
}

// back returns when the member, who cannot be told anything now, can: after the quiet hours, and on
// the day of the return when people begin to work.
func (m Member) back(w Workspace, now time.Time) time.Time {
	until := m.QuietUntil(w, now)
	if m.Away(w, now) {
		if start := w.Calendar.StartOf(m.AwayUntil).On(m.AwayUntil, m.Location(w)); start.After(until) {
			until = start
		}
	}
	if !until.After(now) {
		return now.Add(time.Hour)
	}
	return until
}

// notice is a message to the member about the dialog. It follows from what is due alone, so that no
// other process can owe a second one.
func (a *Asking) notice(kind NoticeKind, e *Env, snap *Snapshot) Notification {
	q, answers := e.Funnel.Qualification, snap.Deal.Answers
	return Notification{
		ID:   NoticeDerived("asking", e.Workspace.ID.String(), a.ID, string(kind), strconv.FormatInt(a.HeardAt.UnixMicro(), 10)),
		Kind: kind, To: a.Member, Deal: a.Deal, Number: snap.Deal.Deal.Number,
		Data: map[string]string{
			"door": a.Door(), "given": strconv.Itoa(len(q.known(answers))), "of": strconv.Itoa(len(q.Asked(answers))),
		},
	}
}
