package csv

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// objects is a table of JSON objects: an array of them, or one a line. Their keys are the columns,
// and an object within becomes columns of its own, "custom.product".
type objects struct {
	window *window
	json   *json.Decoder
	// array says that the objects stand in an array.
	array bool
	heads []string
	index map[string]int
	row   []string
}

func openObjects(w *window) (*objects, error) {
	in := bufio.NewReaderSize(w, readAhead)
	t := &objects{window: w, index: map[string]int{}}
	for {
		b, err := in.Peek(1)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", w.lines+1, cutShort(err))
		}
		if b[0] == '[' {
			t.array = true
			break
		}
		if b[0] == '{' {
			break
		}
		if _, err := in.Discard(1); err != nil {
			return nil, err
		}
		w.cut(w.base + 1)
	}
	t.json = json.NewDecoder(in)
	t.json.UseNumber()
	// Offsets of the decoder begin where it does.
	w.base = 0
	if t.array {
		if _, err := t.json.Token(); err != nil {
			return nil, fmt.Errorf("line %d: %w", w.lines+1, err)
		}
	}
	return t, nil
}

func (t *objects) header() []string { return t.heads }

func (t *objects) next(r *record) error {
	if t.array && !t.json.More() {
		if _, err := t.json.Token(); err != nil {
			return fmt.Errorf("line %d: the array does not end: %w", t.window.lines+1, cutShort(err))
		}
		return io.EOF
	}
	var object map[string]any
	err := t.json.Decode(&object)
	if err == io.EOF && !t.array {
		return io.EOF
	}
	first := t.window.lines + 1
	text := t.window.cut(t.json.InputOffset())
	body := strings.TrimLeft(string(text), ", \t\r\n")
	r.line = first + int64(strings.Count(string(text[:len(text)-len(body)]), "\n"))
	r.text, r.fields, r.fault = body, nil, ""
	var kind *json.UnmarshalTypeError
	switch {
	case errors.Is(err, errLongRow):
		return fmt.Errorf("line %d: %w", r.line, err)
	case errors.As(err, &kind):
		r.fault = "this is no object"
		return nil
	case err != nil:
		return fmt.Errorf("line %d: %w", r.line, cutShort(err))
	}
	clear(t.row)
	for key, v := range object {
		t.set(key, v)
	}
	r.fields = t.row
	r.fault = textFault(r.text)
	for _, v := range t.row {
		if r.fault == "" {
			r.fault = textFault(v)
		}
	}
	return nil
}

// cutShort keeps a file that ends too soon from looking like one that just ends.
func cutShort(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

func (t *objects) set(key string, v any) {
	text := ""
	switch v := v.(type) {
	case nil:
		return
	case string:
		text = v
	case bool:
		text = strconv.FormatBool(v)
	case json.Number:
		text = v.String()
	case map[string]any:
		for k, inner := range v {
			t.set(key+"."+k, inner)
		}
		return
	default:
		b, err := json.Marshal(v)
		if err != nil {
			return
		}
		text = string(b)
	}
	i, ok := t.index[key]
	if !ok {
		i = len(t.heads)
		t.index[key] = i
		t.heads = append(t.heads, key)
		t.row = append(t.row, "")
	}
	t.row[i] = text
}

// adopt gives the table the columns of a plan, in its order.
func (t *objects) adopt(p *plan) {
	for i, c := range p.columns {
		t.index[c.header] = i
		t.heads = append(t.heads, c.header)
		t.row = append(t.row, "")
	}
}
