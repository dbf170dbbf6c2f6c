package stats_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"funnelbot/funnel/stats"
)

// groups draws small tables, of which many have ties, gaps and few stays at risk.
func groups(t *rapid.T) []stats.Group {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) stats.Group {
		from := rapid.SampledFrom([]int{0, 0, 0, 1, 2, 5, 9}).Draw(t, "from")
		return stats.Group{
			From: from, To: from + rapid.IntRange(1, 12).Draw(t, "days"),
			Cause: rapid.IntRange(stats.Censored, ways-1).Draw(t, "cause"),
			N:     rapid.SampledFrom([]int{1, 1, 2, 7}).Draw(t, "n"),
		}
	}), 0, 15).Draw(t, "groups")
}

// same requires that two curves say the same of every age.
func same(t require.TestingT, a, b *stats.Curve) {
	require.Equal(t, a.Exits(), b.Exits())
	require.Equal(t, a.Tau(), b.Tau())
	for age := range 30 {
		require.Equal(t, a.AtRisk(age), b.AtRisk(age), "age %d", age)
		require.InDelta(t, a.Stay(age), b.Stay(age), 1e-12, "age %d", age)
		for k := range ways {
			require.InDelta(t, a.ShareAt(k, age), b.ShareAt(k, age), 1e-12, "age %d", age)
		}
	}
}

func TestACurveSplitsOneAmongStayingAndTheCauses(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := stats.Estimate(groups(t), ways)
		stay := 1.0
		shares := make([]float64, ways)
		for age := range 30 {
			all := c.Stay(age)
			require.LessOrEqual(t, c.Stay(age), stay)
			require.GreaterOrEqual(t, c.Stay(age), 0.0)
			stay = c.Stay(age)
			for k := range ways {
				require.GreaterOrEqual(t, c.ShareAt(k, age), shares[k])
				shares[k] = c.ShareAt(k, age)
				all += shares[k]
			}
			require.InDelta(t, 1, all, 1e-12)
			p, ok := c.Ahead(age, advance, lost, back)
			require.Equal(t, stay > 0 && len(c.Steps()) > 0, ok)
			require.LessOrEqual(t, p, 1.0)
			require.GreaterOrEqual(t, p, 0.0)
		}
	})
}

func TestACurveIsWhatItsDefinitionSays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := groups(t)
		c := stats.Estimate(all, ways)
		stay, last, tau := 1.0, 0, 0
		shares := make([]float64, ways)
		for age := 1; age < 30; age++ {
			risk, left, ended := 0, 0, make([]int, ways)
			for _, g := range all {
				if g.From < age && age <= g.To {
					risk += g.N
				}
				if g.To == age && g.Cause >= 0 {
					ended[g.Cause] += g.N
					left += g.N
				}
			}
			if risk > 0 {
				last = age
				for k, d := range ended {
					shares[k] += stay * float64(d) / float64(risk)
				}
				stay *= 1 - float64(left)/float64(risk)
			}
			if risk >= 5 {
				tau = age
			}
			require.Equal(t, risk, c.AtRisk(age))
			require.InDelta(t, stay, c.Stay(age), 1e-12)
			for k := range ways {
				require.InDelta(t, shares[k], c.ShareAt(k, age), 1e-12)
			}
		}
		if tau == 0 {
			tau = last
		}
		require.Equal(t, tau, c.Tau())
		for k := range ways {
			require.InDelta(t, c.ShareAt(k, tau), c.Share(k), 0)
		}
	})
}

func TestAStayMayBeCutAtAnyAge(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := groups(t)
		edge := rapid.IntRange(1, 15).Draw(t, "edge")
		var cut []stats.Group
		for _, g := range all {
			if g.From < edge && edge < g.To {
				cut = append(cut, stats.Group{From: g.From, To: edge, Cause: stats.Censored, N: g.N})
				g.From = edge
			}
			cut = append(cut, g)
		}
		same(t, stats.Estimate(all, ways), stats.Estimate(cut, ways))
	})
}

func TestGroupsMayBeMergedSplitAndOrderedAnyhow(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := groups(t)
		var ones []stats.Group
		for _, g := range all {
			for range g.N {
				ones = append(ones, stats.Group{From: g.From, To: g.To, Cause: g.Cause, N: 1})
			}
		}
		seed := rapid.Uint64().Draw(t, "seed")
		rand.New(rand.NewPCG(seed, 1)).Shuffle(len(ones), func(i, j int) { ones[i], ones[j] = ones[j], ones[i] })
		a, b := stats.Estimate(all, ways), stats.Estimate(ones, ways)
		same(t, a, b)
		require.Equal(t,
			stats.Resample([]*stats.Curve{a}, 20, seed, 2), stats.Resample([]*stats.Curve{b}, 20, seed, 2),
			"resamples of the same stays are the same")
	})
}

func TestDaysOfACurveAreTheFirstThatReach(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := stats.Estimate(groups(t), ways)
		q := rapid.SampledFrom([]float64{0.1, 0.5, 0.9}).Draw(t, "q")
		if days, ok := c.Leaves(q); ok {
			require.LessOrEqual(t, c.Stay(days), 1-q+1e-9)
			require.Greater(t, c.Stay(days-1), 1-q-1e-9)
		} else {
			require.Greater(t, c.Stay(1000), 1-q)
		}
		all := c.Share(advance) + c.Share(back)
		days, ok := c.Advances(q, advance, back)
		require.Equal(t, all > 0, ok)
		if ok {
			require.GreaterOrEqual(t, c.ShareAt(advance, days)+c.ShareAt(back, days), q*all-1e-9)
			require.Less(t, c.ShareAt(advance, days-1)+c.ShareAt(back, days-1), q*all+1e-9)
			require.LessOrEqual(t, days, c.Tau())
		}
	})
}

func TestStepsAreInOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := stats.Estimate(groups(t), ways)
		steps := c.Steps()
		require.True(t, slices.IsSortedFunc(steps, func(a, b stats.Step) int { return a.Age - b.Age }))
		exits := 0
		for _, s := range steps {
			for k, n := range s.Events {
				exits += n
				require.InDelta(t, c.ShareAt(k, s.Age), s.Shares[k], 0)
			}
			require.Equal(t, c.AtRisk(s.Age), s.AtRisk)
		}
		require.Equal(t, c.Exits(), exits)
		require.Equal(t, c.Exits(), c.Events(advance)+c.Events(lost)+c.Events(back))
	})
}
