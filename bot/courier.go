package bot

import (
	"context"
	"log/slog"
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
	// Delivered, Postpone and Bury end the attempt. Each may be called again after an error.
	Delivered(ctx context.Context, owed *funnel.Owed, messageID string) error
	Postpone(ctx context.Context, owed *funnel.Owed, setback funnel.Setback) error
	Bury(ctx context.Context, owed *funnel.Owed, reason string) error
	// Release gives a claimed lane back.
	Release(ctx context.Context, lane string) error
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

	// Woken is signalled when there may be something to send before the next poll.
	Woken <-chan struct{}
	// Poll is how often the courier looks by itself, by default every second.
	Poll time.Duration
	// Parallel is how many lanes are drained at once, by default 8.
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
	defaultParallel = 8
	defaultAttempts = 20
	longestAttempt  = funnel.Lease / 3

	// stopGrace is how long a message that is under way when the courier stops has left. With
	// what is written afterwards it stays within the ten seconds that a stop may take.
	stopGrace = 4 * time.Second
	// queryTimeout bounds one question to the outbox.
	queryTimeout = 5 * time.Second
	// turn is how many messages a lane may send before the others of a crowd come first.
	turn = 50
)

// Courier delivers owed messages: every lane in order, lanes side by side. Any number of couriers
// may work on one outbox.
type Courier struct {
	CourierConfig
	ended chan laneEnd
}

// laneEnd says that a lane was given back.
type laneEnd struct {
	lane string
	err  error
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
	return &Courier{CourierConfig: c, ended: make(chan laneEnd, c.Parallel)}
}

// Run delivers until ctx ends. A message that is under way then is finished, for a few seconds at
// most, no other is begun, and every lane is given back before Run returns.
func (c *Courier) Run(ctx context.Context) {
	poll := time.NewTicker(c.Poll)
	defer poll.Stop()
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
				c.end(ctx, running, (<-c.ended).lane)
			}
			return
		case <-c.Woken:
			look = true
		case <-poll.C:
			look = true
		case end := <-c.ended:
			c.end(ctx, running, end.lane)
			// A message may have come into the lane while it was given back, and a crowd may be
			// waiting for the place. After an error only the poll tries again.
			look = end.err == nil
		}
	}
}

// lanes are those that are being drained. True stands for one that was claimed again before word
// came that it had been given back.
type lanes map[string]bool

// claim starts as many lanes as there are free places.
func (c *Courier) claim(ctx context.Context, running lanes) error {
	free := c.Parallel - len(running)
	if free == 0 {
		return nil
	}
	// A claim that is broken off may have happened, so it is not broken off by the stop.
	asking, cancel := context.WithTimeout(context.WithoutCancel(ctx), queryTimeout)
	defer cancel()
	claimed, err := c.Outbox.Claim(asking, c.Lanes, free)
	if err != nil {
		return err
	}
	for _, lane := range claimed {
		if _, twice := running[lane]; twice {
			running[lane] = true
			continue
		}
		c.start(ctx, running, lane)
	}
	return nil
}

func (c *Courier) start(ctx context.Context, running lanes, lane string) {
	running[lane] = false
	go func() { c.ended <- laneEnd{lane, c.drain(ctx, lane)} }()
}

// end takes note of a lane that was given back. One that is claimed again is drained again, which
// also gives it back again.
func (c *Courier) end(ctx context.Context, running lanes, lane string) {
	if running[lane] {
		c.start(ctx, running, lane)
		return
	}
	delete(running, lane)
}

// drain delivers the messages of a lane in order until none may be sent, and gives the lane back.
func (c *Courier) drain(ctx context.Context, lane string) error {
	err := c.drainTurn(ctx, lane)
	if err != nil {
		c.Log.WarnContext(ctx, "lane not drained, trying on", slog.String("lane", lane), slog.Any("error", err))
	}
	asking, cancel := context.WithTimeout(context.WithoutCancel(ctx), queryTimeout)
	defer cancel()
	if err := c.Outbox.Release(asking, lane); err != nil {
		c.Log.WarnContext(ctx, "lane not given back, it will be free later", slog.String("lane", lane), slog.Any("error", err))
		return err
	}
	return err
}

func (c *Courier) drainTurn(ctx context.Context, lane string) error {
	for n := 0; n < turn && ctx.Err() == nil; n++ {
		owed, err := c.take(ctx, lane)
		if owed == nil || err != nil {
			return err
		}
		if err := c.deliver(ctx, owed); err != nil {
			return err
		}
	}
	return nil
}

// take is not broken off by the stop either: the mark would stay, and the message be in doubt.
func (c *Courier) take(ctx context.Context, lane string) (*funnel.Owed, error) {
	asking, cancel := context.WithTimeout(context.WithoutCancel(ctx), queryTimeout)
	defer cancel()
	return c.Outbox.Take(asking, lane)
}
