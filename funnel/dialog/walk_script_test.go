package dialog_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"

	"pgregory.net/rapid"

	"funnelbot/funnel"
	"funnelbot/funnel/dialog"
)

// draws decides what a walk does next: by rapid, which shrinks what fails, or by a seed, which is fast.
type draws interface {
	// n returns a number from 0 up to the limit.
	n(what string, limit int) int
}

type shrinking struct{ *rapid.T }

func (d shrinking) n(what string, limit int) int { return rapid.IntRange(0, limit-1).Draw(d.T, what) }

type seeded struct{ *rand.Rand }

func (d seeded) n(_ string, limit int) int { return d.IntN(limit) }

func one[T any](d draws, what string, list ...T) T { return list[d.n(what, len(list))] }

const drawnSteps = 9

// drawScript makes a script of steps named s0, s1 and so on, whose conditions, checks, options and defaults
// look at the answers before them.
func drawScript(d draws, key string, version int) dialog.Script {
	script := dialog.Script{
		Key: key, Version: version, Parsers: walkParsers, Summary: d.n("summary", 4) > 0, Pausable: true,
	}
	for i := range drawnSteps {
		if i > 0 && d.n("left out", 4) == 0 {
			continue
		}
		step := dialog.Step{
			Key: stepNames[i], Kind: one(d, "kind", kinds...), Optional: d.n("optional", 2) == 0,
			Group: one(d, "group", "", "one", "two"),
		}
		other := stepNames[d.n("looks at", drawnSteps)]
		if d.n("names needs", 4) > 0 {
			step.Needs = []string{}
			if slices.ContainsFunc(script.Steps, func(s dialog.Step) bool { return s.Key == other }) {
				step.Needs = []string{other}
			}
		}
		step.When = drawCondition(d, other)
		drawOptions(d, &step, other)
		if step.Kind == dialog.Number {
			step.Check = func(v dialog.Value, before dialog.Answers) error {
				if v.Number < before.Number(other) {
					return funnel.Refuse("too_small", nil)
				}
				return nil
			}
			if d.n("default", 2) == 0 {
				step.Default = func(before dialog.Answers) dialog.Value { return dialog.NumberOf(before.Number(other)) }
			}
		}
		script.Steps = append(script.Steps, step)
	}
	return script
}

func drawCondition(d draws, other string) func(dialog.Answers) bool {
	switch d.n("when", 6) {
	case 0:
		return func(before dialog.Answers) bool { return before.Given(other) }
	case 1:
		return func(before dialog.Answers) bool { return !before.Given(other) }
	case 2:
		return func(before dialog.Answers) bool { return before.Choice(other) != "b" && before.Number(other) < 50 }
	case 3:
		return func(before dialog.Answers) bool {
			return before.Yes(other) || before.Text(other) != "" || slices.Contains(before.Several(other), "a")
		}
	}
	return nil
}

func drawOptions(d draws, step *dialog.Step, other string) {
	switch step.Kind {
	case dialog.Choice, dialog.Several:
		step.Options = func(before dialog.Answers) []dialog.Option {
			if before.Given(other) {
				return fewOptions
			}
			return manyOptions
		}
		if step.Kind == dialog.Several && d.n("default", 3) == 0 {
			step.Default = func(dialog.Answers) dialog.Value { return dialog.SeveralOf("b", "a") }
		}
	case dialog.Person:
		if d.n("known people", 2) == 0 {
			step.Options = dialog.Options(dialog.Option{Key: "known", Value: dialog.PersonOf(dialog.Human{ID: funnel.ID{1}, Name: "Vera Sample"})})
		}
	case dialog.Text, dialog.YesNo, dialog.Number, dialog.Money, dialog.Date:
	}
}

var (
	kinds = []dialog.Kind{
		dialog.Text, dialog.Choice, dialog.YesNo, dialog.Number, dialog.Money, dialog.Date, dialog.Person, dialog.Several,
	}
	walkParsers = parsers()
	stepNames   = []string{"s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8"}
	manyOptions = []dialog.Option{{Key: "a", Names: []string{"same first"}}, {Key: "b", Names: []string{"same second"}}, {Key: "c", Label: "Third"}}
	fewOptions  = []dialog.Option{manyOptions[1], manyOptions[2], {Key: "d"}}
)

// answerTo makes a text and what it means at the prompt.
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
		if p.Candidates {
			o := p.Options[n%len(p.Options)]
			return o.Key, o.Value
		}
		first, second := n%len(p.Options), n/len(p.Options)%len(p.Options)
		text := p.Options[second].Key + ", " + p.Options[first].Key
		if first > second {
			first, second = second, first
		}
		if first == second {
			return text, dialog.SeveralOf(p.Options[first].Key)
		}
		return text, dialog.SeveralOf(p.Options[first].Key, p.Options[second].Key)
	}
	panic("a kind without an answer: " + p.Kind)
}

// fieldFor makes what stands in a form's field for the prompt and what it means there. Never says that
// the field cannot hold.
func fieldFor(d draws, p *dialog.Prompt) (f dialog.Field, v dialog.Value, never bool) {
	f.Step = p.Step
	switch d.n("field", 8) {
	case 0:
		return f, dialog.Value{}, !p.Optional
	case 1:
		f.Text = " \t"
		return f, dialog.Value{}, !p.Optional
	case 2:
		if p.Kind != dialog.Text && p.Kind != dialog.Person {
			f.Text = "zzz"
			return f, dialog.Value{}, true
		}
	case 3:
		f.Keys, f.Text = []string{"zzz"}, "wins nothing"
		return f, dialog.Value{}, true
	case 4, 5:
		if f.Keys, v = keysFor(d, p); f.Keys != nil {
			return f, v, false
		}
	}
	if p.Candidates && p.Kind == dialog.Several {
		f.Text = "same"
		return f, dialog.Value{}, true
	}
	f.Text, v = answerTo(p, d.n("answer", 100))
	return f, v, false
}

// keysFor picks options of the prompt, or none where it offers none that a form sends.
func keysFor(d draws, p *dialog.Prompt) ([]string, dialog.Value) {
	if len(p.Options) == 0 || p.Candidates {
		return nil, dialog.Value{}
	}
	if p.Kind == dialog.Several {
		var picked []string
		for _, o := range p.Options {
			if d.n("picked", 2) == 0 {
				picked = append(picked, o.Key)
			}
		}
		if len(picked) == 0 {
			return nil, dialog.Value{}
		}
		sent := slices.Clone(picked)
		slices.Reverse(sent)
		return sent, dialog.SeveralOf(picked...)
	}
	o := one(d, "option", p.Options...)
	if p.Kind == dialog.Choice {
		return []string{o.Key}, dialog.ChoiceOf(o.Key, o.Label)
	}
	return []string{o.Key}, o.Value
}
