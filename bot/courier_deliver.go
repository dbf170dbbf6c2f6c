package bot

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"funnelbot/bot/message"
	"funnelbot/funnel"
)

// deliver makes one attempt at a message and writes how it ended. It returns the next message of the
// lane where that was taken along, and when to look into the lane again, zero if that is up to
// others. The error is about the writing.
func (c *Courier) deliver(ctx context.Context, owed *funnel.Owed, more bool) (after, error) {
	sending, cancel := lasting(ctx, c.Timeout)
	doc, id, err := c.attempt(sending, owed)
	cancel()
	if err != nil {
		return c.fail(ctx, owed, err)
	}
	if owed.About = doc.Deal; owed.About.IsZero() {
		owed.About = owed.Notice.Deal
	}
	if !more || ctx.Err() != nil || !c.Limiter.now(owed.Lane) {
		return after{}, c.settler.delivered(ctx, owed, id)
	}
	asking, cancel := context.WithTimeout(context.WithoutCancel(ctx), queryTimeout)
	next, err := c.Outbox.Next(asking, owed, id)
	cancel()
	if next == nil {
		c.Limiter.giveBack(owed.Lane)
	}
	if err != nil {
		// What was taken along stays marked and counts as in doubt.
		return after{}, c.settler.delivered(ctx, owed, id)
	}
	c.settler.arrived(owed)
	return after{next: next, released: next == nil}, nil
}

// fail writes what follows from a failed attempt. The mark is off the message before the lanes of a
// chat that has moved are renamed.
func (c *Courier) fail(ctx context.Context, owed *funnel.Owed, failure error) (after, error) {
	until, err := c.settler.failed(ctx, owed, failure)
	to, moved := movedTo(failure)
	if err != nil || !moved || until.IsZero() {
		return after{rest: until}, err
	}
	c.move(ctx, owed, to)
	return after{rest: until}, nil
}

// after is how things stand in a lane after an attempt.
type after struct {
	next     *funnel.Owed
	rest     time.Time
	released bool
}

// doubtError is a failed question about a message that may have arrived: the doubt remains,
// whatever the error inside would mean for a message that was being sent.
type doubtError struct{ err error }

func (e *doubtError) Error() string { return "ask whether the message arrived: " + e.err.Error() }

func (e *doubtError) Unwrap() error { return e.err }

// errGivenUp is why a message is buried that was sent without anybody knowing the end of it.
var errGivenUp = errors.New("nobody knows whether the message arrived, and it is not sent again")

// errNotStored is why an answer is buried whose process died: what it said is not known any more.
var errNotStored = errors.New("the answer is secret, so it was not stored")

// attempt puts the message into words and sends it, unless it has arrived already. A document
// without blocks was not sent.
func (c *Courier) attempt(ctx context.Context, owed *funnel.Owed) (message.Doc, string, error) {
	if owed.Notice.Kind == funnel.AnswerKind && owed.Answer == nil {
		return message.Doc{}, "", errNotStored
	}
	p := Parcel{
		Workspace: owed.Workspace, Lane: owed.Lane, Member: owed.Notice.To, Notice: owed.Notice.ID, Doubts: owed.Doubts,
		Replaces: owed.Replaced,
	}
	if owed.InDoubt {
		found, err := guarded(func() (Finding, error) { return c.Sender.Sent(ctx, p) })
		switch {
		case err != nil:
			return message.Doc{}, "", &doubtError{err}
		case found.Verdict == HasArrived:
			return message.Doc{}, found.MessageID, nil
		case found.Verdict == GiveUp:
			return message.Doc{}, "", errGivenUp
		}
	}
	if !owed.Notice.Replaces.IsZero() && owed.Replaced == "" {
		return message.Doc{}, "", nil // what never arrived needs no correction
	}
	doc, err := guarded(func() (message.Doc, error) { return c.Compose(ctx, owed) })
	if err != nil {
		return doc, "", &RetryError{Err: fmt.Errorf("compose: %w", err)}
	}
	if doc.IsZero() {
		return doc, "", nil
	}
	p.Doc = doc
	id, err := guarded(func() (string, error) { return c.Sender.Send(ctx, p) })
	if id == "" {
		id = p.Replaces // an edited message keeps its identifier
	}
	return doc, id, err
}

// guarded turns a panic into an error, so that one bad message does not take the process down.
func guarded[T any](fn func() (T, error)) (out T, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return fn()
}

// lasting returns a context that ends after the timeout, or [stopGrace] after ctx.
func lasting(ctx context.Context, timeout time.Duration) (context.Context, context.CancelFunc) {
	out, cancel := context.WithTimeout(context.WithoutCancel(ctx), timeout)
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(stopGrace, cancel) })
	return out, func() {
		stop()
		cancel()
	}
}
