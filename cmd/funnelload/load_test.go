package main

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// testClock goes forward when somebody waits, and when a request takes time.
type testClock struct {
	mu sync.Mutex
	at time.Time
}

func (c *testClock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *testClock) until(ctx context.Context, at time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if at.After(c.at) {
		c.at = at
	}
	return ctx.Err() == nil
}

func (c *testClock) advance(d time.Duration) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
	return c.at
}

// slow takes so long for every request.
type slow struct {
	clock  *testClock
	takes  []time.Duration
	calls  int
	closed bool
}

func (s *slow) call(context.Context) (verdict, time.Time, string) {
	d := s.takes[min(s.calls, len(s.takes)-1)]
	s.calls++
	return right, s.clock.advance(d), ""
}

func (s *slow) close() { s.closed = true }

var epoch = time.Unix(1_700_000_000, 0)

func TestRequestsAreDueAtTheRateWhateverBecomesOfThem(t *testing.T) {
	t.Parallel()
	c := &testClock{at: epoch}
	due := make(chan time.Time, 1000)
	lost := pace(t.Context(), c, epoch, epoch.Add(time.Second), 400, due)
	require.Zero(t, lost)
	require.Len(t, due, 400)
	n := 0
	for at := range due {
		require.Equal(t, epoch.Add(time.Duration(n)*2500*time.Microsecond), at)
		n++
	}
	require.Equal(t, 1, pace(t.Context(), c, epoch, epoch.Add(time.Second), 4, make(chan time.Time, 3)), "no room for the last")
}

func TestTimeCountsFromTheMomentARequestWasDue(t *testing.T) {
	t.Parallel()
	c := &testClock{at: epoch}
	due := make(chan time.Time, 10)
	for n := range 4 { // ten a second
		due <- epoch.Add(time.Duration(n) * 100 * time.Millisecond)
	}
	close(due)
	k := &slow{clock: c, takes: []time.Duration{350 * time.Millisecond, 10 * time.Millisecond}}
	var s samples
	open(t.Context(), c, k, &s, due, epoch, epoch.Add(time.Hour))
	// One answer that is late by a third of a second makes those behind it late.
	require.Equal(t, []time.Duration{350 * time.Millisecond, 260 * time.Millisecond, 170 * time.Millisecond, 80 * time.Millisecond}, s.took)
}

func TestWhatIsNotSentInTimeIsCounted(t *testing.T) {
	t.Parallel()
	c := &testClock{at: epoch}
	k := &slow{clock: c, takes: []time.Duration{time.Hour}}
	r, err := run(t.Context(), c, plan{connections: 1, rate: 10, duration: time.Second}, []caller{k})
	require.NoError(t, err)
	require.Equal(t, 10, len(r.took)+r.unsent)
	require.Positive(t, r.unsent)
	require.Equal(t, r.unsent, r.errors())
	require.True(t, k.closed)
}

func TestFlatOutSendsTheNextWhenAnAnswerIsThere(t *testing.T) {
	t.Parallel()
	c := &testClock{at: epoch}
	k := &slow{clock: c, takes: []time.Duration{10 * time.Millisecond}}
	r, err := run(t.Context(), c, plan{connections: 1, warmup: time.Second, duration: 2 * time.Second}, []caller{k})
	require.NoError(t, err)
	require.Equal(t, 300, k.calls)
	require.Len(t, r.took, 200, "the warm-up is not measured")
	require.Equal(t, 300, r.sent)
	require.InDelta(t, 100, r.rate(), 0.01)
	require.Equal(t, 10*time.Millisecond, quantile(r.took, 1))
}

func TestRunNeedsAConnection(t *testing.T) {
	t.Parallel()
	_, err := run(t.Context(), &testClock{at: epoch}, plan{}, nil)
	require.ErrorContains(t, err, "connections")
}
