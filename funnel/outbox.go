package funnel

import (
	"encoding/json"
	"time"
)

// Lease is how long a courier that has claimed a lane may be silent before another one takes it
// over. Everything that a courier does about one message ends well within it, so that no two ever
// send the same message at the same time.
const Lease = 30 * time.Second

// Lanes says which lanes of the outbox a courier drains. The zero value is all of them.
type Lanes struct {
	// Exact names them one by one; nil leaves the choice to Prefix.
	Exact []string
	// Prefix is what the names of the lanes begin with.
	Prefix string
}

// Owed is a message of the outbox that was taken for one attempt to deliver it. While it is out,
// it is marked in the outbox as tried.
type Owed struct {
	// Seq orders the messages of a lane.
	Seq       int64
	Workspace ID
	Lane      string
	// Locale is the language of the member when the message was written.
	Locale Locale
	Notice Notification
	// Answer is the document of an answer, as it was stored. Notices have none, and neither do
	// answers that must not be stored; see [AnswerKind].
	Answer json.RawMessage
	// Replaced is the platform's identifier of the message that this one takes the place of; empty
	// where Notice replaces nothing, or nothing that has arrived.
	Replaced string
	// About is the deal that the message turned out to be about when it was put into words, if
	// any: what is said in answer to it is about that deal too.
	About ID
	// Since is when the message was written.
	Since time.Time
	// Attempts counts this attempt and the earlier ones that count.
	Attempts int
	// Doubts counts the earlier attempts whose end nobody knows.
	Doubts int
	// InDoubt says that the attempt before this one was such: the message may have arrived.
	InDoubt bool
}

// Setback says what follows from an attempt that did not deliver.
type Setback struct {
	// Until is when to try again. The later messages of the lane wait as well.
	Until time.Time
	// InDoubt says that the message may have arrived all the same.
	InDoubt bool
	// Free attempts do not count: the destination itself named the time to come back.
	Free bool
}

// AnswerKind is what answers to people are called in the outbox, among the kinds of notices.
const AnswerKind = "answer"

// Cause says why a message was given up.
type Cause string

// The causes.
const (
	// BuriedGone: the destination takes nothing any more.
	BuriedGone Cause = "gone"
	// BuriedRejected: the platform will never accept the message.
	BuriedRejected Cause = "rejected"
	// BuriedAttempts: the configured attempts are used up.
	BuriedAttempts Cause = "attempts"
	// BuriedDoubt: the message may have arrived, which nobody can find out, and is not sent again.
	BuriedDoubt Cause = "doubt"
	// BuriedSecret: the message is not stored, so it cannot be sent later. Whoever asked asks again.
	BuriedSecret Cause = "secret"
)

// OutboxState is how much is owed over all workspaces.
type OutboxState struct {
	// Pending messages are still to be delivered; Oldest is when the first of them was written,
	// zero if there is none.
	Pending int
	Oldest  time.Time
	// Buried messages were given up, and are kept for a while to be seen.
	Buried int
	// Doors are the same by door, in the order of their names. The door of members whom no door
	// knows is called "member".
	Doors []DoorState
}

// DoorState is how much is owed through one door.
type DoorState struct {
	Door    string
	Pending int
	Oldest  time.Time
	Buried  map[Cause]int
}

// Burial is a message that was given up.
type Burial struct {
	Workspace ID
	Door      string
	Lane      string
	Kind      NoticeKind
	Cause     Cause
	// Words are those of the platform.
	Words string
	// Since is when the message was written, At when it was given up.
	Since time.Time
	At    time.Time
}
