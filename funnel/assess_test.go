package funnel_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

// today is a Monday.
var today = funnel.Date{Year: 2026, Month: time.November, Day: 23}

// small is a qualification whose weights add up to 100, with a payback of 20 of them.
func small() *funnel.Qualification {
	return &funnel.Qualification{
		Promising: 60, Enough: 50, Advance: "proposal", Nurture: 60,
		RemindAfter: 4 * time.Hour, EndAfter: 9 * time.Hour,
		Payback: funnel.Payback{Effect: "effect", Amount: "amount", Good: 12, Bad: 36, Weight: 20},
		Sections: []funnel.Section{
			{Key: "need", Questions: []funnel.Question{
				{Key: "task", Kind: funnel.AskText, Weight: 10},
				{Key: "effect", Kind: funnel.AskMoney, Weight: 10},
			}},
			{Key: "budget", Questions: []funnel.Question{
				{Key: "amount", Kind: funnel.AskMoney, Weight: 10},
				{Key: "approved", Kind: funnel.AskOne, Weight: 20, Options: []funnel.QuestionOption{
					{Key: "yes", Score: 1}, {Key: "part", Score: 0.5}, {Key: "no"},
				}},
			}},
			{Key: "fit", Questions: []funnel.Question{
				{Key: "trade", Kind: funnel.AskOne, Weight: 10, Fits: []string{"a", "b"}, Options: []funnel.QuestionOption{
					{Key: "a", Score: 1}, {Key: "b", Score: 0.5}, {Key: "c"}, {Key: "d", Disqualifies: "not_icp"},
				}},
				{Key: "when", Kind: funnel.AskDate, Weight: 20, Soon: 90, Far: 190, Fills: funnel.FillsClosing},
			}},
		},
	}
}

func one(question string, keys ...string) funnel.Answer {
	return funnel.Answer{Question: question, Given: funnel.Given{Kind: funnel.AskOne, Keys: keys}}
}

func several(question string, keys ...string) funnel.Answer {
	return funnel.Answer{Question: question, Given: funnel.Given{Kind: funnel.AskSeveral, Keys: keys}}
}

func text(question, words string) funnel.Answer {
	return funnel.Answer{Question: question, Given: funnel.Given{Kind: funnel.AskText, Text: words}}
}

func euros(question string, whole int64) funnel.Answer {
	return funnel.Answer{Question: question, Given: funnel.Given{
		Kind: funnel.AskMoney, Money: funnel.Money{Minor: whole * 100, Currency: "EUR"},
	}}
}

func day(question string, d funnel.Date) funnel.Answer {
	return funnel.Answer{Question: question, Given: funnel.Given{Kind: funnel.AskDate, Date: d}}
}

// strong are answers that earn everything.
func strong() []funnel.Answer {
	return []funnel.Answer{
		text("task", "stock-taking by phone"), euros("effect", 100_000), euros("amount", 100_000), one("approved", "yes"),
		one("trade", "a"), day("when", today.AddDays(90)),
	}
}

// with puts answers in the place of others to the same questions; an answer of no kind takes one away.
func with(answers []funnel.Answer, others ...funnel.Answer) []funnel.Answer {
	var all []funnel.Answer
	for _, a := range answers {
		kept := true
		for _, o := range others {
			kept = kept && o.Question != a.Question
		}
		if kept {
			all = append(all, a)
		}
	}
	return append(all, others...)
}

func assess(tb testing.TB, q *funnel.Qualification, answers []funnel.Answer, deal funnel.Deal) funnel.Assessment {
	tb.Helper()
	plan := builtIn(tb)
	if deal.Stage == "" {
		deal.Stage, deal.Outcome = "qualification", funnel.Open
	}
	return funnel.Assess(q, answers, &deal, plan, today)
}

func TestAFullScoreIsPromising(t *testing.T) {
	t.Parallel()

	a := assess(t, small(), strong(), funnel.Deal{})

	require.Equal(t, funnel.Assessment{
		Score: 100, Known: 100, Verdict: funnel.Promising, Payback: 12, Stage: "proposal",
		Parts: []funnel.Part{
			{Section: "need", Points: 40, Of: 40, Given: 2, Asked: 2},
			{Section: "budget", Points: 30, Of: 30, Given: 2, Asked: 2},
			{Section: "fit", Points: 30, Of: 30, Given: 2, Asked: 2},
		},
		Reasons: []funnel.Ground{
			{Kind: funnel.GroundPayback},
			{Kind: funnel.GroundStrong, Question: "approved", Option: "yes"},
			{Kind: funnel.GroundStrong, Question: "when"},
		},
	}, a)
}

// Counted by hand: the payback of 100,000 at 60,000 a year is 20 months, (36-20)/24 of 20 = 13.33;
// with 10 of the effect, 10 of the amount, 10 of the approval, 5 of the trade, and 10 of the day that
// lies half-way that makes 58.33 of 100.
func TestAMiddlingDealIsNurturedForReasonsThatCostTheMost(t *testing.T) {
	t.Parallel()

	a := assess(t, small(), with(strong(),
		text("task", ""), euros("effect", 60_000), one("approved", "part"), one("trade", "b"), day("when", today.AddDays(140)),
	), funnel.Deal{})

	require.Equal(t, 58, a.Score)
	require.Equal(t, 90, a.Known)
	require.InDelta(t, 20, a.Payback, 1e-9)
	require.InDelta(t, 10+20*16.0/24, a.Parts[0].Points, 1e-9)
	require.Equal(t, funnel.Nurture, a.Verdict)
	require.Equal(t, []funnel.Ground{
		{Kind: funnel.GroundUnknown, Question: "task"},
		{Kind: funnel.GroundWeak, Question: "approved", Option: "part"},
		{Kind: funnel.GroundWeak, Question: "when"},
	}, a.Reasons)
	require.Equal(t, []string{"task"}, a.Missing)
	require.Equal(t, today.AddDays(60), a.Until)
	require.Empty(t, a.Stage)
}

func TestADealIsNurturedUntilTheClientsOwnDayComesNear(t *testing.T) {
	t.Parallel()

	a := assess(t, small(), with(strong(), one("approved", "no"), euros("effect", 1000), day("when", today.AddDays(400))), funnel.Deal{})

	require.Equal(t, funnel.Nurture, a.Verdict)
	require.Equal(t, today.AddDays(400-90), a.Until)
	require.Equal(t, []funnel.GroundKind{funnel.GroundSlow, funnel.GroundWeak, funnel.GroundWeak},
		[]funnel.GroundKind{a.Reasons[0].Kind, a.Reasons[1].Kind, a.Reasons[2].Kind})
	require.InDelta(t, 1200, a.Payback, 1e-9)
}

func TestThePaybackIsOfThePriceThatTheDealHas(t *testing.T) {
	t.Parallel()
	price := func(minor int64, c funnel.Currency) funnel.Deal {
		return funnel.Deal{Amount: funnel.Money{Minor: minor, Currency: c}}
	}
	for _, c := range []struct {
		name    string
		deal    funnel.Deal
		answers []funnel.Answer
		months  float64
		points  float64
		of      float64
	}{
		{"the deal's own price", price(200_000_00, "EUR"), strong(), 24, 30, 40},
		{"without one, what they can spend", funnel.Deal{}, strong(), 12, 40, 40},
		{"rounded to tenths", price(33_333_33, "EUR"), strong(), 4, 40, 40},
		{"never nothing", price(1, "EUR"), strong(), 0.1, 40, 40},
		{"other currencies are not compared", price(200_000_00, "USD"), strong(), 0, 20, 20},
		{"no amount at all", funnel.Deal{}, with(strong(), text("amount", "")), 0, 20, 40},
		{"no effect known", price(1000, "EUR"), with(strong(), text("effect", "")), 0, 10, 40},
		{"an effect of nothing never pays", price(1000, "EUR"), with(strong(), euros("effect", 0)), 0, 10, 40},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()

			a := assess(t, small(), c.answers, c.deal)

			require.InDelta(t, c.months, a.Payback, 1e-9)
			require.InDelta(t, c.points, a.Parts[0].Points, 1e-9)
			require.InDelta(t, c.of, a.Parts[0].Of, 1e-9)
		})
	}
}

func TestWhoIsDisqualifiedIsNoFitWhateverTheScore(t *testing.T) {
	t.Parallel()

	a := assess(t, small(), with(strong(), one("trade", "d")), funnel.Deal{})

	require.Equal(t, 90, a.Score)
	require.Equal(t, funnel.NotAFit, a.Verdict)
	require.Equal(t, "not_icp", a.Reason)
	require.Equal(t, funnel.Ground{Kind: funnel.GroundExcluded, Question: "trade", Option: "d"}, a.Reasons[0])
	require.Equal(t, []string{"trade"}, a.Outside)
	require.Empty(t, a.Stage)
	require.Equal(t, funnel.NotAFit, assess(t, small(), []funnel.Answer{one("trade", "d")}, funnel.Deal{}).Verdict,
		"it is known at once, however little else is")
}

func TestADealOutsideTheProfileHasToBeGood(t *testing.T) {
	t.Parallel()
	q := small()
	q.Outside = "not_icp"
	outside := funnel.Ground{Kind: funnel.GroundOutside, Question: "trade", Option: "c"}

	good := assess(t, q, with(strong(), one("trade", "c")), funnel.Deal{})
	require.Equal(t, funnel.Promising, good.Verdict)
	require.Equal(t, []string{"trade"}, good.Outside)
	require.Len(t, good.Reasons, 3)
	require.Equal(t, outside, good.Reasons[2], "and that it is unusual is said")

	poor := with(strong(), one("trade", "c"), one("approved", "no"), euros("effect", 1000))
	a := assess(t, q, poor, funnel.Deal{})
	require.Equal(t, funnel.NotAFit, a.Verdict)
	require.Equal(t, "not_icp", a.Reason)
	require.Equal(t, outside, a.Reasons[0])
	require.GreaterOrEqual(t, len(a.Reasons), 2)

	q.Outside = ""
	require.Equal(t, funnel.Nurture, assess(t, q, poor, funnel.Deal{}).Verdict, "the profile alone rules nobody out")
}

func TestWithoutEnoughKnownThereIsNoVerdict(t *testing.T) {
	t.Parallel()

	a := assess(t, small(), []funnel.Answer{one("approved", "yes"), one("trade", "a")}, funnel.Deal{})

	require.Equal(t, funnel.Undecided, a.Verdict)
	require.Equal(t, 30, a.Score)
	require.Equal(t, 30, a.Known)
	require.Equal(t, []string{"when", "task", "effect"}, a.Missing)
	require.Equal(t, []funnel.Ground{
		{Kind: funnel.GroundUnknown, Question: "when"},
		{Kind: funnel.GroundUnknown, Question: "task"},
		{Kind: funnel.GroundUnknown, Question: "effect"},
	}, a.Reasons)
	require.True(t, a.Until.IsZero())

	nothing := assess(t, small(), nil, funnel.Deal{})
	require.Zero(t, nothing.Score)
	require.Zero(t, nothing.Known)
	require.Equal(t, funnel.Undecided, nothing.Verdict)
}

func TestAMoveIsProposedOnlyForward(t *testing.T) {
	t.Parallel()
	for stage, proposed := range map[funnel.StageKey]funnel.StageKey{
		"awareness": "proposal", "lead": "proposal", "qualification": "proposal", "proposal": "", "negotiation": "",
	} {
		require.Equal(t, proposed, assess(t, small(), strong(), funnel.Deal{Stage: stage, Outcome: funnel.Open}).Stage, stage)
	}
	require.Empty(t, assess(t, small(), strong(), funnel.Deal{Stage: "lead", Outcome: funnel.Lost}).Stage)
}

func TestOnlyAnswersThatAreStillOnesCount(t *testing.T) {
	t.Parallel()
	for name, odd := range map[string]funnel.Answer{
		"another kind":          text("approved", "yes"),
		"an option that went":   one("approved", "perhaps"),
		"two where one is due":  one("approved", "yes", "no"),
		"a question that went":  one("approval", "yes"),
		"skipped":               {Question: "approved"},
		"money without a coin":  {Question: "amount", Given: funnel.Given{Kind: funnel.AskMoney}},
		"a day that is none":    day("when", funnel.Date{Year: 2026, Month: 2, Day: 30}),
		"a person without name": {Question: "task", Given: funnel.Given{Kind: funnel.AskPerson}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			a := assess(t, small(), []funnel.Answer{odd}, funnel.Deal{})

			require.Zero(t, a.Known)
			for _, p := range a.Parts {
				require.Zero(t, p.Given)
			}
		})
	}
}

func TestSharesOfAnswers(t *testing.T) {
	t.Parallel()
	q := &funnel.Qualification{Promising: 60, Sections: []funnel.Section{{Key: "all", Questions: []funnel.Question{
		{Key: "ready", Kind: funnel.AskYesNo, Weight: 1},
		{Key: "seats", Kind: funnel.AskNumber, Weight: 1},
		{Key: "by", Kind: funnel.AskDate, Weight: 1},
		{Key: "who", Kind: funnel.AskPerson, Weight: 1},
		{Key: "many", Kind: funnel.AskSeveral, Weight: 1, Options: []funnel.QuestionOption{
			{Key: "a", Score: 0.7}, {Key: "b", Score: 0.7}, {Key: "c", Score: 0.2},
		}},
	}}}}
	given := func(question string, g funnel.Given) funnel.Answer {
		return funnel.Answer{Question: question, Given: g}
	}
	for name, c := range map[string]struct {
		answer funnel.Answer
		share  float64
	}{
		"yes":                      {given("ready", funnel.Given{Kind: funnel.AskYesNo, Keys: []string{"yes"}}), 1},
		"no":                       {given("ready", funnel.Given{Kind: funnel.AskYesNo, Keys: []string{"no"}}), 0},
		"a number":                 {given("seats", funnel.Given{Kind: funnel.AskNumber, Number: 0.5}), 1},
		"none":                     {given("seats", funnel.Given{Kind: funnel.AskNumber}), 0},
		"any day ahead":            {day("by", today.AddDays(5000)), 1},
		"today":                    {day("by", today), 1},
		"yesterday":                {day("by", today.AddDays(-1)), 0},
		"somebody":                 {given("who", funnel.Given{Kind: funnel.AskPerson, Name: "Ivo Sample"}), 1},
		"some":                     {several("many", "a", "c"), 0.9},
		"at most the whole":        {several("many", "a", "b"), 1},
		"without those that went":  {several("many", "c", "z"), 0.2},
		"the same one given twice": {several("many", "c", "c"), 0.2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			a := assess(t, q, []funnel.Answer{c.answer}, funnel.Deal{})

			require.Equal(t, 1, a.Parts[0].Given)
			require.InDelta(t, c.share, a.Parts[0].Points, 1e-9)
		})
	}
}

func TestAQuestionIsAskedWhenItsConditionHolds(t *testing.T) {
	t.Parallel()
	q := &funnel.Qualification{Sections: []funnel.Section{{Key: "all", Questions: []funnel.Question{
		{Key: "first", Kind: funnel.AskOne, Weight: 1, Options: []funnel.QuestionOption{{Key: "a", Score: 1}, {Key: "b"}}},
		{Key: "second", Kind: funnel.AskText, Weight: 1, When: funnel.Condition{Question: "first", Is: []string{"a"}}},
		{Key: "third", Kind: funnel.AskText, Weight: 1, When: funnel.Condition{Question: "second"}},
	}}}}
	asked := func(answers ...funnel.Answer) []string {
		var keys []string
		for _, question := range q.Asked(answers) {
			keys = append(keys, question.Key)
		}
		return keys
	}

	require.Equal(t, []string{"first"}, asked())
	require.Equal(t, []string{"first", "second"}, asked(one("first", "a")))
	require.Equal(t, []string{"first", "second", "third"}, asked(one("first", "a"), text("second", "so")))
	require.Equal(t, []string{"first", "second"}, asked(one("first", "a"), funnel.Answer{Question: "second"}), "skipped is not answered")
	require.Equal(t, []string{"first"}, asked(one("first", "b"), text("second", "so")), "what hangs on an unasked question is not asked")

	a := assess(t, q, []funnel.Answer{one("first", "b"), text("second", "so"), text("third", "so")}, funnel.Deal{})
	require.Equal(t, []funnel.Part{{Section: "all", Points: 0, Of: 1, Given: 1, Asked: 1}}, a.Parts)
}

func TestDifferencesAreWhatIsAnsweredOtherwise(t *testing.T) {
	t.Parallel()
	q := small()
	q.Sections[0].Questions = append(q.Sections[0].Questions, funnel.Question{Key: "who", Kind: funnel.AskPerson})
	who := func(id byte, name string) funnel.Answer {
		return funnel.Answer{Question: "who", Given: funnel.Given{Kind: funnel.AskPerson, Contact: funnel.ID{id}, Name: name}}
	}
	was := &funnel.Qualified{Answers: append(strong(), who(0, "Семён  Пример"))}

	same := &funnel.Qualified{Answers: append(strong(), who(7, "семен пример"))}
	require.Empty(t, funnel.Differences(was, same, q), "a person who is known by now is the same")
	require.Empty(t, funnel.Differences(nil, same, q))

	is := &funnel.Qualified{Answers: with(same.Answers, day("when", today), text("task", ""), one("trade", "b"), who(7, "Ivo Sample"))}
	require.Equal(t, []string{"task", "who", "trade", "when"}, funnel.Differences(was, is, q))
	other := &funnel.Qualified{Answers: with(same.Answers, who(8, "семен пример"))}
	require.Equal(t, []string{"who"}, funnel.Differences(same, other, q))
}
