package commands

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func words(line string) []string {
	var list []string
	for _, t := range tokenize(line).list {
		text := line[t.start:t.end]
		switch {
		case t.shape == mark:
			text = "|"
		case t.shape == arrow:
			text = "->"
		case t.shape == symbol:
			text = ":)"
		case t.quoted:
			text = "<" + text + ">"
		}
		list = append(list, text)
	}
	return list
}

func TestALineIsTakenApart(t *testing.T) {
	t.Parallel()
	for line, want := range map[string][]string{
		"log acme call, now":    {"log", "acme", "call", "|", "now"},
		"a\u00a0b\u2003c\td":    {"a", "b", "c", "d"},
		`show "Acme Tools" now`: {"show", "<Acme Tools>", "now"},
		"«Торговый дом «Ромашка»» лид":   {"<Торговый дом «Ромашка»>", "лид"},
		"«Торговый дом «Ромашка» лид":    {"<Торговый дом «Ромашка>", "лид"},
		"„Ромашка“ “b” ”c” `d` 'e f'":    {"<Ромашка>", "<b>", "<c>", "<d>", "<e f>"},
		"don't O’Reilly l'Oréal":         {"don't", "O’Reilly", "l'Oréal"},
		`half "open`:                     {"half", "open"},
		"1,2 млн,да; 12:30 след:пт":      {"1,2", "млн", "|", "да", "|", "12:30", "след", "пт"},
		"a — b – c - d --as-of -5 −6":    {"a", "|", "b", "|", "c", "|", "d", "as-of", "-5", "−6"},
		"a->b => c → d":                  {"a", "->", "b", "->", "c", "->", "d"},
		"x=y x = y":                      {"x", "=", "y", "x", "=", "y"},
		"https://acme.test/?q=1,2 ok":    {"https://acme.test/?q=1,2", "ok"},
		"🔥ромашка🔥 👨‍👩‍👧":                {":)", "ромашка", ":)", ":)", ":)", ":)", ":)", ":)"},
		"<@U123|anna> @bob":              {"@U123", "@bob"},
		"(hello) *move* _acme_ end...":   {"hello", "move", "acme", "end"},
		"#42 №7 $5 12% C++ AT&T R&D a/b": {"#42", "№7", "$5", "12%", "C++", "AT&T", "R&D", "a/b"},
		"line one\nline two":             {"line", "one", "|", "line", "two"},
		"\u200bmove\ufeff x":             {"move", "x"},
		"R & D":                          {"R", "&", "D"},
		"":                               nil,
		"!!! ... ()":                     nil,
	} {
		require.Equal(t, want, words(line), "line %q", line)
	}
}

func TestTokensKeepTheirPlace(t *testing.T) {
	t.Parallel()
	line := "лог  ромашка:  «Северный  Ветер», да!"
	list := tokenize(line).list
	require.Equal(t, "ромашка", line[list[1].start:list[1].end])
	require.True(t, list[1].colon)
	require.Equal(t, "«Северный  Ветер»", line[list[2].from:list[2].stop])
	require.Equal(t, "да!", line[list[4].from:list[4].stop])
	require.True(t, list[4].dot)
}

func TestFoldingMakesOneOfWhatPeopleDoNotTellApart(t *testing.T) {
	t.Parallel()
	for _, pair := range [][2]string{
		{"Ёлка", "елка"},
		{"Е\u0308лка", "елка"},
		{"Пи\u0306", "пй"},
		{"ACME", "acme"},
		{"a–b—c‑d", "a-b-c-d"},
		{"O’Reilly", "o'reilly"},
		{"за\u0301мок", "замок"},
		{"со\u00adгласование", "согласование"},
	} {
		require.Equal(t, pair[1], fold(pair[0]))
	}
}

// Lines of a megabyte that would make a careless reader quadratic.
func TestLongLinesAreReadInLinearTime(t *testing.T) {
	t.Parallel()
	const million = 1 << 20
	for _, piece := range []string{"\"", "«", "'", " '", "a", "a ", "-", "->", "<@", "\x00", "\xff", "1 000 ", ",", "е\u0308", "://", "«»", "\"a\" ", "🔥"} {
		line := strings.Repeat(piece, million/len(piece))
		start := time.Since(monday)
		tokenize(line)
		require.Less(t, time.Since(monday)-start, time.Minute, "line of %q", piece)
	}
}

func TestADocumentIsRefused(t *testing.T) {
	t.Parallel()
	_, err := New().Parse("log acme "+strings.Repeat("слово ", MaxLine), lexicon("ru"))
	require.EqualError(t, err, "refused: too_long field=line limit=16000")
}

// The longest lines that are read at all, made of what the parser looks at hardest.
func TestTheLongestLinesAreParsedInLinearTime(t *testing.T) {
	t.Parallel()
	p := New()
	for _, start := range []string{"", "log ", "next ", "set ", "lost ", "move ", "new ", "funnel ", "list ", "assign ", "park ", "timezone ", "role "} {
		for _, piece := range []string{"a ", "пт ", "20.11 ", "1 000 ", "call ", "-> лид ", "след: ", ", ", "сумма 5 ", "«", "цена ", "anna "} {
			line := start + strings.Repeat(piece, (MaxLine-20)/len([]rune(piece)))
			begin := time.Since(monday)
			_, _ = p.Parse(line, lexicon("ru"))
			require.Less(t, time.Since(monday)-begin, 10*time.Second, "line of %q and %q", start, piece)
		}
	}
}
