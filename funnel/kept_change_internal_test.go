package funnel

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestAResultIsReadAsItWasKept(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	before := Deal{
		ID: ID{1}, Number: 7, Company: ID{2}, Stage: "lead", Outcome: Open, Custom: map[string]string{"k": "v"},
		OpenedAt: at, StageSince: at, LastMoveAt: at, Version: 3, Moves: 1, Spells: 1,
	}
	after := *before.with(moved{"offer", at.Add(time.Hour), at.Add(time.Hour), 4, 2, 2})
	woken := before
	woken.ParkedUntil = Date{Year: 2026, Month: 12, Day: 1}
	for name, was := range map[string]*Deal{"moved": &before, "changed": &woken, "same": &after, "new": nil} {
		c := Changed{Verb: "move", Deal: after, Company: "Sample Company", From: "lead", Was: was, Why: "so it is"}
		data, err := json.Marshal(kept(&c))
		require.NoError(t, err, name)
		var again Changed
		require.NoError(t, recall(data, &again), name)
		require.Equal(t, c, again, name)

		// The form in which results were kept before.
		full, err := json.Marshal(&c)
		require.NoError(t, err, name)
		var earlier Changed
		require.NoError(t, recall(full, &earlier), name)
		require.Equal(t, c, earlier, name)
		if name == "moved" {
			require.Less(t, len(data), len(full)-100)
		}
	}
}
