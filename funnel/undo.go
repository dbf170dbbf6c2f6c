package funnel

import (
	"context"
	"slices"
	"time"
)

// UndoWindow is how long a member may take back their own last change.
const UndoWindow = 10 * time.Minute

// VerbUndo is the verb of changes that take another one back.
const VerbUndo = "undo"

// Undo takes a change of the same deal back by compensation: the deal is as it was, the moves of
// the change are answered by a move of their own, and its spells leave the statistics while the
// stays that it ended are written again with their own beginnings.
type Undo struct {
	Change Change
	// Overtaken says that something else happened to the deal after the change.
	Overtaken bool
	// Company is the deal's company as it is now; needed where the change touched it.
	Company *Company
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
	if err := c.customer(d); err != nil {
		return err
	}
	d.VoidActivities, d.VoidQualified = was.Before.Activities, was.Before.Qualified
	if err := d.unseat(&was.Before); err != nil {
		return err
	}
	now := *deal
	if was.Before.Deal == nil {
		deal.VoidedAt = e.Now
		d.VoidSpellsFrom, d.After.Spell = 1, nil
		d.addMove(e, Move{Kind: MoveVoid, From: now.Stage, To: now.Stage, EffectiveAt: e.Now, Undoes: 1})
		return nil
	}
	d.restore(e, was)
	d.retract(e, was, now.Outcome)
	if was.Before.Moves > 0 {
		last := deal.LastMoveAt
		d.addMove(e, Move{
			Kind: MoveUndo, From: now.Stage, To: deal.Stage, EffectiveAt: e.Now, Undoes: was.Before.Deal.Moves + 1,
		})
		// The compensation is bookkeeping: it must not forbid what the order before it allowed.
		deal.LastMoveAt = last
	}
	return nil
}

// customer puts back what the change did to the company. Another deal of the company may have been
// used to change the rest of it meanwhile, which stays.
func (c Undo) customer(d *Decision) error {
	before, left, now := c.Change.Before.Company, c.Change.Before.Customer, c.Company
	if before == nil || left == nil || now == nil {
		return nil
	}
	was, again := *now, *now
	olds, lefts, fresh := before.texts(), left.texts(), again.texts()
	for i := range fresh {
		switch {
		case *olds[i] == *lefts[i]:
		case *fresh[i] != *lefts[i]:
			return Refuse(CodeUndoOvertaken, Args{"deal": d.After.Deal.Number})
		default:
			*fresh[i] = *olds[i]
		}
	}
	d.Customer, d.CustomerWas = &again, &was
	return nil
}

// texts are the fields that [Edit] can change, in one order.
func (c *Company) texts() []*string {
	return []*string{&c.Name, &c.Domain, &c.TaxID, &c.Industry, &c.Size, &c.Region}
}

// restore puts the deal back, with counters and version going on.
func (d *Decision) restore(e *Env, was Change) {
	b, now := was.Before, d.After.Deal
	d.After.Deal = *b.Deal
	deal := &d.After.Deal
	deal.Version, deal.Moves, deal.Spells = now.Version, now.Moves, now.Spells
	// A reminder that was written since must not be written again.
	if next := deal.Next; next.What == now.Next.What && next.On == now.Next.On && next.At.Equal(now.Next.At) {
		deal.Next.RemindAt = now.Next.RemindAt
	}
	if deal.Signing != nil && now.Signing != nil {
		// The same signature, whose stay may have been written again since.
		deal.Signing = now.Signing
	}
	if b.Moves == 0 {
		return
	}
	d.After.Spell = nil
	d.VoidSpellsFrom = b.firstUndone()
	switch {
	case len(b.Taken) > 0:
		d.signAgain(e, b.Taken)
	case b.Spell != nil:
		again := *b.Spell
		again.RecordedAt = e.Now
		d.begin(again)
	}
	switch {
	case b.Signed:
		d.Contract.Void = true
	case b.Started:
		d.Contract.Unstart = true
	case b.Unstarted:
		d.Contract.StartedAt = b.Deal.StageSince
	case b.Voided:
		d.Contract.Restore = was.At
	}
}

// firstUndone returns the number of the first stay that the change ended or began, among those that
// stand now; nothing came after it.
func (b *Before) firstUndone() int {
	for _, p := range slices.Backward(b.Stands) {
		switch {
		case b.Spell != nil && !b.Voided:
			if p.Stage == b.Spell.Stage && p.Entered.Equal(b.Spell.Entered) {
				return p.Seq
			}
		case p.Left.IsZero():
			return p.Seq
		}
	}
	return b.Deal.Spells + 1
}

// signAgain writes the stays again that the correction of a signature had taken out. The first of
// them is the one that the signature had ended.
func (d *Decision) signAgain(e *Env, stays []Spell) {
	deal := &d.After.Deal
	for i := range stays {
		again := stays[i]
		again.RecordedAt, again.VoidedAt = e.Now, time.Time{}
		if !again.Left.IsZero() {
			again.LeftRecordedAt = e.Now
		}
		d.begin(again)
		if i == 0 && deal.Signing != nil {
			signing := *deal.Signing
			signing.Spell = deal.Spells
			deal.Signing = &signing
		}
	}
	if !d.After.Spell.Left.IsZero() {
		d.After.Spell = nil
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
		switch quota := last.Before.Quota; {
		case last.OfDeal:
			reads.Deal, reads.People = last.Subject, last.Before.ofPeople()
			if was := last.Before.Deal; was != nil && was.Outcome == Open {
				reads.Of = was.Renews
			}
		case quota != nil:
			reads.Quota = &QuotaReads{Team: quota.Team, Month: quota.Month}
		default:
			reads.Subject = last.Subject
		}
	}
	// The intent is "my last change", whichever that is: a redelivery finds another one by then.
	intent := struct {
		Verb            string
		Number, Version int64
	}{VerbUndo, number, version}
	r, _, err := do(ctx, s, a, intent, reads, func(e *Env, snap *Snapshot) (Changed, *Writes, error) {
		if snap.Change == nil {
			return Changed{}, nil, Refuse(CodeNothingToUndo, nil)
		}
		if version != 0 && (snap.Deal == nil || snap.Deal.Deal.Number != number || snap.Change.Version != version) {
			return Changed{}, nil, Refuse(CodeStale, Args{"deal": number})
		}
		if snap.Change.Verb == VerbTransfer {
			// One deal of many would come back.
			return Changed{}, nil, Refuse(CodeUndoTransfer, nil)
		}
		if snap.Change.Before.Quota != nil {
			return undoQuota(e, snap)
		}
		if !snap.Change.OfDeal {
			return undoMember(e, snap)
		}
		if snap.Deal == nil {
			return Changed{}, nil, Refuse(CodeNothingToUndo, nil)
		}
		if err := snap.renewedElsewhere(); err != nil {
			return Changed{}, nil, err
		}
		d, err := Decide(e, *snap.Deal, Undo{Change: *snap.Change, Overtaken: snap.Overtaken, Company: snap.Company})
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
	self := snap.Subject.ID == e.Actor.ID
	if before.Role != snap.Subject.Role && !self && !e.Actor.Role.Allows(Admin) {
		// Who is no admin any more cannot give or take roles by taking something back.
		return Changed{}, nil, Refuse(CodeForbidden, Args{"role": Admin})
	}
	again := *before
	again.Version = snap.Subject.Version + 1
	w := &Writes{Member: &again, Undone: was.Ref(), Change: Change{
		Subject: again.ID, Version: again.Version, Member: e.Actor.ID, Verb: VerbUndo, Origin: e.Origin, At: e.Now,
	}}
	return Changed{Verb: VerbUndo, Undone: was.Verb}, w, nil
}
