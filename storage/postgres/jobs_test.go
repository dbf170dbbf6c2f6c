package postgres_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"funnelbot/storage/postgres"
)

// stopJobs stops timed work well within the time that a stop of the program may take.
func stopJobs(t *testing.T, j *postgres.Jobs) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 8*time.Second)
	defer cancel()
	require.NoError(t, j.Stop(ctx))
}

func startJobs(t *testing.T, w *world, work ...postgres.Timed) *postgres.Jobs {
	t.Helper()
	j, err := w.store.Jobs(work...)
	require.NoError(t, err)
	j.Start(t.Context())
	return j
}

func TestTimedWorkIsDoneAgainAndAgainWhateverBecomesOfIt(t *testing.T) {
	t.Parallel()
	w := setup(t)
	fine, failing, panicking := make(chan struct{}, 100), make(chan struct{}, 100), make(chan struct{}, 100)
	jobs := startJobs(t, w,
		postgres.Timed{Name: "fine", Every: time.Second, Run: func(context.Context) error { fine <- struct{}{}; return nil }},
		postgres.Timed{Name: "failing", Every: time.Second, Run: func(context.Context) error {
			failing <- struct{}{}
			return errors.New("not this time")
		}},
		postgres.Timed{Name: "panicking", Every: time.Second, Run: func(context.Context) error {
			panicking <- struct{}{}
			panic("nor this time")
		}},
	)
	defer stopJobs(t, jobs)

	for range 2 {
		<-fine
		<-failing
		<-panicking
	}
}

func TestTwoProcessesDoTimedWorkOnce(t *testing.T) {
	t.Parallel()
	w := setup(t)
	other := setupOn(t, w.url)
	var runs atomic.Int32
	var busy atomic.Bool
	ran := make(chan struct{}, 100)
	work := postgres.Timed{Name: "count", Every: time.Second, Run: func(context.Context) error {
		if !busy.CompareAndSwap(false, true) {
			t.Error("done by both at once")
		}
		defer busy.Store(false)
		runs.Add(1)
		ran <- struct{}{}
		return nil
	}}
	one, two := startJobs(t, w, work), startJobs(t, other, work)

	for range 3 {
		<-ran
	}
	stopJobs(t, one)
	<-ran // the other goes on
	stopJobs(t, two)

	require.EqualValues(t, runs.Load(), w.count(t, "river_job WHERE state = 'completed'"))
}

func TestWorkThatTakesLongDoesNotPileUpAndEndsWithTheStop(t *testing.T) {
	t.Parallel()
	w := setup(t)
	began, ticked := make(chan struct{}, 10), make(chan struct{}, 100)
	jobs := startJobs(t, w,
		postgres.Timed{Name: "long", Every: time.Second, Run: func(ctx context.Context) error {
			began <- struct{}{}
			<-ctx.Done()
			return ctx.Err()
		}},
		postgres.Timed{Name: "tick", Every: time.Second, Run: func(context.Context) error { ticked <- struct{}{}; return nil }},
	)
	<-began
	<-ticked
	<-ticked // by now the long work was due again

	require.Equal(t, 1, w.count(t, "river_job WHERE args->>'name' = 'long'"))
	stopJobs(t, jobs)
}

func TestTheStartDoesNotWaitForADatabaseThatIsAway(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.store.Close()

	jobs := startJobs(t, w, postgres.Timed{Name: "never", Every: time.Second, Run: func(context.Context) error {
		t.Error("ran without a database")
		return nil
	}})

	stopJobs(t, jobs)
}

// Not parallel: it looks for goroutines that stay behind.
//
//nolint:paralleltest // see above.
func TestNothingStaysBehindWhenTimedWorkStops(t *testing.T) {
	w := setup(t)
	ran := make(chan struct{}, 10)
	require.NoError(t, w.store.Ping(t.Context()))
	quiet := goleak.IgnoreCurrent()
	jobs := startJobs(t, w, postgres.Timed{Name: "once", Every: time.Hour, Run: func(context.Context) error { ran <- struct{}{}; return nil }})
	<-ran

	stopJobs(t, jobs)

	w.store.Close()
	goleak.VerifyNone(t, quiet)
}
