package commands_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/commands"
	"funnelbot/funnel"
)

// got is a reply of the kind that is expected.
func got[T commands.Reply](tb testing.TB, r commands.Reply) T {
	tb.Helper()
	reply, ok := r.(T)
	require.True(tb, ok, "%T", r)
	return reply
}

// offering returns the action of the first offer with the label.
func offering(tb testing.TB, offers []commands.Offer, label string) string {
	tb.Helper()
	for _, o := range offers {
		if o.Label == label {
			return o.Action
		}
	}
	require.Failf(tb, "not offered", "%s in %v", label, offers)
	return ""
}

// traded is an office in which one deal was won, one was lost and one stands in a proposal.
func traded(tb testing.TB) *office {
	tb.Helper()
	o := setup(tb)
	o.types(tb, "new Acme 12k", "new Globex 3k", "new Umbra 5k")
	o.advance(48 * time.Hour)
	o.types(tb, "#1 proposal", "#3 proposal")
	o.advance(48 * time.Hour)
	o.types(tb, "won #1", "lost #2 price")
	o.advance(time.Hour)
	return o
}

func TestAManagerPlansAMonthAndTakesItBack(t *testing.T) {
	t.Parallel()
	o := setup(t)
	set := got[commands.PlanSet](t, o.types(t, "plan december 500k"))
	require.Equal(t, funnel.Money{Minor: 500_000_00, Currency: "USD"}, set.Quota.Amount)
	require.Equal(t, "2026-12-01", set.Quota.Month.String())
	require.True(t, got[commands.PlanSet](t, o.types(t, "plan december 500k")).Same())

	undone := got[commands.Changed](t, o.presses(t, offering(t, set.Offers, "undo")))

	require.Equal(t, funnel.VerbQuota, undone.Undone)
	plans := got[commands.Plans](t, o.types(t, "plan"))
	require.Len(t, plans.Report.Months, 4)
	for _, m := range plans.Report.Months {
		require.Nil(t, m.Plan)
	}
}

func TestAPlanIsAskedForByAButton(t *testing.T) {
	t.Parallel()
	o := setup(t)
	plans := got[commands.Plans](t, o.types(t, "plan"))
	require.Equal(t, "amount", asked(t, o.presses(t, offering(t, plans.Offers, "set_plan"))))
	set := got[commands.PlanSet](t, o.types(t, "500k"))
	require.Equal(t, "2026-11-01", set.Quota.Month.String())
	require.Equal(t, int64(500_000_00), set.Quota.Amount.Minor)
	require.True(t, got[commands.PlanSet](t, o.types(t, "plan off")).Quota.Amount.IsZero())
	require.Equal(t, funnel.CodePlanCurrency, refusal(o.types(t, "plan 5k eur")))
}

func TestARepSeesThePlanAndSetsNone(t *testing.T) {
	t.Parallel()
	o := setup(t)
	boris := o.join(t, o.space, "Boris", funnelRep)
	o.types(t, "plan 500k")
	plans := got[commands.Plans](t, o.says(t, boris, "plan"))
	require.NotNil(t, plans.Report.Months[1].Plan)
	require.Equal(t, "today", plans.Offers[0].Label, "a rep is led to the day's plan alone")
	require.Equal(t, funnel.CodeForbidden, refusal(o.says(t, boris, "plan 900k")))
	require.Equal(t, funnel.CodeForbidden, refusal(o.answer(t, o.press(boris, "plan:0:0:2026-12"))))
}

func TestEveryNumberOfTheFunnelLeadsToItsDeals(t *testing.T) {
	t.Parallel()
	o := traded(t)
	report := got[commands.FunnelReport](t, o.types(t, "funnel"))
	why := got[commands.FunnelReport](t, o.presses(t, offering(t, report.Offers, "why")))
	require.True(t, why.Why)

	won := got[commands.Behind](t, o.presses(t, offering(t, why.Offers, "behind_wins")))
	lost := got[commands.Behind](t, o.presses(t, offering(t, why.Offers, "behind_losses")))
	open := got[commands.Behind](t, o.presses(t, offering(t, why.Offers, "behind_open")))
	stage := got[commands.FunnelReport](t, o.types(t, "why proposal"))
	entered := got[commands.Behind](t, o.presses(t, offering(t, stage.Offers, "behind_entered")))
	advanced := got[commands.Behind](t, o.presses(t, offering(t, stage.Offers, "behind_advanced")))

	require.Equal(t, []int64{1}, numbers(won))
	require.Equal(t, []int64{2}, numbers(lost))
	require.Equal(t, []int64{3}, numbers(open))
	require.Equal(t, funnel.StageKey("proposal"), stage.Stage)
	require.ElementsMatch(t, []int64{1, 3}, numbers(entered))
	require.Equal(t, []int64{1}, numbers(advanced))
}

func numbers(r commands.Behind) []int64 {
	all := []int64{}
	for i := range r.Report.Deals {
		all = append(all, r.Report.Deals[i].Number)
	}
	return all
}

func TestTheNumbersOfAnOwnerLeadToTheirDeals(t *testing.T) {
	t.Parallel()
	o := traded(t)
	boris := o.join(t, o.space, "Boris", funnelRep)
	o.types(t, "assign #3 Boris")
	r := got[commands.Owners](t, o.types(t, "funnel owners"))
	why := got[commands.Owners](t, o.presses(t, offering(t, r.Offers, "why")))
	for _, b := range why.Behind {
		if b.Name != boris.Name {
			require.Equal(t, []int64{1}, numbers(got[commands.Behind](t, o.presses(t, offering(t, b.Offers, "behind_wins")))))
			continue
		}
		open := got[commands.Behind](t, o.presses(t, offering(t, b.Offers, "behind_open")))
		require.Equal(t, []int64{3}, numbers(open))
		require.Equal(t, "Boris", open.OwnerName)
	}
	require.Len(t, why.Behind, 2)
}

func TestWhyAsksAboutTheReportShownLast(t *testing.T) {
	t.Parallel()
	o := traded(t)
	require.True(t, got[commands.Bottleneck](t, o.types(t, "why")).Why, "the weakest link, where nothing was shown")
	o.types(t, "forecast 30d")
	why := got[commands.Forecast](t, o.types(t, "почему"))
	require.True(t, why.Why)
	require.Equal(t, 30, why.Report.WindowDays, "of the same window")
	o.types(t, "funnel stuck")
	require.True(t, got[commands.Stuck](t, o.types(t, "why")).Why)
}

func TestReportsTurnTheirPages(t *testing.T) {
	t.Parallel()
	o := setup(t)
	for _, name := range []string{
		"Acme Anvils", "Globex", "Umbra", "Initech", "Hooli", "Vandelay", "Wonka", "Stark", "Oscorp", "Tyrell", "Cyberdyne", "Soylent",
	} {
		require.IsType(t, commands.Changed{}, o.types(t, "new "+name+" 5k"), name)
	}
	o.advance(400 * 24 * time.Hour)
	first := got[commands.Stuck](t, o.types(t, "funnel stuck"))
	require.Equal(t, 10, first.To-first.From)
	require.Len(t, first.Deals, 10)
	second := got[commands.Stuck](t, o.presses(t, offering(t, first.Offers, "more")))
	require.Equal(t, []int{10, 12}, []int{second.From, second.To})
	why := got[commands.FunnelReport](t, o.types(t, "funnel", "why"))
	open := got[commands.Behind](t, o.presses(t, offering(t, why.Offers, "behind_open")))
	rest := got[commands.Behind](t, o.presses(t, offering(t, open.Offers, "more")))
	require.Equal(t, 12, rest.Report.Total)
	require.Len(t, rest.Report.Deals, 2)
	require.Len(t, got[commands.Behind](t, o.presses(t, offering(t, rest.Offers, "previous"))).Report.Deals, 10)
}

func TestCausesByPersonAreForManagersInPrivate(t *testing.T) {
	t.Parallel()
	o := traded(t)
	boris := o.join(t, o.space, "Boris", funnelRep)
	require.False(t, got[commands.Bottleneck](t, o.types(t, "bottleneck")).Withheld)
	require.True(t, got[commands.Bottleneck](t, o.says(t, boris, "bottleneck")).Withheld, "a rep")
	ask := o.ask(o.anna, "bottleneck")
	ask.Venue = commands.Venue{External: "C1"}
	require.True(t, got[commands.Bottleneck](t, o.answer(t, ask)).Withheld, "a chat of several people")
}

func TestAButtonOfAReportFromElsewhereIsAnsweredWithIt(t *testing.T) {
	t.Parallel()
	o := traded(t)
	for _, action := range []string{
		"funnel:0:0:x", "funnel:0:0:f", "funnel:0:0:f.0..y.", "funnel:9:0:f.90.20261123.o.proposal", "funnel:1:0:o.0..w.@x", "funnel:1:0:f.x.y.z.q",
		"funnel:0:0", "funnel:1:0:b.99999999..y.lead", "funnel:1:0:s.0.99999999.y.", "funnel:9223372036854775807:0:f.0..e.lead",
	} {
		require.NotNil(t, o.presses(t, action), action)
	}
	for _, r := range []commands.Reply{o.types(t, "funnel 2025 why"), o.types(t, "bottleneck why"), o.types(t, "forecast why")} {
		for _, a := range actions(r) {
			require.LessOrEqual(t, len(a.action), 64, "%v", a)
			require.False(t, strings.ContainsAny(a.action, "\n"))
		}
	}
}
