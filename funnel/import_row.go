package funnel

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// ImportKind is what a row of an import tells of.
type ImportKind string

// The kinds of rows.
const (
	ImportDeal     ImportKind = "deal"
	ImportMove     ImportKind = "move"
	ImportActivity ImportKind = "activity"
)

// ImportRow is one row of a source after its words were understood: stages and reasons are keys of
// the funnel, times are instants, amounts are in minor units.
type ImportRow struct {
	// Source and Line say where the row stands: the number of the source, from 0, and the line of
	// its file, from 1.
	Source int        `json:"f,omitzero"`
	Line   int64      `json:"l,omitzero"`
	Kind   ImportKind `json:"k"`
	// Case identifies the deal in the system that it comes from.
	Case string `json:"c"`
	// Key identifies the row within its deal; empty where the source has no identifiers. Said is
	// what the row said in the source's own words, and stands in.
	Key  string `json:"i,omitzero"`
	Said string `json:"s,omitzero"`
	// At is when it happened, in UTC, and Order tells rows of the same instant apart.
	At    time.Time `json:"t,omitzero"`
	Order int64     `json:"o,omitzero"`
	// RecordedAt is zero where a change counts as recorded when it happened.
	RecordedAt time.Time `json:"r,omitzero"`
	// Actor is the name of the member who did it.
	Actor string `json:"a,omitzero"`

	// Move is the kind of a move of our own export; other sources say only where the deal went.
	Move    MoveKind `json:"m,omitzero"`
	Stage   StageKey `json:"g,omitzero"`
	Outcome Outcome  `json:"u,omitzero"`
	Reason  string   `json:"w,omitzero"`
	Note    string   `json:"n,omitzero"`
	Amount  Money    `json:"p,omitzero"`

	Activity  ActivityKind `json:"y,omitzero"`
	Direction Direction    `json:"d,omitzero"`
	Text      string       `json:"x,omitzero"`

	Deal *ImportedDeal `json:"z,omitempty"`
}

// ImportedDeal is what a row says of the deal itself.
type ImportedDeal struct {
	// Number is kept where it is free.
	Number  int64             `json:"number,omitzero"`
	Company Company           `json:"company,omitzero"`
	Title   string            `json:"title,omitzero"`
	Owner   string            `json:"owner,omitzero"`
	Kind    Kind              `json:"kind,omitzero"`
	Amount  Money             `json:"amount,omitzero"`
	Basis   Basis             `json:"basis,omitzero"`
	Source  string            `json:"source,omitzero"`
	Signal  string            `json:"signal,omitzero"`
	Pain    string            `json:"pain,omitzero"`
	Effect  string            `json:"effect,omitzero"`
	Closing Date              `json:"closing,omitzero"`
	Custom  map[string]string `json:"custom,omitempty"`
	// Opened, StageSince and Closed are when it began, came into its present stage and ended.
	Opened     time.Time `json:"opened,omitzero"`
	StageSince time.Time `json:"since,omitzero"`
	Closed     time.Time `json:"closed,omitzero"`
	// Live says that a win opens client work. Deals won elsewhere are history.
	Live        bool     `json:"live,omitzero"`
	ParkedUntil Date     `json:"parked,omitzero"`
	Next        NextStep `json:"next,omitzero"`
	// Exact says that the row is our own export: what it leaves out was empty.
	Exact bool `json:"exact,omitzero"`
	// Update brings a known deal to what the row says of it. Otherwise what is kept stands.
	Update bool `json:"update,omitzero"`
}

func (d *ImportedDeal) kind() Kind {
	if d.Kind == "" {
		return NewBusiness
	}
	return d.Kind
}

// ImportRows is where rows come from.
type ImportRows interface {
	// Next fills r, which is zero, with the next row and returns the text of the row as it stands
	// in the source. The error is io.EOF at the end, and a [*RowError] for a row that cannot be
	// used and after which the next can be asked for.
	Next(r *ImportRow) (text string, err error)
}

// RowError is a row that could not be used, and why.
type RowError struct {
	Source int
	Line   int64
	// Column is the column, or the field, at fault; empty where it is the whole row.
	Column string
	// Reason is a stable word for counting; Detail says it in a sentence for the one who mends
	// the file.
	Reason string
	Detail string
	// Row is the text of the row as it stands in the source.
	Row string
	// Note marks a row that was not rejected: it says something else of a known deal than is kept.
	Note bool
}

// ReasonDiffers is the reason of notes.
const ReasonDiffers = "differs"

// Error implements error.
func (r *RowError) Error() string {
	if r.Column == "" {
		return fmt.Sprintf("line %d: %s", r.Line, r.Detail)
	}
	return fmt.Sprintf("line %d, column %q: %s", r.Line, r.Column, r.Detail)
}

// ImportProgress is how far an import is, in rows.
type ImportProgress struct{ Staged, Judged int64 }

// ImportSummary is what an import did. Every row is counted once as stored, folded, unchanged,
// differing or rejected.
type ImportSummary struct {
	Rows int64 `json:"rows"`
	// Stored rows changed something. Folded rows said again what the row before had said.
	// Unchanged rows were stored by an earlier run. Rows that differ changed nothing either, but
	// say something else of a known deal than is kept.
	Stored    int64            `json:"stored"`
	Folded    int64            `json:"folded"`
	Unchanged int64            `json:"unchanged"`
	Differs   int64            `json:"differs"`
	Rejected  map[string]int64 `json:"rejected"`
	Deals     ImportedDeals    `json:"deals"`
	// Moves, Activities, Companies and Members are how many were written, or would be.
	Moves      int64 `json:"moves"`
	Activities int64 `json:"activities"`
	Companies  int64 `json:"companies"`
	Members    int64 `json:"members"`
}

// ImportedDeals counts the deals of an import. Rejected ones could not be opened. Those that differ
// are counted as updated or unchanged as well: some of what the file says of them was not taken over.
type ImportedDeals struct {
	New       int64 `json:"new"`
	Updated   int64 `json:"updated"`
	Unchanged int64 `json:"unchanged"`
	Differs   int64 `json:"differs"`
	Rejected  int64 `json:"rejected"`
}

// Reject counts a rejected row. Notes are no rejections.
func (s *ImportSummary) Reject(r *RowError) {
	if r.Note {
		return
	}
	if s.Rejected == nil {
		s.Rejected = map[string]int64{}
	}
	s.Rejected[r.Reason]++
}

// RejectedRows returns how many rows were rejected, whatever the reason.
func (s *ImportSummary) RejectedRows() int64 {
	var n int64
	for count := range maps.Values(s.Rejected) {
		n += count
	}
	return n
}

// Reasons lists the reasons of rejections, the most frequent first.
func (s *ImportSummary) Reasons() []string {
	keys := slices.Sorted(maps.Keys(s.Rejected))
	slices.SortStableFunc(keys, func(a, b string) int { return int(s.Rejected[b] - s.Rejected[a]) })
	return keys
}

// Add counts what the rows of one deal came to.
func (s *ImportSummary) Add(i *Imported) {
	s.Stored += i.Stored
	s.Folded += i.Folded
	s.Unchanged += i.Unchanged
	s.Differs += i.Differs
	s.Moves += int64(len(i.Moves))
	s.Activities += int64(len(i.Activities))
	if len(i.Notes) > 0 {
		s.Deals.Differs++
	}
	switch {
	case i.After.Deal.Version == 0:
		s.Deals.Rejected++
	case i.IsNew():
		s.Deals.New++
	case i.Changed():
		s.Deals.Updated++
	default:
		s.Deals.Unchanged++
	}
}
