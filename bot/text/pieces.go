package text

import "strings"

// Piece is a part of a sentence: words of the language, or what stands for an argument.
type Piece struct {
	Text string
	// Arg is the name of the argument that the piece stands for; empty for the language's words.
	Arg string
}

// Pieces is [Printer.Say] taken apart at its arguments, in the order of the language, so that an
// argument can be shown in bold or as a link.
func (p *Printer) Pieces(key string, args Args) []Piece { return p.pieces(key, nil, args) }

// CountPieces is [Printer.Count] taken apart at its arguments.
func (p *Printer) CountPieces(key string, n int, args Args) []Piece { return p.pieces(key, &n, args) }

// The arguments are marked with noncharacters of Unicode, which no valid interchange contains,
// and which are taken out of what the arguments say themselves.
const (
	argStart = "\ufdd0"
	argName  = "\ufdd1"
	argEnd   = "\ufdd2"
)

var unmarked = strings.NewReplacer(argStart, "", argName, "", argEnd, "")

func (p *Printer) pieces(key string, n *int, args Args) []Piece {
	s := p.render(key, n, args, func(name, value string) string {
		return argStart + name + argName + unmarked.Replace(value) + argEnd
	})
	var all []Piece
	for s != "" {
		before, rest, found := strings.Cut(s, argStart)
		if before != "" {
			all = append(all, Piece{Text: before})
		}
		if !found {
			break
		}
		name, rest, _ := strings.Cut(rest, argName)
		value, rest, _ := strings.Cut(rest, argEnd)
		all = append(all, Piece{Text: value, Arg: name})
		s = rest
	}
	return all
}
