package funnel

import (
	"cmp"
	"math"
	"slices"

	"funnelbot/funnel/stats"
)

// FewestClosed is how many closed deals have to stand on either side of a comparison: a group of
// fewer can look like anything.
const FewestClosed = 15

// AnswerReport is which answers go with winning. That an answer goes with it does not say that it
// is the cause.
type AnswerReport struct {
	WindowDays int `json:"window_days"`
	// Closed deals were closed in the window, those left out that never were clients of ours: what they
	// answered is why they were lost. Qualified are those with a qualification made before they closed,
	// and Won is the number of Qualified that were won.
	Closed    int `json:"closed"`
	Qualified int `json:"qualified"`
	Won       int `json:"won"`
	// Compared is how many answers had at least [FewestClosed] deals with and without them; zero says
	// that numbers are too few to tell anything.
	Compared int `json:"compared"`
	// Findings have the greatest certain difference first; an empty list is no null.
	Findings []Finding `json:"findings"`
}

// Finding is an answer with which deals are won more often, or less often, than without it.
type Finding struct {
	Question string `json:"question"`
	// Option is what was chosen, against other choices. It is empty for a question without options:
	// that its answer was known, against that it was asked for and not known.
	Option string `json:"option"`
	// With and Without are the win rates of deals with the answer and of those without.
	With       Rate       `json:"with"`
	Without    Rate       `json:"without"`
	Difference Difference `json:"difference"`
}

// Difference is a difference of two shares, from -1 to 1, with its interval; see [stats.Newcombe].
type Difference struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
	Level float64 `json:"level"`
}

// least is how great the difference is at least, whatever its direction.
func (d Difference) least() float64 { return min(math.Abs(d.Low), math.Abs(d.High)) }

// comparison is one answer to a question, with the deals that gave it and those that did not.
type comparison struct {
	question, option string
	with, without    stats.Proportion
}

func (c *comparison) at(level float64) stats.Interval {
	return stats.Newcombe(c.with, c.without, level)
}

func (c *comparison) enough() bool { return min(c.with.Trials, c.without.Trials) >= FewestClosed }

// mirrors reports whether the comparisons are one and the same, seen from either side.
func (c *comparison) mirrors(o *comparison) bool { return c.with == o.without && c.without == o.with }

func newAnswerReport(q *Qualification, days int, closed ClosedFit, counts []AnswerCount) AnswerReport {
	r := AnswerReport{
		WindowDays: days, Closed: closed.Deals, Qualified: closed.Qualified, Won: closed.Won, Findings: []Finding{},
	}
	if q == nil {
		return r
	}
	table := tableOf(counts)
	var all []comparison
	for _, s := range q.Sections {
		for i := range s.Questions {
			all = append(all, table.compare(q, &s.Questions[i])...)
		}
	}
	r.Compared = len(all)
	standing := stats.Discoveries(len(all), stats.Level, func(k int, level float64) bool { return all[k].at(level).Excludes(0) })
	for _, k := range standing {
		r.Findings = append(r.Findings, all[k].finding())
	}
	slices.SortStableFunc(r.Findings, func(a, b Finding) int { return cmp.Compare(b.Difference.least(), a.Difference.least()) })
	return r
}

func (c *comparison) finding() Finding {
	f := Finding{
		Question: c.question, Option: c.option,
		With: newRate(c.with.Hits, c.with.Trials), Without: newRate(c.without.Hits, c.without.Trials),
	}
	i := c.at(stats.Level)
	f.Difference = Difference{Value: *f.With.Value - *f.Without.Value, Low: i.Low, High: i.High, Level: stats.Level}
	return f
}

// answerTable adds counts up by what was answered.
type answerTable struct {
	// all are the qualified deals by the version that asked.
	all map[int]stats.Proportion
	// by are those with an answer, by version, question, kind and option.
	by map[answerKey]stats.Proportion
}

type answerKey struct {
	definition int
	question   string
	kind       QuestionKind
	option     string
}

func tableOf(counts []AnswerCount) answerTable {
	t := answerTable{all: map[int]stats.Proportion{}, by: map[answerKey]stats.Proportion{}}
	for _, c := range counts {
		n := stats.Proportion{Hits: c.Won, Trials: c.Closed}
		if c.Question == "" {
			t.all[c.Definition] = plus(t.all[c.Definition], n)
			continue
		}
		key := answerKey{c.Definition, c.Question, c.Kind, c.Option}
		t.by[key] = plus(t.by[key], n)
	}
	return t
}

func plus(a, b stats.Proportion) stats.Proportion {
	return stats.Proportion{Hits: a.Hits + b.Hits, Trials: a.Trials + b.Trials}
}

func minus(a, b stats.Proportion) stats.Proportion {
	return stats.Proportion{Hits: a.Hits - b.Hits, Trials: a.Trials - b.Trials}
}

// given are the deals of all versions that answered the question with the option, or at all.
func (t *answerTable) given(q *Question, option string) stats.Proportion {
	var n stats.Proportion
	for version := range t.all {
		n = plus(n, t.by[answerKey{version, q.Key, q.Kind, option}])
	}
	return n
}

// compare makes the comparisons of a question that have enough deals on both sides. Who skipped a
// question with options said neither one thing nor the other.
func (t *answerTable) compare(q *Qualification, question *Question) []comparison {
	var found []comparison
	switch question.Kind {
	case AskOne, AskSeveral, AskYesNo:
		answered := t.given(question, "")
		for _, option := range question.choices() {
			with := t.given(question, option)
			c := comparison{question.Key, option, with, minus(answered, with)}
			if !c.enough() {
				continue
			}
			// Where two options are all there is, one of them says everything: the one that wins.
			twin := slices.IndexFunc(found, func(o comparison) bool { return c.mirrors(&o) })
			switch {
			case twin < 0 || question.Kind == AskSeveral:
				found = append(found, c)
			case c.at(stats.Level).Low > found[twin].at(stats.Level).Low:
				found[twin] = c
			}
		}
	case AskText, AskMoney, AskNumber, AskDate, AskPerson:
		known, asked := t.known(q, question)
		if c := (comparison{question.Key, "", known, minus(asked, known)}); c.enough() {
			found = append(found, c)
		}
	}
	return found
}

// choices are the keys of what can be chosen.
func (q *Question) choices() []string {
	if q.Kind == AskYesNo {
		return []string{AnswerYes, AnswerNo}
	}
	keys := make([]string, len(q.Options))
	for i, o := range q.Options {
		keys[i] = o.Key
	}
	return keys
}

// known are the deals that answered a question without options, and asked those that it was put to.
// A version that nobody answered it under may not have had it yet.
func (t *answerTable) known(q *Qualification, question *Question) (known, asked stats.Proportion) {
	for version, all := range t.all {
		n := t.by[answerKey{version, question.Key, question.Kind, ""}]
		if n.Trials == 0 {
			continue
		}
		known, asked = plus(known, n), plus(asked, t.meeting(q, question.When, version, all))
	}
	return known, asked
}

// meeting are the deals that meet a condition. Answers are kept only to questions that were asked,
// so whoever answered one meets the conditions before it. How many chose one of two options of
// several cannot be told from how many chose each: then nobody is taken to have been asked but those
// who answered, and nothing is compared.
func (t *answerTable) meeting(q *Qualification, when Condition, version int, all stats.Proportion) stats.Proportion {
	on, ok := q.Question(when.Question)
	switch {
	case when.Question == "":
		return all
	case !ok:
		return stats.Proportion{}
	case len(when.Is) == 0:
		return t.by[answerKey{version, on.Key, on.Kind, ""}]
	case on.Kind == AskSeveral && len(when.Is) > 1:
		return stats.Proportion{}
	}
	var n stats.Proportion
	for _, option := range when.Is {
		n = plus(n, t.by[answerKey{version, on.Key, on.Kind, option}])
	}
	return n
}
