package commands

import "slices"

// lost reads "ромашка цена, не пережили скидку".
func (s *scan) lost(i, b int) {
	i = s.head(i, b)
	a := s.anchor(i, b, len(s.lex.Reasons), s.reason, false)
	if !a.found() {
		a = s.slipped(i, b, len(s.lex.Reasons), s.reason)
	}
	if !a.found() {
		s.dayBeside(i, b, a)
		s.open(i, b)
		return
	}
	if s.rivals(i, b, a) {
		return
	}
	s.keyed(ArgReason, a.keys)
	text := a.end()
	if a.g < inflected && a.g != slipped && text < b && s.list[text].shape == word && !s.dayAt(text, b) {
		// "бюджет урезали" says more than the reason it names.
		text = a.at
		s.dayBeside(i, b, a)
	} else {
		s.use(a.at, a.end())
		s.dayBeside(i, b, a)
	}
	if s.in.Deal.IsZero() {
		switch {
		case s.free(i, a.at):
			s.refer(i, a.at, text)
		case text == a.end() && text < b && s.list[text].shape == word:
			stop := s.segment(text, b)
			s.refer(text, stop, stop)
			text = stop
		}
	}
	s.tell(text, b)
}

// rivals reads a line that weighs two reasons, "not price but competitor", and offers both, the one
// that is not denied first.
func (s *scan) rivals(i, b int, a anchor) bool {
	second := s.rival(a.end(), b, a)
	first := a
	if !second.found() {
		if second = s.rival(i, a.at, a); !second.found() {
			return false
		}
		first, second = second, first
	}
	keys := append(slices.Clone(first.keys), second.keys...)
	from := first.at
	if w := s.word(from-1, b); from > i && (w == "not" || w == "не") {
		from--
		keys = append(slices.Clone(second.keys), first.keys...)
	}
	s.keyed(ArgReason, keys)
	s.dayBeside(i, b, a)
	if s.in.Deal.IsZero() && s.free(i, from) {
		s.refer(i, from, from)
	}
	s.tell(from, b)
	return true
}

// rival returns another reason that [i,b) names surely, in the same segment or behind a "but".
func (s *scan) rival(i, b int, a anchor) anchor {
	end := s.segment(i, b)
	if w := s.word(end+1, b); w == "а" || w == "но" || w == "but" {
		end = s.segment(end+1, b)
	}
	for k := i; k < min(end, i+reach); k++ {
		keys, g, n := s.best(k, end, len(s.lex.Reasons), s.reason)
		if n > 0 && g >= partial && len(keys) == 1 && keys[0] != a.keys[0] && len(a.keys) == 1 {
			return anchor{k, n, keys, g}
		}
	}
	return anchor{}
}

func (s *scan) dayAt(i, b int) bool { return s.date(i, b, Past).n > 0 }

// won reads "ромашка 1,2 млн вчера, договор на год".
func (s *scan) won(i, b int) {
	i = s.head(i, b)
	s.figures(i, b, Past)
	s.rest(i, b)
}

// park reads "ромашка до 1 февраля, бюджет в феврале".
func (s *scan) park(i, b int) {
	i = s.head(i, b)
	s.spans = true
	s.figures(i, b, Future)
	s.rest(i, b)
}

// figures takes a day and, for won, an amount: anywhere in the first segment, or as a segment of
// their own.
func (s *scan) figures(i, b int, d Direction) {
	first := s.segment(i, b)
	for k := i; k < b; {
		if s.list[k].shape != word {
			k++
			continue
		}
		alone := func(n int) bool {
			return k < first || (k == 0 || s.list[k-1].shape != word) && (k+n >= b || s.list[k+n].shape != word)
		}
		if m := s.money(k, b); s.in.Verb == VerbWon && m.n > 0 && !s.owed(k, m.n) && s.in.Amount.IsZero() && (m.unit || m.digits > 2) && alone(m.n) {
			s.priced(m, k)
			k += m.n
			continue
		}
		h := s.date(k, b, d)
		if h.n > 0 && d == Past && (h.vague || h.ahead) && (s.named(i, k) > 2 || k >= first || k+h.n < first) {
			k += h.n // "kickoff in june" is what was told
			continue
		}
		if h.n > 0 && !h.hour && s.in.When.IsZero() && !s.in.Open(ArgWhen) && alone(h.n) {
			s.dated(ArgWhen, h, k)
			s.use(k, k+h.n)
			k += h.n
			continue
		}
		k++
	}
}

// priced takes an amount, or refuses it.
func (s *scan) priced(m moneyHit, i int) {
	if m.code != "" {
		if s.err == nil {
			s.err = s.moneyError(m, i)
		}
		return
	}
	s.in.Amount, s.in.AmountAssumed = m.money, m.assumed
	s.use(i, i+m.n)
	if i > 0 && (s.word(i-1, i) == "for" || s.word(i-1, i) == "на" || s.word(i-1, i) == "за") {
		s.use(i-1, i)
	}
}

// rest takes the words in front of the first figure or mark as the deal and the others as text.
func (s *scan) rest(i, b int) {
	end := i
	for end < b && s.list[end].shape == word && !s.list[end].used {
		end++
	}
	if s.in.Deal.IsZero() && end == i {
		// The figures came first: "до пятницы ромашку".
		for i < b && s.list[i].shape == word && s.list[i].used {
			i++
		}
		end = i
		for end < b && s.list[end].shape == word && !s.list[end].used {
			end++
		}
	}
	if s.in.Deal.IsZero() {
		s.refer(i, end, end)
		i = end
	}
	s.tell(i, b)
}
