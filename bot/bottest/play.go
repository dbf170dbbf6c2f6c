package bottest

import (
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Deed is what a person does in one line of a play.
type Deed int

const (
	// Type is typing words: a command, or an answer.
	Type Deed = iota
	// Press is pressing a button of the latest message that has it.
	Press
	// PressTwice is pressing it again at once, on the message as it looked before.
	PressTwice
	// PressOld is pressing it on the earliest message that had it, as it looked then. Where old
	// buttons cannot be pressed, nothing is done.
	PressOld
	// Wait is letting time pass, in which the program does what has become due.
	Wait
	// Interrupt is typing a command in the middle of a question. What stands in its way is closed first.
	Interrupt
)

// Step is one line of a play.
type Step struct {
	Deed Deed
	// Line is as it stands in the file.
	Line string
	// Text is what is typed, Option what is chosen in its place where nothing can be typed.
	Text, Option string
	// Wrong says that the text is no answer to what is asked: the next line puts it right.
	Wrong bool
	// Follows says that the question depends on the answer before: where several are asked at once, it
	// is on the next page.
	Follows bool
	// Label is that of the button; empty where Number says which one it is, from 1.
	Label  string
	Number int
	// Until is when the waiting is over.
	Until time.Time
}

// Play is a conversation that is more than typing:
//
//	some words           are typed
//	some words → Label   are typed; where one can only choose, Label is chosen
//	some words ✗         are typed and are no answer; the next line puts it right
//	some words ↷         are typed; where several questions are asked at once, on the next page
//	[Label]              is pressed
//	3                    is pressed too: the third button
//	[Label] twice        is pressed and pressed again
//	[Label] old          is pressed where it stood first
//	(some words)         are a command in the middle of a question
//	@ 2026-11-27 09:00   is waited for, on the clock of Moscow
type Play struct {
	Conversation
	Steps []Step
}

// Plays returns every conversation with what is done in it. Those of [Conversations] are among them.
func Plays(tb testing.TB) []Play {
	tb.Helper()
	var all []Play
	for _, c := range read(tb) {
		p := Play{Conversation: c}
		for _, line := range c.Lines {
			p.Steps = append(p.Steps, step(tb, line))
		}
		all = append(all, p)
	}
	return all
}

var (
	pressed = regexp.MustCompile(`^\[(.+)\](?: (twice|old))?$`)
	counted = regexp.MustCompile(`^[1-9]$`)
	between = regexp.MustCompile(`^\((.+)\)$`)
	waited  = regexp.MustCompile(`^@ (\d{4}-\d\d-\d\d \d\d:\d\d)$`)
)

// typed is what somebody types who can do nothing else.
func (s Step) typed() string {
	if s.Deed == Type || s.Deed == Interrupt {
		return s.Text
	}
	return s.Line
}

const (
	arrow = " → "
	cross = " ✗"
	onto  = " ↷"
)

func step(tb testing.TB, line string) Step {
	tb.Helper()
	if m := waited.FindStringSubmatch(line); m != nil {
		moscow, err := time.LoadLocation("Europe/Moscow")
		require.NoError(tb, err)
		until, err := time.ParseInLocation("2006-01-02 15:04", m[1], moscow)
		require.NoError(tb, err)
		return Step{Deed: Wait, Line: line, Until: until}
	}
	if m := pressed.FindStringSubmatch(line); m != nil {
		deed := map[string]Deed{"": Press, "twice": PressTwice, "old": PressOld}[m[2]]
		return Step{Deed: deed, Line: line, Label: m[1]}
	}
	if m := between.FindStringSubmatch(line); m != nil {
		return Step{Deed: Interrupt, Line: line, Text: m[1]}
	}
	if counted.MatchString(line) {
		n, err := strconv.Atoi(line)
		require.NoError(tb, err)
		return Step{Deed: Press, Line: line, Number: n}
	}
	line, wrong := strings.CutSuffix(line, cross)
	line, follows := strings.CutSuffix(line, onto)
	text, option, _ := strings.Cut(line, arrow)
	return Step{Deed: Type, Line: line, Text: text, Option: option, Wrong: wrong, Follows: follows}
}
