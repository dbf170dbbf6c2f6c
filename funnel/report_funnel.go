package funnel

import (
	"cmp"
	"context"
	"fmt"
	"slices"
)

// StageTable is what a funnel report is made of.
type StageTable struct {
	Entries []EntryCount
	Exits   []ExitCount
	Open    []OpenCount
	Closed  []ClosedCount
}

// EntryCount is how many stays in a stage began within the period.
type EntryCount struct {
	Stage  StageKey
	Spells int
}

// ExitCount is a group of stays that ended within the period.
type ExitCount struct {
	Stage       StageKey
	Exit        Exit
	Destination StageKey
	// Reason is the key of the loss reason.
	Reason string
	Spells int
}

// FunnelReport is the funnel of one kind of deals over a window: what entered, stands in and left
// each stage, and what came of it.
//
// Stages count stays: a deal that comes back to a stage enters it again, and one that is lost,
// reopened and lost again was lost twice there. Totals count deals, each by how it stands.
type FunnelReport struct {
	ReportHead
	// Stages has every stage of the funnel in its order, targets and client work included.
	Stages []StageReport `json:"stages"`
	Totals
}

// StageReport is one stage of a funnel report.
type StageReport struct {
	Key     StageKey `json:"key"`
	Entered int      `json:"entered"`
	// Open is the number of deals in the stage at the as-of time; behind the signature these are
	// clients.
	Open  int   `json:"open"`
	Exits Exits `json:"exits"`
	// Skipped is how often a deal jumped over the stage on its way forward; it made no stay there.
	Skipped int `json:"skipped"`
	Passage
}

// Exits counts the stays that ended in the window, by how.
type Exits struct {
	// Advance leads to any later stage, Back to an earlier one or to rest.
	Advance int `json:"advance"`
	Lost    int `json:"lost"`
	// Disqualified is the part of Lost that never were clients of ours.
	Disqualified int `json:"disqualified"`
	Back         int `json:"back"`
}

// FunnelReport reports on entries, exits, open deals, win rate and cycle.
func (s *Service) FunnelReport(ctx context.Context, workspace ID, q ReportQuery) (FunnelReport, error) {
	p, err := s.period(ctx, workspace, q)
	if err != nil {
		return FunnelReport{}, err
	}
	table, err := s.store.CountStages(ctx, workspace, p)
	if err != nil {
		return FunnelReport{}, fmt.Errorf("report on the funnel: %w", err)
	}
	spells, err := s.store.CountSpells(ctx, workspace, p.last(max(p.Days, year)))
	if err != nil {
		return FunnelReport{}, fmt.Errorf("report on conversions: %w", err)
	}
	return NewFunnelReport(p, table, spells), nil
}

// NewFunnelReport makes the report of a period from its counts, and from the stays that touch the
// period and, for what was usual where there are few, the year before its end. Stages that the funnel
// no longer has stand last: what happened there is not forgotten.
//
// The windows of the conversions are of days of 24 hours; those of the counts follow the calendar, and so
// differ from them by the hour of summer time.
func NewFunnelReport(p Period, t StageTable, s SpellTable) FunnelReport {
	f := p.Funnel
	passed := newPassages(f, s).report(p, every)
	rows := map[StageKey]*StageReport{}
	at := func(key StageKey) *StageReport {
		if rows[key] == nil {
			rows[key] = &StageReport{Key: key, Passage: passed.of(key)}
		}
		return rows[key]
	}
	for _, key := range passed.stages {
		at(key)
	}
	for _, e := range t.Entries {
		at(e.Stage).Entered += e.Spells
	}
	for _, o := range t.Open {
		at(o.Stage).Open += o.Deals
	}
	for _, e := range t.Exits {
		at(e.Stage).Exits.add(f, e)
		for _, jumped := range f.between(e) {
			at(jumped).Skipped += e.Spells
		}
	}
	r := FunnelReport{ReportHead: p.head(), Totals: newTotals(f, t.Open, t.Closed)}
	for _, row := range rows {
		r.Stages = append(r.Stages, *row)
	}
	slices.SortFunc(r.Stages, func(a, b StageReport) int {
		return cmp.Or(cmp.Compare(f.place(a.Key), f.place(b.Key)), cmp.Compare(a.Key, b.Key))
	})
	return r
}

func (x *Exits) add(f *Funnel, e ExitCount) {
	switch e.Exit {
	case Advance:
		x.Advance += e.Spells
	case Back:
		x.Back += e.Spells
	case Loss:
		x.Lost += e.Spells
		if f.disqualifies(e.Reason) {
			x.Disqualified += e.Spells
		}
	case Stayed:
	}
}

// between returns the stages that an exit jumped over.
func (f *Funnel) between(e ExitCount) []StageKey {
	from, to := f.Index(e.Stage), f.Index(e.Destination)
	if e.Exit != Advance || from < 0 || to <= from {
		return nil
	}
	var keys []StageKey
	for _, s := range f.Stages[from+1 : to] {
		keys = append(keys, s.Key)
	}
	return keys
}

// place orders stages, with unknown ones at the end.
func (f *Funnel) place(key StageKey) int {
	if i := f.Index(key); i >= 0 {
		return i
	}
	return len(f.Stages)
}
