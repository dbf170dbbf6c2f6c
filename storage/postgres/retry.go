package postgres

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"funnelbot/funnel"
)

// Budget is how long a unit of work is tried before the person is told to try again. It stays
// under the three seconds in which a platform wants its answer.
const Budget = 2500 * time.Millisecond

// Waits between attempts: soon at first, because most breaks are one dead connection of a pool.
const (
	firstWait = 10 * time.Millisecond
	lastWait  = 250 * time.Millisecond
)

// retry runs attempt until it succeeds, is refused, or the budget is used up. Attempts must be
// safe to repeat: a unit of work is, under its key, even when its commit may have happened.
func (s *Store) retry(ctx context.Context, attempt func(context.Context) error) error {
	return s.retryWithin(ctx, Budget, attempt)
}

func (s *Store) retryWithin(ctx context.Context, budget time.Duration, attempt func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, budget)
	defer cancel()
	wait := firstWait
	for {
		err := attempt(ctx)
		if err == nil || !transient(err) {
			return err
		}
		timer := time.NewTimer(wait/2 + rand.N(wait/2))
		select {
		case <-ctx.Done():
			timer.Stop()
			return errors.Join(funnel.Refuse(funnel.CodeUnavailable, nil), err)
		case <-timer.C:
		}
		wait = min(2*wait, lastWait)
	}
}

// errReplay says that another delivery of the same key was faster: its result is there now.
var errReplay = errors.New("the key was used meanwhile")

// transient reports whether another attempt may succeed.
func transient(err error) bool {
	if errors.Is(err, errReplay) {
		return true
	}
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch pg.Code {
		case "57P01", "57P02", "57P03", // shutting down, crashed, starting up
			"25P03",          // this process stood still between the trips for too long
			"40001", "40P01", // serialization failure, deadlock
			"53300",          // too many connections
			"25006", "55P03": // read-only after a failover, lock not available
			return true
		}
		return strings.HasPrefix(pg.Code, "08")
	}
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return true
	}
	if _, ok := errors.AsType[net.Error](err); ok {
		return true
	}
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		errors.Is(err, context.DeadlineExceeded) || pgconn.SafeToRetry(err) || strings.Contains(err.Error(), "conn closed")
}

// violated returns the name of the constraint that a unique violation is about, or "".
func violated(err error) string {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok && pg.Code == "23505" {
		return pg.ConstraintName
	}
	return ""
}
