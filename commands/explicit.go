package commands

import (
	"context"
	"slices"
	"strings"

	"funnelbot/funnel"
)

// explicit reports whether a line can only be a command, also where an answer in one's own words
// is awaited: a verb of its own such as undo, or a verb with a deal that is there by number or by
// its whole name. "Show them the demo" is an answer, "show acme" is not.
func (c *call) explicit(ctx context.Context, line string) (bool, error) {
	in, err := c.parse(line)
	if err != nil || in.Bare {
		// What is no command at all is no fault here: it is an answer.
		return false, nil //nolint:nilerr // see above.
	}
	v, _ := verbOf(in.Verb)
	if alone(v, line) {
		return in.Verb != VerbHelp, nil
	}
	switch {
	case in.Verb == VerbList:
		return in.List.Kind != "" && len(in.Unknown) == 0, nil
	case !v.aboutDeal():
		return false, nil
	case in.Deal.Number > 0:
		return strings.ContainsAny(line, "#№"), nil
	}
	for n := min(len(in.Deal.Words), maxName); n > 0; n-- {
		found, err := c.desk.service.Read().SearchDeals(ctx, c.ask.Workspace, strings.Join(in.Deal.Words[:n], " "), 1)
		if err != nil {
			return false, err
		}
		if len(found) > 0 && found[0].Score >= scoreWhole {
			return true, nil
		}
	}
	return false, nil
}

// maxName is how many words of a line are tried as a name while a question is open.
const maxName = 3

// alone reports whether the line is a verb that needs nothing more, and nothing else.
func alone(v Verb, line string) bool {
	if slices.ContainsFunc(v.Params, func(p Param) bool { return p.Required }) || v.aboutDeal() {
		return false
	}
	word := strings.TrimRight(folded(strings.TrimSpace(line)), ".! ")
	return slices.Contains(v.English, word) || slices.Contains(v.Russian, word)
}

// declines reports whether a line says no to an offer.
func declines(line string) bool {
	switch strings.TrimRight(folded(strings.TrimSpace(line)), ".! ") {
	case "no", "nope", "none", "nothing", "not now", "later", "нет", "не", "не надо", "не нужно", "ничего", "никакой", "всё", "все",
		"потом", "позже", "пока нет":
		return true
	}
	return false
}

// parked wakes a deal that was to be reopened and only rests: it goes on where it was parked from.
func (c *call) parked(w *want, view *funnel.DealView) {
	if view.Outcome != funnel.Open || !view.Parked() {
		return
	}
	to := view.ParkedFrom
	if w.Intent.Stage != "" {
		to = w.Intent.Stage
	}
	if plan := c.planFor(view); plan.Index(to) <= plan.Index(view.Stage) {
		to = plan.Entry
	}
	w.Intent.Verb, w.Intent.Stage = VerbMove, to
}

// courteous reports whether a line is nothing but thanks or agreement: nobody looks for a deal of that
// name.
func courteous(line string) bool {
	switch strings.Trim(folded(line), ".,!:;)( ") {
	case "thanks", "thank you", "thank you very much", "many thanks", "thanks a lot", "thx", "ty", "ok", "okay", "great", "cool",
		"perfect", "got it", "спасибо", "большое спасибо", "спасибо большое", "спс", "благодарю", "ок", "окей", "хорошо", "отлично",
		"супер", "понял", "поняла", "понятно", "ясно":
		return true
	}
	return false
}

// reading is a line with what it means as a command.
type reading struct {
	line   string
	names  *roster
	intent Intent
	err    error
}

// parse reads a line once, however often it is looked at with the same names.
func (c *call) parse(line string) (Intent, error) {
	if p := c.parsed; p != nil && p.line == line && p.names == c.names {
		return p.intent, p.err
	}
	p := &reading{line: line, names: c.names}
	p.intent, p.err = c.desk.parser.Parse(line, &c.lex)
	c.parsed = p
	return p.intent, p.err
}
