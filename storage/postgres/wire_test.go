package postgres_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	toxiproxy "github.com/Shopify/toxiproxy/v2"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
	"funnelbot/storage/postgres"
	"funnelbot/storage/postgres/pgtest"
)

// wire is a proxy before the database that can be cut.
type wire struct{ *toxiproxy.Proxy }

func newWire(t *testing.T, upstream string) *wire {
	t.Helper()
	log := zerolog.Nop()
	p := toxiproxy.NewProxy(toxiproxy.NewServer(toxiproxy.NewMetricsContainer(prometheus.NewRegistry()), log), "wire", "127.0.0.1:0", upstream)
	require.NoError(t, p.Start())
	t.Cleanup(p.Stop)
	return &wire{p}
}

func (w *wire) spoil(t *testing.T, kind, stream string) {
	t.Helper()
	toxic := fmt.Sprintf(`{"name": %q, "type": %q, "stream": %q, "attributes": {"timeout": 0}}`, kind+stream, kind, stream)
	_, err := w.Toxics.AddToxicJson(bytes.NewBufferString(toxic))
	require.NoError(t, err)
}

func (w *wire) mend(ctx context.Context) { w.Toxics.ResetToxics(ctx) }

// wired is a world whose store reaches the database through a wire.
func wired(t *testing.T) (*world, *wire) {
	t.Helper()
	server := pgtest.Cluster(t)
	require.NoError(t, migrate(t.Context(), server.URL()))
	wr := newWire(t, server.Addr())
	w := setupOn(t, server.Via(wr.Listen))
	w.pool = pgtest.Pool(t, server.URL())
	w.direct = server.URL()
	return w, wr
}

// tripped calls between once, between the two trips of the first unit of work.
type tripped struct {
	funnel.Store
	between func()
	once    sync.Once
}

func (s *tripped) Change(
	ctx context.Context, ws funnel.ID, key funnel.Key, reads funnel.Reads, decide func(*funnel.Snapshot) (*funnel.Writes, error),
) (funnel.Stored, error) {
	return s.Store.Change(ctx, ws, key, reads, func(snap *funnel.Snapshot) (*funnel.Writes, error) {
		w, err := decide(snap)
		s.once.Do(s.between)
		return w, err
	})
}

func TestACommitWhoseAnswerWasLostCountsOnce(t *testing.T) {
	t.Parallel()
	w, wr := wired(t)
	// One connection, which has prepared its statements: then what comes back after the decision is
	// the answer to the commit.
	store, err := postgres.Open(t.Context(), postgres.Config{
		URL: w.url, Log: slog.New(slog.DiscardHandler), Clock: w.now, Connections: 1,
	})
	require.NoError(t, err)
	t.Cleanup(store.Close)
	move := func(s *funnel.Service, key string, deal funnel.ID) (funnel.Changed, error) {
		return s.Move(t.Context(), w.act(key), funnel.Target{Deal: deal}, funnel.MoveTo{Stage: "proposal"})
	}
	open := func(s *funnel.Service, key string, _ funnel.ID) (funnel.Changed, error) {
		return s.Open(t.Context(), w.act(key), funnel.OpenDeal{Company: funnel.Company{Name: "Лютик " + key}})
	}
	for name, do := range map[string]func(*funnel.Service, string, funnel.ID) (funnel.Changed, error){"move": move, "new": open} {
		_, err := do(w.serve(store), "warm "+name, w.open(t, "Ромашка "+name).Deal.ID)
		require.NoError(t, err)
		opened := w.open(t, "Ветер "+name)
		changes := w.count(t, "changes")
		// The answer is dropped with its connection, and no other connection comes about until the
		// commit is seen to have happened.
		lossy := w.serve(&tripped{Store: store, between: func() {
			wr.spoil(t, "reset_peer", "downstream")
			go func() {
				require.Eventually(t, func() bool { return w.count(t, "changes") > changes }, time.Second, time.Millisecond)
				wr.mend(context.WithoutCancel(t.Context()))
			}()
		}})

		r, err := do(lossy, name, opened.Deal.ID)

		require.NoError(t, err, name)
		require.Equal(t, changes+1, w.count(t, "changes"), name)
		again, err := do(w.service, name, opened.Deal.ID)
		require.NoError(t, err)
		require.Equal(t, r, again, name)
	}
	checkBooks(t, w.pool)
}

func TestAServerThatSwallowsEverythingIsAnsweredInTime(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		// It takes several budgets of 2.5 s of real time; the full run, which CI is, never skips it.
		t.Skip("waits for budgets to end")
	}
	w, wr := wired(t)
	opened := w.open(t, "Ромашка")
	target := funnel.Target{Deal: opened.Deal.ID}
	swallow := func() {
		wr.spoil(t, "timeout", "upstream")
		wr.spoil(t, "timeout", "downstream")
	}

	swallow()
	var group sync.WaitGroup
	for name, ask := range map[string]func() error{
		"change": func() error {
			_, err := w.service.Move(t.Context(), w.act("k1"), target, funnel.MoveTo{Stage: "proposal"})
			return err
		},
		"read": func() error {
			_, err := w.store.Deal(t.Context(), w.space.ID, opened.Deal.ID, 0)
			return err
		},
		"search": func() error {
			_, err := w.store.SearchDeals(t.Context(), w.space.ID, "ромашка", 5)
			return err
		},
		"undo": func() error {
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
			defer cancel()
			_, err := w.service.Undo(ctx, w.act("k2"), 0, 0)
			return err
		},
	} {
		group.Go(func() {
			watch := stopwatch()
			err := ask()
			require.Equal(t, funnel.CodeUnavailable, funnel.CodeOf(err), "%s: %v", name, err)
			require.Less(t, watch(), patience, name)
		})
	}
	group.Wait()
	wr.mend(t.Context())
	_, err := w.service.Move(t.Context(), w.act("k1"), target, funnel.MoveTo{Stage: "proposal"})
	require.NoError(t, err)

	// Cut off between the trips, with the deal locked; then even the end of the program is in time.
	cutOff := make(chan struct{})
	var lonely sync.WaitGroup
	lonely.Go(func() {
		s := w.serve(&tripped{Store: w.store, between: func() {
			swallow()
			close(cutOff)
		}})
		watch := stopwatch()
		_, err := s.Move(t.Context(), w.act("k3"), target, funnel.MoveTo{Stage: "negotiation"})
		require.Equal(t, funnel.CodeUnavailable, funnel.CodeOf(err), "%v", err)
		require.Less(t, watch(), patience)
		watch = stopwatch()
		w.store.Close()
		require.Less(t, watch(), patience, "the program does not end")
	})
	<-cutOff

	// Others get at the deal again although the server has not heard that the process is gone.
	colleague := w.serve(w.beyond(t, w.direct))
	require.Eventually(t, func() bool {
		_, err := colleague.Move(t.Context(), w.act("k4"), target, funnel.MoveTo{Stage: "negotiation"})
		return err == nil
	}, 8*time.Second, 10*time.Millisecond, "the deal stays locked")
	lonely.Wait()
	checkBooks(t, w.pool)
}
