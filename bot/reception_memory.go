package bot

import (
	"sync"
	"time"
)

// maxRemembered is how many things of a kind are remembered.
const maxRemembered = 50_000

// remembered keeps what was read a moment ago, so that a busy chat does not read it with every line.
type remembered[K comparable, V any] struct {
	life  time.Duration
	clock func() time.Time

	mu   sync.Mutex
	kept map[K]memo[V]
	// floor is when something was forgotten last: what was asked before that may be what was forgotten.
	floor time.Time
}

type memo[V any] struct {
	value V
	at    time.Time
}

func remember[K comparable, V any](life time.Duration, clock func() time.Time) *remembered[K, V] {
	return &remembered[K, V]{life: life, clock: clock, kept: map[K]memo[V]{}}
}

// get returns what is remembered and still fresh. A clock that was set back makes nothing fresh.
func (r *remembered[K, V]) get(key K) (V, bool) {
	now := r.clock()
	r.mu.Lock()
	defer r.mu.Unlock()
	m, ok := r.kept[key]
	if !ok || !r.fresh(m, now) {
		var none V
		return none, false
	}
	return m.value, true
}

func (r *remembered[K, V]) fresh(m memo[V], now time.Time) bool {
	age := now.Sub(m.at)
	return age >= 0 && age < r.life
}

// put remembers what was true at the time, which is that of the question and not of the answer.
func (r *remembered[K, V]) put(key K, value V, at time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if at.Before(r.floor) {
		return
	}
	if len(r.kept) >= maxRemembered {
		r.shrink(at)
	}
	r.kept[key] = memo[V]{value, at}
}

// shrink lets go of what is too old, and of everything where that does not make much room: it must
// not be needed again soon.
func (r *remembered[K, V]) shrink(now time.Time) {
	for k, m := range r.kept {
		if !r.fresh(m, now) {
			delete(r.kept, k)
		}
	}
	if len(r.kept) > maxRemembered/2 {
		clear(r.kept)
	}
}

func (r *remembered[K, V]) forget(key K) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.kept, key)
	r.floor = r.clock()
}

func (r *remembered[K, V]) clear() {
	r.mu.Lock()
	defer r.mu.Unlock()
	clear(r.kept)
	r.floor = r.clock()
}
