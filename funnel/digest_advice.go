package funnel

import (
	"context"
	"fmt"
	"time"
)

// Advice is what was decided about the advice of a digest.
type Advice struct {
	Workspace ID        `json:"-"`
	ID        ID        `json:"id"`
	Stage     StageKey  `json:"stage"`
	Key       AdviceKey `json:"advice"`
	// Trait and Value are the cause that was named.
	Trait    Trait  `json:"trait,omitzero"`
	Value    string `json:"value,omitzero"`
	Accepted bool   `json:"accepted"`
	// Owner does it until Due, and on Review it is looked at what came of it.
	Owner  ID   `json:"owner,omitzero"`
	Due    Date `json:"due,omitzero"`
	Review Date `json:"review,omitzero"`
	// Reason is why it was declined.
	Reason string    `json:"reason,omitzero"`
	By     ID        `json:"by"`
	At     time.Time `json:"at"`
	// Conversion is that of the stage when it was decided.
	Conversion Conversion `json:"conversion"`
}

// AdviceDecision is what a manager makes of advice.
type AdviceDecision struct {
	// Stage is the one that the advice is for; empty for the weakest.
	Stage  StageKey `json:"stage,omitzero"`
	Accept bool     `json:"accept"`
	// Owner and Due go with advice that is accepted.
	Owner ID   `json:"owner,omitzero"`
	Due   Date `json:"due,omitzero"`
	// Reason goes with advice that is declined.
	Reason string `json:"reason,omitzero"`
}

// reviewAfter is how long after its due day advice is reviewed: deals need time to show a difference.
const reviewAfter = 30

// NoticeAdvice tells a member that advice is theirs to follow. Data has "stage", "advice", "due" and
// "by", the name of who decided so.
const NoticeAdvice NoticeKind = "advice"

// DecideAdvice accepts or declines the advice that the last digest gave, or that one would give now.
// Managers and admins. Where there is none the refusal is [CodeNoAdvice].
func (s *Service) DecideAdvice(ctx context.Context, a Act, d AdviceDecision) (Advice, error) {
	weakest, err := s.advised(ctx, a.Workspace, d.Stage)
	if err != nil {
		return Advice{}, err
	}
	intent := struct {
		Verb   string
		Decide AdviceDecision
	}{"advice", d}
	r, _, err := do(ctx, s, a, intent, Reads{Subject: d.Owner}, func(e *Env, snap *Snapshot) (Advice, *Writes, error) {
		if !e.Actor.Role.Allows(Manager) {
			return Advice{}, nil, Refuse(CodeForbidden, Args{"role": Manager})
		}
		if weakest == nil {
			return Advice{}, nil, Refuse(CodeNoAdvice, nil)
		}
		made := Advice{
			Workspace: a.Workspace, ID: e.NewID(), Stage: weakest.Stage, Key: weakest.Advice, Trait: weakest.Cause.Trait,
			Value: weakest.Cause.Value, Accepted: d.Accept, By: e.Actor.ID, At: e.Now, Conversion: weakest.Conversion,
		}
		w := &Writes{Advice: &made, Change: e.accessChange("advice", map[string]string{"advice": string(made.Key)})}
		if !d.Accept {
			made.Reason = oneLine(d.Reason)
			return made, w, fits("text", made.Reason, MaxText)
		}
		if snap.Subject == nil || !snap.Subject.Active {
			return made, nil, Refuse(CodeNoMember, Args{"name": ""})
		}
		if err := d.Due.promised(e); err != nil {
			return made, nil, err
		}
		made.Owner, made.Due, made.Review = d.Owner, d.Due, e.Workspace.Calendar.NextWorkday(d.Due.AddDays(reviewAfter))
		if made.Owner != e.Actor.ID {
			w.Notices = []Notification{{ID: e.NewID(), Kind: NoticeAdvice, To: made.Owner, Actor: e.Actor.ID, Data: map[string]string{
				"stage": string(made.Stage), "advice": string(made.Key), "due": made.Due.String(), "by": e.Actor.Name,
			}}}
			hold(e, w.Notices, snap.Subject)
		}
		return made, w, nil
	})
	return r, err
}

// advised returns what the last digest said about the stage, or what one would say now; nil where there
// is no advice for it.
func (s *Service) advised(ctx context.Context, workspace ID, stage StageKey) (*Ranked, error) {
	last, err := s.store.LastDigest(ctx, workspace, ID{}, s.clock())
	if err != nil {
		return nil, fmt.Errorf("look for advice: %w", err)
	}
	if last != nil {
		if w := last.Facts.Bottleneck.Weakest; w != nil && w.Advice != "" && (stage == "" || w.Stage == stage) {
			return w, nil
		}
	}
	r, err := s.BottleneckReport(ctx, workspace, ReportQuery{Widen: true})
	if err != nil {
		return nil, fmt.Errorf("look for advice: %w", err)
	}
	if stage == "" {
		stage = r.Weakest
	}
	for i := range r.Ranking {
		if r.Ranking[i].Stage == stage && r.Ranking[i].Advice != "" {
			return &r.Ranking[i], nil
		}
	}
	return nil, nil //nolint:nilnil // there is no advice, which is no fault
}
