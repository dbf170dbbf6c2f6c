package main

import (
	"context"
	"fmt"
	"math"
	"sync"
	"time"
)

// caller sends the requests of one connection, each different from the one before. It is used by one
// goroutine.
type caller interface {
	// call sends the next request, waits for the answer and judges it. Whatever is not right comes
	// with a few words about it. The time at which the answer was there is taken before it is judged.
	call(ctx context.Context) (v verdict, at time.Time, words string)
	close()
}

// clock is the time of a run.
type clock interface {
	now() time.Time
	// until waits for a moment; false says that ctx ended before it.
	until(ctx context.Context, at time.Time) bool
}

// plan is how a run goes.
type plan struct {
	connections int
	// rate is requests in a second; 0 is as many as there are answers.
	rate             float64
	warmup, duration time.Duration
}

// overtime is how long a run that cannot hold its rate works off what is due after its end.
const overtime = 5 * time.Second

// run sends requests over all connections and measures those after the warm-up.
func run(ctx context.Context, c clock, p plan, callers []caller) (result, error) {
	if len(callers) == 0 {
		return result{}, fmt.Errorf("%d connections: at least one is needed", p.connections)
	}
	start := c.now()
	from := start.Add(p.warmup)
	end := from.Add(p.duration)
	all := make([]samples, len(callers))
	due := make(chan time.Time, 1<<16)
	unsent := 0
	var group sync.WaitGroup
	for i, k := range callers {
		group.Go(func() {
			defer k.close()
			if p.rate > 0 {
				open(ctx, c, k, &all[i], due, from, end.Add(overtime))
			} else {
				closed(ctx, c, k, &all[i], from, end)
			}
		})
	}
	if p.rate > 0 {
		unsent = pace(ctx, c, start, end, p.rate, due)
	}
	group.Wait()
	r := together(all, from)
	r.unsent = unsent
	if p.rate > 0 {
		for at := range due {
			if !at.Before(from) {
				r.unsent++
			}
		}
	}
	return r, ctx.Err()
}

// pace says when requests are due, whatever becomes of those before: the nth at n divided by the
// rate. It returns how many found no room any more.
func pace(ctx context.Context, c clock, start, end time.Time, rate float64, due chan<- time.Time) (lost int) {
	defer close(due)
	for n := 0; ; n++ {
		at := start.Add(time.Duration(math.Round(float64(n) / rate * float64(time.Second))))
		if !at.Before(end) || !c.until(ctx, at) {
			return lost
		}
		select {
		case due <- at:
		default:
			lost++
		}
	}
}

// open sends what is due. The time of a request counts from the moment at which it was due and not
// from that at which a connection was free, so that an answer that is late makes those behind it
// late as well.
func open(ctx context.Context, c clock, k caller, s *samples, due <-chan time.Time, from, last time.Time) {
	for c.now().Before(last) {
		at, ok := <-due
		if !ok || ctx.Err() != nil {
			return
		}
		fire(ctx, k, s, at, from)
	}
}

// closed sends the next request as soon as an answer is there.
func closed(ctx context.Context, c clock, k caller, s *samples, from, end time.Time) {
	for ctx.Err() == nil {
		at := c.now()
		if !at.Before(end) {
			return
		}
		fire(ctx, k, s, at, from)
	}
}

func fire(ctx context.Context, k caller, s *samples, began, from time.Time) {
	v, at, words := k.call(ctx)
	s.sent++
	if began.Before(from) {
		return
	}
	s.add(v, at.Sub(began), at)
	if v != right && s.sight == "" {
		s.sight = words
	}
}

// wall is the clock on the wall.
type wall struct{}

func (wall) now() time.Time { return time.Now() }

// spare is how long before a moment the wait for it is handed to the more exact one.
const spare = 2 * time.Millisecond

func (wall) until(ctx context.Context, at time.Time) bool {
	if d := time.Until(at) - spare; d > 0 {
		timer := time.NewTimer(d)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ctx.Done():
			return false
		}
	}
	doze(time.Until(at))
	return ctx.Err() == nil
}
