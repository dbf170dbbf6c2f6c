package postgres_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

func TestMoveStoresMoveSpellsAuditAndResult(t *testing.T) {
	t.Parallel()
	w := setup(t)
	opened := w.open(t, "Ромашка")

	moved, err := w.service.Move(t.Context(), w.act("k2"), funnel.Target{Deal: opened.Deal.ID}, funnel.MoveTo{Stage: "proposal"})

	require.NoError(t, err)
	require.Equal(t, funnel.StageKey("proposal"), moved.Deal.Stage)
	require.Equal(t, funnel.StageKey("lead"), moved.From)
	require.Equal(t, 2, w.count(t, "moves"))
	require.Equal(t, 2, w.count(t, "spells"))
	require.Equal(t, 1, w.count(t, "spells WHERE left_at IS NULL"))
	require.Equal(t, 2, w.count(t, "changes"))
	require.Equal(t, 2, w.count(t, "handled_events"))
}

func TestTheSameKeyHasOneEffectAndOneAnswer(t *testing.T) {
	t.Parallel()
	w := setup(t)
	opened := w.open(t, "Acme Anvils")
	target := funnel.Target{Deal: opened.Deal.ID}

	first, err := w.service.Move(t.Context(), w.act("press"), target, funnel.MoveTo{Stage: "proposal"})
	require.NoError(t, err)
	second, err := w.service.Move(t.Context(), w.act("press"), target, funnel.MoveTo{Stage: "proposal"})
	require.NoError(t, err)

	require.Equal(t, first, second)
	require.Equal(t, 2, w.count(t, "moves"))
}

func TestAUsedKeyWithAnotherIntentIsRefused(t *testing.T) {
	t.Parallel()
	w := setup(t)
	opened := w.open(t, "Acme Anvils")
	target := funnel.Target{Deal: opened.Deal.ID}
	_, err := w.service.Move(t.Context(), w.act("press"), target, funnel.MoveTo{Stage: "proposal"})
	require.NoError(t, err)

	_, err = w.service.Move(t.Context(), w.act("press"), target, funnel.MoveTo{Stage: "negotiation"})

	require.Equal(t, funnel.CodeKeyReused, funnel.CodeOf(err))
}

func TestOpeningTwiceUnderOneKeyGivesTheSameNumber(t *testing.T) {
	t.Parallel()
	w := setup(t)

	first := w.open(t, "Ромашка")
	second := w.open(t, "Ромашка")

	require.Equal(t, int64(1), first.Deal.Number)
	require.Equal(t, first, second)
	require.Equal(t, 1, w.count(t, "deals"))
	require.Equal(t, 1, w.count(t, "companies"))
}
