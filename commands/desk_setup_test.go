package commands_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"funnelbot/commands"
	"funnelbot/funnel"
	"funnelbot/funnel/definition"
	"funnelbot/storage/memory"
	"funnelbot/storage/postgres"
	"funnelbot/storage/postgres/pgtest"
)

// office is a workspace with a desk, on a database of its own.
type office struct {
	url   string
	pool  *pgxpool.Pool
	space funnel.Workspace
	anna  funnel.Member
	clock *atomic.Int64
	keys  *atomic.Int64

	store   *postgres.Store
	service *funnel.Service
	desk    *commands.Desk
}

func newID() funnel.ID { return funnel.ID(uuid.Must(uuid.NewV7())) }

func migrate(ctx context.Context, url string) error {
	return postgres.Migrate(ctx, postgres.Config{URL: url, Log: slog.New(slog.DiscardHandler), Clock: morning})
}

// morning is when the stories begin: a Monday.
func morning() time.Time { return time.Date(2026, time.November, 23, 9, 0, 0, 0, time.UTC) }

// setup opens an office on a Monday morning. Anna is its admin.
func setup(tb testing.TB) *office {
	tb.Helper()
	o := &office{url: pgtest.New(tb, migrate), clock: &atomic.Int64{}, keys: &atomic.Int64{}}
	o.clock.Store(morning().UnixNano())
	o.pool = pgtest.Pool(tb, o.url)
	o.start(tb)
	o.space = o.settle(tb, "Test works")
	o.anna = o.join(tb, o.space, "Anna", funnel.Admin)
	return o
}

// start puts a process together: a store, its memory over the database, a desk. The office goes on
// with the new one.
func (o *office) start(tb testing.TB) {
	tb.Helper()
	store, err := postgres.Open(tb.Context(), postgres.Config{
		URL: o.url, Log: slog.New(slog.DiscardHandler), Clock: o.now, Connections: 6,
	})
	require.NoError(tb, err)
	tb.Cleanup(store.Close)
	def, err := definition.Default()
	require.NoError(tb, err)
	renewal, err := definition.Renewal()
	require.NoError(tb, err)
	o.store = store
	sessions := funnel.NewLayered(memory.NewSessions(o.now, 0), store.Sessions(), o.now, slog.New(slog.DiscardHandler))
	o.service = funnel.New(funnel.Config{
		Store: store, Clock: o.now, IDs: newID, Copies: sessions,
		Funnels: func(k funnel.Kind) *funnel.Funnel {
			if k == funnel.Renewal {
				return renewal
			}
			return def
		},
	})
	o.desk = commands.NewDesk(commands.DeskConfig{
		Service: o.service, Sessions: sessions,
		NewToken: func() string { return strings.ReplaceAll(uuid.NewString(), "-", "")[:8] },
	})
}

// second is another process on the same database, with the same clock.
func (o *office) second(tb testing.TB) *office {
	tb.Helper()
	other := *o
	other.start(tb)
	return &other
}

func (o *office) settle(tb testing.TB, name string) funnel.Workspace {
	tb.Helper()
	w, err := o.store.Settle(tb.Context(), funnel.Workspace{
		ID: newID(), Name: name, Locale: funnel.English, Zone: "UTC", Currency: "USD", Calendar: funnel.OfficeHours(),
	}, funnel.Team{ID: newID(), Name: "Sales"})
	require.NoError(tb, err)
	return w
}

func (o *office) join(tb testing.TB, w funnel.Workspace, name string, role funnel.Role) funnel.Member {
	tb.Helper()
	m, err := o.store.SignIn(tb.Context(), funnel.Identity{Door: "local", External: w.Name + name, Workspace: w.ID}, funnel.Member{
		Workspace: w.ID, ID: newID(), Name: name, Role: role, Locale: funnel.English, Active: true,
	})
	require.NoError(tb, err)
	return m
}

func (o *office) now() time.Time { return time.Unix(0, o.clock.Load()).UTC() }

func (o *office) advance(d time.Duration) { o.clock.Add(int64(d)) }

// ask makes a request with a key of its own, five seconds after the one before.
func (o *office) ask(m funnel.Member, text string) commands.Ask {
	o.advance(5 * time.Second)
	return commands.Ask{
		Workspace: m.Workspace, Member: m.ID, Door: "local", Place: "here",
		Key: fmt.Sprintf("key-%d", o.keys.Add(1)), Text: text, At: o.now(),
	}
}

func (o *office) press(m funnel.Member, action string) commands.Ask {
	a := o.ask(m, "")
	a.Action = action
	return a
}

func (o *office) answer(tb testing.TB, a commands.Ask) commands.Reply {
	tb.Helper()
	reply, _, err := o.desk.Answer(tb.Context(), a)
	require.NoError(tb, err, "%q %q", a.Text, a.Action)
	require.NotNil(tb, reply)
	return reply
}

// types has Anna type lines one after the other and returns the last reply.
func (o *office) types(tb testing.TB, lines ...string) commands.Reply {
	tb.Helper()
	var reply commands.Reply
	for _, line := range lines {
		reply = o.answer(tb, o.ask(o.anna, line))
	}
	return reply
}

// presses has Anna press buttons one after the other and returns the last reply.
func (o *office) presses(tb testing.TB, actions ...string) commands.Reply {
	tb.Helper()
	var reply commands.Reply
	for _, action := range actions {
		reply = o.answer(tb, o.press(o.anna, action))
	}
	return reply
}

func (o *office) deal(tb testing.TB, number int64) funnel.DealView {
	tb.Helper()
	d, err := o.service.Read().Deal(tb.Context(), o.space.ID, funnel.ID{}, number)
	require.NoError(tb, err)
	require.NotNil(tb, d)
	return *d
}

func (o *office) count(tb testing.TB, from string) int {
	tb.Helper()
	var n int
	require.NoError(tb, o.pool.QueryRow(tb.Context(), "SELECT count(*) FROM "+from).Scan(&n))
	return n
}

// refusal is the code of the refusal that a reply is, or "".
func refusal(r commands.Reply) funnel.Code {
	switch r := r.(type) {
	case commands.Refused:
		return r.Err.Code
	case commands.Aside:
		return refusal(r.Reply)
	}
	return ""
}

// question is the question that a reply ends with.
func question(tb testing.TB, r commands.Reply) commands.Question {
	tb.Helper()
	if s, ok := r.(commands.Sequence); ok {
		r = s.Replies[len(s.Replies)-1]
	}
	q, ok := r.(commands.Question)
	require.True(tb, ok, "%T is no question: %s", r, written(tb, r))
	return q
}

// asked names the step that is asked, "review" for a summary.
func asked(tb testing.TB, r commands.Reply) string {
	tb.Helper()
	q := question(tb, r)
	if q.Outcome.Prompt == nil {
		return "review"
	}
	return q.Outcome.Prompt.Step
}

// written is a reply with its kind, to compare and to read.
func written(tb testing.TB, r commands.Reply) string {
	tb.Helper()
	data, err := json.Marshal(r)
	require.NoError(tb, err)
	return fmt.Sprintf("%T %s", r, data)
}
