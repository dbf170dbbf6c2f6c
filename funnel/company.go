package funnel

import (
	"strings"
	"time"
	"unicode"
)

// Company is a client firm. It outlives its deals.
type Company struct {
	Workspace ID
	ID        ID
	Name      string
	Domain    string
	TaxID     string
	Industry  string
	// Size is the workspace's own word, such as "50-200"; industry and size make the segment.
	Size   string
	Region string
	Custom map[string]string
}

// Contact is a person at a client firm.
type Contact struct {
	Workspace ID
	ID        ID
	Company   ID
	Name      string
	Position  string
	Phone     string
	Email     string
	// ForgottenAt is set where the person was erased: what is left is a place in the counts.
	ForgottenAt time.Time
}

// NameKey is the form of a name under which two spellings of one company meet: lower case,
// ё as е, no quotes or punctuation, legal forms left out, single spaces.
func NameKey(name string) string {
	name = strings.ReplaceAll(strings.ToLower(name), "ё", "е")
	words := strings.FieldsFunc(name, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '&' && r != '+'
	})
	kept := make([]string, 0, len(words))
	for _, w := range words {
		if !legalForm(w) {
			kept = append(kept, w)
		}
	}
	if len(kept) == 0 {
		kept = words
	}
	if len(kept) == 0 {
		return strings.TrimSpace(name)
	}
	return strings.Join(kept, " ")
}

func legalForm(w string) bool {
	switch w {
	case "ооо", "оао", "зао", "пао", "ао", "ип", "тоо", "нко", "гк",
		"llc", "ltd", "inc", "corp", "corporation", "gmbh", "ag", "plc", "co", "company", "limited", "llp", "sa", "bv":
		return true
	}
	return false
}
