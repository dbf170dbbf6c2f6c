package funnel

import (
	"slices"
	"time"
)

// KnownDeal is a deal that the store has, with what was stored of it.
type KnownDeal struct {
	State DealState
	// Moves and Activities are the identifiers of what is stored.
	Moves      map[string]bool
	Activities map[string]bool
	// Company and Owner are the names of the deal's company and owner.
	Company string
	Owner   string
}

// Imported is what the rows of one deal come to: the rows to store, in their final form.
type Imported struct {
	// Before has no version when the deal is new; After has none when nothing could be opened.
	Before DealState
	After  DealState
	// Number is the number that the deal had where it comes from, or zero.
	Number int64
	Moves  []Move
	// Spells are new, Ended are stored ones that end now.
	Spells []Spell
	Ended  []Spell
	// VoidSpellsFrom takes stored spells of this number and above out of the statistics at VoidedAt,
	// which is also when a stored contract was voided.
	VoidSpellsFrom int
	VoidedAt       time.Time
	Activities     []Activity
	// Contracts are new; Contract is what happens to the stored one.
	Contracts []Contract
	Contract  ContractChange

	// Stored, Folded, Unchanged and Differs count rows; Rejected are the others.
	Stored    int64
	Folded    int64
	Unchanged int64
	Differs   int64
	Rejected  []*RowError
	// Notes say field by field what the rows say otherwise than it is kept.
	Notes []*RowError
}

// IsNew reports whether the deal is to be stored as a new one.
func (i *Imported) IsNew() bool { return i.Before.Deal.Version == 0 && i.After.Deal.Version > 0 }

// Changed reports whether there is anything to store.
func (i *Imported) Changed() bool { return i.After.Deal.Version != i.Before.Deal.Version }

// absorb takes a decision on top of those before it. The rows of the import count as one change.
func (i *Imported) absorb(d *Decision) {
	stored := i.Before.Deal.Spells
	i.After = d.After
	i.After.Deal.Version = i.Before.Deal.Version + 1
	if from := d.VoidSpellsFrom; from > 0 {
		at := d.Moves[len(d.Moves)-1].RecordedAt
		for n := range i.Spells {
			if p := &i.Spells[n]; p.Seq >= from && p.VoidedAt.IsZero() {
				p.VoidedAt = at
			}
		}
		if from <= stored && (i.VoidSpellsFrom == 0 || from < i.VoidSpellsFrom) {
			i.VoidSpellsFrom, i.VoidedAt = from, at
		}
	}
	for _, p := range d.Closed {
		if p.Seq <= stored {
			i.Ended = append(i.Ended, p)
			continue
		}
		if n := slices.IndexFunc(i.Spells, func(s Spell) bool { return s.Seq == p.Seq }); n >= 0 {
			i.Spells[n] = p
		}
	}
	i.Spells = append(i.Spells, d.Opened...)
	i.Moves = append(i.Moves, d.Moves...)
	i.Activities = append(i.Activities, d.Activities...)
	i.contract(d)
}

func (i *Imported) contract(d *Decision) {
	// What happens to a contract happens to the newest: one of this import, else the stored one.
	stored := &i.Contract
	var mine *Contract
	if n := len(i.Contracts); n > 0 {
		mine = &i.Contracts[n-1]
	}
	if d.Contract.Void {
		if mine != nil {
			mine.VoidedAt = d.Moves[len(d.Moves)-1].RecordedAt
		} else {
			stored.Void, i.VoidedAt = true, d.Moves[len(d.Moves)-1].RecordedAt
		}
	}
	if c := d.Contract.Sign; c != nil {
		i.Contracts = append(i.Contracts, *c)
		mine = &i.Contracts[len(i.Contracts)-1]
	}
	if d.Contract.Revalue {
		if mine != nil {
			mine.Value, mine.Basis = d.After.Deal.Amount, d.After.Deal.Basis
		} else {
			stored.Revalue = true
		}
	}
	switch {
	case d.Contract.Unstart && mine != nil:
		mine.StartedAt = time.Time{}
	case d.Contract.Unstart:
		stored.Unstart, stored.StartedAt = true, time.Time{}
	case !d.Contract.StartedAt.IsZero() && mine != nil:
		mine.StartedAt = d.Contract.StartedAt
	case !d.Contract.StartedAt.IsZero():
		stored.StartedAt, stored.Unstart = d.Contract.StartedAt, false
	}
}
