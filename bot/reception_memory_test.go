package bot

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestWhatIsRememberedAgesAndIsForgotten(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	r := remember[int, string](2*time.Second, func() time.Time { return now })
	r.put(1, "one", now)
	r.put(2, "two", now.Add(-time.Second))
	got, ok := r.get(1)
	require.True(t, ok)
	require.Equal(t, "one", got)
	now = now.Add(time.Second)
	_, ok = r.get(2)
	require.False(t, ok, "it counts from the question")
	r.forget(1)
	_, ok = r.get(1)
	require.False(t, ok)
	r.put(3, "three", now)
	now = now.Add(-time.Hour)
	_, ok = r.get(3)
	require.False(t, ok, "a clock that was set back")
}

func TestWhatWasAskedBeforeSomethingWasForgottenIsNotRemembered(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for name, forget := range map[string]func(*remembered[int, string]){
		"one": func(r *remembered[int, string]) { r.forget(1) }, "all": (*remembered[int, string]).clear,
	} {
		r := remember[int, string](time.Minute, func() time.Time { return now })
		forget(r)
		r.put(1, "stale", now.Add(-time.Millisecond))
		_, ok := r.get(1)
		require.False(t, ok, name)
		r.put(1, "fresh", now)
		_, ok = r.get(1)
		require.True(t, ok, name)
	}
}

func TestWhatIsRememberedIsBounded(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	r := remember[int, int](time.Second, func() time.Time { return now })
	for i := range 3 * maxRemembered {
		r.put(i, i, now)
		require.LessOrEqual(t, len(r.kept), maxRemembered)
	}
	got, ok := r.get(3*maxRemembered - 1)
	require.True(t, ok, "the newest is there")
	require.Equal(t, 3*maxRemembered-1, got)
	few := remember[int, int](time.Second, func() time.Time { return now })
	for i := range maxRemembered - 1 {
		few.put(i, i, now.Add(-time.Minute))
	}
	few.put(-1, 1, now)
	few.put(-2, 2, now)
	require.Len(t, few.kept, 2, "old things make room first")
}
