package funnel_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
	"funnelbot/funnel/sessionstest"
	"funnelbot/storage/memory"
)

// layers is a layered store with its parts in the hands of the test.
type layers struct {
	*funnel.Layered
	fast    *fickle
	durable *memory.Sessions
	log     *record
	pass    func(time.Duration)
	clock   func() time.Time
}

func newLayers() *layers {
	var mu sync.Mutex
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	l := &layers{log: &record{}}
	l.clock = func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		return now
	}
	l.pass = func(d time.Duration) {
		mu.Lock()
		defer mu.Unlock()
		now = now.Add(d)
	}
	l.fast = &fickle{SessionCache: memory.NewSessions(l.clock, 0)}
	l.durable = memory.NewSessions(l.clock, 0)
	l.Layered = l.process()
	return l
}

// process returns another process over the same two stores.
func (l *layers) process() *funnel.Layered {
	return funnel.NewLayered(l.fast, l.durable, l.clock, slog.New(slog.NewTextHandler(l.log, nil)))
}

// fickle is a fast store that can be away and counts how often it is asked.
type fickle struct {
	funnel.SessionCache
	away  atomic.Bool
	asked atomic.Int64
	hold  chan struct{} // if set, calls wait for it
}

var errAway = errors.New("connection refused")

func (f *fickle) reach() error {
	f.asked.Add(1)
	if f.hold != nil {
		<-f.hold
	}
	if f.away.Load() {
		return errAway
	}
	return nil
}

func (f *fickle) Load(ctx context.Context, key funnel.SessionKey) (funnel.Session, error) {
	if err := f.reach(); err != nil {
		return funnel.Session{}, err
	}
	return f.SessionCache.Load(ctx, key)
}

func (f *fickle) Put(ctx context.Context, key funnel.SessionKey, s funnel.Session, ttl time.Duration) error {
	if err := f.reach(); err != nil {
		return err
	}
	return f.SessionCache.Put(ctx, key, s, ttl)
}

func (f *fickle) Delete(ctx context.Context, key funnel.SessionKey) error {
	if err := f.reach(); err != nil {
		return err
	}
	return f.SessionCache.Delete(ctx, key)
}

// record keeps what was logged.
type record struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (r *record) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.buf.Write(p)
}

func (r *record) count(part string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return strings.Count(r.buf.String(), part)
}

func (l *layers) save(t *testing.T, key funnel.SessionKey, version int64, data string) {
	t.Helper()
	next, err := l.Save(t.Context(), key, funnel.Session{Data: []byte(data), Version: version}, time.Hour)
	require.NoError(t, err)
	require.Equal(t, version+1, next)
}

func has(t *testing.T, s funnel.Sessions, key funnel.SessionKey, version int64, data string) {
	t.Helper()
	got, err := s.Load(t.Context(), key)
	require.NoError(t, err)
	require.Equal(t, funnel.Session{Data: []byte(data), Version: version}, got)
}

func TestLayeredSessionsKeepTheContractOfSessions(t *testing.T) {
	t.Parallel()
	t.Run("with both stores", func(t *testing.T) {
		t.Parallel()
		sessionstest.Run(t, func(*testing.T) (funnel.Sessions, func(time.Duration)) {
			l := newLayers()
			return l, l.pass
		})
	})
	t.Run("with the fast store away", func(t *testing.T) {
		t.Parallel()
		sessionstest.Run(t, func(*testing.T) (funnel.Sessions, func(time.Duration)) {
			l := newLayers()
			l.fast.away.Store(true)
			return l, l.pass
		})
	})
}

func TestARunningDialogIsReadFromTheFastStore(t *testing.T) {
	t.Parallel()
	l, key := newLayers(), sessionstest.NewKey()
	l.save(t, key, 0, "one answer")

	// Given that the durable store no longer has it, then what is loaded can only be the copy.
	require.NoError(t, l.durable.Delete(t.Context(), key))
	has(t, l, key, 1, "one answer")
}

func TestTheFastStoreMayForgetAtAnyMoment(t *testing.T) {
	t.Parallel()
	l, key := newLayers(), sessionstest.NewKey()
	l.save(t, key, 0, "one answer")
	require.NoError(t, l.fast.Delete(t.Context(), key))

	has(t, l, key, 1, "one answer")
	l.save(t, key, 1, "two answers")
	has(t, l, key, 2, "two answers")
}

func TestACopyThatMissedASaveIsNotReadByTheProcessThatSaved(t *testing.T) {
	t.Parallel()
	l, key := newLayers(), sessionstest.NewKey()
	l.save(t, key, 0, "one answer")

	// When the fast store is away for one save and then back with its old copy.
	l.fast.away.Store(true)
	l.save(t, key, 1, "two answers")
	l.fast.away.Store(false)

	// Then the old copy is never read, neither now nor when the pause is over nor later.
	for range 100 {
		has(t, l, key, 2, "two answers")
		l.pass(10 * time.Second)
	}
}

func TestACopyThatMissedTheEndIsNotReadByTheProcessThatEndedIt(t *testing.T) {
	t.Parallel()
	l, key := newLayers(), sessionstest.NewKey()
	l.save(t, key, 0, "one answer")
	l.fast.away.Store(true)
	require.NoError(t, l.Delete(t.Context(), key))
	l.fast.away.Store(false)

	for range 100 {
		_, err := l.Load(t.Context(), key)
		require.ErrorIs(t, err, funnel.ErrNoSession)
		l.pass(10 * time.Second)
	}
}

func TestAnotherProcessNeverSavesOverANewerStateAndThenSeesIt(t *testing.T) {
	t.Parallel()
	l, key := newLayers(), sessionstest.NewKey()
	other := l.process()
	l.save(t, key, 0, "one answer")

	// Given a save of this process that the shared fast store missed.
	l.fast.away.Store(true)
	l.save(t, key, 1, "two answers")
	l.fast.away.Store(false)

	// When the other process acts on the old copy, then it is told so, and its next look is true.
	old, err := other.Load(t.Context(), key)
	require.NoError(t, err)
	require.EqualValues(t, 1, old.Version)
	_, err = other.Save(t.Context(), key, old, time.Hour)
	require.ErrorIs(t, err, funnel.ErrSessionMoved)
	has(t, other, key, 2, "two answers")
}

func TestAnotherProcessSeesTheEndWithinTheLifeOfACopy(t *testing.T) {
	t.Parallel()
	l, key := newLayers(), sessionstest.NewKey()
	other := l.process()
	l.save(t, key, 0, "one answer")
	l.fast.away.Store(true)
	require.NoError(t, l.Delete(t.Context(), key))
	l.fast.away.Store(false)

	l.pass(5 * time.Minute)

	_, err := other.Load(t.Context(), key)
	require.ErrorIs(t, err, funnel.ErrNoSession)
}

func TestADeadFastStoreIsAskedOncePerRest(t *testing.T) {
	t.Parallel()
	l := newLayers()
	l.fast.away.Store(true)
	for range 60 { // a minute of ten messages a second
		for range 10 {
			key := sessionstest.NewKey()
			l.save(t, key, 0, "an answer")
			has(t, l, key, 1, "an answer")
		}
		l.pass(time.Second)
	}
	require.LessOrEqual(t, l.fast.asked.Load(), int64(12))
	require.Equal(t, 1, l.log.count("is away"))
	require.Zero(t, l.log.count("is back"))
}

func TestComingAndGoingIsLoggedOnceEach(t *testing.T) {
	t.Parallel()
	l, key := newLayers(), sessionstest.NewKey()
	version := int64(0)
	for outage := 1; outage <= 3; outage++ {
		for _, away := range []bool{true, false} {
			l.fast.away.Store(away)
			for range 20 {
				l.save(t, key, version, "answers")
				version++
				l.pass(time.Second)
			}
		}
		require.Equal(t, outage, l.log.count("is away"))
		require.Equal(t, outage, l.log.count("is back"))
	}

	// Back and trusted again once every old copy has expired.
	l.pass(5 * time.Minute)
	l.save(t, key, version, "the last")
	require.NoError(t, l.durable.Delete(t.Context(), key))
	has(t, l, key, version+1, "the last")
}

func TestWhileAwayOnlyOneCallFindsOutWhetherItIsBack(t *testing.T) {
	t.Parallel()
	l := newLayers()
	l.fast.away.Store(true)
	l.save(t, sessionstest.NewKey(), 0, "notices the outage")
	before := l.fast.asked.Load()

	// Given a fast store that hangs when the rest is over.
	l.pass(10 * time.Second)
	l.fast.hold = make(chan struct{})
	var probe sync.WaitGroup
	probe.Go(func() {
		_, err := l.Save(t.Context(), sessionstest.NewKey(), funnel.Session{}, time.Hour)
		if err != nil {
			t.Error(err)
		}
	})
	require.Eventually(t, func() bool { return l.fast.asked.Load() == before+1 }, 10*time.Second, time.Millisecond)

	// Then nobody else waits for it.
	for range 50 {
		l.save(t, sessionstest.NewKey(), 0, "does not wait")
	}
	close(l.fast.hold)
	probe.Wait()
	require.Equal(t, before+1, l.fast.asked.Load())
}

func TestACallerWhoLeavesNeitherBreaksNorMissesTheFastStore(t *testing.T) {
	t.Parallel()
	l, key := newLayers(), sessionstest.NewKey()
	l.save(t, key, 0, "one answer")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := l.Load(ctx, key)
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, l.Delete(ctx, key), context.Canceled)

	require.Zero(t, l.log.count("is away"))
	has(t, l, key, 1, "one answer")
}

func TestManyProcessesAtOnceNeverLoseASave(t *testing.T) {
	t.Parallel()
	l, key := newLayers(), sessionstest.NewKey()
	const processes, saves = 8, 50
	var all sync.WaitGroup
	for range processes {
		p := l.process()
		all.Go(func() {
			for done := 0; done < saves; {
				s, err := p.Load(t.Context(), key)
				if err != nil && !errors.Is(err, funnel.ErrNoSession) {
					t.Error(err)
					return
				}
				s.Data = append(s.Data, '+')
				switch _, err = p.Save(t.Context(), key, s, time.Hour); {
				case err == nil:
					done++
				case !errors.Is(err, funnel.ErrSessionMoved):
					t.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	has(t, l.durable, key, processes*saves, strings.Repeat("+", processes*saves))
	has(t, l, key, processes*saves, strings.Repeat("+", processes*saves))
}
