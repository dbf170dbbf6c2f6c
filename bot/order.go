package bot

import (
	"context"
	"sync"
)

// Turns let those who come under one key in one after the other, in the order in which they came.
// Keys do not wait for each other. The zero Turns are ready for use, by many at once.
type Turns[K comparable] struct {
	mu sync.Mutex
	// last is closed when the one who came last under the key has left.
	last map[K]chan struct{}
}

// Turn is a place behind all who came before under the same key.
type Turn[K comparable] struct {
	all *Turns[K]
	key K
	// before is closed when it is this one's turn; nil: it is.
	before <-chan struct{}
	over   chan struct{}
}

// Join takes the place behind all others of the key. Whoever joins calls Leave, once, whether or not
// the turn was waited for.
func (t *Turns[K]) Join(key K) *Turn[K] {
	p := &Turn[K]{all: t, key: key, over: make(chan struct{})}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.last == nil {
		t.last = map[K]chan struct{}{}
	}
	if before, ok := t.last[key]; ok {
		p.before = before
	}
	t.last[key] = p.over
	return p
}

// Enter joins and waits. The caller calls leave; after an error, which is that of ctx, there is
// nothing to leave.
func (t *Turns[K]) Enter(ctx context.Context, key K) (leave func(), err error) {
	p := t.Join(key)
	if err := p.Wait(ctx); err != nil {
		p.Leave()
		return nil, err
	}
	return p.Leave, nil
}

// Wait returns when those before have left, or with the error of ctx.
func (p *Turn[K]) Wait(ctx context.Context) error {
	if p.before == nil {
		return nil
	}
	select {
	case <-p.before:
		p.before = nil
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Leave lets the next one in. Whoever waits for a place that was given up waits for those in front of
// it too.
func (p *Turn[K]) Leave() {
	if p.before == nil {
		p.end()
		return
	}
	go func() {
		<-p.before
		p.end()
	}()
}

func (p *Turn[K]) end() {
	p.all.mu.Lock()
	defer p.all.mu.Unlock()
	if p.all.last[p.key] == p.over {
		delete(p.all.last, p.key)
	}
	close(p.over)
}
