package csv

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"
)

// record is one row of a table.
type record struct {
	line   int64
	fields []string
	// text is the row as it stands in the file, decoded.
	text string
	// fault says why the row cannot be used.
	fault string
}

// table reads rows one after another.
type table interface {
	// header returns the names of the columns. Objects may add columns while they are read.
	header() []string
	// next fills the record, whose fields are valid until the next call. The error is io.EOF at the
	// end and otherwise final; a row that cannot be used carries a fault instead.
	next(*record) error
}

// open opens a file as a table from its beginning; tell is told how many bytes were read.
func (d dialect) open(path string, tell func(int64)) (table, io.Closer, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	text, err := decode(&counter{r: f, tell: tell}, d.encoding)
	if err == nil && d.skip > 0 {
		_, err = io.CopyN(io.Discard, text, int64(d.skip))
	}
	var t table
	if err == nil {
		w := &window{r: text}
		if d.skip > 0 {
			w.lines = 1
		}
		if d.json {
			t, err = openObjects(w)
		} else {
			t, err = openLines(w, d.delimiter)
		}
	}
	if err != nil {
		_ = f.Close()
		return nil, nil, err
	}
	return t, f, nil
}

// lines is a table of delimited values.
type lines struct {
	window *window
	csv    *csv.Reader
	mark   rune
	heads  []string
	in     *bufio.Reader
	broken int
}

func openLines(w *window, mark rune) (*lines, error) {
	t := &lines{window: w, mark: mark, in: bufio.NewReaderSize(w, readAhead)}
	t.restart()
	var head record
	if err := t.next(&head); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, errors.New("the file is empty")
		}
		return nil, err
	}
	if head.fault != "" {
		return nil, fmt.Errorf("line %d, the header: %s", head.line, head.fault)
	}
	seen := map[string]int{}
	for _, h := range head.fields {
		h = strings.TrimSpace(strings.Trim(h, "\uFEFF"))
		seen[plain(h)]++
		if n := seen[plain(h)]; n > 1 && h != "" {
			h = fmt.Sprintf("%s (%d)", h, n)
		}
		t.heads = append(t.heads, strings.Clone(h))
	}
	return t, nil
}

// restart begins to read rows where the window is.
func (t *lines) restart() {
	t.in.Reset(t.window)
	t.csv = csv.NewReader(t.in)
	t.csv.Comma, t.csv.FieldsPerRecord, t.csv.ReuseRecord = t.mark, -1, true
}

func (t *lines) header() []string { return t.heads }

func (t *lines) next(r *record) error {
	for {
		fields, err := t.csv.Read()
		if errors.Is(err, errLongRow) {
			return fmt.Errorf("line %d: %w", t.window.lines+1, errLongRow)
		}
		if err == io.EOF {
			return io.EOF
		}
		parse, broken := errors.AsType[*csv.ParseError](err)
		switch {
		case err != nil && !broken:
			return fmt.Errorf("line %d: %w", t.window.lines+1, err)
		case broken && t.heads == nil:
			return fmt.Errorf("line %d, column %d, the header: %w", parse.Line, parse.Column, parse.Err)
		case broken, t.swallowed(fields):
			return t.torn(r)
		}
		first := t.window.lines + 1
		text := t.window.cut(t.csv.InputOffset())
		if t.blank(fields) {
			continue
		}
		*r = record{line: first + leading(text), text: string(bytes.Trim(text, "\r\n")), fields: fields}
		t.check(r)
		return nil
	}
}

// swallowed reports whether a row probably became one of several lines by a stray quote: it has too
// few values, and line ends within them.
func (t *lines) swallowed(fields []string) bool {
	if len(fields) >= len(t.heads) {
		return false
	}
	for _, f := range fields {
		if strings.IndexByte(f, '\n') >= 0 {
			return true
		}
	}
	return false
}

// leading counts the empty lines before a row.
func leading(text []byte) int64 {
	var n int64
	for _, b := range text {
		switch b {
		case '\n':
			n++
		case '\r':
		default:
			return n
		}
	}
	return 0
}

// blank reports whether a row has no value at all, as spreadsheets leave them behind the last one.
func (t *lines) blank(fields []string) bool {
	if t.heads == nil {
		return false
	}
	for _, f := range fields {
		if f != "" {
			return false
		}
	}
	return true
}

// maxTorn is the number of rows with stray quotes from which on a file is given up.
const maxTorn = 10_000

// torn takes the first line of a row that a stray quote has broken, or has made of several lines,
// by itself, and has the lines after it read again, so that one bad line does not take good ones
// along.
func (t *lines) torn(r *record) error {
	if t.broken++; t.broken > maxTorn {
		return fmt.Errorf("line %d: more than %d rows have quotes in the wrong places", t.window.lines+1, maxTorn)
	}
	text := t.window.rest()
	skip := int(leading(text))
	start := len(text) - len(bytes.TrimLeft(text, "\r\n"))
	end := bytes.IndexByte(text[start:], '\n')
	if end < 0 {
		end = len(text) - start
	} else {
		end++
	}
	*r = record{line: t.window.lines + 1 + int64(skip)}
	r.text = string(bytes.Trim(t.window.cut(t.window.base+int64(start+end)), "\r\n"))
	t.window.back()
	t.restart()
	t.single(r)
	t.check(r)
	return nil
}

// single reads one line by itself. Quotes in the wrong places are taken as they were probably meant:
// as part of the value. That is believed only if as many values come out as there are columns, and
// if no quote was left open, which shows in whether it swallows one more value behind the line.
func (t *lines) single(r *record) {
	const more = "#"
	for _, lazy := range []bool{false, true} {
		again := csv.NewReader(strings.NewReader(r.text + string(t.mark) + more))
		again.Comma, again.FieldsPerRecord, again.LazyQuotes = t.mark, -1, lazy
		fields, err := again.Read()
		n := len(t.heads)
		if err == nil && len(fields) == n+1 && fields[n] == more && (n > 1 || !lazy) {
			r.fields = fields[:n]
			return
		}
	}
	if fields := t.plainly(r.text); fields != nil {
		r.fields = fields
		return
	}
	r.fields, r.fault = nil, "quotes stand in the wrong places"
}

// plainly cuts a line at every delimiter, for values such as "Acme" Works whose quotes come in pairs
// but do not enclose the value. It returns nil where that does not fit either.
func (t *lines) plainly(text string) []string {
	fields := strings.Split(text, string(t.mark))
	if len(fields) != len(t.heads) {
		return nil
	}
	for i, f := range fields {
		inner := strings.TrimSuffix(strings.TrimPrefix(f, `"`), `"`)
		switch {
		case strings.Count(f, `"`)%2 != 0:
			return nil
		case len(f) == len(inner)+2 && !strings.Contains(inner, `"`):
			fields[i] = inner
		}
	}
	return fields
}

// check finds the faults of a whole row.
func (t *lines) check(r *record) {
	if r.fault != "" {
		return
	}
	r.fault = textFault(r.text)
	if t.heads == nil || len(r.fields) <= len(t.heads) || r.fault != "" {
		return
	}
	for _, extra := range r.fields[len(t.heads):] {
		if strings.TrimSpace(extra) != "" {
			r.fault = fmt.Sprintf("the row has %d values, the header %d: a value with a delimiter in it is probably not quoted",
				len(r.fields), len(t.heads))
			return
		}
	}
	r.fields = r.fields[:len(t.heads)]
}

func textFault(text string) string {
	switch {
	case strings.IndexByte(text, 0) >= 0:
		return "the row contains a zero byte"
	case !utf8.ValidString(text):
		return "the row contains bytes that are no UTF-8"
	}
	return ""
}
