package funnel

import (
	"context"
	"fmt"
	"time"
)

// Win signs a deal, from whatever open stage it is in: the outcome is set, the contract made, and
// the deal goes on into the first stage of client work.
type Win struct {
	At time.Time
	// Amount replaces the amount of the deal where it is given.
	Amount   Money
	Note     string
	External string
	// Historical marks a signature that came before the deal came here: it opens no client work.
	Historical bool
}

func (c Win) decide(e *Env, d *Decision) error {
	if err := d.open(); err != nil {
		return err
	}
	if err := c.Amount.sound(); err != nil {
		return err
	}
	if err := fits("note", c.Note, MaxText); err != nil {
		return err
	}
	if err := d.pass(e, e.Funnel.Signature); err != nil {
		return err
	}
	at, err := d.effective(e, c.At)
	if err != nil {
		return err
	}
	deal := &d.After.Deal
	if !c.Amount.IsZero() {
		deal.Amount = c.Amount
	}
	from := deal.Stage
	if s := d.After.Spell; s != nil {
		deal.Signing = &Signing{From: from, Entered: s.Entered, Amount: s.Amount, Spell: s.Seq}
	}
	d.leave(e, Advance, e.Funnel.Signature, at)
	d.unpark()
	deal.Outcome, deal.ClosedAt, deal.SignedAt = Won, at, at
	deal.Historical = deal.Historical || c.Historical
	if deal.Historical {
		deal.Stage, deal.StageSince = e.Funnel.Signature, at
	} else {
		d.enter(e, e.Funnel.Signature, at)
	}
	d.addMove(e, Move{Kind: MoveWon, From: from, To: e.Funnel.Signature, EffectiveAt: at, Note: c.Note, External: c.External})
	d.Contract.Sign = &Contract{
		ID: e.NewID(), Deal: deal.ID, Company: deal.Company, Value: deal.Amount, Basis: deal.Basis, SignedAt: at,
	}
	d.announce(e, NoticeWon)
	return nil
}

// Lose closes an open deal with a reason.
type Lose struct {
	// Reason is the key of a loss reason of the funnel.
	Reason   string
	Note     string
	At       time.Time
	External string
}

func (c Lose) decide(e *Env, d *Decision) error {
	if err := d.open(); err != nil {
		return err
	}
	deal := &d.After.Deal
	if c.Reason == "" && e.Origin != FromImport {
		return Refuse(CodeReasonNeeded, Args{"deal": deal.Number, "stage": deal.Stage})
	}
	if _, ok := e.Funnel.Reason(c.Reason); !ok && c.Reason != "" {
		return Refuse(CodeUnknownReason, Args{"reason": c.Reason})
	}
	if err := fits("note", c.Note, MaxText); err != nil {
		return err
	}
	at, err := d.effective(e, c.At)
	if err != nil {
		return err
	}
	d.leave(e, Loss, "", at)
	d.unpark()
	deal.Outcome, deal.ClosedAt, deal.Reason = Lost, at, c.Reason
	deal.Next = NextStep{}
	d.addMove(e, Move{
		Kind: MoveLost, From: deal.Stage, To: deal.Stage, EffectiveAt: at,
		Reason: c.Reason, Note: c.Note, External: c.External,
	})
	d.announce(e, NoticeLost)
	return nil
}

// Reopen takes a lost deal up again in the stage where it was lost. A won deal is reopened only as
// the correction of a mistaken signature, by a manager: the contract is voided and the stay that
// the signature ended goes on as if it had not.
type Reopen struct {
	// Stage is where a lost deal goes on; empty means where it was lost.
	Stage    StageKey
	At       time.Time
	Note     string
	External string
}

func (c Reopen) decide(e *Env, d *Decision) error {
	if err := d.standing(); err != nil {
		return err
	}
	if err := fits("note", c.Note, MaxText); err != nil {
		return err
	}
	deal := &d.After.Deal
	if deal.Outcome == Open {
		return Refuse(CodeNotClosed, Args{"deal": deal.Number})
	}
	at, err := d.effective(e, c.At)
	if err != nil {
		return err
	}
	if deal.Outcome == Won {
		return c.correct(e, d, at)
	}
	from, to := deal.Stage, c.Stage
	switch {
	case to == "":
		to = from
	case e.Funnel.Index(to) < 0:
		return Refuse(CodeUnknownStage, Args{"stage": string(to)})
	case e.Funnel.Signed(to):
		return Refuse(CodeSignatureFirst, Args{"deal": deal.Number, "stage": to})
	}
	deal.Outcome, deal.ClosedAt, deal.Reason = Open, time.Time{}, ""
	d.enter(e, to, at)
	d.addMove(e, Move{Kind: MoveReopen, From: from, To: to, EffectiveAt: at, Note: c.Note, External: c.External})
	return nil
}

// correct takes a signature back. Its spells leave the statistics, and the stay before it
// is written again with its own beginning.
func (c Reopen) correct(e *Env, d *Decision, at time.Time) error {
	deal := &d.After.Deal
	if e.Origin == FromChat && !e.Actor.Role.Allows(Manager) {
		return Refuse(CodeForbidden, Args{"role": Manager})
	}
	from := deal.Stage
	signing := deal.Signing
	if signing == nil {
		signing = &Signing{From: e.Funnel.Previous(e.Funnel.Signature), Entered: deal.SignedAt, Amount: deal.Amount}
	}
	if signing.Spell > 0 {
		d.VoidSpellsFrom = signing.Spell
	}
	d.After.Spell = nil
	deal.Stage, deal.StageSince = signing.From, signing.Entered
	deal.Outcome, deal.ClosedAt, deal.SignedAt = Open, time.Time{}, time.Time{}
	deal.Signing, deal.Historical = nil, false
	d.Contract.Void = true
	d.begin(Spell{Stage: signing.From, Entered: signing.Entered, Amount: signing.Amount, RecordedAt: e.recorded(at)})
	d.addMove(e, Move{Kind: MoveReopen, From: from, To: signing.From, EffectiveAt: at, Note: c.Note, External: c.External})
	return nil
}

// Win signs a deal.
func (s *Service) Win(ctx context.Context, a Act, t Target, c Win) (Changed, error) {
	return s.change(ctx, a, t, "won", Reads{}, c)
}

// Lose closes a deal with a reason.
func (s *Service) Lose(ctx context.Context, a Act, t Target, c Lose) (Changed, error) {
	return s.change(ctx, a, t, "lost", Reads{}, c)
}

// Reopen takes up a closed deal. A renewal beside which another one of the same deal is open by now is refused
// with [CodeRenewalOpen]: the client is asked once.
func (s *Service) Reopen(ctx context.Context, a Act, t Target, c Reopen) (Changed, error) {
	closed, err := s.store.Deal(ctx, a.Workspace, t.Deal, t.Number)
	if err != nil {
		return Changed{}, fmt.Errorf("read the deal that is to be reopened: %w", err)
	}
	reads := Reads{}
	if closed != nil {
		reads.Of = closed.Renews
	}
	return s.change(ctx, a, t, "reopen", reads, c)
}
