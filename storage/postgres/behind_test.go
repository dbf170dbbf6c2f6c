package postgres_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

// behind returns the numbers of the deals behind a number of a report.
func (s *story) behind(asOf time.Time, b funnel.Behind) []int64 {
	s.tb.Helper()
	b.Limit = 10
	r, err := s.service.Behind(s.tb.Context(), s.space.ID, funnel.ReportQuery{AsOf: asOf}, b)
	require.NoError(s.tb, err)
	found := []int64{}
	for i := range r.Deals {
		found = append(found, r.Deals[i].Number)
	}
	require.Len(s.tb, found, r.Total)
	return found
}

// Every number of a report must lead to as many deals as it counts.
func TestTheDealsBehindANumberAreThoseItCounts(t *testing.T) {
	t.Parallel()
	s := tell(t)
	won := s.begin(funnel.OpenDeal{Amount: usd(100)})
	lost := s.begin(funnel.OpenDeal{Amount: usd(50)})
	returned := s.begin(funnel.OpenDeal{})
	open := s.begin(funnel.OpenDeal{})
	mistaken := s.begin(funnel.OpenDeal{})
	s.advance(day)
	for _, deal := range []funnel.Target{won, lost, returned} {
		s.move(deal, "proposal")
	}
	s.advance(day)
	s.win(won)
	s.lose(lost, "price")
	s.done(s.service.Back(t.Context(), s.next(), returned, funnel.MoveBack{Stage: "lead", Reason: "they think again"}))
	before := s.now()
	s.advance(time.Hour)
	s.done(s.service.Move(t.Context(), s.next(), returned, funnel.MoveTo{Stage: "proposal"}))
	s.advance(time.Minute)
	s.lose(mistaken, "price")
	s.undo()
	_ = open

	r := s.funnel(time.Time{}, 0)
	lead, proposal := at(t, r, "lead"), at(t, r, "proposal")
	of := func(part funnel.BehindPart, stage funnel.StageKey) []int64 {
		b := funnel.Behind{Part: part, Of: funnel.OfStage, Stage: stage}
		if stage == "" {
			b.Of = funnel.OfAll
		}
		return s.behind(time.Time{}, b)
	}
	require.Equal(t, []int64{3, 2, 1}, of(funnel.BehindEntered, "proposal"), "each once, the last first")
	require.Equal(t, 4, proposal.Entered, "while the number counts stays")
	require.Equal(t, []int64{1}, of(funnel.BehindAdvanced, "proposal"))
	require.Equal(t, []int64{2}, of(funnel.BehindLost, "proposal"))
	require.Equal(t, []int64{3}, of(funnel.BehindBack, "proposal"))
	require.Equal(t, []int64{3}, of(funnel.BehindOpen, "proposal"))
	require.Len(t, of(funnel.BehindOpen, "lead"), lead.Open)
	require.Empty(t, of(funnel.BehindLost, "lead"), "what was taken back counts no more")
	require.Len(t, of(funnel.BehindOpen, ""), r.Open)
	require.Equal(t, []int64{1}, of(funnel.BehindWins, ""))
	require.Equal(t, []int64{2}, of(funnel.BehindLosses, ""))

	require.Equal(t, []int64{2, 1}, s.behind(before, funnel.Behind{Part: funnel.BehindEntered, Of: funnel.OfStage, Stage: "proposal"})[1:], "as it was known then")
	require.NotContains(t, s.behind(before, funnel.Behind{Part: funnel.BehindOpen, Of: funnel.OfStage, Stage: "proposal"}), int64(3))
}

func TestTheDealsBehindTheNumbersOfAnOwnerStayTheirs(t *testing.T) {
	t.Parallel()
	s := tell(t)
	boris := s.join(t, "Boris", funnel.Rep)
	sold := s.begin(funnel.OpenDeal{Amount: usd(100)})
	open := s.begin(funnel.OpenDeal{Amount: usd(5)})
	s.advance(day)
	s.win(sold)
	s.advance(time.Hour)
	for _, deal := range []funnel.Target{sold, open} {
		s.done(s.service.Assign(t.Context(), s.next(), deal, funnel.Assign{To: boris.ID}))
	}

	require.Equal(t, []int64{1}, s.behind(time.Time{}, funnel.Behind{Part: funnel.BehindWins, Of: funnel.OfOwner, Owner: s.member.ID}), "whoever holds it now")
	require.Empty(t, s.behind(time.Time{}, funnel.Behind{Part: funnel.BehindWins, Of: funnel.OfOwner, Owner: boris.ID}))
	require.Equal(t, []int64{2}, s.behind(time.Time{}, funnel.Behind{Part: funnel.BehindOpen, Of: funnel.OfOwner, Owner: boris.ID}))
}

func TestANumberThatIsNoneHasNoDeals(t *testing.T) {
	t.Parallel()
	s := tell(t)
	_, err := s.service.Behind(t.Context(), s.space.ID, funnel.ReportQuery{}, funnel.Behind{Part: "beer", Limit: 10})
	require.Equal(t, funnel.CodeBadValue, funnel.CodeOf(err))
}
