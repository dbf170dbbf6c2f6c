package funnel

import (
	"context"
	"fmt"
	"time"
)

// VerbQuota is the verb of changes of what a team is to win in a month.
const VerbQuota = "plan"

// Quota is what a team is to win in a month: the sum of the amounts of deals that are signed in it.
type Quota struct {
	Team ID `json:"team"`
	// Month is the first day of the month, by the calendar of the workspace's zone.
	Month Date `json:"month"`
	// Amount is in the currency of the workspace; the zero Money says that there is no plan.
	Amount Money `json:"amount,omitzero"`
	// By set it, At; a time in UTC.
	By ID        `json:"by,omitzero"`
	At time.Time `json:"at,omitzero"`
	// Version counts the changes of all quotas of the team; 0 is a month that never had one.
	Version int64 `json:"version,omitzero"`
}

// QuotaSet is the result of setting a quota, kept under the key of its delivery.
type QuotaSet struct {
	Quota Quota `json:"quota"`
	// Before is what was planned for the month until then.
	Before Quota `json:"before"`
}

// Same reports whether the plan was so already: nothing was recorded that could be taken back.
func (q QuotaSet) Same() bool { return q.Quota.Version == q.Before.Version }

// QuotaReads is the quota that a unit of work has to see, under the lock of its team. Without a team it
// is that of the workspace's first.
type QuotaReads struct {
	Team  ID
	Month Date
}

// QuotaSnapshot is the quota as a unit of work saw it, without an amount where there is none. Last is
// the version of the team's last change of any month.
type QuotaSnapshot struct {
	Quota
	Last int64
}

// Quotas keeps what is to be won.
type Quotas interface {
	// Quotas returns what was planned, as known at the time, for the months from first to last, which are
	// both first days: of each team by month. Months without a plan are left out.
	Quotas(ctx context.Context, workspace ID, first, last Date, asOf time.Time) ([]Quota, error)
	// CountWon sums what was won within the period, by month of the workspace's zone and currency.
	CountWon(ctx context.Context, workspace ID, p Period) ([]WonCount, error)
}

// WonCount is a group of deals that were won in a month and stood so at the end of the period.
type WonCount struct {
	// Month is the first day of the month.
	Month Date
	// Sum is what they were worth at the end of the period; without a currency they had no amount.
	Sum   Money
	Deals int
}

// FirstOfMonth returns the first day of the month that the day is in.
func (d Date) FirstOfMonth() Date { return Date{Year: d.Year, Month: d.Month, Day: 1} }

// AddMonths returns the first day of the month n months after the one that the day is in; n may be
// negative.
func (d Date) AddMonths(n int) Date { return DateOf(d.FirstOfMonth().In(time.UTC).AddDate(0, n, 0)) }

// SetQuota says what the workspace's team is to win in the month that the day is in, or with the zero
// Money that nothing is planned. Managers only. An amount in another currency than the workspace's is
// [CodePlanCurrency], because it could be compared with nothing.
func (s *Service) SetQuota(ctx context.Context, a Act, month Date, amount Money) (QuotaSet, error) {
	if !month.Valid() {
		return QuotaSet{}, Refuse(CodeBadValue, Args{"field": "date", "value": month.String()})
	}
	if err := amount.sound(); err != nil {
		return QuotaSet{}, err
	}
	month = month.FirstOfMonth()
	intent := struct {
		Verb   string
		Month  Date
		Amount Money
	}{VerbQuota, month, amount}
	reads := Reads{Quota: &QuotaReads{Month: month}}
	r, _, err := do(ctx, s, a, intent, reads, func(e *Env, snap *Snapshot) (QuotaSet, *Writes, error) {
		if !a.Member.IsZero() && !e.Actor.Role.Allows(Manager) {
			return QuotaSet{}, nil, Refuse(CodeForbidden, Args{"role": Manager})
		}
		if !amount.IsZero() && amount.Currency != e.Workspace.Currency {
			return QuotaSet{}, nil, Refuse(CodePlanCurrency, Args{"currency": e.Workspace.Currency})
		}
		if snap.Quota == nil {
			return QuotaSet{}, nil, fmt.Errorf("plan %s: %w", month, errNoTeam)
		}
		before := snap.Quota.Quota
		if before.Amount == amount {
			return QuotaSet{Quota: before, Before: before}, &Writes{}, nil
		}
		after := snap.Quota.next(e, amount)
		return QuotaSet{Quota: after, Before: before}, &Writes{Quota: &after, Change: after.record(e, VerbQuota, before)}, nil
	})
	return r, err
}

// next is the quota with another amount.
func (q *QuotaSnapshot) next(e *Env, amount Money) Quota {
	return Quota{Team: q.Team, Month: q.Month, Amount: amount, By: e.Actor.ID, At: e.Now, Version: q.Last + 1}
}

// record makes the audit record of a change.
func (q *Quota) record(e *Env, verb string, before Quota) Change {
	return Change{
		Subject: q.Team, Version: q.Version, Member: e.Actor.ID, Verb: verb, Origin: e.Origin, At: e.Now,
		Before: Before{Quota: &before},
	}
}

// undoQuota takes back a change of a quota, unless somebody has changed the same month since.
func undoQuota(e *Env, snap *Snapshot) (Changed, *Writes, error) {
	was := snap.Change
	switch {
	case snap.Quota == nil || !was.UndoneAt.IsZero() || was.Member != e.Actor.ID:
		return Changed{}, nil, Refuse(CodeNothingToUndo, nil)
	case e.Now.Sub(was.At) > UndoWindow:
		return Changed{}, nil, Refuse(CodeUndoTooLate, Args{"minutes": int(UndoWindow / time.Minute)})
	case snap.Quota.Version != was.Version:
		return Changed{}, nil, Refuse(CodeUndoOvertaken, Args{"deal": int64(0)})
	case !e.Actor.Role.Allows(Manager):
		return Changed{}, nil, Refuse(CodeForbidden, Args{"role": Manager})
	}
	after := snap.Quota.next(e, was.Before.Quota.Amount)
	w := &Writes{Quota: &after, Undone: was.Ref(), Change: after.record(e, VerbUndo, snap.Quota.Quota)}
	return Changed{Verb: VerbUndo, Undone: was.Verb}, w, nil
}
