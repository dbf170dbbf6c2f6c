package sample

import (
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

// gaps are what texts may leave open.
var gaps = regexp.MustCompile(`\{(who|kit|kits|n|big|pct|day)\}`)

func TestBothLanguagesHaveTheSameTexts(t *testing.T) {
	t.Parallel()
	en, err := read(string(funnel.English))
	require.NoError(t, err)
	ru, err := read(string(funnel.Russian))
	require.NoError(t, err)

	require.Len(t, ru, len(en))
	for i := range en {
		require.Equal(t, en[i].title, ru[i].title)
		require.Len(t, ru[i].lines, len(en[i].lines), en[i].title)
		require.NotEmpty(t, en[i].lines, en[i].title)
	}
}

func TestTextsAreReadable(t *testing.T) {
	t.Parallel()
	for _, l := range []funnel.Locale{funnel.English, funnel.Russian} {
		for _, name := range []string{string(l), string(l) + "_companies"} {
			sections, err := read(name)
			require.NoError(t, err)
			for _, s := range sections {
				seen := map[string]bool{}
				for _, line := range s.lines {
					require.False(t, seen[line], "%s: %q stands twice under %s", name, line, s.title)
					seen[line] = true
					require.LessOrEqual(t, utf8.RuneCountInString(line), 120, line)
					rest := gaps.ReplaceAllString(line, "x")
					require.NotContains(t, rest, "{", line)
					require.NotContains(t, rest, "  ", line)
					if l == funnel.English {
						require.NotRegexp(t, `[а-яА-Я]`, line)
					}
				}
			}
		}
	}
}

func TestEveryTouchHasTexts(t *testing.T) {
	t.Parallel()
	for _, l := range []funnel.Locale{funnel.English, funnel.Russian} {
		b, err := newBook(l, newDice(l, funnel.DateOf(monday), ofDeals).Rand)
		require.NoError(t, err)
		for at, c := range courses() {
			for _, touch := range c.touches {
				require.NotEmpty(t, b.lines[touch.heading(level(at))], touch.heading(level(at)))
			}
			for _, r := range c.reasons {
				require.NotEmpty(t, b.lines["lost "+r.key], r.key)
			}
			if level(at) > target {
				require.NotEmpty(t, b.lines["next "+level(at).String()])
			}
		}
	}
}

// TestNoTextIsHeardTooOften keeps the year from sounding like a parrot.
func TestNoTextIsHeardTooOften(t *testing.T) {
	t.Parallel()
	_, stories := plans(t, funnel.Russian, monday, nil)
	times, all := map[string]int{}, 0
	for _, s := range stories {
		within := map[string]int{}
		for _, a := range s.acts {
			if report, ok := a.Do.(funnel.Report); ok {
				text := report.Activity.Text
				require.NotContains(t, text, "{")
				first, _ := utf8.DecodeRuneInString(strings.TrimLeft(text, "\"«"))
				require.True(t, unicode.IsUpper(first) || unicode.IsDigit(first), text)
				times[text]++
				within[text]++
				all++
				require.LessOrEqual(t, within[text], 3, "%s: %s", s.firm.name, text)
			}
		}
	}
	for text, n := range times {
		require.LessOrEqual(t, n, all/60, text)
	}
}

func TestCompaniesAreToldApartByTheirNames(t *testing.T) {
	t.Parallel()
	for _, l := range []funnel.Locale{funnel.English, funnel.Russian} {
		y, _ := plans(t, l, monday, nil)
		seen := map[string]string{}
		for _, f := range y.firms {
			key := funnel.NameKey(f.name)
			require.Empty(t, seen[key], "%s is %s", f.name, seen[key])
			seen[key] = f.name
			require.NotEmpty(t, f.kit)
			require.NotEmpty(t, f.ofKit)
			require.Regexp(t, `^[a-z0-9]+\.example$`, domain(f.name))
		}
	}
}

func TestATextNamesNobodyByTheirPositionTwice(t *testing.T) {
	t.Parallel()
	b, err := newBook(funnel.English, newDice(funnel.English, funnel.DateOf(monday), ofDeals).Rand)
	require.NoError(t, err)
	b.lines["talk"] = []string{"{who}: the owner says no", "{who}: no, on {n} pages"}
	f := &firm{contacts: []string{"Ruby (owner)"}, kit: "ovens", ofKit: "ovens"}

	for range 20 {
		text := b.say("talk", f, monday.Weekday())
		require.Regexp(t, `^Ruby \(owner\): no, on [234] pages$`, text)
	}
}

// TestTextsNameThePeopleOfTheirFirm keeps out first names that are words too: such a text would touch
// nobody.
func TestTextsNameThePeopleOfTheirFirm(t *testing.T) {
	t.Parallel()
	for _, l := range []funnel.Locale{funnel.English, funnel.Russian} {
		y, _ := plans(t, l, monday, nil)
		for _, f := range y.firms {
			people := make([]funnel.Contact, len(f.people))
			for i, p := range f.people {
				people[i] = funnel.Contact{ID: funnel.ID{byte(i + 1)}, Name: p.name, Email: p.email}
			}
			for i, who := range f.contacts {
				require.Equal(t, []funnel.ID{people[i].ID}, funnel.Named(who+": "+y.book.lines["won"][0], people), who)
			}
		}
	}
}
