package telegram

import (
	"context"
	"sync"
)

// recent remembers the latest values by key, a bounded number of them. What it forgets, and what a
// restart loses, is a convenience: an old keyboard that stays, a part that is posted again.
type recent[V any] struct {
	most int

	mu   sync.Mutex
	all  map[string]V
	keys []string
}

func (r *recent[V]) get(key string) (V, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	v, ok := r.all[key]
	return v, ok
}

func (r *recent[V]) put(key string, v V) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.all == nil {
		r.all = map[string]V{}
	}
	if _, ok := r.all[key]; !ok {
		r.keys = append(r.keys, key)
	}
	r.all[key] = v
	for len(r.keys) > r.most {
		delete(r.all, r.keys[0])
		r.keys = r.keys[1:]
	}
}

// drop forgets a key.
func (r *recent[V]) drop(key string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, ok := r.all[key]; !ok {
		return
	}
	delete(r.all, key)
	for i, k := range r.keys {
		if k == key {
			r.keys = append(r.keys[:i:i], r.keys[i+1:]...)
			return
		}
	}
}

// turns lets what one person does in one chat happen one after the other, in the order in which it
// came: presses come by another queue of the platform than words.
type turns struct {
	mu   sync.Mutex
	last map[string]chan struct{}
}

// take waits for the turn and returns what ends it. The error is that of ctx.
func (t *turns) take(ctx context.Context, key string) (end func(), err error) {
	mine := make(chan struct{})
	t.mu.Lock()
	if t.last == nil {
		t.last = map[string]chan struct{}{}
	}
	before := t.last[key]
	t.last[key] = mine
	t.mu.Unlock()
	over := func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		if t.last[key] == mine {
			delete(t.last, key)
		}
		close(mine)
	}
	if before == nil {
		return over, nil
	}
	select {
	case <-before:
		return over, nil
	case <-ctx.Done():
		// Whoever comes next still waits for those before.
		go func() {
			<-before
			over()
		}()
		return nil, ctx.Err()
	}
}
