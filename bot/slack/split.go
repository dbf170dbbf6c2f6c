package slack

import (
	"path/filepath"
	"strings"
	"unicode/utf8"

	"funnelbot/bot/message"
)

// clean makes the words of a line fit to be shown: valid, without control characters, without
// what is invisible and turns the reading direction around. What is to be typed with a slash is shown
// as it can be typed here.
func clean(l message.Line) message.Line {
	out := make(message.Line, 0, len(l))
	for _, run := range l {
		run.Text = plainly(run.Text)
		if run.Style == message.Literal {
			run.Text = typeable(run.Text)
		}
		if run.Text != "" {
			out = append(out, run)
		}
	}
	return out
}

// typeable is a line to be typed. Slack takes a slash for a command that has to be registered, and sends
// nothing that begins with an unknown one.
func typeable(line string) string {
	if rest, ok := strings.CutPrefix(line, "/"); ok && !strings.HasPrefix(line, dealCommand) {
		return dealCommand + " " + rest
	}
	return line
}

// plainly shows where something was that must not be shown.
func plainly(s string) string { return message.Harmless(s, message.Broken) }

// oneLine is text in which a line feed counts as a space.
func oneLine(s string) string {
	return strings.TrimSpace(strings.ReplaceAll(plainly(s), "\n", " "))
}

// flat is a line without line feeds.
func flat(l message.Line) message.Line {
	out := make(message.Line, len(l))
	for i, run := range l {
		run.Text = strings.ReplaceAll(run.Text, "\n", " ")
		out[i] = run
	}
	return out
}

// strongLine sets normal text of a line in strong type.
func strongLine(l message.Line) message.Line {
	out := make(message.Line, len(l))
	for i, run := range l {
		if run.Style == message.Normal {
			run.Style = message.Strong
			if strings.TrimSpace(run.Text) != run.Text || strings.Contains(run.Text, "\n") {
				run.Style = message.Normal // a mark does not stand beside a space
			}
		}
		out[i] = run
	}
	return out
}

// cost is at least the length of a line once it is marked up and escaped.
func cost(l message.Line) int {
	n := 0
	for _, run := range l {
		n += weight(run)
	}
	return n
}

// weight is at least the length of a run once it is marked up and escaped.
func weight(run message.Run) int {
	if run.Style == message.Contact {
		return escapedUnits(run.Text) + len("<|>") + units(linked(run.Link))
	}
	return escapedUnits(run.Text) + 2
}

// split parts a line so that no part costs more than limit, between words where it can. No
// character and so no escape is ever cut. A line without words has no parts.
func split(l message.Line, limit int) []message.Line {
	var parts []message.Line
	var part message.Line
	room := limit
	flush := func() {
		if strings.TrimSpace(part.String()) != "" {
			parts = append(parts, part)
		}
		part, room = nil, limit
	}
	for _, run := range l {
		for run.Text != "" {
			c := weight(run)
			if c <= room {
				part, room = append(part, run), room-c
				break
			}
			if run.Style == message.Contact {
				if len(part) > 0 && c <= limit {
					flush()
					continue
				}
				run.Style, run.Link = message.Normal, "" // too long for a link
			}
			head, tail := cut(run.Text, room-2)
			if head == "" && len(part) == 0 {
				_, n := utf8.DecodeRuneInString(run.Text)
				head, tail = run.Text[:n], run.Text[n:]
			}
			if head != "" {
				first := run
				first.Text = head
				part = append(part, first)
			}
			run.Text = tail
			flush()
		}
	}
	flush()
	return parts
}

// cut takes as much from the front of a text as costs no more than room, up to the last space or
// line feed if there is one in the second half.
func cut(s string, room int) (head, tail string) {
	n, end, space := 0, len(s), 0
	for i, r := range s {
		n += escapedUnit(r)
		if n > room {
			end = i
			break
		}
		if r == ' ' || r == '\n' {
			space = i + 1
		}
	}
	if end < len(s) && space > end/2 {
		end = space
	}
	return s[:end], s[end:]
}

// short cuts text that is longer than most with its escapes, and says so with an ellipsis.
func short(s string, most int) string {
	if escapedUnits(s) <= most {
		return s
	}
	head, _ := cut(s, most-1)
	return strings.TrimRight(head, " \n") + "…"
}

// label is text of a button or option, which is never empty.
func label(s string, most int) string {
	s = oneLine(s)
	if s == "" {
		return "…"
	}
	if units(s) <= most {
		return s
	}
	n := 0
	for i, r := range s {
		if n += units(string(r)); n > most-1 {
			return strings.TrimSpace(s[:i]) + "…"
		}
	}
	return s
}

// fileName makes a name that is a name everywhere.
func fileName(name string) string {
	name = strings.TrimLeft(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|`, r) {
			return '_'
		}
		return r
	}, oneLine(name)), ". ")
	if name == "" {
		return "file"
	}
	ending := filepath.Ext(name)
	stem := []rune(strings.TrimSuffix(name, ending))
	if len(stem) > 100 {
		stem = stem[:100]
	}
	return string(stem) + ending
}
