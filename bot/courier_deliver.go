package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"funnelbot/bot/message"
	"funnelbot/funnel"
)

// deliver makes one attempt at a message and writes how it ended. The error is about the writing.
func (c *Courier) deliver(ctx context.Context, owed *funnel.Owed) error {
	sending, cancel := lasting(ctx, c.Timeout)
	id, err := c.attempt(sending, owed)
	cancel()
	if err == nil {
		return c.settle(ctx, func(ctx context.Context) error { return c.Outbox.Delivered(ctx, owed, id) })
	}
	attrs := []any{
		slog.String("notice", owed.Notice.ID.String()), slog.String("kind", string(owed.Notice.Kind)),
		slog.Int("attempts", owed.Attempts), slog.Any("error", err),
	}
	back, final := c.setback(owed, err)
	if final {
		c.Log.ErrorContext(ctx, "message buried", attrs...)
		return c.settle(ctx, func(ctx context.Context) error { return c.Outbox.Bury(ctx, owed, err.Error()) })
	}
	c.Log.InfoContext(ctx, "message not delivered yet", attrs...)
	return c.settle(ctx, func(ctx context.Context) error { return c.Outbox.Postpone(ctx, owed, back) })
}

// doubtError is a failed question about a message that may have arrived: the doubt remains,
// whatever the error inside would mean for a message that was being sent.
type doubtError struct{ err error }

func (e *doubtError) Error() string { return "ask whether the message arrived: " + e.err.Error() }

func (e *doubtError) Unwrap() error { return e.err }

// errGivenUp is why a message is buried that was sent without anybody knowing the end of it.
var errGivenUp = errors.New("nobody knows whether the message arrived, and it is not sent again")

// attempt puts the message into words and sends it, unless it has arrived already.
func (c *Courier) attempt(ctx context.Context, owed *funnel.Owed) (string, error) {
	p := Parcel{
		Workspace: owed.Workspace, Lane: owed.Lane, Member: owed.Notice.To, Notice: owed.Notice.ID, Doubts: owed.Doubts,
	}
	if owed.InDoubt {
		found, err := guarded(func() (Finding, error) { return c.Sender.Sent(ctx, p) })
		switch {
		case err != nil:
			return "", &doubtError{err}
		case found.Verdict == HasArrived:
			return found.MessageID, nil
		case found.Verdict == GiveUp:
			return "", &RejectedError{Err: errGivenUp}
		}
	}
	doc, err := guarded(func() (message.Doc, error) { return c.Compose(ctx, owed) })
	if err != nil {
		return "", &RetryError{Err: fmt.Errorf("compose: %w", err)}
	}
	if doc.IsZero() {
		return "", nil
	}
	p.Doc = doc
	return guarded(func() (string, error) { return c.Sender.Send(ctx, p) })
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

// setback says what follows from a failed attempt, and whether it was the last one.
func (c *Courier) setback(owed *funnel.Owed, err error) (back funnel.Setback, final bool) {
	var gone *GoneError
	var rejected *RejectedError
	var retry *RetryError
	var doubt *doubtError
	asked := errors.As(err, &doubt)
	switch {
	case !asked && (errors.As(err, &gone) || errors.As(err, &rejected)):
		return funnel.Setback{}, true
	case errors.As(err, &retry):
		back = funnel.Setback{InDoubt: asked, Free: retry.After > 0}
	default:
		back = funnel.Setback{InDoubt: true}
	}
	if !back.Free && owed.Attempts >= c.Attempts {
		return back, true
	}
	wait := c.Backoff.Wait(owed.Attempts)
	if back.Free {
		wait = retry.After
	}
	back.Until = c.Clock().Add(wait)
	return back, false
}

// settle writes how an attempt ended. While the database is away it tries on, because what is not
// written leaves the message in doubt; the stop ends that.
func (c *Courier) settle(ctx context.Context, write func(context.Context) error) error {
	for n := 1; ; n++ {
		asking, cancel := context.WithTimeout(context.WithoutCancel(ctx), queryTimeout)
		err := write(asking)
		cancel()
		if err == nil {
			return nil
		}
		if n == 1 {
			c.Log.WarnContext(ctx, "end of a delivery not written yet, trying on", slog.Any("error", err))
		}
		again := time.NewTimer(c.Backoff.Wait(min(n, settleWaits)))
		select {
		case <-ctx.Done():
			again.Stop()
			return err
		case <-again.C:
		}
	}
}

// settleWaits bounds the wait between attempts at writing an end: the database answers soon after
// it is back.
const settleWaits = 3

// lasting returns a context that ends after the timeout, or [stopGrace] after ctx.
func lasting(ctx context.Context, timeout time.Duration) (context.Context, context.CancelFunc) {
	out, cancel := context.WithTimeout(context.WithoutCancel(ctx), timeout)
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(stopGrace, cancel) })
	return out, func() {
		stop()
		cancel()
	}
}
