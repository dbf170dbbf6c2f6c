package commands

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

func TestEveryAliasMeansOneVerb(t *testing.T) {
	t.Parallel()
	owner := map[string]Key{}
	for _, v := range Verbs() {
		require.NotEmpty(t, v.English, v.Key)
		require.NotEmpty(t, v.Russian, v.Key)
		require.Equal(t, string(v.Key), v.English[0], "the first English alias is the key")
		require.Equal(t, "help."+string(v.Key), v.Help)
		require.True(t, slices.Contains(funnel.Roles(), v.Who), v.Key)
		for _, a := range slices.Concat(v.English, v.Russian) {
			require.Empty(t, owner[a], "alias %q of %s", a, v.Key)
			require.Equal(t, fold(a), a, "aliases are folded")
			owner[a] = v.Key
		}
	}
}

func TestEveryAliasAloneIsItsVerb(t *testing.T) {
	t.Parallel()
	p := New()
	for _, v := range Verbs() {
		for _, a := range slices.Concat(v.English, v.Russian) {
			in, err := p.Parse(a, lexicon(funnel.Russian))
			require.NoError(t, err, a)
			require.Equal(t, v.Key, in.Verb, a)
			require.Empty(t, in.Unknown, a)
		}
	}
}

// Whoever types the commands in the wrong keyboard layout is understood.
func TestEveryVerbIsUnderstoodInTheOtherLayout(t *testing.T) {
	t.Parallel()
	p := New()
	for _, v := range Verbs() {
		for _, a := range []string{v.English[0], v.Russian[0]} {
			in, err := p.Parse(FlipLayout(a), lexicon(funnel.Russian))
			require.NoError(t, err, a)
			require.Equal(t, v.Key, in.Verb, "%s typed as %s", a, FlipLayout(a))
		}
	}
}

func TestExamplesParseAndLackNothing(t *testing.T) {
	t.Parallel()
	p := New()
	for _, v := range Verbs() {
		for _, l := range []funnel.Locale{funnel.English, funnel.Russian} {
			require.NotEmpty(t, v.Examples[l], "%s in %s", v.Key, l)
			in, err := p.Parse(v.Examples[l], lexicon(l))
			require.NoError(t, err, v.Examples[l])
			require.Equal(t, v.Key, in.Verb, v.Examples[l])
			require.Empty(t, in.Unknown, v.Examples[l])
			require.Empty(t, in.Choices, v.Examples[l])
			if !in.Deal.IsZero() {
				in = in.Split(1)
			}
			require.Empty(t, in.Missing(), v.Examples[l])
		}
	}
}

func TestDistanceCountsSlips(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"move", "move", 0},
		{"mvoe", "move", 1},
		{"mov", "move", 1},
		{"moove", "move", 1},
		{"выигрли", "выиграли", 1},
		{"kitten", "sitting", 3},
		{"", "abc", 3},
		{"ca", "abc", 3},
	} {
		require.Equal(t, c.want, distance(c.a, c.b, 3), "%q and %q", c.a, c.b)
		require.Equal(t, c.want, distance(c.b, c.a, 3), "%q and %q", c.b, c.a)
	}
	require.Equal(t, 2, distance("kitten", "sitting", 1), "more than the limit is the limit and one")
}

func TestLayoutsAreFlipped(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"ghbdtn":       "привет",
		"ьщму":         "move",
		"hjvfirf kbl!": "ромашка лид!",
		"ghtlkj;tybt":  "предложение",
		"[jkl":         "холд",
		"j,]tv":        "объем",
		"#42 500":      "#42 500",
		"aб":           "aб",
		"":             "",
	} {
		require.Equal(t, want, FlipLayout(typed), typed)
	}
	require.Equal(t, "Acme negotiation", FlipLayout(FlipLayout("Acme negotiation")))
}
