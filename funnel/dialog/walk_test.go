package dialog_test

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"funnelbot/funnel"
	"funnelbot/funnel/dialog"
)

var kinds = []dialog.Kind{
	dialog.Text, dialog.Choice, dialog.YesNo, dialog.Number, dialog.Money, dialog.Date, dialog.Person,
}

// drawScript makes a script of steps named s0, s1 and so on, whose conditions, checks, options and defaults
// look at the answers before them.
func drawScript(t *rapid.T, key string, version int) dialog.Script {
	script := dialog.Script{Key: key, Version: version, Parsers: parsers(), Summary: rapid.Bool().Draw(t, "summary")}
	for i := range 9 {
		if i > 0 && rapid.IntRange(0, 3).Draw(t, "left out") == 0 {
			continue
		}
		step := dialog.Step{
			Key: "s" + strconv.Itoa(i), Kind: rapid.SampledFrom(kinds).Draw(t, "kind"),
			Optional: rapid.Bool().Draw(t, "optional"),
		}
		other := "s" + strconv.Itoa(rapid.IntRange(0, 8).Draw(t, "looks at"))
		switch rapid.IntRange(0, 5).Draw(t, "when") {
		case 0:
			step.When = func(before dialog.Answers) bool { return before.Given(other) }
		case 1:
			step.When = func(before dialog.Answers) bool { return !before.Given(other) }
		case 2:
			step.When = func(before dialog.Answers) bool { return before.Choice(other) != "b" && before.Number(other) < 50 }
		case 3:
			step.When = func(before dialog.Answers) bool { return before.Yes(other) || before.Text(other) != "" }
		}
		if step.Kind == dialog.Choice {
			step.Options = func(before dialog.Answers) []dialog.Option {
				options := []dialog.Option{{Key: "a", Names: []string{"same first"}}, {Key: "b", Names: []string{"same second"}}, {Key: "c", Label: "Third"}}
				if before.Given(other) {
					options = append(options[1:], dialog.Option{Key: "d"})
				}
				return options
			}
		}
		if step.Kind == dialog.Number {
			step.Check = func(v dialog.Value, before dialog.Answers) error {
				if v.Number < before.Number(other) {
					return funnel.Refuse("too_small", nil)
				}
				return nil
			}
			if rapid.Bool().Draw(t, "default") {
				step.Default = func(before dialog.Answers) dialog.Value { return dialog.NumberOf(before.Number(other)) }
			}
		}
		script.Steps = append(script.Steps, step)
	}
	return script
}

// drawAnswer makes a text and what it means at the prompt.
func drawAnswer(t *rapid.T, p *dialog.Prompt) (string, dialog.Value) {
	n := rapid.IntRange(0, 99).Draw(t, "answer")
	return answerTo(p, n)
}

func answerTo(p *dialog.Prompt, n int) (string, dialog.Value) {
	switch p.Kind {
	case dialog.Text:
		return fmt.Sprint("text ", n), dialog.TextOf(fmt.Sprint("text ", n))
	case dialog.Choice:
		o := p.Options[n%len(p.Options)]
		return o.Key, dialog.ChoiceOf(o.Key, o.Label)
	case dialog.YesNo:
		return []string{"n", "y"}[n%2], dialog.YesNoOf(n%2 == 1)
	case dialog.Number:
		return strconv.Itoa(n), dialog.NumberOf(float64(n))
	case dialog.Money:
		return strconv.Itoa(n) + " EUR", dialog.MoneyOf(funnel.Money{Minor: int64(n) * 100, Currency: "EUR"})
	case dialog.Date:
		d := day(3, n%28+1)
		return d.Date.String(), d
	case dialog.Person:
		return "@p" + strconv.Itoa(n), dialog.PersonOf(dialog.Human{Name: "p" + strconv.Itoa(n)})
	case dialog.Several:
		o := p.Options[n%len(p.Options)]
		return o.Key, dialog.SeveralOf(o.Key)
	}
	panic("a kind without an answer: " + p.Kind)
}

// walk is a dialog on a random path, with what the person said last at each step.
type walk struct {
	*rapid.T
	script dialog.Script
	state  dialog.State
	out    dialog.Outcome
	last   dialog.Answers
	tokens []string
}

// take gives an input through JSON and checks what must hold of every outcome.
func (w *walk) take(in dialog.Input) {
	was := w.state
	data, err := was.Encode()
	require.NoError(w, err)
	state, err := dialog.Decode(data)
	require.NoError(w, err)
	require.Equal(w, was, state)

	w.state, w.out = dialog.Advance(w.script, state, in)

	untouched, err := state.Encode()
	require.NoError(w, err)
	require.Equal(w, string(data), string(untouched), "the state given was changed")
	w.sane(was)
}

func (w *walk) sane(was dialog.State) {
	var token string
	switch p, s := w.out.Prompt, w.out.Summary; {
	case p != nil:
		require.Nil(w, s)
		require.Equal(w, w.state.Cursor, p.Step)
		require.Equal(w, w.script.Key, p.Script)
		require.LessOrEqual(w, 1, p.Position)
		require.LessOrEqual(w, p.Position, p.Total)
		require.LessOrEqual(w, p.Total, len(w.script.Steps))
		token = p.Token
		w.controls(p)
	case s != nil:
		token = s.Token
	default:
		require.True(w, w.state.Ended())
	}
	if token != "" {
		require.Equal(w, w.state.Token(), token)
		w.tokens = append(w.tokens, token)
	}
	require.GreaterOrEqual(w, w.state.Version, was.Version)
	require.LessOrEqual(w, w.state.Version, was.Version+1)
}

// controls proves that what is offered works, and that what works is offered.
func (w *walk) controls(p *dialog.Prompt) {
	_, back := dialog.Advance(w.script, w.state, dialog.Back().Pressed(p.Token))
	refused := back.Prompt != nil && back.Prompt.Problem != nil && back.Prompt.Problem.Code == dialog.CodeFirst
	require.Equal(w, slices.Contains(p.Controls, dialog.CanBack), !refused)
	require.NotEqual(w, dialog.Stale, back.Result)

	_, skip := dialog.Advance(w.script, w.state, dialog.Skip())
	refused = skip.Prompt != nil && skip.Prompt.Problem != nil && skip.Prompt.Problem.Code == dialog.CodeRequired && skip.Prompt.Step == p.Step
	require.Equal(w, slices.Contains(p.Controls, dialog.CanSkip), !refused)

	_, entered := dialog.Advance(w.script, w.state, dialog.Answer(""))
	if !p.Default.Skipped() {
		require.False(w, entered.Prompt != nil && entered.Prompt.Step == p.Step, "the default offered was not taken")
	}
}

// said takes an input that means v at the step asked, and notes it unless it was refused.
func (w *walk) said(in dialog.Input, v dialog.Value) {
	step := w.out.Prompt.Step
	w.take(in)
	if w.out.Result == dialog.Stale {
		return // the script changed under the question
	}
	if p := w.out.Prompt; p != nil && p.Step == step && p.Problem != nil {
		return
	}
	w.last[step] = v
}

// move does one random thing.
func (w *walk) move(scripts []dialog.Script) {
	p := w.out.Prompt
	asked := p != nil
	switch rapid.IntRange(0, 15).Draw(w.T, "move") {
	case 0:
		w.take(dialog.Back())
	case 1:
		if !asked {
			w.take(dialog.Skip())
			return
		}
		w.said(dialog.Skip(), dialog.Value{})
	case 2:
		before := w.state
		w.take(dialog.Help())
		require.Equal(w, before, w.state)
	case 3:
		w.take(dialog.Edit("s" + strconv.Itoa(rapid.IntRange(0, 8).Draw(w.T, "edit"))))
	case 4:
		w.take(dialog.Answer(rapid.SampledFrom([]string{"same", "01.02", "bad", "\x00", "7", "🙂"}).Draw(w.T, "odd")))
		w.note(p)
	case 5: // an old button
		in := rapid.SampledFrom([]dialog.Input{
			dialog.Pick("a", ""), dialog.Pick("yes", ""), dialog.Cancel(), dialog.Back(), dialog.Edit("s0"), dialog.Confirm(), dialog.Skip(),
		}).Draw(w.T, "button")
		token := rapid.SampledFrom(append(w.tokens, "d0.1")).Draw(w.T, "token")
		if token == w.state.Token() {
			return
		}
		before := w.state
		w.take(in.Pressed(token))
		require.Equal(w, dialog.Stale, w.out.Result)
		require.Equal(w, before, w.state)
	case 6: // another program version, or another script altogether
		w.script = rapid.SampledFrom(scripts).Draw(w.T, "script")
		was := w.state
		w.state, w.out = dialog.Resume(w.script, w.state)
		w.sane(was)
	case 7: // the same while a question stands that is then answered
		w.script = rapid.SampledFrom(scripts).Draw(w.T, "script")
		if !asked {
			w.take(dialog.Confirm())
			return
		}
		w.take(dialog.Answer(""))
		w.note(p)
	case 8:
		if asked && !p.Default.Skipped() {
			w.said(dialog.Answer(""), p.Default)
		}
	case 9, 10: // a button, pressed twice
		if asked && len(p.Options) > 0 {
			o := rapid.SampledFrom(p.Options).Draw(w.T, "option")
			v := o.Value
			if p.Kind == dialog.Choice {
				v = dialog.ChoiceOf(o.Key, o.Label)
			}
			press := dialog.Pick(o.Key, p.Token)
			w.said(press, v)
			if w.state.Token() != p.Token && !w.state.Ended() {
				before := w.state
				w.take(press)
				require.Equal(w, dialog.Stale, w.out.Result)
				require.Equal(w, before, w.state)
			}
		}
	default:
		if asked {
			text, v := drawAnswer(w.T, p)
			w.said(dialog.Answer(text), v)
		}
	}
}

// note takes over what the dialog understood where the test itself does not say what a text means.
func (w *walk) note(p *dialog.Prompt) {
	if p == nil {
		return
	}
	if v, ok := w.state.Answers[p.Step]; ok {
		w.last[p.Step] = v
	}
}

// finish answers everything that is asked, and proves that this ends.
func (w *walk) finish() {
	for tries := 0; !w.state.Ended(); tries++ {
		require.LessOrEqual(w, tries, 2*len(w.script.Steps)+2, "no way to the end from %+v", w.state)
		if w.out.Prompt == nil {
			w.take(dialog.Confirm().Pressed(w.out.Summary.Token))
			continue
		}
		text, v := answerTo(w.out.Prompt, 1_000_000)
		w.said(dialog.Answer(text), v)
	}
}

// asked is the path by the plainest reading of the script.
func asked(script dialog.Script, answers dialog.Answers) []string {
	var steps []string
	before := dialog.Answers{}
	for _, step := range script.Steps {
		if step.When == nil || step.When(before) {
			steps = append(steps, step.Key)
			before[step.Key] = answers[step.Key]
		}
	}
	return steps
}

func TestNoWalkGetsStuckAndTheEndIsWhatWasSaidLast(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		scripts := []dialog.Script{
			drawScript(t, "one", 1), drawScript(t, "one", 2), drawScript(t, "one", 3), drawScript(t, "two", 1),
		}
		for _, script := range scripts {
			require.NoError(t, script.Check())
		}
		w := &walk{T: t, script: scripts[0], last: dialog.Answers{}}
		w.state, w.out = dialog.Start(w.script, "d1", nil)
		w.sane(dialog.State{})
		for range rapid.IntRange(0, 60).Draw(t, "length") {
			if w.state.Ended() {
				break
			}
			w.move(scripts)
		}
		w.finish()
		if w.out.Result == dialog.Stale {
			w.state, w.out = dialog.Resume(w.script, w.state)
		}

		require.Equal(t, dialog.Finished, w.out.Result)
		require.ElementsMatch(t, asked(w.script, w.out.Answers), slices.Collect(maps.Keys(w.out.Answers)))
		for step, v := range w.out.Answers {
			require.Equal(t, w.last[step], v, step)
		}
	})
}
