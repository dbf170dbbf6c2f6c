package funnel

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// word is one word of a text, or an address in it.
type word struct {
	// text is the word in the form in which names are compared; see [foldWord].
	text string
	// capital is a word that begins with a capital letter and goes on in small ones; shouted is one
	// that is all capitals.
	capital, shouted bool
	// initial is a letter with a full stop that stands for a name.
	initial bool
	// starts says that a sentence begins here, joined that only space is between this word and the
	// one before.
	starts, joined bool
	address        bool
}

// wordsOf takes a text apart. Addresses of mail and pages are one word each.
func wordsOf(text string) []word {
	var words []word
	starts, joined := true, false
	for line := range strings.Lines(text) {
		starts, joined = true, false
		for chunk := range strings.FieldsSeq(line) {
			if strings.Contains(chunk, "@") || strings.Contains(chunk, "://") {
				address := strings.TrimFunc(foldWord(chunk), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
				address = strings.TrimPrefix(address, "mailto:")
				if address != "" {
					words = append(words, word{text: address, address: true, starts: starts})
				}
				starts, joined = false, false
				continue
			}
			words = splitWords(words, chunk, &starts, &joined)
		}
	}
	return words
}

// splitWords appends the words of a chunk without space.
func splitWords(words []word, chunk string, starts, joined *bool) []word {
	for chunk != "" {
		n := wordLength(chunk)
		if n == 0 {
			r, size := utf8.DecodeRuneInString(chunk)
			chunk = chunk[size:]
			*joined = false
			if strings.ContainsRune(".!?…:;", r) {
				*starts = true
			}
			continue
		}
		w := wordOf(chunk[:n])
		w.starts, w.joined = *starts, *joined
		chunk = chunk[n:]
		*starts, *joined = false, true
		if utf8.RuneCountInString(w.text) == 1 && w.capital && strings.HasPrefix(chunk, ".") {
			w.initial, chunk = true, chunk[1:]
		}
		words = append(words, w)
	}
	return words
}

// wordLength returns how many bytes at the beginning are a word: letters and digits, with hyphens
// and apostrophes inside.
func wordLength(text string) int {
	end := 0
	for i, r := range text {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			end = i + utf8.RuneLen(r)
		case (joint(r) || r == '-' || r == '‑') && i > 0 && end == i:
		default:
			return end
		}
	}
	return end
}

func joint(r rune) bool { return r == '\'' || r == '’' || r == 'ʼ' }

func wordOf(raw string) word {
	var w word
	first, size := utf8.DecodeRuneInString(raw)
	rest := raw[size:]
	w.shouted = rest != "" && strings.ToUpper(raw) == raw && strings.ToLower(raw) != raw
	w.capital = unicode.IsUpper(first) && !w.shouted
	w.text = strings.Map(plain, foldWord(bare(raw)))
	return w
}

// plain is the hyphen or the apostrophe of a keyboard in place of those of a printer.
func plain(r rune) rune {
	switch {
	case joint(r):
		return '\''
	case r == '‑':
		return '-'
	}
	return r
}

// bare takes the ending off that follows an apostrophe: Anna's, Smith'у.
func bare(raw string) string {
	i := strings.LastIndexFunc(raw, joint)
	if i <= 0 {
		return raw
	}
	_, size := utf8.DecodeRuneInString(raw[i:])
	ending := foldWord(raw[i+size:])
	if ending == "s" || cyrillic(ending) && utf8.RuneCountInString(ending) <= 3 && !cyrillic(raw[:i]) {
		return raw[:i]
	}
	return raw
}

// cyrillic reports whether the word is written in Cyrillic letters.
func cyrillic(w string) bool {
	r, _ := utf8.DecodeRuneInString(w)
	return unicode.Is(unicode.Cyrillic, r)
}
