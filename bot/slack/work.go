package slack

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// work is what runs beside the requests that began it: none of it is lost by a stop that waits.
type work struct {
	ctx  context.Context //nolint:containedctx // it is the life of what outlives its request
	stop context.CancelFunc
	// next hands work to a goroutine that has done some before, and idle counts those that wait for it:
	// their stacks have grown to what an answer needs, which a new one grows to step by step.
	next chan func(ctx context.Context)
	idle atomic.Int64

	mu     sync.Mutex
	closed bool
	group  sync.WaitGroup
}

// maxIdle is how many goroutines wait for work.
const maxIdle = 32

func newWork() *work {
	ctx, stop := context.WithCancel(context.Background())
	return &work{ctx: ctx, stop: stop, next: make(chan func(context.Context))}
}

// start runs fn with a context of its own, unless the door is closed.
func (w *work) start(fn func(ctx context.Context)) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return false
	}
	w.group.Add(1)
	select {
	case w.next <- fn:
	default:
		go w.run(fn)
	}
	return true
}

func (w *work) run(fn func(ctx context.Context)) {
	for {
		w.do(fn)
		if w.idle.Add(1) > maxIdle {
			w.idle.Add(-1)
			return
		}
		select {
		case fn = <-w.next:
			w.idle.Add(-1)
		case <-w.ctx.Done():
			return
		}
	}
}

func (w *work) do(fn func(ctx context.Context)) {
	defer w.group.Done()
	ctx, cancel := context.WithTimeout(w.ctx, workTimeout)
	defer cancel()
	fn(ctx)
}

// drain takes nothing new, waits for what runs at most so long, and then breaks it off. Once it has
// ended there is nothing left to wait for.
func (w *work) drain(most time.Duration) bool {
	w.mu.Lock()
	w.closed = true
	w.mu.Unlock()
	if w.ctx.Err() != nil {
		return true
	}
	done := make(chan struct{})
	go func() {
		w.group.Wait()
		close(done)
	}()
	late := time.NewTimer(most)
	defer late.Stop()
	select {
	case <-done:
		w.stop()
		return true
	case <-late.C:
		w.stop()
		return false
	}
}
