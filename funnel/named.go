package funnel

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Named returns the people whom a text names, in the order in which it does: by the whole name, by
// first name and surname in any order and with initials, by an address, or by a surname or a first
// name alone where only one of the people has it. Case endings of Russian names are understood, and
// so is an English possessive. A word that is a name and something else as well, such as "will" or
// «надежда», is taken for a name only where it is written like one; a name beside another one,
// such as "Peter Brown" for an Anna Brown, names somebody else. In doubt nobody is named.
func Named(text string, people []Contact) []ID {
	r := roll{byForm: map[string][]int{}, words: wordsOf(text)}
	for i := range people {
		r.enrol(&people[i])
	}
	var named []ID
	for i := 0; i < len(r.words); {
		who, length := r.at(i)
		if who >= 0 && !slices.Contains(named, people[who].ID) {
			named = append(named, people[who].ID)
		}
		i += max(length, 1)
	}
	return named
}

// roll are people with the forms of their names, and the words of a text.
type roll struct {
	people []person
	byForm map[string][]int
	words  []word
}

// person is how somebody is called.
type person struct {
	parts []namePart
	email string
}

// namePart is one word of a name.
type namePart struct {
	base  string
	forms []string
	// initial is a letter that stands for a name; alone says that the word names by itself, and
	// father that it is a patronymic.
	initial, alone, father bool
}

func (r *roll) enrol(c *Contact) {
	p := person{email: foldWord(c.Email), parts: partsOf(c.Name)}
	at := len(r.people)
	r.people = append(r.people, p)
	for _, part := range p.parts {
		for _, form := range part.forms {
			if on := r.byForm[form]; len(on) == 0 || on[len(on)-1] != at {
				r.byForm[form] = append(on, at)
			}
		}
	}
}

// partsOf takes a name apart. What follows the name, such as a position in brackets, is left out.
func partsOf(name string) []namePart {
	name, _, _ = strings.Cut(name, "(")
	if before, _, ok := strings.Cut(name, ","); ok && len(wordsOf(before)) > 1 {
		name = before
	}
	var parts []namePart
	for _, w := range wordsOf(name) {
		if w.address || w.shouted && strings.ToUpper(name) != name || honorific(w.text) || unicode.IsDigit([]rune(w.text)[0]) {
			continue
		}
		parts = append(parts, namePart{base: w.text, initial: w.initial || utf8.RuneCountInString(w.text) == 1})
	}
	for i := range parts {
		p := &parts[i]
		p.father = len(parts) > 2 && fathers(p.base)
		middle := len(parts) > 2 && i > 0 && i+1 < len(parts) && !cyrillic(p.base)
		p.alone = !p.initial && !p.father && !middle && !particle(p.base)
		if !p.initial {
			p.forms = cases(p.base)
		}
	}
	return parts
}

// at returns who is named by the words from the i-th on, or -1, and how many words that takes.
func (r *roll) at(i int) (who, length int) {
	if r.words[i].address {
		return r.addressee(r.words[i].text), 1
	}
	lead := i
	for r.words[lead].initial && r.joined(lead+1) {
		lead++
	}
	best, complete := 0, false
	var found []int
	for _, p := range r.byForm[r.words[lead].text] {
		n, whole := r.reach(p, i)
		switch {
		case n == 0, n < best, n == best && complete && !whole:
			continue
		case n > best, whole && !complete:
			found = found[:0]
		}
		best, complete = n, whole
		found = append(found, p)
	}
	if best == 1 {
		return r.single(i), 1
	}
	if len(found) != 1 || r.meansWords(i, best) {
		return -1, best
	}
	return found[0], best
}

func (r *roll) addressee(address string) int {
	return slices.IndexFunc(r.people, func(p person) bool { return p.email == address })
}

// joined reports whether the i-th word follows the one before with nothing but space between.
func (r *roll) joined(i int) bool {
	return i > 0 && i < len(r.words) && r.words[i].joined && !r.words[i].address
}

// reach returns how many words from the i-th on are parts of the person's name, and whether they
// are all of it. An initial, a patronymic or a second name that is not known may stand between two
// that are.
func (r *roll) reach(who, i int) (length int, whole bool) {
	p := &r.people[who]
	used := make([]bool, len(p.parts))
	spelt := 0
	for j := i; j == i || r.joined(j); j++ {
		part := p.match(&r.words[j], used)
		if part < 0 {
			w := &r.words[j]
			skipped := j > i && r.joined(j+1) && (w.initial || w.capital) && p.match(&r.words[j+1], used) >= 0
			if !skipped {
				break
			}
			continue
		}
		used[part] = true
		length = j - i + 1
		if !r.words[j].initial {
			spelt++
		}
	}
	if spelt == 0 {
		return 0, false
	}
	return length, !slices.Contains(used, false)
}

// match returns the part of the name that the word is, or -1.
func (p *person) match(w *word, used []bool) int {
	first, _ := utf8.DecodeRuneInString(w.text)
	for i, part := range p.parts {
		begins, _ := utf8.DecodeRuneInString(part.base)
		switch {
		case used[i]:
		case w.initial && first == begins, part.initial && w.capital && first == begins, slices.Contains(part.forms, w.text):
			return i
		}
	}
	return -1
}

// meansWords reports whether words that could be a name are others, as in "the price will rise".
func (r *roll) meansWords(i, n int) bool {
	small := false
	for _, w := range r.words[i : i+n] {
		if !ordinary(w.text) || w.initial {
			return false
		}
		small = small || !w.capital
	}
	return small
}

// single returns the one person whom a word names by itself, or -1.
func (r *roll) single(i int) int {
	w := &r.words[i]
	found := -1
	for _, who := range r.byForm[w.text] {
		alone := slices.ContainsFunc(r.people[who].parts, func(p namePart) bool { return p.alone && slices.Contains(p.forms, w.text) })
		if !alone {
			continue
		}
		if found >= 0 {
			return -1
		}
		found = who
	}
	if found < 0 || ordinary(w.text) && !r.writtenAsName(i) || r.another(found, i) {
		return -1
	}
	return found
}

// writtenAsName reports whether a word that may be something else is meant as a name: it has a
// capital where the sentence asks for none, or somebody does what only people do.
func (r *roll) writtenAsName(i int) bool {
	w := &r.words[i]
	switch {
	case !w.capital || month(w.text):
		return false
	case w.starts:
		return r.joined(i+1) && doneByPeople(r.words[i+1].text)
	}
	return true
}

// another reports whether the words beside a name make it somebody else's. Of a person who has but
// one name here nothing contradicts.
func (r *roll) another(who, i int) bool {
	p := &r.people[who]
	w := &r.words[i]
	if len(p.parts) == 1 {
		return false
	}
	given := p.given(w.text)
	return r.joined(i+1) && p.anotherBefore(w, &r.words[i+1], given) || r.joined(i) && anotherAfter(&r.words[i-1], w, given)
}

// given reports whether the word is the first name of the person rather than the surname.
func (p *person) given(w string) bool {
	first := slices.IndexFunc(p.parts, func(o namePart) bool { return firstName(o.base) })
	return slices.Contains(p.parts[max(first, 0)].forms, w)
}

// anotherBefore reports whether the name, before the next word, is somebody else's.
func (p *person) anotherBefore(w, next *word, given bool) bool {
	switch {
	case fathers(next.text) && !slices.ContainsFunc(p.parts, func(o namePart) bool { return o.father }):
		return false
	case weekday(next.text), month(next.text), utf8.RuneCountInString(next.text) == 1 && !next.initial:
		return false
	case next.initial, next.capital && w.capital:
		return true
	case w.capital:
		return false
	case given:
		return surnameLike(next.text)
	}
	return firstName(next.text)
}

// anotherAfter reports whether the name, after the word before, is somebody else's.
func anotherAfter(before, w *word, given bool) bool {
	switch {
	case honorific(before.text), weekday(before.text), month(before.text):
		return false
	case before.initial:
		return true
	case given && surnameLike(before.text):
		return before.capital || !w.capital
	case !given && firstName(before.text):
		return true
	}
	return !before.starts && before.capital && w.capital && utf8.RuneCountInString(before.text) > 1
}
