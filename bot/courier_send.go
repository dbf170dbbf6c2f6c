package bot

import (
	"context"
	"fmt"
	"time"

	"funnelbot/bot/message"
	"funnelbot/funnel"
)

// Sender delivers messages through one door. It is called from several goroutines, never for one
// lane twice at a time.
type Sender interface {
	// Send delivers the parcel and returns the platform's identifier of the message, which may be
	// empty. Its error says what is known: [RetryError], [RejectedError], [GoneError] and [MovedError]
	// that the message did not arrive; any other error that it may have arrived, as after a connection
	// that was lost once the request was written.
	Send(ctx context.Context, p Parcel) (messageID string, err error)
	// Sent is asked before a parcel is sent again that may have arrived. Where the platform
	// cannot be asked, the door decides by what a message that comes twice would mean;
	// see [OnceMore]. An error leaves the parcel in doubt, and it is asked again later.
	Sent(ctx context.Context, p Parcel) (Finding, error)
}

// Parcel is a message on its way.
type Parcel struct {
	Workspace funnel.ID
	// Lane is the destination, see [funnel.LaneOf]; Member is whom the message is for, zero where it
	// is for a chat.
	Lane   string
	Member funnel.ID
	// Replaces is the platform's identifier of a message of this lane that this one takes the place
	// of: it is edited. Empty: a new message.
	Replaces string
	// Notice is the same in every attempt at delivering this message.
	Notice funnel.ID
	Doc    message.Doc
	// Doubts counts the earlier attempts whose end nobody knows.
	Doubts int
}

// Finding is what became of a parcel that may have arrived.
type Finding struct {
	Verdict Verdict
	// MessageID is the platform's, of a message that has arrived.
	MessageID string
}

// Verdict says what to do with a parcel that may have arrived.
type Verdict int

// The verdicts.
const (
	// SendAgain is for a message that did not arrive, or may well come twice.
	SendAgain Verdict = iota
	// HasArrived is for a message that is there.
	HasArrived
	// GiveUp is for a message that is better missing than there twice; it is buried.
	GiveUp
)

// OnceMore is the finding of a door that cannot ask its platform: the message is sent once more,
// and given up if that ends in doubt as well.
func OnceMore(p Parcel) Finding {
	if p.Doubts > 1 {
		return Finding{Verdict: GiveUp}
	}
	return Finding{Verdict: SendAgain}
}

// RetryError says that the message was not accepted and may be later.
type RetryError struct {
	// After is how long the platform wants to be left alone, counted from now; zero where it
	// does not say. A wait that the platform names does not count as an attempt.
	After time.Duration
	Err   error
}

// Error implements error.
func (e *RetryError) Error() string {
	if e.After > 0 {
		return fmt.Sprintf("refused for %s: %v", e.After, e.Err)
	}
	return fmt.Sprintf("refused for now: %v", e.Err)
}

// Unwrap returns what the platform answered.
func (e *RetryError) Unwrap() error { return e.Err }

// GoneError says that the destination does not take messages any more: the bot was blocked or
// removed, the channel archived.
type GoneError struct{ Err error }

// Error implements error.
func (e *GoneError) Error() string { return fmt.Sprintf("destination is gone: %v", e.Err) }

// Unwrap returns what the platform answered.
func (e *GoneError) Unwrap() error { return e.Err }

// MovedError says that the message did not arrive because the platform calls the chat by another
// identifier now. What is owed to the chat moves along.
type MovedError struct {
	// To is the new identifier of the chat, without a door and a thread.
	To  string
	Err error
}

// Error implements error.
func (e *MovedError) Error() string { return fmt.Sprintf("chat has moved: %v", e.Err) }

// Unwrap returns what the platform answered.
func (e *MovedError) Unwrap() error { return e.Err }

// RejectedError says that this message will never be accepted, though others may be.
type RejectedError struct{ Err error }

// Error implements error.
func (e *RejectedError) Error() string { return fmt.Sprintf("message rejected: %v", e.Err) }

// Unwrap returns what the platform answered.
func (e *RejectedError) Unwrap() error { return e.Err }
