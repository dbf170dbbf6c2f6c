package bot_test

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"funnelbot/bot"
	"funnelbot/bot/message"
	"funnelbot/funnel"
	"funnelbot/storage/postgres"
	"funnelbot/storage/postgres/pgtest"
)

// post is an outbox on a database of its own with a platform to deliver to.
type post struct {
	*testing.T
	url      string
	store    *postgres.Store
	pool     *pgxpool.Pool
	platform *platform
	clock    atomic.Int64
	space    funnel.ID
	owed     map[string][]funnel.ID
}

func newID() funnel.ID { return funnel.ID(uuid.Must(uuid.NewV7())) }

func migrate(ctx context.Context, url string) error {
	return postgres.Migrate(ctx, postgres.Config{URL: url, Log: slog.New(slog.DiscardHandler), Clock: opening})
}

// opening is the time at which the stories of these tests begin: a Monday morning.
func opening() time.Time { return time.Date(2026, time.November, 23, 9, 0, 0, 0, time.UTC) }

func newPost(t *testing.T) *post {
	t.Helper()
	p := &post{T: t, url: pgtest.New(t, migrate), platform: newPlatform(), space: newID(), owed: map[string][]funnel.ID{}}
	p.clock.Store(opening().UnixNano())
	store, err := postgres.Open(t.Context(), postgres.Config{URL: p.url, Log: slog.New(slog.DiscardHandler), Clock: p.now})
	require.NoError(t, err)
	t.Cleanup(store.Close)
	p.store, p.pool = store, pgtest.Pool(t, p.url)
	return p
}

func (p *post) now() time.Time { return time.Unix(0, p.clock.Load()).UTC() }

func (p *post) advance(d time.Duration) { p.clock.Add(int64(d)) }

// owe leaves messages in the outbox, one after the other.
func (p *post) owe(lanes ...string) []funnel.ID {
	p.Helper()
	var notices []funnel.ID
	for _, lane := range lanes {
		n := funnel.Notification{ID: newID(), Kind: funnel.NoticeAssigned, To: newID(), Deal: newID(), Number: 42}
		_, err := p.pool.Exec(p.Context(), `
			INSERT INTO outbox (workspace_id, notice_id, lane, kind, locale, payload, created_at, next_at)
			VALUES ($1, $2, $3, $4, 'en', $5, $6, $6)`, p.space.String(), n.ID.String(), lane, n.Kind, n, p.now())
		require.NoError(p, err)
		p.owed[lane] = append(p.owed[lane], n.ID)
		notices = append(notices, n.ID)
	}
	return notices
}

// courier returns a courier with an owner of its own; change may be nil.
func (p *post) courier(change func(*bot.CourierConfig)) *bot.Courier {
	c := bot.CourierConfig{
		Outbox: p.store.Outbox(newID()), Sender: p.platform, Clock: p.now, Log: slog.New(slog.DiscardHandler),
		Compose: func(_ context.Context, owed *funnel.Owed) (message.Doc, error) {
			return message.New(message.Para(message.Plain("A deal is yours: "), message.Deal(owed.Notice.Number, ""))), nil
		},
		Woken: p.store.Woken(), Poll: 10 * time.Millisecond,
	}
	if change != nil {
		change(&c)
	}
	return bot.NewCourier(c)
}

// during runs the couriers while fn runs, and stops them.
func (p *post) during(fn func(), couriers ...*bot.Courier) {
	p.Helper()
	ctx, stop := context.WithCancel(p.Context())
	var all sync.WaitGroup
	for _, c := range couriers {
		all.Go(func() { c.Run(ctx) })
	}
	defer all.Wait()
	defer stop()
	fn()
}

// deliver runs one courier until n messages have come.
func (p *post) deliver(n int, change func(*bot.CourierConfig)) {
	p.Helper()
	p.during(func() { p.platform.await(p.T, n) }, p.courier(change))
}

// crash makes a courier die after it has marked the first message of a lane.
func (p *post) crash(lane string) {
	p.Helper()
	dead := p.store.Outbox(newID())
	lanes, err := dead.Claim(p.Context(), funnel.Lanes{Exact: []string{lane}}, 1)
	require.NoError(p, err)
	require.Equal(p, []string{lane}, lanes)
	owed, err := dead.Take(p.Context(), lane)
	require.NoError(p, err)
	require.NotNil(p, owed)
	_, err = p.pool.Exec(p.Context(), `UPDATE outbox_leases SET until = now() - interval '1 second'`)
	require.NoError(p, err)
}

// is holds the outbox to what is left in it.
func (p *post) is(pending, buried int) {
	p.Helper()
	state, err := p.store.OutboxState(p.Context())
	require.NoError(p, err)
	require.Equal(p, [2]int{pending, buried}, [2]int{state.Pending, state.Buried}, "pending and buried")
	require.Zero(p, p.count("outbox_leases"), "a lane is still claimed")
}

func (p *post) count(from string) (n int) {
	p.Helper()
	require.NoError(p, p.pool.QueryRow(p.Context(), `SELECT count(*) FROM `+from).Scan(&n))
	return n
}

func (p *post) reasons() (reasons []string) {
	p.Helper()
	require.NoError(p, p.pool.QueryRow(p.Context(),
		`SELECT coalesce(array_agg(buried ORDER BY id), '{}') FROM outbox WHERE buried <> ''`).Scan(&reasons))
	return reasons
}
