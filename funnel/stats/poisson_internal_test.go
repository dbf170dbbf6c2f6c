package stats

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPoissonTablesHoldTheDistribution(t *testing.T) {
	t.Parallel()
	for _, mean := range []int{1, 2, 7, 40, 500, widest} {
		p := newPoisson(mean)
		at := func(k int) float64 {
			of, _ := math.Lgamma(float64(k + 1))
			return math.Exp(float64(k)*math.Log(float64(mean)) - float64(mean) - of)
		}
		before := uint64(0)
		for i, upTo := range p.upTo {
			require.InDelta(t, at(p.first+i), math.Ldexp(float64(upTo-before), -64), 1e-11, "%d of %d", p.first+i, mean)
			before = upTo
		}
		require.Less(t, math.Ldexp(-float64(before), -64)+1, 1e-12, "nothing is left over")
		for i, n := range p.byStart {
			if n != unsure {
				require.Equal(t, p.search(uint64(i)<<(64-prefix)), int(n))
			}
		}
	}
}

func TestPoissonDrawsHaveTheShareOfEachNumber(t *testing.T) {
	t.Parallel()
	const draws = 1_000_000
	for _, mean := range []int{1, 3, 60} {
		p, from := newPoisson(mean), rand.NewPCG(1, uint64(mean))
		counts := map[uint32]int{}
		for range draws / 4 {
			u := from.Uint64()
			for range 4 {
				counts[p.draw(u, from)]++
				u >>= 16
			}
		}
		chi, numbers := 0.0, 0
		for k := range uint32(200) {
			of, _ := math.Lgamma(float64(k + 1))
			want := draws * math.Exp(float64(k)*math.Log(float64(mean))-float64(mean)-of)
			if want < 10 {
				continue
			}
			numbers++
			chi += (float64(counts[k]) - want) * (float64(counts[k]) - want) / want
		}
		// χ² has the deviation √(2·degrees).
		require.Less(t, chi, float64(numbers)+5*math.Sqrt(2*float64(numbers)))
	}
}
