package csv

import "slices"

// Rows is what the rows of a file tell of.
type Rows string

// The kinds of files.
const (
	// Deals has one row a deal.
	Deals Rows = "deals"
	// History has one row a change of stage.
	History Rows = "history"
	// Activities has one row a call, a meeting, or whatever else happened on a deal.
	Activities Rows = "activities"
)

// Field is what a column means.
type Field string

// The fields of every kind of file.
const (
	// FieldDeal is the identifier of the deal in the system that the file comes from.
	FieldDeal     Field = "deal"
	FieldNote     Field = "note"
	FieldAmount   Field = "amount"
	FieldCurrency Field = "currency"
)

// The fields of a deal. They may stand in the rows of a history, too.
const (
	FieldNumber   Field = "number"
	FieldTitle    Field = "title"
	FieldCompany  Field = "company"
	FieldDomain   Field = "domain"
	FieldTaxID    Field = "tax_id"
	FieldIndustry Field = "industry"
	FieldSize     Field = "size"
	FieldRegion   Field = "region"
	FieldOwner    Field = "owner"
	FieldKind     Field = "kind"
	FieldBasis    Field = "basis"
	FieldSource   Field = "source"
	FieldSignal   Field = "signal"
	FieldPain     Field = "pain"
	FieldEffect   Field = "effect"
	// FieldClosing is the day on which the deal is expected to close.
	FieldClosing Field = "closing"
	FieldNext    Field = "next"
	FieldNextOn  Field = "next_on"
	FieldNextAt  Field = "next_at"
)

// The fields of where a deal stands: in a file of deals at present, in a history after the change.
const (
	FieldStage   Field = "stage"
	FieldOutcome Field = "outcome"
	FieldReason  Field = "reason"
	// FieldOpened, FieldSince and FieldClosed are when a deal was opened, came into its stage and
	// was won or lost.
	FieldOpened Field = "opened"
	FieldSince  Field = "since"
	FieldClosed Field = "closed"
	// FieldHistorical is "no" where a win is client work and not only history.
	FieldHistorical Field = "historical"
	FieldParked     Field = "parked_until"
)

// The fields of a change or an activity.
const (
	// FieldRow is the identifier of the change or the activity within its deal.
	FieldRow      Field = "row"
	FieldAt       Field = "at"
	FieldOrder    Field = "order"
	FieldRecorded Field = "recorded"
	FieldActor    Field = "actor"
	FieldType     Field = "type"
	FieldDir      Field = "direction"
	FieldText     Field = "text"
)

// What else a mapping can do with a column.
const (
	FieldCustom Field = "custom"
	FieldIgnore Field = "ignore"
)

// Fields lists the fields of a kind of file.
func Fields(r Rows) []Field {
	deal := []Field{
		FieldNumber, FieldTitle, FieldCompany, FieldDomain, FieldTaxID, FieldIndustry, FieldSize, FieldRegion, FieldOwner,
		FieldKind, FieldAmount, FieldCurrency, FieldBasis, FieldSource, FieldSignal, FieldPain, FieldEffect, FieldClosing,
		FieldNext, FieldNextOn, FieldNextAt, FieldHistorical, FieldParked,
	}
	stand := []Field{FieldStage, FieldOutcome, FieldReason, FieldNote}
	event := []Field{FieldRow, FieldAt, FieldOrder, FieldRecorded, FieldActor}
	switch r {
	case Deals:
		return slices.Concat([]Field{FieldDeal}, deal, stand, []Field{FieldOpened, FieldSince, FieldClosed})
	case History:
		return slices.Concat([]Field{FieldDeal, FieldType}, event, stand, deal)
	case Activities:
		return slices.Concat([]Field{FieldDeal, FieldType, FieldDir, FieldText}, event)
	}
	return nil
}

// dated reports whether the field is a time or a day.
func (f Field) dated() bool {
	switch f { //nolint:exhaustive // the others are texts.
	case FieldOpened, FieldSince, FieldClosed, FieldAt, FieldRecorded, FieldClosing, FieldNextOn, FieldNextAt, FieldParked:
		return true
	}
	return false
}

// ofDeal reports whether the field tells of the deal itself and not of one change.
func (f Field) ofDeal() bool {
	return slices.Contains(Fields(Deals), f) && !slices.Contains([]Field{
		FieldDeal, FieldStage, FieldOutcome, FieldReason, FieldNote, FieldAmount, FieldCurrency,
	}, f)
}
