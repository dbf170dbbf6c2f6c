package funnel

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestACheckHoldsChancesAgainstWhatCame(t *testing.T) {
	t.Parallel()
	deal := func(n byte, wins float64, amount int64) placed {
		return placed{StandingDeal: &StandingDeal{Deal: ID{n}}, wins: wins, amount: amount}
	}
	then := &analysis{of: Period{Currency: "USD", To: time.Unix(0, 0)}, placed: []placed{
		deal(1, 0.8, 100_00), deal(2, 0.3, 200_00), deal(3, 0.5, 400_00), deal(4, 0.6, 50_00),
	}}
	var r record
	r.add(then, []EndedDeal{
		{Deal: ID{1}, Won: true, Amount: Money{Minor: 90_00, Currency: "USD"}},
		{Deal: ID{2}},
		{Deal: ID{4}, Won: true, Amount: Money{Minor: 70_00, Currency: "EUR"}},
		{Deal: ID{9}, Won: true},
	})
	c := r.check(prices{currency: "USD"})
	require.Equal(t, 3, c.Deals)
	require.Equal(t, 1, c.Undecided)
	require.InDelta(t, (0.04+0.09+0.16)/3, c.Brier, 1e-12)
	require.InDelta(t, 2.0/9, c.Reference, 1e-12)
	require.Equal(t, int64(80_00+60_00+30_00), c.Expected.Minor)
	// What was won in another currency counts with what was expected of it.
	require.Equal(t, int64(90_00+50_00), c.Won.Minor)
	require.Nil(t, new(record).check(prices{}))
}
