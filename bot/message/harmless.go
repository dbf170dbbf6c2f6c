package message

import (
	"strings"
	"unicode"
)

// Dropped in [Harmless] leaves control characters out.
const Dropped rune = -1

// Broken stands where a character was that must not be shown.
const Broken = '\ufffd'

// Harmless makes words fit to be shown and read: valid UTF-8, with control in the place of control
// characters, so that there is no escape sequence, and without what is invisible and turns the
// direction of reading around or hides text. Every kind of line break becomes a line feed, and those
// stay.
func Harmless(s string, control rune) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, string(Broken)), "\r\n", "\n")
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
			return Dropped
		}
		return r
	}, s)
}
