package funnel

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"
)

const (
	// copyTTL is how long the fast store may keep a copy. It bounds how long a copy that
	// missed a change can live, and how long the fast store is not asked after it missed one.
	copyTTL = 5 * time.Minute
	// restTime is how long a failing fast store is left alone, so that a dead one costs
	// one timeout in that time and not one a message.
	restTime = 5 * time.Second
)

// Layered is a [Sessions] made of a fast store over a durable one. The durable store holds the
// truth: it is written first and alone decides which version comes next. The fast store holds copies and
// may be slow, empty or gone; then the durable one answers.
//
// A copy can lag behind: its store was away during a change, or two processes wrote it in the other order.
// A process that knows its change did not reach the copies reads none until all of that time have
// expired. Another process may read one; its Save then fails with [ErrSessionMoved], which drops the
// copy, so the next Load is true and a newer state is never overwritten. A caller that gets
// ErrSessionMoved loads again and repeats its step.
//
// It is safe for concurrent use.
type Layered struct {
	fast    SessionCache
	durable Sessions
	clock   func() time.Time
	log     *slog.Logger

	mu      sync.Mutex
	away    bool      // the last call to the fast store failed
	probing bool      // one call finds out whether it is back
	rests   time.Time // no call to the fast store before
	trusted time.Time // no copy is read before
}

var (
	_ Sessions = (*Layered)(nil)
	_ Copies   = (*Layered)(nil)
)

// NewLayered returns sessions kept in durable with copies in fast. It logs once when the fast store goes
// away and once when it is back.
func NewLayered(fast SessionCache, durable Sessions, clock func() time.Time, log *slog.Logger) *Layered {
	return &Layered{fast: fast, durable: durable, clock: clock, log: log}
}

// Load implements [Sessions]: from the fast store if it has a copy that can be trusted, else from the durable one.
func (l *Layered) Load(ctx context.Context, key SessionKey) (Session, error) {
	if l.trusts() {
		if c := l.begin(); c != none {
			s, err := l.fast.Load(ctx, key)
			l.end(ctx, c, err)
			if err == nil {
				return s, nil
			}
		}
	}
	return l.durable.Load(ctx, key)
}

// Save implements [Sessions]: to the durable store, then a copy to the fast one.
func (l *Layered) Save(ctx context.Context, key SessionKey, s Session, ttl time.Duration) (int64, error) {
	version, err := l.durable.Save(ctx, key, s, ttl)
	if err != nil {
		// Either the copy this state came from is old, or the save may have happened all the same:
		// in both cases the copy must not be read again.
		l.drop(ctx, key)
		return 0, err
	}
	l.Keep(ctx, key, Session{Data: s.Data, Version: version}, ttl)
	return version, nil
}

// Keep implements [Copies].
func (l *Layered) Keep(ctx context.Context, key SessionKey, s Session, life time.Duration) {
	l.write(ctx, func(ctx context.Context) error { return l.fast.Put(ctx, key, s, min(life, copyTTL)) })
}

// Delete implements [Sessions].
func (l *Layered) Delete(ctx context.Context, key SessionKey) error {
	err := l.durable.Delete(ctx, key)
	l.drop(ctx, key)
	return err
}

// Drop implements [Copies].
func (l *Layered) Drop(ctx context.Context, key SessionKey) { l.drop(ctx, key) }

func (l *Layered) drop(ctx context.Context, key SessionKey) {
	l.write(ctx, func(ctx context.Context) error { return l.fast.Delete(ctx, key) })
}

// write brings a change to the fast store, or notes that it has missed one. The change has happened, so
// a caller who no longer waits must not keep it from the copies; the fast store has timeouts of its own.
func (l *Layered) write(ctx context.Context, change func(context.Context) error) {
	if c := l.begin(); c != none {
		err := change(context.WithoutCancel(ctx))
		l.end(ctx, c, err)
		if err == nil {
			return
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.trusted = l.clock().Add(copyTTL)
}

func (l *Layered) trusts() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return !l.clock().Before(l.trusted)
}

// call is what a call to the fast store is for.
type call int

const (
	none  call = iota // the store is left alone
	usual             // the store is in use
	probe             // to find out whether the store is back
)

// begin says whether the fast store may be called; every begin but none is followed by an end.
// While the store is away one call at a time is let through, and only after a rest.
func (l *Layered) begin() call {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.away {
		return usual
	}
	if l.probing || l.clock().Before(l.rests) {
		return none
	}
	l.probing = true
	return probe
}

// end notes how a call to the fast store went and logs when it goes away or comes back.
// Only a probe brings it back: a call that began before the failure knows less.
func (l *Layered) end(ctx context.Context, c call, err error) {
	l.mu.Lock()
	was := l.away
	if c == probe {
		l.probing = false
	}
	switch {
	case err == nil, errors.Is(err, ErrNoSession):
		l.away = l.away && c != probe
	case errors.Is(err, context.Canceled): // the caller left; it says nothing about the store
	default:
		l.away = true
		l.rests = l.clock().Add(restTime)
	}
	is := l.away
	l.mu.Unlock()

	switch {
	case is && !was:
		l.log.WarnContext(ctx, "fast session store is away, using the durable one", slog.Any("error", err))
	case was && !is:
		l.log.InfoContext(ctx, "fast session store is back")
	}
}
