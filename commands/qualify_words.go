package commands

import (
	"context"
	"slices"
	"strings"

	"funnelbot/funnel/dialog"
)

// steers reads the words that steer a qualification beside those that steer every dialog.
func (c *call) steers(line string, t *talk) (dialog.Input, bool) {
	word := strings.TrimRight(folded(strings.TrimSpace(line)), ".! ")
	several := t.State.Phase == dialog.Ask && t.State.Kind == dialog.Several
	for _, word := range []string{word, folded(FlipLayout(word))} {
		switch word {
		case "done", "that's all", "that is all", "готово", "все", "это все", "хватит выбирать":
			switch {
			case several:
				return dialog.Done(), true
			case t.Want.Inquiry != nil && t.State.Phase == dialog.Review:
				return dialog.Confirm(), true
			}
		}
		if t.Want.Inquiry == nil {
			continue
		}
		switch word {
		case "later", "not now", "pause", "позже", "потом", "не сейчас", "попозже", "пауза":
			return dialog.Later(), true
		case "don't know", "dont know", "do not know", "i don't know", "no idea", "dunno", "unknown", "not sure", "n/a", "?-", "не знаю",
			"незнаю", "неизвестно", "без понятия", "хз", "пока не знаю", "не в курсе", "дальше", "next question":
			if t.State.Phase == dialog.Ask {
				return dialog.Skip(), true
			}
		}
	}
	if t.Want.Inquiry != nil && t.State.Phase == dialog.Review {
		return c.corrects(word, t)
	}
	return dialog.Input{}, false
}

// corrects reads the name of an answer that is to be changed, at the summary.
func (c *call) corrects(word string, t *talk) (dialog.Input, bool) {
	q := c.questionnaire(t.Want.Inquiry.Deal.Kind)
	if q == nil {
		return dialog.Input{}, false
	}
	for _, lead := range []string{"change ", "edit ", "изменить ", "измени ", "поменять ", "поменяй ", "исправь ", "исправить "} {
		word = strings.TrimPrefix(word, lead)
	}
	for _, s := range q.Sections {
		for _, question := range s.Questions {
			named := slices.ContainsFunc(namesOf(question.Name, nil), func(name string) bool { return fold(name) == fold(word) })
			if _, given := t.State.Answers[question.Key]; given && named {
				return dialog.Edit(question.Key), true
			}
		}
	}
	return dialog.Input{}, false
}

// agrees reports whether a line says yes to the answer that a question offers by itself. To a question of
// yes or no, in a text and as the name of an option it is the answer.
func (c *call) agrees(ctx context.Context, line string, t *talk) bool {
	if t.State.Phase != dialog.Ask || t.Want.Silent || t.State.Kind == dialog.Text || t.State.Kind == dialog.YesNo {
		return false
	}
	switch strings.TrimRight(folded(strings.TrimSpace(line)), ".! ") {
	case "yes", "y", "ok", "okay", "да", "ок", "окей", "ага":
	default:
		return false
	}
	p := c.stands(ctx, t)
	return p != nil && !p.Default.Skipped() && !namesOption(p, line)
}

// stands is the question that a dialog waits with, or nil.
func (c *call) stands(ctx context.Context, t *talk) *dialog.Prompt {
	script, err := c.script(ctx, &t.Want)
	if err != nil {
		return nil
	}
	_, outcome := dialog.Resume(script, t.State)
	return outcome.Prompt
}

// namesOption reports whether a line is the whole name of an option.
func namesOption(p *dialog.Prompt, line string) bool {
	return slices.ContainsFunc(p.Options, func(o dialog.Option) bool {
		return slices.ContainsFunc(append([]string{o.Label}, o.Names...), func(name string) bool { return name != "" && fold(name) == fold(line) })
	})
}

// replies reports whether a line that reads like a command is an answer all the same: a day where a day
// is asked for, or the whole name of an option.
func (c *call) replies(ctx context.Context, line string, t *talk) bool {
	if t.State.Phase != dialog.Ask {
		return false
	}
	if t.State.Kind == dialog.Date {
		_, err := ParseDate(line, c.lex.now(), Future, c.me.Locale)
		return err == nil
	}
	p := c.stands(ctx, t)
	return p != nil && namesOption(p, line)
}

// afterPause takes words where no question hears them: a command, or the wish to go on with what was
// set aside.
func (c *call) afterPause(ctx context.Context, line string) (Reply, error) {
	t := c.talk()
	if t == nil || t.Want.Inquiry == nil {
		return c.command(ctx, line)
	}
	said := strings.TrimRight(folded(line), ".! ")
	if goesOn(said) || goesOn(folded(FlipLayout(said))) {
		w := want{Intent: Intent{Verb: VerbQualify, Deal: Ref{Number: t.Want.Inquiry.Deal.Number}}, Event: c.ask.Key}
		return c.run(ctx, &w)
	}
	return c.command(ctx, line)
}

// goesOn reports whether words wish to go on with what was set aside.
func goesOn(said string) bool {
	switch said {
	case "go on", "continue", "resume", "продолжим", "продолжи", "продолжить", "продолжай", "продолжаем", "дальше", "давай дальше":
		return true
	}
	return false
}

// asStage reads a line that is nothing but the name of a stage as a move to it.
func (c *call) asStage(line string, in Intent) Intent {
	word := fold(strings.TrimRight(strings.TrimSpace(line), ".! "))
	for _, s := range c.plan.Stages {
		if slices.ContainsFunc(namesOf(s.Titles, s.Aliases), func(name string) bool { return fold(name) == word }) {
			return Intent{Verb: VerbMove, Stage: s.Key, Bare: true}
		}
	}
	return in
}
