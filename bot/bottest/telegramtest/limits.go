package telegramtest

import (
	"math"
	"slices"
	"time"
)

// How often a bot may send: https://core.telegram.org/bots/faq#broadcasting-to-users.
const (
	perChat  = 1  // in a second
	perGroup = 20 // in a minute
	perAll   = 30 // in a second
)

// limits are the messages sent lately, when they are counted at all.
type limits struct {
	on    bool
	all   []time.Time
	chats map[int64][]time.Time
}

// Limit turns on the rates Telegram enforces: a message a second in each chat, 20 a minute in a
// group, 30 a second in all. Calls above them are refused with 429 and the seconds until the next
// one is taken; a refused call does not count. Only messages sent are counted, not edits.
func (s *Server) Limit(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.limits = limits{on: on, chats: map[int64][]time.Time{}}
}

// spend counts a message, or refuses it with the time to wait.
func (l *limits) spend(ch *chat, now time.Time) *Refusal {
	if !l.on {
		return nil
	}
	l.all = within(l.all, now, time.Second)
	l.chats[ch.id] = within(l.chats[ch.id], now, time.Minute)
	sent := l.chats[ch.id]
	wait := over(within(sent, now, time.Second), perChat, now, time.Second)
	wait = max(wait, over(l.all, perAll, now, time.Second))
	if ch.kind != private {
		wait = max(wait, over(sent, perGroup, now, time.Minute))
	}
	if wait > 0 {
		return limited(int(math.Ceil(wait.Seconds())))
	}
	l.all = append(l.all, now)
	l.chats[ch.id] = append(sent, now)
	return nil
}

func within(times []time.Time, now time.Time, window time.Duration) []time.Time {
	return slices.DeleteFunc(slices.Clone(times), func(at time.Time) bool { return now.Sub(at) >= window })
}

// over is how long until a window that holds its limit has room again.
func over(times []time.Time, limit int, now time.Time, window time.Duration) time.Duration {
	if len(times) < limit {
		return 0
	}
	return times[len(times)-limit].Add(window).Sub(now)
}
