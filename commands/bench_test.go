package commands

import (
	"testing"

	"funnelbot/funnel"
)

// BenchmarkParse reads the lines of the table that mean something, as they would come from people.
func BenchmarkParse(b *testing.B) {
	p := New()
	english, russian := lexicon(funnel.English), lexicon(funnel.Russian)
	lines := typedLines(b)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		l := lines[i%len(lines)]
		lex := english
		if l.language == funnel.Russian {
			lex = russian
		}
		_, _ = p.Parse(l.line, lex)
	}
}

// BenchmarkParseLog reads the longest usual line.
func BenchmarkParseLog(b *testing.B) {
	p, lex := New(), lexicon(funnel.Russian)
	b.ReportAllocs()
	for b.Loop() {
		_, _ = p.Parse("лог ромашка звонок вчера, просят КП, 1.2 млн, след: отправить КП в пт в 15", lex)
	}
}

// BenchmarkParseBare reads the most frequent line.
func BenchmarkParseBare(b *testing.B) {
	p, lex := New(), lexicon(funnel.Russian)
	b.ReportAllocs()
	for b.Loop() {
		_, _ = p.Parse("ромашка переговоры", lex)
	}
}
