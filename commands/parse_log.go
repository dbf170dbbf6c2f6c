package commands

import (
	"strings"

	"funnelbot/funnel"
)

// piece is a range of tokens that belongs to the text.
type piece struct{ from, to int }

// logged reads what happened and what follows: "ромашка звонок, просят КП, 1.2 млн, след: пт".
// Done reads the same, without an activity.
func (s *scan) logged(i, b int) {
	s.arrows(i, b)
	i = s.past(i, b)
	end := s.part(i, b)
	pieces := s.happened(i, end)
	for k := s.fresh(end, b); k < b; k = s.fresh(end, b) {
		end = s.part(k, b)
		if e := s.followUp(k, end, b); e > 0 {
			end = e
			continue
		}
		if s.in.Verb == VerbLog && s.in.Activity.Kind == "" {
			if h := s.kind(k, end); h.n > 0 {
				pieces = s.join(pieces, s.after(k, end, h, true))
				continue
			}
		}
		pieces = s.join(pieces, piece{k, end})
	}
	var text []string
	if s.in.Text != "" {
		text = append(text, s.in.Text)
	}
	for _, p := range pieces {
		if t := s.span(p.from, p.to); t != "" {
			text = append(text, t)
		}
	}
	s.in.Text = strings.Join(text, ", ")
}

// join appends a piece, or makes the last one longer when only a mark stands between them.
func (s *scan) join(pieces []piece, p piece) []piece {
	if p.from >= p.to {
		return pieces
	}
	if n := len(pieces); n > 0 && s.marksOnly(pieces[n-1].to, p.from) {
		pieces[n-1].to = p.to
		return pieces
	}
	return append(pieces, p)
}

// marksOnly reports whether nothing but marks stands in [a,b).
func (s *scan) marksOnly(a, b int) bool {
	for ; a < b; a++ {
		if s.list[a].shape != mark {
			return false
		}
	}
	return true
}

// part returns the end of the segment that begins at i: a mark, an arrow, or a word like "след:".
func (s *scan) part(i, b int) int {
	for k := i; k < b; k++ {
		if s.list[k].shape == mark || s.list[k].shape == arrow {
			return k
		}
		if k > i && s.list[k].shape == word {
			if _, colon := s.nextMarker(k, b); colon {
				return k
			}
		}
	}
	return b
}

// fresh returns the next token from i on that is no mark or arrow and not used.
func (s *scan) fresh(i, b int) int {
	for i < b && (s.list[i].shape == mark || s.list[i].shape == arrow || s.list[i].used) {
		i++
	}
	return i
}

// arrows takes the stage that an arrow points to.
func (s *scan) arrows(i, b int) {
	for k := i; k < b && s.in.Stage == "" && !s.in.Open(ArgStage); k++ {
		if s.list[k].shape != arrow {
			continue
		}
		a := s.stageAt(k+1, b)
		if !a.found() {
			if keys := s.slip(k+1, b, len(s.lex.Stages), s.stage); len(keys) > 0 {
				a = anchor{k + 1, 1, keys, slipped}
			}
		}
		if a.found() {
			s.keyed(ArgStage, a.keys)
			s.use(k, a.end())
		}
	}
}

// happened reads the first segment: the deal, the activity, its day.
func (s *scan) happened(a, b int) []piece {
	if s.in.Verb == VerbLog {
		if h := s.date(a, b, Past); h.n > 0 && !h.hour {
			s.onDay(h, a)
			a += h.n
		}
	}
	a = s.head(a, b)
	at, h := s.findKind(a, b)
	if h.n == 0 {
		return s.plain(a, b)
	}
	end := at
	if at > a && actor(s.word(at-1, b)) {
		h.activity.Direction = funnel.Incoming
		end--
	}
	for k := a; k < end; k++ {
		if d := s.date(k, end, Past); d.n > 0 && k+d.n == end {
			s.onDay(d, k)
			end = k
			break
		}
	}
	named := s.free(a, end)
	p := s.after(at, b, h, named || !s.in.Deal.IsZero())
	if named && s.in.Deal.IsZero() {
		upTo := at + h.n
		if p.from < p.to {
			upTo = p.from
		}
		s.refer(a, end, upTo)
	} else if named {
		p = piece{a, max(end, p.to)}
	}
	return s.join(nil, p)
}

// findKind returns where the first segment names an activity. In "просят звонок" the words in front
// may be text as well; whoever resolves the deal gives them back.
func (s *scan) findKind(a, b int) (at int, h kindHit) {
	if s.in.Verb != VerbLog {
		return a, kindHit{}
	}
	for k := a; k < min(b, a+maxWords+2); k++ {
		if h = s.kind(k, b); h.n > 0 {
			return k, h
		}
	}
	return a, kindHit{}
}

// after reads the segment from the activity on. When no deal is named yet, the words behind the
// activity name it. It returns what belongs to the text.
func (s *scan) after(at, b int, h kindHit, named bool) piece {
	s.in.Activity = h.activity
	i := at + h.n
	if d := s.date(i, b, Past); d.n > 0 {
		s.onDay(d, i)
		i += d.n
	}
	b = s.lastDay(i, b)
	if m := s.money(i, b); s.isAmount(m, i, b) {
		s.priced(m, i)
		return s.acted(at, h, i, i)
	}
	if !named {
		b = s.lastAmount(i, b)
	}
	last := s.list[at+h.n-1]
	if !named && s.free(i, b) && !last.colon && !last.dot {
		upTo := b
		s.refer(i, b, upTo)
		i = b
	}
	return s.acted(at, h, i, b)
}

// acted returns the text of a segment with an activity: what follows it, and its own words where
// they say more than the kind does.
func (s *scan) acted(at int, h kindHit, i, b int) piece {
	if h.acted && (h.n > 1 || h.keep || s.past(i, b) < b) {
		if i >= b {
			b = at + h.n
		}
		return piece{at, b}
	}
	return piece{i, b}
}

// only reports whether nothing but marks and pictures stands in [i,b).
func (s *scan) only(i, b int) bool { return s.past(i, b) >= b }

// lastDay takes a day that ends a segment and returns where it begins, or b.
func (s *scan) lastDay(i, b int) int {
	for k := max(i, b-8); k < b; k++ {
		if d := s.date(k, b, Past); d.n > 0 && k+d.n == b && s.in.When.IsZero() && !s.in.Open(ArgWhen) {
			s.onDay(d, k)
			return k
		}
	}
	return b
}

// lastAmount takes an amount that ends a segment and returns where it begins, or b.
func (s *scan) lastAmount(i, b int) int {
	for k := max(i, b-6); k < b; k++ {
		if m := s.money(k, b); m.n > 0 && m.unit && s.only(k+m.n, b) {
			s.priced(m, k)
			return k
		}
	}
	return b
}

// onDay takes a day of log. One that its own words put ahead is the day of the next step.
func (s *scan) onDay(h dateHit, i int) {
	switch {
	case h.hour && !s.in.When.IsZero():
		s.in.When.Clock = h.when.Clock
	case h.ahead:
		s.dated(ArgNextWhen, h, i)
	default:
		s.dated(ArgWhen, h, i)
	}
	s.use(i, i+h.n)
}

// plain reads a first segment without an activity.
func (s *scan) plain(a, b int) []piece {
	end := b
	if s.in.Verb == VerbLog {
		end = s.lastAmount(a, s.lastDay(a, b))
	}
	if s.in.Deal.IsZero() {
		s.refer(a, end, end)
		return nil
	}
	return s.join(nil, piece{a, end})
}
