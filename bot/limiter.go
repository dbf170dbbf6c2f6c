package bot

import (
	"context"
	"fmt"
	"math"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"funnelbot/funnel"
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

// pace is how one chat is doing. A limiter is nil where there is no limit.
type pace struct {
	chat, group *rate.Limiter
	held, used  time.Time
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
// most, it returns at once how far; nothing may be sent then.
func (l *Limiter) wait(ctx context.Context, lane string, most time.Duration) (rest time.Duration, err error) {
	if l == nil {
		return 0, ctx.Err()
	}
	for {
		d, taken := l.take(lane, most)
		if !taken && d > most {
			return d, nil
		}
		err := pause(ctx, d)
		if !taken {
			if err != nil {
				return 0, err
			}
			continue
		}
		if err == nil {
			err = l.waitOfAll(ctx)
		}
		switch {
		case err != nil:
			l.giveBack(lane, false)
			return 0, err
		case l.silenced(lane):
			l.giveBack(lane, true)
		default:
			return 0, nil
		}
	}
}

func (l *Limiter) waitOfAll(ctx context.Context) error {
	l.mu.Lock()
	d, _ := reserve(l.all, l.clock(), math.MaxInt64)
	l.mu.Unlock()
	err := pause(ctx, d)
	if err != nil {
		l.mu.Lock()
		put(l.all, l.clock())
		l.mu.Unlock()
	}
	return err
}

// now reports whether a message may be sent to the lane at once, and counts it if so.
func (l *Limiter) now(lane string) bool {
	if l == nil {
		return true
	}
	if _, taken := l.take(lane, 0); !taken {
		return false
	}
	l.mu.Lock()
	_, taken := reserve(l.all, l.clock(), 0)
	l.mu.Unlock()
	if !taken {
		l.giveBack(lane, false)
	}
	return taken
}

// take counts a message to the chat that is sent after the returned wait. Where that is longer
// than most, or the platform has asked for silence, nothing is counted.
func (l *Limiter) take(lane string, most time.Duration) (wait time.Duration, taken bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	// Nobody queues for the end of a silence, or all who do would speak at once.
	if d := l.silence(lane); d > 0 {
		return d, false
	}
	p, now := l.pace(lane), l.clock()
	wait, taken = reserve(p.chat, now, most)
	if !taken {
		return wait, false
	}
	more, taken := reserve(p.group, now, most)
	if !taken {
		put(p.chat, now)
	}
	return max(wait, more), taken
}

// giveBack uncounts a message that is not sent after all; inAll says that it counts there too.
func (l *Limiter) giveBack(lane string, inAll bool) {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	p, now := l.pace(lane), l.clock()
	put(p.chat, now)
	put(p.group, now)
	if inAll {
		put(l.all, now)
	}
}

func (l *Limiter) silenced(lane string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.silence(lane) > 0
}

func (l *Limiter) silence(lane string) time.Duration {
	return max(0, later(l.held, l.pace(lane).held).Sub(l.clock()))
}

// reserve takes a token that is there within most, and returns how far off it is.
func reserve(r *rate.Limiter, now time.Time, most time.Duration) (wait time.Duration, ok bool) {
	if r == nil {
		return 0, true
	}
	token := r.ReserveN(now, 1)
	if wait = token.DelayFrom(now); wait > most {
		token.CancelAt(now)
		return wait, false
	}
	return wait, true
}

// put brings a token back. A reservation cannot be cancelled once its time has come, but taking
// less than nothing can be done at any time.
func put(r *rate.Limiter, now time.Time) {
	if r != nil {
		r.ReserveN(now, -1)
	}
}

// Chats of which nothing is heard are forgotten: after that long, every bucket is full again.
const (
	forgetAfter = 10 * time.Minute
	sweepEvery  = time.Minute
)

func (l *Limiter) pace(lane string) *pace {
	door, chat, _ := funnel.ParseLane(lane)
	name, now := funnel.LaneOf(door, chat, ""), l.clock()
	if now.Sub(l.swept) > sweepEvery {
		l.swept = now
		for name, p := range l.chats {
			if now.Sub(p.used) > forgetAfter && !now.Before(p.held) {
				delete(l.chats, name)
			}
		}
	}
	p, ok := l.chats[name]
	if !ok {
		p = &pace{chat: limiter(l.limits.Chat, l.limits.Burst)}
		if l.limits.IsGroup != nil && l.limits.IsGroup(chat) {
			p.group = limiter(l.limits.Group, l.limits.GroupBurst)
		}
		l.chats[name] = p
	}
	p.used = now
	return p
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
