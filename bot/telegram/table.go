package telegram

import (
	"slices"
	"strings"

	"funnelbot/bot/message"
)

// table shows rows under aligned columns where a phone has room for them, if need be without the
// columns that say nothing; else each row on a line of its own: the first cell, then the others with
// their titles. So are people who can be reached, because in letters of one width nothing is a link.
func table(t message.Table) []row {
	if reaches(t) {
		return records(t)
	}
	widths, total := measured(t)
	if total > preCells {
		t = telling(t)
		widths, total = measured(t)
	}
	switch {
	case len(widths) == 0:
		return nil
	case total > preCells:
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

// measured returns how wide each column is, and all of them side by side.
func measured(t message.Table) (widths []int, total int) {
	widths = make([]int, len(t.Columns))
	for i, c := range t.Columns {
		widths[i] = cells(inline(c.Title))
		for _, line := range t.Rows {
			widths[i] = max(widths[i], cells(cell(line, i)))
		}
		total += widths[i]
	}
	return widths, total + 2*(len(widths)-1)
}

// telling leaves out the columns in which no row has anything.
func telling(t message.Table) message.Table {
	kept := message.Table{Rows: make([][]message.Line, len(t.Rows))}
	for i, c := range t.Columns {
		idle := i > 0 && !slices.ContainsFunc(t.Rows, func(line []message.Line) bool { return !nothing(cell(line, i)) })
		if idle {
			continue
		}
		kept.Columns = append(kept.Columns, c)
		for j, line := range t.Rows {
			if i < len(line) {
				kept.Rows[j] = append(kept.Rows[j], line[i])
			}
		}
	}
	return kept
}

// nothing reports whether a cell says that there is nothing.
func nothing(words string) bool {
	switch strings.TrimSpace(words) {
	case "", "0", "-", "–", "—":
		return true
	}
	return false
}

// cell is the text of a column, empty where a row is too short.
func cell(line []message.Line, i int) string {
	if i >= len(line) {
		return ""
	}
	var b strings.Builder
	for _, run := range line[i] {
		b.WriteString(spelled(run))
	}
	return inline(b.String())
}

// reaches reports whether a table has addresses of people.
func reaches(t message.Table) bool {
	contact := func(run message.Run) bool { return run.Style == message.Contact }
	return slices.ContainsFunc(t.Rows, func(line []message.Line) bool {
		return slices.ContainsFunc(line, func(cell message.Line) bool { return slices.ContainsFunc(cell, contact) })
	})
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

// records are rows of a table one below the other, without the cells that say nothing.
func records(t message.Table) []row {
	rows := make([]row, 0, len(t.Rows))
	for _, line := range t.Rows {
		r := row{spans: []span{{text: "• "}}}
		for i, c := range t.Columns {
			words := cell(line, i)
			switch {
			case i == 0 && strings.TrimSpace(words) != "":
				r.spans = append(r.spans, span{text: words, ink: strong})
				continue
			case nothing(words):
				continue
			}
			r.spans = append(r.spans, span{text: " · "}, span{text: inline(c.Title) + ": ", ink: faint}, span{text: words})
		}
		rows = append(rows, r)
	}
	return rows
}
