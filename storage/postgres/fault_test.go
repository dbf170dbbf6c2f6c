package postgres_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
	"funnelbot/storage/embedded"
	"funnelbot/storage/postgres/pgtest"
)

// patience is how long a person may wait for an answer of any kind, with a little for a machine
// that runs other tests beside this one.
const patience = 3*time.Second + 500*time.Millisecond

func TestNothingAcknowledgedIsLostWhenAProcessIsKilled(t *testing.T) {
	t.Parallel()
	w := setup(t)
	acked := map[string]string{}
	places := map[string]int{"w0": 0, "w1": 0, "w2": 0, "w3": 0}
	rounds := 6
	if testing.Short() {
		rounds = 2
	}
	for range rounds {
		c := spawn(t, errand{URL: w.url, Space: w.space.ID, Member: w.member.ID, Places: places})
		for range 20 + rand.IntN(200) {
			said, ok := c.line()
			require.True(t, ok, "the process ended by itself: %s", c.err)
			event, version, _ := strings.Cut(said, " ")
			acked[event] = version
		}
		require.NoError(t, c.cmd.Process.Kill())
		// What it said before it died counts as well.
		for said, ok := c.line(); ok; said, ok = c.line() {
			event, version, _ := strings.Cut(said, " ")
			acked[event] = version
		}
		_ = c.cmd.Wait()
		require.Eventually(t, func() bool { return w.count(t, busy) == 0 }, 5*time.Second, 5*time.Millisecond,
			"the sessions of the dead process go on")

		checkBooks(t, w.pool)
		for name := range places {
			// At most the one that was on its way is done without having been acknowledged.
			for places[name] = 0; acked[fmt.Sprintf("%s/%d", name, places[name])] != ""; places[name]++ {
			}
			done := w.count(t, fmt.Sprintf("handled_events WHERE key LIKE '%s/%%' AND key <> '%s/begin'", name, name))
			require.GreaterOrEqual(t, done, places[name], "%s: something acknowledged is lost", name)
			require.LessOrEqual(t, done, places[name]+1, "%s: something was done that nobody asked for", name)
		}
	}
	w.redeliver(t, acked)
}

// busy are sessions in the middle of something.
const busy = `pg_stat_activity WHERE datname = current_database() AND state <> 'idle' AND pid <> pg_backend_pid()`

// redeliver sends everything that was acknowledged once more: the answers must be the same and
// nothing may happen.
func (w *world) redeliver(t *testing.T, acked map[string]string) {
	t.Helper()
	changes := w.count(t, "changes")
	workers := map[string]*worker{}
	for event, version := range acked {
		name, place, _ := strings.Cut(event, "/")
		if workers[name] == nil {
			workers[name] = &worker{service: w.service, space: w.space.ID, member: w.member.ID, name: name}
			require.NoError(t, workers[name].begin(t.Context()))
		}
		var n int
		_, err := fmt.Sscan(place, &n)
		require.NoError(t, err)
		r, err := workers[name].do(t.Context(), n)
		require.NoError(t, err)
		require.Equal(t, version, strconv.FormatInt(r.Deal.Version, 10), "%s was answered differently", event)
	}
	require.Equal(t, changes, w.count(t, "changes"))
	checkBooks(t, w.pool)
}

// load is eight people at work on two stores until they are told to stop.
type load struct {
	acked   sync.Map
	done    atomic.Int64
	refused atomic.Int64
	slowest atomic.Int64
	failed  atomic.Pointer[error]
	stop    chan struct{}
	group   sync.WaitGroup
}

func (w *world) work(t *testing.T, services ...*funnel.Service) *load {
	t.Helper()
	l := &load{stop: make(chan struct{})}
	ctx := context.WithoutCancel(t.Context())
	for i := range 8 {
		l.group.Go(func() {
			k := worker{service: services[i%len(services)], space: w.space.ID, member: w.member.ID, name: fmt.Sprint("w", i)}
			if l.patiently(func() (funnel.Changed, error) { return funnel.Changed{}, k.begin(ctx) }) == nil {
				return
			}
			for n := 0; ; n++ {
				r := l.patiently(func() (funnel.Changed, error) { return k.do(ctx, n) })
				if r == nil {
					return
				}
				l.acked.Store(fmt.Sprintf("%s/%d", k.name, n), strconv.FormatInt(r.Deal.Version, 10))
				l.done.Add(1)
			}
		})
	}
	return l
}

// patiently asks again under the same key for as long as the answer is "try again".
func (l *load) patiently(do func() (funnel.Changed, error)) *funnel.Changed {
	for {
		select {
		case <-l.stop:
			return nil
		default:
		}
		watch := stopwatch()
		r, err := do()
		if took := int64(watch()); took > l.slowest.Load() {
			l.slowest.Store(took)
		}
		switch {
		case err == nil:
			return &r
		case funnel.CodeOf(err) != funnel.CodeUnavailable:
			l.failed.CompareAndSwap(nil, &err)
			return nil
		}
		l.refused.Add(1)
	}
}

// more waits until so many more commands are acknowledged.
func (l *load) more(t *testing.T, n int64) {
	t.Helper()
	want := l.done.Load() + n
	require.Eventually(t, func() bool { return l.done.Load() >= want || l.failed.Load() != nil }, 20*time.Second, 2*time.Millisecond)
}

// end stops the load and returns what was acknowledged.
func (l *load) end(t *testing.T) map[string]string {
	t.Helper()
	close(l.stop)
	l.group.Wait()
	if err := l.failed.Load(); err != nil {
		require.NoError(t, *err, "a person was shown a fault")
	}
	acked := map[string]string{}
	l.acked.Range(func(event, version any) bool {
		acked[fmt.Sprint(event)] = fmt.Sprint(version)
		return true
	})
	return acked
}

func TestNothingIsLostOrDoubledWhenPostgreSQLRestartsUnderLoad(t *testing.T) { //nolint:paralleltest // it needs the machine to itself.
	if testing.Short() {
		t.Skip("restarts a server several times")
	}
	server := pgtest.Cluster(t)
	require.NoError(t, migrate(t.Context(), server.URL()))
	w := setupOn(t, server.URL())
	l := w.work(t, w.service, w.another(t))
	l.more(t, 200)

	for _, mode := range []embedded.Mode{embedded.Fast, embedded.Immediate, embedded.Fast, embedded.Immediate} {
		server.Restart(t, mode)
		l.more(t, 200)
	}
	server.Stop(t, embedded.Fast)
	away := time.NewTimer(2400 * time.Millisecond)
	<-away.C
	server.Start(t)
	l.more(t, 200)

	acked := l.end(t)
	t.Logf("%d commands done, %d told to try again, the slowest answer took %s", len(acked), l.refused.Load(), time.Duration(l.slowest.Load()))
	require.Less(t, time.Duration(l.slowest.Load()), patience)
	checkBooks(t, w.pool)
	w.redeliver(t, acked)
}
