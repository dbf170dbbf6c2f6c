package commands

import (
	"slices"
	"strings"
	"unicode"

	"funnelbot/funnel"
	"funnelbot/funnel/dialog"
)

// sameOption is the key of the option that names the person of the question before again.
const sameOption = "same"

// personStep makes the step one that asks for somebody at the client.
func (c *call) personStep(step *dialog.Step, w *want, all *funnel.Qualification) {
	people, key := w.Inquiry.People, step.Key
	step.Kind, step.Parse, step.Options = dialog.Person, c.readNamed(people), dialog.Options(humans(people)...)
	earlier := personsBefore(all, key)
	if len(earlier) == 0 {
		return
	}
	step.Again = func(text string, before dialog.Answers) (dialog.Value, bool) {
		v := lastPerson(earlier, before)
		return v, !v.Skipped() && saysSame(text)
	}
	if c.ask.Forms > 0 {
		return // the person may stand on the same page, and then cannot be offered yet
	}
	step.Needs = slices.Concat(step.Needs, slices.DeleteFunc(slices.Clone(earlier), func(key string) bool {
		return slices.Contains(step.Needs, key)
	}))
	step.Options = func(before dialog.Answers) []dialog.Option {
		options := humans(people)
		v := lastPerson(earlier, before)
		if v.Skipped() || slices.ContainsFunc(people, func(p dialog.Human) bool { return sameHuman(p, v.Person, c.plan.Roles) }) {
			return options
		}
		return slices.Insert(options, 0, dialog.Option{Key: sameOption, Label: v.Person.Name, Value: v})
	}
}

// sameHuman reports whether somebody who is known is the one of an answer, which has no more than a name, and
// perhaps the position behind it, where the person was not known yet.
func sameHuman(known, named dialog.Human, roles []funnel.CommitteeRole) bool {
	if named.ID.IsZero() {
		name, _ := funnel.NameAndPosition(named.Name, roles)
		return fold(known.Name) == fold(named.Name) || fold(known.Name) == fold(name)
	}
	return known.ID == named.ID
}

// personsBefore are the questions for a person before that of the key.
func personsBefore(all *funnel.Qualification, key string) []string {
	var found []string
	for _, s := range all.Sections {
		for i := range s.Questions {
			switch q := &s.Questions[i]; {
			case q.Key == key:
				return found
			case q.Kind == funnel.AskPerson:
				found = append(found, q.Key)
			}
		}
	}
	return found
}

// lastPerson is who was named at the last of the questions that was answered; skipped if at none.
func lastPerson(questions []string, before dialog.Answers) dialog.Value {
	for _, key := range slices.Backward(questions) {
		if v := before[key]; !v.Skipped() {
			return v
		}
	}
	return dialog.Value{}
}

// saysSame reports whether words mean the person who was named before.
func saysSame(text string) bool {
	for _, word := range []string{folded(text), folded(FlipLayout(text))} {
		switch strings.Join(strings.Fields(strings.Trim(word, " .,!")), " ") {
		case "same", "the same", "same person", "the same person", "same one", "the same one", "him too", "her too",
			"он же", "она же", "тот же", "та же", "тот же человек", "тот же самый", "та же самая", "он и подписывает", "она и подписывает":
			return true
		}
	}
	return false
}

// readNamed reads the name of somebody at the client. What is a command about a deal in so many words
// is nobody's name, and neither are words that mean somebody where nobody was named before.
func (c *call) readNamed(people []dialog.Human) dialog.Parse {
	read := readHuman(people)
	return func(text string) (dialog.Value, error) {
		if c.orders(text) || saysSame(text) {
			return dialog.Value{}, funnel.Refuse(dialog.CodeNotUnderstood, funnel.Args{"kind": string(dialog.Person)})
		}
		return read(text)
	}
}

// orders reports whether a line can only be a command: the word of a verb alone, or one with the number
// of a deal.
func (c *call) orders(line string) bool {
	in, err := c.desk.parser.Parse(line, &c.lex)
	if err != nil || in.Bare {
		return false
	}
	if in.Deal.Number > 0 && strings.ContainsFunc(line, unicode.IsDigit) {
		return true
	}
	v, _ := verbOf(in.Verb)
	word := strings.TrimRight(folded(strings.TrimSpace(line)), ".! ")
	return slices.Contains(v.English, word) || slices.Contains(v.Russian, word)
}
