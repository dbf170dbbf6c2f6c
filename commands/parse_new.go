package commands

import (
	"strings"
	"unicode/utf8"

	"funnelbot/funnel"
)

// opening reads a new deal: "Ромашка, внедрение CRM, 1,2 млн, сайт, след: созвон в пт".
func (s *scan) opening(i, b int) {
	i = s.past(i, b)
	switch s.word(i, b) {
	case "deal", "сделка", "сделку", "lead", "лид":
		if s.past(i+1, b) < b {
			i = s.past(i+1, b)
		}
	}
	if w := s.word(i, b); strings.HasPrefix(w, "#") || strings.HasPrefix(w, "№") {
		s.refuse(funnel.CodeBadValue, funnel.Args{"field": string(funnel.FieldCompany), "value": shortened(s.span(i, i+1))})
		return
	}
	end := s.detailEnd(i, b)
	for k := i; k < end; k++ {
		if s.list[k].colon && s.past(k+1, b) < b {
			end = k + 1
			break
		}
	}
	name := s.calledFor(i, end)
	for i < name && preposition(s.word(i, b)) {
		i++
	}
	rest := name
	for name > i+1 && name < end && preposition(s.word(name-1, b)) {
		name--
	}
	s.in.Company = s.client(i, name)
	if rest < end {
		s.detail(rest, end)
	}
	for k := s.past(end, b); k < b; k = s.past(end, b) {
		if n, colon := s.nextMarker(k, b); n > 0 && (colon || s.plainMarker(k, n, s.segment(k, b))) {
			end = s.followUp(k, s.segment(k, b), b)
			continue
		}
		end = s.detailEnd(k, b)
		s.detail(k, end)
	}
}

// calledFor returns where the name of the client ends in the first segment: before an amount, a
// source or a closing day that is marked as one, or a day with a preposition in front.
func (s *scan) calledFor(i, end int) int {
	if m := s.money(i, end); m.unit && (i+m.n == end || s.detailOpens(i+m.n, end)) {
		return i // "new 10k": the client is still to be named
	}
	for k := i + 1; k < end; k++ {
		w := s.word(k, end)
		year := plain(w) && len(w) == 4 && (w[:2] == "19" || w[:2] == "20")
		if m := s.money(k, end); m.n > 0 && (m.unit || s.isAmount(m, k, end) && (!year || m.n > 1)) {
			return k
		}
		if s.bounded(k, end) || s.detailOpens(k, end) {
			return k
		}
		if h := s.date(k, end, Future); h.n > 1 && datePreposition(w) && k+h.n == end {
			return k
		}
	}
	return end
}

// detailOpens reports whether a source or a closing day that is marked as one begins at k.
func (s *scan) detailOpens(k, end int) bool {
	f, n := s.fieldAt(k, end)
	switch {
	case n == 0:
	case f.Field == funnel.FieldSource:
		_, g, m := s.best(k+n, end, len(s.lex.Sources), s.source)
		return m > 0 && g >= inflected
	case f.Field == funnel.FieldClosing:
		return s.date(k+n, end, Future).n > 0
	case f.Field == funnel.FieldAmount:
		return s.money(k+n, end).n > 0
	}
	return false
}

// detailEnd returns the end of the detail at i: a mark, a word like "след:", or the next detail that
// is marked as one.
func (s *scan) detailEnd(i, b int) int {
	end := s.part(i, b)
	_, n := s.fieldAt(i, end)
	for k := i + max(n, 1); k < end; k++ {
		if s.detailOpens(k, end) {
			return k
		}
	}
	return end
}

// client returns the words of [i,b) as the name of a client: a point that ends an initial or a
// legal form belongs to it.
func (s *scan) client(i, b int) string {
	name := s.name(i, b)
	full := s.span(i, b)
	if b == i+1 && s.list[i].quoted {
		return full
	}
	if full != name+"." {
		return name
	}
	last := name[strings.LastIndexAny(name, " \u00a0")+1:]
	switch fold(last) {
	case "inc", "ltd", "co", "corp", "bros", "jr", "sr", "др", "проч":
		return full
	}
	if strings.Contains(last, ".") || utf8.RuneCountInString(last) == 1 {
		return full
	}
	return name
}

// bounded reports whether a price without a figure of its own begins at k: a range, "100-150к", or
// a bound, "до 5 млн".
func (s *scan) bounded(k, end int) bool {
	w := s.word(k, end)
	switch w {
	case "до", "от", "under", "over", "above", "below", "from", "max", "min", "более", "менее", "свыше":
		m := s.money(k+1, end)
		return m.unit
	case "up":
		return s.word(k+1, end) == "to" && s.money(k+2, end).unit
	}
	cut := strings.IndexAny(w, "-–—")
	if cut <= 0 || !digitFirst(w) || strings.IndexFunc(w[:cut], func(r rune) bool { return !numeral(r) }) >= 0 {
		return false
	}
	tail := s.p.scan(w[cut+1:]+" "+s.word(k+1, end), s.lex)
	return tail.money(0, len(tail.list)).unit
}

// detail reads one segment of a new deal: an amount with its basis, a source, the day it should
// close, the title; what is left is text.
func (s *scan) detail(k, end int) {
	for k < end && (s.list[k].used || s.list[k].shape != word) {
		k++
	}
	if f, n := s.fieldAt(k, end); n > 0 && s.marked(f, k+n, end) {
		return
	}
	if s.bounded(k, end) {
		s.unknown(k, end)
		s.remark(s.text(k, end))
		return
	}
	if m := s.money(k, end); m.n > 0 && s.valuedAt(m, k, end) {
		return
	}
	if keys, g, n := s.best(k, end, len(s.lex.Sources), s.source); g >= inflected && s.only(k+n, end) && s.in.Source == "" {
		s.keyed(ArgSource, keys)
		return
	}
	if h := s.date(k, end, Future); h.n > 0 && s.only(k+h.n, end) {
		s.dated(ArgWhen, h, k)
		return
	}
	s.described(k, end)
}

// marked reads a detail that is named like a field of set.
func (s *scan) marked(f Field, k, end int) bool {
	switch f.Field { //nolint:exhaustive // the other fields have no mark of their own here.
	case funnel.FieldSource:
		if s.past(k, end) >= end {
			return false
		}
		k = s.past(k, end)
		keys, _, n := s.best(k, end, len(s.lex.Sources), s.source)
		if n == 0 {
			keys, n = s.slip(k, end, len(s.lex.Sources), s.source), 1
		}
		if len(keys) == 0 {
			s.refuse(funnel.CodeUnknownSource, funnel.Args{"source": shortened(s.span(k, end))})
			return true
		}
		s.keyed(ArgSource, keys)
		s.unknown(k+n, end)
		return true
	case funnel.FieldClosing:
		h := s.date(k, end, Future)
		if h.n == 0 && !h.impossible {
			return false
		}
		s.dated(ArgWhen, h, k)
		s.unknown(k+h.n, end)
		return true
	case funnel.FieldAmount:
		m := s.money(k, end)
		return m.n > 0 && s.valuedAt(m, k, end)
	}
	return false
}

// valuedAt takes an amount with its basis, and what else stands in its segment. A second amount is
// unknown: nobody can tell which of them counts.
func (s *scan) valuedAt(m moneyHit, k, end int) bool {
	after := k + m.n
	basis, n := s.basisAt(after, end, true)
	if m.basis != "" {
		basis, n = m.basis, 0
	}
	after += n
	basis = m.over(basis)
	if !m.unit && !s.isAmount(m, k, after) && basis == "" {
		return false
	}
	alone := s.only(after, end)
	again := s.money(after, end)
	source, g, sn := s.best(after, end, len(s.lex.Sources), s.source)
	switch {
	case alone || again.unit:
	case g >= inflected && s.only(after+sn, end):
		s.keyed(ArgSource, source)
		after += sn
	case !m.unit || s.in.Company == "" || k > 0 && s.list[k-1].shape != word:
		return false // "2 цеха", "10k users"
	}
	if !s.in.Amount.IsZero() {
		s.unknown(k, end)
		return true
	}
	s.priced(m, k)
	if basis != "" {
		s.in.Basis = basis
	}
	switch rest := s.past(after, end); {
	case rest >= end:
	case again.unit:
		s.unknown(rest, end)
	default:
		s.described(rest, end)
	}
	return true
}

// described takes words that are nothing else as the title, and more of them as text.
func (s *scan) described(k, end int) {
	t := s.text(k, end)
	switch {
	case s.in.Title == "" && !phone(t):
		s.in.Title = t
	default:
		s.remark(t)
	}
}

// remark adds to the text.
func (s *scan) remark(t string) {
	if s.in.Text != "" {
		t = s.in.Text + ", " + t
	}
	s.in.Text = t
}

// phone reports whether a text is a telephone number rather than a title.
func phone(t string) bool {
	digits := 0
	for _, r := range t {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case !strings.ContainsRune("+-() \u00a0", r):
			return false
		}
	}
	return digits >= 7
}
