package bot

import (
	"context"
	"sync"
)

// turns lets those who come under one key in one after the other, in the order in which they came.
// Keys do not wait for each other. The zero turns are ready for use.
type turns[K comparable] struct {
	mu sync.Mutex
	// last is closed when the one who came last under the key has left.
	last map[K]chan struct{}
}

// enter waits for the turn of the caller, who must call leave. An error says that the context ended
// first; there is nothing to leave then.
func (t *turns[K]) enter(ctx context.Context, key K) (leave func(), err error) {
	mine := make(chan struct{})
	t.mu.Lock()
	before := t.last[key]
	if t.last == nil {
		t.last = map[K]chan struct{}{}
	}
	t.last[key] = mine
	t.mu.Unlock()
	leave = func() { t.leave(key, mine) }
	if before == nil {
		return leave, nil
	}
	select {
	case <-before:
		return leave, nil
	case <-ctx.Done():
		// Whoever waits for this place must wait for the one in front of it too.
		go func() {
			<-before
			t.leave(key, mine)
		}()
		return nil, ctx.Err()
	}
}

func (t *turns[K]) leave(key K, mine chan struct{}) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.last[key] == mine {
		delete(t.last, key)
	}
	close(mine)
}
