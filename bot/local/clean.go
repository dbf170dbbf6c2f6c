package local

import (
	"strings"
	"unicode"
)

// broken stands where a character was that must not reach a terminal.
const broken = '\ufffd'

// neutral makes words harmless to show: no control characters, so no escape sequence; nothing
// invisible that turns the reading direction around or hides text. Line feeds stay.
func neutral(s string) string { return filter(s, broken) }

// inline is [neutral] on one line.
func inline(s string) string { return strings.ReplaceAll(neutral(s), "\n", " ") }

// typed is what a person meant by a line: one line without what no key types.
func typed(s string) string {
	return strings.TrimSpace(strings.ReplaceAll(filter(s, dropped), "\n", " "))
}

const dropped rune = -1

// filter maps every control character to control and leaves invisible ones out.
func filter(s string, control rune) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, string(broken)), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == '\u0085' || r == '\u2028' || r == '\u2029':
			return '\n'
		case r == '\t':
			return ' '
		case unicode.Is(unicode.Cc, r):
			return control
		case r == '\u200c' || r == '\u200d': // joiners, which spell words and emoji
			return r
		case unicode.Is(unicode.Cf, r): // bidirectional overrides, zero widths, tags
			return dropped
		}
		return r
	}, s)
}
