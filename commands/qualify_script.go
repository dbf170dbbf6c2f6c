package commands

import (
	"slices"
	"sync"

	"funnelbot/funnel"
	"funnelbot/funnel/dialog"
)

// questionnaire is what the funnel of a kind of deals asks; nil where it asks nothing.
func (c *call) questionnaire(k funnel.Kind) *funnel.Qualification {
	if f := c.desk.service.Funnel(k); f != nil {
		return f.Qualification
	}
	return nil
}

// questions is the script of a qualification, made of the funnel file.
func (c *call) questions(w *want) (dialog.Script, error) {
	kind := w.Inquiry.Deal.Kind
	q := c.questionnaire(kind)
	if q == nil {
		return dialog.Script{}, funnel.Refuse(funnel.CodeNoQualification, funnel.Args{"deal": w.Inquiry.Deal.Number})
	}
	s := dialog.Script{
		Key: string(VerbQualify), Version: c.desk.service.Funnel(kind).Version, Summary: true, Pausable: true, Page: max(c.ask.Forms, 0),
	}
	for _, section := range q.Sections {
		for i := range section.Questions {
			s.Steps = append(s.Steps, c.questionStep(w, q, section.Key, &section.Questions[i]))
		}
	}
	return s, nil
}

// questionStep is one question of the funnel file.
func (c *call) questionStep(w *want, all *funnel.Qualification, section string, q *funnel.Question) dialog.Step {
	// Options and defaults look at no answer, so that many questions fit on one page.
	step := dialog.Step{Key: q.Key, Group: section, Optional: !q.Required, Needs: []string{}}
	if q.When.Question != "" {
		step.Needs = []string{q.When.Question}
		step.When = c.asks(all, q.When)
	}
	if known, ok := w.Inquiry.Known[q.Key]; ok {
		step.Default = func(dialog.Answers) dialog.Value { return known }
	}
	options := c.questionOptions(q)
	offered := func(dialog.Answers) []dialog.Option { return options() }
	switch q.Kind {
	case funnel.AskText:
		step.Kind = dialog.Text
	case funnel.AskMoney:
		step.Kind, step.Parse = dialog.Money, ofYear(c.readMoney(w.Inquiry.Deal.Amount.Currency))
	case funnel.AskNumber:
		step.Kind, step.Parse = dialog.Number, readNumber
	case funnel.AskDate:
		step.Kind, step.Parse = dialog.Date, c.dayParser()
	case funnel.AskYesNo:
		step.Kind, step.Parse = dialog.YesNo, readYesNo
	case funnel.AskOne:
		step.Kind, step.Parse, step.Options = dialog.Choice, nearest(options), offered
	case funnel.AskSeveral:
		step.Kind, step.Parse, step.Options = dialog.Several, nearest(options), offered
		step.Check = c.alone(q)
	case funnel.AskPerson:
		c.personStep(&step, w, all)
	}
	return step
}

// asks is the condition of a question.
func (c *call) asks(all *funnel.Qualification, when funnel.Condition) func(dialog.Answers) bool {
	on, _ := all.Question(when.Question)
	return func(before dialog.Answers) bool {
		v, ok := before[when.Question]
		if !ok || v.Skipped() {
			return false
		}
		g := givenOf(&on, v)
		return len(when.Is) == 0 || slices.ContainsFunc(g.Keys, func(key string) bool { return slices.Contains(when.Is, key) })
	}
}

// alone refuses an option that excludes the others together with them.
func (c *call) alone(q *funnel.Question) func(dialog.Value, dialog.Answers) error {
	return func(v dialog.Value, _ dialog.Answers) error {
		if o, ok := q.Alone(v.Picked()); ok {
			return funnel.Refuse(funnel.CodeOnlyOption, funnel.Args{"option": o.Titles.In(c.me.Locale)})
		}
		return nil
	}
}

// questionOptions makes the options of a question when they are first looked at: an answer looks at those
// of one or two questions out of many.
func (c *call) questionOptions(q *funnel.Question) func() []dialog.Option {
	return sync.OnceValue(func() []dialog.Option {
		options := make([]dialog.Option, len(q.Options))
		for i, o := range q.Options {
			options[i] = dialog.Option{Key: o.Key, Label: o.Titles.In(c.me.Locale), Names: namesOf(o.Titles, o.Aliases)}
		}
		return options
	})
}

// humans offers people who are known.
func humans(people []dialog.Human) []dialog.Option {
	options := make([]dialog.Option, len(people))
	for i, p := range people {
		options[i] = dialog.Option{Key: shortID(p.ID), Label: p.Name, Value: dialog.PersonOf(p)}
	}
	return options
}

// dayParser reads a day, or a quarter as its last one; a time of day says nothing here.
func (c *call) dayParser() dialog.Parse {
	parse := c.dateParser(Future)
	return func(text string) (dialog.Value, error) {
		v, err := parse(text)
		v.Text = ""
		if end, ok := quarterEnd(text, c.today()); err != nil && ok {
			return dialog.DateOf(end), nil
		}
		return v, err
	}
}

// prefilled are answers that the deal and the company hold already.
func (c *call) prefilled(a *funnel.Asked) map[string]dialog.Value {
	q := c.questionnaire(a.Deal.Kind)
	if q == nil {
		return nil
	}
	known := map[string]dialog.Value{}
	for _, s := range q.Sections {
		for i := range s.Questions {
			if v := c.filled(a, &s.Questions[i]); !v.Skipped() {
				known[s.Questions[i].Key] = v
			}
		}
	}
	return known
}

// filled is what stands where the answer to a question goes.
func (c *call) filled(a *funnel.Asked, q *funnel.Question) dialog.Value {
	text := ""
	switch q.Fills {
	case funnel.FillsPain:
		text = a.Deal.Pain
	case funnel.FillsEffect:
		text = a.Deal.Effect
	case funnel.FillsIndustry:
		text = a.Company.Industry
	case funnel.FillsSize:
		text = a.Company.Size
	case funnel.FillsRegion:
		text = a.Company.Region
	case funnel.FillsAmount:
		if q.Kind == funnel.AskMoney && !a.Deal.Amount.IsZero() {
			return dialog.MoneyOf(a.Deal.Amount)
		}
	case funnel.FillsClosing:
		if q.Kind == funnel.AskDate && !a.Deal.Closing.IsZero() {
			return dialog.DateOf(a.Deal.Closing)
		}
	default:
		return seated(a.Committee, q)
	}
	switch {
	case text == "":
	case q.Kind == funnel.AskText:
		return dialog.TextOf(text)
	case q.Kind == funnel.AskOne:
		for _, o := range q.Options {
			if slices.ContainsFunc(namesOf(o.Titles, append(o.Aliases, o.Key)), func(name string) bool { return fold(name) == fold(text) }) {
				return dialog.ChoiceOf(o.Key, o.Titles.In(c.me.Locale))
			}
		}
	}
	return dialog.Value{}
}

// seated is the only person who has the role that a question fills.
func seated(committee []funnel.ChairView, q *funnel.Question) dialog.Value {
	var found []dialog.Human
	for _, v := range committee {
		if q.Kind == funnel.AskPerson && v.Person.ForgottenAt.IsZero() && slices.Contains(v.Roles, q.Fills[min(len(q.Fills), len(funnel.FillsRole)):]) {
			found = append(found, dialog.Human{ID: v.Contact, Name: v.Person.Name})
		}
	}
	if len(found) != 1 {
		return dialog.Value{}
	}
	return dialog.PersonOf(found[0])
}
