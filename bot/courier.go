package bot

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"funnelbot/bot/message"
	"funnelbot/funnel"
)

// Outbox is the owed messages in the hands of one courier. What they are taken by, marked and
// given back with has to outlive any process; see [funnel.Owed].
type Outbox interface {
	// Claim returns at most limit lanes that nobody else drains and whose first message may be
	// sent now.
	Claim(ctx context.Context, from funnel.Lanes, limit int) ([]string, error)
	// Take marks the first message of a claimed lane as tried and returns it, or nil when there is
	// nothing to send in that lane at present.
	Take(ctx context.Context, lane string) (*funnel.Owed, error)
	// Next is Delivered and Take in one. Where there is nothing more to send it gives the lane back
	// and returns nil.
	Next(ctx context.Context, owed *funnel.Owed, messageID string) (*funnel.Owed, error)
	Ends
	// Release gives a claimed lane back. Nobody sends anything there before rest, which may be zero.
	Release(ctx context.Context, lane string, rest time.Time) error
}

// CourierConfig is what a [Courier] needs. Fields up to Log must be given, the others have usable
// zero values.
type CourierConfig struct {
	Outbox Outbox
	// Lanes are those that Sender can deliver.
	Lanes  funnel.Lanes
	Sender Sender
	// Compose puts a message into words. An empty document means that there is nothing to say any
	// more, and counts as delivered.
	Compose func(ctx context.Context, owed *funnel.Owed) (message.Doc, error)
	Clock   func() time.Time
	Log     *slog.Logger

	// Limiter is the one that the answers of the same door share; nil paces nothing.
	Limiter *Limiter
	// Anchors hears of messages about deals, of destinations that are gone and chats that moved;
	// nil tells nobody.
	Anchors Anchors
	// Meter may be nil.
	Meter *Meter

	// Woken is signalled when there may be something to send before the next poll.
	Woken <-chan struct{}
	// Poll is how often the courier looks by itself, by default every second.
	Poll time.Duration
	// Parallel is how many lanes are drained at once, by default 32.
	Parallel int
	// Attempts is after how many a message is buried, by default 20: about two hours.
	Attempts int
	// Timeout bounds one attempt, by default and at most a third of [funnel.Lease].
	Timeout time.Duration
	// Backoff gives the waits between attempts where the platform names none.
	Backoff Backoff
}

const (
	defaultPoll     = time.Second
	defaultParallel = 32
	defaultAttempts = 20
	longestAttempt  = funnel.Lease / 3

	// stopGrace is how long a message that is under way when the courier stops has left. With
	// what is written afterwards it stays within the ten seconds that a stop may take.
	stopGrace = 4 * time.Second
	// queryTimeout bounds one question to the outbox.
	queryTimeout = 5 * time.Second
	// turn is how many messages a lane may send before the others of a crowd come first.
	turn = 50
	// backlog is how many lanes are claimed for each one that is drained: looking for lanes costs
	// more the more of them there are.
	backlog = 8
	// shortRest is how long a lane waits for its turn at the platform while others wait for its
	// place. For longer rests it is given back.
	shortRest = 50 * time.Millisecond
)

// Courier delivers owed messages: every lane in order, lanes side by side. Any number of couriers
// may work on one outbox.
type Courier struct {
	CourierConfig
	settler settler
	places  chan struct{}
	ended   chan laneEnd
	// moved are the new identifiers of chats by the lanes of their old ones.
	moved sync.Map
}

// NewCourier returns a courier that does nothing before Run.
func NewCourier(c CourierConfig) *Courier {
	if c.Poll <= 0 {
		c.Poll = defaultPoll
	}
	if c.Parallel <= 0 {
		c.Parallel = defaultParallel
	}
	if c.Attempts <= 0 {
		c.Attempts = defaultAttempts
	}
	if c.Timeout <= 0 || c.Timeout > longestAttempt {
		c.Timeout = longestAttempt
	}
	return &Courier{
		CourierConfig: c, places: make(chan struct{}, c.Parallel), ended: make(chan laneEnd, backlog*c.Parallel),
		settler: settler{
			ends: c.Outbox, limiter: c.Limiter, anchors: c.Anchors, clock: c.Clock, log: c.Log, meter: c.Meter,
			backoff: c.Backoff, attempts: c.Attempts,
		},
	}
}

// Run delivers until ctx ends. A message that is under way then is finished, for a few seconds at
// most, no other is begun, and every lane is given back before Run returns.
func (c *Courier) Run(ctx context.Context) {
	poll := time.NewTicker(c.Poll)
	defer poll.Stop()
	rest := rests{timer: time.NewTimer(c.Poll)}
	defer rest.timer.Stop()
	running := lanes{}
	trouble := false
	for look := true; ; {
		if look {
			err := c.claim(ctx, running)
			if err != nil && ctx.Err() == nil && !trouble {
				c.Log.WarnContext(ctx, "outbox cannot be read, trying on", slog.Any("error", err))
			}
			trouble = err != nil
		}
		select {
		case <-ctx.Done():
			for len(running) > 0 {
				c.end(ctx, running, <-c.ended)
			}
			return
		case <-c.Woken:
			look = true
		case <-poll.C:
			look = true
		case <-rest.timer.C:
			look = true
			rest.ended(c.Clock())
		case end := <-c.ended:
			look = false
			for more := true; more; {
				c.end(ctx, running, end)
				now := c.Clock()
				switch {
				case end.err != nil: // only the poll tries again
				case end.rest.After(now):
					rest.add(now, end.rest)
				default:
					// A message may have come into the lane while it was given back, and a crowd may be
					// waiting for the place.
					look = true
				}
				select {
				case end = <-c.ended:
				default:
					more = false
				}
			}
		}
	}
}

// drain delivers the messages of a lane in order until none may be sent, and gives the lane back.
func (c *Courier) drain(ctx context.Context, lane string) (last after, err error) {
	last, err = c.drainTurn(ctx, lane)
	if err != nil {
		c.Log.WarnContext(ctx, "lane not drained, trying on", slog.String("lane", lane), slog.Any("error", err))
	}
	if last.released {
		return last, err
	}
	asking, cancel := context.WithTimeout(context.WithoutCancel(ctx), queryTimeout)
	defer cancel()
	if err := c.Outbox.Release(asking, lane, last.rest); err != nil {
		c.Log.WarnContext(ctx, "lane not given back, it will be free later", slog.String("lane", lane), slog.Any("error", err))
		return last, err
	}
	return last, err
}

func (c *Courier) drainTurn(ctx context.Context, lane string) (last after, err error) {
	for n := 1; n <= turn && (ctx.Err() == nil || last.next != nil); n++ {
		owed := last.next
		if owed == nil {
			if owed, last.rest, err = c.take(ctx, lane); owed == nil || err != nil {
				return last, err
			}
		}
		last, err = c.deliver(ctx, owed, n < turn)
		if err != nil || last.released || !last.rest.IsZero() {
			return last, err
		}
	}
	return last, nil
}

// take waits for the turn of the lane at the platform before it marks a message, so that a mark
// without a message that was sent is rare. It is not broken off by the stop after that: the mark
// would stay, and the message be in doubt.
func (c *Courier) take(ctx context.Context, lane string) (owed *funnel.Owed, rest time.Time, err error) {
	wait, err := c.Limiter.wait(ctx, lane, shortRest)
	if err != nil {
		return nil, time.Time{}, nil // the stop ends the wait, which is no fault
	}
	if wait > 0 {
		return nil, c.Clock().Add(wait), nil
	}
	asking, cancel := context.WithTimeout(context.WithoutCancel(ctx), queryTimeout)
	defer cancel()
	owed, err = c.Outbox.Take(asking, lane)
	if owed == nil {
		c.Limiter.giveBack(lane)
	}
	return owed, time.Time{}, err
}
