package telegram

import (
	"strings"

	"funnelbot/bot/message"
)

// table shows rows under aligned columns where a phone has room for them, else each row on a line of
// its own: the first cell, then the others with their titles.
func table(t message.Table) []row {
	widths := make([]int, len(t.Columns))
	total := 2 * (len(widths) - 1)
	for i, c := range t.Columns {
		widths[i] = cells(inline(c.Title))
		for _, line := range t.Rows {
			widths[i] = max(widths[i], cells(cell(line, i)))
		}
		total += widths[i]
	}
	if len(widths) == 0 {
		return nil
	}
	if total > preCells {
		return records(t)
	}
	titles := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		titles[i] = inline(c.Title)
	}
	rows := []row{aligned(t.Columns, widths, titles)}
	for _, line := range t.Rows {
		all := make([]string, len(t.Columns))
		for i := range all {
			all[i] = cell(line, i)
		}
		rows = append(rows, aligned(t.Columns, widths, all))
	}
	return rows
}

// cell is the text of a column, empty where a row is too short.
func cell(line []message.Line, i int) string {
	if i >= len(line) {
		return ""
	}
	return inline(line[i].String())
}

func aligned(columns []message.Column, widths []int, all []string) row {
	var b strings.Builder
	for i, c := range columns {
		gap := strings.Repeat(" ", max(widths[i]-cells(all[i]), 0))
		if i > 0 {
			b.WriteString("  ")
		}
		if c.Right {
			b.WriteString(gap + all[i])
		} else {
			b.WriteString(all[i] + gap)
		}
	}
	return row{pre: true, spans: []span{{text: strings.TrimRight(b.String(), " ")}}}
}

func records(t message.Table) []row {
	rows := make([]row, 0, len(t.Rows))
	for _, line := range t.Rows {
		r := row{spans: []span{{text: "• "}}}
		for i, c := range t.Columns {
			words := cell(line, i)
			if strings.TrimSpace(words) == "" {
				continue
			}
			if i == 0 {
				r.spans = append(r.spans, span{text: words, ink: strong})
				continue
			}
			r.spans = append(r.spans, span{text: " · "}, span{text: inline(c.Title) + ": ", ink: faint}, span{text: words})
		}
		rows = append(rows, r)
	}
	return rows
}
