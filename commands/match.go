package commands

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// grade says how well typed words name a thing; more is better.
type grade int

const (
	unlike    grade = iota
	slipped         // one word with a typo
	opening         // the first letters of one of its words
	partial         // one of its words, in any case form
	inflected       // the whole name, in other case forms
	whole           // the whole name
)

// shortest is how many letters the beginning of a word needs to stand for it.
const shortest = 3

// matchName compares the words at i with a name and returns how well and how many words of the line
// it takes.
func (s *scan) matchName(i, b int, name string) (grade, int) {
	if !mayHold(name, s.word(i, b)) {
		return unlike, 1
	}
	g, n := whole, 0
	rest := name
	for {
		w, after := nextWord(rest)
		if w == "" {
			break
		}
		typed := s.word(i+n, b)
		switch {
		case typed == "":
			g = unlike
		case equalFold(w, typed):
		case sameStem(w, typed):
			g = min(g, inflected)
		default:
			g = unlike
		}
		if g == unlike {
			break
		}
		n++
		rest = after
	}
	if g != unlike && n > 0 {
		return g, n
	}
	return s.matchPart(s.word(i, b), name), 1
}

// mayHold reports whether a word of the name can begin as the folded typed one does, which most names
// are ruled out by. Beyond ASCII a byte does not show what it folds to, for i and k as well: that is
// what İ and the Kelvin sign become.
func mayHold(name, typed string) bool {
	if typed == "" {
		return false
	}
	first := typed[0]
	beyond := first >= utf8.RuneSelf || first == 'i' || first == 'k'
	for i := range len(name) {
		if c := name[i]; c|0x20 == first|0x20 || beyond && c >= utf8.RuneSelf {
			return true
		}
	}
	return false
}

// matchPart compares one word with the words of a name.
func (s *scan) matchPart(typed, name string) grade {
	if typed == "" || filler(typed) {
		return unlike
	}
	best := unlike
	long := utf8.RuneCountInString(typed) >= shortest
	for rest := name; ; {
		w, after := nextWord(rest)
		if w == "" {
			return best
		}
		rest = after
		switch {
		case equalFold(w, typed) || sameStem(w, typed):
			return partial
		case long && prefixFold(w, typed):
			best = opening
		}
	}
}

// typo reports whether the word is one slip away from a name of one word.
func typo(typed, name string) bool {
	if strings.ContainsRune(name, ' ') {
		return false
	}
	n := min(utf8.RuneCountInString(typed), utf8.RuneCountInString(name))
	limit := tolerance(n)
	return limit > 0 && distance(typed, fold(name), limit) <= limit
}

// nextWord cuts the first word off a name: letters and digits.
func nextWord(name string) (w, rest string) {
	start := strings.IndexFunc(name, wordRune)
	if start < 0 {
		return "", ""
	}
	name = name[start:]
	end := strings.IndexFunc(name, func(r rune) bool { return !wordRune(r) && r != '-' && r != '\'' })
	if end < 0 {
		return name, ""
	}
	return name[:end], name[end:]
}

// wordRune asks the tables of Unicode last: names are in Latin or Cyrillic letters nearly always.
func wordRune(r rune) bool {
	return r|0x20 >= 'a' && r|0x20 <= 'z' || r >= 0x400 && r < 0x482 || unicode.IsLetter(r) || unicode.IsDigit(r)
}

// equalFold reports whether the word of a name, in any case, is the folded typed word.
func equalFold(name, typed string) bool {
	return shared(name, typed) == len(typed) && sharedName(name, typed) == len(name)
}

// prefixFold reports whether the word of a name begins with the folded typed word.
func prefixFold(name, typed string) bool { return shared(name, typed) == len(typed) }

// shared returns how many bytes of typed are the beginning of name.
func shared(name, typed string) int {
	_, n := common(name, typed)
	return n
}

func sharedName(name, typed string) int {
	n, _ := common(name, typed)
	return n
}

// common returns the lengths of the common beginning in both words, in bytes.
func common(name, typed string) (inName, inTyped int) {
	for inName < len(name) && inTyped < len(typed) {
		r, n := utf8.DecodeRuneInString(name[inName:])
		t, m := utf8.DecodeRuneInString(typed[inTyped:])
		if foldRune(r) != t {
			break
		}
		inName += n
		inTyped += m
	}
	return inName, inTyped
}

// sameStem reports whether two Russian words differ in their case ending only, or an English one
// in its possessive: "переговорах" names "Переговоры". Typed is folded.
func sameStem(name, typed string) bool {
	inName, inTyped := common(name, typed)
	if inTyped == 0 {
		return false
	}
	left, right := name[inName:], typed[inTyped:]
	if left == "" && (right == "'s" || right == "s") && inTyped >= shortest {
		return true
	}
	first, _ := utf8.DecodeRuneInString(typed)
	if first < 0x400 || first >= 0x530 {
		return false
	}
	stem := utf8.RuneCountInString(typed[:inTyped])
	return stem >= shortest && caseEnding(left) && caseEnding(right)
}

// caseEnding reports whether s is an ending of Russian nouns and adjectives, in lower case.
func caseEnding(s string) bool {
	switch s {
	case "", "а", "я", "у", "ю", "е", "и", "ы", "о", "ь", "й", "ой", "ей", "ем", "ом", "ам", "ям", "ах", "ях",
		"ами", "ями", "ов", "ев", "ию", "ии", "ия", "ие", "ием", "ий", "ью", "ого", "его", "ому", "ему",
		"ую", "юю", "ая", "яя", "ое", "ее", "ые", "ый", "ых", "их", "им", "ым":
		return true
	}
	return false
}

// filler reports whether the word is too common to stand for a name that holds it.
func filler(w string) bool {
	switch w {
	case "нет", "не", "ни", "на", "в", "во", "к", "ко", "с", "со", "из", "за", "по", "до", "от", "для", "и", "или",
		"мы", "у", "их", "он", "они", "наш", "наша", "это", "no", "not", "none", "a", "an", "the", "to", "of", "in",
		"on", "at", "by", "for", "with", "and", "or", "our", "us", "we", "they", "it", "too", "went", "as", "is":
		return true
	}
	return false
}
