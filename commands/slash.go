package commands

import (
	"slices"
	"strings"

	"funnelbot/funnel/dialog"
)

// AsCommand returns a line that was given as a command of the platform, where its name stands apart
// from what follows it: a line that begins with a verb gets a slash in front, so that it is a command
// also while a question is open. Anything else may be the answer, and so may the words that steer.
func AsCommand(line string) string {
	line = strings.TrimSpace(line)
	_, steers := control(line)
	_, judges := verdict(line, dialog.State{Answers: dialog.Answers{string(ArgCompany): {}, string(ArgAmount): {}, string(ArgSource): {}}})
	said := folded(line)
	begins := func(alias string) bool {
		rest, ok := strings.CutPrefix(said, alias)
		return ok && (rest == "" || strings.ContainsAny(rest[:1], " \n"))
	}
	if steers || judges {
		return line
	}
	rows := verbs().rows
	for i := range rows {
		if slices.ContainsFunc(rows[i].English, begins) || slices.ContainsFunc(rows[i].Russian, begins) {
			return "/" + line
		}
	}
	return line
}
