package funnel_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

// risksOf are the numbers of the deals that a digest calls stuck since the day before, by the rules of then.
func risksOf(in *funnel.BottleneckInput, rules []funnel.StuckRule) []int64 {
	p := saleOver(90)
	since := p.To.Add(-24 * time.Hour)
	d := funnel.NewDigest(&funnel.DigestInput{
		On: funnel.DateOf(p.To), AsOf: p.To, Since: since, Analysis: funnel.NewAnalysis(p, &funnel.ForecastInput{BottleneckInput: *in}),
		Last: &funnel.DigestRun{Facts: funnel.Digest{AsOf: since, StuckRules: rules}},
	})
	found := []int64{}
	for _, named := range d.News.Risks.Named {
		found = append(found, named.Number)
	}
	return found
}

func TestADealThatIsStuckBecauseTheLimitMovedIsNews(t *testing.T) {
	t.Parallel()
	in := proposals()
	// Stuck since today, for two days and for eight; and one that came in an hour ago.
	in.Standing = []funnel.StandingDeal{
		openDeal(1, "proposal", 10, 9_00), openDeal(2, "proposal", 12, 8_00), openDeal(3, "proposal", 18, 7_00), openDeal(4, "proposal", 0, 6_00),
	}
	rule := func(from int) []funnel.StuckRule {
		return []funnel.StuckRule{{Stage: "proposal", Ages: []funnel.AgeRange{{From: from}}}}
	}
	require.Equal(t, rule(10)[0].Ages, funnel.NewStuckReport(saleOver(90), in).Rules[2].Ages)

	require.Equal(t, []int64{1}, risksOf(&in, rule(10)), "by the rules of today only one has grown old")
	require.Equal(t, []int64{1, 2}, risksOf(&in, rule(15)), "what was fine yesterday is stuck today")
	require.Equal(t, []int64{1, 2, 3}, risksOf(&in, rule(40)))
	require.Empty(t, risksOf(&in, rule(5)), "what was called stuck yesterday is none")
	require.Equal(t, []int64{1}, risksOf(&in, nil), "where the rules of then are not known, those of today count")
}
