package commands

import "strings"

// opening reads a new deal: "Ромашка, внедрение CRM, 1,2 млн, сайт".
func (s *scan) opening(i, b int) {
	i = s.past(i, b)
	switch s.word(i, b) {
	case "deal", "сделка", "сделку", "lead", "лид":
		if s.past(i+1, b) < b {
			i = s.past(i+1, b)
		}
	}
	end := s.segment(i, b)
	for k := i; k < end; k++ {
		if s.list[k].colon && s.past(k+1, b) < b {
			end = k + 1
			break
		}
	}
	name := end
	for k := i + 1; k < end; k++ {
		if m := s.money(k, end); m.n > 0 && (m.unit || s.isAmount(m, k, end)) {
			s.priced(m, k)
			name = k
			end = k + m.n
			break
		}
	}
	for i < name && preposition(s.word(i, b)) {
		i++
	}
	for name > i+1 && name < end && preposition(s.word(name-1, b)) {
		name--
	}
	s.in.Company = s.name(i, name)
	for k := s.past(end, b); k < b; k = s.past(end, b) {
		end = s.segment(k, b)
		s.detail(k, end)
	}
}

// detail reads one segment of a new deal: an amount, a source, the day it should close, the title;
// what is left is text.
func (s *scan) detail(k, end int) {
	if m := s.money(k, end); s.isAmount(m, k, end) {
		s.priced(m, k)
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
	t := s.text(k, end)
	switch {
	case s.in.Title == "" && !phone(t):
		s.in.Title = t
	case s.in.Text == "":
		s.in.Text = t
	default:
		s.in.Text += ", " + t
	}
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
