package commands

import (
	"strings"
	"unicode"

	"funnelbot/funnel"
)

// at returns the token i.
func (s *scan) at(i int) *token { return &s.list[i] }

// word returns the folded word at i; it is empty behind b, and for marks and quoted pieces.
func (s *scan) word(i, b int) string {
	if i < 0 || i >= b || i >= len(s.list) {
		return ""
	}
	t := &s.list[i]
	if t.shape != word || t.quoted || t.used {
		return ""
	}
	return s.folded[t.fs:t.fe]
}

// past returns the first token from i on that is not a mark, an arrow or a picture.
func (s *scan) past(i, b int) int {
	for i < b && s.list[i].shape != word {
		i++
	}
	return i
}

// span returns what was typed for the tokens of [a,b), without marks at its ends and without the
// quotes around a single quoted piece.
func (s *scan) span(a, b int) string {
	for a < b && (s.list[a].shape != word && s.list[a].shape != symbol || s.list[a].used) {
		a++
	}
	for b > a && (s.list[b-1].shape != word && s.list[b-1].shape != symbol || s.list[b-1].used) {
		b--
	}
	if a >= b {
		return ""
	}
	if t := s.list[a]; b == a+1 && t.quoted {
		return trimmed(s.line[t.start:t.end])
	}
	return trimmed(s.line[s.list[a].from:s.list[b-1].stop])
}

// name returns the words of [i,b) as one name, without quotes and the end of a sentence.
func (s *scan) name(i, b int) string {
	return strings.TrimRightFunc(s.span(i, b), func(r rune) bool { return ends(r) || unicode.IsSpace(r) || r == ':' })
}

// use marks tokens as understood.
func (s *scan) use(a, b int) {
	for i := a; i < b; i++ {
		s.list[i].used = true
	}
}

// unknown keeps the words of [i,b) that nothing has used.
func (s *scan) unknown(i, b int) {
	const most = 10
	for ; i < b && len(s.in.Unknown) < most; i++ {
		if t := s.list[i]; t.shape == word && !t.used {
			s.in.Unknown = append(s.in.Unknown, shortened(s.line[t.start:t.end]))
		}
	}
}

// extra puts words that are no reference in front of the text.
func (s *scan) extra(a, b int) {
	s.in.Text = trimmed(s.span(a, b) + " " + s.in.Text)
}

// refuse keeps the first refusal.
func (s *scan) refuse(code funnel.Code, args funnel.Args) {
	if s.err == nil {
		s.err = funnel.Refuse(code, args)
	}
}

func (s *scan) offer(arg Arg, options ...Option) {
	s.in.Choices = append(s.in.Choices, Choice{arg, options})
}

// keyed takes the only key of a thing, or offers several.
func (s *scan) keyed(arg Arg, keys []string) {
	if len(keys) == 1 {
		choose(&s.in, arg, Option{Key: keys[0]})
		return
	}
	options := make([]Option, len(keys))
	for i, k := range keys {
		options[i].Key = k
	}
	s.offer(arg, options...)
}

// dated takes a day into the argument, offers two readings of it, or refuses it.
func (s *scan) dated(arg Arg, h dateHit, i int) {
	switch {
	case h.impossible:
		s.refuse(CodeDateImpossible, funnel.Args{"text": shortened(s.core(i, i+h.n))})
	case !h.other.IsZero():
		s.offer(arg, Option{When: h.options()[0]}, Option{When: h.options()[1]})
	default:
		choose(&s.in, arg, Option{When: h.when})
	}
}

// core returns the span without the prepositions in front of a day.
func (s *scan) core(i, b int) string {
	for i < b-1 && datePreposition(s.word(i, b)) {
		i++
	}
	return s.name(i, b)
}

// segment returns the end of the segment that begins at i: the next mark outside of an amount or a
// day, or b.
func (s *scan) segment(i, b int) int {
	for i < b && s.list[i].shape != mark {
		i++
	}
	return i
}

// trimmed cuts room and marks off both ends of a text.
func trimmed(t string) string {
	t = strings.TrimLeftFunc(t, func(r rune) bool { return blank(r) || r == ',' || r == ';' || r == ':' })
	return strings.TrimRightFunc(t, func(r rune) bool { return blank(r) || r == ',' || r == ';' || r == ':' || r == '—' || r == '–' })
}
