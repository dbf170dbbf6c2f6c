package funnel

import (
	"context"
	"fmt"
)

// VerbSnooze is the verb of putting a deal off for oneself.
const VerbSnooze = "snooze"

// snoozeMost is the longest time that a deal can be put off for, in days: what is to rest longer is
// parked, which everybody sees.
const snoozeMost = 92

// Snooze keeps a deal out of what one member is shown as a risk: the digest, the morning plan, the review
// and lists of stuck deals. Nothing about the deal changes.
type Snooze struct {
	Deal   ID    `json:"deal"`
	Number int64 `json:"number"`
	// Until is the first day on which the deal is shown again; zero says that it is shown now.
	Until Date `json:"until,omitzero"`
}

// Snoozed is the result of putting a deal off, kept under the key of its delivery.
type Snoozed struct {
	Snooze Snooze `json:"snooze"`
}

// Snooze puts a deal off for the member until the day, or with the zero Date no longer.
func (s *Service) Snooze(ctx context.Context, a Act, t Target, until Date) (Snoozed, error) {
	if a.Member.IsZero() {
		return Snoozed{}, errNoMember
	}
	intent := struct {
		Verb   string
		Target Target
		Until  Date
	}{VerbSnooze, t, until}
	r, _, err := do(ctx, s, a, intent, Reads{Deal: t.Deal, Number: t.Number}, func(e *Env, snap *Snapshot) (Snoozed, *Writes, error) {
		if snap.Deal == nil {
			return Snoozed{}, nil, Refuse(CodeNoDeal, Args{"ref": fmt.Sprintf("#%d", t.Number)})
		}
		deal := &snap.Deal.Deal
		if !until.IsZero() {
			if err := (&Decision{After: *snap.Deal}).open(); err != nil {
				return Snoozed{}, nil, err
			}
			today := DateOf(e.Now.In(e.Actor.Location(e.Workspace)))
			switch days := until.Sub(today); {
			case days <= 0:
				return Snoozed{}, nil, Refuse(CodeInPast, Args{"date": until})
			case days > snoozeMost:
				return Snoozed{}, nil, Refuse(CodeSnoozeLong, Args{"deal": deal.Number, "days": snoozeMost})
			}
		}
		r := Snoozed{Snooze: Snooze{Deal: deal.ID, Number: deal.Number, Until: until}}
		return r, &Writes{Snooze: &r.Snooze}, nil
	})
	return r, err
}
