package bot

import (
	"context"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"
)

func TestTurnsComeInTheOrderOfArrival(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var line Turns[string]
		var order []int
		first, err := line.Enter(t.Context(), "anna")
		require.NoError(t, err)
		for i := range 20 {
			go func() {
				leave, err := line.Enter(t.Context(), "anna")
				if err == nil {
					order = append(order, i)
					leave()
				}
			}()
			// Everybody has come and waits before the next one comes.
			synctest.Wait()
		}
		require.Empty(t, order)
		first()
		synctest.Wait()
		for i, got := range order {
			require.Equal(t, i, got)
		}
		require.Len(t, order, 20)
		require.Empty(t, line.last, "nobody is remembered who has left")
	})
}

func TestTurnsOfOthersDoNotWait(t *testing.T) {
	t.Parallel()
	var line Turns[string]
	leave, err := line.Enter(t.Context(), "anna")
	require.NoError(t, err)
	defer leave()
	other, err := line.Enter(t.Context(), "boris")
	require.NoError(t, err)
	other()
}

func TestWhoGivesUpWaitingDoesNotLetOthersIn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var line Turns[string]
		first, err := line.Enter(t.Context(), "anna")
		require.NoError(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		var gaveUp error
		go func() { _, gaveUp = line.Enter(ctx, "anna") }()
		synctest.Wait()
		third := false
		go func() {
			leave, err := line.Enter(context.WithoutCancel(ctx), "anna")
			if err == nil {
				third = true
				leave()
			}
		}()
		synctest.Wait()
		cancel()
		synctest.Wait()
		require.ErrorIs(t, gaveUp, context.Canceled)
		require.False(t, third, "the first one is still in")
		first()
		synctest.Wait()
		require.True(t, third)
		require.Empty(t, line.last)
	})
}
