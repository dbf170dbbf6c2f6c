package commands

import (
	"strings"
	"unicode"
)

// sounds compares a typed word with the parts of a name that is written in the other alphabet:
// "Анну" calls Anna, and "Vera" calls Вера.
func sounds(typed, name string) grade {
	for rest := name; ; {
		part, after := nextWord(rest)
		if part == "" {
			return unlike
		}
		rest = after
		if cyrillic(part) != cyrillic(typed) && alike(latin(part), latin(typed), cyrillic(typed)) {
			return partial
		}
	}
}

func cyrillic(w string) bool {
	return strings.IndexFunc(w, func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }) >= 0
}

// alike reports whether two words in Latin letters are the same, up to the ending of a Russian
// case where one was typed.
func alike(name, typed string, inflects bool) bool {
	if name == typed {
		return true
	}
	n := 0
	for n < len(name) && n < len(typed) && name[n] == typed[n] {
		n++
	}
	return inflects && n >= shortest && latinEnding(name[n:]) && latinEnding(typed[n:])
}

// latinEnding reports whether s is an ending of Russian names, in the letters of [latin].
func latinEnding(s string) bool {
	switch s {
	case "", "a", "e", "i", "u", "o", "oi", "ei", "om", "em", "ia", "iu", "ie", "iem", "iei", "oiu", "ogo", "omu", "ov":
		return true
	}
	return false
}

// latin writes a word in plain Latin letters, so that the usual spellings of a name in both
// alphabets become one: Юлия, Yulia and Julia.
func latin(w string) string {
	var b strings.Builder
	last := byte(0)
	add := func(s string) {
		for k := range len(s) {
			// Дмитрий and Dmitry differ in an i only.
			if s[k] != 'i' || last != 'i' {
				b.WriteByte(s[k])
			}
			last = s[k]
		}
	}
	for _, r := range strings.ReplaceAll(strings.ToLower(w), "kh", "h") {
		if unicode.Is(unicode.Cyrillic, r) {
			add(romanized(r))
			continue
		}
		switch r {
		case 'y', 'j':
			add("i")
		case 'w':
			add("v")
		case 'x':
			add("ks")
		case '\'', '-':
		default:
			add(string(r))
		}
	}
	return b.String()
}

// romanized is a Russian letter in Latin ones.
func romanized(r rune) string {
	const first = 'а'
	letters := [...]string{
		"a", "b", "v", "g", "d", "e", "zh", "z", "i", "i", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u", "f", "h",
		"ts", "ch", "sh", "sch", "", "i", "", "e", "iu", "ia",
	}
	switch at := int(r - first); {
	case r == 'ё':
		return "e"
	case at >= 0 && at < len(letters):
		return letters[at]
	}
	return string(r)
}
