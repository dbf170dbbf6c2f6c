package commands

// stageEnds reports whether the word before k is a stage, perhaps with a typo, with words of a deal
// in front of it or none needed.
func (s *scan) stageEnds(k, b int) bool {
	if s.in.Deal.IsZero() && s.past(0, k) >= k-1 {
		return false
	}
	return s.stageAt(k-1, k).g >= partial || len(s.slip(k-1, b, len(s.lex.Stages), s.stage)) > 0
}

// ended reports whether what is said of a stage may end at i, or go on with an amount or a reason:
// "beta proposal 25k", "acme lead because they liked it".
func (s *scan) ended(i, b int) bool {
	if s.closes(i, b) || s.because(i, b) > 0 {
		return true
	}
	m := s.money(i, b)
	return m.unit && s.closes(i+m.n, b)
}

// worth takes the amount that stands right behind a stage, or is the first or last segment of what
// follows it.
func (s *scan) worth(i, b int) {
	first := s.past(i, b)
	last := b
	for last > first && s.list[last-1].shape == word {
		last--
	}
	for _, k := range []int{first, last} {
		m := s.money(k, b)
		apart := k > i || k == 0 || s.list[k-1].shape != word
		end := k + m.n
		if m.n > 0 && !s.owed(k, m.n) && (m.unit || apart && m.digits > 3) && (end >= b || s.list[end].shape != word || s.because(end, b) > 0) {
			s.priced(m, k)
			return
		}
	}
}

// onward takes the words that ask for the stage after the present one: "move acme forward", "двигай
// ромашку на следующий этап".
func (s *scan) onward(i, b int) {
	if s.in.Verb != VerbMove {
		return
	}
	end := s.segment(i, b)
	for k := i; k < end; k++ {
		switch s.word(k, b) {
		case "forward", "forwards", "onward", "ahead", "next", "вперед", "дальше", "далее", "следующий", "следующую":
		default:
			continue
		}
		n := 1
		if w := s.word(k+1, b); w == "stage" || w == "step" || w == "этап" || w == "стадию" {
			n = 2
		}
		if s.closes(k+n, b) {
			s.in.Forward = true
			for k > i && (preposition(s.word(k-1, b)) || s.word(k-1, b) == "the") {
				k, n = k-1, n+1
			}
			s.use(k, k+n)
			return
		}
	}
}
