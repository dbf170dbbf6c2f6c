package redis_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
	"funnelbot/funnel/sessionstest"
	"funnelbot/storage/memory"
	"funnelbot/storage/redis"
	"funnelbot/storage/redis/redistest"
)

// budget is what one call may take with Redis in any state: half a second and what a busy machine adds.
const budget = 900 * time.Millisecond

func dial(t *testing.T, url string) goredis.UniversalClient {
	t.Helper()
	client, err := redis.Dial(url)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, client.Close()) })
	return client
}

// within runs the call and fails the test if it has not returned in time.
func within(t *testing.T, limit time.Duration, call func() error) error {
	t.Helper()
	done := make(chan error, 1)
	go func() { done <- call() }()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case err := <-done:
		return err
	case <-timer.C:
		require.FailNow(t, "the call did not return in time", "%s", limit)
		return nil
	}
}

func TestSessionsKeepTheirContract(t *testing.T) {
	t.Parallel()
	sessionstest.Run(t, func(t *testing.T) (funnel.Sessions, func(time.Duration)) {
		t.Helper()
		url, pass := redistest.Open(t)
		return redis.NewSessions(dial(t, url)), pass
	})
}

func TestCopiesKeepTheirContract(t *testing.T) {
	t.Parallel()
	sessionstest.RunCache(t, func(t *testing.T) (funnel.SessionCache, func(time.Duration)) {
		t.Helper()
		url, pass := redistest.Open(t)
		return redis.NewSessions(dial(t, url)), pass
	})
}

func TestRedisItselfEndsSessions(t *testing.T) {
	t.Parallel()
	url, _ := redistest.Open(t)
	store, key := redis.NewSessions(dial(t, url)), sessionstest.NewKey()
	_, err := store.Save(t.Context(), key, funnel.Session{Data: []byte("brief")}, 30*time.Millisecond)
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		_, err := store.Load(t.Context(), key)
		return err != nil
	}, 10*time.Second, 5*time.Millisecond)
	_, err = store.Load(t.Context(), key)
	require.ErrorIs(t, err, funnel.ErrNoSession)
}

func TestKeysOfOneMemberLieInOneSlotOfACluster(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	client := dial(t, server.URL())
	store, key := redis.NewSessions(client), sessionstest.NewKey()
	other := key
	other.Place = "{another}"
	for _, k := range []funnel.SessionKey{key, other} {
		_, err := store.Save(t.Context(), k, funnel.Session{}, time.Hour)
		require.NoError(t, err)
	}
	names, err := client.Keys(t.Context(), "*").Result()
	require.NoError(t, err)
	require.Len(t, names, 2)
	tag := "{" + key.Workspace.String() + ":" + key.Member.String() + "}"
	for _, name := range names {
		require.Less(t, strings.Index(name, tag), len(name)-len(tag))
		// The first braces of a key are its tag: https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#hash-tags
		require.Equal(t, strings.Index(name, "{"), strings.Index(name, tag))
	}
}

func TestARestartedServerIsUsedWithoutAnError(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	store, key := redis.NewSessions(dial(t, server.URL())), sessionstest.NewKey()
	_, err := store.Save(t.Context(), key, funnel.Session{}, time.Hour)
	require.NoError(t, err)

	server.Restart(t) // the pool holds a dead connection now

	_, err = store.Load(t.Context(), key)
	require.ErrorIs(t, err, funnel.ErrNoSession)
}

func TestEveryCallEndsInTimeWhateverRedisDoes(t *testing.T) {
	t.Parallel()
	states := map[string]func(t *testing.T) string{
		"accepts and never answers": func(t *testing.T) string {
			t.Helper()
			return redistest.Silent(t)
		},
		"stopped": func(t *testing.T) string {
			t.Helper()
			server := redistest.Start(t)
			server.Stop(t)
			return server.URL()
		},
		"frozen": func(t *testing.T) string {
			t.Helper()
			server := redistest.Start(t)
			server.Freeze(t)
			return server.URL()
		},
		"packets lost on the way": func(*testing.T) string { return "redis://192.0.2.1:6379" }, // RFC 5737: leads nowhere
		"name unknown":            func(*testing.T) string { return "redis://redis.invalid:6379" },
	}
	for name, state := range states {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store, key := redis.NewSessions(dial(t, state(t))), sessionstest.NewKey()
			calls := map[string]func() error{
				"load": func() error { _, err := store.Load(t.Context(), key); return err },
				"save": func() error {
					_, err := store.Save(t.Context(), key, funnel.Session{}, time.Hour)
					return err
				},
				"put":    func() error { return store.Put(t.Context(), key, funnel.Session{Version: 1}, time.Hour) },
				"delete": func() error { return store.Delete(t.Context(), key) },
			}
			for operation, call := range calls {
				err := within(t, budget, call)
				require.Error(t, err, operation)
				require.NotErrorIs(t, err, funnel.ErrNoSession, operation)
				require.NotErrorIs(t, err, funnel.ErrSessionMoved, operation)
			}
		})
	}
}

func TestManyCallsAtOnceToASilentServerAllEndInTime(t *testing.T) {
	t.Parallel()
	store := redis.NewSessions(dial(t, redistest.Silent(t)))
	err := within(t, 2*budget, func() error {
		var all sync.WaitGroup
		for range 200 { // more than the pool has connections
			all.Go(func() { _, _ = store.Load(t.Context(), sessionstest.NewKey()) })
		}
		all.Wait()
		return nil
	})
	require.NoError(t, err)
}

// The tests below hold a dialog over Redis with a durable store beneath it, as the program does.

type layers struct {
	sessions *funnel.Layered
	durable  *memory.Sessions
	log      *lines
	now      func(time.Duration) // makes time pass
}

func layered(t *testing.T, url string, durable *memory.Sessions) layers {
	t.Helper()
	var mu sync.Mutex
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	clock := func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		return now
	}
	if durable == nil {
		durable = memory.NewSessions(clock, 0)
	}
	log := &lines{}
	return layers{
		sessions: funnel.NewLayered(redis.NewSessions(dial(t, url)), durable, clock, slog.New(slog.NewTextHandler(log, nil))),
		durable:  durable, log: log,
		now: func(d time.Duration) {
			mu.Lock()
			defer mu.Unlock()
			now = now.Add(d)
		},
	}
}

// lines keeps what was logged.
type lines struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *lines) count(part string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Count(l.buf.String(), part)
}

func save(t *testing.T, s funnel.Sessions, key funnel.SessionKey, version int64, data string) {
	t.Helper()
	next, err := s.Save(t.Context(), key, funnel.Session{Data: []byte(data), Version: version}, time.Hour)
	require.NoError(t, err)
	require.Equal(t, version+1, next)
}

func has(t *testing.T, s funnel.Sessions, key funnel.SessionKey, version int64, data string) {
	t.Helper()
	got, err := s.Load(t.Context(), key)
	require.NoError(t, err)
	require.Equal(t, funnel.Session{Data: []byte(data), Version: version}, got)
}

func TestFlushedInMidDialogNothingIsLost(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	l, key := layered(t, server.URL(), nil), sessionstest.NewKey()
	save(t, l.sessions, key, 0, "one answer")
	save(t, l.sessions, key, 1, "two answers")

	server.Flush(t)

	has(t, l.sessions, key, 2, "two answers")
	save(t, l.sessions, key, 2, "three answers")
	has(t, l.sessions, key, 3, "three answers")
	require.Zero(t, l.log.count("away"))
}

func TestStoppedInMidDialogItGoesOnAndIsLoggedOnce(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	l, key := layered(t, server.URL(), nil), sessionstest.NewKey()
	save(t, l.sessions, key, 0, "one answer")

	server.Stop(t)
	for version := int64(1); version < 50; version++ {
		save(t, l.sessions, key, version, "more answers")
		has(t, l.sessions, key, version+1, "more answers")
	}
	require.Equal(t, 1, l.log.count("away"))

	server.Restart(t)
	l.now(time.Minute)
	save(t, l.sessions, key, 50, "back")
	has(t, l.sessions, key, 51, "back")
	require.Equal(t, 1, l.log.count("away"))
	require.Equal(t, 1, l.log.count("is back"))
}

func TestAFrozenRedisCostsOneTimeoutAndItsOldCopyNeverWins(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	l, key := layered(t, server.URL(), nil), sessionstest.NewKey()
	save(t, l.sessions, key, 0, "one answer")

	// While Redis hangs the dialog goes on; all of it together takes one timeout.
	server.Freeze(t)
	err := within(t, 2*budget, func() error {
		for version := int64(1); version < 20; version++ {
			if _, err := l.sessions.Save(t.Context(), key, funnel.Session{Data: []byte("more"), Version: version}, time.Hour); err != nil {
				return err
			}
			if _, err := l.sessions.Load(t.Context(), key); err != nil {
				return err
			}
		}
		return nil
	})
	require.NoError(t, err)

	// When it wakes with the copy of then, this process still answers with the newest.
	server.Thaw(t)
	has(t, l.sessions, key, 20, "more")

	// Another process that reads the old copy cannot save over the newer state, and then sees it.
	other := layered(t, server.URL(), l.durable)
	old, err := other.sessions.Load(t.Context(), key)
	require.NoError(t, err)
	if old.Version != 20 { // the frozen server may have been sent a newer copy
		_, err = other.sessions.Save(t.Context(), key, old, time.Hour)
		require.ErrorIs(t, err, funnel.ErrSessionMoved)
	}
	has(t, other.sessions, key, 20, "more")
}

func TestASlowServerDelaysOneMessageOnly(t *testing.T) {
	t.Parallel()
	l, key := layered(t, redistest.Silent(t), nil), sessionstest.NewKey()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	err := within(t, 2*budget, func() error {
		for version := range int64(100) {
			if _, err := l.sessions.Save(ctx, key, funnel.Session{Version: version}, time.Hour); err != nil {
				return err
			}
		}
		return nil
	})
	require.NoError(t, err)
	require.Equal(t, 1, l.log.count("away"))
}
