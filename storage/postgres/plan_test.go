package postgres_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

// wish has the member of the world ask for a plan.
func (w *world) wish(tb testing.TB, event, plan string) funnel.Member {
	tb.Helper()
	r, err := w.service.SetWishes(tb.Context(), w.act(event), funnel.Wishes{Plan: plan})
	require.NoError(tb, err)
	return r.Member
}

func (w *world) runPlans(tb testing.TB) int {
	tb.Helper()
	n, err := w.service.RunPlans(tb.Context())
	require.NoError(tb, err)
	return n
}

func TestAPlanIsOwedOnceADayByManyProcesses(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for i := range 5 {
		w.as(w.join(t, fmt.Sprint("Rep ", i), funnel.Rep)).wish(t, fmt.Sprint("wish ", i), "08:30")
	}
	for day := 1; day <= 5; day++ {
		w.clock.Store(start.Add(time.Duration(day)*24*time.Hour - 30*time.Minute).UnixNano())
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				_, err := w.service.RunPlans(t.Context())
				require.NoError(t, err)
			})
		}
		all.Wait()
		// Tuesday to Friday; the fifth day is a Saturday.
		require.Equal(t, 5*min(day, 4), w.count(t, "outbox WHERE kind = 'plan'"), "day %d", day)
	}
	require.Equal(t, 20, w.count(t, "(SELECT DISTINCT notice_id FROM outbox WHERE kind = 'plan') AS plans"))
}

func TestAPlanIsCaughtUpOnTheSameDayAndNoLater(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.wish(t, "wish", "08:30")
	require.Zero(t, w.runPlans(t), "whoever asks at nine for half past eight begins tomorrow")

	w.clock.Store(start.Add(24*time.Hour + 6*time.Hour).UnixNano()) // Tuesday 15:00, after an outage
	require.Equal(t, 1, w.runPlans(t))
	require.Zero(t, w.runPlans(t))
	w.clock.Store(start.Add(3*24*time.Hour - 10*time.Hour).UnixNano()) // Wednesday 23:00
	require.Zero(t, w.runPlans(t), "at night nobody wants the plan of a day that is over")
	w.clock.Store(start.Add(3 * 24 * time.Hour).UnixNano())
	require.Equal(t, 1, w.runPlans(t), "but that of the next")
	require.Equal(t, "2026-11-26", w.notices(t, w.member.ID)[1].Data["on"])
}

func TestTakingAWishBackSendsNoSecondPlan(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.wish(t, "wish", "08:30")
	w.clock.Store(start.Add(24 * time.Hour).UnixNano())
	m := w.wish(t, "later", "09:30")
	require.Equal(t, funnel.Date{Year: 2026, Month: 11, Day: 23}, m.PlanDay)
	w.advance(30 * time.Minute)
	w.wish(t, "once more", "10:00")
	require.Zero(t, w.runPlans(t))
	w.wish(t, "now", "09:00")
	require.Zero(t, w.runPlans(t), "the time is over for today")
	_, err := w.service.Undo(t.Context(), w.act("undo"), 0, 0)
	require.NoError(t, err)
	w.advance(time.Hour)

	require.Zero(t, w.runPlans(t), "a day that was counted stays counted")
	require.Zero(t, w.count(t, "outbox"))
}

func TestNobodyWhoIsAwayGetsAPlan(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.wish(t, "wish", "08:30")
	_, err := w.service.SetAway(t.Context(), w.act("away"), funnel.Date{Year: 2026, Month: 11, Day: 26})
	require.NoError(t, err)

	for day := 1; day <= 3; day++ {
		w.clock.Store(start.Add(time.Duration(day) * 24 * time.Hour).UnixNano())
		require.Equal(t, day/3, w.runPlans(t), "day %d", day)
	}
}

func TestWishesAndAbsencesAreKept(t *testing.T) {
	t.Parallel()
	w := setup(t)
	require.Equal(t, "20:00", w.member.QuietFrom, "whoever comes has quiet nights")
	require.Equal(t, "08:00", w.member.QuietTo)
	_, err := w.service.SetWishes(t.Context(), w.act("wish"), funnel.Wishes{Plan: "08:45", Quiet: "22:00-07:15"})
	require.NoError(t, err)
	back := funnel.Date{Year: 2026, Month: 12, Day: 1}
	_, err = w.service.SetAway(t.Context(), w.act("away"), back)
	require.NoError(t, err)
	for _, wrong := range []funnel.Wishes{{Plan: "8:45"}, {Quiet: "22:00"}, {Quiet: "22:00-25:00"}, {Plan: "?"}} {
		_, err = w.service.SetWishes(t.Context(), w.act(fmt.Sprint(wrong)), wrong)
		require.Equal(t, funnel.CodeBadValue, funnel.CodeOf(err), wrong)
	}
	for _, wrong := range []funnel.Date{{Year: 2026, Month: 11, Day: 23}, {Year: 2026, Month: 11, Day: 1}, {Year: 2026, Month: 2, Day: 30}} {
		_, err = w.service.SetAway(t.Context(), w.act(wrong.String()), wrong)
		require.Error(t, err, wrong)
	}

	members, err := w.store.Members(t.Context(), w.space.ID)
	require.NoError(t, err)
	m := members[0]
	require.Equal(t, []string{"08:45", "22:00", "07:15"}, []string{m.PlanAt, m.QuietFrom, m.QuietTo})
	require.Equal(t, back, m.AwayUntil)

	_, err = w.service.SetWishes(t.Context(), w.act("off"), funnel.Wishes{Plan: "off", Quiet: "off"})
	require.NoError(t, err)
	r, err := w.service.SetAway(t.Context(), w.act("back"), funnel.Date{})
	require.NoError(t, err)
	require.Empty(t, r.Member.PlanAt)
	require.Equal(t, r.Member.QuietFrom, r.Member.QuietTo)
	require.True(t, r.Member.AwayUntil.IsZero())
}
