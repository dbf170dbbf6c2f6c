package funnel

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// personName returns the name of a person as it is kept: one line, single spaces.
func personName(name string) (string, error) {
	if err := fits("name", name, MaxName); err != nil {
		return "", err
	}
	if err := unbroken("name", name); err != nil {
		return "", err
	}
	name = strings.Join(strings.Fields(name), " ")
	if !strings.ContainsFunc(name, unicode.IsLetter) {
		return "", Refuse(CodeEmpty, Args{"field": "name"})
	}
	return name, nil
}

// foldName is the form in which two spellings of one name meet: lower case, ё as е, single spaces.
func foldName(name string) string {
	return strings.Join(strings.Fields(foldWord(name)), " ")
}

func foldWord(w string) string { return strings.ReplaceAll(strings.ToLower(w), "ё", "е") }

// unbroken refuses characters that steer a terminal or break a line.
func unbroken(field, text string) error {
	if strings.ContainsFunc(text, unicode.IsControl) {
		return Refuse(CodeBadValue, Args{"field": field, "value": shown(strings.Map(visible, text))})
	}
	return nil
}

// visible leaves control characters out.
func visible(r rune) rune {
	if unicode.IsControl(r) {
		return -1
	}
	return r
}

// describe returns the person with what the command says of them. Numbers and addresses are only
// looked at for what can be no number or address at all: people write them in too many ways.
func (c SeatPerson) describe(p Contact) (Contact, error) {
	phone, email, position := c.Phone, c.Email, c.Position
	if c.New != nil {
		phone, email, position = either(phone, c.New.Phone), either(email, c.New.Email), either(position, c.New.Position)
	}
	for _, f := range []struct {
		field string
		said  *string
		into  *string
		sound func(string) bool
	}{
		{"phone", phone, &p.Phone, isPhone},
		{"email", email, &p.Email, isEmail},
		{"position", position, &p.Position, func(string) bool { return true }},
	} {
		if f.said == nil {
			continue
		}
		if err := fits(f.field, *f.said, MaxName); err != nil {
			return p, err
		}
		if err := unbroken(f.field, *f.said); err != nil {
			return p, err
		}
		text := strings.TrimSpace(*f.said)
		if text != "" && !f.sound(text) {
			return p, Refuse(CodeBadValue, Args{"field": f.field, "value": shown(text)})
		}
		*f.into = text
	}
	return p, nil
}

// either returns what was said, or the other text unless that is empty.
func either(said *string, other string) *string {
	if said == nil && other != "" {
		return &other
	}
	return said
}

func isPhone(text string) bool { return strings.ContainsFunc(text, unicode.IsDigit) }

func isEmail(text string) bool {
	name, domain, ok := strings.Cut(text, "@")
	return ok && name != "" && domain != "" && !strings.ContainsFunc(text, unicode.IsSpace)
}

// namesake returns the person of the name.
func namesake(people []Contact, name string) (Contact, bool) {
	for _, p := range people {
		if foldName(p.Name) == foldName(name) {
			return p, true
		}
	}
	return Contact{}, false
}

// NameAndPosition takes "Carla Stone, CFO" apart. What stands behind a single name, as in "Stone, Carla",
// is a position only where it begins small, is written in capitals, or is what people call a role.
func NameAndPosition(text string, roles []CommitteeRole) (name, position string) {
	name, position, _ = strings.Cut(text, ",")
	name, position = strings.TrimSpace(name), strings.TrimSpace(position)
	first, _ := utf8.DecodeRuneInString(position)
	switch {
	case name == "" || !strings.ContainsFunc(position, unicode.IsLetter):
	case len(strings.Fields(name)) > 1, unicode.IsLower(first), strings.ToUpper(position) == position,
		slices.ContainsFunc(roles, func(r CommitteeRole) bool { return r.called(position) }):
		return name, position
	}
	return text, ""
}

// called reports whether people call the role so.
func (r *CommitteeRole) called(name string) bool {
	return slices.ContainsFunc(append([]string{r.Titles[English], r.Titles[Russian]}, r.Aliases...), func(known string) bool {
		return known != "" && foldName(known) == foldName(name)
	})
}
