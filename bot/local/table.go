package local

import (
	"slices"
	"strings"

	"funnelbot/bot/message"
)

// table adds rows under aligned columns, or one field a line where the screen is too narrow.
func (r *renderer) table(t message.Table) {
	widths := r.columnWidths(t)
	if widths == nil {
		r.records(t)
		return
	}
	titles := make([]spans, len(t.Columns))
	rules := make([]spans, len(t.Columns))
	for i, c := range t.Columns {
		titles[i] = spans{{inline(c.Title), strong}}
		rules[i] = spans{{strings.Repeat("─", widths[i]), faint}}
	}
	r.tableRow(t.Columns, widths, titles)
	r.tableRow(t.Columns, widths, rules)
	for _, row := range t.Rows {
		r.tableRow(t.Columns, widths, tableCells(t, row))
	}
}

// tableCells gives every column a cell, also where a row is too short.
func tableCells(t message.Table, row []message.Line) []spans {
	out := make([]spans, len(t.Columns))
	for i := range out {
		if i < len(row) {
			out[i] = inked(row[i], false)
		}
	}
	return out
}

// columnWidths takes from the widest columns what the screen does not have. It returns nil if
// that would leave less than minCell. Numbers are never broken.
func (r *renderer) columnWidths(t message.Table) []int {
	widths := make([]int, len(t.Columns))
	total := 2 * (len(widths) - 1)
	for i, c := range t.Columns {
		widths[i] = cells(inline(c.Title))
		for _, row := range t.Rows {
			widths[i] = max(widths[i], tableCells(t, row)[i].cells())
		}
		total += widths[i]
	}
	for r.width > 0 && total > r.width {
		widest := -1
		for i, c := range t.Columns {
			if !c.Right && (widest < 0 || widths[i] > widths[widest]) {
				widest = i
			}
		}
		if widest < 0 || widths[widest] <= minCell {
			return nil
		}
		widths[widest]--
		total--
	}
	return widths
}

func (r *renderer) tableRow(columns []message.Column, widths []int, row []spans) {
	broken := make([][]spans, len(row))
	height := 0
	for i := range row {
		broken[i] = row[i].wrap(widths[i])
		height = max(height, len(broken[i]))
	}
	for h := range height {
		var line spans
		for i := range row {
			var cell spans
			if h < len(broken[i]) {
				cell = broken[i][h]
			}
			gap := span{strings.Repeat(" ", max(widths[i]-cell.cells(), 0)), unpainted}
			if columns[i].Right {
				line = append(append(line, gap), cell...)
			} else {
				line = append(append(line, cell...), gap)
			}
			line = append(line, span{"  ", unpainted})
		}
		r.line(line)
	}
}

func (r *renderer) records(t message.Table) {
	for _, row := range t.Rows {
		for i, cell := range tableCells(t, row) {
			head, tail := "• ", "  "
			if i > 0 {
				head = "  "
				label := span{inline(t.Columns[i].Title) + ": ", faint}
				cell = slices.Insert(cell, 0, label)
			}
			r.flow(cell, head, tail)
		}
	}
}
