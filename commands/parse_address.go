package commands

import (
	"strings"
	"unicode"
)

// labelled reads what stands behind its name: "tel 555 0100", "должность: финдиректор", "no phone".
func (s *scan) labelled(k, b int) int {
	at := k
	not := negates(s.word(k, b))
	if not {
		at++
	}
	var into *string
	switch s.word(at, b) {
	case "phone", "tel", "telephone", "mobile", "cell", "number", "тел", "телефон", "телефона", "моб", "мобильный", "номер", "номера":
		into = &s.in.Seat.Phone
	case "email", "e-mail", "mail", "почта", "почты", "имейл", "мейл", "емейл", "адрес":
		into = &s.in.Seat.Email
	case "position", "title", "job", "должность", "должности":
		into = &s.in.Seat.Position
	default:
		return 0
	}
	next := s.past(at+1, b)
	switch {
	case not, s.negated(next, b):
		*into = Cleared
		if not {
			return at + 1 - k
		}
		return next + 1 - k
	case into == &s.in.Seat.Position:
		end := s.segment(next, b)
		*into = s.name(next, end)
		return end - k
	}
	if n := s.addressAt(next, b); n > 0 {
		return next + n - k
	}
	return 0
}

// negated reports whether the word at i says that there is none.
func (s *scan) negated(i, b int) bool {
	switch s.word(i, b) {
	case "none", "unknown", "нет", "неизвестен", "неизвестна":
		return true
	}
	return false
}

// addressAt reads an e-mail address or a telephone number at token k.
func (s *scan) addressAt(k, b int) int {
	w := s.word(k, b)
	if w == "" {
		return 0
	}
	t := s.at(k)
	text := strings.TrimPrefix(s.line[t.start:t.end], "mailto:")
	if at := strings.IndexByte(text, '@'); at > 0 && strings.LastIndexByte(text, '.') > at+1 {
		s.in.Seat.Email = text
		return 1
	}
	n, digits := s.phoneAt(k, b)
	const fewest, most = 6, 15
	if digits < fewest || digits > most || n == 1 && !strings.HasPrefix(w, "+") && digits < fewest+1 {
		return 0
	}
	s.in.Seat.Phone = strings.TrimSpace(s.line[s.opens(k):s.at(k+n-1).stop])
	s.in.Seat.Phone = strings.TrimRight(s.in.Seat.Phone, ".,;:!?")
	return n
}

// opens returns the offset where a number begins, with the bracket in front of it.
func (s *scan) opens(k int) int {
	at := s.at(k).start
	if at > 0 && s.line[at-1] == '(' {
		at--
	}
	if at > 0 && s.line[at-1] == '+' {
		at--
	}
	return at
}

// phoneAt returns how many tokens from k on are groups of digits, and how many digits they hold.
func (s *scan) phoneAt(k, b int) (n, digits int) {
	for ; k+n < b; n++ {
		w := s.word(k+n, b)
		group := 0
		for i, r := range w {
			switch {
			case unicode.IsDigit(r):
				group++
			case r == '+' && i == 0 && n == 0, strings.ContainsRune("-()./", r):
			default:
				return n, digits
			}
		}
		if group == 0 {
			return n, digits
		}
		digits += group
	}
	return n, digits
}
