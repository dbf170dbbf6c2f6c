package stats_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel/stats"
)

// The simulations know what is true. They run briefly, and with FUNNELBOT_LONG_SIMULATION set twenty
// times as long, against narrower bounds.
func long() bool { return os.Getenv("FUNNELBOT_LONG_SIMULATION") != "" }

// ratios are what is usually called conversion, of one window.
type ratios struct {
	period, advancedOfEntered, advancedOfExits, nextOfEntries, lostCensored float64
}

func measure(stays []stay, window float64) ratios {
	all := seen(stays, window)
	var entered, advanced, exits, next float64
	for _, s := range stays {
		if s.began > -window {
			entered++
			if s.ended <= 0 && s.way == advance {
				advanced++
			}
		}
		if s.ended > -window && s.ended <= 0 {
			exits++
			if s.way == advance {
				next++
			}
		}
	}
	r := ratios{
		period:            stats.Estimate(all, ways).Share(advance),
		advancedOfEntered: advanced / entered,
		advancedOfExits:   next / exits,
		nextOfEntries:     next / entered,
	}
	for i := range all {
		if all[i].Cause != advance {
			all[i].Cause = stats.Censored
		}
	}
	r.lostCensored = stats.Estimate(all, ways).Share(advance)
	return r
}

// average measures windows of one history drawn again and again.
func average(h history, window float64, seed uint64) ratios {
	r := rand.New(rand.NewPCG(seed, 5))
	runs := 20
	if long() {
		runs = 400
	}
	var sum ratios
	for range runs {
		m := measure(h.draw(r), window)
		sum.period += m.period / float64(runs)
		sum.advancedOfEntered += m.advancedOfEntered / float64(runs)
		sum.advancedOfExits += m.advancedOfExits / float64(runs)
		sum.nextOfEntries += m.nextOfEntries / float64(runs)
		sum.lostCensored += m.lostCensored / float64(runs)
	}
	return sum
}

// chance is how far the mean of the runs may be off by itself.
func chance() float64 {
	if long() {
		return 0.002
	}
	return 0.008
}

func TestThePeriodEstimateFindsASteadyConversion(t *testing.T) {
	t.Parallel()
	for _, p := range []float64{0.2, 0.4, 0.7} {
		t.Run(fmt.Sprint(p), func(t *testing.T) {
			t.Parallel()
			m := average(steady(p, 20), 90, uint64(100*p))
			require.InDelta(t, p, m.period, 0.004+chance())
			require.Less(t, m.advancedOfEntered, p-0.04, "many that will advance have not yet")
			require.Greater(t, m.lostCensored, p+0.1, "as if those that were lost might still advance")
		})
	}
}

func TestThePeriodEstimateIsNotMovedByTheInflow(t *testing.T) {
	t.Parallel()
	for name, slope := range map[string]float64{"growing": 0.7, "shrinking": -0.7} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := steady(0.4, 20)
			h.perDay = func(at float64) float64 { return 20 * (1 + slope*max(-1, at/180+1)) / 1.7 }
			m := average(h, 90, 7)
			require.InDelta(t, 0.4, m.period, 0.004+chance())
			require.Greater(t, math.Abs(m.nextOfEntries-0.4), 0.01+chance(), "next-stage entries of entries move with it")
		})
	}
}

// fallen is a stage that was worse from some days ago on.
func fallen(days float64) history {
	h := steady(0.5, 20)
	before, after := h.shares(0), steady(0.35, 20).shares(0)
	h.shares = func(began float64) [ways]float64 {
		if began > -days {
			return after
		}
		return before
	}
	return h
}

func TestAFallShowsAsItLeavesTheWindow(t *testing.T) {
	t.Parallel()
	const fall = 0.15
	hidden := func(days, window float64) float64 { return (average(fallen(days), window, 9).period - 0.35) / fall }
	require.InDelta(t, 0, hidden(240, 90), 0.02+chance()/fall, "older than the window and the stays in it")
	ninety, thirty := hidden(60, 90), hidden(60, 30)
	require.Greater(t, ninety, 0.4, "of a fall sixty days old half is hidden in ninety")
	require.Less(t, ninety, 0.75)
	require.Less(t, thirty, 0.35, "which is why thirty stand beside it")
}

func TestTimeInStageCountsThoseThatAreStillThere(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 1))
	h := steady(0.4, 40)
	stays := h.draw(r)
	var whole, closed []float64
	for _, s := range stays {
		whole = append(whole, s.ended-s.began)
		if s.began > -90 && s.ended <= 0 {
			closed = append(closed, s.ended-s.began)
		}
	}
	c := stats.Estimate(seen(stays, 90), ways)
	for _, q := range []float64{0.5, 0.9} {
		days, ok := c.Leaves(q)
		require.True(t, ok)
		require.InEpsilon(t, math.Ceil(stats.Percentile(whole, q)), float64(days), 0.08)
		require.Less(t, stats.Percentile(closed, q), 0.8*stats.Percentile(whole, q), "without the open ones it looks quick")
	}
	days, ok := c.Advances(0.5, advance)
	require.True(t, ok)
	advanced := make([]float64, 0, len(stays))
	for _, s := range stays {
		if s.way == advance {
			advanced = append(advanced, s.ended-s.began)
		}
	}
	require.InEpsilon(t, math.Ceil(stats.Percentile(advanced, 0.5)), float64(days), 0.08)
}

func TestTheChanceOfADealFollowsItsAge(t *testing.T) {
	t.Parallel()
	stays := steady(0.4, 60).draw(rand.New(rand.NewPCG(4, 1)))
	c := stats.Estimate(seen(stays, 90), ways)
	for _, age := range []int{0, 10, 30, 60, 90} {
		there, advanced := 0.0, 0.0
		for _, s := range stays {
			if s.ended-s.began > float64(age) {
				there++
				if s.way == advance {
					advanced++
				}
			}
		}
		p, ok := c.Ahead(age, advance)
		require.True(t, ok)
		require.InDelta(t, advanced/there, p, 0.04, "at %d days", age)
	}
}

// TestIntervalsHoldTheTruthAsOftenAsTheySay chooses the interval as reports do, by the exits of each
// window; the prior of the shrunk one is off by 0.1.
func TestIntervalsHoldTheTruthAsOftenAsTheySay(t *testing.T) {
	t.Parallel()
	runs, off := 300, 0.045
	if long() {
		runs, off = 6000, 0.012
	}
	for _, c := range []struct {
		exits     int
		low, high float64
	}{
		// A prior that is not far off makes the shrunk interval hold more often than it says.
		{7, 0.93, 0.99},
		{15, 0.91, 0.96},
		{22, 0.885, 0.93},
		{36, 0.87, 0.91},
		{90, 0.88, 0.91},
		{360, 0.88, 0.91},
	} {
		t.Run(fmt.Sprint(c.exits, " exits"), func(t *testing.T) {
			t.Parallel()
			for _, p := range []float64{0.25, 0.4, 0.6} {
				r := rand.New(rand.NewPCG(uint64(c.exits), uint64(100*p)))
				h := steady(p, float64(c.exits)/90)
				h.since = -600
				held := 0
				for i := range uint64(runs) {
					if !interval(stats.Estimate(seen(h.draw(r), 90), ways), p+0.1, i).Excludes(p) {
						held++
					}
				}
				share := float64(held) / float64(runs)
				require.Greater(t, share, c.low-off, "p %v", p)
				require.Less(t, share, c.high+off, "p %v", p)
			}
		})
	}
}

func interval(c *stats.Curve, prior float64, seed uint64) stats.Interval {
	switch stats.MethodFor(c.Exits()) {
	case stats.MethodBootstrap:
		return stats.Resample([]*stats.Curve{c}, stats.Draws, seed, 1).Interval(0, stats.Level, advance)
	case stats.MethodWilson:
		return stats.Wilson(c.Events(advance), c.Exits(), stats.Level)
	case stats.MethodShrunk:
		return stats.Shrunk(c.Events(advance), c.Exits(), prior, 10, stats.Level)
	}
	return stats.Interval{}
}

func TestTheStageThatGainsMostComesFirst(t *testing.T) {
	t.Parallel()
	// Two stages of a chain fall short by as much. From the second it is one step to the outcome, so of
	// as many entries of as much worth more is won by raising it.
	r := rand.New(rand.NewPCG(8, 8))
	first := 0
	const runs = 40
	for i := range uint64(runs) {
		curves := make([]*stats.Curve, 2)
		for s := range curves {
			groups := seen(steady(0.4, 3).draw(r), 90)
			for g := range groups {
				switch groups[g].Cause {
				case advance:
					groups[g].Cause = s + 1
				case lost, back:
					groups[g].Cause = 3
				}
			}
			curves[s] = stats.Estimate(groups, 4)
		}
		g := stats.Resample(curves, 200, i, 1).Lift(2, []stats.Lift{
			{Stage: 0, Advance: []int{1}, Target: 0.55, Worth: 100}, {Stage: 1, Advance: []int{2}, Target: 0.55, Worth: 100},
		})
		require.InDelta(t, 1, g.First[0]+g.First[1], 0.01)
		if slices.Max(g.First) == g.First[1] {
			first++
		}
	}
	require.GreaterOrEqual(t, first, runs*9/10)
}
