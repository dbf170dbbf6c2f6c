package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
	"funnelbot/funnel/definition"
	"funnelbot/storage/postgres"
)

// portfolio gives a member open deals, clients with and without a step, and what nobody works on.
func (w *world) portfolio(tb testing.TB, of string) {
	tb.Helper()
	for i := range 4 {
		w.promise(tb, fmt.Sprint(of, " open ", i))
	}
	for i := range 3 {
		d := w.open(tb, fmt.Sprint(of, " client ", i)).Deal
		_, err := w.service.Win(tb.Context(), w.act(fmt.Sprint("win ", of, i)), funnel.Target{Deal: d.ID}, funnel.Win{})
		require.NoError(tb, err)
	}
	w.rest(tb, of+" resting")
	d := w.open(tb, of+" lost").Deal
	_, err := w.service.Lose(tb.Context(), w.act("lose "+of), funnel.Target{Deal: d.ID}, funnel.Lose{Reason: "price"})
	require.NoError(tb, err)
	w.advance(time.Second) // so that the next change is the last
	v := w.open(tb, of+" taken out").Deal
	_, err = w.service.Undo(tb.Context(), w.act("void "+of), v.Number, v.Version)
	require.NoError(tb, err)
}

func (w *world) owned(tb testing.TB, by funnel.ID) int {
	tb.Helper()
	return w.count(tb, "deals WHERE owner_id = '"+by.String()+"'")
}

func TestEverythingOfOneMemberBecomesAnothers(t *testing.T) {
	t.Parallel()
	w := setup(t)
	boris, vera := w.join(t, "Boris", funnel.Rep), w.join(t, "Vera", funnel.Rep)
	w.as(boris).portfolio(t, "B")

	r, err := w.service.Transfer(t.Context(), w.act("transfer"), boris.ID, vera.ID)

	require.NoError(t, err)
	require.Equal(t, []int{5, 3, 4}, []int{r.Deals, r.Clients, r.Steps})
	require.Equal(t, "Boris", r.From.Name)
	require.Equal(t, "Vera", r.To.Name)
	require.Equal(t, 8, w.owned(t, vera.ID))
	require.Equal(t, 2, w.owned(t, boris.ID), "what is lost or taken out stays whose it was")
	told := w.notices(t, vera.ID)
	require.Len(t, told, 1, "one message, not eight")
	require.Equal(t, funnel.NoticeTransferred, told[0].Kind)
	require.Equal(t, map[string]string{"from": "Boris", "deals": "5", "clients": "3", "steps": "4"}, told[0].Data)
	require.Equal(t, 8, w.count(t, "changes WHERE verb = 'transfer'"), "every deal has its record")

	again, err := w.service.Transfer(t.Context(), w.act("transfer"), boris.ID, vera.ID)
	require.NoError(t, err)
	require.Equal(t, r.Deals+r.Clients, again.Deals+again.Clients, "the same delivery gets the same answer")
	require.Len(t, w.notices(t, vera.ID), 1)
	_, err = w.service.Undo(t.Context(), w.act("undo"), 0, 0)
	require.Equal(t, funnel.CodeUndoTransfer, funnel.CodeOf(err))
	w.advance(time.Hour)
	w.runDue(t)
	require.Len(t, w.owed(t, vera.ID)[funnel.NoticeStepDue], 4, "the steps came along with their reminders")
}

func TestWhoIsGoneCanStillGive(t *testing.T) {
	t.Parallel()
	w := setup(t)
	boris, vera := w.join(t, "Boris", funnel.Rep), w.join(t, "Vera", funnel.Rep)
	w.as(boris).portfolio(t, "B")
	_, err := w.pool.Exec(t.Context(), `UPDATE members SET active = false WHERE id = $1`, boris.ID)
	require.NoError(t, err)
	w.advance(time.Hour)
	require.Zero(t, w.runDue(t), "reminders wait for whoever takes over")
	former, err := w.service.Former(t.Context(), w.space.ID)
	require.NoError(t, err)
	require.Len(t, former, 1)
	require.Equal(t, "Boris", former[0].Name)

	r, err := w.service.Transfer(t.Context(), w.act("transfer"), boris.ID, vera.ID)

	require.NoError(t, err)
	require.Equal(t, 8, r.Deals+r.Clients)
	former, err = w.service.Former(t.Context(), w.space.ID)
	require.NoError(t, err)
	require.Empty(t, former)
	w.runDue(t)
	require.Len(t, w.owed(t, vera.ID)[funnel.NoticeStepDue], 4)
}

func TestWhoMayTransferWhat(t *testing.T) {
	t.Parallel()
	w := setup(t)
	boss, boris, vera := w.join(t, "Max", funnel.Manager), w.join(t, "Boris", funnel.Rep), w.join(t, "Vera", funnel.Rep)
	gone := w.join(t, "Gone", funnel.Rep)
	w.as(boris).open(t, "Acme")
	_, err := w.pool.Exec(t.Context(), `UPDATE members SET active = false WHERE id = $1`, gone.ID)
	require.NoError(t, err)
	for i, c := range []struct {
		by, from, to funnel.ID
		want         funnel.Code
	}{
		{vera.ID, boris.ID, vera.ID, funnel.CodeForbidden},
		{boris.ID, boris.ID, boris.ID, funnel.CodeSameMember},
		{boris.ID, boris.ID, gone.ID, funnel.CodeNoMember},
		{boss.ID, newID(), vera.ID, funnel.CodeNoMember},
		{boss.ID, boris.ID, newID(), funnel.CodeNoMember},
		{gone.ID, gone.ID, vera.ID, funnel.CodeInactive},
		{boris.ID, boris.ID, vera.ID, ""},
		{boss.ID, vera.ID, boris.ID, ""},
		{boss.ID, boris.ID, boss.ID, ""},
	} {
		act := funnel.Act{Workspace: w.space.ID, Member: c.by, Event: fmt.Sprint("try ", i), Origin: funnel.FromChat}
		_, err := w.service.Transfer(t.Context(), act, c.from, c.to)
		require.Equal(t, c.want, funnel.CodeOf(err), "%d: %v", i, err)
	}
	require.Equal(t, 1, w.owned(t, boss.ID))
	require.Empty(t, w.notices(t, boss.ID), "nobody is told of their own doing")
}

// stopping fails every change after some, until it is mended.
type stopping struct {
	*postgres.Store
	left atomic.Int32
}

var errStopped = errors.New("stopped")

func (s *stopping) Change(
	ctx context.Context, ws funnel.ID, key funnel.Key, reads funnel.Reads, decide func(*funnel.Snapshot) (*funnel.Writes, error),
) (funnel.Stored, error) {
	if s.left.Add(-1) < 0 {
		return funnel.Stored{}, errStopped
	}
	return s.Store.Change(ctx, ws, key, reads, decide)
}

func TestATransferThatWasInterruptedIsCompletedByTheNextDelivery(t *testing.T) {
	t.Parallel()
	for stop := range int32(10) {
		t.Run(strconv.Itoa(int(stop)), func(t *testing.T) {
			t.Parallel()
			w := setup(t)
			boris, vera := w.join(t, "Boris", funnel.Rep), w.join(t, "Vera", funnel.Rep)
			w.as(boris).portfolio(t, "B")
			def, err := definition.Default()
			require.NoError(t, err)
			store := &stopping{Store: w.store}
			store.left.Store(stop)
			service := funnel.New(funnel.Config{
				Store: store, Funnels: func(funnel.Kind) *funnel.Funnel { return def }, Clock: w.now, IDs: newID,
			})

			_, err = service.Transfer(t.Context(), w.act("transfer"), boris.ID, vera.ID)
			require.ErrorIs(t, err, errStopped)
			require.Empty(t, w.notices(t, vera.ID))
			var all sync.WaitGroup
			for range 2 {
				// Two processes get the delivery again, at once.
				all.Go(func() {
					r, err := w.service.Transfer(t.Context(), w.act("transfer"), boris.ID, vera.ID)
					require.NoError(t, err)
					require.Equal(t, []int{5, 3, 4}, []int{r.Deals, r.Clients, r.Steps})
				})
			}
			all.Wait()

			require.Equal(t, 8, w.owned(t, vera.ID))
			require.Equal(t, 8, w.count(t, "changes WHERE verb = 'transfer'"))
			require.Len(t, w.notices(t, vera.ID), 1)
		})
	}
}

func TestADealThatAColleagueGivesAwayMeanwhileIsLeftAlone(t *testing.T) {
	t.Parallel()
	w := setup(t)
	boris, vera, other := w.join(t, "Boris", funnel.Rep), w.join(t, "Vera", funnel.Rep), w.join(t, "Max", funnel.Rep)
	d := w.as(boris).open(t, "Acme").Deal
	w.as(boris).open(t, "Bluefin")
	def, err := definition.Default()
	require.NoError(t, err)
	store := &stopping{Store: w.store}
	store.left.Store(1)
	service := funnel.New(funnel.Config{
		Store: store, Funnels: func(funnel.Kind) *funnel.Funnel { return def }, Clock: w.now, IDs: newID,
	})
	_, err = service.Transfer(t.Context(), w.act("transfer"), boris.ID, vera.ID)
	require.ErrorIs(t, err, errStopped)
	_, err = w.service.Assign(t.Context(), w.act("assign"), funnel.Target{Deal: d.ID}, funnel.Assign{To: other.ID})
	require.NoError(t, err)

	r, err := w.service.Transfer(t.Context(), w.act("transfer"), boris.ID, vera.ID)

	require.NoError(t, err)
	require.Equal(t, 1, r.Deals)
	require.Equal(t, 1, w.owned(t, other.ID))
}
