package message

import (
	"strings"

	"funnelbot/bot/text"
)

// Sentence returns the sentence of the key as a line in which every argument that is a [Run]
// keeps its style, at the place where the language puts it.
func Sentence(p *text.Printer, key string, args text.Args) Line {
	return weave(p.Pieces(key, args), args)
}

// Counted is [Sentence] for a sentence that depends on a number.
func Counted(p *text.Printer, key string, n int, args text.Args) Line {
	return weave(p.CountPieces(key, n, args), args)
}

func weave(pieces []text.Piece, args text.Args) Line {
	line := make(Line, 0, len(pieces))
	for _, piece := range pieces {
		run, ok := args[piece.Arg].(Run)
		if !ok {
			run = Plain(piece.Text)
		}
		if n := len(line); n > 0 && piece.Arg == "" && line[n-1].Style != Normal && strings.HasSuffix(line[n-1].Text, ".") {
			// "Acme Inc." at the end of a sentence needs no other full stop.
			run.Text = strings.TrimPrefix(run.Text, ".")
		}
		if n := len(line); n > 0 && run.Style == Normal && line[n-1].Style == Normal {
			line[n-1].Text += run.Text
			continue
		}
		line = append(line, run)
	}
	return line
}
