package memory

import (
	"bytes"
	"container/heap"
	"context"
	"fmt"
	"sync"
	"time"

	"funnelbot/funnel"
)

// DefaultLimit is how many bytes of sessions a process keeps: some 30,000 dialogs of ordinary length.
const DefaultLimit = 64 << 20

// overhead is what one session costs beside its data and place: key, entry, map slot, heap slot.
const overhead = 256

// Sessions is a [funnel.Sessions] and a [funnel.SessionCache] in this process. Expired sessions go as the
// others are used, so it needs no goroutine and no timer; beyond its limit the session nearest to its
// end makes room. It is safe for concurrent use.
type Sessions struct {
	clock func() time.Time
	limit int

	mu      sync.Mutex
	entries map[funnel.SessionKey]*entry
	ends    ends // the same entries, soonest end first
	size    int  // bytes held, overhead included
}

var (
	_ funnel.Sessions     = (*Sessions)(nil)
	_ funnel.SessionCache = (*Sessions)(nil)
)

// NewSessions returns an empty store that holds at most limit bytes, or [DefaultLimit] if limit is not positive.
func NewSessions(clock func() time.Time, limit int) *Sessions {
	if limit <= 0 {
		limit = DefaultLimit
	}
	return &Sessions{clock: clock, limit: limit, entries: map[funnel.SessionKey]*entry{}}
}

// Load implements [funnel.Sessions].
func (s *Sessions) Load(ctx context.Context, key funnel.SessionKey) (funnel.Session, error) {
	if err := ctx.Err(); err != nil {
		return funnel.Session{}, fmt.Errorf("load session: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expire()
	e, ok := s.entries[key]
	if !ok {
		return funnel.Session{}, funnel.ErrNoSession
	}
	return funnel.Session{Data: bytes.Clone(e.data), Version: e.version}, nil
}

// Save implements [funnel.Sessions].
func (s *Sessions) Save(ctx context.Context, key funnel.SessionKey, session funnel.Session, ttl time.Duration) (int64, error) {
	if err := session.Check(ttl); err != nil {
		return 0, fmt.Errorf("save session: %w", err)
	}
	if err := ctx.Err(); err != nil {
		return 0, fmt.Errorf("save session: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expire()
	var stored int64
	if e, ok := s.entries[key]; ok {
		stored = e.version
	}
	if stored != session.Version {
		return 0, funnel.ErrSessionMoved
	}
	session.Version++
	s.keep(key, session, ttl)
	return session.Version, nil
}

// Put implements [funnel.SessionCache].
func (s *Sessions) Put(ctx context.Context, key funnel.SessionKey, session funnel.Session, ttl time.Duration) error {
	if err := session.Check(ttl); err != nil {
		return fmt.Errorf("put session: %w", err)
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("put session: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expire()
	if e, ok := s.entries[key]; ok && e.version >= session.Version && session.Version != 1 {
		return nil
	}
	s.keep(key, session, ttl)
	return nil
}

// Delete implements [funnel.Sessions].
func (s *Sessions) Delete(ctx context.Context, key funnel.SessionKey) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("delete session: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if e, ok := s.entries[key]; ok {
		s.drop(e)
	}
	return nil
}

// Size returns the number of sessions held and the bytes they take, expired ones left out.
func (s *Sessions) Size() (sessions, size int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expire()
	return len(s.entries), s.size
}

// keep replaces what the key holds and makes room for it first, so that a new session never
// falls victim to itself. The caller holds the lock.
func (s *Sessions) keep(key funnel.SessionKey, session funnel.Session, ttl time.Duration) {
	if e, ok := s.entries[key]; ok {
		s.drop(e)
	}
	e := &entry{key: key, data: bytes.Clone(session.Data), version: session.Version, end: s.clock().Add(ttl)}
	for len(s.ends) > 0 && s.size+e.cost() > s.limit {
		s.drop(s.ends[0])
	}
	s.entries[key] = e
	s.size += e.cost()
	heap.Push(&s.ends, e)
}

// expire drops what has reached its end. The caller holds the lock.
func (s *Sessions) expire() {
	now := s.clock()
	for len(s.ends) > 0 && !now.Before(s.ends[0].end) {
		s.drop(s.ends[0])
	}
}

func (s *Sessions) drop(e *entry) {
	heap.Remove(&s.ends, e.slot)
	delete(s.entries, e.key)
	s.size -= e.cost()
}
