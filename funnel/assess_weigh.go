package funnel

import (
	"math"
	"slices"
)

// maxPayback is the longest payback that is told apart, in months.
const maxPayback = 1200

// count is one thing that counts in the score: a question that was asked, or the payback, whose
// question is the one for the effect.
type count struct {
	question *Question
	section  int
	payback  bool
	weight   float64
	// share is what part of the weight is earned, from 0 to 1; 0 where nothing is known.
	share float64
	known bool
	given Given
}

func (c *count) points() float64 { return c.weight * c.share }

// lost is what the weight does not earn.
func (c *count) lost() float64 { return c.weight * (1 - c.share) }

// disqualifies returns the loss reasons of what was chosen.
func (c *count) disqualifies() []string {
	var reasons []string
	for _, key := range c.given.Keys {
		if o, ok := c.question.Option(key); ok && o.Disqualifies != "" {
			reasons = append(reasons, o.Disqualifies)
		}
	}
	return reasons
}

// within reports whether the ideal customer profile allows the answer. What is not known lies
// in it; of several that were chosen one that it allows is enough.
func (q *Question) within(g Given) bool {
	return len(g.Keys) == 0 || slices.ContainsFunc(g.Keys, q.InProfile)
}

// weigh lists what counts, in the order of the funnel, and begins the parts of the assessment.
func (q *Qualification) weigh(a *Assessment, answers []Answer, deal *Deal, today Date) []count {
	given := q.given(answers)
	var counts []count
	for i, s := range q.Sections {
		part := Part{Section: s.Key}
		for j := range s.Questions {
			question := &s.Questions[j]
			if !q.asks(question, given) {
				continue
			}
			part.Asked++
			c := count{question: question, section: i, weight: question.Weight}
			if c.given, c.known = given[question.Key]; c.known {
				part.Given++
				c.share = question.share(c.given, today)
			}
			counts = append(counts, c)
			if question.Key == q.Payback.Effect {
				counts = append(counts, q.weighPayback(a, c, given, deal)...)
			}
		}
		a.Parts = append(a.Parts, part)
	}
	return counts
}

// weighPayback computes the payback: how many months of the effect bring back what it costs. An
// amount that is paid every year is held against the effect of a year in the same way. The price of
// the deal is better known than what the client can spend, so it goes before. Amounts of different
// currencies cannot be compared, and take no part.
func (q *Qualification) weighPayback(a *Assessment, effect count, given map[string]Given, deal *Deal) []count {
	cost := deal.Amount
	if cost.Minor <= 0 {
		cost = given[q.Payback.Amount].Money
	}
	c := count{question: effect.question, section: effect.section, payback: true, weight: q.Payback.Weight}
	gain := effect.given.Money
	switch {
	case !effect.known || cost.Minor <= 0:
	case gain.Currency != cost.Currency:
		return nil
	case gain.Minor <= 0:
		c.known = true
	default:
		months := 12 * float64(cost.Minor) / float64(gain.Minor)
		// A tenth of a month is finer than any estimate; zero would say that nothing is known.
		a.Payback = math.Max(0.1, math.Round(10*math.Min(months, maxPayback))/10)
		c.known, c.share = true, falling(a.Payback, q.Payback.Good, q.Payback.Bad)
	}
	return []count{c}
}

// falling is 1 up to good, 0 from bad on, and a straight line in between.
func falling(x, good, bad float64) float64 {
	switch {
	case x <= good:
		return 1
	case x >= bad:
		return 0
	}
	return (bad - x) / (bad - good)
}

// share returns what part of its weight an answer earns. Where no options say how good an answer is,
// knowing it earns the whole; but nothing is a bad budget, and a day that is over no plan.
func (q *Question) share(g Given, today Date) float64 {
	switch q.Kind {
	case AskOne, AskSeveral:
		sum := 0.0
		for _, key := range g.Keys {
			o, _ := q.Option(key)
			sum += o.Score
		}
		return math.Min(1, sum)
	case AskYesNo:
		return earns(g.Keys[0] == AnswerYes)
	case AskMoney:
		return earns(g.Money.Minor > 0)
	case AskNumber:
		return earns(g.Number > 0)
	case AskDate:
		if g.Date.Before(today) {
			return 0
		}
		if q.Far == 0 {
			return 1
		}
		return falling(float64(g.Date.Sub(today)), float64(q.Soon), float64(q.Far))
	case AskText, AskPerson:
	}
	return 1
}

func earns(all bool) float64 {
	if all {
		return 1
	}
	return 0
}
