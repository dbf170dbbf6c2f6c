package commands

import (
	"slices"

	"funnelbot/funnel"
)

// anchor is where a line names a stage or a reason, so that what stands before it is the deal.
type anchor struct {
	at, n int
	keys  []string
	g     grade
}

func (a anchor) found() bool { return a.n > 0 }
func (a anchor) end() int    { return a.at + a.n }

// reach is how far into a line a stage or a reason is looked for, in tokens.
const reach = 14

// anchor returns the place in [i,b) that names one of the things best: the better grade first, then
// one with a deal in front of it, for stages one that closes its segment, then the first.
func (s *scan) anchor(i, b, count int, thing func(int) named, closing bool) anchor {
	first := s.past(i, b)
	var best anchor
	rank := -1
	for k := first; k < min(b, i+reach); k++ {
		keys, g, n := s.best(k, b, count, thing)
		if n == 0 || k == first && g == opening && s.past(k+n, b) < b {
			continue
		}
		r := 4 * int(min(g, inflected))
		if closing && s.closes(k+n, b) {
			r += 2
		}
		if k > first {
			r++
		}
		if r > rank {
			best, rank = anchor{k, n, keys, g}, r
		}
	}
	return best
}

// closes reports whether a segment ends at i, or only a day follows.
func (s *scan) closes(i, b int) bool {
	if i >= b || s.list[i].shape != word {
		return true
	}
	h := s.date(i, b, Past)
	return h.n > 0 && (i+h.n >= b || s.list[i+h.n].shape != word)
}

// slipped returns the one word behind the first that names a thing with a typo.
func (s *scan) slipped(i, b, count int, thing func(int) named) anchor {
	first := s.past(i, b)
	for k := first; k < min(b, i+reach); k++ {
		if k == first && s.past(k+1, b) < b {
			continue
		}
		if keys := s.slip(k, b, count, thing); len(keys) > 0 {
			return anchor{k, 1, keys, slipped}
		}
	}
	return anchor{}
}

func (s *scan) stageAnchor(i, b int) anchor {
	return s.anchor(i, b, len(s.lex.Stages), s.stage, true)
}

// stageAt returns the stage that the words at i name as a whole.
func (s *scan) stageAt(i, b int) anchor {
	keys, g, n := s.best(i, b, len(s.lex.Stages), s.stage)
	return anchor{i, n, keys, g}
}

// move reads "ромашка в переговоры вчера, согласовали цену", for move, back and reopen.
func (s *scan) move(i, b int) {
	i = s.head(i, b)
	s.leave(i, b)
	a := s.stageAnchor(i, b)
	if !a.found() {
		a = s.slipped(i, b, len(s.lex.Stages), s.stage)
	}
	if !a.found() {
		s.onward(i, b)
		s.open(i, b)
		return
	}
	s.staging(a)
	s.moved(i, b, a)
}

// staging takes the stage of an anchor. A slip of the finger signs nothing: a stage from the
// signature on is offered instead.
func (s *scan) staging(a anchor) {
	signed := slices.IndexFunc(s.lex.Stages, func(t funnel.Stage) bool { return t.Key == s.lex.Signature })
	if a.g != slipped || signed < 0 || len(a.keys) != 1 {
		s.keyed(ArgStage, a.keys)
		return
	}
	for _, t := range s.lex.Stages[signed:] {
		if string(t.Key) == a.keys[0] {
			s.offer(ArgStage, Option{Key: a.keys[0]})
			return
		}
	}
	s.keyed(ArgStage, a.keys)
}

// moved reads what stands around the stage.
func (s *scan) moved(i, b int, a anchor) {
	s.use(a.at, a.end())
	s.dayBeside(i, b, a)
	end := a.end()
	if s.in.Deal.IsZero() {
		before := s.free(i, a.at)
		switch {
		case before:
			s.refer(i, a.at, end)
		case end < b && s.list[end].shape == word:
			stop := s.segment(end, b)
			s.refer(end, stop, stop)
			end = stop
		}
	}
	s.worth(end, b)
	s.tell(end, b)
}

// dayBeside takes the first day that stands at the edge of a segment or beside the anchor.
func (s *scan) dayBeside(i, b int, a anchor) {
	for k := i; k < min(b, i+reach); k++ {
		if s.list[k].used || s.list[k].shape != word {
			continue
		}
		h := s.date(k, b, Past)
		if h.n == 0 || h.hour {
			continue
		}
		if s.beside(i, k, b, h, a) {
			s.dated(ArgWhen, h, k)
			s.use(k, k+h.n)
			return
		}
		k += h.n - 1
	}
}

// beside reports whether the day at k is the day of what the line from i on tells. A month alone or
// a day to come inside what is told is a part of it: "call in march".
func (s *scan) beside(i, k, b int, h dateHit, a anchor) bool {
	behind := a.found() && s.past(a.end(), b) == k
	begins := k == i || behind || s.list[k-1].shape != word
	ends := k+h.n == a.at || k+h.n >= b || s.list[k+h.n].shape != word
	alone := begins && ends
	switch touches := k == i || behind || k+h.n == a.at; {
	case h.vague:
		return s.in.Verb != VerbLost && ends && (behind || k == i && i > 0)
	case h.ahead || s.today.Before(h.when.Date) && h.other.IsZero():
		return touches || alone
	case a.found() && !h.behind:
		return touches || alone
	}
	return begins || ends
}

// leave passes by the stage that is left: "from lead", "из лида".
func (s *scan) leave(i, b int) {
	for k := i; k < min(b, i+reach); k++ {
		switch s.word(k, b) {
		case "from", "из", "с", "со":
			if a := s.stageAt(k+1, b); a.g >= inflected && s.past(a.end(), b) < b {
				s.use(k, a.end())
				return
			}
		}
	}
}

// free reports whether a word of [a,b) is not used yet and says something.
func (s *scan) free(a, b int) bool {
	for i := a; i < b; i++ {
		if !s.idle(i, b) {
			return true
		}
	}
	return false
}

// tell takes [i,b) as the text, without the word that only joins a reason.
func (s *scan) tell(i, b int) {
	for i < b && (s.list[i].shape != word || s.list[i].used) && s.list[i].shape != symbol {
		i++
	}
	i += s.because(i, b)
	s.in.Text = trimmed(s.in.Text + " " + s.span(i, b))
}

// because returns how many words only say that a reason follows.
func (s *scan) because(i, b int) int {
	switch s.word(i, b) {
	case "because", "since", "т.к", "тк", "ибо", "поскольку":
		if s.word(i+1, b) == "of" {
			return 2
		}
		return 1
	case "потому":
		if s.word(i+1, b) == "что" {
			return 2
		}
	case "так":
		if s.word(i+1, b) == "как" {
			return 2
		}
	}
	return 0
}

// open reads a line whose anchor is missing: the words may be the deal, or go on into the text.
func (s *scan) open(i, b int) {
	end := s.segment(i, b)
	if s.in.Deal.IsZero() && i == s.past(i, b) {
		s.refer(i, end, end)
		i = end
	}
	s.tell(i, b)
}
