package postgres_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

func TestAnOutlineIsTheCardWithoutWhatBelongsToTheDeal(t *testing.T) {
	t.Parallel()
	w := setup(t)
	opened := w.open(t, "Acme Anvils")
	card, err := w.store.Deal(t.Context(), w.space.ID, opened.Deal.ID, 0)
	require.NoError(t, err)
	outline, err := w.store.Outline(t.Context(), w.space.ID, opened.Deal.ID)
	require.NoError(t, err)
	card.Recent, card.LastTouch, card.Committee, card.Qualified = nil, outline.LastTouch, nil, nil
	require.Equal(t, card, outline)
	require.Equal(t, "Acme Anvils", outline.CompanyName)

	for name, id := range map[string][2]funnel.ID{
		"of another workspace": {newID(), opened.Deal.ID}, "of nobody": {w.space.ID, newID()},
	} {
		none, err := w.store.Outline(t.Context(), id[0], id[1])
		require.NoError(t, err, name)
		require.Nil(t, none, name)
	}
}
