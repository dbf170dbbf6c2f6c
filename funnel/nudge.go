package funnel

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// VerbNudge is the verb of asking the owner of a deal about it.
const VerbNudge = "nudge"

// Nudge asks the owner of a deal about it, at most once on a day of the workspace.
type Nudge struct {
	Deal   ID    `json:"deal"`
	Number int64 `json:"number"`
	Day    Date  `json:"day"`
	// By asked Owner, At.
	By    ID        `json:"by"`
	Owner ID        `json:"owner"`
	At    time.Time `json:"at"`
}

// Nudged is the result of asking, kept under the key of its delivery.
type Nudged struct {
	Nudge Nudge `json:"nudge"`
	// Name is the owner's. Later says that it is quiet for the owner, who is told afterwards, and Back is
	// the day on which the owner comes back, where he or she is away.
	Name  string `json:"name"`
	Later bool   `json:"later,omitzero"`
	Back  Date   `json:"back,omitzero"`
}

// NudgeAnswer is what an owner has done with the deal after a nudge.
type NudgeAnswer struct {
	Workspace ID
	Nudge
	// Verb is that of the first change, Name the owner's, and Text what was written with it.
	Verb string
	Name string
	Text string
}

// Nudges is what the database keeps of nudges and of deals that are put off.
type Nudges interface {
	// Snoozed returns the deals that the member does not want to be shown as a risk on the day.
	Snoozed(ctx context.Context, workspace, member ID, on Date) (map[ID]bool, error)
	// NudgeAnswers returns the answers, over all workspaces, to nudges since the time that nobody was told
	// of yet: one for each deal and whoever asked.
	NudgeAnswers(ctx context.Context, since time.Time, limit int) ([]NudgeAnswer, error)
	// OweAnswer counts the nudges of a deal by one member as answered and owes the message. It reports
	// false where another process was faster.
	OweAnswer(ctx context.Context, a NudgeAnswer, n Notification) (bool, error)
}

// Nudge asks the owner of an open deal about it. Managers only.
func (s *Service) Nudge(ctx context.Context, a Act, t Target) (Nudged, error) {
	if a.Member.IsZero() {
		return Nudged{}, errNoMember
	}
	deal, err := s.store.Deal(ctx, a.Workspace, t.Deal, t.Number)
	if err != nil {
		return Nudged{}, fmt.Errorf("read the deal to ask about: %w", err)
	}
	if deal == nil {
		return Nudged{}, Refuse(CodeNoDeal, Args{"ref": fmt.Sprintf("#%d", t.Number)})
	}
	intent := struct {
		Verb   string
		Target Target
	}{VerbNudge, t}
	reads := Reads{Deal: deal.ID, Subject: deal.Owner, Nudge: true}
	r, _, err := do(ctx, s, a, intent, reads, func(e *Env, snap *Snapshot) (Nudged, *Writes, error) {
		if snap.Deal == nil {
			return Nudged{}, nil, Refuse(CodeNoDeal, Args{"ref": fmt.Sprintf("#%d", deal.Number)})
		}
		return nudge(e, snap)
	})
	return r, err
}

// nudge judges whether the owner can be asked, and writes the message.
func nudge(e *Env, snap *Snapshot) (Nudged, *Writes, error) {
	deal, owner := &snap.Deal.Deal, snap.Subject
	if !e.Actor.Role.Allows(Manager) {
		return Nudged{}, nil, Refuse(CodeForbidden, Args{"role": Manager})
	}
	if err := (&Decision{After: *snap.Deal}).open(); err != nil {
		return Nudged{}, nil, err
	}
	on := DateOf(e.Now.In(e.Workspace.Location()))
	switch {
	case deal.Owner == e.Actor.ID:
		return Nudged{}, nil, Refuse(CodeNudgeOwn, Args{"deal": deal.Number})
	case deal.Owner.IsZero() || owner == nil || !owner.Active || owner.ID != deal.Owner:
		return Nudged{}, nil, Refuse(CodeNudgeNobody, Args{"deal": deal.Number})
	case snap.Nudge != nil && snap.Nudge.Day == on:
		return Nudged{}, nil, Refuse(CodeNudgedToday, Args{"deal": deal.Number, "name": owner.Name})
	}
	n := Nudge{Deal: deal.ID, Number: deal.Number, Day: on, By: e.Actor.ID, Owner: owner.ID, At: e.Now}
	r := Nudged{Nudge: n, Name: owner.Name, Later: owner.Quiet(e.Workspace, e.Now)}
	if owner.Away(e.Workspace, e.Now) {
		r.Back = owner.AwayUntil
	}
	notices := []Notification{{
		ID: e.NewID(), Kind: NoticeNudge, To: owner.ID, Deal: deal.ID, Number: deal.Number, Actor: e.Actor.ID,
		Data: map[string]string{"by": e.Actor.Name},
	}}
	hold(e, notices, owner)
	return r, &Writes{Nudge: &n, Notices: notices}, nil
}

// nudgeWaits is for how long an answer is waited for: what an owner does with a deal a month later is
// none.
const nudgeWaits = 30 * 24 * time.Hour

// runNudges tells those who asked what owners have done since.
func (s *Service) runNudges(ctx context.Context) (int, error) {
	found, err := s.store.NudgeAnswers(ctx, s.clock().Add(-nudgeWaits), dueBatch)
	if err != nil {
		return 0, fmt.Errorf("look for answers to nudges: %w", err)
	}
	told := 0
	var all []error
	for i := range found {
		a := &found[i]
		fresh, err := s.store.OweAnswer(ctx, *a, Notification{
			ID: NoticeDerived("nudge answer", a.Deal.String(), a.By.String(), a.Day.String()), Kind: NoticeNudgeAnswer,
			To: a.By, Deal: a.Deal, Number: a.Number, Actor: a.Owner, Held: true,
			Data: map[string]string{"verb": a.Verb, "by": a.Name, "text": a.Text},
		})
		if err != nil {
			all = append(all, fmt.Errorf("tell of deal %s: %w", a.Deal, err))
		}
		if ctx.Err() != nil || CodeOf(err) == CodeUnavailable {
			break
		}
		if fresh {
			told++
		}
	}
	return told, errors.Join(all...)
}
