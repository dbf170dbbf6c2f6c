package dialog

import (
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"
)

// Script is what a dialog asks: its steps in order. The caller builds it anew for every input, so its
// functions may close over what the caller has loaded; they must not have effects.
type Script struct {
	// Key names the script, and with the keys of its steps the texts of its questions.
	Key string
	// Version tells changed scripts apart. A state of another version goes on where it can:
	// answers of steps that still exist with the same kind are kept.
	Version int
	Steps   []Step
	// Summary says that all answers are shown for confirmation before the dialog ends. Without
	// it the dialog ends with the last answer, which suits one or two questions.
	Summary bool
	// Parsers read what is typed, by the kind of the question. Text, Choice and Several need none. That
	// of a Several is asked for one name after another and answers with a Choice or a Several.
	Parsers map[Kind]Parse
	// Page is how many questions are asked at once at most, where the place has forms; 0 asks one
	// by one. It may differ from input to input.
	Page int
	// Pausable says that the dialog may be set aside with [ActLater].
	Pausable bool
}

// Step is one question.
type Step struct {
	// Key names the step and its text; it never changes its meaning from version to version.
	Key  string
	Kind Kind
	// Group names the part of the script that the question belongs to. Pages end at its end where
	// not everything fits.
	Group string
	// Needs are the steps before it that When, Options, Default and Check look at. They are answered
	// on an earlier page. A step with one of these functions whose Needs are nil needs all steps before
	// it; one whose functions look at no answer says so with a list that is empty but not nil.
	Needs []string
	// Optional says that the question may be skipped.
	Optional bool
	// When says whether the question is asked, from the answers before it. Nil: always.
	When func(before Answers) bool
	// Options are what a Choice or a Several chooses from, and shortcuts to an answer for other kinds. YesNo has
	// its two by itself. They may depend on the answers before.
	Options func(before Answers) []Option
	// Default is what an empty answer accepts. Nil or a skipped value: nothing. The answer given before wins over it.
	Default func(before Answers) Value
	// Check refuses an answer with the reason, a [funnel.Error]. It is asked again when an answer before
	// it changes, and an answer that is then refused is asked for again.
	Check func(v Value, before Answers) error
	// Parse reads what is typed at this step instead of the parser of the kind.
	Parse Parse
	// Again reads words that stand for an answer given before, such as "the same". It is asked before
	// Parse, also on the page where that answer is given, and so is nothing that needs a page of its own.
	Again func(text string, before Answers) (Value, bool)
}

// Option is one answer that can be picked.
type Option struct {
	// Key is what its button carries, and what a Choice or a Several answers. It is never empty and,
	// for a Several, has no spaces.
	Key string
	// Label is its name where that is data, such as a company's. Empty: the text catalog names it by
	// the keys of script, step and option.
	Label string
	// Names are further words by which it may be typed.
	Names []string
	// Value is the answer it gives at a step of another kind than Choice and Several.
	Value Value
}

// Options makes a fixed list of options.
func Options(options ...Option) func(Answers) []Option {
	return func(Answers) []Option { return options }
}

// Parse reads an answer that was typed; text is trimmed and not empty. It returns a [funnel.Error] that says
// what is wrong with the text, [AmbiguousError] if it can mean several things, or any other error if
// it cannot be understood at all.
type Parse func(text string) (Value, error)

// AmbiguousError is the error of a text that can mean several answers. They are offered to pick from.
type AmbiguousError struct {
	Candidates []Value
}

// Error implements error.
func (a *AmbiguousError) Error() string { return fmt.Sprintf("can mean %d things", len(a.Candidates)) }

// Check reports what is wrong with the script itself, so that a test can hold every script to it.
func (s Script) Check() error {
	var faults []error
	if s.Key == "" || !utf8.ValidString(s.Key) {
		faults = append(faults, fmt.Errorf("script key %q", s.Key))
	}
	if len(s.Steps) == 0 {
		faults = append(faults, errors.New("no steps"))
	}
	if s.Page < 0 {
		faults = append(faults, fmt.Errorf("pages of %d questions", s.Page))
	}
	seen := map[string]bool{}
	for _, step := range s.Steps {
		if step.Key == "" || seen[step.Key] || !utf8.ValidString(step.Key) {
			faults = append(faults, fmt.Errorf("step key %q is empty or used twice", step.Key))
		}
		for _, need := range step.Needs {
			if !seen[need] {
				faults = append(faults, fmt.Errorf("step %q needs %q, which is not asked before it", step.Key, need))
			}
		}
		seen[step.Key] = true
		if err := s.checkKind(step); err != nil {
			faults = append(faults, fmt.Errorf("step %q: %w", step.Key, err))
		}
	}
	if err := errors.Join(faults...); err != nil {
		return fmt.Errorf("script %q: %w", s.Key, err)
	}
	return nil
}

func (s Script) checkKind(step Step) error {
	switch step.Kind {
	case Text:
	case Choice, Several:
		if step.Options == nil {
			return errors.New("a choice without options")
		}
	case YesNo, Number, Money, Date, Person:
		if s.parser(step) == nil {
			return fmt.Errorf("nothing reads the kind %s", step.Kind)
		}
	default:
		return fmt.Errorf("unknown kind %q", step.Kind)
	}
	return nil
}

func (s Script) parser(step Step) Parse {
	if step.Parse != nil {
		return step.Parse
	}
	return s.Parsers[step.Kind]
}

// step returns the step of the key, or nil.
func (s Script) step(key string) *Step {
	i := slices.IndexFunc(s.Steps, func(step Step) bool { return step.Key == key })
	if i < 0 {
		return nil
	}
	return &s.Steps[i]
}

// yesNo are the options every question of that kind has.
func yesNo() []Option {
	return []Option{{Key: "yes", Value: YesNoOf(true)}, {Key: "no", Value: YesNoOf(false)}}
}

// options returns what can be picked at the step.
func (step *Step) options(before Answers) []Option {
	switch {
	case step.Options != nil:
		return step.Options(before)
	case step.Kind == YesNo:
		return yesNo()
	}
	return nil
}

// value returns the answer that the option gives at the step.
func (step *Step) value(o Option) Value {
	switch {
	case step.Kind == Choice:
		return ChoiceOf(o.Key, o.Label)
	case step.Kind == Several && o.Value.Kind != Several:
		return SeveralOf(o.Key)
	}
	return o.Value
}
