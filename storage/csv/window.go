package csv

import (
	"bytes"
	"errors"
	"io"
	"slices"
)

// maxRow is the size of the largest row that is read, in bytes: a quote that is never closed would
// otherwise take the rest of the file for one value.
const maxRow = 1 << 20

var errLongRow = errors.New("a row is longer than 1 MiB: a quote is probably opened and never closed")

// window passes text on and keeps what the reader after it has not finished with, so that a row can
// be shown as it stands in the file and none can grow without limit.
type window struct {
	r     io.Reader
	buf   []byte
	start int
	base  int64 // the offset in the text of buf[start]
	lines int64 // line ends before base
	// pending is text that is to be read once more.
	pending []byte
}

// Read implements io.Reader.
func (w *window) Read(p []byte) (int, error) {
	if len(w.buf)-w.start > maxRow+2*readAhead {
		return 0, errLongRow
	}
	n, err := copy(p, w.pending), error(nil)
	if n > 0 {
		w.pending = w.pending[n:]
	} else {
		n, err = w.r.Read(p)
	}
	if len(w.buf)+n > cap(w.buf) && w.start > 0 {
		w.buf = w.buf[:copy(w.buf, w.buf[w.start:])]
		w.start = 0
	}
	w.buf = append(w.buf, p[:n]...)
	return n, err
}

// readAhead is how much the reader after the window takes at once.
const readAhead = 64 << 10

// cut returns the text up to the offset, valid until the next Read, and forgets it.
func (w *window) cut(to int64) []byte {
	n := min(w.start+int(to-w.base), len(w.buf))
	text := w.buf[w.start:n]
	w.lines += int64(bytes.Count(text, []byte{'\n'}))
	w.base += int64(len(text))
	w.start = n
	return text
}

// rest returns the text after the last cut that was read already.
func (w *window) rest() []byte { return w.buf[w.start:] }

// back makes everything after the last cut be read once more, by a reader that begins there.
func (w *window) back() {
	w.pending = slices.Concat(w.buf[w.start:], w.pending)
	w.buf, w.start, w.base = w.buf[:0], 0, 0
}

// counter counts the bytes that were read of a file.
type counter struct {
	r    io.Reader
	n    int64
	tell func(int64)
}

// Read implements io.Reader.
func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	if c.tell != nil && n > 0 {
		c.tell(c.n)
	}
	return n, err
}
