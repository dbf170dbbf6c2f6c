package postgres_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
	"funnelbot/funnel/definition"
	"funnelbot/funnel/stats"
)

func choice(key string) funnel.Given { return funnel.Given{Kind: funnel.AskOne, Keys: []string{key}} }

func ruled(key string) funnel.Given {
	return funnel.Given{Kind: funnel.AskSeveral, Keys: []string{key}}
}

// qualify finishes a qualification with these answers.
func (s *story) qualify(t funnel.Target, given map[string]funnel.Given) {
	s.tb.Helper()
	ctx := s.tb.Context()
	begin := s.next()
	dialog := "d " + begin.Event
	_, err := s.service.StartAsking(ctx, begin, t, funnel.StartAsking{Dialog: dialog, Place: "local/1"})
	require.NoError(s.tb, err)
	_, err = s.service.Answer(ctx, s.next(), funnel.GiveAnswers{Deal: t.Deal, Dialog: dialog, Place: "local/1", Given: given})
	require.NoError(s.tb, err)
	s.done(s.service.Qualify(ctx, s.next(), t, funnel.Qualify{Dialog: dialog}))
}

func (s *story) qualification(q funnel.ReportQuery) funnel.QualificationReport {
	s.tb.Helper()
	r, err := s.service.QualificationReport(s.tb.Context(), s.space.ID, q)
	require.NoError(s.tb, err)
	return r
}

// share is a part of deals that is computed by hand.
func share(t *testing.T, qualified, deals int, got funnel.QualifiedShare) {
	t.Helper()
	require.Equal(t, deals, got.Deals)
	require.Equal(t, qualified, got.Qualified)
	require.InDelta(t, float64(qualified)/float64(deals), *got.Value, 1e-12)
	i := stats.Wilson(qualified, deals, 0.9)
	require.InDelta(t, i.Low, got.Low, 1e-12)
	require.InDelta(t, i.High, got.High, 1e-12)
}

func TestTheShareOfQualifiedDealsIsBySourceAndByOwner(t *testing.T) {
	t.Parallel()
	s := tell(t)
	boris := s.join(t, "Boris", funnel.Rep)
	old := s.begin(funnel.OpenDeal{Source: "referral"})
	s.advance(100 * day)
	referred := s.begin(funnel.OpenDeal{Source: "referral"})
	s.begin(funnel.OpenDeal{Source: "referral", Owner: boris.ID})
	gone := s.begin(funnel.OpenDeal{Source: "site", Owner: boris.ID})
	sold := s.begin(funnel.OpenDeal{})
	named := s.begin(funnel.OpenDeal{Stage: "awareness", Source: "cold"})
	s.begin(funnel.OpenDeal{Stage: "awareness", Source: "cold"})
	s.advance(day)
	s.qualify(old, map[string]funnel.Given{"exclusions": ruled("rival")})
	s.qualify(referred, map[string]funnel.Given{"exclusions": ruled("none")})
	s.qualify(gone, map[string]funnel.Given{"exclusions": ruled("private")})
	s.advance(time.Hour)
	s.qualify(sold, nil)
	s.undo()
	s.move(old, "proposal")
	s.move(named, "lead")
	s.win(sold)

	r := s.qualification(funnel.ReportQuery{})

	// Came in: two referred, one from the site, one without a source, and the target that began to
	// talk. What came in before the window or only stands on a list did not.
	share(t, 2, 5, r.Came)
	require.Len(t, r.Sources, 4)
	require.Equal(t, []string{"referral", "", "cold", "site"},
		[]string{r.Sources[0].Source, r.Sources[1].Source, r.Sources[2].Source, r.Sources[3].Source})
	share(t, 1, 2, r.Sources[0].QualifiedShare)
	share(t, 0, 1, r.Sources[1].QualifiedShare)
	share(t, 0, 1, r.Sources[2].QualifiedShare)
	share(t, 1, 1, r.Sources[3].QualifiedShare)
	require.Len(t, r.Owners, 2)
	require.Equal(t, "Anna", r.Owners[0].Name)
	require.Equal(t, s.member.ID, r.Owners[0].Owner)
	share(t, 1, 3, r.Owners[0].QualifiedShare)
	require.Equal(t, "Boris", r.Owners[1].Name)
	share(t, 1, 2, r.Owners[1].QualifiedShare)
	// Open: all but what was sold and what is only named; three of them are qualified and two are
	// ruled out.
	open := r.Open
	require.Equal(t, []int{5, 3, 2, 2}, []int{open.Deals, open.Qualified, open.Unqualified, open.Outside})
	require.InDelta(t, 2.0/3, *open.Value, 1e-12)
	i := stats.Wilson(2, 3, 0.9)
	require.InDelta(t, i.Low, open.Low, 1e-12)
	require.InDelta(t, i.High, open.High, 1e-12)
	require.Equal(t, 90, r.WindowDays)
	require.Equal(t, 365, r.Answers.WindowDays)
}

func TestAQualificationIsSeenWhileItStood(t *testing.T) {
	t.Parallel()
	s := tell(t)
	boris := s.join(t, "Boris", funnel.Rep)
	deal := s.begin(funnel.OpenDeal{Source: "referral"})
	s.advance(time.Hour)
	before := s.now()
	s.advance(time.Hour)
	s.qualify(deal, map[string]funnel.Given{"exclusions": ruled("rival")})
	stood := s.now()
	s.advance(time.Minute)
	s.undo()
	undone := s.now()
	s.advance(time.Hour)
	s.qualify(deal, map[string]funnel.Given{"exclusions": ruled("none")})
	s.done(s.service.Set(t.Context(), s.next(), deal, funnel.Edit{Field: funnel.FieldSource, Text: "event"}))
	s.done(s.service.Assign(t.Context(), s.next(), deal, funnel.Assign{To: boris.ID}))
	s.advance(time.Hour)
	ended := s.now()
	s.win(deal)

	for _, c := range []struct {
		at                    time.Time
		qualified, outside    int
		open                  int
		source, owner         string
		closed, closedAfterIt int
	}{
		{before, 0, 0, 1, "referral", "Anna", 0, 0},
		{stood, 1, 1, 1, "referral", "Anna", 0, 0},
		{undone, 0, 0, 1, "referral", "Anna", 0, 0},
		{ended.Add(-time.Minute), 1, 0, 1, "event", "Boris", 0, 0},
		{time.Time{}, 1, 0, 0, "event", "Boris", 1, 1},
	} {
		r := s.qualification(funnel.ReportQuery{AsOf: c.at})
		share(t, c.qualified, 1, r.Came)
		require.Equal(t, c.open, r.Open.Deals, c.at)
		require.Equal(t, c.qualified*c.open, r.Open.Qualified, c.at)
		require.Equal(t, c.outside, r.Open.Outside, c.at)
		require.Equal(t, c.source, r.Sources[0].Source, c.at)
		require.Equal(t, c.owner, r.Owners[0].Name, c.at)
		require.Equal(t, c.closed, r.Answers.Closed, c.at)
		require.Equal(t, c.closedAfterIt, r.Answers.Qualified, c.at)
	}
}

func TestAnswersAreHeldAgainstHowDealsEnded(t *testing.T) {
	t.Parallel()
	s := tell(t)
	// 16 with approved money, 12 of them won; 17 that had not asked for it, 4 won; 3 in between, all
	// lost. Whether somebody is known to decide has nothing to do with it.
	n := 0
	for _, group := range []struct {
		option    string
		won, lost int
	}{{"approved", 12, 4}, {"not_yet", 4, 13}, {"requested", 0, 3}} {
		for i := range group.won + group.lost {
			deal := s.begin(funnel.OpenDeal{})
			given := map[string]funnel.Given{"budget_approved": choice(group.option)}
			if n++; n%9 < 5 {
				given["decider"] = funnel.Given{Kind: funnel.AskPerson, Name: fmt.Sprintf("Ivo Sample %c", 'A'+n)}
			}
			s.qualify(deal, given)
			s.advance(time.Minute)
			if i < group.won {
				s.win(deal)
			} else {
				s.lose(deal, "price")
			}
		}
	}
	// One that was closed before anybody asked, one that nobody asked about, one that is a target, and
	// one that never was a client of ours, which its answers are the reason for.
	stranger := s.begin(funnel.OpenDeal{})
	s.qualify(stranger, map[string]funnel.Given{"budget_approved": choice("not_yet")})
	s.advance(time.Minute)
	s.lose(stranger, "not_icp")
	late := s.begin(funnel.OpenDeal{})
	yesterday := s.now()
	s.advance(day)
	s.qualify(late, map[string]funnel.Given{"budget_approved": choice("not_yet")})
	s.done(s.service.Win(t.Context(), s.next(), late, funnel.Win{At: yesterday}))
	s.win(s.begin(funnel.OpenDeal{}))
	target := s.begin(funnel.OpenDeal{Stage: "awareness"})
	s.qualify(target, map[string]funnel.Given{"budget_approved": choice("not_yet")})
	s.lose(target, "silence")

	a := s.qualification(funnel.ReportQuery{}).Answers

	require.Equal(t, []int{38, 36, 16}, []int{a.Closed, a.Qualified, a.Won})
	require.Equal(t, 3, a.Compared, "approved, not yet, and that somebody decides")
	require.Len(t, a.Findings, 2)
	best := a.Findings[0]
	require.Equal(t, "budget_approved", best.Question)
	require.Equal(t, "approved", best.Option)
	require.Equal(t, []int{12, 16, 4, 20}, []int{best.With.Won, best.With.Closed, best.Without.Won, best.Without.Closed})
	require.InDelta(t, 0.75-0.2, best.Difference.Value, 1e-12)
	// Wilson at 90 %: 12 of 16 is 0.545237 to 0.882444, 4 of 20 is 0.093118 to 0.378377; so
	// 0.55 − √(0.204763² + 0.178377²) = 0.278437 and 0.55 + √(0.132444² + 0.106882²) = 0.720192.
	require.InDelta(t, 0.278437, best.Difference.Low, 1e-6)
	require.InDelta(t, 0.720192, best.Difference.High, 1e-6)
	worst := a.Findings[1]
	require.Equal(t, "not_yet", worst.Option)
	require.Equal(t, []int{4, 17, 12, 19}, []int{worst.With.Won, worst.With.Closed, worst.Without.Won, worst.Without.Closed})
	require.Negative(t, worst.Difference.High)

	short := s.qualification(funnel.ReportQuery{Window: 1})
	require.Equal(t, 1, short.Answers.WindowDays)
	require.Less(t, short.Answers.Closed, 38, "a window that is asked for holds for answers too")
	early := s.qualification(funnel.ReportQuery{AsOf: start.Add(20 * time.Minute)}).Answers
	require.Positive(t, early.Qualified)
	require.Zero(t, early.Compared, "numbers were too few then")
	require.Empty(t, early.Findings)
}

func TestTheLastQualificationBeforeTheEndCounts(t *testing.T) {
	t.Parallel()
	s := tell(t)
	for i := range 2 * funnel.FewestClosed {
		deal := s.begin(funnel.OpenDeal{})
		s.qualify(deal, map[string]funnel.Given{"budget_approved": choice("requested")})
		s.advance(time.Minute)
		if i%2 == 0 {
			s.qualify(deal, map[string]funnel.Given{"budget_approved": choice("approved")})
			s.advance(time.Minute)
			s.win(deal)
			continue
		}
		s.qualify(deal, map[string]funnel.Given{"budget_approved": choice("approved")})
		s.undo()
		s.advance(time.Minute)
		s.lose(deal, "price")
	}

	a := s.qualification(funnel.ReportQuery{}).Answers

	require.Equal(t, 1, a.Compared, "of two options one says everything")
	require.Len(t, a.Findings, 1)
	require.Equal(t, "approved", a.Findings[0].Option)
	require.Equal(t, 15, a.Findings[0].With.Won)
	require.Equal(t, 15, a.Findings[0].With.Closed)
	require.Zero(t, a.Findings[0].Without.Won)
}

func TestQualificationsOfKindsAndWorkspacesAreNotPooled(t *testing.T) {
	t.Parallel()
	s := tell(t)
	plans := map[funnel.Kind]*funnel.Funnel{}
	var err error
	plans[funnel.NewBusiness], err = definition.Default()
	require.NoError(t, err)
	plans[funnel.Renewal], err = definition.Renewal()
	require.NoError(t, err)
	s.service = funnel.New(funnel.Config{
		Store: s.store, Funnels: func(k funnel.Kind) *funnel.Funnel { return plans[k] }, Clock: s.now, IDs: newID,
	})
	s.begin(funnel.OpenDeal{Kind: funnel.Renewal})
	s.begin(funnel.OpenDeal{Kind: funnel.Renewal})
	s.qualify(s.begin(funnel.OpenDeal{}), nil)
	other, err := s.store.Settle(t.Context(), funnel.Workspace{
		ID: newID(), Name: "Next door", Locale: funnel.English, Zone: "UTC", Currency: "EUR", Calendar: funnel.OfficeHours(),
	}, funnel.Team{ID: newID(), Name: "Sales"})
	require.NoError(t, err)

	share(t, 1, 1, s.qualification(funnel.ReportQuery{}).Came)
	renewals := s.qualification(funnel.ReportQuery{Kind: funnel.Renewal})
	require.Equal(t, funnel.Renewal, renewals.Kind)
	share(t, 0, 2, renewals.Came)
	require.Equal(t, 2, renewals.Open.Unqualified)
	require.Empty(t, renewals.Answers.Findings)
	theirs, err := s.service.QualificationReport(t.Context(), other.ID, funnel.ReportQuery{})
	require.NoError(t, err)
	require.Zero(t, theirs.Came.Deals)
	require.Nil(t, theirs.Came.Value)
	require.Nil(t, theirs.Open.Value)
	require.Empty(t, theirs.Sources)
}
