package funnel_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
	"funnelbot/funnel/stats"
)

func TestTheReportOnQualificationsIsWrittenWithStableKeys(t *testing.T) {
	t.Parallel()
	anna := funnel.ID{15: 1}
	r := funnel.NewQualificationReport(week(t), 365, funnel.QualifiedTable{
		Names: map[funnel.ID]string{anna: "Anna"},
		Came: []funnel.CameCount{
			{Source: "site", Owner: anna, Deals: 3, Qualified: 1}, {Owner: anna, Deals: 1, Qualified: 1}, {Source: "site", Deals: 1},
		},
		Open:   funnel.OpenFit{Deals: 4, Qualified: 2, Outside: 1},
		Closed: funnel.ClosedFit{Deals: 50, Qualified: 40, Won: 20},
		Answers: []funnel.AnswerCount{
			{Definition: 1, Closed: 40, Won: 20},
			{Definition: 1, Question: "budget_approved", Kind: funnel.AskOne, Closed: 40, Won: 20},
			{Definition: 1, Question: "budget_approved", Kind: funnel.AskOne, Option: "approved", Closed: 20, Won: 17},
			{Definition: 1, Question: "budget_approved", Kind: funnel.AskOne, Option: "requested", Closed: 20, Won: 3},
		},
	})
	// What the intervals must be is proven where they are computed.
	plain := func(l *funnel.Likely) { l.Low, l.High = 0.1, 0.9 }
	for _, l := range []*funnel.Likely{&r.Came.Likely, &r.Open.Likely, &r.Sources[0].Likely, &r.Sources[1].Likely, &r.Owners[0].Likely, &r.Owners[1].Likely} {
		plain(l)
	}
	require.Len(t, r.Answers.Findings, 1)
	f := &r.Answers.Findings[0]
	f.With.Low, f.With.High, f.Without.Low, f.Without.High = 0.6, 0.9, 0, 0.3
	f.Difference.Value, f.Difference.Low, f.Difference.High = 0.7, 0.4, 0.8

	written, err := json.Marshal(r)

	require.NoError(t, err)
	require.JSONEq(t, `{"as_of":"2026-11-01T15:00:00+03:00","window_days":7,"currency":"RUB","kind":"new",
		"came_in":{"deals":5,"qualified":2,"value":0.4,"low":0.1,"high":0.9},
		"sources":[{"source":"site","deals":4,"qualified":1,"value":0.25,"low":0.1,"high":0.9},
			{"source":"","deals":1,"qualified":1,"value":1,"low":0.1,"high":0.9}],
		"owners":[{"owner":"00000000-0000-0000-0000-000000000001","name":"Anna","deals":4,"qualified":2,"value":0.5,"low":0.1,"high":0.9},
			{"owner":"","name":"","deals":1,"qualified":0,"value":0,"low":0.1,"high":0.9}],
		"open":{"deals":4,"qualified":2,"not_qualified":2,"outside_profile":1,"value":0.5,"low":0.1,"high":0.9},
		"answers":{"window_days":365,"closed":50,"qualified":40,"won":20,"compared":1,"findings":[
			{"question":"budget_approved","option":"approved",
			"with":{"won":17,"closed":20,"value":0.85,"low":0.6,"high":0.9},
			"without":{"won":3,"closed":20,"value":0.15,"low":0,"high":0.3},
			"difference":{"value":0.7,"low":0.4,"high":0.8,"level":0.9}}]}}`, string(written))
}

func TestAReportOnNothingQualifiedInventsNothing(t *testing.T) {
	t.Parallel()

	r := funnel.NewQualificationReport(week(t), 365, funnel.QualifiedTable{})

	require.Nil(t, r.Came.Value)
	require.Nil(t, r.Open.Value)
	require.NotNil(t, r.Sources)
	require.NotNil(t, r.Owners)
	require.NotNil(t, r.Answers.Findings)
	require.Zero(t, r.Answers.Compared)

	p := week(t)
	p.Funnel = &funnel.Funnel{Kind: funnel.Renewal}
	require.Empty(t, funnel.NewQualificationReport(p, 365, funnel.QualifiedTable{}).Answers.Findings, "a funnel that asks nothing")
}

// asking is a period of a funnel with these questions.
func asking(t *testing.T, questions ...funnel.Question) funnel.Period {
	t.Helper()
	p := week(t)
	f := *p.Funnel
	f.Qualification = &funnel.Qualification{Sections: []funnel.Section{{Key: "all", Questions: questions}}}
	p.Funnel = &f
	return p
}

func counted(version int, question string, kind funnel.QuestionKind, option string, closed, won int) funnel.AnswerCount {
	return funnel.AnswerCount{Definition: version, Question: question, Kind: kind, Option: option, Closed: closed, Won: won}
}

func answersOf(p funnel.Period, counts ...funnel.AnswerCount) funnel.AnswerReport {
	return funnel.NewQualificationReport(p, 365, funnel.QualifiedTable{Answers: counts}).Answers
}

func TestFewerThanFifteenOnEitherSideAreNotCompared(t *testing.T) {
	t.Parallel()
	p := asking(t, funnel.Question{Key: "ready", Kind: funnel.AskOne, Options: []funnel.QuestionOption{{Key: "a"}, {Key: "b"}, {Key: "c"}}})
	for _, c := range []struct{ with, without, compared int }{{15, 15, 1}, {14, 60, 0}, {60, 14, 0}} {
		a := answersOf(
			p, counted(1, "", "", "", 200, 15),
			counted(1, "ready", funnel.AskOne, "", c.with+c.without, c.with),
			counted(1, "ready", funnel.AskOne, "a", c.with, c.with),
			// What the file no longer has stays among the others.
			counted(1, "ready", funnel.AskOne, "gone", c.without, 0),
			counted(1, "ready", funnel.AskText, "", 90, 0), counted(1, "other", funnel.AskOne, "", 90, 0),
		)
		require.Equal(t, c.compared, a.Compared, c)
		require.Len(t, a.Findings, c.compared, c)
	}
}

func TestWhatIsKnownIsHeldAgainstWhatWasAskedForAndIsNot(t *testing.T) {
	t.Parallel()
	p := asking(
		t,
		funnel.Question{Key: "by", Kind: funnel.AskDate},
		funnel.Question{Key: "why", Kind: funnel.AskText, When: funnel.Condition{Question: "by"}},
		funnel.Question{Key: "way", Kind: funnel.AskOne, Options: []funnel.QuestionOption{{Key: "a"}, {Key: "b"}, {Key: "c"}}},
		funnel.Question{Key: "whose", Kind: funnel.AskPerson, When: funnel.Condition{Question: "way", Is: []string{"a", "b"}}},
	)

	a := answersOf(
		p,
		counted(1, "", "", "", 500, 100), // asked before the questions were there
		counted(2, "", "", "", 100, 50),
		counted(2, "by", funnel.AskDate, "", 60, 45),
		counted(2, "why", funnel.AskText, "", 30, 28),
		counted(2, "way", funnel.AskOne, "", 70, 35),
		counted(2, "way", funnel.AskOne, "a", 20, 10),
		counted(2, "way", funnel.AskOne, "b", 30, 15),
		counted(2, "way", funnel.AskOne, "c", 20, 10),
		counted(2, "whose", funnel.AskPerson, "", 25, 24),
	)

	require.Equal(t, 6, a.Compared)
	groups := map[string][4]int{}
	for _, f := range a.Findings {
		groups[f.Question+"/"+f.Option] = [4]int{f.With.Won, f.With.Closed, f.Without.Won, f.Without.Closed}
	}
	require.Equal(t, map[string][4]int{"by/": {45, 60, 5, 40}, "why/": {28, 30, 17, 30}, "whose/": {24, 25, 1, 25}}, groups)
	require.Equal(t, "whose", a.Findings[0].Question, "the greatest certain difference stands first")
}

func TestYesAndNoAreOneComparison(t *testing.T) {
	t.Parallel()
	p := asking(t, funnel.Question{Key: "ready", Kind: funnel.AskYesNo})

	a := answersOf(
		p, counted(3, "", "", "", 40, 22), counted(3, "ready", funnel.AskYesNo, "", 40, 22),
		counted(3, "ready", funnel.AskYesNo, "yes", 20, 3), counted(3, "ready", funnel.AskYesNo, "no", 20, 19),
	)

	require.Equal(t, 1, a.Compared)
	require.Equal(t, "no", a.Findings[0].Option)
	require.Positive(t, a.Findings[0].Difference.Low)
}

// survey simulates closed deals that answered questions at random, of which those that chose the
// first option of the first question are won more often by the lift.
func survey(r *rand.Rand, deals, questions, options int, lift float64) []funnel.AnswerCount {
	all := counted(1, "", "", "", 0, 0)
	counts := make([]funnel.AnswerCount, questions*(options+1))
	at := func(q, o int) *funnel.AnswerCount { return &counts[q*(options+1)+o] }
	for q := range questions {
		for o := range options + 1 {
			option := ""
			if o > 0 {
				option = fmt.Sprint("o", o)
			}
			*at(q, o) = counted(1, fmt.Sprint("q", q), funnel.AskOne, option, 0, 0)
		}
	}
	for range deals {
		chosen := make([]int, questions)
		for q := range chosen {
			chosen[q] = 1 + r.IntN(options)
		}
		chance := 0.3
		if chosen[0] == 1 {
			chance += lift
		}
		won := 0
		if r.Float64() < chance {
			won = 1
		}
		add := func(c *funnel.AnswerCount) { c.Closed, c.Won = c.Closed+1, c.Won+won }
		add(&all)
		for q, o := range chosen {
			add(at(q, 0))
			add(at(q, o))
		}
	}
	return append(counts, all)
}

// TestAPlantedAnswerIsNamedAndNoiseIsNot asks 400 workspaces with 15 questions of three options.
// Every interval by itself holds with 90 %, so that without regard to how many are compared nearly
// every workspace would be told something that is not so.
func TestAPlantedAnswerIsNamedAndNoiseIsNot(t *testing.T) {
	t.Parallel()
	const questions, options, workspaces = 15, 3, 400
	asked := make([]funnel.Question, questions)
	for q := range asked {
		asked[q] = funnel.Question{Key: fmt.Sprint("q", q), Kind: funnel.AskOne}
		for o := range options {
			asked[q].Options = append(asked[q].Options, funnel.QuestionOption{Key: fmt.Sprint("o", o+1)})
		}
	}
	p := asking(t, asked...)
	r := rand.New(rand.NewPCG(2026, 11))
	misled, naive, named, chance := 0, 0, 0, 0.0
	for range workspaces {
		noise := survey(r, 200, questions, options, 0)
		a := answersOf(p, noise...)
		require.Equal(t, questions*options, a.Compared)
		if len(a.Findings) > 0 {
			misled++
		}
		if anyExcludesZero(noise, options) {
			naive++
		}
		planted := answersOf(p, survey(r, 200, questions, options, 0.35)...).Findings
		wrong := 0
		for _, f := range planted {
			if f.Question != "q0" {
				wrong++
			}
		}
		if len(planted) > 0 {
			chance += float64(wrong) / float64(len(planted)) / workspaces
			if planted[0].Question == "q0" && planted[0].Option == "o1" {
				named++
			}
		}
	}
	t.Logf("misled %d of %d (by single intervals %d); named %d; %.3f of findings are chance", misled, workspaces, naive, named, chance)
	// What is expected is a tenth; three standard errors of 400 trials are 0.045.
	require.Less(t, misled, workspaces*145/1000)
	require.Greater(t, naive, workspaces*9/10)
	require.Greater(t, named, workspaces*9/10)
	require.Less(t, chance, 0.145)
}

// anyExcludesZero reports whether any interval by itself would tell of a difference.
func anyExcludesZero(counts []funnel.AnswerCount, options int) bool {
	for i, c := range counts {
		if c.Option == "" {
			continue
		}
		all := counts[i-i%(options+1)]
		with := stats.Proportion{Hits: c.Won, Trials: c.Closed}
		without := stats.Proportion{Hits: all.Won - c.Won, Trials: all.Closed - c.Closed}
		if stats.Newcombe(with, without, stats.Level).Excludes(0) {
			return true
		}
	}
	return false
}
