package slack

import (
	"strings"
	"unicode"

	slackapi "github.com/slack-go/slack"

	"funnelbot/bot/message"
)

// table shows rows under their titles in letters of one width, or as items where they are too wide
// for that.
func (r *renderer) table(t message.Table) {
	if len(t.Columns) == 0 {
		return
	}
	rows := make([][]string, 0, len(t.Rows)+1)
	title := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		title[i] = cell(c.Title)
	}
	rows = append(rows, title)
	for _, row := range t.Rows {
		cells := make([]string, len(t.Columns))
		for i := range min(len(row), len(cells)) {
			cells[i] = cell(row[i].String())
		}
		rows = append(rows, cells)
	}
	widths := make([]int, len(t.Columns))
	whole := 2 * (len(widths) - 1)
	for i := range widths {
		for _, row := range rows {
			widths[i] = max(widths[i], wide(row[i]))
		}
		whole += widths[i]
	}
	if whole > maxTable {
		r.rows(t)
		return
	}
	lines := make([]string, len(rows))
	for i, row := range rows {
		lines[i] = aligned(t.Columns, widths, row)
	}
	r.fenced(lines[0], lines[1:])
}

// cell is the text of a cell. A backtick would end the block that the table stands in.
func cell(s string) string { return strings.ReplaceAll(oneLine(s), "`", "ˋ") }

func aligned(columns []message.Column, widths []int, row []string) string {
	var b strings.Builder
	for i, s := range row {
		if i > 0 {
			b.WriteString("  ")
		}
		gap := strings.Repeat(" ", widths[i]-wide(s))
		if columns[i].Right {
			b.WriteString(gap + s)
		} else {
			b.WriteString(s + gap)
		}
	}
	return strings.TrimRight(b.String(), " ")
}

// fenced puts lines into as many blocks as they need, each under the title.
func (r *renderer) fenced(title string, lines []string) {
	const fence = "```"
	put := func(part []string) {
		words := strings.Join(append([]string{title}, part...), "\n")
		object := &slackapi.TextBlockObject{Type: slackapi.MarkdownType, Text: fence + escape(words) + fence, Verbatim: true}
		r.blocks = append(r.blocks, sized{block: slackapi.NewSectionBlock(object, nil, nil), words: words, length: units(object.Text)})
	}
	var part []string
	room := maxSection - 2*len(fence) - escapedUnits(title)
	left := room
	for _, line := range lines {
		n := escapedUnits(line) + 1
		if n > left && len(part) > 0 {
			put(part)
			part, left = nil, room
		}
		part, left = append(part, line), left-n
	}
	put(part)
}

// rows shows a table as items: the first cell, then the others with their titles.
func (r *renderer) rows(t message.Table) {
	var lines []message.Line
	for _, row := range t.Rows {
		l := message.Line{message.Plain("• ")}
		for i, c := range row {
			if i >= len(t.Columns) || strings.TrimSpace(c.String()) == "" {
				continue
			}
			if len(l) > 1 {
				l = append(l, message.Plain(" · "))
			}
			if i > 0 {
				l = append(l, message.Plain(oneLine(t.Columns[i].Title)+": "))
			}
			l = append(l, flat(clean(c))...)
		}
		lines = append(lines, l)
	}
	r.lines(lines)
}

// wide is how many cells a text takes in letters of one width.
func wide(s string) int {
	n := 0
	for _, r := range s {
		switch {
		case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul) || r >= 0x1f300 && r <= 0x1faff:
			n += 2
		default:
			n++
		}
	}
	return n
}
