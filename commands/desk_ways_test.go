package commands_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/commands"
	"funnelbot/funnel"
)

func TestEveryNumberOfWhatWasDoneLeadsToItsDeals(t *testing.T) {
	t.Parallel()
	o := traded(t)
	boris := o.join(t, o.space, "Boris", funnelRep)
	o.types(t, "log #3 call they think about it", "log #3 call they still do", "log #1 meeting with the team")
	o.says(t, boris, "log #3 email the offer")
	report := got[commands.Activities](t, o.types(t, "funnel activity 90d"))
	why := got[commands.Activities](t, o.presses(t, offering(t, report.Offers, "why")))
	require.True(t, why.Why)
	people, numbersLed := 0, 0
	for _, w := range why.To {
		if w.Of.Part != "" {
			numbersLed++
			leads(t, o, w)
			continue
		}
		people++
		of := got[commands.Activities](t, o.presses(t, w.Action))
		require.Equal(t, w.Name, of.Name)
		require.Equal(t, w.Count, of.To[0].Count, "all together")
		rest := 0
		for _, k := range of.To[1:] {
			rest += k.Count
			leads(t, o, k)
		}
		require.Equal(t, w.Count, rest)
	}
	require.Equal(t, 2, people)
	require.GreaterOrEqual(t, numbersLed, 3, "a week and two stages at least")

	calls := got[commands.Behind](t, o.presses(t, "funnel:1:0:a.0..d."+"/0"))
	require.Equal(t, []int64{3}, numbers(calls))
	require.Equal(t, funnel.Call, calls.Report.Behind.Kind)
	require.Equal(t, 90, got[commands.Activities](t, o.types(t, "funnel activity 90d", "why")).Report.WindowDays)
	require.Equal(t, []int64{3}, numbers(got[commands.Behind](t, o.types(t, "why proposal"))), "of a stage by its name")
}

// leads follows a way: as many deals at most as there are numbers, and one at least.
func leads(t *testing.T, o *office, w commands.Way) commands.Behind {
	t.Helper()
	require.LessOrEqual(t, len(w.Action), 64)
	r := got[commands.Behind](t, o.presses(t, w.Action))
	require.Equal(t, w.Of.Part, r.Report.Behind.Part)
	require.Equal(t, w.Of.Of, r.Report.Behind.Of)
	require.Positive(t, r.Report.Total, "%+v", w)
	require.LessOrEqual(t, r.Report.Total, w.Count, "%+v", w)
	return r
}

func TestEveryNumberOfTheQualificationLeadsToItsDeals(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Acme Anvils, website 12k", "new Globex 3k")
	require.IsType(t, commands.Changed{}, o.types(t, "set #2 source referral"))
	o.qualified(t, "#1")
	o.advance(time.Hour)
	report := got[commands.Qualifications](t, o.types(t, "funnel qualification"))
	why := got[commands.Qualifications](t, o.presses(t, offering(t, report.Offers, "why")))
	groups := map[funnel.BehindOf]int{}
	for _, w := range why.To {
		if w.Of.Part != "" {
			require.Equal(t, w.Count, leads(t, o, w).Report.Total)
			continue
		}
		groups[w.Of.Of]++
		of := got[commands.Qualifications](t, o.presses(t, w.Action))
		require.Equal(t, w.Of.Of, of.Group.Of)
		require.Equal(t, w.Count, of.To[0].Count)
		for _, n := range of.To {
			require.Equal(t, n.Count, leads(t, o, n).Report.Total, "%+v", n)
		}
	}
	require.Equal(t, map[funnel.BehindOf]int{funnel.OfSource: len(report.Report.Sources), funnel.OfOwner: 1}, groups)

	whole := got[commands.Behind](t, o.presses(t, "funnel:1:0:q.0..c.$gone"))
	require.Equal(t, funnel.OfAll, whole.Report.Behind.Of, "a source that is there no more is not guessed")
	require.Equal(t, 2, whole.Report.Total)
}
