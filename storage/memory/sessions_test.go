package memory_test

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
	"funnelbot/funnel/sessionstest"
	"funnelbot/storage/memory"
)

// clock stands still until a test moves it.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func TestSessionsKeepTheirContract(t *testing.T) {
	t.Parallel()
	sessionstest.Run(t, func(*testing.T) (funnel.Sessions, func(time.Duration)) {
		c := newClock()
		return memory.NewSessions(c.Now, 0), c.Advance
	})
}

func TestCopiesKeepTheirContract(t *testing.T) {
	t.Parallel()
	sessionstest.RunCache(t, func(*testing.T) (funnel.SessionCache, func(time.Duration)) {
		c := newClock()
		return memory.NewSessions(c.Now, 0), c.Advance
	})
}

func TestExpiredSessionsGiveTheirMemoryBack(t *testing.T) {
	t.Parallel()
	c := newClock()
	store := memory.NewSessions(c.Now, 0)
	for range 1000 {
		save(t, store, sessionstest.NewKey(), 100, time.Minute)
	}
	sessions, size := store.Size()
	require.Equal(t, 1000, sessions)
	require.Greater(t, size, 100_000)

	c.Advance(time.Minute)

	sessions, size = store.Size()
	require.Zero(t, sessions)
	require.Zero(t, size)
}

func TestAboveTheLimitTheSessionsNearestToTheirEndMakeRoom(t *testing.T) {
	t.Parallel()
	c := newClock()
	const limit = 100_000
	store := memory.NewSessions(c.Now, limit)

	// Given one session that lasts, then far more than fit.
	lasting := sessionstest.NewKey()
	save(t, store, lasting, 1000, 24*time.Hour)
	for range 500 {
		save(t, store, sessionstest.NewKey(), 1000, time.Hour)
		c.Advance(time.Second)
	}

	// Then the store has stayed within its limit and the oldest are gone.
	sessions, size := store.Size()
	require.LessOrEqual(t, size, limit)
	require.Greater(t, sessions, 50)
	_, err := store.Load(t.Context(), lasting)
	require.NoError(t, err)

	// And a session that itself ends first is still kept.
	brief := sessionstest.NewKey()
	save(t, store, brief, 1000, time.Second)
	_, err = store.Load(t.Context(), brief)
	require.NoError(t, err)
}

func TestReplacingAndDeletingKeepTheAccountsTrue(t *testing.T) {
	t.Parallel()
	store := memory.NewSessions(newClock().Now, 0)
	key := sessionstest.NewKey()
	for version := range int64(50) {
		_, err := store.Save(t.Context(), key, funnel.Session{Data: make([]byte, 50-version), Version: version}, time.Hour)
		require.NoError(t, err)
	}
	sessions, size := store.Size()
	require.Equal(t, 1, sessions)
	require.Less(t, size, 500)

	require.NoError(t, store.Delete(t.Context(), key))
	_, size = store.Size()
	require.Zero(t, size)
}

func save(t *testing.T, store *memory.Sessions, key funnel.SessionKey, size int, ttl time.Duration) {
	t.Helper()
	_, err := store.Save(t.Context(), key, funnel.Session{Data: make([]byte, size)}, ttl)
	require.NoError(t, err)
}
