package bot_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"funnelbot/bot"
	"funnelbot/bot/message"
	"funnelbot/bot/text"
	"funnelbot/commands"
	"funnelbot/funnel"
	"funnelbot/funnel/definition"
	"funnelbot/storage/memory"
	"funnelbot/storage/postgres"
	"funnelbot/storage/postgres/pgtest"
)

// lobby is a reception over a real database, where two companies work: Bluefin, whose Slack team is
// T1 and whose admin Anna is in Telegram too, and Oakline.
type lobby struct {
	*bot.Reception
	pool             *pgxpool.Pool
	store            *watched
	service          *funnel.Service
	bluefin, oakline funnel.Workspace
	clock            *atomic.Int64
	keys             *atomic.Int64
	slack            *guarantor
	log              *journal
	registry         *prometheus.Registry
}

// journal is a log that several write.
type journal struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.all.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.all.String()
}

// watched is a store that counts what is asked of it about who may speak, and fails as it is told.
type watched struct {
	funnel.Store
	asked atomic.Int64
	fail  atomic.Pointer[error]
	// hold is called with the identity that is looked up, if it is set.
	hold atomic.Pointer[func(external string)]
}

func (w *watched) count() error {
	w.asked.Add(1)
	if err := w.fail.Load(); err != nil {
		return *err
	}
	return nil
}

func (w *watched) Revision(ctx context.Context) (int64, error) {
	if err := w.count(); err != nil {
		return 0, err
	}
	return w.Store.Revision(ctx)
}

func (w *watched) Belongings(ctx context.Context, door, external string) ([]funnel.Belonging, error) {
	if hold := w.hold.Load(); hold != nil {
		(*hold)(external)
	}
	if err := w.count(); err != nil {
		return nil, err
	}
	return w.Store.Belongings(ctx, door, external)
}

func (w *watched) Installed(ctx context.Context, door, team string) (funnel.ID, error) {
	if err := w.count(); err != nil {
		return funnel.ID{}, err
	}
	return w.Store.Installed(ctx, door, team)
}

func (w *watched) Chat(ctx context.Context, door, external string) (*funnel.Chat, error) {
	if err := w.count(); err != nil {
		return nil, err
	}
	return w.Store.Chat(ctx, door, external)
}

func (w *watched) Circles(ctx context.Context, workspace funnel.ID) ([]funnel.Circle, error) {
	if err := w.count(); err != nil {
		return nil, err
	}
	return w.Store.Circles(ctx, workspace)
}

func (w *watched) Seen(ctx context.Context, who funnel.Identity) error {
	w.asked.Add(1)
	return w.Store.Seen(ctx, who)
}

func (w *watched) Anchored(ctx context.Context, door, chat, msg string, workspace funnel.ID) (funnel.ID, error) {
	w.asked.Add(1)
	return w.Store.Anchored(ctx, door, chat, msg, workspace)
}

// guarantor vouches for people as it is told.
type guarantor struct {
	mu     sync.Mutex
	people map[string]bot.Vouched
	asked  int
	broken bool
	panics bool
}

func (p *guarantor) Vouch(_ context.Context, who funnel.Caller, circles []funnel.Circle) (bot.Vouched, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked++
	if p.panics {
		// The reception is held to outlive a door with a fault.
		panic("a bug in a door")
	}
	if p.broken {
		return bot.Vouched{}, errors.New("the platform does not answer")
	}
	said := p.people[who.External]
	said.Caller = who
	in := said.Circle
	said.Circle = ""
	for _, c := range circles {
		if c.External == in {
			said.Circle = in
		}
	}
	return said, nil
}

func (p *guarantor) set(external string, v bot.Vouched) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.people[external] = v
}

func (p *guarantor) change(f func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f()
}

func newLobby(tb testing.TB) *lobby {
	tb.Helper()
	l := &lobby{clock: &atomic.Int64{}, keys: &atomic.Int64{}, log: &journal{}, registry: prometheus.NewRegistry()}
	l.clock.Store(noon().UnixNano())
	url := pgtest.New(tb, migrate)
	l.pool = pgtest.Pool(tb, url)
	store, err := postgres.Open(tb.Context(), postgres.Config{
		URL: url, Log: slog.New(slog.DiscardHandler), Clock: l.now, Connections: 4,
	})
	require.NoError(tb, err)
	tb.Cleanup(store.Close)
	l.store = &watched{Store: store}
	l.bluefin, l.oakline = l.settle(tb, "Bluefin Robotics"), l.settle(tb, "Oakline Freight")
	_, err = store.Install(tb.Context(), "slack", "T1", l.bluefin.ID)
	require.NoError(tb, err)
	l.slack = &guarantor{people: map[string]bot.Vouched{}}
	l.open(tb)
	return l
}

// open puts a process together over the database; the lobby goes on with it.
func (l *lobby) open(tb testing.TB) {
	tb.Helper()
	plan, err := definition.Default()
	require.NoError(tb, err)
	texts, err := text.Load()
	require.NoError(tb, err)
	texts.Fault = func(lang funnel.Locale, key string, err error) { tb.Errorf("%s: %s: %v", lang, key, err) }
	l.service = funnel.New(funnel.Config{
		Store: l.store, Funnels: func(funnel.Kind) *funnel.Funnel { return plan }, Clock: l.now, IDs: newID,
	})
	desk := commands.NewDesk(commands.DeskConfig{
		Service: l.service, Sessions: memory.NewSessions(l.now, 0), NewToken: func() string { return uuid.NewString()[:8] },
		InviteLink: func(code string) string { return "https://t.me/sample_bot?start=" + code },
	})
	log := slog.New(slog.NewTextHandler(l.log, nil))
	dispatcher := bot.NewDispatcher(bot.DispatcherConfig{
		Desk: desk, Texts: texts, Log: log, NewCase: func() string { return "case-7" },
	})
	l.registry = prometheus.NewRegistry()
	l.Reception = bot.NewReception(bot.ReceptionConfig{
		Service: l.service, Dispatcher: dispatcher, Texts: texts, Clock: l.now, Log: log, Meter: bot.NewMeter(l.registry),
		ConnectFirst: map[string]bool{"telegram": true},
	})
	l.Know("slack", l.slack)
}

// second is another process on the same database.
func (l *lobby) second(tb testing.TB) *lobby {
	tb.Helper()
	other := *l
	other.open(tb)
	return &other
}

func (l *lobby) settle(tb testing.TB, name string) funnel.Workspace {
	tb.Helper()
	w, err := l.store.Settle(tb.Context(), funnel.Workspace{
		ID: newID(), Name: name, Locale: funnel.English, Zone: "UTC", Currency: "USD", Calendar: funnel.OfficeHours(),
	}, funnel.Team{ID: newID(), Name: "Sales"})
	require.NoError(tb, err)
	return w
}

func (l *lobby) now() time.Time { return time.Unix(0, l.clock.Load()).UTC() }

func (l *lobby) advance(d time.Duration) { l.clock.Add(int64(d)) }

// admit makes somebody at Telegram a member by an invitation of the command line.
func (l *lobby) admit(tb testing.TB, w funnel.Workspace, external, name string, role funnel.Role) funnel.Member {
	tb.Helper()
	got, err := l.service.Redeem(tb.Context(), caller("telegram", external, name), l.code(tb, w, role))
	require.NoError(tb, err)
	return got.Member
}

func (l *lobby) code(tb testing.TB, w funnel.Workspace, role funnel.Role) string {
	tb.Helper()
	act := funnel.Act{Workspace: w.ID, Event: "invite:" + newID().String(), Origin: funnel.FromChat}
	r, err := l.service.Invite(tb.Context(), act, funnel.Invite{Role: role})
	require.NoError(tb, err)
	return r.Code
}

func caller(door, external, name string) funnel.Caller {
	who := funnel.Caller{Door: door, External: external, Name: name, Locale: funnel.English}
	if door == "slack" {
		who.Team = "T1"
	}
	return who
}

// private is a visit in the chat of one person with the bot.
func (l *lobby) private(door, external, line string) bot.Visit {
	l.advance(3 * time.Second)
	return bot.Visit{
		Caller: caller(door, external, "Person "+external), Venue: commands.Venue{External: external, Private: true}, Place: external,
		Key: fmt.Sprintf("%s:%d", door, l.keys.Add(1)), Text: line, At: l.now(),
	}
}

// group is a visit in a chat of several people.
func (l *lobby) group(door, external, chat, line string) bot.Visit {
	v := l.private(door, external, line)
	v.Venue, v.Place = commands.Venue{External: chat, Title: "Sales floor"}, chat
	return v
}

func pressing(v bot.Visit, action string) bot.Visit {
	v.Text, v.Press = "", &bot.Press{Action: action}
	return v
}

func (l *lobby) doc(tb testing.TB, v bot.Visit) message.Doc {
	tb.Helper()
	doc, err := l.Handle(tb.Context(), v)
	require.NoError(tb, err)
	require.NoError(tb, doc.Check())
	return doc
}

// says has somebody visit and returns what they are told.
func (l *lobby) says(tb testing.TB, v bot.Visit) string {
	tb.Helper()
	return words(l.doc(tb, v))
}

// footnotes are the small print of a message.
func footnotes(doc message.Doc) string {
	var all strings.Builder
	for _, b := range doc.Blocks {
		if f, ok := b.(message.Footnote); ok {
			all.WriteString(f.Text.String() + "\n")
		}
	}
	return all.String()
}

// actions are what the buttons of a message carry.
func actions(doc message.Doc) []string {
	var all []string
	for _, b := range doc.Blocks {
		if b, ok := b.(message.Buttons); ok {
			for _, button := range b.Buttons {
				all = append(all, button.Action)
			}
		}
	}
	return all
}

func (l *lobby) rows(tb testing.TB, from string, args ...any) int {
	tb.Helper()
	var n int
	require.NoError(tb, l.pool.QueryRow(tb.Context(), "SELECT count(*) FROM "+from, args...).Scan(&n))
	return n
}

// counted is the value of a counter of the meter.
func (l *lobby) counted(tb testing.TB, name string, labels ...string) float64 {
	tb.Helper()
	families, err := l.registry.Gather()
	require.NoError(tb, err)
	sum := 0.0
	for _, f := range families {
		if f.GetName() != name {
			continue
		}
		for _, m := range f.GetMetric() {
			matched := 0
			for _, pair := range m.GetLabel() {
				for _, want := range labels {
					if pair.GetValue() == want {
						matched++
					}
				}
			}
			if matched == len(labels) {
				sum += m.GetCounter().GetValue()
			}
		}
	}
	return sum
}
