package local

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// lines is where typed lines come from.
type lines interface {
	// next returns the next line without its end. It returns io.EOF after the last one, errLeft
	// when somebody pressed Ctrl-C, errLong for a line that was left out.
	next(prompt string) (string, error)
	// remember puts a line into the history.
	remember(line string)
	close() error
}

var (
	errLeft = errors.New("left with ctrl-c")
	errLong = errors.New("line is too long")
)

// plain reads lines without editing them: from a pipe, a file, or a terminal that can do no more.
type plain struct {
	in *bufio.Reader
	// out gets the prompt; nil for none.
	out io.Writer
}

func newPlain(in io.Reader, out io.Writer) *plain {
	return &plain{in: bufio.NewReader(in), out: out}
}

func (p *plain) next(prompt string) (string, error) {
	if p.out != nil {
		if _, err := io.WriteString(p.out, prompt); err != nil {
			return "", fmt.Errorf("write the prompt: %w", err)
		}
	}
	var line []byte
	long := false
	for {
		part, err := p.in.ReadSlice('\n')
		// A line of any length passes through the reader's one buffer and is not kept.
		if long = long || len(line)+len(part) > maxLine*utf8.UTFMax; !long {
			line = append(line, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && (long || len(line) > 0):
		case errors.Is(err, io.EOF):
			return "", io.EOF
		case err != nil:
			return "", fmt.Errorf("read a line: %w", err)
		}
		return fitting(strings.TrimRight(string(line), "\r\n"), long)
	}
}

// fitting refuses a line that holds more than maxLine characters.
func fitting(line string, long bool) (string, error) {
	if long || utf8.RuneCountInString(line) > maxLine {
		return "", errLong
	}
	return line, nil
}

func (p *plain) remember(string) {}

func (p *plain) close() error { return nil }
