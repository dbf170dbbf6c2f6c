package commands

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"funnelbot/funnel"
	"funnelbot/funnel/dialog"
)

// Actions are what buttons carry: at most 64 bytes, because Telegram takes no more. One that
// belongs to a deal is verb:number:version with at most one argument; the version says what the
// person saw, so that an old button is answered and not obeyed. One that belongs to a question is
// ~token~act with at most one key.

// dealAction makes the action of a button about a deal. Version 0 stands for "as it is now".
func dealAction(v Key, d *funnel.Deal, arg string) string {
	s := string(v) + ":" + strconv.FormatInt(d.Number, 10) + ":" + strconv.FormatInt(d.Version, 10)
	if arg != "" {
		s += ":" + arg
	}
	return s
}

// openAction makes the action of a button that is good whatever has become of the deal.
func openAction(v Key, number int64, arg string) string {
	return dealAction(v, &funnel.Deal{Number: number}, arg)
}

// showAction makes the action that shows a deal, whatever has become of it.
func showAction(number int64) string { return openAction(VerbShow, number, "") }

// lineAction makes the action that types a line, for suggestions; a line that is too long for a
// button has none.
func lineAction(line string) string {
	if len(line) >= maxAction {
		return ""
	}
	return lineMark + line
}

// Marks of actions that belong to no deal.
const (
	questionMark = "~"
	lineMark     = ">"
)

// questionAction makes the action of a button under a question.
func questionAction(token string, act dialog.Act, key string) string {
	s := questionMark + token + questionMark + string(act)
	if key != "" {
		s += questionMark + key
	}
	return s
}

// QuestionAction makes the action of a control, an option or an answer to be changed under the
// prompt or summary of the token.
func QuestionAction(token string, act dialog.Act, key string) string {
	return questionAction(token, act, key)
}

// actResume shows a question again after something in between.
const actResume dialog.Act = "resume"

// press is an action that was taken apart.
type press struct {
	// verb with number, version and arg is about a deal, line is typed for the person, and input
	// speaks to the question of the token.
	verb    Key
	number  int64
	version int64
	arg     string
	line    string
	input   dialog.Input
	resume  bool
}

// maxAction is the length in bytes of the longest action.
const maxAction = 64

// readAction takes an action apart. It came back through a platform, so it may be anything.
func readAction(action string) (press, bool) {
	if len(action) > maxAction || !utf8.ValidString(action) || strings.ContainsFunc(action, unicode.IsControl) {
		return press{}, false
	}
	if line, ok := strings.CutPrefix(action, lineMark); ok {
		return press{line: line}, line != ""
	}
	if rest, ok := strings.CutPrefix(action, questionMark); ok {
		return readQuestionAction(rest)
	}
	parts := strings.SplitN(action, ":", 4)
	if len(parts) < 3 {
		return press{}, false
	}
	number, err1 := strconv.ParseInt(parts[1], 10, 64)
	version, err2 := strconv.ParseInt(parts[2], 10, 64)
	if err1 != nil || err2 != nil || number < 0 || version < 0 {
		return press{}, false
	}
	p := press{verb: Key(parts[0]), number: number, version: version}
	if len(parts) == 4 {
		p.arg = parts[3]
	}
	_, known := verbOf(p.verb)
	return p, known
}

func readQuestionAction(s string) (press, bool) {
	parts := strings.SplitN(s, questionMark, 3)
	if len(parts) < 2 || parts[0] == "" {
		return press{}, false
	}
	act := dialog.Act(parts[1])
	if act == actResume {
		return press{resume: true, input: dialog.Input{Token: parts[0]}}, true
	}
	in := dialog.Input{Act: act, Token: parts[0]}
	if len(parts) == 3 {
		in.Key = parts[2]
	}
	switch act {
	case dialog.ActPick, dialog.ActEdit:
		return press{input: in}, in.Key != ""
	case dialog.ActBack, dialog.ActSkip, dialog.ActCancel, dialog.ActHelp, dialog.ActConfirm, dialog.ActDone, dialog.ActLater, dialog.ActFill:
		return press{input: in}, true
	case dialog.ActAnswer:
		// Enter, or the button of the default: the empty answer.
		return press{input: in}, true
	}
	return press{}, false
}

// verbOf returns the row of the verb.
func verbOf(k Key) (Verb, bool) {
	t := verbs()
	i, ok := t.of[k]
	if !ok {
		return Verb{}, false
	}
	return t.rows[i], true
}
