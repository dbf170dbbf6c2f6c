package bot_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/bot"
)

// bubble is the time of a bubble, which passes when all in it wait.
func bubble() time.Time { return time.Now() } //nolint:forbidigo // see above.

// passages sends n messages to each lane at once, and returns when they went, from the start on.
func passages(t *testing.T, l *bot.Limiter, n int, lanes ...string) map[string][]time.Duration {
	t.Helper()
	start := bubble()
	var mu sync.Mutex
	var all sync.WaitGroup
	went := map[string][]time.Duration{}
	for _, lane := range lanes {
		for range n {
			all.Go(func() {
				if err := l.Wait(t.Context(), lane); err != nil {
					t.Errorf("wait for %s: %v", lane, err)
				}
				mu.Lock()
				defer mu.Unlock()
				went[lane] = append(went[lane], bubble().Sub(start))
			})
		}
	}
	all.Wait()
	return went
}

func TestAChatIsPacedAndItsThreadsShareThePace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := bot.NewLimiter(bot.Limits{Chat: 1, Burst: 2}, bubble)

		went := passages(t, l, 2, "a:1", "a:1/7", "a:2")

		var one []time.Duration
		one = append(append(one, went["a:1"]...), went["a:1/7"]...)
		require.ElementsMatch(t, []time.Duration{0, 0, time.Second, 2 * time.Second}, one)
		require.Equal(t, []time.Duration{0, 0}, went["a:2"], "another chat")
	})
}

func TestGroupsHaveAPaceOfTheirOwnOnTop(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := bot.NewLimiter(bot.Limits{
			Chat: 1, Group: 0.25, GroupBurst: 2, IsGroup: func(chat string) bool { return strings.HasPrefix(chat, "-") },
		}, bubble)

		went := passages(t, l, 4, "t:-1", "t:1")

		require.Equal(t, []time.Duration{0, time.Second, 4 * time.Second, 8 * time.Second}, went["t:-1"])
		require.Equal(t, []time.Duration{0, time.Second, 2 * time.Second, 3 * time.Second}, went["t:1"])
	})
}

func TestNoSecondSeesManyMoreMessagesThanAllMayHave(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const rate, chats = 30, 200
		l := bot.NewLimiter(bot.Limits{All: rate, Chat: 1}, bubble)
		var lanes []string
		for n := range chats {
			lanes = append(lanes, laneName(n))
		}

		seconds := map[int]int{}
		for lane, went := range passages(t, l, 2, lanes...) {
			require.GreaterOrEqual(t, went[1]-went[0], 900*time.Millisecond, lane)
			for _, at := range went {
				seconds[int(at.Seconds())]++
			}
		}

		for second, n := range seconds {
			require.LessOrEqual(t, n, rate+rate/10, "second %d", second)
		}
		require.LessOrEqual(t, len(seconds), 2*chats/rate+2, "slower than need be")
	})
}

func TestAHoldKeepsOneChatSilentToTheEndAndNotAnother(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := bot.NewLimiter(bot.Limits{Chat: 1}, bubble)
		l.Hold("a:1/7", 30*time.Second)
		l.Hold("a:1", 10*time.Second) // the longer one counts

		went := passages(t, l, 2, "a:1", "a:2")

		require.Equal(t, []time.Duration{30 * time.Second, 31 * time.Second}, went["a:1"])
		require.Equal(t, []time.Duration{0, time.Second}, went["a:2"])
	})
}

func TestAHoldReachesThoseWhoWaitAlready(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := bot.NewLimiter(bot.Limits{Chat: 1}, bubble)
		time.AfterFunc(500*time.Millisecond, func() { l.HoldAll(5 * time.Second) })

		went := passages(t, l, 3, "a:1")

		require.Equal(t, []time.Duration{0, 5500 * time.Millisecond, 6500 * time.Millisecond}, went["a:1"])
	})
}

func TestWhoCannotWaitSoLongIsToldAtOnceAndTakesNobodysTurn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := bot.NewLimiter(bot.Limits{Chat: 0.1}, bubble)
		require.NoError(t, l.Wait(t.Context(), "a:1"))
		start := bubble()
		short, stop := context.WithTimeout(t.Context(), 3*time.Second)
		defer stop()
		for range 5 {
			require.ErrorIs(t, l.Wait(short, "a:1"), context.DeadlineExceeded)
		}
		require.Zero(t, bubble().Sub(start))

		leaving, leave := context.WithCancel(t.Context())
		time.AfterFunc(2*time.Second, leave)
		require.ErrorIs(t, l.Wait(leaving, "a:1"), context.Canceled)
		require.NoError(t, l.Wait(t.Context(), "a:1"))
		require.Equal(t, 10*time.Second, bubble().Sub(start))
	})
}

func TestWithoutLimitsNobodyWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var none *bot.Limiter
		none.Hold("a:1", time.Hour)
		none.HoldAll(time.Hour)
		start := bubble()
		for n := range 1000 {
			require.NoError(t, none.Wait(t.Context(), fmt.Sprint("a:", n%3)))
			require.NoError(t, bot.NewLimiter(bot.Limits{}, bubble).Wait(t.Context(), "a:1"))
		}
		require.Zero(t, bubble().Sub(start))
	})
}

func TestManyChatsOfLongAgoAreForgotten(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := bot.NewLimiter(bot.Limits{Chat: 1}, bubble)
		l.Hold(laneName(0), time.Hour)
		for n := range 1000 {
			l.Hold(laneName(n), time.Second)
		}
		require.Equal(t, 1000, bot.Paced(l))

		// Nothing waits: in a bubble of synctest sleeping is how the clock is moved, and takes no time.
		time.Sleep(15 * time.Minute) //nolint:forbidigo // time in a bubble passes at once.
		require.NoError(t, l.Wait(t.Context(), "another:1"))

		require.Equal(t, 2, bot.Paced(l), "all but the one that is held and the one just heard of")
	})
}
