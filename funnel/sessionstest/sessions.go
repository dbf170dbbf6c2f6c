package sessionstest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"funnelbot/funnel"
)

// hour is the lifetime of sessions whose end is not what a test is about.
const hour = time.Hour

// Run holds a store of sessions to its contract. For each test open returns the store and a function that
// makes time pass in it; the stores may share one server. Tests run in parallel.
func Run(t *testing.T, open func(t *testing.T) (funnel.Sessions, func(time.Duration))) {
	t.Helper()
	tests := []struct {
		name string
		test func(*bench)
	}{
		{"what is not stored is not found", missing},
		{"a saved session is loaded as it was", saved},
		{"each save gives the next version", counted},
		{"a save from another version is refused and changes nothing", moved},
		{"any bytes are kept", anyBytes},
		{"data beyond the limit is refused", tooLarge},
		{"a session without a lifetime is refused", noLifetime},
		{"a deleted session is gone and begins anew", deleted},
		{"a session ends after its lifetime and begins anew", expired},
		{"every save renews the lifetime", renewed},
		{"keys are never mixed up", apart},
		{"of many saves of one version one wins", oneWins},
		{"the data belong to the caller", copied},
		{"a caller who has left gets an error", cancelled},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			sessions, advance := open(t)
			tt.test(&bench{T: t, sessions: sessions, advance: advance, key: NewKey()})
		})
	}
}

// bench is what one test works on; its methods end the test when the store does other than expected.
type bench struct {
	*testing.T
	sessions funnel.Sessions
	advance  func(time.Duration)
	key      funnel.SessionKey
}

func (b *bench) save(key funnel.SessionKey, version int64, data string, ttl time.Duration) {
	b.Helper()
	next, err := b.sessions.Save(b.Context(), key, funnel.Session{Data: []byte(data), Version: version}, ttl)
	if err != nil {
		b.Fatalf("save over version %d: %v", version, err)
	}
	if next != version+1 {
		b.Fatalf("save over version %d gave version %d", version, next)
	}
}

func (b *bench) refused(version int64) {
	b.Helper()
	_, err := b.sessions.Save(b.Context(), b.key, funnel.Session{Data: []byte("late"), Version: version}, hour)
	if !errors.Is(err, funnel.ErrSessionMoved) {
		b.Fatalf("save over version %d: want ErrSessionMoved, got %v", version, err)
	}
}

func (b *bench) has(key funnel.SessionKey, version int64, data string) {
	b.Helper()
	s, err := b.sessions.Load(b.Context(), key)
	if err != nil {
		b.Fatalf("load: %v", err)
	}
	if s.Version != version || string(s.Data) != data {
		b.Fatalf("loaded version %d %.40q, want version %d %.40q", s.Version, s.Data, version, data)
	}
}

func (b *bench) hasNone(key funnel.SessionKey) {
	b.Helper()
	if s, err := b.sessions.Load(b.Context(), key); !errors.Is(err, funnel.ErrNoSession) {
		b.Fatalf("load: want ErrNoSession, got version %d %.40q, %v", s.Version, s.Data, err)
	}
}

func (b *bench) delete(key funnel.SessionKey) {
	b.Helper()
	if err := b.sessions.Delete(b.Context(), key); err != nil {
		b.Fatalf("delete: %v", err)
	}
}

func missing(b *bench) {
	b.hasNone(b.key)
	b.delete(b.key)
	b.hasNone(b.key)
}

func saved(b *bench) {
	b.save(b.key, 0, `{"step":"need"}`, hour)
	b.has(b.key, 1, `{"step":"need"}`)
	b.has(b.key, 1, `{"step":"need"}`)
}

func counted(b *bench) {
	for v := range int64(12) { // beyond 9, where versions compared as text would go wrong
		b.save(b.key, v, fmt.Sprint("state ", v), hour)
		b.has(b.key, v+1, fmt.Sprint("state ", v))
	}
}

func moved(b *bench) {
	b.refused(1) // nothing is stored, so nothing can follow it
	b.hasNone(b.key)
	b.save(b.key, 0, "first", hour)
	b.refused(0)
	b.save(b.key, 1, "second", hour)
	for _, version := range []int64{0, 1, 3, 1 << 53} {
		b.refused(version)
	}
	b.has(b.key, 2, "second")
}

func anyBytes(b *bench) {
	every := make([]byte, 256)
	for i := range every {
		every[i] = byte(i)
	}
	b.save(b.key, 0, string(every), hour)
	b.has(b.key, 1, string(every))
	b.save(b.key, 1, "", hour)
	b.has(b.key, 2, "")
	full := string(bytes.Repeat(every, funnel.MaxSessionData/len(every)))
	b.save(b.key, 2, full, hour)
	b.has(b.key, 3, full)
}

func tooLarge(b *bench) {
	b.save(b.key, 0, "small", hour)
	large := funnel.Session{Data: make([]byte, funnel.MaxSessionData+1), Version: 1}
	if _, err := b.sessions.Save(b.Context(), b.key, large, hour); !errors.Is(err, funnel.ErrSessionTooLarge) {
		b.Fatalf("want ErrSessionTooLarge, got %v", err)
	}
	b.has(b.key, 1, "small")
}

func noLifetime(b *bench) {
	for _, ttl := range []time.Duration{0, -hour} {
		if _, err := b.sessions.Save(b.Context(), b.key, funnel.Session{}, ttl); err == nil {
			b.Fatalf("saved for %s", ttl)
		}
	}
	b.hasNone(b.key)
}

func deleted(b *bench) {
	b.save(b.key, 0, "first", hour)
	b.save(b.key, 1, "second", hour)
	b.delete(b.key)
	b.hasNone(b.key)
	b.refused(2)
	b.save(b.key, 0, "anew", hour)
	b.has(b.key, 1, "anew")
}

func expired(b *bench) {
	b.save(b.key, 0, "first", hour)
	b.save(b.key, 1, "second", hour)
	b.advance(hour - time.Minute)
	b.has(b.key, 2, "second")
	b.advance(time.Minute + time.Second)
	b.hasNone(b.key)
	b.refused(2)
	b.save(b.key, 0, "anew", hour)
	b.has(b.key, 1, "anew")
}

func renewed(b *bench) {
	b.save(b.key, 0, "first", hour)
	b.advance(50 * time.Minute)
	b.save(b.key, 1, "second", hour)
	b.advance(50 * time.Minute)
	b.has(b.key, 2, "second")
	b.save(b.key, 2, "third", time.Minute) // and shortens it
	b.advance(2 * time.Minute)
	b.hasNone(b.key)
}

func apart(b *bench) {
	keys := neighbours()
	for i, key := range keys {
		b.hasNone(key)
		b.save(key, 0, fmt.Sprint("session ", i), hour)
	}
	for i, key := range keys {
		b.has(key, 1, fmt.Sprint("session ", i))
	}
	for i, key := range keys {
		b.delete(key)
		b.hasNone(key)
		for j, other := range keys[i+1:] {
			b.has(other, 1, fmt.Sprint("session ", i+1+j))
		}
	}
}

func oneWins(b *bench) {
	const savers = 16
	for version := range int64(4) {
		var won sync.WaitGroup
		wins := make(chan int64, savers)
		begin := make(chan struct{})
		for range savers {
			won.Go(func() {
				<-begin
				// All write the same: a double press does, and yet only one may go on.
				next, err := b.sessions.Save(b.Context(), b.key, funnel.Session{Data: []byte("same"), Version: version}, hour)
				switch {
				case err == nil:
					wins <- next
				case !errors.Is(err, funnel.ErrSessionMoved):
					b.Errorf("save over version %d: %v", version, err)
				}
			})
		}
		close(begin)
		won.Wait()
		close(wins)
		if len(wins) != 1 {
			b.Fatalf("%d of %d saves over version %d won, want 1", len(wins), savers, version)
		}
		b.has(b.key, version+1, "same")
	}
}

func copied(b *bench) {
	data := []byte("mine")
	if _, err := b.sessions.Save(b.Context(), b.key, funnel.Session{Data: data}, hour); err != nil {
		b.Fatal(err)
	}
	data[0] = 'M'
	b.has(b.key, 1, "mine")
	s, err := b.sessions.Load(b.Context(), b.key)
	if err != nil {
		b.Fatal(err)
	}
	s.Data[0] = 'M'
	b.has(b.key, 1, "mine")
}

func cancelled(b *bench) {
	b.save(b.key, 0, "kept", hour)
	ctx, cancel := context.WithCancel(b.Context())
	cancel()
	_, loadErr := b.sessions.Load(ctx, b.key)
	_, saveErr := b.sessions.Save(ctx, b.key, funnel.Session{Version: 1}, hour)
	for operation, err := range map[string]error{"load": loadErr, "save": saveErr, "delete": b.sessions.Delete(ctx, b.key)} {
		if !errors.Is(err, context.Canceled) {
			b.Errorf("%s: want context.Canceled, got %v", operation, err)
		}
	}
	b.has(b.key, 1, "kept")
}
