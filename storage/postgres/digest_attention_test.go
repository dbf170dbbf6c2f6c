package postgres_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

func TestADigestTellsWhatTheWorkWentInto(t *testing.T) {
	t.Parallel()
	s := tell(t)
	fresh, client := s.begin(funnel.OpenDeal{}), s.begin(funnel.OpenDeal{})
	call := func(to funnel.Target) {
		s.advance(time.Hour)
		s.done(s.service.Log(t.Context(), s.next(), to, funnel.Report{Activity: funnel.LogActivity{Kind: funnel.Call}}))
	}
	call(fresh)
	call(fresh)
	call(client)
	s.advance(time.Minute)
	s.win(client)
	call(client)

	d, _, err := s.service.DigestNow(t.Context(), s.space.ID, funnel.DigestQuery{Member: s.member.ID})

	require.NoError(t, err)
	require.Equal(t, funnel.DigestAttention{Clients: 1, New: 3}, d.Attention, "before the signature it was work for a new deal")
}
