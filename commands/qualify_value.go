package commands

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"funnelbot/funnel"
	"funnelbot/funnel/dialog"
)

// Keys of the answers to a question of yes or no.
const (
	keyYes = "yes"
	keyNo  = "no"
)

// givenOf is an answer of a dialog as it is stored.
func givenOf(q *funnel.Question, v dialog.Value) funnel.Given {
	if v.Skipped() {
		return funnel.Given{}
	}
	g := funnel.Given{Kind: q.Kind}
	switch v.Kind {
	case dialog.Text:
		g.Text = v.Text
	case dialog.Choice:
		g.Keys = []string{v.Key}
	case dialog.Several:
		g.Keys = v.Picked()
	case dialog.YesNo:
		g.Keys = []string{keyNo}
		if v.Yes {
			g.Keys = []string{keyYes}
		}
	case dialog.Number:
		g.Number = v.Number
	case dialog.Money:
		g.Money = v.Money
	case dialog.Date:
		g.Date = v.Date
	case dialog.Person:
		g.Contact, g.Name = v.Person.ID, v.Person.Name
	}
	return g
}

// valueOf is a stored answer as a dialog holds it. One that is of no use any more is the zero value of
// its kind, which the dialog asks again.
func valueOf(q *funnel.Question, g funnel.Given, l funnel.Locale) dialog.Value {
	if g.Skipped() {
		return dialog.Value{}
	}
	switch g.Kind {
	case funnel.AskText:
		return dialog.TextOf(g.Text)
	case funnel.AskOne:
		if len(g.Keys) == 1 {
			o, _ := q.Option(g.Keys[0])
			return dialog.ChoiceOf(g.Keys[0], o.Titles.In(l))
		}
	case funnel.AskSeveral:
		return dialog.SeveralOf(g.Keys...)
	case funnel.AskYesNo:
		return dialog.YesNoOf(len(g.Keys) == 1 && g.Keys[0] == keyYes)
	case funnel.AskNumber:
		return dialog.NumberOf(g.Number)
	case funnel.AskMoney:
		return dialog.MoneyOf(g.Money)
	case funnel.AskDate:
		return dialog.DateOf(g.Date)
	case funnel.AskPerson:
		return dialog.PersonOf(dialog.Human{ID: g.Contact, Name: g.Name})
	}
	return dialog.Value{Kind: dialog.Text}
}

// readYesNo reads yes or no in the words of both languages.
func readYesNo(text string) (dialog.Value, error) {
	for _, word := range []string{folded(text), FlipLayout(folded(text))} {
		switch strings.TrimRight(word, ".! ") {
		case "yes", "y", "yeah", "yep", "yup", "sure", "+", "true", "да", "д", "ага", "угу", "конечно", "есть", "так":
			return dialog.YesNoOf(true), nil
		case "no", "n", "nope", "nah", "-", "false", "not yet", "нет", "н", "неа", "не", "пока нет", "еще нет":
			return dialog.YesNoOf(false), nil
		}
	}
	return dialog.Value{}, funnel.Refuse(dialog.CodeNotUnderstood, funnel.Args{"kind": string(dialog.YesNo)})
}

// readNumber reads a number with a decimal point or comma, with room between its groups, and with a
// word or a sign behind it: "1 200", "12,5 %", "about 40 people".
func readNumber(text string) (dialog.Value, error) {
	text = strings.TrimLeftFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsSpace(r) || r == '~' || r == '≈' })
	end := strings.IndexFunc(text, func(r rune) bool {
		return !unicode.IsDigit(r) && !unicode.IsSpace(r) && r != '.' && r != ',' && r != '-' && r != '\u00a0'
	})
	number, rest := text, ""
	if end >= 0 {
		number, rest = text[:end], text[end:]
	}
	number = strings.Join(strings.Fields(number), "")
	if strings.Count(number, ",") == 1 && !strings.Contains(number, ".") {
		number = strings.ReplaceAll(number, ",", ".")
	}
	number = strings.Trim(strings.ReplaceAll(number, ",", ""), ".")
	n, err := strconv.ParseFloat(number, 64)
	if err != nil || strings.ContainsFunc(rest, unicode.IsDigit) {
		return dialog.Value{}, funnel.Refuse(dialog.CodeNotUnderstood, funnel.Args{"kind": string(dialog.Number)})
	}
	switch unit, _, _ := strings.Cut(folded(strings.TrimSpace(rest)), " "); strings.TrimRight(unit, ".") {
	case "k", "к", "тыс", "тысяч", "тысячи", "тысяча", "thousand":
		n *= 1_000
	case "m", "м", "млн", "миллион", "миллиона", "миллионов", "million":
		n *= 1_000_000
	}
	return dialog.NumberOf(n), nil
}

// nearest reads what was typed for one of several options with slips or in the other layout.
func nearest(options func() []dialog.Option) dialog.Parse {
	return func(text string) (dialog.Value, error) {
		var found []dialog.Value
		for _, typed := range []string{fold(text), fold(FlipLayout(text))} {
			for _, o := range options() {
				if likeOption(&o, typed) {
					found = append(found, dialog.ChoiceOf(o.Key, o.Label))
				}
			}
			if len(found) > 0 {
				break
			}
		}
		switch len(found) {
		case 0:
			return dialog.Value{}, funnel.Refuse(dialog.CodeNoOption, funnel.Args{"answer": text})
		case 1:
			return found[0], nil
		}
		return dialog.Value{}, &dialog.AmbiguousError{Candidates: found}
	}
}

// likeOption reports whether the folded text is the name of an option, the beginning of one of its
// words, or a slip away from its name or one of its longer words.
func likeOption(o *dialog.Option, typed string) bool {
	const part = 3
	letters := utf8.RuneCountInString(typed)
	for _, name := range append([]string{o.Label}, o.Names...) {
		name = fold(name)
		switch limit := tolerance(min(letters, utf8.RuneCountInString(name))); {
		case name == "":
			continue
		case name == typed, letters >= part && strings.Contains(" "+name, " "+typed), limit > 0 && distance(typed, name, limit) <= limit:
			return true
		}
		for rest := name; ; {
			w, after := nextWord(rest)
			if w == "" {
				break
			}
			rest = after
			if sameStem(w, typed) || typo(typed, w) {
				return true
			}
		}
	}
	return false
}

// readHuman reads the name of somebody at the client: one who is known, or somebody new. A position may
// stand behind the name and stays there.
func readHuman(people []dialog.Human) dialog.Parse {
	return func(text string) (dialog.Value, error) {
		name := strings.Join(strings.Fields(strings.Trim(text, " .,;:!?")), " ")
		switch {
		case !strings.ContainsFunc(name, unicode.IsLetter):
			return dialog.Value{}, funnel.Refuse(dialog.CodeNotUnderstood, funnel.Args{"kind": string(dialog.Person)})
		case utf8.RuneCountInString(name) > funnel.MaxName:
			return dialog.Value{}, funnel.Refuse(funnel.CodeTooLong, funnel.Args{"field": "name", "limit": funnel.MaxName})
		}
		names := make([]string, len(people))
		for i, p := range people {
			names[i] = p.Name
		}
		sure, _ := calledLike(name, names)
		behind := ""
		if short, position := funnel.NameAndPosition(name, nil); len(sure) == 0 && position != "" {
			sure, _ = calledLike(short, names)
			behind = ", " + position
		}
		switch len(sure) {
		case 0:
			return dialog.PersonOf(dialog.Human{Name: name}), nil
		case 1:
			known := people[sure[0]]
			known.Name += behind
			return dialog.PersonOf(known), nil
		}
		several := &dialog.AmbiguousError{}
		for _, i := range sure {
			known := people[i]
			known.Name += behind
			several.Candidates = append(several.Candidates, dialog.PersonOf(known))
		}
		return dialog.Value{}, several
	}
}

// ofYear makes a parser of amounts take words that say a year or about, which the questions say
// themselves: "about 120k a year", "около 1,2 млн в год".
func ofYear(parse dialog.Parse) dialog.Parse {
	return func(text string) (dialog.Value, error) {
		v, err := parse(text)
		if err == nil {
			return v, nil
		}
		words := strings.Fields(folded(text))
		for len(words) > 1 && slices.Contains([]string{"about", "around", "roughly", "some", "около", "примерно", "порядка", "где-то", "~"}, words[0]) {
			words = words[1:]
		}
		plain := strings.Join(words, " ")
		for _, end := range []string{"a year", "per year", "every year", "/year", "yearly", "annually", "в год", "за год", "/год", "ежегодно", "годовых"} {
			plain = strings.TrimSpace(strings.TrimSuffix(plain, end))
		}
		if again, other := parse(plain); other == nil {
			return again, nil
		}
		return v, err
	}
}
