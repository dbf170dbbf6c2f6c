package postgres_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
	"funnelbot/storage/postgres"
)

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
