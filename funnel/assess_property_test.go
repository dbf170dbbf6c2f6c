package funnel_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

// luck answers questions by chance.
type luck struct{ *rand.Rand }

// answers answers about two of three questions of the qualification, also those that are not asked.
func (r luck) answers(q *funnel.Qualification) []funnel.Answer {
	var all []funnel.Answer
	for _, s := range q.Sections {
		for i := range s.Questions {
			if r.IntN(3) > 0 {
				all = append(all, funnel.Answer{Question: s.Questions[i].Key, Given: r.given(&s.Questions[i])})
			}
		}
	}
	return all
}

// given answers one question.
func (r luck) given(q *funnel.Question) funnel.Given {
	g := funnel.Given{Kind: q.Kind}
	switch q.Kind {
	case funnel.AskText:
		g.Text = "so"
	case funnel.AskMoney:
		g.Money = funnel.Money{Minor: r.Int64N(1_000_000_00), Currency: "EUR"}
	case funnel.AskNumber:
		g.Number = float64(r.IntN(5) - 1)
	case funnel.AskDate:
		g.Date = today.AddDays(r.IntN(500) - 50)
	case funnel.AskYesNo:
		g.Keys = []string{[]string{"yes", "no"}[r.IntN(2)]}
	case funnel.AskOne:
		g.Keys = []string{q.Options[r.IntN(len(q.Options))].Key}
	case funnel.AskSeveral:
		for _, o := range q.Options {
			if r.IntN(3) == 0 {
				g.Keys = append(g.Keys, o.Key)
			}
		}
		if len(g.Keys) == 0 {
			g.Keys = []string{q.Options[0].Key}
		}
	case funnel.AskPerson:
		g.Name = "Ivo Sample"
	}
	return g
}

// questionnaire is that of the plan with other weights, and with questions of the kinds that it has not.
func (r luck) questionnaire(plan *funnel.Funnel) *funnel.Qualification {
	again := *plan.Qualification
	q := &again
	q.Sections = slices.Clone(q.Sections)
	for i := range q.Sections {
		questions := slices.Clone(q.Sections[i].Questions)
		if i == 0 {
			questions = append(questions, funnel.Question{Key: "ready", Kind: funnel.AskYesNo}, funnel.Question{Key: "seats", Kind: funnel.AskNumber})
		}
		for j := range questions {
			questions[j].Weight = float64(r.IntN(40)) / 3
		}
		q.Sections[i].Questions = questions
	}
	q.Payback.Weight, q.Promising, q.Enough = float64(r.IntN(30)), r.IntN(100)+1, r.IntN(101)
	return q
}

// better is an answer to the question that is no worse than the other one.
func (r luck) better(q *funnel.Question, g funnel.Given) funnel.Given {
	b := g
	switch q.Kind {
	case funnel.AskMoney:
		b.Money.Minor += r.Int64N(1_000_000_00)
	case funnel.AskNumber:
		b.Number += float64(r.IntN(3))
	case funnel.AskDate:
		if g.Date.Before(today) {
			b.Date = today.AddDays(r.IntN(500))
		} else {
			b.Date = today.AddDays(r.IntN(g.Date.Sub(today) + 1))
		}
	case funnel.AskYesNo:
		b.Keys = []string{"yes"}
	case funnel.AskOne:
		had, _ := q.Option(g.Keys[0])
		if o := q.Options[r.IntN(len(q.Options))]; o.Score >= had.Score {
			b.Keys = []string{o.Key}
		}
	case funnel.AskSeveral:
		b.Keys = append(slices.Clone(g.Keys), q.Options[r.IntN(len(q.Options))].Key)
	case funnel.AskText, funnel.AskPerson:
	}
	return b
}

func TestAnAssessmentAddsUpAndRepeats(t *testing.T) {
	t.Parallel()
	plan := builtIn(t)
	for seed := range uint64(3000) {
		r := luck{rand.New(rand.NewPCG(seed, 1))}
		q := r.questionnaire(plan)
		answers := r.answers(q)

		deal := funnel.Deal{Stage: "lead", Outcome: funnel.Open}

		a := funnel.Assess(q, answers, &deal, plan, today)

		points, of := 0.0, 0.0
		for _, p := range a.Parts {
			require.GreaterOrEqual(t, p.Points, 0.0)
			require.LessOrEqual(t, p.Points, p.Of+1e-9, "seed %d", seed)
			require.LessOrEqual(t, p.Given, p.Asked)
			points += p.Points
			of += p.Of
		}
		if of > 0 {
			require.InDelta(t, 100*points/of, float64(a.Score), 0.5+1e-9, "seed %d: the parts are the score", seed)
		}
		require.LessOrEqual(t, a.Score, a.Known+1, "seed %d: what is not known earns nothing", seed)
		require.LessOrEqual(t, len(a.Reasons), 3)
		require.Equal(t, a.Verdict == funnel.NotAFit, a.Reason != "", "seed %d", seed)
		require.Equal(t, a.Verdict == funnel.Nurture, !a.Until.IsZero(), "seed %d", seed)
		require.Equal(t, a.Verdict == funnel.Promising, a.Stage != "", "seed %d", seed)
		if a.Verdict == funnel.Promising {
			require.GreaterOrEqual(t, a.Score, q.Promising)
			require.GreaterOrEqual(t, a.Known, q.Enough)
		}

		shuffled := slices.Clone(answers)
		r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		require.Equal(t, a, funnel.Assess(q, shuffled, &deal, plan, today), "seed %d: the order of the answers is none", seed)
	}
}

func TestABetterAnswerNeverLowersTheScore(t *testing.T) {
	t.Parallel()
	plan := builtIn(t)
	raised := 0
	for seed := range uint64(6000) {
		r := luck{rand.New(rand.NewPCG(seed, 2))}
		q := r.questionnaire(plan)
		answers := r.answers(q)
		asked := q.Asked(answers)
		question := asked[r.IntN(len(asked))]
		at := slices.IndexFunc(answers, func(a funnel.Answer) bool { return a.Question == question.Key })
		was := slices.Clone(answers)
		switch {
		case at >= 0:
			if question.Key == "budget_amount" {
				continue // more money to spend is a longer payback as well
			}
			answers[at].Given = r.better(&question, answers[at].Given)
		case question.Key == "decide_by": // the only one that another question hangs on
			continue // that one comes with it, and may stay open
		default:
			answers = append(answers, funnel.Answer{Question: question.Key, Given: r.given(&question)})
		}
		deal := funnel.Deal{Amount: funnel.Money{Minor: r.Int64N(2) * 50_000_00, Currency: "EUR"}, Stage: "lead", Outcome: funnel.Open}

		low, high := funnel.Assess(q, was, &deal, plan, today), funnel.Assess(q, answers, &deal, plan, today)

		require.GreaterOrEqual(t, high.Score, low.Score, "seed %d: %s", seed, question.Key)
		require.GreaterOrEqual(t, high.Known, low.Known, "seed %d: %s", seed, question.Key)
		if high.Score > low.Score {
			raised++
		}
	}
	require.Greater(t, raised, 1000, "the property has to be put to the test")
}
