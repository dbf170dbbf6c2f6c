package funnel_test

import (
	"context"
	"encoding/json"
	"slices"
	"sync"
	"time"

	"funnelbot/funnel"
)

// ledger is a store in memory that keeps every row that a database would keep.
type ledger struct {
	funnel.Store

	mu        sync.Mutex
	space     funnel.Workspace
	members   map[funnel.ID]funnel.Member
	companies map[funnel.ID]funnel.Company
	deals     map[funnel.ID]*file
	changes   []funnel.Change
	keys      map[string]kept
	notices   []funnel.Notification
	doors     doors
	circle    circle
}

// file is everything about one deal.
type file struct {
	deal       funnel.Deal
	spells     []funnel.Spell
	moves      []funnel.Move
	activities []funnel.Activity
	contracts  []funnel.Contract
	paper
}

type kept struct {
	intent [32]byte
	stored funnel.Stored
}

// Change implements [funnel.Tx].
func (l *ledger) Change(
	_ context.Context, _ funnel.ID, key funnel.Key, reads funnel.Reads, decide func(*funnel.Snapshot) (*funnel.Writes, error),
) (funnel.Stored, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if k, ok := l.keys[key.Event]; ok {
		if k.intent != key.Intent {
			return funnel.Stored{}, funnel.Refuse(funnel.CodeKeyReused, nil)
		}
		again := k.stored
		again.Replayed = true
		return again, nil
	}
	if err := l.circle.broken(reads.Asking); err != nil {
		return funnel.Stored{}, err
	}
	w, err := decide(l.read(reads))
	if err != nil {
		return funnel.Stored{}, err
	}
	stored := funnel.Stored{Result: w.Result}
	if w.Deal != nil {
		l.apply(w, &stored)
	}
	if w.Member != nil {
		l.members[w.Member.ID] = *w.Member
	}
	l.write(&w.Access)
	l.writeAsking(w)
	l.forget(w.Forget)
	l.notices = append(l.notices, w.Notices...)
	for i := range l.changes {
		if l.changes[i].Ref() == w.Undone {
			l.changes[i].UndoneAt = w.Change.At
		}
	}
	if w.Change.Version != 0 {
		l.changes = append(l.changes, w.Change)
	}
	l.keys[key.Event] = kept{intent: key.Intent, stored: stored}
	return stored, nil
}

// LastChange implements [funnel.Reader].
func (l *ledger) LastChange(_ context.Context, _, member funnel.ID) (*funnel.Change, error) {
	for _, c := range slices.Backward(l.changes) {
		if c.Member == member && c.UndoneAt.IsZero() && c.Verb != funnel.VerbUndo && c.Before.Access == nil {
			return &c, nil
		}
	}
	return nil, nil
}

func (l *ledger) read(reads funnel.Reads) *funnel.Snapshot {
	snap := &funnel.Snapshot{Workspace: l.space, Actor: l.members[reads.Actor], Access: l.doors.read(reads.Access)}
	if f := l.find(reads); f != nil {
		snap.Deal = &funnel.DealState{Deal: f.deal, Spell: f.open()}
		c := l.companies[f.deal.Company]
		snap.Company = &c
	}
	for _, c := range l.companies {
		if c.ID == reads.CompanyID || reads.CompanyID.IsZero() && reads.CompanyKey != "" && funnel.NameKey(c.Name) == reads.CompanyKey {
			snap.Company = &c
		}
	}
	if m, ok := l.members[reads.Subject]; ok {
		snap.Subject = &m
	}
	for _, m := range l.members {
		if m.Role == funnel.Admin && m.Active {
			snap.Admins++
		}
	}
	l.readChange(snap, reads.Change)
	l.readPeople(snap, reads)
	return snap
}

func (l *ledger) find(reads funnel.Reads) *file {
	for _, f := range l.deals {
		if f.deal.ID == reads.Deal || reads.Deal.IsZero() && reads.Number != 0 && f.deal.Number == reads.Number {
			return f
		}
	}
	return nil
}

func (l *ledger) readChange(snap *funnel.Snapshot, ref funnel.ChangeRef) {
	for _, c := range l.changes {
		switch {
		case c.Ref() == ref:
			// What a change can be taken back to comes back as it is written.
			again := c
			again.Before = funnel.Before{}
			text, err := json.Marshal(c.Before)
			if err == nil {
				err = json.Unmarshal(text, &again.Before)
			}
			if err != nil {
				panic(err)
			}
			if f := l.deals[c.Subject]; f != nil {
				f.lookBack(&again)
			}
			snap.Change = &again
		case c.Subject == ref.Subject && c.Version > ref.Version && c.UndoneAt.IsZero() && c.Verb != funnel.VerbUndo:
			snap.Overtaken = true
		}
	}
}

// apply writes the rows of a decision.
func (l *ledger) apply(w *funnel.Writes, stored *funnel.Stored) {
	d := w.Deal
	deal := d.After.Deal
	if w.NewCompany != nil {
		l.companies[w.NewCompany.ID] = *w.NewCompany
	}
	f := l.deals[deal.ID]
	if f == nil {
		f = &file{}
		l.deals[deal.ID] = f
		deal.Number = int64(len(l.deals))
		stored.Number, stored.Company = deal.Number, deal.Company
	}
	f.deal = deal
	f.writeSpells(d, w.Change.At)
	f.moves = append(f.moves, d.Moves...)
	f.activities = append(f.activities, d.Activities...)
	for i := range f.activities {
		if slices.Contains(d.VoidActivities, f.activities[i].ID) {
			f.activities[i].VoidedAt = w.Change.At
		}
	}
	f.writeContract(d.Contract, w.Change.At)
	if d.Customer != nil {
		l.companies[d.Customer.ID] = *d.Customer
	}
	l.writePeople(f, d)
	l.notices = append(l.notices, d.Notices...)
}

func (f *file) writeSpells(d *funnel.Decision, at time.Time) {
	for i := range f.spells {
		if d.VoidSpellsFrom > 0 && f.spells[i].Seq >= d.VoidSpellsFrom && f.spells[i].VoidedAt.IsZero() {
			f.spells[i].VoidedAt = at
		}
	}
	for _, p := range d.Closed {
		old := &f.spells[p.Seq-1]
		old.Left, old.Exit, old.Destination, old.LeftRecordedAt = p.Left, p.Exit, p.Destination, p.LeftRecordedAt
	}
	f.spells = append(f.spells, d.Opened...)
}

func (f *file) writeContract(c funnel.ContractChange, at time.Time) {
	for i := range f.contracts {
		if v := f.contracts[i].VoidedAt; !v.IsZero() && v.Equal(c.Restore) {
			f.contracts[i].VoidedAt = time.Time{}
		}
	}
	live := f.contract()
	switch {
	case c.Void:
		live.VoidedAt = at
	case c.Unstart:
		live.StartedAt = time.Time{}
	case !c.StartedAt.IsZero():
		live.StartedAt = c.StartedAt
	}
	if c.Sign != nil {
		f.contracts = append(f.contracts, *c.Sign)
	}
}

// contract returns the contract that stands, or nil.
func (f *file) contract() *funnel.Contract {
	for i := range f.contracts {
		if f.contracts[i].VoidedAt.IsZero() {
			return &f.contracts[i]
		}
	}
	return nil
}

// open finds the open spell as the database does: by the counter of the deal.
func (f *file) open() *funnel.Spell {
	if f.deal.Spells == 0 || f.deal.Spells > len(f.spells) {
		return nil
	}
	p := f.spells[f.deal.Spells-1]
	if !p.Left.IsZero() || !p.VoidedAt.IsZero() {
		return nil
	}
	return &p
}

// lookBack reads the spells that undoing a change has to know.
func (f *file) lookBack(c *funnel.Change) {
	for _, p := range f.spells {
		switch {
		case p.VoidedAt.IsZero():
			c.Before.Stands = append(c.Before.Stands, p)
		case c.Before.Voided && p.VoidedAt.Equal(c.At) && p.Seq >= c.Before.Deal.Signing.Spell:
			c.Before.Taken = append(c.Before.Taken, p)
		}
	}
}
