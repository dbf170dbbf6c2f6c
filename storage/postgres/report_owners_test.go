package postgres_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

func TestAClosedDealBelongsToWhoClosedIt(t *testing.T) {
	t.Parallel()
	s := tell(t)
	boris := s.join(t, "Boris", funnel.Rep)
	sold := s.begin(funnel.OpenDeal{Amount: usd(100)})
	open := s.begin(funnel.OpenDeal{Amount: usd(5)})
	s.advance(day)
	s.win(sold)
	s.advance(time.Hour)
	before := s.now()
	s.advance(time.Hour)
	for _, deal := range []funnel.Target{sold, open} {
		s.done(s.service.Assign(t.Context(), s.next(), deal, funnel.Assign{To: boris.ID}))
	}
	s.advance(time.Hour)
	s.done(s.service.Set(t.Context(), s.next(), sold, funnel.Edit{Field: funnel.FieldAmount, Money: usd(90)}))
	s.done(s.service.Set(t.Context(), s.next(), open, funnel.Edit{Field: funnel.FieldAmount}))

	then, now := s.owners(before).Owners, s.owners(time.Time{}).Owners

	require.Len(t, then, 1)
	require.Equal(t, "Anna", then[0].Name)
	require.Equal(t, 1, then[0].Open)
	require.Equal(t, []funnel.Sum{funnel.Sum(usd(5))}, then[0].OpenValue)
	require.Equal(t, []funnel.Sum{funnel.Sum(usd(100))}, then[0].WonValue)
	require.Len(t, now, 2)
	require.Equal(t, "Anna", now[0].Name)
	require.Equal(t, 1, now[0].Won)
	require.Equal(t, []funnel.Sum{funnel.Sum(usd(90))}, now[0].WonValue, "a corrected amount counts")
	require.Zero(t, now[0].Open)
	require.Equal(t, "Boris", now[1].Name)
	require.Equal(t, 1, now[1].Open)
	require.Equal(t, 1, now[1].Unpriced)
	require.Empty(t, now[1].OpenValue)
	require.Zero(t, now[1].Won)
}
