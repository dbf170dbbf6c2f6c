package commands_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/commands"
	"funnelbot/funnel"
)

func nudged(tb testing.TB, r commands.Reply) commands.Nudged {
	tb.Helper()
	out, ok := r.(commands.Nudged)
	require.True(tb, ok, written(tb, r))
	return out
}

func snoozed(tb testing.TB, r commands.Reply) commands.Snoozed {
	tb.Helper()
	out, ok := r.(commands.Snoozed)
	require.True(tb, ok, written(tb, r))
	return out
}

// reviewed is the review that a reply is or ends with.
func reviewed(tb testing.TB, r commands.Reply) commands.Review {
	tb.Helper()
	if s, ok := r.(commands.Sequence); ok {
		r = s.Replies[len(s.Replies)-1]
	}
	out, ok := r.(commands.Review)
	require.True(tb, ok, written(tb, r))
	return out
}

// owedOf is what the outbox holds of one kind, for a member.
func (o *office) owedOf(tb testing.TB, kind funnel.NoticeKind, to funnel.ID) []string {
	tb.Helper()
	rows, err := o.pool.Query(tb.Context(), `SELECT payload::text FROM outbox WHERE kind = $1 AND payload->>'to' = $2 ORDER BY id`, kind, to.String())
	require.NoError(tb, err)
	var all []string
	for rows.Next() {
		var s string
		require.NoError(tb, rows.Scan(&s))
		all = append(all, s)
	}
	require.NoError(tb, rows.Err())
	return all
}

func (o *office) due(tb testing.TB) {
	tb.Helper()
	_, err := o.service.RunDue(tb.Context())
	require.NoError(tb, err)
}

func TestANudgeReachesTheOwnerOnceADayAndTheAnswerReturns(t *testing.T) {
	t.Parallel()
	o := setup(t)
	boris := o.join(t, o.space, "Boris", funnelRep)
	o.says(t, boris, "new Acme 12k")

	r := nudged(t, o.types(t, "nudge acme"))

	require.Equal(t, "Boris", r.Name)
	require.False(t, r.Later)
	require.Len(t, o.owedOf(t, funnel.NoticeNudge, boris.ID), 1)
	require.Equal(t, funnel.CodeNudgedToday, refusal(o.types(t, "поторопи acme")))
	o.due(t)
	require.Empty(t, o.owedOf(t, funnel.NoticeNudgeAnswer, o.anna.ID), "nothing was done yet")

	o.types(t, "log acme call, I asked them myself")
	o.due(t)
	require.Empty(t, o.owedOf(t, funnel.NoticeNudgeAnswer, o.anna.ID), "what others do is no answer")

	o.says(t, boris, "log acme call, they sign on monday")
	o.due(t)
	o.due(t)

	told := o.owedOf(t, funnel.NoticeNudgeAnswer, o.anna.ID)
	require.Len(t, told, 1)
	require.Contains(t, told[0], "they sign on monday")
	require.Contains(t, told[0], "Boris")
	o.says(t, boris, "next acme call them tomorrow")
	o.due(t)
	require.Len(t, o.owedOf(t, funnel.NoticeNudgeAnswer, o.anna.ID), 1, "one answer to one question")

	o.advance(24 * time.Hour)
	nudged(t, o.types(t, "nudge acme"))
	require.Len(t, o.owedOf(t, funnel.NoticeNudge, boris.ID), 2)
}

func TestTwoProcessesTellOfOneAnswer(t *testing.T) {
	t.Parallel()
	o := setup(t)
	boris := o.join(t, o.space, "Boris", funnelRep)
	o.says(t, boris, "new Acme 12k")
	o.types(t, "nudge acme")
	o.says(t, boris, "log acme call")
	other := o.second(t)
	failed := make(chan error, 1)
	go func() {
		_, err := other.service.RunDue(t.Context())
		failed <- err
	}()
	o.due(t)
	require.NoError(t, <-failed)
	require.Len(t, o.owedOf(t, funnel.NoticeNudgeAnswer, o.anna.ID), 1)
}

func TestANudgeThatIsDeliveredAgainIsTheSameNudge(t *testing.T) {
	t.Parallel()
	o := setup(t)
	boris := o.join(t, o.space, "Boris", funnelRep)
	o.says(t, boris, "new Acme 12k")
	ask := o.ask(o.anna, "nudge acme")
	first := o.answer(t, ask)

	again := o.second(t).answer(t, ask)

	require.Equal(t, nudged(t, first).Nudge, nudged(t, again).Nudge)
	require.Len(t, o.owedOf(t, funnel.NoticeNudge, boris.ID), 1)
}

func TestWhoCannotBeAskedIsSaid(t *testing.T) {
	t.Parallel()
	o := setup(t)
	boris := o.join(t, o.space, "Boris", funnelRep)
	o.types(t, "new Acme 12k")
	o.says(t, boris, "new Globex 5k", "lost globex price", "new Umbra 5k")
	require.Equal(t, funnel.CodeNudgeOwn, refusal(o.types(t, "nudge acme")))
	require.Equal(t, funnel.CodeDealLost, refusal(o.types(t, "nudge globex")))
	require.Equal(t, funnel.CodeForbidden, refusal(o.says(t, boris, "nudge acme")))
	_, err := o.pool.Exec(t.Context(), `UPDATE members SET active = false WHERE id = $1`, boris.ID)
	require.NoError(t, err)
	o.advance(time.Minute)
	require.Equal(t, funnel.CodeNudgeNobody, refusal(o.types(t, "nudge umbra")))
	require.Zero(t, o.count(t, "nudges"))
}

func TestANudgeWaitsForTheEndOfTheQuietHours(t *testing.T) {
	t.Parallel()
	o := setup(t)
	boris := o.join(t, o.space, "Boris", funnelRep)
	o.says(t, boris, "new Acme 12k")
	_, err := o.pool.Exec(t.Context(), `UPDATE members SET quiet_from = '08:00', quiet_to = '12:00' WHERE id = $1`, boris.ID)
	require.NoError(t, err)
	o.advance(time.Minute)

	require.True(t, nudged(t, o.types(t, "nudge acme")).Later)

	require.Empty(t, o.owedOf(t, funnel.NoticeNudge, boris.ID))
	o.advance(4 * time.Hour)
	o.due(t)
	require.Len(t, o.owedOf(t, funnel.NoticeNudge, boris.ID), 1)
}

func TestADealThatIsPutOffIsNoRiskForWhoDidThatAndForNobodyElse(t *testing.T) {
	t.Parallel()
	o := setup(t)
	boris := o.join(t, o.space, "Boris", funnel.Manager)
	o.types(t, "new Acme 12k", "new Globex 5k")
	lists := func(m funnel.Member) int {
		list, ok := o.says(t, m, "list nostep").(commands.Deals)
		require.True(t, ok)
		return list.Total
	}
	require.Equal(t, 2, lists(o.anna))

	r := snoozed(t, o.types(t, "snooze acme until friday"))

	require.Equal(t, funnel.Date{Year: 2026, Month: time.November, Day: 27}, r.Snooze.Until)
	require.Equal(t, 1, lists(o.anna))
	require.Equal(t, 2, lists(boris))
	plan, ok := o.types(t, "today").(commands.Today)
	require.True(t, ok)
	require.Len(t, plan.NoStep, 1)
	require.Equal(t, "Globex", reviewed(t, o.types(t, "review")).Deal.CompanyName)
	snoozed(t, o.presses(t, r.Offers[0].Action))
	require.Equal(t, 2, lists(o.anna))

	week := snoozed(t, o.presses(t, "snooze:1:0"))
	require.Equal(t, funnel.Date{Year: 2026, Month: time.November, Day: 30}, week.Snooze.Until)
	o.advance(7 * 24 * time.Hour)
	require.Equal(t, 2, lists(o.anna), "the day has come")
}

func TestDealsAreNotPutOffForEver(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Acme 12k")
	require.Equal(t, funnel.CodeSnoozeLong, refusal(o.types(t, "snooze acme until 1 Oct 2027")))
	require.Equal(t, "acme", strings.ToLower(o.deal(t, 1).CompanyName))
	o.types(t, "lost acme price")
	require.Equal(t, funnel.CodeDealLost, refusal(o.types(t, "snooze acme")))
	require.Zero(t, o.count(t, "snoozes"))
}

func TestAReviewWalksThroughWhatStands(t *testing.T) {
	t.Parallel()
	o := setup(t)
	boris := o.join(t, o.space, "Boris", funnelRep)
	o.says(t, boris, "new Initech 1k")
	o.types(t, "new Acme 12k", "new Globex 5k", "new Umbra 7k", "new Hooli 3k", "next hooli call on friday")

	first := reviewed(t, o.types(t, "review"))

	require.Equal(t, "Acme", first.Deal.CompanyName, "what is somebody else's is not in it")
	require.True(t, first.NoStep && first.Begins)
	require.False(t, first.Stuck)
	require.Equal(t, 2, first.Left)

	// Alive: the step and its date are asked for, and the walk goes on with the next deal.
	require.Equal(t, "text", asked(t, o.presses(t, first.Offers[0].Action)))
	require.Equal(t, "when", asked(t, o.types(t, "call them")))
	second := reviewed(t, o.types(t, "friday"))
	require.Equal(t, "call them", o.deal(t, 2).Next.What)
	require.Equal(t, "Globex", second.Deal.CompanyName)
	require.False(t, second.Begins)

	// Skipped: nothing changes.
	third := reviewed(t, o.presses(t, second.Offers[5].Action))
	require.Equal(t, "Umbra", third.Deal.CompanyName)
	require.Zero(t, third.Left)

	// Lost: the reason is asked for.
	require.Equal(t, "reason", asked(t, o.presses(t, third.Offers[3].Action)))
	last := reviewed(t, o.types(t, "price"))
	require.Nil(t, last.Deal)
	require.False(t, last.Begins)
	require.Equal(t, funnel.Lost, o.deal(t, 4).Outcome)
	require.Equal(t, "Globex", reviewed(t, o.types(t, "разбор")).Deal.CompanyName)
}

func TestAReviewOfNothingSaysSo(t *testing.T) {
	t.Parallel()
	o := setup(t)
	r := reviewed(t, o.types(t, "review"))
	require.Nil(t, r.Deal)
	require.True(t, r.Begins)
}

func TestAnOldButtonOfAReviewChangesNothing(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Acme 12k")
	old := reviewed(t, o.types(t, "review")).Offers[2].Action
	o.types(t, "move acme qualification")
	require.Equal(t, funnel.CodeStale, refusal(o.presses(t, old)))
}
