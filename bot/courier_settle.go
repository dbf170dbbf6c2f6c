package bot

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"funnelbot/funnel"
)

// Ends is how attempts end. Each may be called again after an error, and does nothing once somebody
// else has taken the message over.
type Ends interface {
	Delivered(ctx context.Context, owed *funnel.Owed, messageID string) error
	Postpone(ctx context.Context, owed *funnel.Owed, setback funnel.Setback) error
	Bury(ctx context.Context, owed *funnel.Owed, cause funnel.Cause, words string) error
}

// Anchors takes note of what the platform says about chats. It is part of [funnel.Access], which says
// what the methods do.
type Anchors interface {
	Gone(ctx context.Context, workspace funnel.ID, lane, reason string) error
	Moved(ctx context.Context, door, from, to string) error
}

// settler writes how attempts end, and what else follows from them.
type settler struct {
	ends     Ends
	limiter  *Limiter
	anchors  Anchors
	clock    func() time.Time
	log      *slog.Logger
	meter    *Meter
	backoff  Backoff
	attempts int
}

// errBusy is why an answer is left to the courier.
var errBusy = errors.New("other messages to the chat come first")

// delivered writes that a message arrived.
func (s *settler) delivered(ctx context.Context, owed *funnel.Owed, id string) error {
	if err := s.settle(ctx, func(ctx context.Context) error { return s.ends.Delivered(ctx, owed, id) }); err != nil {
		return err
	}
	s.arrived(owed)
	return nil
}

// arrived measures a delivery that is written down.
func (s *settler) arrived(owed *funnel.Owed) {
	door, _, _ := funnel.ParseLane(owed.Lane)
	s.meter.Delivered(door, s.clock().Sub(owed.Since))
}

// failed writes what follows from a failed attempt, and returns when the next one is due, zero if
// there is none.
func (s *settler) failed(ctx context.Context, owed *funnel.Owed, err error) (until time.Time, _ error) {
	door, _, _ := funnel.ParseLane(owed.Lane)
	attrs := []any{
		slog.String("notice", owed.Notice.ID.String()), slog.String("kind", string(owed.Notice.Kind)),
		slog.Int("attempts", owed.Attempts), slog.Any("error", err),
	}
	back, reason := s.setback(owed, err)
	if reason != "" {
		s.log.ErrorContext(ctx, "message buried", append(attrs, slog.String("reason", string(reason)))...)
		s.meter.Sent(door, burialResult(reason))
		if reason == funnel.BuriedGone {
			s.gone(ctx, owed, err)
		}
		return time.Time{}, s.settle(ctx, func(ctx context.Context) error { return s.ends.Bury(ctx, owed, reason, err.Error()) })
	}
	s.log.InfoContext(ctx, "message not delivered yet", attrs...)
	result := "retry"
	if back.InDoubt {
		result = "doubt"
	}
	s.meter.Sent(door, result)
	return back.Until, s.settle(ctx, func(ctx context.Context) error { return s.ends.Postpone(ctx, owed, back) })
}

// burialResult is what the meter calls the end.
func burialResult(r funnel.Cause) string {
	switch r {
	case funnel.BuriedGone, funnel.BuriedRejected:
		return string(r)
	case funnel.BuriedAttempts, funnel.BuriedDoubt, funnel.BuriedSecret:
	}
	return "buried"
}

// setback says what follows from a failed attempt; with a reason that it was the last one.
func (s *settler) setback(owed *funnel.Owed, err error) (back funnel.Setback, reason funnel.Cause) {
	var doubt *doubtError
	var gone *GoneError
	var rejected *RejectedError
	var retry *RetryError
	asked := errors.As(err, &doubt)
	_, moved := movedTo(err)
	switch {
	case errors.Is(err, errGivenUp):
		return back, funnel.BuriedDoubt
	case !asked && errors.As(err, &gone):
		return back, funnel.BuriedGone
	case !asked && errors.As(err, &rejected):
		return back, funnel.BuriedRejected
	case owed.Notice.Kind == funnel.AnswerKind && owed.Answer == nil:
		return back, funnel.BuriedSecret
	case errors.As(err, &retry):
		back = funnel.Setback{InDoubt: asked, Free: retry.After > 0}
	default:
		back.InDoubt = !moved
	}
	if !back.Free && owed.Attempts >= s.attempts {
		return back, funnel.BuriedAttempts
	}
	wait := s.backoff.Wait(owed.Attempts)
	switch {
	case back.Free:
		wait = retry.After
		if !errors.Is(err, errBusy) {
			// Those who wait already would otherwise wait for the one behind them.
			s.limiter.Hold(owed.Lane, wait)
		}
	case moved && s.anchors != nil:
		wait = 0
	}
	back.Until = s.clock().Add(wait)
	return back, ""
}

// movedTo returns where the chat is now. A question that failed says nothing of that.
func movedTo(err error) (string, bool) {
	var doubt *doubtError
	var moved *MovedError
	if errors.As(err, &doubt) || !errors.As(err, &moved) {
		return "", false
	}
	return moved.To, true
}

func (s *settler) moved(ctx context.Context, owed *funnel.Owed, to string) {
	if s.anchors == nil {
		return
	}
	door, chat, _ := funnel.ParseLane(owed.Lane)
	asking, cancel := context.WithTimeout(context.WithoutCancel(ctx), queryTimeout)
	defer cancel()
	if err := s.anchors.Moved(asking, door, chat, to); err != nil {
		s.log.WarnContext(ctx, "move of a chat not noted, the next message tries again", slog.String("lane", owed.Lane), slog.Any("error", err))
	}
}

func (s *settler) gone(ctx context.Context, owed *funnel.Owed, err error) {
	if s.anchors == nil || owed.Workspace.IsZero() {
		return
	}
	asking, cancel := context.WithTimeout(context.WithoutCancel(ctx), queryTimeout)
	defer cancel()
	if gone, ok := errors.AsType[*GoneError](err); ok {
		err = gone.Err
	}
	if err := s.anchors.Gone(asking, owed.Workspace, owed.Lane, err.Error()); err != nil {
		s.log.WarnContext(ctx, "lost destination not noted, the next message tries again", slog.String("lane", owed.Lane), slog.Any("error", err))
	}
}

// settle writes how an attempt ended. While the database is away it tries on, because what is not
// written leaves the message in doubt; the stop ends that.
func (s *settler) settle(ctx context.Context, write func(context.Context) error) error {
	for n := 1; ; n++ {
		asking, cancel := context.WithTimeout(context.WithoutCancel(ctx), queryTimeout)
		err := write(asking)
		cancel()
		if err == nil {
			return nil
		}
		if n == 1 {
			s.log.WarnContext(ctx, "end of a delivery not written yet, trying on", slog.Any("error", err))
		}
		if pause(ctx, s.backoff.Wait(min(n, settleWaits))) != nil {
			return err
		}
	}
}

// settleWaits bounds the wait between attempts at writing an end: the database answers soon after
// it is back.
const settleWaits = 3
