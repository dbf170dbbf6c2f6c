package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
	"funnelbot/funnel/definition"
	"funnelbot/storage/postgres"
)

// promise opens a deal with a next step in an hour.
func (w *world) promise(tb testing.TB, company string) funnel.ID {
	tb.Helper()
	deal := w.open(tb, company).Deal
	_, err := w.service.Next(tb.Context(), w.act("next "+company), funnel.Target{Deal: deal.ID}, funnel.SetNext{
		What: "call", On: funnel.DateOf(w.now()), At: w.now().Add(time.Hour),
	})
	require.NoError(tb, err)
	return deal.ID
}

func (w *world) rest(tb testing.TB, company string) funnel.ID {
	tb.Helper()
	deal := w.open(tb, company).Deal
	_, err := w.service.Park(tb.Context(), w.act("park "+company), funnel.Target{Deal: deal.ID}, funnel.Park{
		Until: funnel.DateOf(w.now()).AddDays(1), Reason: "budget next year",
	})
	require.NoError(tb, err)
	return deal.ID
}

func (w *world) runDue(tb testing.TB) int {
	tb.Helper()
	n, err := w.service.RunDue(tb.Context())
	require.NoError(tb, err)
	return n
}

// troubled is a store in which changes of some deals fail.
type troubled struct {
	*postgres.Store
	fails   map[funnel.ID]error
	changes atomic.Int32
}

func (s *troubled) Change(
	ctx context.Context, ws funnel.ID, key funnel.Key, reads funnel.Reads, decide func(*funnel.Snapshot) (*funnel.Writes, error),
) (funnel.Stored, error) {
	s.changes.Add(1)
	if err := s.fails[reads.Deal]; err != nil {
		return funnel.Stored{}, err
	}
	return s.Store.Change(ctx, ws, key, reads, decide)
}

func (w *world) trouble(tb testing.TB, fails map[funnel.ID]error) (*funnel.Service, *troubled) {
	tb.Helper()
	def, err := definition.Default()
	require.NoError(tb, err)
	store := &troubled{Store: w.store, fails: fails}
	return funnel.New(funnel.Config{
		Store: store, Funnels: func(funnel.Kind) *funnel.Funnel { return def }, Clock: w.now, IDs: newID,
	}), store
}

func TestAReminderIsOwedOnceWhenItsTimeHasCome(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.promise(t, "Acme")

	w.advance(59 * time.Minute)
	require.Zero(t, w.runDue(t))
	w.advance(time.Minute)
	require.Equal(t, 1, w.runDue(t))
	require.Zero(t, w.runDue(t))

	require.Equal(t, 1, w.count(t, "outbox WHERE kind = 'step_due'"))
	require.Equal(t, 1, w.count(t, "outbox WHERE lane = '"+funnel.LaneOfMember(w.member.ID)+"'"))
}

func TestTheNextStepAfterAReminderIsRemindedOfAsWell(t *testing.T) {
	t.Parallel()
	w := setup(t)
	deal := w.promise(t, "Acme")
	w.advance(time.Hour)
	require.Equal(t, 1, w.runDue(t))
	_, err := w.service.Next(t.Context(), w.act("again"), funnel.Target{Deal: deal}, funnel.SetNext{
		What: "call again", On: funnel.DateOf(w.now()), At: w.now().Add(time.Hour),
	})
	require.NoError(t, err)

	w.advance(time.Hour)
	require.Equal(t, 1, w.runDue(t))

	require.Equal(t, 2, w.count(t, "outbox WHERE kind = 'step_due'"))
}

func TestAParkedDealWakesOnItsDay(t *testing.T) {
	t.Parallel()
	w := setup(t)
	deal := w.rest(t, "Acme")

	w.advance(14 * time.Hour)
	require.Zero(t, w.runDue(t), "at 23:00 of the day before")
	w.advance(time.Hour)
	require.Equal(t, 1, w.runDue(t))
	require.Zero(t, w.runDue(t))

	view, err := w.store.Deal(t.Context(), w.space.ID, deal, 0)
	require.NoError(t, err)
	require.False(t, view.Parked())
	require.EqualValues(t, "lead", view.Stage)
	require.Zero(t, w.count(t, "outbox WHERE kind = 'woken'"), "at midnight nobody is told")
	w.advance(8 * time.Hour)
	require.Zero(t, w.runDue(t))
	require.Equal(t, 1, w.count(t, "outbox WHERE kind = 'woken'"), "but in the morning")
}

func TestManyProcessesRunWhatIsDueOnce(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for i := range 10 {
		w.promise(t, fmt.Sprint("Promised ", i))
		w.rest(t, fmt.Sprint("Resting ", i))
	}
	w.advance(24 * time.Hour)

	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			_, err := w.service.RunDue(t.Context())
			require.NoError(t, err)
		})
	}
	all.Wait()

	steps := w.owed(t, w.member.ID)
	require.ElementsMatch(t, w.numbers(t, "next_what <> ''"), steps["step_due"])
	require.ElementsMatch(t, w.numbers(t, "next_what = ''"), steps["woken"])
	require.Equal(t, 10, w.count(t, "moves WHERE kind = 'wake'"))
}

func TestADealThatFailsDoesNotStopTheOthers(t *testing.T) {
	t.Parallel()
	// More fail than are read at once, and all of them are due before those that do not.
	const failing = 230
	w := setup(t)
	errPoison, fails := errors.New("poison"), map[funnel.ID]error{}
	for i := range failing {
		fails[w.promise(t, fmt.Sprint("Failing ", i))] = errPoison
	}
	w.advance(time.Minute)
	w.promise(t, "Fine")
	w.rest(t, "Resting")
	w.advance(24 * time.Hour)
	service, _ := w.trouble(t, fails)

	n, err := service.RunDue(t.Context())

	require.ErrorIs(t, err, errPoison)
	require.Equal(t, 2, n)
	require.Equal(t, failing, w.runDue(t), "the next run tries them again")
}

func TestARefusalThatStandsIsReported(t *testing.T) {
	t.Parallel()
	w := setup(t)
	deal := w.promise(t, "Acme")
	w.advance(time.Hour)
	service, _ := w.trouble(t, map[funnel.ID]error{deal: funnel.Refuse(funnel.CodeNoStep, nil)})

	n, err := service.RunDue(t.Context())

	require.Zero(t, n)
	require.Equal(t, funnel.CodeNoStep, funnel.CodeOf(err))
}

func TestWithoutADatabaseTheRunEndsAtTheFirstDeal(t *testing.T) {
	t.Parallel()
	w := setup(t)
	away := map[funnel.ID]error{}
	for i := range 5 {
		away[w.promise(t, fmt.Sprint("Company ", i))] = funnel.Refuse(funnel.CodeUnavailable, nil)
	}
	w.advance(time.Hour)
	service, store := w.trouble(t, away)

	_, err := service.RunDue(t.Context())

	require.Equal(t, funnel.CodeUnavailable, funnel.CodeOf(err))
	require.EqualValues(t, 1, store.changes.Load())
}

func TestTimedWorkFindsWhatIsDue(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.promise(t, "Acme")
	w.advance(time.Hour)

	woken := w.store.Woken()
	jobs := startJobs(t, w, postgres.Timed{Name: "due", Every: time.Second, Run: func(ctx context.Context) error {
		_, err := w.service.RunDue(ctx)
		return err
	}})
	<-woken
	stopJobs(t, jobs)

	require.Equal(t, 1, w.count(t, "outbox WHERE kind = 'step_due'"))
}
