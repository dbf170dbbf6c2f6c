package commands

import "funnelbot/funnel"

// set reads "ромашка сумма 1.5 млн" and several fields parted by commas.
func (s *scan) set(i, b int) {
	if key, n := s.verb(s.past(i, b)); key == VerbLanguage || key == VerbTimezone || key == VerbRole {
		s.redirect(key, s.past(i, b)+n, b)
		return
	}
	i = s.head(i, b)
	at, f, n := s.findField(i, b)
	if n == 0 {
		s.fieldless(i, b)
		return
	}
	if s.in.Deal.IsZero() {
		s.refer(i, at, at)
	}
	moved := 0
	if s.in.Deal.IsZero() {
		moved = s.dealAfter(f, at+n, b)
	}
	for at < b {
		start := at + n + moved
		moved = 0
		end, next, name, m := b, b, Field{}, 0
		for k := s.segment(start, b); k < b; k = s.segment(k+1, b) {
			if name, m = s.fieldAt(k+1, b); m > 0 {
				end, next = k, k+1
				break
			}
		}
		s.value(f, start, end)
		at, f, n = next, name, m
	}
}

// fieldless reads a line that names no field of set: the stage and the owner have verbs of their
// own, and some values say themselves what they are, as "per year" and "1.2M" do.
func (s *scan) fieldless(i, b int) {
	for k := i; k < min(b, i+reach); k++ {
		switch s.word(k, b) {
		case "stage", "этап", "стадия", "стадию":
			s.use(k, k+1)
			s.redirect(VerbMove, i, b)
			return
		case "owner", "ответственный", "ответственного", "владелец", "владельца", "менеджер", "менеджера":
			s.use(k, k+1)
			s.redirect(VerbAssign, i, b)
			return
		}
		if basis, n := s.basisAt(k, b, false); n > 0 && basis != perMonth && s.only(k+n, b) {
			s.in.Fields = append(s.in.Fields, Field{Field: funnel.FieldBasis, Text: string(basis)})
			if s.in.Deal.IsZero() {
				s.refer(i, k, k)
			}
			return
		}
	}
	s.fieldNear(i, b)
	if s.err != nil || s.valued(i, b) {
		return
	}
	if first := s.past(i, b); !s.in.Deal.IsZero() && first < b {
		s.refuse(funnel.CodeUnknownField, funnel.Args{"field": shortened(s.name(first, first+1))})
	}
	s.open(i, b)
}

// dealAfter reads a deal between the field and its value, "сумму #42 на 2 млн", and returns how
// many tokens it takes.
func (s *scan) dealAfter(f Field, a, b int) int {
	whole := func(k int) bool {
		if f.Field == funnel.FieldAmount {
			m := s.money(k, b)
			_, n := s.basisAt(k+m.n, b, true)
			return m.n > 0 && s.only(k+m.n+n, b)
		}
		h := s.date(k, b, Future)
		return h.n > 0 && s.only(k+h.n, b)
	}
	if f.Field != funnel.FieldAmount && f.Field != funnel.FieldClosing || whole(s.past(a, b)) {
		return 0
	}
	for k := s.past(a, b) + 1; k < min(b, a+maxWords); k++ {
		if s.word(k, b) != "" && whole(k) {
			s.refer(a, k, k)
			return k - a
		}
	}
	return 0
}

// findField returns where the first field is named.
func (s *scan) findField(i, b int) (at int, f Field, n int) {
	for k := i; k < min(b, i+reach); k++ {
		if f, n = s.fieldAt(k, b); n > 0 {
			return k, f, n
		}
	}
	return b, Field{}, 0
}

// fieldAt reads the name of a field at i, or x of x=y, a field of the team's own.
func (s *scan) fieldAt(i, b int) (Field, int) {
	f, n := fieldOf(s.word(i, b)), 1
	if f == "" && s.word(i+1, b) != "" {
		if f, n = fieldOf(s.folded[s.list[i].fs:s.list[i+1].fe]), 2; f == "" {
			n = 0
		}
	}
	if f == "" && i+1 < b && s.list[i].shape == word && s.list[i+1].shape == equals {
		t := s.list[i]
		return Field{Field: funnel.FieldCustom, Name: s.line[t.start:t.end]}, 2
	}
	if f == "" {
		return Field{}, 0
	}
	return Field{Field: f}, n
}

// value reads what a field becomes.
func (s *scan) value(f Field, a, b int) {
	for a < b {
		w := s.word(a, b)
		if _, n := s.basisAt(a, b, true); s.list[a].shape == word && (w != "на" && w != "to" && w != "в" || n > 0) {
			break
		}
		if s.list[a].shape == mark && s.past(a, b) >= b {
			break // the dash that clears
		}
		a++
	}
	text := s.span(a, b)
	switch {
	case a < b && s.clears(a, b):
		f.Clear = true
	case text == "":
	case f.Field == funnel.FieldAmount:
		s.amount(f, a, b)
		return
	case f.Field == funnel.FieldClosing:
		s.closing(f, a, b)
		return
	case f.Field == funnel.FieldSource:
		s.from(f, a, b)
		return
	case f.Field == funnel.FieldBasis:
		basis, n := s.basisAt(a, b, true)
		if f.Text = string(basis); n == 0 || basis == perMonth || !s.only(a+n, b) {
			s.refuse(funnel.CodeBadValue, funnel.Args{"field": string(f.Field), "value": shortened(text)})
		}
	case f.Field == FieldCurrency:
		f.Currency = currencyOf(s.word(a, b))
		if f.Currency == "" {
			s.refuse(funnel.CodeBadValue, funnel.Args{"field": string(f.Field), "value": shortened(text)})
		}
	default:
		f.Text = text
	}
	s.in.Fields = append(s.in.Fields, f)
}

// clears reports whether the value means "no value".
func (s *scan) clears(a, b int) bool {
	if s.past(a, b) >= b {
		return s.list[a].shape == mark && s.dashed(a)
	}
	switch s.word(a, b) {
	case "нет", "пусто", "очистить", "убрать", "none", "clear", "empty", "null":
		return s.only(a+1, b)
	}
	return false
}

func (s *scan) amount(f Field, a, b int) {
	m := s.money(a, b)
	end := a + m.n
	basis := m.basis
	if m.n > 0 && basis == "" {
		n := 0
		basis, n = s.basisAt(end, b, true)
		end += n
	}
	basis = m.over(basis)
	switch {
	case m.code != "":
		s.priced(m, a)
	case m.n == 0 || !s.only(end, b):
		s.refuse(CodeMoneyUnreadable, funnel.Args{"text": shortened(s.span(a, b))})
	}
	f.Money, f.Assumed = m.money, m.assumed
	s.in.Fields = append(s.in.Fields, f)
	if basis != "" {
		s.in.Fields = append(s.in.Fields, Field{Field: funnel.FieldBasis, Text: string(basis)})
	}
}

func (s *scan) closing(f Field, a, b int) {
	h := s.date(a, b, Future)
	switch {
	case h.n == 0 && !h.impossible || !s.only(a+h.n, b):
		s.refuse(CodeDateUnreadable, funnel.Args{"text": shortened(s.span(a, b))})
	case h.impossible || !h.other.IsZero():
		s.in.Fields = append(s.in.Fields, f)
		s.dated(ArgClose, h, a)
	default:
		f.Date = h.when.Date
		s.in.Fields = append(s.in.Fields, f)
	}
}

func (s *scan) from(f Field, a, b int) {
	keys, _, n := s.best(a, b, len(s.lex.Sources), s.source)
	if n == 0 {
		keys = s.slip(a, b, len(s.lex.Sources), s.source)
	}
	if len(keys) == 0 {
		s.refuse(funnel.CodeUnknownSource, funnel.Args{"source": shortened(s.span(a, b))})
	}
	s.in.Fields = append(s.in.Fields, f)
	s.keyed(ArgSource, keys)
}

// fieldNear refuses a word that is nearly the name of a field, so that the slip is not taken for
// the name of a deal.
func (s *scan) fieldNear(i, b int) {
	for k := i + 1; k < min(b, i+reach); k++ {
		w := s.word(k, b)
		for _, known := range fieldNames() {
			if w != "" && typo(w, known) {
				s.refuse(CodeUnknownFieldNear, funnel.Args{"field": shortened(w), "nearest": string(fieldOf(known))})
				return
			}
		}
	}
}
