package funnel

import (
	"math"
	"slices"
)

// mostMissing is how many unanswered questions an [Assessment] names.
const mostMissing = 3

// Assess says what answers come to. It is the same for the same answers on the same day.
//
// The score is what the answers earn of the weights of all questions that were asked, in percent:
// an unanswered question earns nothing, one whose condition does not hold takes no part. The payback
// counts in the section of the question for the effect. Answers to questions that the funnel no
// longer asks, or asks otherwise, are left out.
//
// Who is disqualified is not a fit whatever the score. Without enough known there is no verdict.
// From the score of the funnel on a deal is promising, also one outside the ideal customer profile;
// below it, a deal outside the profile is not a fit and any other one to be nurtured.
func Assess(q *Qualification, answers []Answer, deal *Deal, f *Funnel, today Date) Assessment {
	a := Assessment{}
	counts := q.weigh(&a, answers, deal, today)
	points, of, known := 0.0, 0.0, 0.0
	for i := range counts {
		c := &counts[i]
		p := &a.Parts[c.section]
		p.Points += c.points()
		p.Of += c.weight
		if c.known {
			known += c.weight
		}
		if c.question.within(c.given) {
			continue
		}
		a.Outside = append(a.Outside, c.question.Key)
	}
	for _, p := range a.Parts {
		points += p.Points
		of += p.Of
	}
	a.Score, a.Known = percent(points, of), percent(known, of)
	a.Missing = missing(counts)
	a.judge(q, counts)
	switch a.Verdict {
	case Promising:
		if deal.Outcome == Open && f.Index(deal.Stage) < f.Index(q.Advance) {
			a.Stage = q.Advance
		}
	case Nurture:
		a.Until = q.wakeOn(counts, today)
	case NotAFit, Undecided:
	}
	return a
}

// percent rounds a share to whole percent; of nothing it is 0.
func percent(part, of float64) int {
	if of <= 0 {
		return 0
	}
	return int(math.Round(100 * part / of))
}

// judge comes to a verdict and its reasons.
func (a *Assessment) judge(q *Qualification, counts []count) {
	stop := excluded(counts)
	switch {
	case len(stop) > 0:
		question, _ := q.Question(stop[0].Question)
		option, _ := question.Option(stop[0].Option)
		a.Verdict, a.Reason = NotAFit, option.Disqualifies
	case a.Known < q.Enough:
		a.Verdict = Undecided
	case a.Score >= q.Promising:
		a.Verdict = Promising
	case len(a.Outside) > 0 && q.Outside != "":
		a.Verdict, a.Reason = NotAFit, q.Outside
	default:
		a.Verdict = Nurture
	}
	a.Reasons = grounds(a.Verdict, counts)
}

// wakeOn returns the day to which a deal is proposed to be parked: after the days of the funnel, or
// when the client's own day has come near, where that is later.
func (q *Qualification) wakeOn(counts []count, today Date) Date {
	until := today.AddDays(q.Nurture)
	for _, c := range counts {
		if c.question.Fills != FillsClosing || !c.known || c.payback {
			continue
		}
		if near := c.given.Date.AddDays(-c.question.Soon); until.Before(near) {
			until = near
		}
	}
	return until
}

// missing returns the unanswered questions of the greatest weight.
func missing(counts []count) []string {
	open := slices.DeleteFunc(slices.Clone(counts), func(c count) bool { return c.known || c.weight == 0 || c.payback })
	slices.SortStableFunc(open, func(a, b count) int { return descending(a.weight, b.weight) })
	var keys []string
	for _, c := range open[:min(len(open), mostMissing)] {
		keys = append(keys, c.question.Key)
	}
	return keys
}

// Asked returns the questions whose condition holds, in order. A condition on a question that is not
// asked itself, or not answered, does not hold.
func (q *Qualification) Asked(answers []Answer) []Question {
	given := q.given(answers)
	var asked []Question
	for _, s := range q.Sections {
		for i := range s.Questions {
			if q.asks(&s.Questions[i], given) {
				asked = append(asked, s.Questions[i])
			}
		}
	}
	return asked
}

func (q *Qualification) asks(question *Question, given map[string]Given) bool {
	for question.When.Question != "" {
		on, ok := q.Question(question.When.Question)
		answer := given[on.Key]
		if !ok || !question.When.Holds(answer) {
			return false
		}
		question = &on
	}
	return true
}

// given returns the answers that count, by question.
func (q *Qualification) given(answers []Answer) map[string]Given {
	given := map[string]Given{}
	for _, a := range answers {
		if question, ok := q.Question(a.Question); ok {
			if g, ok := question.read(a.Given); ok {
				given[a.Question] = g
			}
		}
	}
	return given
}

// Holds reports whether the answer to the question of the condition fulfils it. A skipped question
// fulfils nothing but the zero Condition.
func (c Condition) Holds(g Given) bool {
	if c.Question == "" {
		return true
	}
	return !g.Skipped() && (len(c.Is) == 0 || slices.ContainsFunc(g.Keys, func(k string) bool { return slices.Contains(c.Is, k) }))
}

// Takes reports whether the answer is one to the question as it is asked now: of its kind, and with
// an option that it still has.
func (q *Question) Takes(g Given) bool {
	_, ok := q.read(g)
	return ok
}

// read returns the answer without options that are no more, and whether anything is left.
func (q *Question) read(g Given) (Given, bool) {
	if g.Kind != q.Kind || g.Skipped() {
		return Given{}, false
	}
	switch q.Kind {
	case AskOne, AskSeveral:
		var keys []string
		for _, o := range q.Options {
			if slices.Contains(g.Keys, o.Key) {
				keys = append(keys, o.Key)
			}
		}
		g.Keys = keys
		return g, len(keys) == 1 || q.Kind == AskSeveral && len(keys) > 0
	case AskYesNo:
		return g, len(g.Keys) == 1 && (g.Keys[0] == AnswerYes || g.Keys[0] == AnswerNo)
	case AskText:
		return g, g.Text != ""
	case AskMoney:
		return g, !g.Money.IsZero()
	case AskDate:
		return g, g.Date.Valid()
	case AskPerson:
		return g, !g.Contact.IsZero() || g.Name != ""
	case AskNumber:
	}
	return g, true
}

// Differences returns the questions that two qualifications answer differently, in the order of the
// funnel. A skipped question is the same as one that was not asked.
func Differences(was, is *Qualified, q *Qualification) []string {
	if was == nil || is == nil {
		return nil
	}
	before, after := q.given(was.Answers), q.given(is.Answers)
	var keys []string
	for _, s := range q.Sections {
		for _, question := range s.Questions {
			a, b := before[question.Key], after[question.Key]
			if !a.same(&b) {
				keys = append(keys, question.Key)
			}
		}
	}
	return keys
}

// same compares answers. A person is the same by identifier or, where one is missing, by name.
func (g *Given) same(o *Given) bool {
	if !slices.Equal(g.Keys, o.Keys) || g.Kind != o.Kind || g.Text != o.Text || g.Number != o.Number || g.Money != o.Money || g.Date != o.Date {
		return false
	}
	if g.Contact.IsZero() || o.Contact.IsZero() {
		return foldName(g.Name) == foldName(o.Name)
	}
	return g.Contact == o.Contact
}
