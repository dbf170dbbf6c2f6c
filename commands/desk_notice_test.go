package commands_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/commands"
	"funnelbot/funnel"
)

// says has a member type lines and returns the last reply.
func (o *office) says(tb testing.TB, m funnel.Member, lines ...string) commands.Reply {
	tb.Helper()
	var reply commands.Reply
	for _, line := range lines {
		reply = o.answer(tb, o.ask(m, line))
	}
	return reply
}

func transferred(tb testing.TB, r commands.Reply) commands.Transferred {
	tb.Helper()
	out, ok := r.(commands.Transferred)
	require.True(tb, ok, written(tb, r))
	return out
}

func settled(tb testing.TB, r commands.Reply) commands.Settled {
	tb.Helper()
	out, ok := r.(commands.Settled)
	require.True(tb, ok, written(tb, r))
	return out
}

func TestAManagerHandsEverythingOver(t *testing.T) {
	t.Parallel()
	o := setup(t)
	boris, clara := o.join(t, o.space, "Boris", funnelRep), o.join(t, o.space, "Clara", funnelRep)
	o.says(t, boris, "new Acme 12k", "next acme call on friday", "new Globex 5k", "won globex", "new Umbra 1k", "lost umbra price")

	r := transferred(t, o.types(t, "transfer boris to clara"))

	require.Equal(t, []int{1, 1, 1}, []int{r.Deals, r.Clients, r.Steps})
	require.False(t, r.OwnFrom || r.OwnTo)
	require.Equal(t, clara.ID, o.deal(t, 1).Owner)
	require.Equal(t, clara.ID, o.deal(t, 2).Owner)
	require.Equal(t, boris.ID, o.deal(t, 3).Owner, "what is lost stays whose it was")
	list, ok := o.presses(t, r.Offers[0].Action).(commands.Deals)
	require.True(t, ok)
	require.Equal(t, "Clara", list.Title.OwnerName)
	require.Equal(t, 1, list.Total, "open ones")
	require.Equal(t, 1, o.count(t, "outbox WHERE kind = 'transferred'"))
	require.Equal(t, funnel.CodeUndoTransfer, refusal(o.types(t, "undo")))
	require.Equal(t, commands.CodeNoDeals, refusal(o.types(t, "log call")), "none of those deals is the last that was spoken of")
}

func TestATransferAsksForWhoIsMissing(t *testing.T) {
	t.Parallel()
	o := setup(t)
	boris := o.join(t, o.space, "Boris", funnelRep)
	o.join(t, o.space, "Clara", funnelRep)
	o.says(t, boris, "new Acme 12k")

	first := o.types(t, "transfer")
	require.Equal(t, "from", asked(t, first))
	second := o.types(t, "Boris")
	require.Equal(t, "person", asked(t, second))
	require.Equal(t, 1, transferred(t, o.types(t, "Clara")).Deals)

	unknown := o.types(t, "transfer Zed to Boris")
	require.Equal(t, "from", asked(t, unknown))
	require.Equal(t, funnel.CodeNoMember, question(t, unknown).Outcome.Prompt.Problem.Code)
	require.Equal(t, 1, transferred(t, o.types(t, "Clara")).Deals)
	require.Equal(t, funnel.CodeSameMember, refusal(o.types(t, "transfer boris to boris")))
}

func TestASellerGivesWhatIsTheirOwn(t *testing.T) {
	t.Parallel()
	o := setup(t)
	boris, clara := o.join(t, o.space, "Boris", funnelRep), o.join(t, o.space, "Clara", funnelRep)
	o.says(t, boris, "new Acme 12k")
	require.Equal(t, funnel.CodeForbidden, refusal(o.says(t, clara, "transfer boris to clara")))

	r := transferred(t, o.says(t, boris, "transfer clara"))

	require.True(t, r.OwnFrom)
	require.Equal(t, clara.ID, o.deal(t, 1).Owner)
	require.Equal(t, 1, transferred(t, o.says(t, clara, "передай все Борису")).Deals+
		transferred(t, o.says(t, clara, "transfer me to boris")).Deals)
	require.Equal(t, boris.ID, o.deal(t, 1).Owner)
}

func TestWhoHasLeftCanBeNamedInATransfer(t *testing.T) {
	t.Parallel()
	o := setup(t)
	boris := o.join(t, o.space, "Boris Grant", funnelRep)
	clara := o.join(t, o.space, "Clara", funnelRep)
	o.says(t, boris, "new Acme 12k")
	_, err := o.pool.Exec(t.Context(), `UPDATE members SET active = false WHERE id = $1`, boris.ID)
	require.NoError(t, err)
	o.advance(time.Minute)

	offered := question(t, o.types(t, "transfer")).Outcome.Prompt
	var names []string
	for _, option := range offered.Options {
		names = append(names, option.Label)
	}
	require.Contains(t, names, "Boris Grant")
	o.types(t, "cancel")
	require.Equal(t, 1, transferred(t, o.types(t, "transfer Boris Grant to Clara")).Deals)
	require.Equal(t, clara.ID, o.deal(t, 1).Owner)
	require.Equal(t, funnel.CodeNoMember, question(t, o.types(t, "transfer Boris Grant to Clara")).Outcome.Prompt.Problem.Code,
		"who owns nothing any more is nobody to take from")
}

func TestWhoIsAwayIsShown(t *testing.T) {
	t.Parallel()
	o := setup(t)
	boris := o.join(t, o.space, "Boris", funnelRep)
	o.types(t, "new Acme 12k", "new Globex 3k")
	back := funnel.Date{Year: 2026, Month: 11, Day: 27}

	require.Equal(t, "when", asked(t, o.says(t, boris, "away")))
	r := settled(t, o.says(t, boris, "friday"))
	require.Equal(t, back, r.Member.AwayUntil)
	members, ok := o.types(t, "members").(commands.Members)
	require.True(t, ok)
	require.Equal(t, []funnel.Date{{}, back}, []funnel.Date{members.Members[0].AwayUntil, members.Members[1].AwayUntil})
	given, ok := o.types(t, "assign acme boris").(commands.Changed)
	require.True(t, ok)
	require.Equal(t, back, given.OwnerAway)
	require.Equal(t, back, settled(t, o.says(t, boris, "away")).Member.AwayUntil, "no question where the answer is known")

	o.clock.Store(morning().AddDate(0, 0, 4).UnixNano()) // Friday
	members, ok = o.types(t, "members").(commands.Members)
	require.True(t, ok)
	require.True(t, members.Members[1].AwayUntil.IsZero(), "it ends by itself")
	given, ok = o.types(t, "assign globex boris").(commands.Changed)
	require.True(t, ok)
	require.True(t, given.OwnerAway.IsZero())
}

func TestWhoComesBackSoonerSaysSo(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "away until friday")
	status := settled(t, o.types(t, "away"))
	require.True(t, settled(t, o.presses(t, status.Offers[0].Action)).Member.AwayUntil.IsZero())
	o.types(t, "отпуск на две недели")
	undone, ok := o.types(t, "undo").(commands.Changed)
	require.True(t, ok)
	require.Equal(t, "away", undone.Undone)
	require.Equal(t, "when", asked(t, o.types(t, "away")))
	require.Equal(t, funnel.CodeInPast, question(t, o.types(t, "today 10:00")).Outcome.Prompt.Problem.Code)
	require.Equal(t, funnel.CodeInPast, refusal(o.types(t, "cancel", "away until today")))
}

func TestWishesAreAskedForAndShown(t *testing.T) {
	t.Parallel()
	o := setup(t)
	shown := settled(t, o.types(t, "notify"))
	require.Equal(t, []string{"", "20:00", "08:00"}, []string{shown.Member.PlanAt, shown.Member.QuietFrom, shown.Member.QuietTo})
	require.Equal(t, "plan", asked(t, o.presses(t, shown.Offers[0].Action)))
	require.Equal(t, commands.CodeClockUnreadable, question(t, o.types(t, "at dawn")).Outcome.Prompt.Problem.Code)
	require.Equal(t, "08:15", settled(t, o.types(t, "8:15")).Member.PlanAt)
	require.Equal(t, "quiet", asked(t, o.types(t, "уведомления тихо")))
	r := settled(t, o.types(t, "с 22 до 7:30"))
	require.Equal(t, []string{"08:15", "22:00", "07:30"}, []string{r.Member.PlanAt, r.Member.QuietFrom, r.Member.QuietTo})
	off := settled(t, o.types(t, "notify"))
	require.Equal(t, []string{"plan_off", "quiet_off"}, []string{off.Offers[0].Label, off.Offers[1].Label})
	require.Empty(t, settled(t, o.presses(t, off.Offers[0].Action)).Member.PlanAt)
	quiet := settled(t, o.presses(t, off.Offers[1].Action)).Member
	require.Equal(t, quiet.QuietFrom, quiet.QuietTo)
	require.Equal(t, commands.CodeClockUnreadable, refusal(o.types(t, "notify plan 25:00")))
	p := question(t, o.types(t, "notify plan")).Outcome.Prompt
	last := p.Options[len(p.Options)-1]
	require.Empty(t, settled(t, o.presses(t, commands.QuestionAction(p.Token, "pick", last.Key))).Member.PlanAt)
}

func TestTheMorningPlanIsWhatTodayShows(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Acme 12k", "next acme call today", "new Globex 5k", "language ru", "timezone Asia/Almaty")
	want := o.types(t, "today")

	plan, reader, err := o.desk.Plan(t.Context(), o.space.ID, o.anna.ID, o.now())

	require.NoError(t, err)
	require.Equal(t, written(t, want), written(t, plan))
	require.Equal(t, funnel.Russian, reader.Locale)
	require.Equal(t, "Asia/Almaty", reader.Zone.String())
	require.NotNil(t, reader.Funnel)
	_, _, err = o.desk.Plan(t.Context(), o.space.ID, newID(), o.now())
	require.Equal(t, funnel.CodeInactive, funnel.CodeOf(err))
}
