package slack

import (
	"strings"

	"funnelbot/commands"
)

// lineMark begins the action of a button that types a line, questionAct that of one that speaks to a
// question; others are a verb with what it is about.
const (
	lineMark    = ">"
	questionAct = "~"
)

// mayAsk foresees whether the answer to an act may be a question, which wants a view while its
// trigger is good. It may be wrong either way: a question that was not foreseen is asked by message,
// and a view that was opened in vain says that the answer is in the conversation.
func (d *Door) mayAsk(a act) bool {
	switch {
	case a.clip != nil:
		return true
	case a.press == nil:
		return d.lineMayAsk(a.text)
	}
	if line, ok := strings.CutPrefix(a.press.Action, lineMark); ok {
		return d.lineMayAsk(line)
	}
	if strings.HasPrefix(a.press.Action, questionAct) {
		return true
	}
	parts := strings.SplitN(a.press.Action, ":", 4)
	return lacks(commands.Key(parts[0]), len(parts)-2) // the number counts as the deal, the version as nothing
}

func (d *Door) lineMayAsk(line string) bool {
	verb, rest := d.parser.Begin(line)
	return lacks(verb, len(strings.Fields(rest)))
}

// lacks reports whether so few words leave open what a verb has to know. A step that is done leads to
// the next one, whatever was said, what happened is more than the deal, and a qualification is questions.
func lacks(verb commands.Key, words int) bool {
	if verb == commands.VerbDone || verb == commands.VerbQualify || verb == commands.VerbLog && words < 2 {
		return true
	}
	required, deal := 0, 0
	for _, p := range commands.ParamsOf(verb) {
		switch {
		case p.Required:
			required++
		case p.Arg == commands.ArgDeal:
			deal = 1
		}
	}
	return words == 0 && deal > 0 || required > 0 && words < required+deal
}
