package local

import (
	"fmt"
	"io"

	"funnelbot/bot/message"
	"funnelbot/bot/text"
)

// Print writes one message to out the way the door shows it, without buttons to press: for
// commands that answer once. Files that the message carries are not kept.
func Print(p *text.Printer, doc message.Doc, out io.Writer) error {
	width := 0
	if screen, ok := terminal(out); ok {
		width = columns(screen)
	}
	r := &renderer{
		p: p, width: width, first: 1,
		keep: func(string, []byte) (string, error) { return "", errNoFolder },
	}
	plain := message.Doc{}
	for _, b := range doc.Blocks {
		if _, pressed := b.(message.Buttons); !pressed {
			plain = plain.With(b)
		}
	}
	if _, err := io.WriteString(out, r.render(plain).text+"\n"); err != nil {
		return fmt.Errorf("print a message: %w", err)
	}
	return nil
}

// IsTerminal reports whether a stream is a terminal, where a person is looking.
func IsTerminal(stream any) bool {
	_, is := terminal(stream)
	return is
}
