package dialog_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel/dialog"
)

// everything is a script with all kinds, conditions, groups and a follow-up, for a place that asks so
// many questions at once.
func everything(page int) dialog.Script {
	script := trip()
	script.Page, script.Pausable = page, true
	script.Steps = append(script.Steps, order(page).Steps...)
	return script
}

// FuzzDecode proves that no state that was kept and no input that a door makes of what it is sent breaks
// the dialog: not even a state that this program has never written.
func FuzzDecode(f *testing.F) {
	for _, page := range []int{0, 3} {
		script := everything(page)
		state, _ := dialog.Start(script, "d1", nil)
		for _, in := range []dialog.Input{
			dialog.Answer("Tver"), dialog.Answer("night"), dialog.Answer("3"), dialog.Answer("x"), dialog.Answer(""),
			dialog.Answer("01.02"), dialog.Answer("1"), dialog.Back(), dialog.Help(), dialog.Skip(), dialog.Later(),
			dialog.Answer("2027-03-01"), dialog.Answer("2027-03-05"), dialog.Answer("5 EUR"), dialog.Answer("@p"), dialog.Answer("y"),
			dialog.Answer("letter"), dialog.Answer("Tver"), dialog.Skip(), dialog.Pick("express", ""), dialog.Done(), dialog.Edit("city"),
		} {
			if in.Act == dialog.ActPick {
				in.Token = state.Token()
			}
			state, _ = dialog.Advance(script, state, in)
			data, err := state.Encode()
			require.NoError(f, err)
			f.Add(data, in.Text, "yes", uint8(page))
		}
	}
	f.Add([]byte(`{"id":"d","version":1,"phase":"review","answers":{"transport":{"kind":"choice","key":"own_car"},"city":{}}}`), "", "plate", uint8(0))
	f.Add([]byte(`{"id":"d","script":"trip","version":1,"phase":"ask","cursor":"transport","kind":"choice","candidates":[{"kind":"date"}],"offered":["x"]}`), "1", "x", uint8(0))
	f.Add([]byte(`{"id":"d","script":"trip","script_version":1,"version":1,"phase":"ask","cursor":"city","kind":"text","page":["city","city","x","transport"],"paused":true}`),
		`[{"step":"city","text":"Tver"},{"step":"transport","keys":["train","train"]},{"step":"extras","keys":["","express"]}]`, "city", uint8(3))
	f.Add([]byte(`{"id":"d","script":"trip","script_version":1,"version":1,"phase":"ask","cursor":"extras","kind":"several","picked":["x","insured","insured"],"answers":{"extras":{"kind":"several","keys":"  insured fragile "}}}`),
		"1 и 3", "express", uint8(0))
	f.Fuzz(func(t *testing.T, data []byte, text, key string, page uint8) {
		state, err := dialog.Decode(data)
		if err != nil {
			return
		}
		script := everything(int(page % 8))
		resumed, out := dialog.Resume(script, state)
		again, repeated := dialog.Resume(script, resumed)
		require.Equal(t, resumed, again, "to look twice changes nothing")
		require.Equal(t, out, repeated)
		var fields []dialog.Field
		if json.Unmarshal([]byte(text), &fields) != nil {
			fields = []dialog.Field{{Step: state.Cursor, Text: text}, {Step: key, Keys: []string{key, text}}, {Step: resumed.Cursor, Keys: []string{key}}}
		}
		for _, in := range []dialog.Input{
			dialog.Answer(text), dialog.Pick(key, state.Token()), dialog.Pick(key, resumed.Token()), dialog.Edit(key), dialog.Back(),
			dialog.Skip(), dialog.Confirm(), dialog.Help(), dialog.Cancel(), dialog.Later(), dialog.Done(), dialog.Answer(text).Pressed(key),
			dialog.Fill(state.Token(), fields...), dialog.Fill(resumed.Token(), fields...), dialog.Fill(key, fields...),
			{Act: dialog.Act(key)},
		} {
			next, shown := dialog.Advance(script, state, in)
			given, dropped := next.Changed(state)
			for step, v := range given {
				require.Equal(t, v, next.Answers[step])
			}
			for _, step := range dropped {
				require.NotContains(t, next.Answers, step)
			}
			if p := shown.Page; p != nil {
				require.NotEmpty(t, p.Prompts)
				require.LessOrEqual(t, len(p.Prompts), script.Page)
			}
			encoded, err := next.Encode()
			require.NoError(t, err)
			if len(encoded) > dialog.MaxState {
				continue // what came was longer than this package writes
			}
			decoded, err := dialog.Decode(encoded)
			require.NoError(t, err)
			require.Equal(t, next, decoded)
		}
	})
}
