package chart

import (
	"slices"
	"strings"
	"unicode"

	"github.com/rivo/uniseg"
)

// ellipsis stands for what was left out.
const ellipsis = "…"

// clip shortens words so that they are no wider than that.
func (c *canvas) clip(s string, wide int, f face) string {
	s = plain(s)
	if c.measure(s, f) <= wide {
		return s
	}
	// Letters are cut where readers see them end.
	var ends []int
	for rest, at := s, 0; rest != ""; {
		letter, after, _, _ := uniseg.FirstGraphemeClusterInString(rest, -1)
		at, rest = at+len(letter), after
		ends = append(ends, at)
	}
	for _, end := range slices.Backward(ends) {
		short := strings.TrimRightFunc(s[:end], func(r rune) bool { return unicode.IsSpace(r) || unicode.IsPunct(r) }) + ellipsis
		if c.measure(short, f) <= wide {
			return short
		}
	}
	return ellipsis
}

// wrap breaks words into lines no wider than that; the last of them is clipped.
func (c *canvas) wrap(s string, wide, lines int, f face) []string {
	var all []string
	rest := strings.Fields(plain(s))
	for len(rest) > 0 {
		n := len(rest)
		for n > 1 && c.measure(strings.Join(rest[:n], " "), f) > wide {
			n--
		}
		if len(all) == lines-1 {
			n = len(rest)
		}
		all = append(all, c.clip(strings.Join(rest[:n], " "), wide, f))
		rest = rest[n:]
	}
	return all
}

// plain is text without what is no letter: marks that turn the direction of writing, and control
// characters. A no-break space is a space to the font.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Zs, r):
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, s)
}
