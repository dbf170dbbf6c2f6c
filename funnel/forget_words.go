package funnel

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// erasure says what of the person has to go.
func (p *Contact) erasure(e *Env) *Forget {
	f := &Forget{Contact: p.ID, Company: p.Company, At: e.Now}
	var w wording
	parts := partsOf(p.Name)
	if len(wordsOf(p.Name)) > 1 {
		// Of who has but one name here that name alone is known, and many have it.
		w.add(p.Name)
		w.wholes(parts)
	}
	w.add(p.Email)
	w.number(p.Phone)
	f.Words = w.all
	var near wording
	for _, part := range parts {
		// A word that is something else as well would be taken out of sentences that are not about
		// the person. By itself it says little of anybody.
		if part.initial || vague(part.base) {
			continue
		}
		for _, form := range part.forms {
			near.add(form)
		}
	}
	f.Near = slices.DeleteFunc(near.all, func(form string) bool { return slices.Contains(f.Words, form) })
	return f
}

// wording collects words without repeating any. What stands before and after their first and last
// letter or digit is left out: there a text may have anything.
type wording struct{ all []string }

func (w *wording) add(word string) {
	word = strings.TrimFunc(word, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if word != "" && !slices.Contains(w.all, word) {
		w.all = append(w.all, word)
	}
}

// wholes adds the ways in which people write the whole of a name: in every case, with the surname
// first or last, with and without the patronymic or second name, and with initials.
func (w *wording) wholes(parts []namePart) {
	parts = slices.DeleteFunc(slices.Clone(parts), func(p namePart) bool { return p.initial })
	n := len(parts)
	for i := range n {
		for j := range n {
			// Where both are words of the language, as in "will price", only the name as it is kept goes.
			if i != j && (!vague(parts[i].base) || !vague(parts[j].base)) {
				w.pair(parts[i].base, parts[j].base)
			}
		}
		if n > 1 && !vague(parts[i].base) && !parts[i].father {
			w.initials(parts, i)
		}
	}
	if n == 3 {
		for _, order := range [][3]int{{0, 1, 2}, {1, 2, 0}, {2, 0, 1}} {
			w.triple(parts[order[0]].base, parts[order[1]].base, parts[order[2]].base)
		}
	}
}

// vague reports whether a part of a name is a word of the language as well.
func vague(base string) bool { return particle(base) || ordinary(base) }

// pair adds two words of a name, in the same case.
func (w *wording) pair(a, b string) {
	for _, first := range declined(a) {
		for _, second := range declined(b) {
			for i := range first {
				w.add(first[i] + " " + second[i])
			}
		}
	}
}

// triple adds three words of a name, in the same case.
func (w *wording) triple(a, b, c string) {
	for _, first := range declined(a) {
		for _, second := range declined(b) {
			for _, third := range declined(c) {
				for i := range first {
					w.add(first[i] + " " + second[i] + " " + third[i])
				}
			}
		}
	}
}

// initials adds the word of a name with the others as initials, before and after it.
func (w *wording) initials(parts []namePart, surname int) {
	var short []string
	for i, p := range parts {
		if i != surname && !particle(p.base) {
			first, _ := utf8.DecodeRuneInString(p.base)
			short = append(short, string(first)+".")
		}
	}
	if len(short) == 0 {
		return
	}
	for _, form := range parts[surname].forms {
		for _, few := range [][]string{short, short[:1]} {
			for _, between := range []string{"", " "} {
				letters := strings.Join(few, between)
				w.add(letters + " " + form)
				w.add(letters + form)
				w.add(form + " " + letters)
			}
		}
	}
}

// shortest is how many digits a number has at least that is looked for without what is written
// between them: fewer are an amount or a year as well.
const shortest = 7

// number adds the ways in which people write a telephone number.
func (w *wording) number(phone string) {
	w.add(phone)
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, phone)
	if len(digits) < shortest {
		return
	}
	w.add(digits)
	// A Russian number begins with +7 from abroad and with 8 at home.
	const russian = 11
	if len(digits) == russian && (digits[0] == '7' || digits[0] == '8') {
		w.add("7" + digits[1:])
		w.add("8" + digits[1:])
	}
}
