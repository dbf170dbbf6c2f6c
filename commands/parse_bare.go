package commands

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"funnelbot/funnel"
)

// bare reads a line whose first word is no verb: a deal and a stage move it, a deal and an
// activity log it, a deal alone is shown.
func (s *scan) bare(i, b int) {
	s.in.Bare = true
	if s.in.Slash && !s.scoped {
		s.stranger(i, b)
		return
	}
	i = s.past(i, b)
	alone := s.past(i+1, b) >= b
	if s.past(s.past(i+1, b)+1, b) < b {
		// "mvoe acme negotiation" is no deal of the name "mvoe acme".
		alias, near := s.p.nearest(s.word(i, b))
		if near == VerbMove || near == VerbBack || near == VerbReopen || near == VerbList {
			s.suggest(i, alias, near)
			return
		}
	}
	if s.known(i, b) {
		return
	}
	alias, near := s.p.nearest(s.word(i, b))
	if f := s.retyped(); f != nil {
		s.in, s.err = f.in, f.err
		return
	}
	if near != "" && !alone {
		s.suggest(i, alias, near)
		return
	}
	if a := s.slipped(i, b, len(s.lex.Stages), s.stage); a.found() && !alone && s.ended(a.end(), b) && s.named(i, a.at) <= mostBare {
		s.in.Verb = VerbMove
		s.staging(a)
		s.moved(i, b, a)
		return
	}
	s.in.Verb, s.in.Near = VerbShow, near
	s.show(i, b)
}

// known reads a bare line when some of its words are certain.
func (s *scan) known(i, b int) bool {
	if k, n := s.listKind(i, b); n > 0 && s.only(i+n, b) {
		s.in.Verb, s.in.List.Kind = VerbList, k
		return true
	}
	j := s.head(i, b)
	if !s.in.Deal.IsZero() || s.err != nil {
		return s.about(j, b)
	}
	end := s.segment(i, b)
	for k := i + 1; k < min(end, i+5); k++ {
		if key := s.p.phrases[s.word(k, b)]; key == VerbWon || key == VerbLost {
			s.refer(i, k, k)
			s.in.Verb = key
			s.arguments(k+1, b)
			return true
		}
	}
	if s.promise(i, b) {
		s.in.Verb = VerbNext
		s.next(i, b)
		return true
	}
	if h := s.kind(i, b); h.n > 0 {
		s.happening(i, i, b, h)
		return true
	}
	if s.valued(i, b) || s.staged(i, b) {
		return true
	}
	for k := i + 1; k < min(end, i+5); k++ {
		h := s.kind(k, b)
		if h.n == 0 {
			continue
		}
		e := k + h.n
		if e >= b || s.list[e].shape != word || s.date(e, b, Past).n > 0 || h.activity.Kind == funnel.Payment && s.money(e, b).n > 0 || h.acted && s.named(i, k) <= mostBare {
			s.happening(i, k, b, h)
			if h.acted && actor(s.word(e, b)) {
				s.in.Activity.Direction = funnel.Incoming
			}
			return true
		}
	}
	return false
}

// about reads what follows a number or a quoted name: a verb, a stage, an activity, or nothing.
func (s *scan) about(j, b int) bool {
	k := s.past(j, b)
	if k >= b || s.err != nil {
		s.in.Verb = VerbShow
		return true
	}
	if key, n := s.verb(k); n > 0 {
		s.in.Verb = key
		s.arguments(k+n, b)
		return true
	}
	if h := s.kind(k, b); h.n > 0 {
		s.happening(k, k, b, h)
		return true
	}
	if a := s.stageAnchor(j, b); a.found() && s.ended(a.end(), b) && s.leading(j, b, a) {
		s.in.Verb = VerbMove
		s.keyed(ArgStage, a.keys)
		s.moved(j, b, a)
		return true
	}
	if s.valued(k, b) {
		return true
	}
	if a := s.slipped(j, b, len(s.lex.Stages), s.stage); a.found() && s.ended(a.end(), b) {
		s.in.Verb = VerbMove
		s.staging(a)
		s.moved(j, b, a)
		return true
	}
	s.in.Verb = VerbShow
	s.unknown(k, b)
	return true
}

// happening reads an activity at k without a verb. One that lies ahead, "созвон с ромашкой завтра
// в 11", is a next step; what happened is logged.
func (s *scan) happening(i, k, b int, h kindHit) {
	end := s.segment(i, b)
	if h.acted || !s.ahead(k, end) {
		s.in.Verb = VerbLog
		s.logged(i, b)
		return
	}
	s.in.Verb = VerbNext
	what := s.span(k, k+h.n)
	s.use(k, k+h.n)
	for j := i; j < end; j++ {
		if d := s.date(j, end, Future); d.n > 0 {
			s.dated(ArgWhen, d, j)
			s.use(j, j+d.n)
			break
		}
	}
	if s.in.Deal.IsZero() {
		s.refer(i, end, end)
	} else {
		s.unknown(i, end)
	}
	s.in.Text = what
	if rest := s.span(end, b); rest != "" {
		s.in.Text += ", " + rest
	}
}

// ahead reports whether the segment names a time to come: by its words, or as an appointment, a
// day that may lie ahead with a time of day.
func (s *scan) ahead(i, end int) bool {
	for ; i < end; i++ {
		d := s.date(i, end, Future)
		if d.n == 0 {
			continue
		}
		now := s.lex.now().Format("15:04")
		today := d.when.Date == s.today
		return d.ahead || d.when.Clock != "" && !d.behind && (!today || d.when.Clock > now)
	}
	return false
}

// valued reads a deal and a value without a verb: "ромашка 1,2 млн", "#42 сумма 2 млн".
func (s *scan) valued(i, b int) bool {
	first := i
	if s.in.Deal.IsZero() {
		if s.titled(i, b) {
			return true
		}
		first++
	}
	for k := first; k < min(b, i+mostBare+1); k++ {
		if s.list[k].shape != word {
			return false
		}
		if k > i && s.in.Verb != VerbSet && s.stageEnds(k, b) {
			return false // "beta proposal 25k" moves the deal
		}
		f, n := s.fieldAt(k, b)
		m := s.money(k+n, b)
		more := 0
		if m.n > 0 && m.basis == "" {
			_, more = s.basisAt(k+n+m.n, b, true)
		}
		amount := m.n > 0 && !s.owed(k+n, m.n) && s.only(k+n+m.n+more, b) && (m.unit || n > 0 && f.Field == funnel.FieldAmount)
		day := s.date(k+n, b, Future)
		switch {
		case amount && (n == 0 || f.Field == funnel.FieldAmount):
			s.amount(Field{Field: funnel.FieldAmount}, k+n, b)
		case f.Field == funnel.FieldClosing && day.n > 0 && s.only(k+n+day.n, b):
			s.closing(f, k+n, b)
		default:
			continue
		}
		s.in.Verb = VerbSet
		if s.in.Deal.IsZero() {
			s.refer(i, k, k)
		}
		return true
	}
	return false
}

// titled reads a field, a deal and its value: "сумма ромашка 2 млн".
func (s *scan) titled(i, b int) bool {
	f, n := s.fieldAt(i, b)
	if n == 0 {
		return false
	}
	m := s.dealAfter(f, i+n, b)
	if m == 0 {
		return false
	}
	s.in.Verb = VerbSet
	s.value(f, i+n+m, b)
	return true
}

// mostBare is how many words may name a deal in a line without a verb that changes it: a longer
// one is somebody's sentence.
const mostBare = 3

// staged reads a deal and a stage, in either order, or a stage alone, which lists its deals.
func (s *scan) staged(i, b int) bool {
	s.leave(i, b)
	a := s.stageAnchor(i, b)
	switch {
	case !a.found() || !s.ended(a.end(), b) && a.at > i || !s.leading(i, b, a):
		return false
	case a.at == i && s.only(a.end(), b):
		s.in.Verb, s.in.List.Kind = VerbList, ListStage
		s.keyed(ArgStage, a.keys)
		return true
	case a.at == i && a.g < inflected:
		return false
	}
	from, to := i, a.at
	if a.at == i {
		from, to = a.end(), s.segment(i, b)
	}
	if words := s.named(from, to); words == 0 || words > mostBare {
		return false
	}
	s.in.Verb = VerbMove
	s.keyed(ArgStage, a.keys)
	s.moved(i, b, a)
	return true
}

// leading reports whether the stage stands in the first segment or begins one of its own: in
// "звонок, просят КП" nobody moves a deal.
func (s *scan) leading(i, b int, a anchor) bool {
	return a.at <= s.segment(i, b) || s.list[a.at-1].shape != word
}

// named returns how many words of [a,b) may name a deal.
func (s *scan) named(a, b int) int {
	for a < b && s.idle(a, b) {
		a++
	}
	for b > a && s.idle(b-1, b) {
		b--
	}
	words := 0
	for ; a < b; a++ {
		if s.list[a].shape == word && !s.list[a].used {
			words++
		}
	}
	return words
}

// stranger refuses a command that is none, with the nearest one where there is one.
func (s *scan) stranger(i, b int) {
	w := s.verbWord(i)
	if alias, key := s.p.nearest(w); key != "" {
		s.suggest(i, alias, key)
		return
	}
	s.refuse(CodeVerbUnknown, funnel.Args{"word": shortened(s.name(i, min(i+1, b)))})
}

// suggest refuses the line with the line that may have been meant.
func (s *scan) suggest(i int, alias string, key Key) {
	t := s.list[i]
	s.refuse(CodeVerbUnknownNear, funnel.Args{
		"word": shortened(s.line[t.start:t.end]), "nearest": alias, "key": string(key),
		"line": strings.TrimSpace(s.line[:t.start] + alias + s.line[t.end:]),
	})
}

// otherLayout returns the line as it was meant, when its first words are a verb typed in the other
// keyboard layout. The rest is retyped too when it then looks more like words.
func (s *scan) otherLayout(i int) *scan {
	if s.flipped || s.word(i, len(s.list)) == "" {
		return nil
	}
	from := s.list[i].from
	chunk := s.line[from:]
	if end := strings.IndexFunc(chunk, unicode.IsSpace); end >= 0 {
		chunk = chunk[:end]
	}
	if len(chunk) > 4*longestTypo {
		return nil
	}
	first, _, _ := strings.Cut(fold(strings.TrimRightFunc(FlipLayout(chunk), unicode.IsPunct)), "@")
	if !s.p.openings[first] {
		return nil
	}
	flipped := FlipLayout(s.line[from:])
	f := s.p.scan(flipped, s.lex)
	at := f.past(0, len(f.list))
	_, n := f.verb(at)
	if n == 0 {
		return nil
	}
	stop := f.list[at+n-1].stop
	rest := afterWords(s.line[from:], len(strings.Fields(flipped[:stop])))
	if natural(rest) < natural(flipped[stop:]) {
		f = s.p.scan(flipped[:stop]+rest, s.lex)
	}
	f.flipped, f.in.Slash, f.scoped = true, s.in.Slash, s.scoped
	return f
}

// afterWords returns what stands behind the first n words of a line.
func afterWords(line string, n int) string {
	for range n {
		line = strings.TrimLeftFunc(line, unicode.IsSpace)
		end := strings.IndexFunc(line, unicode.IsSpace)
		if end < 0 {
			return ""
		}
		line = line[end:]
	}
	return line
}

// retyped reads the whole line in the other layout, when it then holds words that are certain.
func (s *scan) retyped() *scan {
	const longest = 200 // a slip of the layout is noticed by then
	if s.flipped || len(s.line) > longest || !utf8.ValidString(s.line) {
		return nil
	}
	line := FlipLayout(s.line)
	if line == s.line || natural(line) > natural(s.line) {
		return nil
	}
	f := s.p.scan(line, s.lex)
	f.flipped, f.in.Slash, f.scoped, f.in.Bare = true, s.in.Slash, s.scoped, true
	i := f.past(0, len(f.list))
	if i >= len(f.list) || !f.known(i, len(f.list)) {
		return nil
	}
	return f
}
