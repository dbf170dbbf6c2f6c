package funnel

import (
	"errors"
	"fmt"
	"sort"
	"strings"
)

// Code names one way in which a use case can refuse. Every code has a sentence in every language
// under the text key "error." + code.
type Code string

// Args are the values that the sentence of an [Error] speaks of. Values are data that a
// language can format: string, int, Money, time.Time, Date, Stage keys as StageKey.
type Args map[string]any

// Error is a refusal that a person caused and can mend. Anything else that goes wrong is an
// ordinary error, and the person is told an incident number only.
type Error struct {
	Code Code
	Args Args
}

// Refuse returns an [Error] with the code and the arguments.
func Refuse(code Code, args Args) *Error { return &Error{Code: code, Args: args} }

// Error implements error for logs; people read the sentence of the code instead.
func (e *Error) Error() string {
	if len(e.Args) == 0 {
		return "refused: " + string(e.Code)
	}
	keys := make([]string, 0, len(e.Args))
	for k := range e.Args {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	var b strings.Builder
	b.WriteString("refused: ")
	b.WriteString(string(e.Code))
	for _, k := range keys {
		fmt.Fprintf(&b, " %s=%v", k, e.Args[k])
	}
	return b.String()
}

// Is makes errors.Is compare refusals by their code.
func (e *Error) Is(target error) bool {
	var t *Error
	return errors.As(target, &t) && t.Code == e.Code
}

// CodeOf returns the code of the refusal inside err, or "" when err is no refusal.
func CodeOf(err error) Code {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return ""
}
