package funnel

import (
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel/stats"
)

// TestAWindowSeesStaysWithTheirAges works the rules out by hand: the window is from 10 days before the end
// to 3 days before it.
func TestAWindowSeesStaysWithTheirAges(t *testing.T) {
	t.Parallel()
	w := window{ago: 3, days: 7}
	for _, c := range []struct {
		name string
		stay stay
		want stats.Group
		ok   bool
	}{
		// From 12.5 to 8.2 days ago: 2.5 days old when the window began, and it took 4.3.
		{"began before", stay{cause: 1, entered: 12, left: 8, days: 5, n: 4}, stats.Group{From: 2, To: 5, Cause: 1, N: 4}, true},
		{"within", stay{cause: 0, entered: 9, left: 5, days: 4, n: 1}, stats.Group{From: 0, To: 4, Cause: 0, N: 1}, true},
		// From 6.5 days ago: 3.5 days old when the window ended.
		{"goes on", stay{cause: stats.Censored, entered: 6, left: -1, n: 2}, stats.Group{From: 0, To: 4, Cause: stats.Censored, N: 2}, true},
		{"goes on, to the instant", stay{cause: stats.Censored, entered: 6, left: -1, sharp: true, n: 2}, stats.Group{From: 0, To: 3, Cause: stats.Censored, N: 2}, true},
		{"left after the window", stay{cause: 1, entered: 6, left: 2, days: 5, n: 2}, stats.Group{From: 0, To: 4, Cause: stats.Censored, N: 2}, true},
		{"left as the window ended", stay{cause: 1, entered: 6, left: 3, days: 4, n: 1}, stats.Group{From: 0, To: 4, Cause: 1, N: 1}, true},
		{"began as the window ended", stay{cause: stats.Censored, entered: 3, left: -1, sharp: true, n: 1}, stats.Group{From: 0, To: 1, Cause: stats.Censored, N: 1}, true},
		{"began after", stay{cause: stats.Censored, entered: 2, left: -1, n: 1}, stats.Group{}, false},
		{"left as the window began", stay{cause: 1, entered: 14, left: 10, days: 4, n: 1}, stats.Group{}, false},
		{"left before", stay{cause: 1, entered: 14, left: 12, days: 2, n: 1}, stats.Group{}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, ok := c.stay.within(w)
			require.Equal(t, c.ok, ok)
			require.Equal(t, c.want, got)
		})
	}
}

func testFunnel() *Funnel {
	return &Funnel{
		Kind: NewBusiness, Signature: "launch", Entry: "lead",
		Stages: []Stage{{Key: "targets", Target: true}, {Key: "lead", StuckAfter: 7, Conversion: 0.4}, {Key: "talks", StuckAfter: 14}, {Key: "launch"}},
	}
}

func TestWaysOutOfAStageAreToldApart(t *testing.T) {
	t.Parallel()
	p := newPassages(testFunnel(), SpellTable{Groups: []SpellGroup{
		{Stage: "lead", Entered: 5, Left: 1, Stay: 4, Exit: Advance, Destination: "talks", Spells: 3},
		{Stage: "lead", Entered: 5, Left: 1, Stay: 4, Exit: Advance, Destination: "launch", Spells: 1},
		{Stage: "lead", Entered: 5, Left: 1, Stay: 4, Exit: Loss, Spells: 2},
		{Stage: "lead", Entered: 5, Left: 1, Stay: 4, Exit: Back, Destination: "targets", Spells: 2},
		{Stage: "lead", Entered: 5, Left: -1, Spells: 2},
		// A stage that is no more, and a way beyond the signature.
		{Stage: "pilot", Entered: 9, Left: 1, Stay: 8, Exit: Advance, Destination: "retention", Spells: 5},
	}})
	require.Equal(t, []StageKey{"targets", "lead", "talks", "launch", "pilot", "retention"}, p.stages)
	require.Equal(t, []int{2, 3}, p.advance[1])
	require.Equal(t, []int{0}, p.back[1])
	c := p.curve(1, window{days: 30})
	require.Equal(t, 8, c.Exits())
	require.InDelta(t, 0.4, shares(c, p.advance[1]), 1e-12)
	require.InDelta(t, 0.2, c.Share(p.lost()), 1e-12)
	require.InDelta(t, 0.2, shares(c, p.back[1]), 1e-12)
	require.True(t, p.selling(4))
	require.False(t, p.ranks(4), "what the funnel no longer has is not called weak")
	require.False(t, p.ranks(0), "nor are targets")
	require.Equal(t, []int{5}, p.advance[4])
}

func TestAWindowGrowsUntilEveryStageHasExitsEnough(t *testing.T) {
	t.Parallel()
	exits := func(stage StageKey, ago, n int) SpellGroup {
		return SpellGroup{Stage: stage, Entered: ago + 2, Left: ago, Stay: 2, Exit: Loss, Spells: n}
	}
	width := func(groups ...SpellGroup) int { return newPassages(testFunnel(), SpellTable{Groups: groups}).width() }
	require.Equal(t, 90, width(exits("lead", 10, 15), exits("talks", 89, 15)))
	require.Equal(t, 180, width(exits("lead", 10, 15), exits("talks", 10, 14), exits("talks", 90, 1)))
	require.Equal(t, 365, width(exits("lead", 10, 15), exits("talks", 190, 14)))
	require.Equal(t, 365, width())
}

func TestBaselinesNeedWholeWindows(t *testing.T) {
	t.Parallel()
	for oldest, want := range map[int]int{0: 0, 179: 0, 180: 1, 269: 1, 270: 2, 450: 4, 4000: 4} {
		require.Equal(t, want, (&passages{oldest: oldest}).windows(90), oldest)
	}
}
