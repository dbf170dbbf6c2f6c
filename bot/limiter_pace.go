package bot

import (
	"time"

	"golang.org/x/time/rate"

	"funnelbot/funnel"
)

// pace is how one chat is doing. A limiter is nil where there is no limit.
type pace struct {
	chat, group *rate.Limiter
	held, used  time.Time
	// gate lets one after the other wait, so that a message that is late for another reason does not
	// come together with the next; queue is how many there are.
	gate  chan struct{}
	queue int
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
			if p.queue == 0 && now.Sub(p.used) > forgetAfter && !now.Before(p.held) {
				delete(l.chats, name)
			}
		}
	}
	p, ok := l.chats[name]
	if !ok {
		p = &pace{chat: limiter(l.limits.Chat, l.limits.Burst), gate: make(chan struct{}, 1)}
		if l.limits.IsGroup != nil && l.limits.IsGroup(chat) {
			p.group = limiter(l.limits.Group, l.limits.GroupBurst)
		}
		l.chats[name] = p
	}
	p.used = now
	return p
}

func (l *Limiter) due(p *pace) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.dueOf(p)
}

// dueOf returns how far off the next message to a chat is, but for those to other chats.
func (l *Limiter) dueOf(p *pace) time.Duration {
	now := l.clock()
	d := max(0, later(l.held, p.held).Sub(now))
	for _, r := range []*rate.Limiter{p.chat, p.group} {
		if r != nil {
			d = max(d, off(r, now, 1))
		}
	}
	return d
}

func (l *Limiter) count(p *pace) {
	for _, r := range []*rate.Limiter{p.chat, p.group} {
		if r != nil {
			r.ReserveN(l.clock(), 1)
		}
	}
}

// off returns how far off the moment is at which there are so many tokens.
func off(r *rate.Limiter, now time.Time, tokens float64) time.Duration {
	return time.Duration(max(0, tokens-r.TokensAt(now)) / float64(r.Limit()) * float64(time.Second))
}

// put brings a token back. A reservation cannot be cancelled once its time has come, but taking
// less than nothing can be done at any time.
func put(r *rate.Limiter, now time.Time) {
	if r != nil {
		r.ReserveN(now, -1)
	}
}
