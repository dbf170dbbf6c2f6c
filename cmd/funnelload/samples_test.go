package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestQuantileIsATimeThatWasMeasured(t *testing.T) {
	t.Parallel()
	all := make([]time.Duration, 1000)
	for i := range all {
		all[i] = time.Duration(i+1) * time.Millisecond
	}
	for q, want := range map[float64]int{0: 1, 0.0001: 1, 0.5: 500, 0.501: 501, 0.5005: 501, 0.9: 900, 0.99: 990, 0.999: 999, 1: 1000} {
		require.Equal(t, time.Duration(want)*time.Millisecond, quantile(all, q), "%v", q)
	}
	require.Equal(t, 7*time.Second, quantile([]time.Duration{7 * time.Second}, 0.5))
	require.Zero(t, quantile(nil, 0.5))
}

func TestMedianIsTheMiddle(t *testing.T) {
	t.Parallel()
	require.InDelta(t, 2.0, median([]float64{9, 1, 2}), 1e-9)
	require.InDelta(t, 2.5, median([]float64{9, 1, 2, 3}), 1e-9)
	require.Zero(t, median(nil))
}

func TestOnlyRightAnswersCountForTheRate(t *testing.T) {
	t.Parallel()
	from := time.Unix(1000, 0)
	var a, b samples
	for i := range 10 {
		a.add(right, time.Duration(10-i)*time.Millisecond, from.Add(time.Second))
	}
	b.add(wrong, time.Millisecond, from.Add(2*time.Second))
	b.add(refused, time.Hour, from.Add(500*time.Millisecond))
	r := together([]samples{a, b}, from)
	r.unsent = 3
	require.Len(t, r.took, 12)
	require.Equal(t, 2*time.Second, r.elapsed)
	require.InDelta(t, 5.0, r.rate(), 1e-9)
	require.Equal(t, 5, r.errors())
	require.Equal(t, time.Hour, quantile(r.took, 1))
	require.IsIncreasing(t, r.took[1:])
}
