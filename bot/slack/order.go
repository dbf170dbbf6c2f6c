package slack

import (
	"context"
	"sync"
)

// queues keep the acts of each person in order. The zero value is usable.
type queues struct {
	mu   sync.Mutex
	last map[string]*turn
}

// turn is a place in a queue.
type turn struct {
	all    *queues
	person string
	before *turn
	over   chan struct{}
}

// join takes the place behind all others of the person.
func (q *queues) join(person string) *turn {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.last == nil {
		q.last = map[string]*turn{}
	}
	t := &turn{all: q, person: person, before: q.last[person], over: make(chan struct{})}
	q.last[person] = t
	return t
}

// wait returns when those before have left; false if ctx ended first.
func (t *turn) wait(ctx context.Context) bool {
	if t.before == nil {
		return ctx.Err() == nil
	}
	select {
	case <-t.before.over:
		t.before = nil
		return true
	case <-ctx.Done():
		return false
	}
}

// leave lets the next one in. It is called once.
func (t *turn) leave() {
	t.all.mu.Lock()
	if t.all.last[t.person] == t {
		delete(t.all.last, t.person)
	}
	t.all.mu.Unlock()
	close(t.over)
}
