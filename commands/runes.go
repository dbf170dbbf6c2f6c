package commands

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// blank reports whether r is nothing but room between words, seen or unseen.
func blank(r rune) bool {
	switch r {
	case '\u200b', '\u2060', '\ufeff', '\u00ad', '\u200e', '\u200f':
		return true
	}
	return unicode.IsSpace(r) || unicode.IsControl(r)
}

// dash reports whether r is a hyphen, a dash or the minus sign.
func dash(r rune) bool {
	return r == '-' || r >= '\u2010' && r <= '\u2015' || r == '\u2212'
}

// ends reports whether r ends a sentence.
func ends(r rune) bool { return r == '.' || r == '!' || r == '?' || r == '…' }

// wordly reports whether a word may begin with r.
func wordly(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsNumber(r) || r == '№' || unicode.Is(unicode.Sc, r) || r == utf8.RuneError
}

// pictured reports whether r is an emoji, a part of one, or another picture.
func pictured(r rune) bool {
	if r < 0x80 || r == '№' || r == utf8.RuneError || unicode.IsLetter(r) {
		return false
	}
	return unicode.In(r, unicode.So, unicode.Sk) || r >= '\ufe00' && r <= '\ufe0f' || r == '\u200d'
}

// arrowAt returns the length of the arrow at the offset, or 0.
func arrowAt(line string, at int) int {
	switch line[at] {
	case '-', '=', 0xE2: // 0xE2 is the first byte of the arrows of Unicode
		for _, a := range []string{"-->", "->", "=>", "==>", "→", "⇒", "➡", "➔", "–>", "—>"} {
			if strings.HasPrefix(line[at:], a) {
				return len(a)
			}
		}
	}
	return 0
}

// closers returns the quotes that end what r opens.
func closers(r rune) string {
	switch r {
	case '"', '\'', '`':
		return string(r)
	case '«':
		return "»"
	case '“':
		return "”\""
	case '„':
		return "“”\""
	case '”':
		return "”"
	case '‘', '‚':
		return "’‘"
	}
	return ""
}

// closing returns the offset of the quote that ends what open began before at, or -1. Only «» may
// hold themselves: ООО «Торговый дом «Ромашка»»; people often close both at once.
func closing(line string, at int, open rune) int {
	set, last, depth := closers(open), -1, 1
	for i, r := range line[at:] {
		switch {
		case r == '«' && open == '«':
			depth++
		case !strings.ContainsRune(set, r):
		case open == '«':
			last = at + i
			if depth--; depth == 0 {
				return last
			}
		case open == '\'' || open == '‘':
			// An apostrophe stands between letters, a closing quote does not.
			next, _ := utf8.DecodeRuneInString(line[at+i+utf8.RuneLen(r):])
			if !unicode.IsLetter(next) {
				return at + i
			}
		default:
			return at + i
		}
	}
	return last
}

// foldRune makes one rune of what people do not tell apart: case, ё and е, dashes, apostrophes.
func foldRune(r rune) rune {
	if r < 0x80 {
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	}
	switch {
	case r >= 'а' && r <= 'я':
		return r
	case r >= 'А' && r <= 'Я':
		return r + 'а' - 'А'
	}
	r = unicode.ToLower(r)
	switch {
	case r == 'ё':
		return 'е'
	case dash(r):
		return '-'
	case r == '’' || r == 'ʼ' || r == '‘':
		return '\''
	}
	return r
}

// appendFold appends the folded form of s. Letters typed as a base and a combining mark (й and ё,
// as some systems paste them) become what they look like.
func appendFold(buf []byte, s string) []byte {
	for _, r := range s {
		switch {
		case r < 0x80:
			buf = append(buf, byte(foldRune(r))) //nolint:gosec // below 0x80 before and after folding
		case r == '\u0306' && len(buf) > 1 && string(buf[len(buf)-2:]) == "и":
			buf = append(buf[:len(buf)-2], "й"...)
		case unicode.Is(unicode.Mn, r) || blank(r):
		default:
			buf = utf8.AppendRune(buf, foldRune(r))
		}
	}
	return buf
}

// fold returns the folded form of s.
func fold(s string) string { return string(appendFold(make([]byte, 0, len(s)), s)) }

// cleaned returns the line as text that can be stored: valid UTF-8 without control characters
// other than line breaks.
func cleaned(line string) string {
	if utf8.ValidString(line) && strings.IndexFunc(line, stray) < 0 {
		return line
	}
	return strings.Map(func(r rune) rune {
		if stray(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(line, "\ufffd"))
}

func stray(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' }
