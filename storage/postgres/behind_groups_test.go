package postgres_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

// total is how many deals are behind a number.
func (s *story) total(q funnel.ReportQuery, b funnel.Behind) int {
	s.tb.Helper()
	b.Limit = 200
	r, err := s.service.Behind(s.tb.Context(), s.space.ID, q, b)
	require.NoError(s.tb, err)
	require.Len(s.tb, r.Deals, r.Total)
	return r.Total
}

func TestTheDealsBehindWhatWasDoneAreThoseItWasDoneOn(t *testing.T) {
	t.Parallel()
	s := tell(t)
	boris := s.join(t, "Boris", funnel.Rep)
	log := func(deal funnel.Target, kind funnel.ActivityKind) {
		s.done(s.service.Log(t.Context(), s.next(), deal, funnel.Report{Activity: funnel.LogActivity{Kind: kind, Text: "they called"}}))
	}
	first, second, third := s.begin(funnel.OpenDeal{}), s.begin(funnel.OpenDeal{}), s.begin(funnel.OpenDeal{})
	s.advance(day)
	log(first, funnel.Call)
	log(first, funnel.Call)
	log(second, funnel.Meeting)
	s.advance(7 * day)
	s.move(second, "proposal")
	s.advance(time.Hour)
	log(second, funnel.Call)
	before := s.now()
	s.advance(time.Hour)
	log(third, funnel.Note)
	s.undo()
	s.advance(time.Hour)
	s.done(s.service.Assign(t.Context(), s.next(), third, funnel.Assign{To: boris.ID}))

	r, err := s.service.ActivityReport(t.Context(), s.space.ID, funnel.ReportQuery{})
	require.NoError(t, err)
	require.Len(t, r.Activities, 3)
	require.Equal(t, 2, s.total(funnel.ReportQuery{}, funnel.Behind{Part: funnel.BehindDone}))
	require.Equal(t, 2, s.total(funnel.ReportQuery{}, funnel.Behind{Part: funnel.BehindDone, Of: funnel.OfOwner, Owner: s.member.ID, Kind: funnel.Call}))
	require.Zero(t, s.total(funnel.ReportQuery{}, funnel.Behind{Part: funnel.BehindDone, Of: funnel.OfOwner, Owner: boris.ID}))
	require.Zero(t, s.total(funnel.ReportQuery{}, funnel.Behind{Part: funnel.BehindDone, Of: funnel.OfOwner}), "of nobody")
	require.Zero(t, s.total(funnel.ReportQuery{}, funnel.Behind{Part: funnel.BehindDone, Kind: funnel.Note}), "what was taken back was not done")
	require.Equal(t, 1, s.total(funnel.ReportQuery{}, funnel.Behind{Part: funnel.BehindDone, Of: funnel.OfStage, Stage: "proposal"}))
	require.Equal(t, []int64{2, 1}, s.behind(time.Time{}, funnel.Behind{Part: funnel.BehindDone, Kind: funnel.Call}), "the latest first")
	require.Equal(t, []int64{2, 1}, s.behind(before, funnel.Behind{Part: funnel.BehindDone}))
	for _, a := range r.Activities {
		b := funnel.Behind{Part: funnel.BehindDone, Of: funnel.OfWeek, Week: a.Week, Kind: a.Kind}
		require.Equal(t, 1, s.total(funnel.ReportQuery{}, b), "%+v", a)
	}
}

// Every number of the report on the qualification must lead to as many deals as it counts.
func TestTheDealsBehindAQualificationAreThoseItCounts(t *testing.T) {
	t.Parallel()
	s := tell(t)
	boris := s.join(t, "Boris", funnel.Rep)
	n := 0
	for _, group := range []struct {
		option    string
		won, lost int
	}{{"approved", 16, 1}, {"not_yet", 1, 17}} {
		for i := range group.won + group.lost {
			deal := s.begin(funnel.OpenDeal{Source: "site", Owner: boris.ID})
			given := map[string]funnel.Given{"budget_approved": choice(group.option)}
			if n++; i < group.won {
				given["decider"] = funnel.Given{Kind: funnel.AskPerson, Name: fmt.Sprintf("Ivo Sample %c", 'A'+n)}
			}
			s.qualify(deal, given)
			s.advance(time.Minute)
			if i < group.won {
				s.win(deal)
				continue
			}
			s.lose(deal, "price")
		}
	}
	s.begin(funnel.OpenDeal{Source: "referral"})
	ruledOut := s.begin(funnel.OpenDeal{})
	s.qualify(ruledOut, map[string]funnel.Given{"exclusions": ruled("rival")})
	fits := s.begin(funnel.OpenDeal{})
	s.qualify(fits, map[string]funnel.Given{"exclusions": ruled("none")})
	s.advance(time.Minute)
	stood := s.now()
	s.advance(time.Minute)
	s.undo()

	for _, q := range []funnel.ReportQuery{{}, {AsOf: stood}, {Window: 30}} {
		r := s.qualification(q)
		require.Positive(t, r.Open.Outside)
		for part, want := range map[funnel.BehindPart]int{
			funnel.BehindCame: r.Came.Deals, funnel.BehindQualified: r.Came.Qualified, funnel.BehindKnown: r.Open.Qualified,
			funnel.BehindUnknown: r.Open.Unqualified, funnel.BehindOutside: r.Open.Outside, funnel.BehindAnswered: r.Answers.Qualified,
		} {
			require.Equal(t, want, s.total(q, funnel.Behind{Part: part}), part)
		}
		for _, source := range r.Sources {
			of := funnel.Behind{Part: funnel.BehindCame, Of: funnel.OfSource, Source: source.Source}
			require.Equal(t, source.Deals, s.total(q, of), source.Source)
			of.Part = funnel.BehindQualified
			require.Equal(t, source.Qualified, s.total(q, of), source.Source)
		}
		for _, owner := range r.Owners {
			require.Equal(t, owner.Qualified, s.total(q, funnel.Behind{Part: funnel.BehindQualified, Of: funnel.OfOwner, Owner: owner.Owner}))
		}
		require.NotEmpty(t, r.Answers.Findings)
		options := 0
		for _, f := range r.Answers.Findings {
			of := funnel.Behind{Part: funnel.BehindWith, Of: funnel.OfAnswer, Question: f.Question, Option: f.Option}
			require.Equal(t, f.With.Closed, s.total(q, of), "%+v", f)
			of.Part = funnel.BehindWithout
			require.Equal(t, f.Without.Closed, s.total(q, of), "%+v", f)
			if f.Option != "" {
				options++
			}
		}
		require.Positive(t, options)
		require.Less(t, options, len(r.Answers.Findings), "one of a question with options and one of a question without")
	}
}
