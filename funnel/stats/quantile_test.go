package stats_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel/stats"
)

func TestQuantileIsTheSmallestValueThatEnoughDoNotExceed(t *testing.T) {
	t.Parallel()
	ten := make([]stats.Count, 0, 10)
	for day := 10; day >= 1; day-- {
		ten = append(ten, stats.Count{Value: day, N: 1})
	}
	hundred := make([]stats.Count, 0, 100)
	for day := range 100 {
		hundred = append(hundred, stats.Count{Value: day + 1, N: 1})
	}
	for _, c := range []struct {
		name   string
		counts []stats.Count
		q      float64
		want   int
	}{
		{"one observation is every quantile", []stats.Count{{7, 1}}, 0.5, 7},
		{"an even number takes the lower middle", []stats.Count{{1, 1}, {3, 1}}, 0.5, 1},
		{"an odd number takes the middle", []stats.Count{{1, 1}, {3, 1}, {8, 1}}, 0.5, 3},
		{"nine of ten reach 0.9", ten, 0.9, 9},
		{"counts weigh", []stats.Count{{2, 9}, {50, 1}}, 0.9, 2},
		{"just past the weight", []stats.Count{{2, 8}, {50, 2}}, 0.9, 50},
		{"a value that stands twice", []stats.Count{{4, 1}, {1, 1}, {4, 1}}, 0.5, 4},
		{"a value that nobody had", []stats.Count{{1, 0}, {6, 2}}, 0.5, 6},
		{"a share that arithmetic rounds up", hundred, 0.55, 55},
		{"the same day", []stats.Count{{0, 3}}, 0.9, 0},
		{"all of them", ten, 1, 10},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, ok := stats.Quantile(c.counts, c.q)
			require.True(t, ok)
			require.Equal(t, c.want, got)
		})
	}
}

func TestNothingObservedHasNoQuantile(t *testing.T) {
	t.Parallel()
	_, ok := stats.Quantile(nil, 0.5)
	require.False(t, ok)
	_, ok = stats.Quantile([]stats.Count{{Value: 3, N: 0}}, 0.5)
	require.False(t, ok)
}
