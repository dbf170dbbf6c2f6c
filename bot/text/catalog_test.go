package text

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

func catalog(t *testing.T) *Catalog {
	t.Helper()
	c, err := Load()
	require.NoError(t, err)
	c.Fault = func(lang funnel.Locale, key string, err error) {
		t.Errorf("%s: %s: %v", lang, key, err)
	}
	return c
}

func TestEveryKeyExistsInBothLanguages(t *testing.T) {
	t.Parallel()
	c := catalog(t)
	english := slices.Sorted(maps.Keys(c.langs[0].messages))
	russian := slices.Sorted(maps.Keys(c.langs[1].messages))
	require.Equal(t, english, russian)
	require.Greater(t, len(english), 100)
}

func TestPlaceholdersAreTheSameInBothLanguages(t *testing.T) {
	t.Parallel()
	c := catalog(t)
	for key, en := range c.langs[0].messages {
		ru := c.langs[1].messages[key]
		require.NotNil(t, ru, key)
		require.Equal(t, en.holes, ru.holes, key)
	}
}

func TestPluralFormsAreComplete(t *testing.T) {
	t.Parallel()
	c := catalog(t)
	for key, en := range c.langs[0].messages {
		e, r := en.message, c.langs[1].messages[key].message
		require.NotEmpty(t, e.Other, key)
		require.NotEmpty(t, r.Other, key)
		if !plural(e) && !plural(r) {
			continue
		}
		require.NotEmpty(t, e.One, "%s: English has one and other", key)
		require.Empty(t, e.Few+e.Many, "%s: English has one and other", key)
		for form, s := range map[string]string{"one": r.One, "few": r.Few, "many": r.Many} {
			require.NotEmpty(t, s, "%s: Russian has one, few, many and other, but no %s", key, form)
		}
		require.Contains(t, en.holes, "n", "%s depends on a number and does not name it", key)
	}
}

func plural(m *i18n.Message) bool {
	return m.Zero+m.One+m.Two+m.Few+m.Many != ""
}

// TestSentencesHoldNothingButWordsAndPlaceholders keeps a misspelt placeholder from passing as
// words, and untidy whitespace out of what people read.
func TestSentencesHoldNothingButWordsAndPlaceholders(t *testing.T) {
	t.Parallel()
	cyrillic := regexp.MustCompile(`\p{Cyrillic}`)
	for _, l := range catalog(t).langs {
		for key, src := range l.messages {
			m := src.message
			for _, form := range []string{m.One, m.Few, m.Many, m.Other} {
				words := placeholder.ReplaceAllString(form, "x")
				require.NotContains(t, words, "{", key)
				require.NotContains(t, words, "}", key)
				require.NotContains(t, words, "  ", key)
				require.Equal(t, strings.TrimSpace(form), form, key)
				if l.locale == funnel.English {
					require.NotRegexp(t, cyrillic, words, key)
				}
			}
			if h, ok := src.holes["deal"]; ok {
				require.True(t, h.bare, "%s: a deal's number is written #{{.deal}}", key)
			}
		}
	}
}

func TestEverySentenceRendersWithoutAHole(t *testing.T) {
	t.Parallel()
	c := catalog(t)
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for _, l := range c.langs {
		p := c.In(string(l.locale)).For(now, time.UTC)
		for key, src := range l.messages {
			for _, n := range []int{0, 1, 2, 5, 21} {
				for name, value := range map[string]any{"text": "Acme {{x}} <b>", "number": n} {
					args := Args{}
					for hole := range src.holes {
						args[hole] = value
					}
					rendered := p.Say(key, args)
					if plural(src.message) {
						rendered = p.Count(key, n, args)
						require.Contains(t, rendered, p.Number(int64(n)), "%s %s", key, name)
					}
					whole(t, key, rendered)
				}
			}
		}
	}
}

func whole(t *testing.T, key, rendered string) {
	t.Helper()
	require.NotEmpty(t, rendered, key)
	require.NotContains(t, rendered, "<no value>", key)
	require.NotContains(t, rendered, "<nil>", key)
	require.NotContains(t, strings.ReplaceAll(rendered, "{{x}}", ""), "{", key)
	require.NotContains(t, rendered, ellipsis+ellipsis, key)
}

func TestMissingKeyAndMissingArgumentAreToldAndNeverShown(t *testing.T) {
	t.Parallel()
	c, err := Load()
	require.NoError(t, err)
	var told []string
	c.Fault = func(lang funnel.Locale, key string, err error) {
		told = append(told, string(lang)+" "+key+": "+err.Error())
	}
	p := c.In("ru")
	require.Equal(t, "…", p.Say("no.such.key", nil))
	require.Equal(t, "Сделка #… не отложена.", p.Say("error.not_parked", nil))
	require.Equal(t, []string{
		"ru no.such.key: no such sentence",
		"ru error.not_parked: argument is missing: deal",
	}, told)

	c.Fault = nil
	require.Equal(t, "…", p.Say("no.such.key", nil))
}

func TestCatalogRefusesAFileThatIsBroken(t *testing.T) {
	t.Parallel()
	good := `[a]` + "\n" + `b = "c"`
	for name, bad := range map[string]string{
		"no TOML":                  `[a`,
		"the same key twice":       good + "\nb = \"d\"",
		"a form beside keys":       "[a]\none = \"x\"\nbe = \"y\"",
		"the key in two spellings": "\"a.b\" = \"x\"\n" + good,
	} {
		_, err := load(fstest.MapFS{
			"locales/en.toml": {Data: []byte(good)},
			"locales/ru.toml": {Data: []byte(bad)},
		})
		require.Error(t, err, name)
	}
	_, err := load(fstest.MapFS{"locales/en.toml": {Data: []byte(good)}})
	require.ErrorContains(t, err, "locales/ru.toml")
}

func TestLanguageIsTheNearestOne(t *testing.T) {
	t.Parallel()
	c := catalog(t)
	for asked, want := range map[string]funnel.Locale{
		"ru": "ru", "ru-RU": "ru", "ru_RU": "ru", "en": "en", "en-GB": "en", "": "en", "de": "en", "nonsense!": "en",
	} {
		require.Equal(t, want, c.In(asked).Locale(), asked)
	}
}
