package funnel

import "time"

// ActivityKind is what happened between us and a client.
type ActivityKind string

// The kinds of activities. StepDone records a promise that was kept.
const (
	Call     ActivityKind = "call"
	Meeting  ActivityKind = "meeting"
	Demo     ActivityKind = "demo"
	Email    ActivityKind = "email"
	Message  ActivityKind = "message"
	Pilot    ActivityKind = "pilot"
	Payment  ActivityKind = "payment"
	Note     ActivityKind = "note"
	StepDone ActivityKind = "step"
)

// ActivityKinds lists every kind.
func ActivityKinds() []ActivityKind {
	return []ActivityKind{Call, Meeting, Demo, Email, Message, Pilot, Payment, Note, StepDone}
}

// Direction says who acted, as seen from us.
type Direction string

// The directions.
const (
	Undirected Direction = ""
	Outgoing   Direction = "out"
	Incoming   Direction = "in"
)

// Activity is one thing that happened on a deal.
type Activity struct {
	ID        ID           `json:"id,omitzero"`
	Deal      ID           `json:"deal,omitzero"`
	Kind      ActivityKind `json:"kind,omitzero"`
	Direction Direction    `json:"direction,omitzero"`
	Text      string       `json:"text,omitzero"`
	// At is when it happened, RecordedAt when it was written down; both UTC.
	At         time.Time `json:"at,omitzero"`
	RecordedAt time.Time `json:"recorded_at,omitzero"`
	Member     ID        `json:"member,omitzero"`
	Origin     Origin    `json:"origin,omitzero"`
	External   string    `json:"external,omitzero"`
	// Ref is by what a platform finds the file or the recording again that belongs to it.
	Ref string `json:"ref,omitzero"`
	// People are the contacts of the client whom the activity names.
	People   []ID      `json:"people,omitempty"`
	VoidedAt time.Time `json:"voided_at,omitzero"`
}
