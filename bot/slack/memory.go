package slack

import (
	"sync"
	"time"
)

// memory keeps answers of the platform for a while. The zero value is usable.
type memory[V any] struct {
	mu    sync.Mutex
	known map[string]remembered[V]
}

type remembered[V any] struct {
	value V
	until time.Time
}

func (m *memory[V]) get(now time.Time, key string) (V, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, ok := m.known[key]
	if !ok || !now.Before(r.until) {
		var none V
		return none, false
	}
	return r.value, true
}

// put remembers a value. A memory that is full begins anew: it is only there to save calls.
func (m *memory[V]) put(now time.Time, key string, value V, lasts time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.known == nil || len(m.known) >= maxKnown {
		m.known = map[string]remembered[V]{}
	}
	m.known[key] = remembered[V]{value: value, until: now.Add(lasts)}
}

func (m *memory[V]) forget(key string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.known, key)
}
