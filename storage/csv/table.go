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
	// queue are lines that wait to be read one by one.
	queue []record
}

func openLines(w *window, mark rune) (*lines, error) {
	t := &lines{window: w, mark: mark, csv: csv.NewReader(bufio.NewReaderSize(w, readAhead))}
	t.csv.Comma, t.csv.FieldsPerRecord, t.csv.ReuseRecord = mark, -1, true
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

func (t *lines) header() []string { return t.heads }

func (t *lines) next(r *record) error {
	for {
		if len(t.queue) > 0 {
			*r, t.queue = t.queue[0], t.queue[1:]
			t.single(r)
			t.check(r)
			return nil
		}
		fields, err := t.csv.Read()
		if errors.Is(err, errLongRow) {
			return fmt.Errorf("line %d: %w", t.window.lines+1, errLongRow)
		}
		first := t.window.lines + 1
		text := t.window.cut(t.csv.InputOffset())
		if err == io.EOF {
			return io.EOF
		}
		skipped := leading(text)
		row := bytes.Trim(text, "\r\n")
		parse, broken := errors.AsType[*csv.ParseError](err)
		switch {
		case err != nil && !broken:
			return fmt.Errorf("line %d: %w", first+skipped, err)
		case broken && t.heads == nil:
			return fmt.Errorf("line %d, column %d, the header: %w", parse.Line, parse.Column, parse.Err)
		case broken, t.heads != nil && len(fields) < len(t.heads) && bytes.IndexByte(row, '\n') >= 0:
			t.torn(first+skipped, row)
			continue
		case t.blank(fields):
			continue
		}
		*r = record{line: first + skipped, text: string(row), fields: fields}
		t.check(r)
		return nil
	}
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

// torn splits a row that a stray quote has made of several lines into these lines again: each is
// judged alone, so that one bad line does not take the good ones after it along.
func (t *lines) torn(first int64, text []byte) {
	for len(text) > 0 {
		line, rest, _ := bytes.Cut(text, []byte{'\n'})
		if len(bytes.TrimSpace(line)) > 0 {
			t.queue = append(t.queue, record{line: first, text: strings.TrimRight(string(line), "\r")})
		}
		first++
		text = rest
	}
}

// single reads one line by itself. Quotes in the wrong places are taken as they were probably meant:
// as part of the value. That is believed only if as many values come out as there are columns.
func (t *lines) single(r *record) {
	for _, lazy := range []bool{false, true} {
		again := csv.NewReader(strings.NewReader(r.text))
		again.Comma, again.FieldsPerRecord, again.LazyQuotes = t.mark, -1, lazy
		fields, err := again.Read()
		if err != nil || len(fields) != len(t.heads) || len(t.heads) < 2 && lazy {
			continue
		}
		if _, err := again.Read(); err == io.EOF {
			r.fields = fields
			return
		}
	}
	r.fields, r.fault = nil, "quotes stand in the wrong places"
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
