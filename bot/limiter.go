package bot

import (
	"context"
	"fmt"
	"math"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Limits is how fast a platform wants to be sent messages. A rate that is zero is no limit.
type Limits struct {
	// All, Chat and Group are messages per second: in all, to one chat, and, on top of Chat, to one
	// chat of several people.
	All, Chat, Group float64
	// Burst and GroupBurst are how many messages may go to a chat at once after a silence, at least
	// one.
	Burst, GroupBurst int
	// IsGroup tells chats of several people by the platform's identifier; nil where Group is zero.
	IsGroup func(chat string) bool
}

// Limiter paces the messages of one door, of the courier and answers alike: to each chat and in
// all. Threads share the pace of their chat. The nil Limiter holds nothing back. It knows of its
// own process only.
type Limiter struct {
	limits Limits
	clock  func() time.Time

	mu    sync.Mutex
	all   *rate.Limiter
	held  time.Time
	chats map[string]*pace
	swept time.Time
}

// NewLimiter returns the limiter of a door.
func NewLimiter(l Limits, clock func() time.Time) *Limiter {
	// A tenth of a second's worth may go at once, so that a platform never counts many more than
	// the rate in any second.
	return &Limiter{
		limits: l, clock: clock, chats: map[string]*pace{}, swept: clock(), all: limiter(l.All, int(l.All/10)),
	}
}

func limiter(perSecond float64, burst int) *rate.Limiter {
	if perSecond <= 0 {
		return nil
	}
	return rate.NewLimiter(rate.Limit(perSecond), max(1, burst))
}

// Wait returns when a message may be sent to the lane. The error says that ctx ended, or would end
// before that; then the message must not be sent.
func (l *Limiter) Wait(ctx context.Context, lane string) error {
	most := time.Duration(math.MaxInt64)
	if deadline, ok := ctx.Deadline(); ok {
		most = time.Until(deadline)
	}
	rest, err := l.wait(ctx, lane, most)
	if err == nil && rest > 0 {
		err = context.DeadlineExceeded
	}
	if err != nil {
		return fmt.Errorf("wait for the turn of %s: %w", lane, err)
	}
	return nil
}

// Hold keeps messages from a chat for so long, as the platform has asked.
func (l *Limiter) Hold(lane string, d time.Duration) {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	p := l.pace(lane)
	p.held = later(p.held, l.clock().Add(d))
}

// HoldAll keeps messages from every chat for so long.
func (l *Limiter) HoldAll(d time.Duration) {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.held = later(l.held, l.clock().Add(d))
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// wait returns when a message may be sent, with a rest of zero. Where that is further off than
// most, it returns at once about how far; nothing may be sent then.
func (l *Limiter) wait(ctx context.Context, lane string, most time.Duration) (rest time.Duration, err error) {
	if l == nil {
		return 0, ctx.Err()
	}
	p, rest := l.join(lane, most)
	if rest > most {
		return rest, nil
	}
	defer l.leave(p)
	select {
	case <-ctx.Done():
		return 0, ctx.Err()
	case p.gate <- struct{}{}:
	}
	defer func() { <-p.gate }()
	for {
		if rest = l.due(p); rest > most {
			return rest, nil
		}
		if rest > 0 {
			err = pause(ctx, rest)
		} else {
			var sent bool
			if sent, err = l.pass(ctx, p); sent {
				return 0, nil
			}
		}
		if err != nil {
			return 0, err
		}
	}
}

// join queues up at the gate of a chat, unless the way would be longer than most.
func (l *Limiter) join(lane string, most time.Duration) (*pace, time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	p := l.pace(lane)
	rest := l.dueOf(p)
	for _, r := range []*rate.Limiter{p.chat, p.group} {
		if r != nil {
			rest = max(rest, off(r, l.clock(), float64(p.queue+1)))
		}
	}
	if rest <= most {
		p.queue++
	}
	return p, rest
}

func (l *Limiter) leave(p *pace) {
	l.mu.Lock()
	defer l.mu.Unlock()
	p.queue--
}

// pass counts a message to a chat that is due, when its turn among those to all chats has come.
// It reports false where the platform has asked for silence meanwhile.
func (l *Limiter) pass(ctx context.Context, p *pace) (bool, error) {
	l.mu.Lock()
	var d time.Duration
	if l.all != nil {
		d = l.all.ReserveN(l.clock(), 1).DelayFrom(l.clock())
	}
	l.mu.Unlock()
	err := pause(ctx, d)
	l.mu.Lock()
	defer l.mu.Unlock()
	if err != nil || l.dueOf(p) > 0 {
		put(l.all, l.clock())
		return false, err
	}
	l.count(p)
	return true, nil
}

// now reports whether a message may be sent to the lane at once, and counts it if so.
func (l *Limiter) now(lane string) bool {
	if l == nil {
		return true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	p := l.pace(lane)
	if p.queue > 0 || l.dueOf(p) > 0 || l.all != nil && !l.all.AllowN(l.clock(), 1) {
		return false
	}
	l.count(p)
	return true
}

// giveBack uncounts a message that is not sent after all.
func (l *Limiter) giveBack(lane string) {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	p, now := l.pace(lane), l.clock()
	put(p.chat, now)
	put(p.group, now)
	put(l.all, now)
}

// pause returns after d, or with the error of ctx.
func pause(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
