package postgres_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	toxiproxy "github.com/Shopify/toxiproxy/v2"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
	"funnelbot/storage/embedded"
	"funnelbot/storage/postgres"
	"funnelbot/storage/postgres/pgtest"
)

// patience is how long a person may wait for an answer of any kind, with a little for a machine
// that runs other tests beside this one.
const patience = 3*time.Second + 500*time.Millisecond

// another opens a second store on the same database, as another process would.
func (w *world) another(tb testing.TB) *funnel.Service {
	tb.Helper()
	return w.serve(w.beyond(tb, w.url))
}

// beyond is a store of its own at an address.
func (w *world) beyond(tb testing.TB, url string) *postgres.Store {
	tb.Helper()
	store, err := postgres.Open(tb.Context(), postgres.Config{URL: url, Log: slog.New(slog.DiscardHandler), Clock: w.now})
	require.NoError(tb, err)
	tb.Cleanup(store.Close)
	return store
}

// serve is the use cases over a store.
func (w *world) serve(s funnel.Store) *funnel.Service {
	return funnel.New(funnel.Config{Store: s, Funnels: w.service.Funnel, Clock: w.now, IDs: newID})
}

func TestOneEventDeliveredFourTimesAtOnceToTwoProcessesHappensOnce(t *testing.T) {
	t.Parallel()
	w := setup(t)
	services := []*funnel.Service{w.service, w.another(t)}
	for round := range 25 {
		opened := w.open(t, fmt.Sprintf("Sample %d", round))
		for n, deliver := range []func(*funnel.Service, funnel.Act) (funnel.Changed, error){
			func(s *funnel.Service, a funnel.Act) (funnel.Changed, error) {
				return s.Move(t.Context(), a, funnel.Target{Deal: opened.Deal.ID}, funnel.MoveTo{Stage: "proposal"})
			},
			func(s *funnel.Service, a funnel.Act) (funnel.Changed, error) { return s.Undo(t.Context(), a, 0, 0) },
			func(s *funnel.Service, a funnel.Act) (funnel.Changed, error) {
				return s.Open(t.Context(), a, funnel.OpenDeal{Company: funnel.Company{Name: fmt.Sprintf("Лютик %d", round)}})
			},
		} {
			name := []string{"move", "undo", "new"}[n]
			deals, changes := w.count(t, "deals"), w.count(t, "changes")
			act := w.act(fmt.Sprintf("%s %d", name, round))
			w.advance(time.Second)
			var answers [4]funnel.Changed
			var errs [4]error
			var group sync.WaitGroup
			for i := range answers {
				group.Go(func() { answers[i], errs[i] = deliver(services[i%2], act) })
			}
			group.Wait()

			for i := range answers {
				require.NoError(t, errs[i], name)
				require.Equal(t, answers[0], answers[i], "%s was answered differently", name)
			}
			require.Equal(t, changes+1, w.count(t, "changes"), name)
			require.LessOrEqual(t, w.count(t, "deals"), deals+1, name)
		}
	}
	checkBooks(t, w.pool)
}

func TestOneEventDeliveredToFourRealProcessesHappensOnce(t *testing.T) {
	t.Parallel()
	w := setup(t)
	opened := w.open(t, "Ромашка")
	children := make([]*child, 4)
	for i := range children {
		children[i] = spawn(t, errand{URL: w.url, Space: w.space.ID, Member: w.member.ID, Press: true, Deal: opened.Deal.ID})
	}
	for _, c := range children {
		said, ok := c.line()
		require.True(t, ok, c.err.String())
		require.Equal(t, "ready", said)
	}
	for _, c := range children {
		_, err := c.in.Write([]byte("go\n"))
		require.NoError(t, err)
	}

	var answers []funnel.Changed
	for _, c := range children {
		said, _ := c.line()
		require.NoError(t, c.cmd.Wait(), c.err.String())
		var r funnel.Changed
		require.NoError(t, json.Unmarshal([]byte(said), &r), said)
		answers = append(answers, r)
	}
	for _, r := range answers {
		require.Equal(t, answers[0], r)
	}
	require.Equal(t, 2, w.count(t, "moves"))
	checkBooks(t, w.pool)
}

func TestTwoPeopleWhoMoveTheSameDealAtOnceAreToldApart(t *testing.T) {
	t.Parallel()
	w := setup(t)
	boris := w.join(t, "Boris", funnel.Rep)
	services := []*funnel.Service{w.service, w.another(t)}
	for round := range 25 {
		opened := w.open(t, fmt.Sprintf("Sample %d", round))
		seen := funnel.Target{Deal: opened.Deal.ID, Version: opened.Deal.Version}
		acts := []funnel.Act{w.act(fmt.Sprintf("a%d", round)), w.act(fmt.Sprintf("b%d", round))}
		acts[1].Member = boris.ID
		stages := []funnel.StageKey{"qualification", "proposal"}
		var errs [2]error
		var group sync.WaitGroup
		for i := range errs {
			group.Go(func() { _, errs[i] = services[i].Move(t.Context(), acts[i], seen, funnel.MoveTo{Stage: stages[i]}) })
		}
		group.Wait()

		won := 0
		if errs[0] != nil {
			won = 1
		}
		require.NoError(t, errs[won])
		require.Equal(t, funnel.CodeStale, funnel.CodeOf(errs[1-won]))
		now, err := w.store.Deal(t.Context(), w.space.ID, opened.Deal.ID, 0)
		require.NoError(t, err)
		require.Equal(t, stages[won], now.Stage)
	}
	checkBooks(t, w.pool)
}

func TestTwoAdminsCannotStepDownPastEachOther(t *testing.T) {
	t.Parallel()
	w := setup(t)
	boris := w.join(t, "Boris", funnel.Admin)
	services := []*funnel.Service{w.service, w.another(t)}
	acts := []funnel.Act{w.act("anna"), w.act("boris")}
	acts[1].Member = boris.ID
	var errs [2]error
	var group sync.WaitGroup
	for i := range errs {
		group.Go(func() { _, errs[i] = services[i].SetRole(t.Context(), acts[i], acts[i].Member, funnel.Rep) })
	}
	group.Wait()

	require.Equal(t, 1, w.count(t, "members WHERE role = 'admin'"))
	codes := []funnel.Code{funnel.CodeOf(errs[0]), funnel.CodeOf(errs[1])}
	require.ElementsMatch(t, []funnel.Code{"", funnel.CodeLastAdmin}, codes)
}

func TestTwoDealsOfOneNewCompanyShareIt(t *testing.T) {
	t.Parallel()
	w := setup(t)
	services := []*funnel.Service{w.service, w.another(t)}
	var results [8]funnel.Changed
	var errs [8]error
	var group sync.WaitGroup
	for i := range results {
		group.Go(func() {
			results[i], errs[i] = services[i%2].Open(t.Context(), w.act(fmt.Sprint("open ", i)), funnel.OpenDeal{
				Company: funnel.Company{Name: []string{"Ромашка", "ООО «Ромашка»"}[i%2]},
			})
		})
	}
	group.Wait()

	numbers := map[int64]bool{}
	for i := range results {
		require.NoError(t, errs[i])
		require.Equal(t, results[0].Deal.Company, results[i].Deal.Company)
		numbers[results[i].Deal.Number] = true
	}
	require.Len(t, numbers, 8)
	require.Equal(t, 1, w.count(t, "companies"))
	checkBooks(t, w.pool)
}

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
