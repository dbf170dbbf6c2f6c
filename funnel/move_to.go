package funnel

import (
	"context"
	"time"
)

// MoveTo takes a deal forward to a stage. Crossing the signature is winning: a move into the
// signature stage is the same as [Win].
type MoveTo struct {
	Stage StageKey
	// At is when it happened; zero means now.
	At       time.Time
	Note     string
	External string
}

func (c MoveTo) decide(e *Env, d *Decision) error {
	if err := d.standing(); err != nil {
		return err
	}
	deal := &d.After.Deal
	f := e.Funnel
	from, to := f.Index(deal.Stage), f.Index(c.Stage)
	switch {
	case to < 0:
		return Refuse(CodeUnknownStage, Args{"stage": string(c.Stage)})
	case deal.Outcome == Lost:
		return Refuse(CodeDealLost, Args{"deal": deal.Number, "reason": deal.Reason})
	case to == from:
		return Refuse(CodeAlreadyThere, Args{"deal": deal.Number, "stage": c.Stage})
	case deal.Outcome == Won && !f.Signed(c.Stage):
		return Refuse(CodeSignatureStands, Args{"deal": deal.Number})
	case to < from:
		return Refuse(CodeReasonNeeded, Args{"deal": deal.Number, "stage": c.Stage})
	case deal.Outcome == Open && c.Stage == f.Signature:
		return Win{At: c.At, Note: c.Note, External: c.External}.decide(e, d)
	case deal.Outcome == Open && f.Signed(c.Stage):
		return Refuse(CodeSignatureFirst, Args{"deal": deal.Number, "stage": c.Stage})
	}
	if err := fits("note", c.Note, MaxText); err != nil {
		return err
	}
	if err := d.pass(e, c.Stage); err != nil {
		return err
	}
	at, err := d.effective(e, c.At)
	if err != nil {
		return err
	}
	left := deal.Stage
	d.leave(e, Advance, c.Stage, at)
	d.unpark()
	if left == f.Signature {
		d.Contract.StartedAt = at
	}
	if deal.Outcome == Won && e.Origin != FromImport {
		// Whoever moves a client that came as history has taken up work with it.
		deal.Historical = false
	}
	d.enter(e, c.Stage, at)
	d.addMove(e, Move{Kind: MoveAdvance, From: left, To: c.Stage, EffectiveAt: at, Note: c.Note, External: c.External})
	return nil
}

// pass asks the gate about every stage that a forward move leaves. History is recorded as it was.
func (d *Decision) pass(e *Env, to StageKey) error {
	if e.Gate == nil || e.Origin == FromImport {
		return nil
	}
	deal := &d.After.Deal
	if unmet := e.Gate(d.After, deal.Stage, to); len(unmet) > 0 {
		return Refuse(CodeBlocked, Args{"deal": deal.Number, "stage": to, "unmet": unmet})
	}
	return nil
}

func (d *Decision) unpark() {
	d.After.Deal.ParkedUntil, d.After.Deal.ParkedFrom = Date{}, ""
}

// MoveBack takes a deal to an earlier stage, with a reason.
type MoveBack struct {
	// Stage is where to; empty means the stage before.
	Stage    StageKey
	Reason   string
	At       time.Time
	External string
}

func (c MoveBack) decide(e *Env, d *Decision) error {
	if err := d.standing(); err != nil {
		return err
	}
	deal := &d.After.Deal
	f := e.Funnel
	stage := c.Stage
	if stage == "" {
		stage = f.Previous(deal.Stage)
	}
	switch {
	case stage == "":
		return Refuse(CodeNothingBefore, Args{"deal": deal.Number, "stage": deal.Stage})
	case f.Index(stage) < 0:
		return Refuse(CodeUnknownStage, Args{"stage": string(stage)})
	case deal.Outcome == Lost:
		return Refuse(CodeDealLost, Args{"deal": deal.Number, "reason": deal.Reason})
	case stage == deal.Stage:
		return Refuse(CodeAlreadyThere, Args{"deal": deal.Number, "stage": stage})
	case f.Index(stage) > f.Index(deal.Stage):
		return Refuse(CodeForwardNotBack, Args{"deal": deal.Number, "stage": stage})
	case deal.Outcome == Won && !f.Signed(stage):
		return Refuse(CodeSignatureStands, Args{"deal": deal.Number})
	case c.Reason == "" && e.Origin != FromImport:
		return Refuse(CodeReasonNeeded, Args{"deal": deal.Number, "stage": stage})
	}
	if err := fits("reason", c.Reason, MaxText); err != nil {
		return err
	}
	at, err := d.effective(e, c.At)
	if err != nil {
		return err
	}
	left := deal.Stage
	d.leave(e, Back, stage, at)
	d.unpark()
	if stage == f.Signature {
		d.Contract.Unstart = true
	}
	d.enter(e, stage, at)
	d.addMove(e, Move{Kind: MoveReturn, From: left, To: stage, EffectiveAt: at, Reason: c.Reason, External: c.External})
	return nil
}

// Move takes a deal forward. What became known with it is edited first, in the same change.
func (s *Service) Move(ctx context.Context, a Act, t Target, c MoveTo, known ...Edit) (Changed, error) {
	return s.change(ctx, a, t, "move", Reads{}, following(known, c)...)
}

// Go takes a deal to a stage, whichever way that is: forward with a note, or back with the note as
// the reason.
func (s *Service) Go(ctx context.Context, a Act, t Target, stage StageKey, note string) (Changed, error) {
	intent := struct {
		Verb   string
		Target Target
		Stage  StageKey
		Note   string
	}{"go", t, stage, note}
	return s.changeAs(ctx, a, t, intent, Reads{}, func(e *Env, d *DealState) (string, []Command) {
		if d.Deal.Outcome != Lost && e.Funnel.Index(stage) < e.Funnel.Index(d.Deal.Stage) {
			return "back", []Command{MoveBack{Stage: stage, Reason: note}}
		}
		return "move", []Command{MoveTo{Stage: stage, Note: note}}
	})
}

// Back takes a deal to an earlier stage, with the edits that belong to it, as [Service.Move] does.
func (s *Service) Back(ctx context.Context, a Act, t Target, c MoveBack, known ...Edit) (Changed, error) {
	return s.change(ctx, a, t, "back", Reads{}, following(known, c)...)
}

// following puts a command behind edits.
func following(edits []Edit, c Command) []Command {
	cmds := make([]Command, 0, len(edits)+1)
	for _, e := range edits {
		cmds = append(cmds, e)
	}
	return append(cmds, c)
}
