package dialog

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"funnelbot/funnel"
)

const (
	// maxText is how many characters one typed answer may have.
	maxText = 2000
	// maxCandidates is how many meanings of an ambiguous text are offered.
	maxCandidates = 10
	// minPart is how many characters of an option's name are enough to find it by.
	minPart = 2
)

// read understands a text typed at the step. It returns the answer, or the meanings it can have, or why
// it is none.
func (step *Step) read(text string, parse Parse, before Answers) (Value, []Value, *funnel.Error) {
	options := step.options(before)
	if o, ok := called(options, text); ok {
		return step.value(o), nil, nil
	}
	if step.Again != nil {
		if v, ok := step.Again(text, before); ok {
			return v, nil, nil
		}
	}
	if step.Kind == Choice {
		switch parts := partly(options, text); {
		case len(parts) == 1:
			return step.value(parts[0]), nil, nil
		case len(parts) > 1:
			return Value{}, step.candidates(values(step, parts)), nil
		case parse == nil:
			return Value{}, nil, funnel.Refuse(CodeNoOption, funnel.Args{"answer": text})
		}
	}
	if parse == nil {
		if step.Kind == Text {
			return TextOf(text), nil, nil
		}
		return Value{}, nil, step.notUnderstood()
	}
	v, err := parse(text)
	if err == nil {
		return v, nil, nil
	}
	ambiguous, ok := errors.AsType[*AmbiguousError](err)
	if !ok {
		return Value{}, nil, step.refusal(err)
	}
	switch meanings := step.candidates(ambiguous.Candidates); len(meanings) {
	case 0:
		return Value{}, nil, step.notUnderstood()
	case 1:
		return meanings[0], nil, nil
	default:
		return Value{}, meanings, nil
	}
}

// candidates returns the meanings that can be answers of the step, each once.
func (step *Step) candidates(meanings []Value) []Value {
	var offered []Value
	for _, v := range meanings {
		if v = v.clean(); v.sound(step.Kind) && !slices.Contains(offered, v) && len(offered) < maxCandidates {
			offered = append(offered, v)
		}
	}
	return offered
}

func values(step *Step, options []Option) []Value {
	all := make([]Value, len(options))
	for i, o := range options {
		all[i] = step.value(o)
	}
	return all
}

// candidateOptions returns the meanings as options to pick from.
func candidateOptions(meanings []Value) []Option {
	options := make([]Option, len(meanings))
	for i, v := range meanings {
		options[i] = Option{Key: v.Key, Label: v.Text, Value: v}
		if v.Kind != Choice {
			options[i].Key, options[i].Label = strconv.Itoa(i+1), ""
		}
	}
	return options
}

// numbered reports whether typing the number of an option picks it. It does not where a number may be meant
// as the answer itself.
func (step *Step) numbered(options []Option) bool {
	switch step.Kind {
	case Text, Number, Money:
		return false
	case YesNo, Date, Person:
		return len(options) > 0
	case Several:
		if len(options) > 0 && options[0].Value.Kind == Several {
			return true // meanings, whose keys are their numbers
		}
	case Choice:
	}
	return len(options) > 0 && !slices.ContainsFunc(options, func(o Option) bool {
		return slices.ContainsFunc(o.words(), func(word string) bool {
			_, err := strconv.Atoi(word)
			return err == nil
		})
	})
}

func (o Option) words() []string { return append([]string{o.Key, o.Label}, o.Names...) }

// called returns the option that is called exactly so, letter case aside.
func called(options []Option, text string) (Option, bool) {
	text = fold(text)
	i := slices.IndexFunc(options, func(o Option) bool {
		return slices.ContainsFunc(o.words(), func(word string) bool { return word != "" && fold(word) == text })
	})
	if i < 0 {
		return Option{}, false
	}
	return options[i], true
}

// partly returns the options that have a word beginning with the text.
func partly(options []Option, text string) []Option {
	text = fold(text)
	if utf8.RuneCountInString(text) < minPart {
		return nil
	}
	var found []Option
	for _, o := range options {
		if slices.ContainsFunc(o.words(), func(word string) bool {
			return strings.Contains(" "+fold(word), " "+text)
		}) {
			found = append(found, o)
		}
	}
	return found
}

// fold makes texts equal that people take for equal: case, spaces, and ё for е.
func fold(s string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(strings.ToLower(s)), " "), "ё", "е")
}
