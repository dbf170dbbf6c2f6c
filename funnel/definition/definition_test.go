package definition_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
	"funnelbot/funnel/definition"
)

func TestDefaultHasTheSevenStagesOfTheMethod(t *testing.T) {
	t.Parallel()

	f, err := definition.Default()

	require.NoError(t, err)
	keys := []funnel.StageKey{}
	for _, s := range f.Stages {
		keys = append(keys, s.Key)
	}
	require.Equal(t, []funnel.StageKey{
		"awareness", "lead", "qualification", "proposal", "negotiation", "launch", "retention",
	}, keys)
	require.Equal(t, funnel.StageKey("lead"), f.Entry)
	require.False(t, f.Signed("negotiation"))
	require.True(t, f.Signed("launch"))
	require.True(t, f.Stages[0].Target)
}

func TestDefaultTellsLostSalesFromForeignLeads(t *testing.T) {
	t.Parallel()

	f, err := definition.Default()

	require.NoError(t, err)
	price, ok := f.Reason("price")
	require.True(t, ok)
	require.Equal(t, funnel.LostSale, price.Class)
	foreign, ok := f.Reason("not_icp")
	require.True(t, ok)
	require.Equal(t, funnel.Disqualified, foreign.Class)
}

func TestStagesBringAHintAndAGoal(t *testing.T) {
	t.Parallel()
	def, err := definition.Default()
	require.NoError(t, err)
	for _, s := range def.Stages {
		require.Equal(t, !s.Target && !def.Signed(s.Key), s.Conversion > 0, s.Key)
	}
	f, err := definition.Parse([]byte(strings.Replace(good, "key: a,", "key: a, conversion: 0.4, goal: 0.55,", 1)))
	require.NoError(t, err)
	require.InDelta(t, 0.4, f.Stages[0].Conversion, 0)
	require.InDelta(t, 0.55, f.Stages[0].Goal, 0)
}

const good = `
schema: 1
kind: new
version: 1
entry: a
signature: b
stages:
  - {key: a, title: {en: A, ru: А}}
  - {key: b, title: {en: B, ru: Б}}
reasons:
  - {key: price, title: {en: Price, ru: Цена}}
`

func TestParseSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	_, err := definition.Parse([]byte(good))
	require.NoError(t, err)
	for _, c := range []struct{ name, old, with, want string }{
		{"schema", "schema: 1", "schema: 2", "reads schema 1"},
		{"unknown field", "version: 1", "version: 1\ncolour: red", "colour"},
		{"kind", "kind: new", "kind: old", "renewal"},
		{"version", "version: 1", "version: 0", "count from 1"},
		{"entry", "entry: a", "entry: x", `entry "x" is no stage`},
		{"signature", "signature: b", "signature: a", "before entry"},
		{"missing title", "ru: Б", "ru: ''", "no title in ru"},
		{"twice", "key: b", "key: a", "stands twice"},
		{"key", "key: b", "key: B!", "small Latin letters"},
		{"conversion", "key: b,", "key: b, conversion: 40,", "use a share from 0 to 1"},
		{"no number", "key: b,", "key: b, conversion: .nan,", "use a share from 0 to 1"},
		{"goal", "key: b,", "key: b, goal: -0.5,", "goal -0.5"},
		{"no yaml", "stages:", "stages: [", "read the funnel file"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := definition.Parse([]byte(strings.Replace(good, c.old, c.with, 1)))
			require.ErrorContains(t, err, c.want)
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(good))
	f.Add([]byte("schema: 1\nstages: [{key: a}]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := definition.Parse(data)
		if err == nil {
			require.NotNil(t, got)
			require.GreaterOrEqual(t, got.Index(got.Signature), 1)
		}
	})
}
