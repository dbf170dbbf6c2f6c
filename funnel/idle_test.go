package funnel_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

func TestWhatChangesNothingIsNoChange(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	deal := o.opened(t, "proposal")
	before := o.deals[deal.Deal].deal

	r, err := o.Assign(t.Context(), o.by(o.anna), deal, funnel.Assign{To: o.anna.ID})
	require.NoError(t, err)
	require.Equal(t, before, r.Deal, "buttons that were shown stay good")
	change, err := o.LastChange(t.Context(), o.space.ID, o.anna.ID)
	require.NoError(t, err)
	require.NotNil(t, change)
	require.Equal(t, "move", change.Verb, "what is taken back next is what was done before")

	s, err := o.SetLanguage(t.Context(), o.by(o.anna), funnel.English)
	require.NoError(t, err)
	require.True(t, s.Same)
	require.Equal(t, o.anna.Version, s.Member.Version)
}
