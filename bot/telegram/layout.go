package telegram

import (
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"funnelbot/bot/message"
)

// ink is how a stretch of text looks.
type ink int

const (
	plain ink = iota
	strong
	faint
	literal
	// mention names a person in such a way that they are told.
	mention
)

// span is text in one ink, on one line and not escaped yet.
type span struct {
	text string
	ink  ink
	// user is whom a mention names.
	user int64
}

// row is one line of a message. Rows that are pre stand in letters of one width.
type row struct {
	spans []span
	pre   bool
}

func rowOf(s string, in ink) row { return row{spans: []span{{text: s, ink: in}}} }

func (r row) String() string {
	var b strings.Builder
	for _, s := range r.spans {
		b.WriteString(s.text)
	}
	return b.String()
}

// blank reports whether nothing of a row is to be seen. A message of such rows is refused.
func (r row) blank() bool {
	for _, s := range r.spans {
		if strings.ContainsFunc(s.text, seen) {
			return false
		}
	}
	return true
}

// seen reports whether a character leaves a mark of its own.
func seen(r rune) bool {
	switch r {
	case '\u2800', '\u3164', '\u115f', '\u1160', '\uffa0': // blanks that count as letters
		return false
	}
	return unicode.In(r, unicode.L, unicode.N, unicode.P, unicode.S)
}

// units is the length of a text as the platform counts it.
func units(s string) int {
	n := 0
	for _, r := range s {
		n += max(utf16.RuneLen(r), 1)
	}
	return n
}

func (r row) units() int {
	n := 0
	for _, s := range r.spans {
		n += units(s.text)
	}
	return n
}

// cells is how wide a text is in letters of one width: two for emoji and the letters of East Asia,
// none for what combines with the letter before.
func cells(s string) int { return uniseg.StringWidth(s) }

// clean makes words harmless to show. Line feeds stay.
func clean(s string) string { return message.Harmless(s, message.Dropped) }

// inline is [clean] on one line.
func inline(s string) string { return strings.ReplaceAll(clean(s), "\n", " ") }

// inked puts words into inks on one line; bare is the ink of what has none of its own.
func inked(l message.Line, bare ink) row {
	r := row{}
	for _, run := range l {
		if words := inline(spelled(run)); words != "" {
			r.spans = append(r.spans, span{text: words, ink: inkOf(run.Style, bare)})
		}
	}
	return r
}

// flowed is inked with the line feeds kept.
func flowed(l message.Line, bare ink) []row {
	rows := []row{{}}
	for _, run := range l {
		for i, words := range strings.Split(clean(spelled(run)), "\n") {
			if i > 0 {
				rows = append(rows, row{})
			}
			if words != "" {
				last := &rows[len(rows)-1]
				last.spans = append(last.spans, span{text: words, ink: inkOf(run.Style, bare)})
			}
		}
	}
	return rows
}

func inkOf(s message.Style, bare ink) ink {
	switch s {
	case message.Normal, message.Contact:
	case message.Strong, message.Reference:
		return strong
	case message.Literal:
		return literal
	}
	return bare
}

// spelled is what a run says. A telephone number cannot be a link here: the platform itself makes one of
// what looks like a number with the code of its country, in what is not literal
// (https://core.telegram.org/bots/api#messageentity). So it gets the plainest spaces and hyphens.
func spelled(run message.Run) string {
	if run.Style != message.Contact || !strings.HasPrefix(run.Link, "tel:") {
		return run.Text
	}
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.Is(unicode.Pd, r):
			return '-'
		}
		return r
	}, run.Text)
}

// after puts words in front of a row.
func (r row) after(head ...span) row {
	r.spans = append(head, r.spans...)
	return r
}

// split breaks a row that is longer than most units, after a space where there is one in the second
// half, else between two characters as they are seen.
func (r row) split(most int) []row {
	if r.units() <= most {
		return []row{r}
	}
	var rows []row
	left := row{pre: r.pre}
	room := most
	for _, s := range r.spans {
		for s.text != "" {
			head := fitting(s.text, room, most)
			if head != "" {
				left.spans = append(left.spans, span{text: head, ink: s.ink, user: s.user})
				s.text, room = s.text[len(head):], room-units(head)
			}
			if s.text != "" {
				rows = append(rows, left)
				left, room = row{pre: r.pre}, most
			}
		}
	}
	return append(rows, left)
}

// fitting returns as much of the beginning of a text as fits into room. It is empty if nothing does
// and a whole row would have more room.
func fitting(s string, room, most int) string {
	if units(s) <= room {
		return s
	}
	end, used, space, spaceUsed := 0, 0, 0, 0
	state, rest := -1, s
	for rest != "" {
		var cluster string
		cluster, rest, _, state = uniseg.StepString(rest, state)
		n := units(cluster)
		if used+n > room {
			if end == 0 && n > most {
				return firstUnits(s, room)
			}
			break
		}
		end, used = end+len(cluster), used+n
		if cluster == " " {
			space, spaceUsed = end, used
		}
	}
	if spaceUsed > room/2 {
		return s[:space]
	}
	return s[:end]
}

// firstUnits cuts a text between two code points.
func firstUnits(s string, most int) string {
	used := 0
	for i, r := range s {
		if used += max(utf16.RuneLen(r), 1); used > most {
			return s[:i]
		}
	}
	return s
}

// short cuts a text to so many units and says so with an ellipsis.
func short(s string, most int) string {
	if units(s) <= most {
		return s
	}
	return strings.TrimRight(fitting(s, most-1, most-1), " ") + "…"
}

// shortCells cuts a text to so many cells.
func shortCells(s string, most int) string {
	if cells(s) <= most && utf8.RuneCountInString(s) <= 4*most {
		return s
	}
	var b strings.Builder
	used, runes, state, rest := 0, 0, -1, s
	for rest != "" {
		var cluster string
		var found int
		cluster, rest, found, state = uniseg.StepString(rest, state)
		used, runes = used+found>>uniseg.ShiftWidth, runes+utf8.RuneCountInString(cluster)
		if used > most-1 || runes > 4*most {
			break
		}
		b.WriteString(cluster)
	}
	return strings.TrimRight(b.String(), " ") + "…"
}
