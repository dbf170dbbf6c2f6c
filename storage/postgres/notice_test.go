package postgres_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

// notices returns what the outbox owes a member, oldest first.
func (w *world) notices(tb testing.TB, to funnel.ID) []funnel.Notification {
	tb.Helper()
	rows, err := w.pool.Query(tb.Context(), `SELECT payload FROM outbox WHERE payload ->> 'to' = $1 ORDER BY id`, to.String())
	require.NoError(tb, err)
	found, err := pgx.CollectRows(rows, pgx.RowTo[funnel.Notification])
	require.NoError(tb, err)
	return found
}

// owed returns the numbers of the deals that a member is told of, by kind, grouped or not.
func (w *world) owed(tb testing.TB, to funnel.ID) map[funnel.NoticeKind][]int64 {
	tb.Helper()
	owed := map[funnel.NoticeKind][]int64{}
	for _, n := range w.notices(tb, to) {
		if n.Kind != funnel.NoticeStepsDue {
			owed[n.Kind] = append(owed[n.Kind], n.Number)
		}
		for _, s := range n.Steps {
			owed[funnel.NoticeStepDue] = append(owed[funnel.NoticeStepDue], s.Number)
		}
	}
	return owed
}

// numbers returns the numbers of the deals for which a condition holds.
func (w *world) numbers(tb testing.TB, where string) []int64 {
	tb.Helper()
	rows, err := w.pool.Query(tb.Context(), "SELECT number FROM deals WHERE "+where)
	require.NoError(tb, err)
	found, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	require.NoError(tb, err)
	return found
}

// as returns the world in the eyes of another member.
func (w *world) as(m funnel.Member) *world {
	x := *w
	x.member = m
	return &x
}

func TestStepsThatAreDueTogetherAreOneMessage(t *testing.T) {
	t.Parallel()
	w := setup(t)
	boris := w.as(w.join(t, "Boris", funnel.Rep))
	for i := range 3 {
		w.promise(t, fmt.Sprint("Firm ", i))
	}
	boris.promise(t, "Single")
	w.advance(time.Hour)

	require.Equal(t, 4, w.runDue(t))

	mine, his := w.notices(t, w.member.ID), w.notices(t, boris.member.ID)
	require.Len(t, mine, 1)
	require.Equal(t, funnel.NoticeStepsDue, mine[0].Kind)
	require.Len(t, mine[0].Steps, 3)
	require.Len(t, mine[0].About(), 3)
	require.Len(t, his, 1)
	require.Equal(t, funnel.NoticeStepDue, his[0].Kind)
	require.Zero(t, w.count(t, "held_notices"))
}

func TestRemindersWaitForTheEndOfQuietHours(t *testing.T) {
	t.Parallel()
	w := setup(t)
	deal := w.open(t, "Acme").Deal
	at := start.Add(13 * time.Hour) // 22:00
	_, err := w.service.Next(t.Context(), w.act("next"), funnel.Target{Deal: deal.ID}, funnel.SetNext{
		What: "call", On: funnel.DateOf(at), At: at,
	})
	require.NoError(t, err)

	for since := 13 * time.Hour; since < 23*time.Hour; since += 30 * time.Minute {
		w.clock.Store(start.Add(since).UnixNano())
		require.Zero(t, w.runDue(t), w.now())
	}
	require.Zero(t, w.count(t, "outbox"))
	require.Zero(t, w.count(t, "held_notices"), "the step is still the step of whoever owns the deal")
	w.clock.Store(start.Add(23 * time.Hour).UnixNano()) // 08:00
	require.Equal(t, 1, w.runDue(t))
	require.Equal(t, 1, w.count(t, "outbox WHERE kind = 'step_due'"))
}

func TestAStepFinishedInQuietHoursIsNotRemindedOf(t *testing.T) {
	t.Parallel()
	w := setup(t)
	deal := w.promise(t, "Acme")
	w.clock.Store(start.Add(12 * time.Hour).UnixNano()) // 21:00
	require.Zero(t, w.runDue(t))
	_, err := w.service.Done(t.Context(), w.act("done"), funnel.Target{Deal: deal}, funnel.FinishNext{}, funnel.SetNext{})
	require.NoError(t, err)

	w.advance(24 * time.Hour)
	require.Zero(t, w.runDue(t))

	require.Zero(t, w.count(t, "outbox"))
}

func TestWhoGetsADealWhileItsOwnerSleepsIsReminded(t *testing.T) {
	t.Parallel()
	w := setup(t)
	west := w.join(t, "Boris", funnel.Rep)
	_, err := w.service.SetZone(t.Context(), w.as(west).act("zone"), "America/New_York")
	require.NoError(t, err)
	deal := w.promise(t, "Acme")
	w.clock.Store(start.Add(12 * time.Hour).UnixNano()) // 21:00 here, 16:00 there
	require.Zero(t, w.runDue(t))

	_, err = w.service.Assign(t.Context(), w.act("assign"), funnel.Target{Deal: deal}, funnel.Assign{To: west.ID})
	require.NoError(t, err)
	require.Equal(t, 1, w.runDue(t))

	require.Empty(t, w.notices(t, w.member.ID))
	require.Len(t, w.owed(t, west.ID)[funnel.NoticeStepDue], 1)
}

func TestAnAssignmentIsToldAtOnceUnlessItIsQuiet(t *testing.T) {
	t.Parallel()
	w := setup(t)
	boris := w.join(t, "Boris", funnel.Rep)
	first, second := w.open(t, "Day").Deal, w.open(t, "Night").Deal
	assign := func(d funnel.ID, event string) {
		_, err := w.service.Assign(t.Context(), w.act(event), funnel.Target{Deal: d}, funnel.Assign{To: boris.ID})
		require.NoError(t, err)
	}

	assign(first.ID, "by day")
	require.Len(t, w.notices(t, boris.ID), 1)
	w.clock.Store(start.Add(11 * time.Hour).UnixNano()) // 20:00
	assign(second.ID, "by night")
	require.Len(t, w.notices(t, boris.ID), 1, "nothing waits in the lane")
	w.clock.Store(start.Add(23*time.Hour - time.Second).UnixNano())
	w.runDue(t)
	require.Len(t, w.notices(t, boris.ID), 1)
	w.advance(time.Second) // 08:00
	w.runDue(t)

	require.Equal(t, []int64{first.Number, second.Number}, w.owed(t, boris.ID)[funnel.NoticeAssigned])
}

func TestWhoIsAwayIsRemindedOnTheDayOfTheReturn(t *testing.T) {
	t.Parallel()
	w := setup(t)
	boris := w.join(t, "Boris", funnel.Rep)
	b := w.as(boris)
	back := funnel.Date{Year: 2026, Month: 11, Day: 26}
	b.promise(t, "Acme")
	b.rest(t, "Resting")
	r, err := w.service.SetAway(t.Context(), b.act("away"), back)
	require.NoError(t, err)
	require.Equal(t, back, r.Member.AwayUntil)
	given := w.open(t, "Given").Deal
	_, err = w.service.Assign(t.Context(), w.act("assign"), funnel.Target{Deal: given.ID}, funnel.Assign{To: boris.ID})
	require.NoError(t, err)

	for w.now().Before(back.In(time.UTC).Add(8 * time.Hour)) {
		w.runDue(t)
		require.Len(t, w.notices(t, boris.ID), 1, "the news that a colleague gave a deal is no reminder: %s", w.now())
		w.advance(time.Hour)
	}
	w.runDue(t)

	owed := w.owed(t, boris.ID)
	require.Len(t, owed[funnel.NoticeStepDue], 1)
	require.Len(t, owed[funnel.NoticeWoken], 1)
	require.Zero(t, w.count(t, "held_notices"))
}

func TestTwoProcessesReleaseEveryMessageOnce(t *testing.T) {
	t.Parallel()
	w := setup(t)
	boris := w.join(t, "Boris", funnel.Rep)
	w.clock.Store(start.Add(12 * time.Hour).UnixNano())
	var wanted []int64
	for i := range 20 {
		d := w.open(t, fmt.Sprint("Firm ", i)).Deal
		wanted = append(wanted, d.Number)
		_, err := w.service.Assign(t.Context(), w.act(fmt.Sprint("assign ", i)), funnel.Target{Deal: d.ID}, funnel.Assign{To: boris.ID})
		require.NoError(t, err)
	}
	w.clock.Store(start.Add(24 * time.Hour).UnixNano())

	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			_, err := w.service.RunDue(t.Context())
			require.NoError(t, err)
		})
	}
	all.Wait()

	require.Equal(t, wanted, w.owed(t, boris.ID)[funnel.NoticeAssigned], "in the order in which it happened")
}

func TestWhatWaitsForSomebodyWhoLeavesIsDropped(t *testing.T) {
	t.Parallel()
	w := setup(t)
	boris := w.join(t, "Boris", funnel.Rep)
	w.clock.Store(start.Add(12 * time.Hour).UnixNano())
	d := w.open(t, "Acme").Deal
	_, err := w.service.Assign(t.Context(), w.act("assign"), funnel.Target{Deal: d.ID}, funnel.Assign{To: boris.ID})
	require.NoError(t, err)
	_, err = w.pool.Exec(t.Context(), `UPDATE members SET active = false WHERE id = $1`, boris.ID)
	require.NoError(t, err)

	w.advance(24 * time.Hour)
	w.runDue(t)

	require.Empty(t, w.notices(t, boris.ID))
	require.Zero(t, w.count(t, "held_notices"))
}

func TestClosingADealIsAnnouncedAndTakingItBackCorrectsThat(t *testing.T) {
	t.Parallel()
	w := setup(t)
	_, err := w.pool.Exec(t.Context(), `INSERT INTO chats (door, external_id, workspace_id, internal, announces, connected_at)
		VALUES ('slack', 'C1', $1, true, true, now()), ('telegram', '-100', $1, false, true, now()),
			('slack', 'C2', $1, true, false, now())`, w.space.ID)
	require.NoError(t, err)
	d := w.open(t, "Acme").Deal
	lose := func(event string) {
		_, err := w.service.Lose(t.Context(), w.act(event), funnel.Target{Deal: d.ID}, funnel.Lose{Reason: "price"})
		require.NoError(t, err)
	}
	lose("lost")
	_, err = w.service.Undo(t.Context(), w.act("undo"), 0, 0)
	require.NoError(t, err)
	_, err = w.service.Win(t.Context(), w.act("won"), funnel.Target{Deal: d.ID}, funnel.Win{})
	require.NoError(t, err)

	rows, err := w.pool.Query(t.Context(), `SELECT payload FROM outbox WHERE lane = 'telegram:-100' ORDER BY id`)
	require.NoError(t, err)
	told, err := pgx.CollectRows(rows, pgx.RowTo[funnel.Notification])
	require.NoError(t, err)
	require.Len(t, told, 3)
	require.Equal(t, funnel.NoticeLost, told[0].Kind)
	require.Equal(t, funnel.NoticeCorrected, told[1].Kind)
	require.Equal(t, told[0].ID, told[1].Replaces)
	require.Equal(t, "lost", told[1].Data["was"])
	require.Equal(t, funnel.NoticeWon, told[2].Kind)
	require.NotEqual(t, told[0].ID, told[2].ID)
	require.Equal(t, 3, w.count(t, "outbox WHERE lane = 'slack:C1'"))
	require.Equal(t, 6, w.count(t, "outbox"), "nobody else is told")

	_, err = w.service.Reopen(t.Context(), w.act("reopen"), funnel.Target{Deal: d.ID}, funnel.Reopen{})
	require.NoError(t, err)
	require.Equal(t, 6, w.count(t, "outbox"), "reopening is no news")
}

func TestWhatWaitsComesAlongWhenTwoMembersTurnOutToBeOne(t *testing.T) {
	t.Parallel()
	w := setup(t)
	kept := w.newcomer(t, visitor("telegram", "1"), funnel.Rep)
	gone := w.newcomer(t, visitor("slack", "U1"), funnel.Rep)
	w.clock.Store(start.Add(12 * time.Hour).UnixNano())
	d := w.open(t, "Acme").Deal
	_, err := w.service.Assign(t.Context(), w.act("assign"), funnel.Target{Deal: d.ID}, funnel.Assign{To: gone.ID})
	require.NoError(t, err)
	w.redeem(t, visitor("slack", "U1"), w.linkOf(t, kept, "link"))

	w.advance(12 * time.Hour)
	w.runDue(t)

	require.Equal(t, []int64{d.Number}, w.owed(t, kept.ID)[funnel.NoticeAssigned])
	require.Empty(t, w.notices(t, gone.ID))
}

func TestNobodyIsToldOfADealThatIsTheirsAlready(t *testing.T) {
	t.Parallel()
	w := setup(t)
	boris := w.join(t, "Boris", funnel.Rep)
	deal := w.open(t, "Acme Anvils").Deal
	for _, event := range []string{"first", "again"} {
		_, err := w.service.Assign(t.Context(), w.act(event), funnel.Target{Deal: deal.ID}, funnel.Assign{To: boris.ID})
		require.NoError(t, err)
	}

	require.Equal(t, []int64{deal.Number}, w.owed(t, boris.ID)[funnel.NoticeAssigned])
}
