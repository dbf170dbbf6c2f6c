package commands

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// The keys of the two layouts, letter by letter: what the Latin layout writes and what the Russian
// one writes for the same key.
const (
	latinKeys   = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>~"
	russianKeys = "йцукенгшщзхъфывапролджэячсмитьбюёЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮЁ"
)

// FlipLayout returns what the same keys write in the other keyboard layout: "ghbdtn" becomes
// "привет", "ьщму" becomes "move". Words that mix both alphabets, numbers and the punctuation
// around words stay as they are. A search that finds nothing may be tried again with it.
func FlipLayout(s string) string {
	var b strings.Builder
	b.Grow(2 * len(s))
	for len(s) > 0 {
		n := strings.IndexFunc(s, unicode.IsSpace)
		if n < 0 {
			n = len(s)
		}
		flipWord(&b, s[:n])
		s = s[n:]
		if len(s) > 0 {
			_, size := utf8.DecodeRuneInString(s)
			b.WriteString(s[:size])
			s = s[size:]
		}
	}
	return b.String()
}

// flipWord flips letters, and keys of punctuation that stand between letters.
func flipWord(b *strings.Builder, w string) {
	latin, cyrillic := letters(w)
	if latin > 0 == (cyrillic > 0) {
		b.WriteString(w)
		return
	}
	letter, inside := rune(0), false
	for i, r := range w {
		next, _ := utf8.DecodeRuneInString(w[i+utf8.RuneLen(r):])
		letter, inside = r, i > 0 && (unicode.IsLetter(next) || next == '[' || next == ']')
		if latin > 0 && (unicode.IsLetter(r) || inside || r == '[' || r == '\'') {
			letter = latinToRussian(r)
		} else if cyrillic > 0 {
			letter = russianToLatin(r)
		}
		b.WriteRune(letter)
	}
}

// letters counts the Latin and the Cyrillic letters of s.
func letters(s string) (latin, cyrillic int) {
	for _, r := range s {
		switch {
		case r|0x20 >= 'a' && r|0x20 <= 'z':
			latin++
		case r >= 0x400 && r < 0x530:
			cyrillic++
		}
	}
	return latin, cyrillic
}

func latinToRussian(r rune) rune {
	if r < 0x80 {
		if i := strings.IndexByte(latinKeys, byte(r)); i >= 0 { //nolint:gosec // r is below 0x80
			c, _ := utf8.DecodeRuneInString(russianKeys[2*i:]) // every Cyrillic letter has two bytes
			return c
		}
	}
	return r
}

func russianToLatin(r rune) rune {
	if r < 0x400 || r >= 0x530 {
		return r
	}
	if i := strings.IndexRune(russianKeys, r); i >= 0 {
		return rune(latinKeys[i/2])
	}
	return r
}

// natural reports how far the share of vowels is from that of usual words of both languages; less
// is better. It tells "ромашка" from "hjvfirf" where no table knows the word.
func natural(s string) float64 {
	const usual = 0.42
	all, vowels := 0, 0
	for _, r := range s {
		if !unicode.IsLetter(r) {
			continue
		}
		all++
		if strings.ContainsRune("aeiouyаеиоуыэюя", foldRune(r)) {
			vowels++
		}
	}
	if all == 0 {
		return usual
	}
	return max(usual-float64(vowels)/float64(all), float64(vowels)/float64(all)-usual)
}
