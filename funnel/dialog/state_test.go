package dialog_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel/dialog"
)

func TestAStateOfAnOlderScriptGoesOnWhereItCan(t *testing.T) {
	t.Parallel()
	newer := trip()
	newer.Version = 2
	newer.Steps = append([]dialog.Step{{Key: "country", Kind: dialog.Text}}, newer.Steps...)

	t.Run("the question still stands and takes its answer, then what is new is asked", func(t *testing.T) {
		t.Parallel()
		k := start(t, trip(), nil)
		k.says("Tver")
		button := k.out.Prompt.Token
		k.script = newer
		k.does(dialog.Pick("train", button))
		k.asks("country")
		require.Equal(t, 2, k.state.ScriptVersion)
		k.says("Russia")
		k.asks("from")
	})
	t.Run("a question that is gone does not pass its answer to another", func(t *testing.T) {
		t.Parallel()
		k := start(t, newer, nil)
		k.script = trip()
		k.script.Version = 3
		out := k.says("Russia")
		require.Equal(t, dialog.Stale, out.Result)
		require.Equal(t, "city", out.Prompt.Step)
		require.Empty(t, k.state.Answers)
	})
	t.Run("an answer of another kind is asked for again", func(t *testing.T) {
		t.Parallel()
		k := start(t, trip(), nil)
		k.says("Tver", "train")
		k.script.Steps[0] = dialog.Step{Key: "city", Kind: dialog.Choice, Options: dialog.Options(dialog.Option{Key: "tver"})}
		k.script.Version = 2
		k.says("2027-03-01")
		k.asks("city")
		k.says("tver")
		k.asks("until")
	})
	t.Run("a summary with a new question is not confirmed unseen", func(t *testing.T) {
		t.Parallel()
		k := start(t, trip(), nil)
		k.says("Tver", "train", "2027-03-01", "2027-03-02", "", "", "да")
		button := k.out.Summary.Token
		k.script = newer
		out := k.does(dialog.Confirm().Pressed(button))
		require.Equal(t, dialog.Stale, out.Result)
		require.Equal(t, "country", out.Prompt.Step)
		k.says("Russia")
		require.Equal(t, dialog.Stale, k.does(dialog.Confirm().Pressed(button)).Result)
		require.Equal(t, dialog.Finished, k.does(dialog.Confirm()).Result)
	})
	t.Run("an answer that is no longer asked for is not part of what is confirmed", func(t *testing.T) {
		t.Parallel()
		k := start(t, trip(), nil)
		k.says("Tver", "train", "2027-03-01", "2027-03-02", "", "", "да")
		k.script.Steps[0].When = func(dialog.Answers) bool { return false }
		k.script.Version = 2
		out := k.does(dialog.Confirm())
		require.Equal(t, dialog.Finished, out.Result)
		require.NotContains(t, out.Answers, "city")
	})
	t.Run("with nothing left to ask it does not end by itself", func(t *testing.T) {
		t.Parallel()
		script := trip()
		script.Summary = false
		k := start(t, script, nil)
		k.says("Tver")
		k.asks("transport")
		k.script.Steps = k.script.Steps[:1]
		k.script.Version = 2
		out := k.says("train")
		require.Equal(t, dialog.Stale, out.Result)
		require.Equal(t, "city", out.Prompt.Step)
		out = k.says("")
		require.Equal(t, dialog.Finished, out.Result)
	})
	t.Run("a state of another script begins anew under its own name", func(t *testing.T) {
		t.Parallel()
		k := start(t, trip(), nil)
		k.says("Tver")
		old := k.out.Prompt.Token
		k.script.Key = "journey"
		out := k.does(dialog.Pick("train", old))
		require.Equal(t, "city", out.Prompt.Step)
		require.Equal(t, dialog.Stale, out.Result)
		require.Equal(t, "d1", k.state.ID)
		require.NotEqual(t, old, out.Prompt.Token)
	})
}

func TestTokensAreShort(t *testing.T) {
	t.Parallel()
	s := dialog.State{ID: "0123456789", Version: 1 << 53}
	require.LessOrEqual(t, len(s.Token()), 22) // Telegram gives a button 64 bytes in all
}

func TestScriptsThatCannotWorkAreReported(t *testing.T) {
	t.Parallel()
	ok := dialog.Step{Key: "q", Kind: dialog.Text}
	tests := map[string]dialog.Script{
		"script key":        {Steps: []dialog.Step{ok}},
		"no steps":          {Key: "s"},
		"used twice":        {Key: "s", Steps: []dialog.Step{ok, ok}},
		"empty":             {Key: "s", Steps: []dialog.Step{{Kind: dialog.Text}}},
		"without options":   {Key: "s", Steps: []dialog.Step{{Key: "q", Kind: dialog.Choice}}},
		"reads the kind":    {Key: "s", Steps: []dialog.Step{{Key: "q", Kind: dialog.Date}}},
		"unknown kind":      {Key: "s", Steps: []dialog.Step{{Key: "q", Kind: "song"}}},
		"is empty or used ": {Key: "s", Steps: []dialog.Step{{Key: "\xff", Kind: dialog.Text}}},
	}
	for fault, script := range tests {
		require.ErrorContains(t, script.Check(), fault)
	}
}

func TestStatesThatAreNoneAreNotDecoded(t *testing.T) {
	t.Parallel()
	for _, data := range []string{
		"", "null", "[]", "{", `{"id":"d","version":1}`, `{"id":"d","version":1,"phase":"stale"}`, `{"id":"d","version":1,"phase":"paused"}`,
		`{"id":"","version":1,"phase":"ask"}`, `{"id":"d","version":0,"phase":"ask"}`, `{"id":"d","version":9007199254740993,"phase":"ask"}`,
		`{"id":"d","version":1,"phase":"ask","answers":{"from":{"kind":"date","date":"2027-02-30"}}}`,
		`{"id":"d","version":1,"phase":"ask","cursor":"` + strings.Repeat("x", dialog.MaxState) + `"}`,
	} {
		_, err := dialog.Decode([]byte(data))
		require.Error(t, err, data[:min(len(data), 60)])
	}
}
