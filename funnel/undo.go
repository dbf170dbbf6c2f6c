package funnel

import (
	"context"
	"time"
)

// UndoWindow is how long a member may take back their own last change.
const UndoWindow = 10 * time.Minute

// VerbUndo is the verb of changes that take another one back.
const VerbUndo = "undo"

// Undo takes a change of the same deal back by compensation: the deal is as it was, the moves of
// the change are answered by a move of their own, and its spells leave the statistics while the
// stay that it ended is written again with its own beginning.
type Undo struct {
	Change Change
	// Overtaken says that something else happened to the deal after the change.
	Overtaken bool
}

func (c Undo) decide(e *Env, d *Decision) error {
	was := c.Change
	deal := &d.After.Deal
	switch {
	case !was.UndoneAt.IsZero() || was.Member != e.Actor.ID:
		return Refuse(CodeNothingToUndo, nil)
	case e.Now.Sub(was.At) > UndoWindow:
		return Refuse(CodeUndoTooLate, Args{"minutes": int(UndoWindow / time.Minute)})
	case c.Overtaken:
		return Refuse(CodeUndoOvertaken, Args{"deal": deal.Number})
	}
	d.VoidActivities = was.Before.Activities
	d.Customer = was.Before.Company
	now := *deal
	if was.Before.Deal == nil {
		deal.VoidedAt = e.Now.UTC()
		d.VoidSpellsFrom, d.After.Spell = 1, nil
		d.addMove(e, Move{Kind: MoveVoid, From: now.Stage, To: now.Stage, EffectiveAt: e.Now.UTC(), Undoes: 1})
		return nil
	}
	d.restore(e, was.Before)
	if now.Moves > was.Before.Deal.Moves {
		last := deal.LastMoveAt
		d.addMove(e, Move{
			Kind: MoveUndo, From: now.Stage, To: deal.Stage, EffectiveAt: e.Now.UTC(), Undoes: was.Before.Deal.Moves + 1,
		})
		// The compensation is bookkeeping: it must not forbid what the order before it allowed.
		deal.LastMoveAt = last
	}
	return nil
}

// restore puts the deal back, with counters and version going on.
func (d *Decision) restore(e *Env, b Before) {
	now := d.After.Deal
	d.After.Deal = *b.Deal
	deal := &d.After.Deal
	deal.Version, deal.Moves, deal.Spells = now.Version, now.Moves, now.Spells
	if now.Moves > b.Deal.Moves {
		d.After.Spell = nil
		d.VoidSpellsFrom = b.Deal.Spells + 1
		if b.Voided {
			d.signAgain(e, b.Deal)
		}
		if b.Spell != nil {
			again := *b.Spell
			d.VoidSpellsFrom = min(d.VoidSpellsFrom, again.Seq)
			again.RecordedAt = e.Now.UTC()
			d.begin(again)
		}
	}
	switch {
	case b.Signed:
		d.Contract.Void = true
	case b.Started:
		d.Contract.Unstart = true
	case b.Unstarted:
		d.Contract.StartedAt = b.Deal.StageSince
	case b.Voided:
		d.Contract.Sign = &Contract{
			ID: e.NewID(), Deal: deal.ID, Company: deal.Company, Value: deal.Amount, Basis: deal.Basis, SignedAt: deal.SignedAt,
		}
	}
}

// signAgain writes the stays again that a corrected signature had taken out: the one it ended, and
// the launch where the client was past it.
func (d *Decision) signAgain(e *Env, was *Deal) {
	deal := &d.After.Deal
	if was.Signing == nil {
		return
	}
	d.VoidSpellsFrom = was.Signing.Spell
	d.begin(Spell{
		Stage: was.Signing.From, Entered: was.Signing.Entered, Amount: was.Signing.Amount, RecordedAt: e.Now.UTC(),
	})
	again := *was.Signing
	again.Spell = deal.Spells
	deal.Signing = &again
	d.leave(e, Advance, e.Funnel.Signature, was.SignedAt)
	if was.Stage != e.Funnel.Signature {
		d.begin(Spell{Stage: e.Funnel.Signature, Entered: was.SignedAt, Amount: was.Amount, RecordedAt: e.Now.UTC()})
		d.leave(e, Advance, was.Stage, was.StageSince)
	}
}

// Undo takes back the member's own last change of any kind. A version other than zero says which
// change the member saw: the one after which the deal of the number had that version. If another
// one is the last by now, the error is [CodeStale].
func (s *Service) Undo(ctx context.Context, a Act, number, version int64) (Changed, error) {
	last, err := s.store.LastChange(ctx, a.Workspace, a.Member)
	if err != nil {
		return Changed{}, err
	}
	reads := Reads{}
	if last != nil {
		reads.Change = last.Ref()
		if last.OfDeal {
			reads.Deal = last.Subject
		} else {
			reads.Subject = last.Subject
		}
	}
	// The intent is "my last change", whichever that is: a redelivery finds another one by then.
	r, _, err := do(ctx, s, a, struct{ Number, Version int64 }{number, version}, reads, func(e *Env, snap *Snapshot) (Changed, *Writes, error) {
		if snap.Change == nil {
			return Changed{}, nil, Refuse(CodeNothingToUndo, nil)
		}
		if !snap.Change.OfDeal {
			return undoMember(e, snap)
		}
		if snap.Deal == nil {
			return Changed{}, nil, Refuse(CodeNothingToUndo, nil)
		}
		if version != 0 && (snap.Deal.Deal.Number != number || snap.Change.Version != version) {
			return Changed{}, nil, Refuse(CodeStale, Args{"deal": number})
		}
		d, err := Decide(e, *snap.Deal, Undo{Change: *snap.Change, Overtaken: snap.Overtaken})
		if err != nil {
			return Changed{}, nil, err
		}
		r, w, err := s.settle(e, snap, &d, VerbUndo)
		if err != nil {
			return r, nil, err
		}
		r.Undone, w.Undone = snap.Change.Verb, snap.Change.Ref()
		return r, w, nil
	})
	return r, err
}

// undoMember takes back a change of a member's settings or role.
func undoMember(e *Env, snap *Snapshot) (Changed, *Writes, error) {
	was := snap.Change
	before := was.Before.Member
	switch {
	case before == nil || snap.Subject == nil || !was.UndoneAt.IsZero() || was.Member != e.Actor.ID:
		return Changed{}, nil, Refuse(CodeNothingToUndo, nil)
	case e.Now.Sub(was.At) > UndoWindow:
		return Changed{}, nil, Refuse(CodeUndoTooLate, Args{"minutes": int(UndoWindow / time.Minute)})
	case snap.Overtaken:
		return Changed{}, nil, Refuse(CodeUndoOvertaken, Args{"deal": int64(0)})
	}
	again := *before
	again.Version = snap.Subject.Version + 1
	w := &Writes{Member: &again, Undone: was.Ref(), Change: Change{
		Subject: again.ID, Version: again.Version, Member: e.Actor.ID, Verb: VerbUndo, Origin: e.Origin, At: e.Now.UTC(),
	}}
	return Changed{Verb: VerbUndo, Undone: was.Verb}, w, nil
}
