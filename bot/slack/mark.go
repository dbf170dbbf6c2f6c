package slack

import (
	"strings"
	"unicode"
	"unicode/utf16"

	"funnelbot/bot/message"
)

// marks reports whether a line has styles, and all of them would be read as such.
func marks(l message.Line) bool {
	some, edge := false, true
	for i, run := range l {
		if !fit(run, edge) {
			return false
		}
		switch run.Style {
		case message.Normal:
		case message.Contact: // a link may stand within a word
			some = true
		case message.Strong, message.Literal, message.Reference:
			some = true
			if i+1 < len(l) && !opens(l[i+1].Text) {
				return false
			}
		}
		edge = closes(run.Text)
	}
	return some
}

// fit reports whether a run can be marked up between its neighbours. Slack reads * _ ~ and ` as
// marks wherever they stand at the edge of a word, and has no escape for them.
func fit(run message.Run, edge bool) bool {
	if run.Text == "" {
		return run.Style == message.Normal
	}
	switch run.Style {
	case message.Literal:
		return edge && !strings.ContainsAny(run.Text, "`\n") && strings.TrimSpace(run.Text) == run.Text
	case message.Strong, message.Reference:
		return edge && !strings.ContainsAny(run.Text, "*_~`\n") && strings.TrimSpace(run.Text) == run.Text
	case message.Contact:
		return tappable(run.Link) && !strings.ContainsAny(run.Text, "*~`|\n") && !slanted(run.Text)
	case message.Normal:
	}
	for line := range strings.SplitSeq(run.Text, "\n") {
		if strings.HasPrefix(strings.TrimSpace(line), ">") {
			return false // a quotation
		}
	}
	return !strings.ContainsAny(run.Text, "*_~`")
}

// tappable reports whether a link leads to a person and can be written as one.
func tappable(link string) bool {
	kind, to, _ := strings.Cut(link, ":")
	return (kind == "tel" || kind == "mailto") && to != "" && !strings.ContainsFunc(link, func(r rune) bool {
		return unicode.IsSpace(r) || !unicode.IsPrint(r)
	})
}

// slanted reports whether a text has a low line at the edge of a word, where it is a mark. Addresses have
// them within words.
func slanted(s string) bool {
	for i := range len(s) {
		if s[i] == '_' && (closes(s[:i]) || opens(s[i+1:])) {
			return true
		}
	}
	return false
}

// opens and closes report whether a mark may stand before or after the text.
func opens(s string) bool {
	for _, r := range s {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}
	return true
}

func closes(s string) bool {
	runes := []rune(s)
	return len(runes) == 0 || !unicode.IsLetter(runes[len(runes)-1]) && !unicode.IsDigit(runes[len(runes)-1])
}

// units is the length of a text as Slack counts it.
func units(s string) int {
	n := 0
	for _, r := range s {
		n += max(utf16.RuneLen(r), 1)
	}
	return n
}

// escapedUnits is the length of a text once it is escaped.
func escapedUnits(s string) int {
	n := 0
	for _, r := range s {
		n += escapedUnit(r)
	}
	return n
}

func escapedUnit(r rune) int {
	switch r {
	case '&':
		return len("&amp;")
	case '<', '>':
		return len("&lt;")
	}
	return max(utf16.RuneLen(r), 1)
}
