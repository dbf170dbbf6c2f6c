package funnel

import (
	"context"
	"time"
)

// SpellTable is what the estimates of a period are made of: the stays in stages that touch it.
type SpellTable struct {
	// To is the end of the period, from which the days of the groups count back.
	To     time.Time
	Groups []SpellGroup
	// Oldest is how many whole days before the end the first of the stays began, those that [Period].Sale
	// leaves out included; not counted further back than the beginning of the period, nor without Sale.
	Oldest int
}

// SpellGroup counts stays of one stage that began and ended alike, in whole days of 24 hours before
// the end of the period. From it every window of whole days that lies within the period can be cut.
type SpellGroup struct {
	Stage StageKey
	// Entered is how many whole days before the end the stays began, rounded down; Sharp says that it
	// was exactly so many, so that rounding up gives the same.
	Entered int
	Sharp   bool
	// Left is how many whole days before the end they ended, rounded down, or -1 for those that had
	// not; Stay is how many days they took, rounded up and at least 1, or 0 for those.
	Left int
	Stay int
	Exit Exit
	// Destination is where they went, empty for those that were lost or had not ended.
	Destination StageKey
	Spells      int
}

// EntryGroup is what came into a stage within the window: how many stays and what their deals were worth
// at entry, in minor units of the workspace's currency. Stays without an amount, or with one in another
// currency, are not among the Priced and are told apart by the segment of the company; the segment of
// the others is empty.
type EntryGroup struct {
	Stage   StageKey
	Segment string
	Spells  int
	Priced  int
	Sum     int64
}

// TypicalAmount is the median amount of the deals of a segment that were won in the year before the end
// of the period, in minor units of the workspace's currency; the empty segment stands for all of them.
type TypicalAmount struct {
	Segment string
	Median  int64
}

// SliceGroup counts the stays of one stage that touch a window by one trait of their deals.
type SliceGroup struct {
	Trait Trait
	// Value is the key of the trait: of a source, a segment, a role that is missing, a loss reason; the
	// identifier of an owner. Name is the owner's.
	Value string
	Name  string
	// Entered, Sharp, Left, Stay and Exit are as those of [SpellGroup].
	Entered int
	Sharp   bool
	Left    int
	Stay    int
	Exit    Exit
	Spells  int
}

// Trait is something by which deals of a stage can be told apart.
type Trait string

// The traits. A deal may lack several roles, and has one of each of the others at most.
const (
	TraitSource    Trait = "source"
	TraitSegment   Trait = "segment"
	TraitOwner     Trait = "owner"
	TraitRole      Trait = "role"
	TraitReason    Trait = "reason"
	TraitCriterion Trait = "criterion"
)

// StandingDeal is an open deal where it stood at the end of the period.
type StandingDeal struct {
	Deal    ID
	Number  int64
	Owner   ID
	Stage   StageKey
	Entered time.Time
	// Amount is what it was worth then, the zero Money where that is not known.
	Amount  Money
	Segment string
	// Closing is when it was expected to close, or the zero Date.
	Closing Date
}

// Spells counts what estimates are made of. Every answer belongs to one workspace and to the deals of
// the period's funnel, and leaves out what was not known at the end of the period.
type Spells interface {
	// CountSpells groups the stays that touch the period: began by its end and did not end by its
	// beginning. Targets are among them.
	CountSpells(ctx context.Context, workspace ID, p Period) (SpellTable, error)
	// CountEntries groups what entered each stage within the period.
	CountEntries(ctx context.Context, workspace ID, p Period) ([]EntryGroup, []TypicalAmount, error)
	// CountSlices groups the stays of one stage that touch the period by every trait of their deals.
	CountSlices(ctx context.Context, workspace ID, p Period, stage StageKey) ([]SliceGroup, error)
	// Standing returns the open deals at the end of the period, targets and client work left out.
	Standing(ctx context.Context, workspace ID, p Period) ([]StandingDeal, error)
	// Ended returns the deals that were closed within the period and stood so at its end.
	Ended(ctx context.Context, workspace ID, p Period) ([]EndedDeal, error)
}
