package funnel

import (
	"context"
	"strconv"
)

// ExportWhat chooses what is exported.
type ExportWhat struct{ Deals, Moves, Activities bool }

// ExportSink takes an export row by row, so that neither side holds it in memory: all deals by their
// number, then all moves, then all activities, each by the number of the deal.
type ExportSink interface {
	// Customs is called once before the deals, with the names of all custom fields in use.
	Customs(names []string) error
	Deal(d *ExportedDeal) error
	Move(m *ExportedMove) error
	Activity(a *ExportedActivity) error
}

// Exporter reads everything of a workspace at one instant.
type Exporter interface {
	// Export hands out what stands: not what was taken back, and no deal that was taken out of the
	// numbers. Its rows, imported into an empty workspace, give the same export again.
	Export(ctx context.Context, workspace ID, what ExportWhat, sink ExportSink) error
}

// ExportedDeal is a deal with its company and the name of its owner.
type ExportedDeal struct {
	Deal
	Firm      Company
	OwnerName string
}

// Case is the identifier of the deal in exports: the one that it came with, or its own.
func (d *Deal) Case() string {
	if d.External != "" {
		return d.External
	}
	return d.ID.String()
}

// ExportedMove is a move with the identifier of its deal and the name of its actor.
type ExportedMove struct {
	Move
	Case string
	// Order counts the moves of the deal that are exported, from 1.
	Order     int
	ActorName string
	// Amount is the deal's amount after the move, where the move began a stay or signed the deal.
	Amount Money
}

// Key is the identifier of the move within its deal in exports and for imports: the one that it
// came with, or one of its own that no other move of the deal ever has.
func (m *Move) Key() string {
	if m.External != "" {
		return m.External
	}
	return strconv.Itoa(m.Seq) + "." + strconv.FormatInt(m.RecordedAt.UnixMicro(), 36)
}

// ExportedActivity is an activity with the identifier of its deal and the name of the member.
type ExportedActivity struct {
	Activity
	Case       string
	MemberName string
}

// Key is the identifier of the activity within its deal: the one that it came with, or its own.
func (a *Activity) Key() string {
	if a.External != "" {
		return a.External
	}
	return a.ID.String()
}
