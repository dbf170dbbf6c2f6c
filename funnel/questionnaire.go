package funnel

import (
	"slices"
	"time"
)

// QuestionKind is what sort of answer a question of the qualification wants.
type QuestionKind string

// The kinds of questions.
const (
	AskText    QuestionKind = "text"
	AskMoney   QuestionKind = "money"
	AskNumber  QuestionKind = "number"
	AskDate    QuestionKind = "date"
	AskYesNo   QuestionKind = "yes_no"
	AskOne     QuestionKind = "one"
	AskSeveral QuestionKind = "several"
	AskPerson  QuestionKind = "person"
)

// Qualification is how a funnel finds out whether a lead is worth the work: what is asked, what an
// answer counts, and what the ideal customer is. It comes from the funnel file.
type Qualification struct {
	Sections []Section
	// Promising is the score, of 100, from which a lead is worth a proposal.
	Promising int
	// Enough is how many percent of the weight have to be known before there is a verdict.
	Enough int
	// Payback says which answers the payback is computed from.
	Payback Payback
	// Outside is the key of the loss reason that is proposed for a deal that lies outside the ideal
	// customer profile and has not enough else in its favour. Empty: the profile alone rules nobody out.
	Outside string
	// Advance is the stage that a promising deal is proposed to go to; Nurture is for how many days
	// a deal that is to be nurtured is proposed to be parked.
	Advance StageKey
	Nurture int
	// RemindAfter and EndAfter are how much working time of silence passes before the person is
	// reminded of the open dialog, and from then on before it ends.
	RemindAfter, EndAfter time.Duration
}

// Section is a group of questions: need, budget, authority, timing, fit. Its share of the score is
// shown by itself.
type Section struct {
	Key       string
	Titles    Titles
	Questions []Question
}

// Question is one question of the qualification.
type Question struct {
	// Key names the question for ever, across versions of the file; unique in the funnel.
	Key  string
	Kind QuestionKind
	// Ask is the question in words, Name what the answer is called in a summary. Hint shows what a
	// good answer looks like and Help explains why it is asked; both may be empty.
	Ask, Name, Hint, Help Titles
	// Options are what One and Several choose from; empty for the other kinds.
	Options []QuestionOption
	// Weight is what a full answer adds to the score; 0 for what only informs.
	Weight float64
	// Required questions cannot be skipped.
	Required bool
	// When asks the question only after another answer; the zero Condition is always.
	When Condition
	// Fills is where the answer goes when the qualification is done: deal.pain, deal.effect,
	// deal.amount, deal.closing, company.industry, company.size, company.region, or role.KEY for
	// a person who takes that role in the committee. Empty: nowhere.
	Fills string
	// Soon and Far are for a date, in days from today: up to Soon it earns its whole weight, from Far on
	// nothing, in between a share. Both zero: every date that is not over earns the whole.
	Soon, Far int
	// Fits are the options that the ideal customer profile allows; empty allows all. Only of One and Several.
	Fits []string
}

// QuestionOption is one answer to choose.
type QuestionOption struct {
	Key     string
	Titles  Titles
	Aliases []string
	// Score is what share of the weight of the question the option earns, from 0 to 1. Of several that
	// are chosen the shares add up to the whole at most.
	Score float64
	// Disqualifies is the key of the loss reason for which whoever answers so is no client of ours.
	Disqualifies string
	// Only says that the option excludes all others of a Several, such as "nothing of this".
	Only bool
}

// Alone returns the option among the chosen ones that excludes the others, where there are others.
func (q *Question) Alone(keys []string) (QuestionOption, bool) {
	for _, key := range keys {
		if o, ok := q.Option(key); ok && o.Only && len(keys) > 1 {
			return o, true
		}
	}
	return QuestionOption{}, false
}

// Condition asks for an earlier answer: that the question of the key was answered, and where Is is
// not empty, with one of these options (yes or no for a question of that kind).
type Condition struct {
	Question string
	Is       []string
}

// Payback names the questions that the payback in months is computed from: Effect, the money that
// the solution saves or earns in a year, and Amount, what it costs unless the deal says so itself. Good is the number of months
// up to which the payback earns its whole Weight, Bad the one from which it earns nothing.
type Payback struct {
	Effect, Amount string
	Good, Bad      float64
	Weight         float64
}

// Question returns the question of the key.
func (q *Qualification) Question(key string) (Question, bool) {
	for _, s := range q.Sections {
		for _, question := range s.Questions {
			if question.Key == key {
				return question, true
			}
		}
	}
	return Question{}, false
}

// Option returns the option of the key.
func (q *Question) Option(key string) (QuestionOption, bool) {
	for _, o := range q.Options {
		if o.Key == key {
			return o, true
		}
	}
	return QuestionOption{}, false
}

// What [Question.Fills] can name. A role is FillsRole with its key, such as role.finance.
const (
	FillsPain     = "deal.pain"
	FillsEffect   = "deal.effect"
	FillsAmount   = "deal.amount"
	FillsClosing  = "deal.closing"
	FillsIndustry = "company.industry"
	FillsSize     = "company.size"
	FillsRegion   = "company.region"
	FillsRole     = "role."
)

// The options of [AskYesNo].
const (
	AnswerYes = "yes"
	AnswerNo  = "no"
)

// CommitteeRole is a part that somebody can play in a client's decision.
type CommitteeRole struct {
	Key     string
	Titles  Titles
	Aliases []string
}

// InProfile reports whether the ideal customer profile allows the option.
func (q *Question) InProfile(option string) bool {
	return len(q.Fits) == 0 || slices.Contains(q.Fits, option)
}

// Role returns the committee role of the key.
func (f *Funnel) Role(key string) (CommitteeRole, bool) {
	for _, r := range f.Roles {
		if r.Key == key {
			return r, true
		}
	}
	return CommitteeRole{}, false
}
