package local

import (
	"strings"

	"github.com/rivo/uniseg"

	"funnelbot/bot/message"
)

// paint is how a stretch of text looks on a screen with colours.
type paint string

// The paints, as ANSI codes. Doors without colours say the same without them.
const (
	unpainted paint = ""
	strong    paint = "1"
	literal   paint = "36"
	reference paint = "1;36"
	faint     paint = "2"
	warning   paint = "33"
	key       paint = "32"
	danger    paint = "31"
)

// span is text in one paint.
type span struct {
	text  string
	paint paint
}

// spans are text in several paints. They hold no control characters but line feeds.
type spans []span

func (s spans) String() string {
	var b strings.Builder
	for _, part := range s {
		b.WriteString(part.text)
	}
	return b.String()
}

func (s spans) cells() int { return cells(s.String()) }

// cells is how many columns of a terminal the text takes: two for emoji and for the wide letters
// of East Asia, none for what combines with the letter before.
func cells(s string) int { return uniseg.StringWidth(s) }

// inked puts people's and our words into paints, on one line or, with keepLines, on theirs.
func inked(l message.Line, keepLines bool) spans {
	out := make(spans, 0, len(l))
	for _, run := range l {
		words := inline(run.Text)
		if keepLines {
			words = neutral(run.Text)
		}
		out = append(out, span{words, ink(run.Style)})
	}
	return out
}

func ink(s message.Style) paint {
	switch s {
	case message.Normal, message.Contact:
	case message.Strong:
		return strong
	case message.Literal:
		return literal
	case message.Reference:
		return reference
	}
	return unpainted
}

// over paints what has no paint of its own.
func (s spans) over(p paint) spans {
	out := make(spans, len(s))
	for i, part := range s {
		if part.paint == unpainted {
			part.paint = p
		}
		out[i] = part
	}
	return out
}

// slice cuts the bytes from start to end out of the text.
func (s spans) slice(start, end int) spans {
	var out spans
	for _, part := range s {
		size := len(part.text)
		from, to := min(max(start, 0), size), min(max(end, 0), size)
		if from < to {
			out = append(out, span{part.text[from:to], part.paint})
		}
		start, end = start-size, end-size
	}
	return out
}

// wrap breaks text into rows of at most width cells, at the places where Unicode allows a line
// to break, and inside a word only if the word alone is too wide. Width 0 breaks at line feeds only.
func (s spans) wrap(width int) []spans {
	all := s.String()
	var rows []spans
	cut := func(start, end int) {
		kept := strings.TrimRight(all[start:end], " \n")
		rows = append(rows, s.slice(start, start+len(kept)))
	}
	start, pos, used := 0, 0, 0
	chance, usedThere := 0, 0 // the last place where the row may end
	state, rest := -1, all
	for rest != "" {
		var cluster string
		var found int
		cluster, rest, found, state = uniseg.StepString(rest, state)
		wide := found >> uniseg.ShiftWidth
		for width > 0 && used+wide > width && cluster != " " && pos > start {
			if chance > start {
				cut(start, chance)
				start, used = chance, used-usedThere
			} else {
				cut(start, pos)
				start, used = pos, 0
			}
		}
		pos += len(cluster)
		used += wide
		switch {
		case strings.HasSuffix(cluster, "\n"):
			cut(start, pos)
			start, used = pos, 0
		case found&uniseg.MaskLine == uniseg.LineCanBreak:
			chance, usedThere = pos, used
		}
	}
	if start < len(all) || len(rows) == 0 {
		cut(start, len(all))
	}
	return rows
}
