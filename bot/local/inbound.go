package local

import (
	"slices"
	"strconv"
	"strings"

	"funnelbot/bot"
)

// act is what a line asks of the door itself, or of the bot.
type act int

const (
	// actNothing is an empty line where no default waits.
	actNothing act = iota
	// actLeave ends the conversation.
	actLeave
	// actText and actPress are for the bot.
	actText
	actPress
	// actNoButton is a number with a slash that no button has.
	actNoButton
)

// leaving are the words that end the conversation; with a slash they do so in a dialog too.
var leaving = []string{"exit", "quit", "выход"}

// read says what a line means, given the buttons that are on the screen. The words are the text,
// the action of a press, or the number that is no button.
func (p *presses) read(line string) (act, string) {
	words := typed(line)
	if words == "" {
		if p.agree == "" {
			return actNothing, ""
		}
		return actPress, p.agree
	}
	bare, slash := strings.CutPrefix(words, "/")
	if slices.Contains(leaving, strings.ToLower(bare)) && (slash || !p.typed) {
		return actLeave, ""
	}
	if n, ok := number(bare); ok && (slash || !p.typed) {
		if action, ok := p.find(n); ok {
			return actPress, action
		}
		if slash {
			return actNoButton, bare
		}
	}
	return actText, words
}

// number reads the number of a button, with or without its brackets.
func number(s string) (int, bool) {
	if strings.HasPrefix(s, "[") && strings.HasSuffix(s, "]") {
		s = strings.TrimPrefix(s[1:len(s)-1], "/")
	}
	n, err := strconv.ParseUint(s, 10, 16)
	return int(n), err == nil && s[0] != '0'
}

// request puts a line into the form that every door uses.
func (d *Door) request(a act, words string) bot.Request {
	req := bot.Request{
		Door: Name, Workspace: d.Workspace, Member: d.Member, Place: d.Place,
		Key: d.NewKey(), Locale: d.Locale, At: d.Now().UTC(),
	}
	if a == actPress {
		req.Press = &bot.Press{Action: words}
	} else {
		req.Text = words
	}
	return req
}
