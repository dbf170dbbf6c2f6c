package bot_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/bot"
)

func TestWaitsDoubleUpToTheMostAndAreSpread(t *testing.T) {
	t.Parallel()
	b := bot.Backoff{First: time.Second, Most: time.Minute}
	for failures, full := range map[int]time.Duration{
		0: time.Second, 1: time.Second, 2: 2 * time.Second, 6: 32 * time.Second, 7: time.Minute, 1 << 30: time.Minute,
	} {
		seen := map[time.Duration]bool{}
		for range 50 {
			wait := b.Wait(failures)
			require.GreaterOrEqual(t, wait, full/2, "after %d", failures)
			require.LessOrEqual(t, wait, full, "after %d", failures)
			seen[wait] = true
		}
		require.Greater(t, len(seen), 1, "all at the same moment")
	}
}

func TestBackoffNeedsNoSetting(t *testing.T) {
	t.Parallel()
	require.LessOrEqual(t, bot.Backoff{}.Wait(1), time.Second)
	require.GreaterOrEqual(t, bot.Backoff{}.Wait(100), 7*time.Minute)
	require.LessOrEqual(t, bot.Backoff{}.Wait(100), 15*time.Minute)
}
