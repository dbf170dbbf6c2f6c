package dialog_test

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
	"funnelbot/funnel/dialog"
)

func TestAllAnswersTogetherFitASession(t *testing.T) {
	t.Parallel()
	script := dialog.Script{Key: "s", Summary: true}
	for i := range 40 {
		script.Steps = append(script.Steps, dialog.Step{Key: "q" + strconv.Itoa(i), Kind: dialog.Text})
	}
	k := start(t, script, nil)
	size, refused := 1999, false
	for tries := 0; k.out.Result != dialog.Review; tries++ {
		require.Less(t, tries, 100)
		// As much as fits, so that short answers find only what was kept for them.
		out := k.says(strings.Repeat("<", size)) // six bytes each in JSON
		if out.Prompt != nil && out.Prompt.Problem != nil {
			refused = true
			require.Equal(t, dialog.CodeTooLong, out.Prompt.Problem.Code)
			require.Greater(t, size, 5, "there is always room for a short answer")
			size /= 2
		}
		data, err := k.state.Encode()
		require.NoError(t, err)
		require.LessOrEqual(t, len(data), dialog.MaxState)
	}
	require.True(t, refused)
	require.Equal(t, dialog.Review, k.out.Result)
}

func TestValuesThatCannotBeKeptAreNotAccepted(t *testing.T) {
	t.Parallel()
	values := map[dialog.Kind][]dialog.Value{
		dialog.Number: {dialog.NumberOf(math.NaN()), dialog.NumberOf(math.Inf(1)), dialog.TextOf("1"), {}},
		dialog.Date:   {dialog.DateOf(funnel.Date{}), dialog.DateOf(funnel.Date{Year: 2027, Month: 2, Day: 30}), dialog.DateOf(funnel.Date{Year: 10000, Month: 1, Day: 1})},
		dialog.Money:  {dialog.MoneyOf(funnel.Money{}), dialog.MoneyOf(funnel.Money{Minor: 5})},
		dialog.Person: {dialog.PersonOf(dialog.Human{}), dialog.PersonOf(dialog.Human{Name: "\x00"})},
	}
	for kind, all := range values {
		for _, v := range all {
			script := dialog.Script{Key: "s", Steps: []dialog.Step{{
				Key: "q", Kind: kind, Parse: func(string) (dialog.Value, error) { return v, nil },
			}}}
			k := start(t, script, nil)
			require.NotEqual(t, dialog.Finished, k.says("x").Result, "%s %+v", kind, v)
			require.NotNil(t, k.out.Prompt.Problem)
		}
	}
}
