package dialog_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
	"funnelbot/funnel/dialog"
)

// picnic is a script with a question of several answers between two others.
func picnic(optional bool) dialog.Script {
	return dialog.Script{Key: "picnic", Version: 1, Summary: true, Pausable: true, Parsers: parsers(), Steps: []dialog.Step{
		{Key: "where", Kind: dialog.Text},
		{Key: "food", Kind: dialog.Several, Optional: optional, Options: dialog.Options(
			dialog.Option{Key: "bread", Names: []string{"хлеб", "Bread and butter"}},
			dialog.Option{Key: "cheese", Label: "Sheep's cheese"},
			dialog.Option{Key: "apples", Names: []string{"яблоки", "fruit salad"}},
			dialog.Option{Key: "pears", Names: []string{"груши", "fruit basket"}},
		)},
		{Key: "rain", Kind: dialog.YesNo},
	}}
}

func TestSeveralOptionsArePickedOneAfterAnother(t *testing.T) {
	t.Parallel()
	k := start(t, picnic(false), nil)
	k.says("park")
	k.asks("food")
	require.Equal(t, []dialog.Control{dialog.CanDone, dialog.CanBack, dialog.CanLater, dialog.CanHelp, dialog.CanCancel}, k.out.Prompt.Controls)
	k.does(dialog.Done())
	k.refuses("food", dialog.CodeEmpty)
	k.says("")
	k.refuses("food", dialog.CodeEmpty)

	first := k.out.Prompt.Token
	k.does(dialog.Pick("pears", first))
	k.asks("food")
	require.Equal(t, []string{"pears"}, k.out.Prompt.Picked)
	require.Equal(t, dialog.Stale, k.does(dialog.Pick("pears", first)).Result, "a double press does not take back")
	k.does(dialog.Pick("bread", k.out.Prompt.Token))
	require.Equal(t, []string{"bread", "pears"}, k.out.Prompt.Picked, "in the order of the options")
	require.Equal(t, dialog.SeveralOf("bread", "pears"), k.out.Prompt.Default)
	k.does(dialog.Pick("pears", k.out.Prompt.Token), dialog.Help())
	require.Equal(t, []string{"bread"}, k.out.Prompt.Picked)
	require.Empty(t, k.state.Answers["food"], "nothing is given before it is done")
	k.does(dialog.Pick("stones", k.out.Prompt.Token))
	k.refuses("food", dialog.CodeNoOption)
	k.does(dialog.Pick("apples", k.out.Prompt.Token), dialog.Done().Pressed(k.state.Token()))
	require.Equal(t, dialog.Stale, k.out.Result, "the button was that of the showing before")
	k.does(dialog.Done().Pressed(k.out.Prompt.Token))
	k.asks("rain")
	require.Equal(t, []string{"bread", "apples"}, k.state.Answers.Several("food"))

	// Back at it, what was given is picked; Enter accepts it.
	k.does(dialog.Back())
	require.Equal(t, []string{"bread", "apples"}, k.out.Prompt.Picked)
	k.does(dialog.Pick("bread", k.out.Prompt.Token), dialog.Answer(""))
	k.asks("rain")
	require.Equal(t, dialog.SeveralOf("apples"), k.state.Answers["food"])
	require.Equal(t, dialog.Stale, k.does(dialog.Done()).Result, "nothing to be done with at another question")
}

func TestSeveralOptionsAreTypedAtOnce(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text string
		want dialog.Value
		code funnel.Code
	}{
		{"1, 3", dialog.SeveralOf("bread", "apples"), ""},
		{"3 1", dialog.SeveralOf("bread", "apples"), ""},
		{"1;2;2", dialog.SeveralOf("bread", "cheese"), ""},
		{"4", dialog.SeveralOf("pears"), ""},
		{"1 и 4", dialog.SeveralOf("bread", "pears"), ""},
		{"pears, CHEESE, and apples", dialog.SeveralOf("cheese", "apples", "pears"), ""},
		{"хлеб и груши", dialog.SeveralOf("bread", "pears"), ""},
		{"bread and butter", dialog.SeveralOf("bread"), ""},
		{"bread and butter, pears", dialog.SeveralOf("bread", "pears"), ""},
		{"bread and butter and pears", dialog.SeveralOf("bread", "pears"), ""}, // butter is part of a name
		{"sheep, груш", dialog.SeveralOf("cheese", "pears"), ""},
		{"fruit", dialog.Value{}, dialog.CodeAmbiguous},
		{"1, fruit", dialog.Value{}, dialog.CodeAmbiguous},
		{"1, 5", dialog.Value{}, dialog.CodeNoOption},
		{"bread, stones", dialog.Value{}, dialog.CodeNoOption},
		{",", dialog.Value{}, dialog.CodeNoOption},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()
			k := start(t, picnic(true), nil)
			k.says("park", tt.text)
			if tt.code != "" {
				k.refuses("food", tt.code)
				require.Empty(t, k.state.Answers["food"])
				return
			}
			k.asks("rain")
			require.Equal(t, tt.want, k.state.Answers["food"])
		})
	}
	t.Run("the one that is not understood is named", func(t *testing.T) {
		t.Parallel()
		k := start(t, picnic(true), nil)
		k.says("park", "bread, stones")
		require.Equal(t, funnel.Args{"answer": "stones"}, k.out.Prompt.Problem.Args)
	})
	t.Run("meanings of the whole are offered", func(t *testing.T) {
		t.Parallel()
		k := start(t, picnic(true), nil)
		k.says("park", "1, fruit")
		p := k.out.Prompt
		require.True(t, p.Candidates)
		require.Equal(t, dialog.SeveralOf("bread", "apples"), p.Options[0].Value)
		require.Equal(t, dialog.SeveralOf("bread", "pears"), p.Options[1].Value)
		require.NotContains(t, p.Controls, dialog.CanDone)
		require.True(t, p.Numbered)
		twin := *k
		twin.says("2")
		require.Equal(t, dialog.SeveralOf("bread", "pears"), twin.state.Answers["food"])
		k.does(dialog.Pick(p.Options[1].Key, p.Token))
		k.asks("rain")
		require.Equal(t, dialog.SeveralOf("bread", "pears"), k.state.Answers["food"])
	})
	t.Run("an optional one with nothing picked is skipped", func(t *testing.T) {
		t.Parallel()
		k := start(t, picnic(true), nil)
		k.says("park")
		k.does(dialog.Done())
		k.asks("rain")
		v, given := k.state.Answers["food"]
		require.True(t, given && v.Skipped())
	})
}

func TestADefaultOfSeveralIsPicked(t *testing.T) {
	t.Parallel()
	script := picnic(false)
	script.Steps[1].Default = func(dialog.Answers) dialog.Value { return dialog.SeveralOf("pears", "gone", "bread") }
	k := start(t, script, nil)
	k.says("park")
	require.Equal(t, []string{"bread", "pears"}, k.out.Prompt.Picked)
	require.Equal(t, dialog.SeveralOf("bread", "pears"), k.out.Prompt.Default)
	k.says("")
	require.Equal(t, dialog.SeveralOf("bread", "pears"), k.state.Answers["food"])
}

func TestWhatCanNoLongerBeChosenOfSeveralIsAskedAgain(t *testing.T) {
	t.Parallel()
	k := start(t, picnic(false), dialog.Answers{"where": dialog.TextOf("park"), "food": dialog.SeveralOf("pears", "gone")})
	k.refuses("food", dialog.CodeOptionGone)
	require.Equal(t, []string{"pears"}, k.out.Prompt.Picked)
	k.does(dialog.Done())
	k.asks("rain")
	require.Equal(t, dialog.SeveralOf("pears"), k.state.Answers["food"])
}

func TestADialogIsSetAsideAndGoneOnWith(t *testing.T) {
	t.Parallel()
	k := start(t, picnic(false), nil)
	k.says("park")
	button := k.out.Prompt.Token
	out := k.does(dialog.Later().Pressed(button))
	require.Equal(t, dialog.Outcome{Result: dialog.Paused}, out)
	require.True(t, k.state.Paused)
	require.Equal(t, out, k.does(dialog.Later()))

	before := k.state
	require.Equal(t, dialog.Stale, k.does(dialog.Pick("pears", "d1.0")).Result)
	require.Equal(t, before, k.state, "an old button wakes nothing")

	k.does(dialog.Pick("pears", button))
	require.False(t, k.state.Paused)
	k.asks("food")

	k.does(dialog.Later())
	state, out := dialog.Resume(k.script, k.state)
	require.False(t, state.Paused)
	require.Equal(t, "food", out.Prompt.Step)
	require.Equal(t, []string{"pears"}, out.Prompt.Picked)

	k.does(dialog.Done(), dialog.Answer("y"), dialog.Later())
	require.Equal(t, dialog.Paused, k.out.Result)
	_, out = dialog.Resume(k.script, k.state)
	require.Equal(t, dialog.Review, out.Result)
	require.Contains(t, out.Summary.Controls, dialog.CanLater)
	require.Equal(t, dialog.Cancelled, k.does(dialog.Cancel()).Result)
	require.False(t, k.state.Paused)
}

func TestOnlySomeDialogsCanBeSetAside(t *testing.T) {
	t.Parallel()
	k := start(t, trip(), nil)
	require.NotContains(t, k.out.Prompt.Controls, dialog.CanLater)
	require.Equal(t, dialog.Stale, k.does(dialog.Later()).Result)
	require.False(t, k.state.Paused)
}

func TestOptionsPressedInOneGoAllCount(t *testing.T) {
	t.Parallel()
	k := start(t, picnic(false), nil)
	k.says("park")
	first := k.out.Prompt.Token
	k.does(dialog.Pick("pears", first), dialog.Pick("bread", first), dialog.Pick("apples", first))
	k.asks("food")
	require.Equal(t, []string{"bread", "apples", "pears"}, k.out.Prompt.Picked, "all three were pressed before the first was shown")
	for _, again := range []string{"pears", "bread", "apples"} {
		require.Equal(t, dialog.Stale, k.does(dialog.Pick(again, first)).Result, "a double press does not take back")
	}
	second := k.out.Prompt.Token
	k.does(dialog.Pick("pears", second), dialog.Pick("bread", second))
	require.Equal(t, []string{"apples"}, k.out.Prompt.Picked, "taken out alike")
	require.Equal(t, dialog.Stale, k.does(dialog.Done().Pressed(second)).Result, "what is accepted is what was seen")

	data, err := k.state.Encode()
	require.NoError(t, err)
	kept, err := dialog.Decode(data)
	require.NoError(t, err)
	k.state = kept
	old := k.out.Prompt.Token
	k.does(dialog.Done().Pressed(old))
	k.asks("rain")
	k.does(dialog.Back())
	k.asks("food")
	require.Equal(t, dialog.Stale, k.does(dialog.Pick("pears", old)).Result, "a button of the time before it was left")
	require.Equal(t, []string{"apples"}, k.out.Prompt.Picked)
}
