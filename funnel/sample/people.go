package sample

import (
	"fmt"
	"slices"
	"strings"

	"funnelbot/funnel"
)

// person is somebody at a client.
type person struct {
	name, position, phone, email string
	// roles are keys of the funnel's committee roles.
	roles []string
}

// person makes somebody whom texts name by the first name. Not everybody leaves a number.
func (y *year) person(f *firm, first, position string, roles []string) *person {
	surname := y.notes.draw("surnames")
	p := &person{name: first + " " + surname, position: position, roles: roles}
	if y.people.chance(0.6) {
		// Numbers that nobody has: those of stories, and those of a code that is none.
		p.phone = fmt.Sprintf("+1 555 01%02d", y.people.IntN(100))
		if y.Language == funnel.Russian {
			p.phone = fmt.Sprintf("+7 000 000-%02d-%02d", y.people.IntN(100), y.people.IntN(100))
		}
	}
	if y.people.chance(0.6) {
		p.email = latin(first) + "." + latin(surname) + "@" + domain(f.name)
	}
	return p
}

// unseen are people of a firm whom no text speaks of: the lawyer, and the owner where there is none yet.
func (y *year) unseen(f *firm) []*person {
	posts := []string{y.notes.draw("lawyer")}
	if f.played(principal) == nil {
		for _, post := range y.notes.lines["positions"] {
			if strings.HasSuffix(post, " | "+principal) {
				posts = append(posts, post)
			}
		}
	}
	var people []*person
	for _, post := range posts {
		first := y.notes.draw("names")
		for slices.ContainsFunc(f.people, func(p *person) bool { return strings.HasPrefix(p.name, first+" ") }) {
			// A first name that two people have would name neither of them in a text.
			first = y.notes.draw("names")
		}
		position, role, _ := strings.Cut(post, " | ")
		people = append(people, y.person(f, first, position, []string{role}))
	}
	return people
}

// Roles of the built-in funnel that the story gives to people by what they do.
const (
	decides   = "decision_maker"
	pays      = "finance"
	principal = "principal"
	legal     = "legal"
)

// played returns who plays the role at the firm, or nil.
func (f *firm) played(role string) *person {
	for _, p := range f.people {
		if slices.Contains(p.roles, role) {
			return p
		}
	}
	return nil
}
