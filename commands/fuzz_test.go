package commands

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

func FuzzTokens(f *testing.F) {
	for _, l := range typedLines(f) {
		f.Add(l.line)
	}
	f.Add("\xff\xfe\x00«»“„\"'`<@>|-->==")
	f.Add("0\xa7\xcb \xaf\xdb0\x93 & 00")
	f.Add("e\u0301\u0308и\u0306 👨‍👩‍👧 1,2,3;a;b")
	f.Fuzz(func(t *testing.T, line string) {
		got := tokenize(line)
		at := 0
		for _, k := range got.list {
			require.LessOrEqual(t, at, k.from, "tokens follow each other")
			require.True(t, k.from <= k.start && k.start < k.end && k.end <= k.stop && k.stop <= len(line))
			at = k.stop
			require.Equal(t, fold(got.folded[k.fs:k.fe]), got.folded[k.fs:k.fe], "folding is idempotent")
		}
	})
}

func FuzzMoney(f *testing.F) {
	for _, s := range []string{
		"1.2M", "1,2 млн", "450к", "$12,000", "12 000 ₽", "12т.р.", "€5k", "USD 12000", "1.234.567,89", "-5", "1,234",
		"92233720368547758.07", "0,500", "1'000'000", "12k$", "2кк руб", "9 999 999 999 999 999 999", "1,234 kwd",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, l := range []funnel.Locale{funnel.English, funnel.Russian} {
			m, err := ParseMoney(s, "RUB", l)
			if err != nil {
				requireRefusal(t, err)
				continue
			}
			require.GreaterOrEqual(t, m.Minor, int64(0))
			for _, other := range []funnel.Locale{funnel.English, funnel.Russian} {
				again, err := ParseMoney(FormatMoney(m), "EUR", other)
				require.NoError(t, err, FormatMoney(m))
				require.Equal(t, m, again, "what is written is read again")
			}
		}
	})
}

func FuzzDate(f *testing.F) {
	for _, s := range []string{
		"вчера", "в след. пятницу", "через 2 недели", "3 days ago", "конец месяца", "20.11", "20.11.2026", "03/04",
		"Nov 20th, 2026", "20 ноября 2026 г.", "завтра в 15:30", "at 3pm on friday", "+3d", "31.02", "in 9999 years",
		"0.0", "2026-13-45", "часа назад", "9999 часов назад", "25-го", "на этой неделе",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, d := range []Direction{Past, Future} {
			list, err := ParseDate(s, monday.In(moscow()), d, funnel.Russian)
			if err != nil {
				requireRefusal(t, err)
				continue
			}
			for _, w := range list {
				require.True(t, w.Date.Valid(), w.String())
				again, err := ParseDate(w.String(), monday.In(moscow()), d, funnel.English)
				require.NoError(t, err, w.String())
				require.Equal(t, []When{w}, again)
			}
		}
	})
}

func FuzzRef(f *testing.F) {
	for _, s := range []string{"#42", "№ 42", "42 студия", `"Ромашка Плюс" да`, "ромашка просят КП", "a, b", "#", "№ x", "000"} {
		f.Add(s)
	}
	p := New()
	f.Fuzz(func(t *testing.T, s string) {
		in, err := p.Parse("log "+s, lexicon(funnel.English))
		if err != nil {
			requireRefusal(t, err)
			return
		}
		if in.Deal.Quoted && in.Deal.Tail == "" {
			return // a quoted name in front is the whole name
		}
		for n := range len(in.Deal.Words) + 1 {
			split := in.Split(n)
			require.Len(t, split.Deal.Words, n)
			for _, w := range in.Deal.Words[n:] {
				require.Contains(t, split.Text, strings.TrimSpace(w), "no word is lost")
			}
			if end := in.SplitEnd(n); n > 0 && !in.Deal.Quoted {
				require.Len(t, end.Deal.Words, n)
			}
		}
	})
}

func FuzzLine(f *testing.F) {
	for _, l := range typedLines(f) {
		f.Add(l.line, l.language == funnel.Russian)
	}
	p := New()
	f.Fuzz(func(t *testing.T, line string, russian bool) {
		lex := lexicon(funnel.English)
		if russian {
			lex.Language = funnel.Russian
		}
		in, err := p.Parse(line, lex)
		if err != nil {
			requireRefusal(t, err)
			return
		}
		require.NotEmpty(t, in.Verb)
		data, err := json.Marshal(in)
		require.NoError(t, err)
		require.True(t, utf8.ValidString(in.Text) && !strings.ContainsRune(in.Text, 0), "text can be stored")
		again, err := p.Parse(line, lex)
		require.NoError(t, err)
		require.Equal(t, in, again, "the same line is the same intent")
		var back Intent
		require.NoError(t, json.Unmarshal(data, &back))
		back.Slash, back.Bare = in.Slash, in.Bare
		require.Equal(t, in, back, "an intent survives its JSON")
		for _, c := range in.Choices {
			// One that only a slip of the finger names is offered alone.
			require.True(t, len(c.Options) > 1 || len(c.Options) == 1 && c.Arg == ArgStage, "a choice has several readings")
		}
		_ = in.Missing()
	})
}

// requireRefusal fails unless the error is a refusal whose arguments can be shown.
func requireRefusal(t *testing.T, err error) {
	t.Helper()
	var e *funnel.Error
	require.ErrorAs(t, err, &e)
	require.NotEmpty(t, e.Code)
	for _, v := range e.Args {
		if s, ok := v.(string); ok {
			require.True(t, utf8.ValidString(s), "%q", s)
		}
	}
}
