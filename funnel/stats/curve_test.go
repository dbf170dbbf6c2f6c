package stats_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel/stats"
)

// single is a stay from the beginning.
func single(days, cause int) stats.Group { return stats.Group{To: days, Cause: cause, N: 1} }

func TestACurveGivesWhatWasPublished(t *testing.T) {
	t.Parallel()
	// Table 2 of J. M. Satagopan and others, "A note on competing risks in survival data analysis",
	// British Journal of Cancer 91 (2004), 1229–1235, https://doi.org/10.1038/sj.bjc.6602102: 305
	// patients, of whom the first nine are listed by months; cause 0 is death of the disease. The paper
	// prints S and what each death adds to F, in tenths of a percent.
	c := stats.Estimate([]stats.Group{
		single(7, stats.Censored), single(10, 0), single(14, stats.Censored), single(16, 0), single(18, 1),
		single(23, 0), single(24, stats.Censored), single(26, 1), single(27, 0),
		{To: 28, Cause: stats.Censored, N: 305 - 9},
	}, 2)
	for _, row := range []struct {
		age, atRisk int
		stay, more  float64
	}{
		{10, 304, 0.997, 0.003},
		{16, 302, 0.993, 0.003},
		{18, 301, 0.990, 0},
		{23, 300, 0.987, 0.003},
		{26, 298, 0.983, 0},
		{27, 297, 0.980, 0.003},
	} {
		require.Equal(t, row.atRisk, c.AtRisk(row.age))
		require.InDelta(t, row.stay, c.Stay(row.age), 0.0005)
		require.InDelta(t, row.more, c.ShareAt(0, row.age)-c.ShareAt(0, row.age-1), 0.0005)
	}
	require.Equal(t, 305, c.AtRisk(7))
	require.Equal(t, 6, c.Exits())
	require.Equal(t, 4, c.Events(0))
}

func TestACurveGivesWhatIsComputedByHand(t *testing.T) {
	t.Parallel()
	// Ten stays. At 2: 10 at risk, one advances, one is lost. At 3 one goes out of sight. At 5: 7 at
	// risk, two advance. At 9: 5 at risk, one is lost. At 12: 4 at risk, two advance. Two stay to 20.
	c := stats.Estimate([]stats.Group{
		single(2, advance), single(2, lost), single(3, stats.Censored),
		{To: 5, Cause: advance, N: 2},
		single(9, lost),
		{To: 12, Cause: advance, N: 2},
		{To: 20, Cause: stats.Censored, N: 2},
	}, 2)
	stay := 8.0 / 10
	require.InDelta(t, stay, c.Stay(2), 1e-15)
	stay *= 5.0 / 7
	require.InDelta(t, stay, c.Stay(8), 1e-15)
	require.InDelta(t, 0.1+0.8*2/7, c.ShareAt(advance, 5), 1e-15)
	require.InDelta(t, 0.1+stay/5, c.ShareAt(lost, 9), 1e-15)
	stay *= 4.0 / 5
	require.InDelta(t, stay, c.Stay(11), 1e-15)
	require.InDelta(t, 0.1+0.8*2/7+stay*2/4, c.ShareAt(advance, 12), 1e-15)
	require.InDelta(t, stay/2, c.Stay(400), 1e-15)

	require.Equal(t, 9, c.Tau(), "the last age at which five were at risk")
	require.InDelta(t, 0.1+0.8*2/7, c.Share(advance), 1e-15)
	require.InDelta(t, 0.1+stay/4, c.Share(lost), 1e-15)

	days, ok := c.Leaves(0.5)
	require.True(t, ok)
	require.Equal(t, 9, days, "S is 0.571 before and 0.457 then")
	_, ok = c.Leaves(0.9)
	require.False(t, ok, "a fifth was never seen to leave")
	days, ok = c.Advances(0.5, advance)
	require.True(t, ok)
	require.Equal(t, 5, days)
	days, ok = c.Advances(0.3, advance)
	require.True(t, ok)
	require.Equal(t, 2, days, "0.1 of 0.329")
	p, ok := c.Ahead(2, advance)
	require.True(t, ok)
	require.InDelta(t, 2.0/7, p, 1e-15)
	p, ok = c.Ahead(2, advance, lost)
	require.True(t, ok)
	require.InDelta(t, 2.0/7+5.0/7/5, p, 1e-15)
}

func TestStaysThatBeganBeforeCountFromTheAgeTheyAreSeenAt(t *testing.T) {
	t.Parallel()
	// Two are at risk at first, of which one leaves at 2; three older ones join after 3, of which two
	// leave at 6 with the other one at risk.
	c := stats.Estimate([]stats.Group{
		single(2, advance), single(8, stats.Censored),
		{From: 3, To: 6, Cause: lost, N: 2},
		{From: 3, To: 9, Cause: stats.Censored, N: 1},
	}, 2)
	require.Equal(t, []stats.Step{
		{Age: 2, AtRisk: 2, Events: []int{1, 0}, Shares: []float64{0.5, 0}, Stay: 0.5},
		{Age: 3, AtRisk: 1, Events: []int{0, 0}, Shares: []float64{0.5, 0}, Stay: 0.5},
		{Age: 6, AtRisk: 4, Events: []int{0, 2}, Shares: []float64{0.5, 0.25}, Stay: 0.25},
		{Age: 8, AtRisk: 2, Events: []int{0, 0}, Shares: []float64{0.5, 0.25}, Stay: 0.25},
		{Age: 9, AtRisk: 1, Events: []int{0, 0}, Shares: []float64{0.5, 0.25}, Stay: 0.25},
	}, c.Steps())
	require.Equal(t, 2, c.AtRisk(1))
	require.Equal(t, 4, c.AtRisk(4))
	require.Equal(t, 0, c.AtRisk(10))
	require.Equal(t, 0, c.AtRisk(0))
	require.Equal(t, 9, c.Tau(), "never five")
}

func TestACurveStaysWhereNobodyIsAtRisk(t *testing.T) {
	t.Parallel()
	half := []stats.Group{{To: 4, Cause: advance, N: 3}, {To: 5, Cause: stats.Censored, N: 3}}
	c := stats.Estimate(append(half, stats.Group{From: 9, To: 12, Cause: lost, N: 2}), 2)
	require.InDelta(t, 0.5, c.Stay(8), 0)
	require.Equal(t, 0, c.AtRisk(7))
	require.InDelta(t, 0.5, c.ShareAt(lost, 12), 0, "the two that came later are all there were then")
	require.InDelta(t, 0, c.Stay(12), 0)
	require.Equal(t, 4, c.Tau(), "six, and three on the day after")

	t.Run("and when all have left it is over for those who come later", func(t *testing.T) {
		t.Parallel()
		c := stats.Estimate([]stats.Group{{To: 4, Cause: advance, N: 6}, {From: 9, To: 12, Cause: lost, N: 8}}, 2)
		require.InDelta(t, 1, c.Share(advance), 0)
		require.InDelta(t, 0, c.Share(lost), 0)
		require.Equal(t, 12, c.Tau())
		_, ok := c.Ahead(10, advance, lost)
		require.False(t, ok)
	})
}

func TestTheRiskSetMayFallAndRiseAgainBeforeTau(t *testing.T) {
	t.Parallel()
	c := stats.Estimate([]stats.Group{
		{To: 3, Cause: advance, N: 4},
		{To: 6, Cause: stats.Censored, N: 2},
		{From: 10, To: 14, Cause: lost, N: 5},
		{From: 10, To: 15, Cause: advance, N: 2},
	}, 2)
	require.Equal(t, 14, c.Tau())
	require.InDelta(t, 4.0/6, c.Share(advance), 1e-15)
	require.InDelta(t, 2.0/6*5/7, c.Share(lost), 1e-15)
}

func TestNothingSeenSaysNothing(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]*stats.Curve{
		"no groups":       stats.Estimate(nil, 2),
		"no stays":        stats.Estimate([]stats.Group{{To: 3, N: 0}, {To: 4, N: -1}}, 2),
		"no day at risk":  stats.Estimate([]stats.Group{{From: 3, To: 3, N: 5}, {From: 4, To: 1, N: 5}}, 2),
		"the zero value":  {},
		"nobody resample": nil,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := stats.Resample([]*stats.Curve{c}, 10, 1, 2)
			require.Equal(t, stats.Interval{Low: 0, High: 1}, stats.Resample([]*stats.Curve{{}}, 10, 1, 2).Interval(0, 0.9))
			if c == nil {
				require.Empty(t, r.Of(0))
				return
			}
			require.Equal(t, 0, c.Tau())
			require.Equal(t, 0, c.Exits())
			require.Empty(t, c.Steps())
			require.Equal(t, 0, c.AtRisk(1))
			require.InDelta(t, 1, c.Stay(5), 0)
			_, ok := c.Leaves(0.5)
			require.False(t, ok)
			_, ok = c.Advances(0.5)
			require.False(t, ok)
			_, ok = c.Ahead(0)
			require.False(t, ok)
		})
	}
	c := stats.Estimate(nil, 2)
	require.InDelta(t, 0, c.Share(1), 0)
	require.InDelta(t, 0, c.ShareAt(1, 7), 0)
	_, ok := c.Ahead(3, 0, 1)
	require.False(t, ok)
}

func TestOneStayIsAllThereIs(t *testing.T) {
	t.Parallel()
	c := stats.Estimate([]stats.Group{single(7, advance)}, 2)
	require.Equal(t, 7, c.Tau())
	require.InDelta(t, 1, c.Share(advance), 0)
	days, ok := c.Leaves(0.9)
	require.True(t, ok)
	require.Equal(t, 7, days)
	p, ok := c.Ahead(6, advance)
	require.True(t, ok)
	require.InDelta(t, 1, p, 0)
	_, ok = c.Ahead(7, advance)
	require.False(t, ok, "nobody stays that long")

	waiting := stats.Estimate([]stats.Group{{To: 40, Cause: stats.Censored, N: 12}}, 2)
	require.Equal(t, 40, waiting.Tau())
	require.InDelta(t, 0, waiting.Share(advance), 0)
	_, ok = waiting.Advances(0.5, advance)
	require.False(t, ok)
	p, ok = waiting.Ahead(40, advance)
	require.True(t, ok)
	require.InDelta(t, 0, p, 0)
}

func TestSharesThatArithmeticMissesByARoundingAreReached(t *testing.T) {
	t.Parallel()
	// Ten leave one by one: S is 0.9, 0.9·8/9 … of which the product for the half is not exactly 0.5.
	var groups []stats.Group
	for day := 1; day <= 10; day++ {
		groups = append(groups, single(day, advance))
	}
	c := stats.Estimate(groups, 1)
	for day := 1; day <= 10; day++ {
		left, ok := c.Leaves(float64(day) / 10)
		require.True(t, ok)
		require.Equal(t, day, left)
	}
	// τ is 6, so that of the six that advanced by then the third is the half.
	require.Equal(t, 6, c.Tau())
	half, ok := c.Advances(0.5, advance)
	require.True(t, ok)
	require.Equal(t, 3, half)
}

func TestManyStaysDoNotOverflow(t *testing.T) {
	t.Parallel()
	const n = 3_000_000_000
	c := stats.Estimate([]stats.Group{
		{To: 1, Cause: advance, N: n}, {To: 36_500, Cause: lost, N: n}, {From: 20_000, To: 36_500, Cause: stats.Censored, N: 2 * n},
	}, 2)
	require.InDelta(t, 0.5, c.Share(advance), 0)
	require.InDelta(t, 0.5/3, c.Share(lost), 1e-15)
	require.Equal(t, 2*n, c.Exits())
}
