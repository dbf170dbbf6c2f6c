package bot_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/bot"
	"funnelbot/funnel"
)

// platform is a door's other end. It keeps what arrives, refuses what no platform would be sent,
// and fails as it is told.
type platform struct {
	mu      sync.Mutex
	arrived map[string][]funnel.ID // notices by lane
	sends   map[funnel.ID]int
	inside  map[string]bool
	most    int
	bad     []string
	seen    chan funnel.ID

	// silent is until when the platform wants to hear nothing in a lane, in real time; early are the
	// sends that came before that.
	silent map[string]time.Time
	early  int

	// before decides about the nth send of a parcel, from 1; it may block.
	before func(p bot.Parcel, n int) error
	// after breaks the connection once the message is there.
	after func(p bot.Parcel, n int) error
	// found answers Sent; nil looks the message up.
	found func(p bot.Parcel) (bot.Finding, error)
}

func newPlatform() *platform {
	return &platform{
		arrived: map[string][]funnel.ID{}, sends: map[funnel.ID]int{}, inside: map[string]bool{}, seen: make(chan funnel.ID, 10_000),
		silent: map[string]time.Time{},
	}
}

var errBroken = fmt.Errorf("read the answer: %w", io.ErrUnexpectedEOF)

func (f *platform) Send(ctx context.Context, p bot.Parcel) (string, error) {
	n := f.enter(p)
	defer f.leave(p)
	if f.before != nil {
		if err := f.before(p, n); err != nil {
			return "", err
		}
	}
	if err := ctx.Err(); err != nil {
		return "", err
	}
	f.mu.Lock()
	f.arrived[p.Lane] = append(f.arrived[p.Lane], p.Notice)
	id := f.messageID(p)
	f.mu.Unlock()
	defer func() { f.seen <- p.Notice }()
	if f.after != nil {
		if err := f.after(p, n); err != nil {
			return "", err
		}
	}
	return id, nil
}

func (f *platform) Sent(_ context.Context, p bot.Parcel) (bot.Finding, error) {
	if f.found != nil {
		return f.found(p)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if slices.Contains(f.arrived[p.Lane], p.Notice) {
		return bot.Finding{Verdict: bot.HasArrived, MessageID: f.messageID(p)}, nil
	}
	return bot.Finding{Verdict: bot.SendAgain}, nil
}

func (f *platform) messageID(p bot.Parcel) string { return "message of " + p.Notice.String() }

func (f *platform) enter(p bot.Parcel) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.inside[p.Lane] {
		f.bad = append(f.bad, "two at once in lane "+p.Lane)
	}
	if p.Doc.Check() != nil || p.Doc.IsZero() || p.Notice.IsZero() || p.Workspace.IsZero() || p.Member.IsZero() {
		f.bad = append(f.bad, fmt.Sprintf("incomplete parcel %+v", p))
	}
	if real().Before(f.silent[p.Lane]) {
		f.early++
	}
	f.inside[p.Lane] = true
	f.most = max(f.most, len(f.inside))
	f.sends[p.Notice]++
	return f.sends[p.Notice]
}

// hush asks for silence in a lane.
func (f *platform) hush(lane string, d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.silent[lane] = real().Add(d)
}

// forget takes back every wish for silence: a process that was killed may not have heard of it.
func (f *platform) forget() {
	f.mu.Lock()
	defer f.mu.Unlock()
	clear(f.silent)
}

// real is the time outside of the stories.
func real() time.Time { return time.Now() } //nolint:forbidigo // platforms and processes live in it.

func (f *platform) leave(p bot.Parcel) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.inside, p.Lane)
}

// await returns when n more messages have come. It does not wait as long as a lease lasts, so that
// none is delivered only because the claim of another ran out.
func (f *platform) await(t *testing.T, n int) {
	t.Helper()
	late := time.NewTimer(funnel.Lease * 2 / 3)
	defer late.Stop()
	for i := range n {
		select {
		case <-f.seen:
		case <-late.C:
			t.Fatalf("%d of %d messages came", i, n)
		}
	}
}

// has holds the platform to what each lane was owed, in order and once.
func (f *platform) has(t *testing.T, want map[string][]funnel.ID) {
	t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	require.Empty(t, f.bad)
	require.Zero(t, f.early, "sends that came earlier than the platform wants them")
	require.Equal(t, slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(f.arrived)))
	for lane, notices := range want {
		require.Equal(t, notices, f.arrived[lane], "lane %s", lane)
	}
}

// flaky is an outbox whose database is away for the first writes of an end.
type flaky struct {
	bot.Outbox
	fails chan struct{}
}

func newFlaky(o bot.Outbox, fails int) flaky {
	f := flaky{o, make(chan struct{}, fails)}
	for range fails {
		f.fails <- struct{}{}
	}
	return f
}

func (f flaky) Delivered(ctx context.Context, owed *funnel.Owed, messageID string) error {
	select {
	case <-f.fails:
		return errors.New("the database is away")
	default:
		return f.Outbox.Delivered(ctx, owed, messageID)
	}
}

func (f flaky) Next(ctx context.Context, owed *funnel.Owed, messageID string) (*funnel.Owed, error) {
	select {
	case <-f.fails:
		return nil, errors.New("the database is away")
	default:
		return f.Outbox.Next(ctx, owed, messageID)
	}
}

// sluggish is an outbox whose first lane is given back while the courier makes its second claim,
// so before the courier can have learned of that.
type sluggish struct {
	bot.Outbox
	claims, releases *atomic.Int32
	claiming, given  chan struct{}
	meanwhile        func()
}

func newSluggish(o bot.Outbox, meanwhile func()) sluggish {
	return sluggish{o, &atomic.Int32{}, &atomic.Int32{}, make(chan struct{}), make(chan struct{}), meanwhile}
}

func (o sluggish) Claim(ctx context.Context, from funnel.Lanes, limit int) ([]string, error) {
	if o.claims.Add(1) == 2 {
		close(o.claiming)
		<-o.given
		o.meanwhile()
	}
	return o.Outbox.Claim(ctx, from, limit)
}

// Next gives the lane back too, where nothing comes after what was delivered.
func (o sluggish) Next(ctx context.Context, owed *funnel.Owed, messageID string) (*funnel.Owed, error) {
	if o.releases.Add(1) == 1 {
		<-o.claiming
		defer close(o.given)
	}
	return o.Outbox.Next(ctx, owed, messageID)
}

func laneName(n int) string { return "chat:" + strconv.Itoa(n) }
