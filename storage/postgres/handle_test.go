package postgres_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

func TestHandlesAreThoseOfTheActiveMembersOfTheWorkspace(t *testing.T) {
	t.Parallel()
	w := setup(t)
	boris := w.newcomer(t, funnel.Caller{Door: "slack", External: "U1", Name: "Boris", Handle: "bb"}, funnel.Rep)
	gone := w.newcomer(t, visitor("slack", "U2"), funnel.Rep)
	other := w.elsewhere(t)
	stranger := other.newcomer(t, visitor("slack", "U3"), funnel.Rep)
	_, err := w.pool.Exec(t.Context(), "UPDATE members SET active = false WHERE id = $1", gone.ID)
	require.NoError(t, err)

	handles, err := w.store.Handles(t.Context(), w.space.ID)

	require.NoError(t, err)
	require.Equal(t, []string{"U1", "bb"}, handles[boris.ID])
	require.NotContains(t, handles, gone.ID)
	require.NotContains(t, handles, stranger.ID)
}
