package funnel_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

// proposals is a workspace in which, of forty proposals, ten went on after 2 days, ten were lost after 5,
// ten went on after 10 and ten were lost after 20; of forty negotiations that took a day three in four
// were signed.
func proposals() funnel.BottleneckInput {
	stay := func(stage funnel.StageKey, days, n int, exit funnel.Exit, to funnel.StageKey) funnel.SpellGroup {
		return funnel.SpellGroup{Stage: stage, Entered: 30, Left: 30 - days, Stay: days, Exit: exit, Destination: to, Spells: n}
	}
	return funnel.BottleneckInput{
		SpellDays: 452,
		Spells: funnel.SpellTable{Groups: []funnel.SpellGroup{
			stay("proposal", 2, 10, funnel.Advance, "negotiation"), stay("proposal", 5, 10, funnel.Loss, ""),
			stay("proposal", 10, 10, funnel.Advance, "negotiation"), stay("proposal", 20, 10, funnel.Loss, ""),
			stay("negotiation", 1, 30, funnel.Advance, "launch"), stay("negotiation", 1, 10, funnel.Loss, ""),
		}},
		Typical: []funnel.TypicalAmount{{Median: 50_00}, {Segment: "large", Median: 900_00}},
	}
}

func openDeal(number int64, stage funnel.StageKey, days int, amount int64) funnel.StandingDeal {
	d := funnel.StandingDeal{
		Deal: funnel.ID{byte(number)}, Number: number, Stage: stage, Entered: end().Add(-time.Duration(days) * 24 * time.Hour),
	}
	if amount > 0 {
		d.Amount = funnel.Money{Minor: amount, Currency: "USD"}
	}
	return d
}

func TestDealsAreStuckByTheirChanceAndCostByTheirDelay(t *testing.T) {
	t.Parallel()
	in := proposals()
	in.Standing = []funnel.StandingDeal{
		openDeal(1, "proposal", 1, 100_00), // one in two goes on from here
		openDeal(2, "proposal", 7, 100_00), // one in two still does
		openDeal(3, "proposal", 12, 100_00),
		openDeal(4, "lead", 7, 100_00), openDeal(5, "lead", 8, 100_00), // nothing is known of leads
		openDeal(6, "launch", 90, 100_00),
	}

	r := funnel.NewStuckReport(saleOver(90), in)

	require.Equal(t, 5, r.Open)
	require.Len(t, r.Deals, 2)
	byChance, byDays := r.Deals[0], r.Deals[1]
	if byChance.Number == 5 {
		byChance, byDays = byDays, byChance
	}
	require.EqualValues(t, 3, byChance.Number)
	require.Equal(t, funnel.StuckChance, byChance.Why)
	require.Equal(t, 9, byChance.Limit, "after the tenth day nobody goes on")
	require.InDelta(t, 0, *byChance.Advances, 1e-12)
	require.InDelta(t, 0.5, *byChance.Fresh, 1e-12)
	require.Zero(t, byChance.CostOfDelay.Minor, "what is dead loses nothing by waiting")
	require.EqualValues(t, 5, byDays.Number)
	require.Equal(t, funnel.StuckDays, byDays.Why)
	require.Equal(t, 7, byDays.Limit)
	require.Nil(t, byDays.Advances)
}

// Whoever is told "28 days, limit 28 days" cannot see why: days are always more than the limit beside them.
func TestADealIsStuckOnceItStandsLongerThanItsLimit(t *testing.T) {
	t.Parallel()
	in := proposals()
	for age := range 40 {
		in.Standing = append(in.Standing, openDeal(int64(age+1), "proposal", age, 0), openDeal(int64(age+101), "lead", age, 0),
			openDeal(int64(age+201), "negotiation", age, 0))
	}
	r := funnel.NewStuckReport(saleOver(90), in)
	named := map[funnel.StageKey]map[int]bool{"proposal": {}, "lead": {}, "negotiation": {}}
	for _, d := range r.Deals {
		require.Greater(t, d.Days, d.Limit, "%s by %s", d.Stage, d.Why)
		require.False(t, named[d.Stage][d.Limit], "a deal as old as the limit of another is none")
		named[d.Stage][d.Days] = true
	}
	for _, rule := range r.Rules {
		if named[rule.Stage] == nil {
			continue
		}
		for age := range 40 {
			require.Equal(t, named[rule.Stage][age], rule.Holds(age), "%s at %d", rule.Stage, age)
		}
		delete(named, rule.Stage)
	}
	require.Empty(t, named, "every stage in which deals are stuck has its rule")
}

func TestTheCostOfDelayIsMoneyTimesChanceTimesDaysOverTheMedian(t *testing.T) {
	t.Parallel()
	in := proposals()
	in.Standing = []funnel.StandingDeal{openDeal(2, "proposal", 8, 100_00)}
	in.Entries = []funnel.EntryGroup{{Stage: "proposal", Spells: 40, Priced: 40, Sum: 4000_00}}
	r := funnel.NewBottleneckReport(saleOver(90), in)
	// Half have left after 5 days. Half of those still there after 8 go on, and three in four of them win.
	require.Equal(t, int64(100_00*0.5*0.75*3), ranked(t, r, "proposal").CostOfDelay.Minor)
}

func TestTheForecastIsAmountTimesChanceByMonth(t *testing.T) {
	t.Parallel()
	in := proposals()
	in.Standing = []funnel.StandingDeal{
		openDeal(1, "negotiation", 0, 100_00), openDeal(2, "proposal", 7, 0), openDeal(3, "negotiation", 0, 0),
	}
	in.Standing[0].Closing = funnel.Date{Year: 2026, Month: time.December, Day: 20}
	in.Standing[1].Closing = funnel.Date{Year: 2026, Month: time.October, Day: 1} // past: by the usual pace
	in.Standing[2].Segment = "large"
	november := funnel.Date{Year: 2026, Month: time.November, Day: 1}
	r := funnel.NewForecastReport(saleOver(90), &funnel.ForecastInput{
		BottleneckInput: in,
		Quotas:          []funnel.Quota{{Month: november, Amount: funnel.Money{Minor: 700_00, Currency: "USD"}}},
		Won: []funnel.WonCount{
			{Month: november, Sum: funnel.Money{Minor: 30_00, Currency: "USD"}, Deals: 2}, {Month: november, Deals: 1},
		},
		Owners: &funnel.OwnerTable{Closed: []funnel.ClosedCount{
			{Outcome: funnel.Won, Days: 10, Deals: 1}, {Outcome: funnel.Lost, Days: 4, Deals: 1},
		}},
	})
	require.Equal(t, 3, r.Open)
	require.Equal(t, 2, r.StandIn)
	require.False(t, r.TooFew)
	// 0.75·100.00, 0.5·0.75·50.00 and 0.75·900.00.
	require.Equal(t, int64(75_00+18_75+675_00), r.Mean.Minor)
	require.InDelta(t, 0.75+0.375+0.75, r.Deals, 1e-9)
	require.LessOrEqual(t, r.Low.Minor, r.Mean.Minor)
	require.GreaterOrEqual(t, r.High.Minor, r.Mean.Minor)
	require.Len(t, r.Months, 2)
	require.Equal(t, "2026-11", r.Months[0].Month)
	require.Equal(t, int64(18_75+675_00), r.Months[0].Mean.Minor)
	require.Equal(t, int64(700_00), r.Months[0].Plan.Minor)
	require.Equal(t, int64(30_00), r.Months[0].Won.Minor)
	require.Equal(t, 3, r.Months[0].WonDeals)
	require.Equal(t, 1, r.Months[0].Unpriced)
	require.Equal(t, int64(75_00), r.Months[1].Mean.Minor)
	require.Nil(t, r.Months[1].Plan)
	require.Len(t, r.Stages, 2)
	require.InDelta(t, 0.375, r.Stages[0].Wins, 1e-12)
	// Three deals of 350.00 on average, half won, in ten days.
	require.Equal(t, int64(52_50), r.Velocity.Minor)
}

func TestAForecastWithoutNumbersRestsOnHintsAndSaysSo(t *testing.T) {
	t.Parallel()
	r := funnel.NewForecastReport(saleOver(90), &funnel.ForecastInput{BottleneckInput: funnel.BottleneckInput{
		SpellDays: 452, Standing: []funnel.StandingDeal{openDeal(1, "negotiation", 3, 100_00)},
	}})
	require.True(t, r.TooFew)
	require.InDelta(t, 70_00, r.Mean.Minor, 1, "seven of the ten deals that the hint of 0.65 counts for")
	empty := funnel.NewForecastReport(saleOver(90), &funnel.ForecastInput{BottleneckInput: funnel.BottleneckInput{SpellDays: 452}})
	require.Zero(t, empty.Mean.Minor)
	require.Len(t, empty.Months, 1)
}
