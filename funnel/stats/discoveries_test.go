package stats_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel/stats"
)

// by is a comparison by its p-value: zero is excluded at the levels up to 1 − p.
func by(p []float64) func(int, float64) bool {
	return func(k int, level float64) bool { return p[k] <= 1-level+1e-12 }
}

func TestDiscoveriesAreThoseOfThePublishedExample(t *testing.T) {
	t.Parallel()
	// The fifteen p-values of section 3.2 of the paper, of which the procedure finds the first four at 0.05.
	p := []float64{
		0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1,
	}
	require.Equal(t, []int{0, 1, 2, 3}, stats.Discoveries(len(p), 0.95, by(p)))
	slices.Reverse(p)
	require.Equal(t, []int{11, 12, 13, 14}, stats.Discoveries(len(p), 0.95, by(p)))
}

func TestOneComparisonIsItsInterval(t *testing.T) {
	t.Parallel()
	require.Equal(t, []int{0}, stats.Discoveries(1, 0.9, by([]float64{0.099})))
	require.Empty(t, stats.Discoveries(1, 0.9, by([]float64{0.101})))
	require.Empty(t, stats.Discoveries(0, 0.9, nil))
}

func TestDiscoveriesAreFoundAsByTheDefinition(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 6))
	for range 2000 {
		p := make([]float64, 1+r.IntN(20))
		for i := range p {
			p[i] = r.Float64() * r.Float64()
		}
		sorted := slices.Sorted(slices.Values(p))
		want := 0
		for i, v := range sorted {
			if v <= 0.1*float64(i+1)/float64(len(p)) {
				want = i + 1
			}
		}
		require.Len(t, stats.Discoveries(len(p), 0.9, by(p)), want)
	}
}
