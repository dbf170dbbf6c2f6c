package commands

import (
	"strconv"
	"strings"
	"unicode"

	"funnelbot/funnel"
)

// maxWords is how many words at most may name a deal; what comes after is text.
const maxWords = 8

// Ref is a deal as it was typed: a number, or words that hold a part of its company or title. The
// parser does not know where a name ends; the words may go on into the text, see [Intent.Split].
type Ref struct {
	// Number is the deal's number in its workspace, or zero.
	Number int64 `json:"number,omitzero"`
	// Words are in the person's spelling; a quoted name is one word.
	Words []string `json:"words,omitempty"`
	// Quoted says that the first word was quoted: it is the whole name.
	Quoted bool `json:"quoted,omitzero"`
	// Last says that the words tell what is to be done, "call them", "call alpha": no beginning of
	// them names the deal, only their end may, see [Intent.SplitEnd]; otherwise all are text.
	Last bool `json:"last,omitzero"`
	// Tail is what was typed from the first word up to the text, and Starts are the bytes in it
	// where the words begin.
	Tail   string `json:"tail,omitzero"`
	Starts []int  `json:"starts,omitempty"`
}

// IsZero reports whether no deal was named.
func (r Ref) IsZero() bool { return r.Number == 0 && len(r.Words) == 0 }

// Text returns the words as one name.
func (r Ref) Text() string { return strings.Join(r.Words, " ") }

// starts returns the offsets if they fit the tail: an intent may come from a stored session.
func (r Ref) starts() []int {
	for i, at := range r.Starts {
		if at < 0 || at > len(r.Tail) || i > 0 && at < r.Starts[i-1] {
			return nil
		}
	}
	return r.Starts
}

// number reads #42, №42, № 42 and, as a reference, 42. It returns how many tokens it takes.
func (s *scan) number(i, b int) int {
	w := s.word(i, b)
	signed, n := false, 1
	switch {
	case strings.HasPrefix(w, "#"):
		w, signed = w[1:], true
	case strings.HasPrefix(w, "№"):
		w, signed = w[len("№"):], true
	}
	if signed && w == "" {
		w, n = s.word(i+1, b), 2
	}
	if w == "" || strings.IndexFunc(w, func(r rune) bool { return r < '0' || r > '9' }) >= 0 {
		return 0
	}
	const longestBare = 7 // longer ones are tax and telephone numbers
	if !signed && (len(w) > longestBare || w[0] == '0' || s.grouped(i+1, b)) {
		return 0
	}
	v, err := strconv.ParseInt(w, 10, 64)
	switch {
	case err != nil:
		s.refuse(CodeNumberTooLarge, funnel.Args{"text": s.span(i, i+n)})
	case v == 0:
		s.refuse(CodeDealNumberInvalid, funnel.Args{"text": s.span(i, i+n)})
	default:
		s.in.Deal = Ref{Number: v}
	}
	return n
}

// grouped reports whether the word can only be the lower digits of a longer number: 500 000.
func (s *scan) grouped(i, b int) bool {
	w := s.word(i, b)
	return len(w) == 3 && w[0] == '0' && strings.IndexFunc(w, unicode.IsLetter) < 0
}

// head reads a reference whose end is certain, a number or a quoted name, and returns where the
// rest begins, or i when there is none.
func (s *scan) head(i, b int) int {
	i = s.past(i, b)
	if !s.in.Deal.IsZero() {
		return i // it stood in front of the verb
	}
	if s.word(i, b) != "" && dealNoun(s.word(i, b)) && i+1 < b {
		i++
	}
	if n := s.number(i, b); n > 0 {
		return i + n
	}
	if i < b && s.at(i).quoted {
		s.in.Deal = Ref{Words: []string{s.line[s.at(i).start:s.at(i).end]}, Quoted: true}
		return i + 1
	}
	return i
}

// refer takes the words of [a,b) as the reference. Tokens from b up to upTo stand between it and
// the text.
func (s *scan) refer(a, b, upTo int) {
	for a < b && s.idle(a, b) {
		a++
	}
	for b > a && s.idle(b-1, b) {
		b--
	}
	if a >= b {
		return
	}
	if n := s.number(a, b); n > 0 {
		s.extra(a+n, b)
		return
	}
	r := Ref{Quoted: s.at(a).quoted}
	from := s.at(a).from
	last := a
	for i := a; i < b && len(r.Words) < maxWords; i++ {
		if t := s.at(i); t.shape == word && !t.used {
			r.Words = append(r.Words, s.line[t.start:t.end])
			r.Starts = append(r.Starts, t.from-from)
			last = i
		}
	}
	if last+1 < b {
		s.extra(last+1, b)
		upTo = last + 1
	}
	end := s.at(last).stop
	if upTo > b && upTo <= len(s.list) {
		end = max(end, s.at(upTo-1).stop)
		if upTo < len(s.list) {
			end = max(end, s.at(upTo).from)
		}
	}
	r.Tail = s.line[from:end]
	s.in.Deal = r
}

// idle reports whether a token at the edge of a reference says nothing: a mark, an emoji, a word
// like "the deal", a preposition.
func (s *scan) idle(i, b int) bool {
	t := s.at(i)
	if t.shape != word || t.used {
		return true
	}
	w := s.word(i, b)
	return w != "" && (dealNoun(w) || preposition(w) || light(w))
}

func dealNoun(w string) bool {
	switch w {
	case "deal", "сделка", "сделку", "сделке", "сделки", "этап", "стадия", "стадию", "stage", "the":
		return true
	}
	return false
}

// light reports whether the word only joins a deal to what is said of it.
func light(w string) bool {
	switch w {
	case "is", "was", "has", "had", "have", "a", "an", "moved", "goes", "went", "now", "перешла", "перешел", "перешли",
		"ушла", "ушел", "ушли", "уже", "теперь", "сейчас", "была", "был", "было", "провел", "провела", "провели",
		"договор", "контракт", "contract":
		return true
	}
	return false
}

func preposition(w string) bool {
	switch w {
	case "в", "во", "на", "к", "ко", "с", "со", "у", "по", "от", "из", "для", "до", "из-за",
		"to", "into", "with", "for", "from", "at", "by", "on", "of", "until", "till", "about", "because", "due":
		return true
	}
	return false
}
