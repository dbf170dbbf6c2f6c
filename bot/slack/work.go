package slack

import (
	"context"
	"sync"
	"time"
)

// work is what runs beside the requests that began it: none of it is lost by a stop that waits.
type work struct {
	ctx  context.Context //nolint:containedctx // it is the life of what outlives its request
	stop context.CancelFunc

	mu     sync.Mutex
	closed bool
	group  sync.WaitGroup
}

func newWork() *work {
	ctx, stop := context.WithCancel(context.Background())
	return &work{ctx: ctx, stop: stop}
}

// start runs fn with a context of its own, unless the door is closed.
func (w *work) start(fn func(ctx context.Context)) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return false
	}
	w.group.Go(func() {
		ctx, cancel := context.WithTimeout(w.ctx, workTimeout)
		defer cancel()
		fn(ctx)
	})
	return true
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
