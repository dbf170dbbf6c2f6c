package dialog_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
	"funnelbot/funnel/dialog"
)

// parsers are small grammars that stand for the ones a caller brings.
func parsers() map[dialog.Kind]dialog.Parse {
	return map[dialog.Kind]dialog.Parse{
		dialog.YesNo: func(text string) (dialog.Value, error) {
			switch strings.ToLower(text) {
			case "да", "y":
				return dialog.YesNoOf(true), nil
			case "нет", "n":
				return dialog.YesNoOf(false), nil
			}
			return dialog.Value{}, strconv.ErrSyntax
		},
		dialog.Number: func(text string) (dialog.Value, error) {
			n, err := strconv.ParseFloat(text, 64)
			return dialog.NumberOf(n), err
		},
		dialog.Money: parseMoney,
		dialog.Date: func(text string) (dialog.Value, error) {
			if text == "01.02" {
				return dialog.Value{}, &dialog.AmbiguousError{Candidates: []dialog.Value{
					dialog.DateOf(funnel.Date{Year: 2027, Month: 1, Day: 2}), dialog.DateOf(funnel.Date{Year: 2027, Month: 2, Day: 1}),
				}}
			}
			d, err := funnel.ParseDate(text)
			return dialog.DateOf(d), err
		},
		dialog.Person: func(text string) (dialog.Value, error) {
			return dialog.PersonOf(dialog.Human{Name: strings.TrimPrefix(text, "@")}), nil
		},
	}
}

func parseMoney(text string) (dialog.Value, error) {
	amount, currency, ok := strings.Cut(text, " ")
	n, err := strconv.ParseInt(amount, 10, 64)
	switch {
	case err != nil:
		return dialog.Value{}, err
	case !ok:
		return dialog.Value{}, funnel.Refuse("currency_missing", funnel.Args{"amount": amount})
	}
	return dialog.MoneyOf(funnel.Money{Minor: n * 100, Currency: funnel.Currency(currency)}), nil
}

// trip is a script with every kind of question and condition.
func trip() dialog.Script {
	return dialog.Script{
		Key: "trip", Version: 1, Summary: true, Parsers: parsers(),
		Steps: []dialog.Step{
			{Key: "city", Kind: dialog.Text},
			{Key: "transport", Kind: dialog.Choice, Options: dialog.Options(
				dialog.Option{Key: "train", Names: []string{"поезд", "night train"}},
				dialog.Option{Key: "plane", Names: []string{"самолёт", "night flight"}},
				dialog.Option{Key: "own_car", Label: "Blue Estate"},
			)},
			{Key: "plate", Kind: dialog.Text, When: byCar},
			{Key: "drivers", Kind: dialog.Number, When: byCar, Default: func(dialog.Answers) dialog.Value { return dialog.NumberOf(1) }},
			{Key: "from", Kind: dialog.Date},
			{Key: "until", Kind: dialog.Date, Check: func(v dialog.Value, before dialog.Answers) error {
				if v.Date.Before(before.Date("from")) {
					return funnel.Refuse("ends_before_it_begins", funnel.Args{"from": before.Date("from")})
				}
				return nil
			}},
			{Key: "budget", Kind: dialog.Money, Optional: true},
			{Key: "companion", Kind: dialog.Person, Optional: true},
			{Key: "insured", Kind: dialog.YesNo},
		},
	}
}

func byCar(before dialog.Answers) bool { return before.Choice("transport") == "own_car" }

func day(month time.Month, d int) dialog.Value {
	return dialog.DateOf(funnel.Date{Year: 2027, Month: month, Day: d})
}

// talk is a dialog in a test. Every step of it goes through JSON, as it does in the program.
type talk struct {
	*testing.T
	script dialog.Script
	state  dialog.State
	out    dialog.Outcome
}

func start(t *testing.T, script dialog.Script, given dialog.Answers) *talk {
	t.Helper()
	require.NoError(t, script.Check())
	k := &talk{T: t, script: script}
	k.state, k.out = dialog.Start(script, "d1", given)
	return k
}

// does gives the inputs one after another and returns the last outcome.
func (k *talk) does(inputs ...dialog.Input) dialog.Outcome {
	k.Helper()
	for _, in := range inputs {
		data, err := k.state.Encode()
		require.NoError(k, err)
		state, err := dialog.Decode(data)
		require.NoError(k, err)
		require.Equal(k, k.state, state)
		k.state, k.out = dialog.Advance(k.script, state, in)
	}
	return k.out
}

func (k *talk) says(texts ...string) dialog.Outcome {
	k.Helper()
	for _, text := range texts {
		k.does(dialog.Answer(text))
	}
	return k.out
}

// asks requires that the question stands, without a problem.
func (k *talk) asks(step string) {
	k.Helper()
	require.Equal(k, dialog.Ask, k.out.Result)
	require.Equal(k, step, k.out.Prompt.Step)
	require.Nil(k, k.out.Prompt.Problem)
}

// refuses requires that the question stands and says why the last answer was refused.
func (k *talk) refuses(step string, code funnel.Code) {
	k.Helper()
	require.Equal(k, dialog.Ask, k.out.Result)
	require.Equal(k, step, k.out.Prompt.Step)
	require.NotNil(k, k.out.Prompt.Problem)
	require.Equal(k, code, k.out.Prompt.Problem.Code)
}

func (k *talk) item(step string) dialog.Value {
	k.Helper()
	require.Equal(k, dialog.Review, k.out.Result)
	for _, item := range k.out.Summary.Items {
		if item.Step == step {
			return item.Value
		}
	}
	require.Fail(k, "not in the summary", step)
	return dialog.Value{}
}
