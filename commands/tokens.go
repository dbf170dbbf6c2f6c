package commands

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

type shape uint8

const (
	word   shape = iota // letters, digits and what may stand among them
	mark                // a comma, semicolon, line break or lone dash: the end of a segment
	arrow               // -> => →
	equals              // =
	symbol              // an emoji and the like
)

// token is a piece of a line. Offsets are bytes of the line, so that free text keeps the person's
// own spelling.
type token struct {
	shape shape
	// start and end hold the word alone, without quotes and punctuation around it; from and stop
	// hold these too.
	start, end, from, stop int
	// fs and fe hold its folded form in the buffer of the line.
	fs, fe       int
	quoted, used bool
	// colon and dot say what follows the word directly; a dot is also ! ? and ….
	colon, dot bool
}

// tokens is a line taken apart.
type tokens struct {
	line string
	list []token
	// folded holds the folded words, one space between neighbours.
	folded string
}

// tokenize takes any bytes apart in time linear in their number.
func tokenize(line string) tokens {
	c := cutter{line: line, list: make([]token, 0, 8+min(len(line)/8, 256))}
	for c.at < len(line) {
		c.step()
	}
	t := tokens{line: line, list: c.list}
	t.fold()
	return t
}

func (t *tokens) fold() {
	buf := make([]byte, 0, len(t.line)+len(t.list))
	for i := range t.list {
		k := &t.list[i]
		if i > 0 {
			buf = append(buf, ' ')
		}
		k.fs = len(buf)
		if k.shape == word {
			buf = appendFold(buf, t.line[k.start:k.end])
		}
		k.fe = len(buf)
	}
	t.folded = string(buf)
}

// cutter walks over a line once.
type cutter struct {
	line string
	at   int
	list []token
	// unclosed holds, by opening quote, that no closing one follows, so that a line of opening
	// quotes is not searched to its end for each of them.
	unclosed map[rune]bool
}

func (c *cutter) step() {
	r, size := utf8.DecodeRuneInString(c.line[c.at:])
	switch {
	case r == '\n' || r == '\r' || r == '\u2028' || r == '\u2029' || r == ',' || r == ';':
		c.add(token{shape: mark, start: c.at, end: c.at + size})
	case blank(r):
		c.at += size
	case arrowAt(c.line, c.at) > 0:
		c.add(token{shape: arrow, start: c.at, end: c.at + arrowAt(c.line, c.at)})
	case r == '=':
		c.add(token{shape: equals, start: c.at, end: c.at + size})
	case dash(r):
		c.dash(r, size)
	case strings.HasPrefix(c.line[c.at:], "<@") && c.mention():
	case closers(r) != "" && c.quote(r, size):
	case r == '?' && len(c.list) == 0:
		c.add(token{start: c.at, end: c.at + size})
	case wordly(r) || r == '#' || r == '@' || r == '+' || r == '%' || r == '&' || r == '$':
		c.word()
	case pictured(r):
		c.add(token{shape: symbol, start: c.at, end: c.at + size})
	default:
		c.punctuation(r, size)
	}
}

func (c *cutter) add(t token) {
	t.from, t.stop = t.start, t.end
	c.at = t.end
	c.list = append(c.list, t)
}

// punctuation that touches a word belongs to the text of that word, not to the word.
func (c *cutter) punctuation(r rune, size int) {
	if n := len(c.list); n > 0 && c.list[n-1].stop == c.at {
		t := &c.list[n-1]
		t.stop += size
		t.colon = t.colon || r == ':'
		t.dot = t.dot || ends(r)
	}
	c.at += size
}

// dash tells the dash between words from the sign of a number and the dashes of an option.
func (c *cutter) dash(r rune, size int) {
	end := c.at + size
	for end < len(c.line) {
		next, n := utf8.DecodeRuneInString(c.line[end:])
		if !dash(next) {
			break
		}
		end += n
	}
	next, _ := utf8.DecodeRuneInString(c.line[end:])
	switch {
	case end < len(c.line) && unicode.IsLetter(next):
		c.at = end
	case end < len(c.line) && unicode.IsDigit(next) && end == c.at+size && (r == '-' || r == '−'):
		c.word()
	default:
		c.add(token{shape: mark, start: c.at, end: end})
	}
}

// mention reads the form in which Slack sends a person: <@U123> or <@U123|anna>.
func (c *cutter) mention() bool {
	const longest = 200
	end := strings.IndexByte(c.line[c.at:min(len(c.line), c.at+longest)], '>')
	if end < 3 {
		return false
	}
	t := token{start: c.at + 1, end: c.at + end, from: c.at, stop: c.at + end + 1}
	if bar := strings.IndexByte(c.line[t.start:t.end], '|'); bar > 0 {
		t.end = t.start + bar
	}
	c.list = append(c.list, t)
	c.at = t.stop
	return true
}

// quote reads a quoted piece when its end is there; otherwise the opening quote means nothing.
func (c *cutter) quote(r rune, size int) bool {
	if c.unclosed[r] {
		return false
	}
	end := closing(c.line, c.at+size, r)
	if end < 0 {
		if c.unclosed == nil {
			c.unclosed = map[rune]bool{}
		}
		c.unclosed[r] = true
		return false
	}
	_, n := utf8.DecodeRuneInString(c.line[end:])
	if strings.TrimSpace(c.line[c.at+size:end]) == "" {
		c.at = end + n
		return true
	}
	c.list = append(c.list, token{start: c.at + size, end: end, from: c.at, stop: end + n, quoted: true})
	c.at = end + n
	return true
}

// word reads letters, digits and what may stand between them, then gives the punctuation at its
// end back.
func (c *cutter) word() {
	start, url := c.at, false
	before := rune(0)
	for c.at < len(c.line) {
		r, size := utf8.DecodeRuneInString(c.line[c.at:])
		next, _ := utf8.DecodeRuneInString(c.line[c.at+size:])
		if c.at > start && (blank(r) || r == '\n' || r == '\r' || !url && breaks(r, before, next, c.line, c.at)) {
			break
		}
		if r == ':' && strings.HasPrefix(c.line[c.at:], "://") {
			url = true
		}
		before = r
		c.at += size
	}
	t := token{start: start, end: c.at, from: start, stop: c.at}
	for t.end > start {
		r, size := utf8.DecodeLastRuneInString(c.line[start:t.end])
		if r == utf8.RuneError || !unicode.IsPunct(r) || r == '%' || r == '#' || r == '@' {
			break
		}
		t.end -= size
		t.colon = t.colon || r == ':'
		t.dot = t.dot || ends(r)
	}
	if t.end == start {
		t.end = t.stop // a lone sign, as in R & D
	}
	c.list = append(c.list, t)
}

// breaks reports whether a word ends before r.
func breaks(r, before, next rune, line string, at int) bool {
	switch r {
	case ',':
		return !unicode.IsDigit(before) || !unicode.IsDigit(next)
	case ';':
		return !unicode.IsLetter(next)
	case ':':
		return (!unicode.IsDigit(before) || !unicode.IsDigit(next)) && !strings.HasPrefix(line[at:], "://")
	case '«', '»', '“', '”', '„', '"', '(', ')', '=', '\u2028', '\u2029':
		return true
	}
	return arrowAt(line, at) > 0 || pictured(r)
}
