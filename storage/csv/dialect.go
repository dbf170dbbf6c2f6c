package csv

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// dialect is how a file writes a table.
type dialect struct {
	encoding Encoding
	// json marks an array of objects instead of lines.
	json      bool
	delimiter rune
	// skip is the size of a first line that only names the delimiter.
	skip int
}

// delimiters are what may stand between values, the likelier first.
const delimiters = ",;\t|"

// sniffed is how much text the delimiter is concluded from.
const sniffed = 256 << 10

// sniff concludes the dialect from the beginning of a file. What the mapping names is not asked.
func sniff(sample []byte, m *Mapping) (dialect, error) {
	if err := workbook(sample); err != nil {
		return dialect{}, err
	}
	d := dialect{encoding: m.Encoding}
	if d.encoding == "" {
		var err error
		if d.encoding, err = detect(sample); err != nil {
			return d, err
		}
	}
	r, err := decode(bytes.NewReader(sample), d.encoding)
	if err != nil {
		return d, err
	}
	text, err := io.ReadAll(r)
	if err != nil {
		return d, fmt.Errorf("decode as %s: %w", d.encoding, err)
	}
	if garbled(text) {
		return d, errNoText
	}
	start := bytes.TrimLeft(text, " \t\r\n")
	if len(start) == 0 {
		return d, errors.New("the file is empty")
	}
	if start[0] == '[' || start[0] == '{' {
		d.json = true
		return d, nil
	}
	if line, _, ok := bytes.Cut(text, []byte("\n")); ok && bytes.HasPrefix(line, []byte("sep=")) {
		mark := strings.TrimRight(string(line[len("sep="):]), "\r")
		if len(mark) == 1 && strings.Contains(delimiters, mark) {
			d.delimiter, d.skip = rune(mark[0]), len(line)+1
		}
	}
	if m.Delimiter != "" {
		d.delimiter = rune(m.Delimiter[0])
	}
	if d.delimiter == 0 {
		d.delimiter = delimiterOf(text[d.skip:])
	}
	return d, nil
}

// delimiterOf finds the mark that cuts the first rows into the same number of values, and into more
// than one.
func delimiterOf(text []byte) rune {
	best, score := ',', 0
	for _, mark := range delimiters {
		if got := agreement(text, mark); got > score {
			best, score = mark, got
		}
	}
	return best
}

// agreement is the number of values of the header, weighed by the share of rows that have as many.
func agreement(text []byte, mark rune) int {
	r := csv.NewReader(bytes.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes = mark, -1, true
	head, err := r.Read()
	if err != nil || len(head) < 2 {
		return 0
	}
	same, rows := 1, 1
	for rows < 200 {
		row, err := r.Read()
		if err != nil {
			break
		}
		rows++
		if len(row) == len(head) {
			same++
		}
	}
	return len(head) * 100 * same / rows
}

var (
	errNoText   = errors.New("this is no table of text, such as CSV or JSON: most of it cannot be read as letters")
	errWorkbook = errors.New("this is a spreadsheet or an archive, not CSV: open it in its program and save the sheet as CSV")
)

// workbook recognises what people bring instead of a CSV file: workbooks of Excel, new and old.
func workbook(sample []byte) error {
	for _, mark := range []string{"PK\x03\x04", "\xD0\xCF\x11\xE0"} {
		if bytes.HasPrefix(sample, []byte(mark)) {
			return errWorkbook
		}
	}
	return nil
}

// garbled reports whether too much of a decoded text is nothing that people write. A few broken rows
// among good ones are not: they are rejected one by one.
func garbled(text []byte) bool {
	runes, odd := 0, 0
	for _, r := range string(text) {
		runes++
		if r == utf8.RuneError || !unicode.IsPrint(r) && !unicode.IsSpace(r) && r != '\uFEFF' && r != '\u200B' && r != '\u00AD' {
			odd++
		}
	}
	return odd*garbledShare > runes
}

// garbledShare is the part of a text from which on it is none: one letter in so many.
const garbledShare = 10
