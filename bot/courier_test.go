package bot_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"funnelbot/bot"
	"funnelbot/bot/message"
	"funnelbot/funnel"
)

func TestEveryLaneKeepsItsOrderAndLanesGoSideBySide(t *testing.T) {
	t.Parallel()
	const lanes, each = 6, 20
	p := newPost(t)
	for range each {
		for lane := range lanes {
			p.owe(laneName(lane))
		}
	}
	// The first message of every lane waits for those of all others: only couriers that work on
	// them at the same time get any further.
	var together sync.WaitGroup
	together.Add(lanes)
	var first sync.Map
	p.platform.before = func(parcel bot.Parcel, _ int) error {
		if _, begun := first.LoadOrStore(parcel.Lane, true); !begun {
			together.Done()
			together.Wait()
		}
		return nil
	}

	p.deliver(lanes*each, nil)

	p.platform.has(t, p.owed)
	p.is(0, 0)
}

func TestACrowdOfLanesIsDrainedByFewAtATime(t *testing.T) {
	t.Parallel()
	const lanes = 40
	p := newPost(t)
	for lane := range lanes {
		p.owe(laneName(lane), laneName(lane))
	}

	p.deliver(2*lanes, func(c *bot.CourierConfig) { c.Parallel = 3 })

	p.platform.has(t, p.owed)
	require.LessOrEqual(t, p.platform.most, 3)
	p.is(0, 0)
}

func TestALaneWithMoreThanATurnIsDrainedToItsEnd(t *testing.T) {
	t.Parallel()
	const messages = 130
	p := newPost(t)
	for range messages {
		p.owe("chat:1")
	}

	p.deliver(messages, func(c *bot.CourierConfig) { c.Poll = time.Hour })

	p.platform.has(t, p.owed)
	p.is(0, 0)
}

func TestOnlyLanesOfTheDoorAreTouched(t *testing.T) {
	t.Parallel()
	for name, lanes := range map[string]funnel.Lanes{
		"by name":   {Exact: []string{"a:1", "a:2", "a:1"}},
		"by prefix": {Prefix: "a:"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPost(t)
			p.owe("a:1", "a:2", "a", "b:1", "B:1", "", "ж:1")

			p.deliver(2, func(c *bot.CourierConfig) { c.Lanes = lanes })

			p.platform.has(t, map[string][]funnel.ID{"a:1": p.owed["a:1"], "a:2": p.owed["a:2"]})
			p.is(5, 0)
			require.Zero(t, p.count("outbox WHERE done_at IS NULL AND (tried_at IS NOT NULL OR attempts > 0)"))
		})
	}
}

func TestAMessageThatComesWhileNothingIsDueWakesTheCourier(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	woken := make(chan struct{}, 1)
	idle := p.courier(func(c *bot.CourierConfig) { c.Poll, c.Woken = time.Hour, woken })

	p.during(func() {
		p.owe("chat:1")
		woken <- struct{}{}
		p.platform.await(t, 1)
	}, idle)

	p.is(0, 0)
}

func TestALaneThatIsClaimedAgainWhileItIsGivenBackIsDrainedAgain(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	p.owe("chat:1")

	p.deliver(2, func(c *bot.CourierConfig) {
		c.Outbox = newSluggish(c.Outbox, func() { p.owe("chat:1") })
	})

	p.platform.has(t, p.owed)
	p.is(0, 0)
}

func TestRetryAfterHoldsTheLaneBackAndNoOther(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	slow := p.owe("slow", "slow")[0]
	p.owe("quick")
	p.platform.before = func(parcel bot.Parcel, n int) error {
		if parcel.Notice == slow && n == 1 {
			return &bot.RetryError{After: 30 * time.Second, Err: errors.New("429")}
		}
		return nil
	}

	p.deliver(1, nil)
	p.platform.has(t, map[string][]funnel.ID{"quick": p.owed["quick"]})
	p.is(2, 0)

	// A second before its time, a look at the outbox passes the lane by.
	p.advance(29 * time.Second)
	p.owe("quick")
	p.deliver(1, nil)
	p.platform.has(t, map[string][]funnel.ID{"quick": p.owed["quick"]})
	p.is(2, 0)

	p.advance(time.Second)
	p.deliver(2, nil)
	p.platform.has(t, p.owed)
	p.is(0, 0)
}

func TestWaitsThatThePlatformNamesDoNotCountAsAttempts(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	p.owe("chat:1")
	p.platform.before = func(_ bot.Parcel, n int) error {
		if n < 10 {
			p.advance(time.Minute)
			return &bot.RetryError{After: time.Second, Err: errors.New("429")}
		}
		return nil
	}

	p.deliver(1, func(c *bot.CourierConfig) {
		c.Attempts = 2
		c.Clock = func() time.Time { return p.now().Add(-time.Minute) }
	})

	p.platform.has(t, p.owed)
	p.is(0, 0)
}

func TestWhatIsRefusedAgainAndAgainIsBuriedWithTheReason(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	refused := p.owe("chat:1", "chat:1")[0]
	p.platform.before = func(parcel bot.Parcel, _ int) error {
		if parcel.Notice == refused {
			return &bot.RetryError{Err: errors.New("internal error\x00 \xff of the platform")}
		}
		return nil
	}
	// Clocks of the courier lag behind those of the store, so that a wait is over at once.
	long := func(c *bot.CourierConfig) {
		c.Attempts = 3
		c.Clock = func() time.Time { return p.now().Add(-time.Hour) }
	}

	p.deliver(1, long)

	require.Equal(t, 3, p.platform.sends[refused])
	p.platform.has(t, map[string][]funnel.ID{"chat:1": p.owed["chat:1"][1:]})
	p.is(0, 1)
	require.Equal(t, []string{"attempts: refused for now: internal error  of the platform"}, p.reasons())
}

func TestWhatWillNeverArriveIsBuriedAtOnce(t *testing.T) {
	t.Parallel()
	for name, err := range map[string]error{
		"gone":     &bot.GoneError{Err: errors.New("bot was blocked")},
		"rejected": &bot.RejectedError{Err: errors.New("message is too long")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPost(t)
			bad := p.owe("chat:1", "chat:1")[0]
			p.platform.before = func(parcel bot.Parcel, _ int) error {
				if parcel.Notice == bad {
					return err
				}
				return nil
			}

			p.deliver(1, nil)

			require.Equal(t, 1, p.platform.sends[bad])
			p.is(0, 1)
			require.Equal(t, []string{name + ": " + err.Error()}, p.reasons())
		})
	}
}

func TestWhatCannotBePutIntoWordsWaitsAndHoldsUpItsLaneOnly(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	p.owe("broken", "panicking", "empty", "fine")
	compose := func(_ context.Context, owed *funnel.Owed) (message.Doc, error) {
		switch owed.Lane {
		case "broken":
			return message.Doc{}, errors.New("the deal cannot be read")
		case "panicking":
			panic("no such sentence")
		case "empty":
			return message.Doc{}, nil
		}
		return message.New(message.Head("fine")), nil
	}

	p.during(func() {
		p.platform.await(t, 1)
		require.Eventually(t, func() bool { return p.count("outbox WHERE done_at IS NULL") == 2 }, time.Minute, time.Millisecond)
	}, p.courier(func(c *bot.CourierConfig) { c.Compose, c.Parallel = compose, 1 }))

	p.platform.has(t, map[string][]funnel.ID{"fine": p.owed["fine"]})
	p.is(2, 0)
	require.Zero(t, p.count("outbox WHERE tried_at IS NOT NULL AND done_at IS NULL"), "in doubt without having been sent")
}

// Not parallel: it looks for goroutines that stay behind.
//
//nolint:paralleltest // see above.
func TestAStopFinishesWhatIsUnderWayAndLeavesNothingBehind(t *testing.T) {
	p := newPost(t)
	p.owe("chat:1", "chat:1", "chat:2")
	sending, finish := make(chan struct{}, 2), make(chan struct{})
	p.platform.before = func(bot.Parcel, int) error {
		sending <- struct{}{}
		<-finish
		return nil
	}
	quiet := goleak.IgnoreCurrent()
	courier := p.courier(nil)
	ctx, stop := context.WithCancel(t.Context())
	stopped := make(chan struct{})
	go func() { courier.Run(ctx); close(stopped) }()
	<-sending
	<-sending

	stop()
	select {
	case <-stopped:
		t.Fatal("stopped while a message was under way")
	default:
	}
	close(finish)
	<-stopped

	p.platform.has(t, map[string][]funnel.ID{"chat:1": p.owed["chat:1"][:1], "chat:2": p.owed["chat:2"]})
	p.is(1, 0)
	require.Zero(t, p.count("outbox WHERE done_at IS NULL AND (tried_at IS NOT NULL OR attempts > 0)"))
	goleak.VerifyNone(t, quiet)
}
