package postgres_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

// Whatever was answered before the process died is known to the one that goes on with the dialog.
func TestNoAcknowledgedAnswerIsLostWhenAProcessIsKilledInMidDialog(t *testing.T) {
	t.Parallel()
	w := setup(t)
	deal := w.open(t, "Ромашка").Deal
	acked := 0
	for round := range 4 {
		c := spawn(t, errand{URL: w.url, Space: w.space.ID, Member: w.member.ID, Deal: deal.ID, Dialog: fmt.Sprint("d", round)})
		hear := func() bool {
			said, ok := c.line()
			if !ok {
				return false
			}
			n, err := strconv.Atoi(said)
			require.NoError(t, err)
			require.Greater(t, n, acked, "an answer was forgotten")
			require.LessOrEqual(t, n, acked+2, "at most one was on its way")
			acked = n
			return true
		}
		for range 10 + rand.IntN(60) {
			require.True(t, hear(), "the process ended by itself: %s", c.err)
		}
		require.NoError(t, c.cmd.Process.Kill())
		for hear() {
		}
		_ = c.cmd.Wait()
		require.Eventually(t, func() bool { return w.count(t, busy) == 0 }, 5*time.Second, 5*time.Millisecond,
			"the sessions of the dead process go on")

		known, err := w.store.Answers(t.Context(), w.space.ID, deal.ID)
		require.NoError(t, err)
		require.Len(t, known, 1)
		n, err := strconv.Atoi(known[0].Given.Text)
		require.NoError(t, err)
		require.GreaterOrEqual(t, n, acked)
		require.LessOrEqual(t, n, acked+1, "at most the answer that was on its way")
		open, err := w.store.OpenAsking(t.Context(), w.space.ID, w.member.ID)
		require.NoError(t, err)
		require.Len(t, open, 1)
		require.Equal(t, fmt.Sprint("d", round), open[0].ID)
	}
	last := w.ask(t, w.service, "here", "here", "slack/C1", deal.ID)
	require.Equal(t, "local/1", last.From)
	require.Equal(t, funnel.AskText, last.Answers[0].Given.Kind)
}
