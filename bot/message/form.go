package message

// Answer is what sort of answer a question wants. A door picks its widget by it.
type Answer int

// The kinds of answers.
const (
	// AnswerText is free text.
	AnswerText Answer = iota
	// AnswerNumber is a number.
	AnswerNumber
	// AnswerMoney is an amount, perhaps with its currency.
	AnswerMoney
	// AnswerDate is a day, in the words that people use for days.
	AnswerDate
	// AnswerOne is one of the options.
	AnswerOne
	// AnswerPerson is a person: one of the options, or somebody's name.
	AnswerPerson
	// AnswerYesNo is yes or no; the options are these two.
	AnswerYesNo
	// AnswerSeveral is any number of the options; those with Picked are picked so far.
	AnswerSeveral
)

// Typed reports whether the answer is typed in the person's own words, so that a bare number is
// an answer and not a choice.
func (a Answer) Typed() bool {
	switch a {
	case AnswerText, AnswerNumber, AnswerMoney, AnswerDate:
		return true
	case AnswerOne, AnswerPerson, AnswerYesNo, AnswerSeveral:
		return false
	}
	return false
}

// Form is one question of a dialog. Where a door asks by message, the answer comes back as typed
// words or as the press of an option; where it asks by a form of its platform, as a press with
// the action Reply and the value of the field. Several Forms in one Doc are one form with
// several fields there.
type Form struct {
	// Reason says why the last answer could not be taken; empty at the first attempt.
	Reason   string
	Question Line
	// Hint shows what a good answer looks like.
	Hint string
	Kind Answer
	// Step counts from 1 of Steps; both are 0 where the length is not known yet.
	Step, Steps int
	// Name is the key of the question where several are asked at once: a form sends what stands in
	// its fields under their names, all under the one action Reply. Empty: the only question.
	Name string
	// Optional says that the question may be left unanswered; Value is what was typed there before.
	Optional bool
	Value    string
	// Reply is the action under which a form's field brings its value.
	Reply   string
	Options []Option
	// Default is the answer that stands if the person just agrees; nil for none.
	Default *Option
	// Controls are the ways out: back, skip, cancel, help.
	Controls []Button
}
