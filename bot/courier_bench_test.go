package bot_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"funnelbot/bot"
	"funnelbot/bot/message"
	"funnelbot/funnel"
	"funnelbot/storage/postgres"
	"funnelbot/storage/postgres/pgtest"
)

// BenchmarkDelivery drains messages to a platform behind HTTP that sets no limit. The bare loop
// makes the writes that cannot be left out, a mark before a message is sent and its end afterwards,
// in as many goroutines, and does nothing else.
//
// With the server of TEST_DATABASE_URL it measures what that one's disk takes.
func BenchmarkDelivery(b *testing.B) {
	for name, shape := range map[string]struct{ lanes int }{"many lanes": {1000}, "few lanes": {32}} {
		b.Run("courier/"+name, func(b *testing.B) {
			h := newHaul(b, shape.lanes, b.N)
			courier := h.courier(nil)
			ctx, stop := context.WithCancel(b.Context())
			var done sync.WaitGroup
			b.ResetTimer()
			done.Go(func() { courier.Run(ctx) })
			h.platform.await(b, b.N)
			b.StopTimer()
			stop()
			done.Wait()
			h.rate(b)
		})
		b.Run("bare/"+name, func(b *testing.B) {
			h := newHaul(b, shape.lanes, b.N)
			b.ResetTimer()
			h.bare(b)
			b.StopTimer()
			h.rate(b)
		})
	}
}

// BenchmarkPickUp measures from the commit of a message to its arrival at the platform, of one
// message at a time in a process that is otherwise idle.
func BenchmarkPickUp(b *testing.B) {
	h := newHaul(b, 0, 0)
	courier := h.courier(func(c *bot.CourierConfig) { c.Woken = h.woken })
	ctx, stop := context.WithCancel(b.Context())
	var done sync.WaitGroup
	done.Go(func() { courier.Run(ctx) })
	var took []time.Duration
	for n := range b.N {
		h.owe(b, 1, 1)
		from := b.Elapsed()
		h.woken <- struct{}{}
		h.platform.await(b, n+1)
		took = append(took, b.Elapsed()-from)
	}
	b.StopTimer()
	stop()
	done.Wait()
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
}

// haul is an outbox with messages and a platform that takes everything.
type haul struct {
	store    *postgres.Store
	pool     *pgxpool.Pool
	platform *sink
	client   *http.Client
	url      string
	space    funnel.ID
	woken    chan struct{}
}

func newHaul(b *testing.B, lanes, messages int) *haul {
	b.Helper()
	h := &haul{platform: newSink(), space: newID(), woken: make(chan struct{}, 1)}
	url := pgtest.New(b, migrate)
	store, err := postgres.Open(b.Context(), postgres.Config{URL: url, Log: slog.New(slog.DiscardHandler), Clock: opening})
	require.NoError(b, err)
	b.Cleanup(store.Close)
	h.store, h.pool = store, pgtest.Pool(b, url)
	server := httptest.NewServer(h.platform)
	b.Cleanup(server.Close)
	h.url = server.URL
	transport := &http.Transport{MaxIdleConnsPerHost: 64}
	b.Cleanup(transport.CloseIdleConnections)
	h.client = &http.Client{Transport: transport}
	if messages > 0 {
		h.owe(b, lanes, messages)
		_, err = h.pool.Exec(b.Context(), `ANALYZE outbox`)
		require.NoError(b, err)
	}
	return h
}

func (h *haul) owe(b *testing.B, lanes, messages int) {
	b.Helper()
	_, err := h.pool.Exec(b.Context(), `
		INSERT INTO outbox (workspace_id, notice_id, lane, kind, locale, payload, created_at, next_at)
		SELECT $1, gen_random_uuid(), 'chat:' || n % $3, 'assigned', 'en', jsonb_build_object(
			'id', gen_random_uuid(), 'kind', 'assigned', 'to', gen_random_uuid(), 'deal', gen_random_uuid(), 'number', n), $4, $4
		FROM generate_series(1, $2) n`, h.space.String(), messages, lanes, opening())
	require.NoError(b, err)
}

func (h *haul) courier(change func(*bot.CourierConfig)) *bot.Courier {
	c := bot.CourierConfig{
		Outbox: h.store.Outbox(newID()), Sender: h, Clock: opening, Log: slog.New(slog.DiscardHandler),
		Compose: func(_ context.Context, owed *funnel.Owed) (message.Doc, error) {
			return message.New(message.Para(message.Plain("A deal is yours: "), message.Deal(owed.Notice.Number, ""))), nil
		},
	}
	if change != nil {
		change(&c)
	}
	return bot.NewCourier(c)
}

// Send implements bot.Sender.
func (h *haul) Send(ctx context.Context, p bot.Parcel) (string, error) {
	return p.Notice.String(), h.post(ctx, p.Lane)
}

// Sent implements bot.Sender.
func (h *haul) Sent(context.Context, bot.Parcel) (bot.Finding, error) {
	return bot.Finding{Verdict: bot.GiveUp}, nil
}

func (h *haul) post(ctx context.Context, lane string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, h.url, strings.NewReader("chat="+lane+"&text=A+deal+is+yours"))
	if err != nil {
		return err
	}
	resp, err := h.client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	_, err = io.Copy(io.Discard, resp.Body)
	return err
}

// bare delivers every message with two commits for each.
func (h *haul) bare(b *testing.B) {
	b.Helper()
	rows, err := h.pool.Query(b.Context(), `SELECT array_agg(id ORDER BY id), lane FROM outbox GROUP BY lane`)
	require.NoError(b, err)
	type lane struct {
		ids  []int64
		name string
	}
	work := make(chan lane, b.N)
	for rows.Next() {
		var l lane
		require.NoError(b, rows.Scan(&l.ids, &l.name))
		work <- l
	}
	require.NoError(b, rows.Err())
	close(work)
	errs := make(chan error, 32)
	for range 32 {
		go func() {
			for l := range work {
				for _, id := range l.ids {
					if err := h.one(b.Context(), id, l.name); err != nil {
						errs <- err
						return
					}
				}
			}
			errs <- nil
		}()
	}
	for range 32 {
		require.NoError(b, <-errs)
	}
}

func (h *haul) one(ctx context.Context, id int64, lane string) error {
	if _, err := h.pool.Exec(ctx, `UPDATE outbox SET tried_at = $2, attempts = attempts + 1 WHERE id = $1`, id, opening()); err != nil {
		return err
	}
	if err := h.post(ctx, lane); err != nil {
		return err
	}
	_, err := h.pool.Exec(ctx, `UPDATE outbox SET done_at = $2, message_id = 'm' WHERE id = $1`, id, opening())
	return err
}

func (h *haul) rate(b *testing.B) {
	b.Helper()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
	var left int
	require.NoError(b, h.pool.QueryRow(b.Context(), `SELECT count(*) FROM outbox WHERE done_at IS NULL OR message_id = ''`).Scan(&left))
	require.Zero(b, left)
}

// sink is a platform that counts.
type sink struct {
	n     atomic.Int64
	until atomic.Int64
	full  chan struct{}
}

func newSink() *sink { return &sink{full: make(chan struct{}, 1)} }

func (s *sink) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	_, _ = io.WriteString(w, `{"ok":true}`)
	if s.n.Add(1) == s.until.Load() {
		s.full <- struct{}{}
	}
}

// await returns when n messages have come in all.
func (s *sink) await(b *testing.B, n int) {
	b.Helper()
	s.until.Store(int64(n))
	if s.n.Load() >= int64(n) {
		select {
		case <-s.full:
		default:
		}
		return
	}
	select {
	case <-s.full:
	case <-b.Context().Done():
		b.Fatal("stopped")
	}
}
