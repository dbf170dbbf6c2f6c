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
	if s.in.Verb == VerbLog && s.promise(i, b) {
		s.in.Verb = VerbNext
		s.next(i, b)
		return
	}
	end := s.part(i, b)
	pieces := s.happened(i, end)
	for k := s.fresh(end, b); k < b; k = s.fresh(end, b) {
		if s.in.Verb == VerbNext {
			pieces = s.join(pieces, piece{k, b}) // what was logged is still to come
			break
		}
		end = s.part(k, b)
		if e := s.followUp(k, end, b); e > 0 {
			end = e
			continue
		}
		if s.in.Verb == VerbLog && s.in.Activity.Kind == "" {
			if h := s.kind(k, end); h.n > 0 && (!s.aheadAt(k+h.n, end) || s.in.Text == "" && len(pieces) == 0 && len(s.in.Deal.Words) <= 2) {
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
	s.onlyPromised()
}

// aheadAt reports whether the words at i put what stands before them ahead, or into some month.
func (s *scan) aheadAt(i, b int) bool {
	h := s.date(i, b, Past)
	return h.ahead || h.vague
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
			if n, colon := s.nextMarker(k, b); colon || n > 0 && s.turns(k, n, b) || s.promise(k, b) && !s.introduced(k, i, b) {
				return k
			}
		}
	}
	return b
}

// introduced reports whether the promise at k is what a word like "потом" at i leads to.
func (s *scan) introduced(k, i, b int) bool {
	n, _ := s.nextMarker(i, b)
	return n > 0 && i+n == k
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
			s.list[k].shape = symbol // it is a part of the text
			continue
		}
		s.keyed(ArgStage, a.keys)
		s.use(k, a.end())
	}
}

// happened reads the first segment: the deal, the activity, its day.
func (s *scan) happened(a, b int) []piece {
	day, dayAt := s.lead(a, b), a
	a = s.head(a+day.n, b)
	at, h := s.findKind(a, b)
	if h.n == 0 {
		if day.ahead {
			a = dayAt
		}
		return s.plain(a, b)
	}
	end := at
	if at > a && actor(s.word(at-1, b)) {
		h.activity.Direction = funnel.Incoming
		end--
	}
	for k := a; k < end; k++ {
		d := s.date(k, end, Past)
		if d.n == 0 || k+d.n != end {
			continue
		}
		if d.ahead {
			day, dayAt = d, k
		} else {
			s.onDay(d, k)
		}
		end = k
		break
	}
	named := s.free(a, end)
	known := named || !s.in.Deal.IsZero()
	if day.ahead && s.plannable(h) {
		s.plan(at, b, h, dayAt, day, known)
		if named && s.in.Deal.IsZero() {
			s.refer(a, end, end)
		}
		return nil
	}
	p := s.after(at, b, h, known)
	switch {
	case s.in.Verb == VerbNext && named && s.in.Deal.IsZero():
		s.refer(a, end, end)
	case named && s.in.Deal.IsZero():
		upTo := at + h.n
		if p.from < p.to {
			upTo = p.from
		}
		s.refer(a, end, upTo)
	case named && s.in.Verb != VerbNext:
		p = piece{a, max(end, p.to)}
	}
	return s.join(nil, p)
}

// lead reads the day that begins a line of log. One ahead is not taken yet: it may belong to a plan.
func (s *scan) lead(a, b int) dateHit {
	h := s.date(a, b, Past)
	if s.in.Verb != VerbLog || h.n == 0 || h.hour {
		return dateHit{}
	}
	if !h.ahead || s.only(a+h.n, b) {
		s.onDay(h, a)
	}
	return h
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
		closes := s.only(i+d.n, b)
		switch {
		case d.ahead && s.plannable(h):
			return s.plan(at, b, h, i, d, named)
		case d.ahead, !closes && (d.vague || h.activity.Kind == funnel.Note && !d.behind):
			return s.acted(at, h, i, b) // "note next week they move" tells no day of the note
		}
		s.onDay(d, i)
		i += d.n
	}
	if k, d := s.lastDay(i, b, named, h.acted); d.n > 0 {
		if d.ahead && s.plannable(h) {
			return s.plan(at, b, h, k, d, named)
		} else if !d.ahead {
			s.onDay(d, k)
			b = k
		}
	}
	if m := s.money(i, b); s.isAmount(m, i, b) {
		s.priced(m, i)
		return s.acted(at, h, i, i)
	}
	last := s.list[at+h.n-1]
	if named || last.colon || last.dot {
		return s.acted(at, h, i, b)
	}
	sum := s.sumAt(i, b)
	switch {
	case h.activity.Kind != funnel.Payment:
		b = s.lastAmount(i, b)
		sum = b
	case sum > i && s.money(i, b).unit:
		// "аванс 100к ромашка": the amount stands in front of the deal.
		end := i + s.money(i, b).n
		s.refer(end, sum, sum)
		b = end
		sum = i
	}
	if s.free(i, sum) {
		s.refer(i, sum, sum)
		i = sum
	}
	return s.acted(at, h, i, b)
}

// sumAt returns where the amount begins that ends a segment, or b.
func (s *scan) sumAt(i, b int) int {
	for k := max(i, b-6); k < b; k++ {
		if m := s.money(k, b); m.n > 0 && (m.unit || m.digits > 3) && s.only(k+m.n, b) {
			return k
		}
	}
	return b
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

// lastDay returns the day that ends a segment when it may be the day of the activity: it says itself
// that it is past, or only the deal, or whom it was with, stands between. "Asked to send docs tuesday"
// tells of another day.
func (s *scan) lastDay(i, b int, named, acted bool) (int, dateHit) {
	if !s.in.When.IsZero() || s.in.Open(ArgWhen) {
		return b, dateHit{}
	}
	for k := max(i, b-8); k < b; k++ {
		d := s.date(k, b, Past)
		if d.n == 0 || k+d.n != b {
			continue
		}
		const most = 3
		words := s.named(i, k)
		near := words <= most && (!named || company(s.word(i, b))) || acted && words < most && !wants(s.word(i, b))
		if d.vague || !near && !d.behind {
			break
		}
		return k, d
	}
	return b, dateHit{}
}

// company reports whether the word says with whom something took place.
func company(w string) bool {
	switch w {
	case "с", "со", "with", "у", "at":
		return true
	}
	return false
}

// lastAmount takes an amount that ends a segment and returns where it begins, or b.
func (s *scan) lastAmount(i, b int) int {
	for k := max(i, b-6); k < b; k++ {
		if m := s.money(k, b); m.n > 0 && m.unit && s.only(k+m.n, b) && !s.owed(k, m.n) {
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
		if k, d := s.lastDay(a, b, !s.in.Deal.IsZero() || s.named(a, b) > 2, false); d.n > 0 && !d.ahead {
			s.onDay(d, k)
			end = k
		}
		end = s.lastAmount(a, end)
	}
	if s.in.Deal.IsZero() {
		s.refer(a, end, end)
		return nil
	}
	return s.join(nil, piece{a, end})
}
