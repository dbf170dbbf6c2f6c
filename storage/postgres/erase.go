package postgres

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"funnelbot/funnel"
)

// erased stands where somebody was named who is forgotten.
const erased = "…"

// eraser takes somebody out of texts and documents, and counts how often it had to.
type eraser struct {
	contact string
	hits    int
	// far finds who is meant anywhere, near in what belongs to the person's company; nil finds nothing.
	far, near *regexp.Regexp
}

func newEraser(f *funnel.Forget) *eraser {
	return &eraser{
		contact: f.Contact.String(),
		far:     whole(f.Words), near: whole(slices.Concat(f.Words, f.Near)),
	}
}

// longestFirst returns the words so that what is part of another one stands behind it. What is no text
// stands in none, and what has neither letters nor digits names nobody.
func longestFirst(words []string) []string {
	words = slices.DeleteFunc(slices.Clone(words), func(w string) bool { return !utf8.ValidString(w) || !strings.ContainsFunc(w, named) })
	slices.SortFunc(words, func(a, b string) int {
		if n := utf8.RuneCountInString(b) - utf8.RuneCountInString(a); n != 0 {
			return n
		}
		return strings.Compare(a, b)
	})
	return slices.Compact(words)
}

func named(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// split separates what the JSON of a text may have in other forms.
func split(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("\"\\<>&", r) }

// pattern finds the word, with е and ё for one letter, as people write.
func pattern(word string) string {
	const yo = "[её]"
	return strings.NewReplacer("е", yo, "ё", yo, "Е", yo, "Ё", yo).Replace(regexp.QuoteMeta(word))
}

// whole finds the words as such, whatever their case and the space inside; nil finds nothing.
func whole(words []string) *regexp.Regexp {
	var forms []string
	for _, w := range longestFirst(words) {
		parts := strings.Fields(w)
		for i := range parts {
			parts[i] = pattern(parts[i])
		}
		forms = append(forms, strings.Join(parts, `[\s\p{Z}]+`))
	}
	if len(forms) == 0 {
		return nil
	}
	return regexp.MustCompile(`(?i)(?:^|[^\pL\pN])(` + strings.Join(forms, "|") + `)(?:$|[^\pL\pN])`)
}

// stem is how much of a word is looked for in the database, in characters. The forms of a name differ
// behind it, so that a few stems stand for all of them, and a look into every row costs less.
const stem = 6

// part finds at least what [whole] does, in a row of the database or in the JSON of one: there
// spaces and some signs are written in other ways. Without words it finds nothing.
func part(words []string) string {
	stems := []string{}
	for _, w := range longestFirst(words) {
		longest := []rune{}
		for _, p := range strings.FieldsFunc(w, split) {
			if r := []rune(p); len(r) > len(longest) {
				longest = r
			}
		}
		if len(longest) > 0 {
			stems = append(stems, pattern(string(longest[:min(stem, len(longest))])))
		}
	}
	if len(stems) == 0 {
		return "$x"
	}
	slices.Sort(stems)
	return strings.Join(slices.Compact(stems), "|")
}

// text returns the text without the person; near says that it belongs to the person's company.
func (e *eraser) text(text string, near bool) string {
	words := e.far
	if near {
		words = e.near
	}
	if words == nil {
		return text
	}
	var out strings.Builder
	for {
		at := words.FindStringSubmatchIndex(text)
		if at == nil {
			return out.String() + text
		}
		out.WriteString(text[:at[2]])
		out.WriteString(erased)
		e.hits++
		text = text[at[3]:]
	}
}

// document returns the JSON without the person.
func (e *eraser) document(doc []byte, near bool) ([]byte, error) {
	d := json.NewDecoder(bytes.NewReader(doc))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, fmt.Errorf("decode a document that may name a forgotten person: %w", err)
	}
	return marshal(e.value("", v, near))
}

func (e *eraser) value(key string, v any, near bool) any {
	switch v := v.(type) {
	case string:
		if coded(key) && isCode(v) {
			return v
		}
		return e.text(v, near)
	case []any:
		for i := range v {
			v[i] = e.value(key, v[i], near)
		}
	case map[string]any:
		e.person(v)
		for name := range v {
			v[name] = e.value(name, v[name], near)
		}
	}
	return v
}

// person empties an object that describes the person or is an answer that names the person. What
// describes people has the identifier under ID, what refers to them under contact.
func (e *eraser) person(v map[string]any) {
	var said []string
	switch e.contact {
	case v["ID"]:
		said = []string{"Name", "Position", "Phone", "Email"}
	case v["contact"]:
		said = []string{"name"}
	}
	for _, name := range said {
		if was, ok := v[name]; ok && was != "" {
			v[name] = ""
			e.hits++
		}
	}
}

// isCode reports whether the word is written like the kinds, stages, reasons and so on that programs
// know.
func isCode(word string) bool {
	return !strings.ContainsFunc(word, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && !strings.ContainsRune("_.:-", r)
	})
}

// coded reports whether such a word stands under the key: it is no name, even if it reads like one.
func coded(key string) bool {
	switch key {
	case "kind", "stage", "outcome", "reason", "basis", "source", "verb", "origin", "direction", "exit", "destination",
		"from", "to", "parked_from", "roles", "stance", "keys", "question", "section", "option", "verdict", "missing",
		"outside", "how", "door", "locale", "type", "style", "action_id", "block_id", "parse_mode", "method", "Kind", "Stage", "Role":
		return true
	}
	return false
}
