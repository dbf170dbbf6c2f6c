package commands

import (
	"strconv"
	"strings"
	"time"

	"funnelbot/funnel"
)

// The years that a person may mean; others are slips of the finger.
const (
	firstYear = 1990
	lastYear  = 2199
)

// numericDay reads what begins with a digit: 20.11, 20.11.2026, 2026-11-20, 20/11, 20 ноября,
// 20-го, 3 дня назад, +3d.
func (s *scan) numericDay(i, b int, d Direction, prep bool) dateHit {
	w := s.word(i, b)
	if strings.HasPrefix(w, "+") {
		return s.later(w[1:])
	}
	if parts, mark, ok := splitDay(w); ok {
		next := s.word(i+1, b)
		if next == "к" && s.clock(i+1, b).n > 0 {
			next = "" // "24.11 к 15:00" is no sum
		}
		if powerOf(next) > 0 || currencyOf(s.word(i+1, b)) != "" && s.word(i+1, b) != "р" {
			return dateHit{}
		}
		return s.writtenDay(w, parts, mark, d, prep)
	}
	if h := s.relative(i, b, prep); h.n > 0 || h.impossible {
		return h
	}
	n, ordinal := dayNumber(w)
	if n == 0 {
		return dateHit{}
	}
	j := i + 1
	if s.word(j, b) == "of" {
		j++
	}
	if m, ok := month(s.word(j, b)); ok {
		return s.withYear(i, j+1, b, m, n, d)
	}
	if s.word(i+1, b) == "числа" {
		return s.monthly(n, 2, d)
	}
	if ordinal {
		return s.monthly(n, 1, d)
	}
	return dateHit{}
}

// later reads +3d and +2w.
func (s *scan) later(w string) dateHit {
	end := strings.IndexFunc(w, func(r rune) bool { return r < '0' || r > '9' })
	if end <= 0 || end > 4 {
		return dateHit{}
	}
	n, err := strconv.Atoi(w[:end])
	u := unit(w[end:])
	if err != nil || u == noUnit || u == hours || u == minutes {
		return dateHit{}
	}
	return s.within(dateHit{n: 1, when: When{Date: s.add(n, u)}, ahead: true})
}

// splitDay takes a written day apart at its marks, which must be the same.
func splitDay(w string) (parts []int, mark byte, ok bool) {
	start := 0
	for i := 0; i <= len(w); i++ {
		if i < len(w) && w[i] >= '0' && w[i] <= '9' {
			continue
		}
		if i < len(w) && (w[i] != '.' && w[i] != '/' && w[i] != '-' || mark != 0 && w[i] != mark) {
			return nil, 0, false
		}
		n, err := strconv.Atoi(w[start:i])
		if err != nil || i-start > 4 || len(parts) == 3 {
			return nil, 0, false
		}
		parts = append(parts, n)
		if i < len(w) {
			mark = w[i]
		}
		start = i + 1
	}
	return parts, mark, len(parts) > 1
}

// writtenDay gives the parts of a written day their meaning: points stand between day and month,
// a leading year means year, month, day; a stroke stands between both orders.
func (s *scan) writtenDay(w string, p []int, mark byte, d Direction, prep bool) dateHit {
	last := len(w) - 1 - strings.LastIndexByte(w, mark)
	switch {
	case len(p) == 3 && p[0] > 999:
		return s.exact(p[0], p[1], p[2])
	case len(p) == 3 && last != 2 && last != 4:
		return dateHit{} // 1.2.3 is a version
	case len(p) == 3:
		p[2] = century(p[2])
		if mark == '.' || p[0] > 12 {
			return s.exact(p[2], p[1], p[0])
		}
		if p[1] > 12 || p[0] == p[1] {
			return s.exact(p[2], p[0], p[1])
		}
		return s.either(s.exact(p[2], p[1], p[0]), s.exact(p[2], p[0], p[1]))
	case mark == '-', p[0] == 24 && p[1] == 7 && mark == '/', p[0] == 0, p[1] == 0:
		return dateHit{}
	case mark == '.':
		// 12.5 is a number more often than the twelfth of May.
		if p[1] > 12 || p[0] > 31 || !prep && last < 2 && !s.entire {
			return dateHit{}
		}
		return s.dayMonth(p[0], p[1], d)
	case p[0] > 31 || p[1] > 31 || p[0] > 12 && p[1] > 12 || !prep && last < 2 && !s.entire:
		return dateHit{}
	case p[0] > 12 || p[0] == p[1]:
		return s.dayMonth(p[0], p[1], d)
	case p[1] > 12:
		return s.dayMonth(p[1], p[0], d)
	}
	return s.either(s.dayMonth(p[0], p[1], d), s.dayMonth(p[1], p[0], d))
}

func (s *scan) exact(year, m, day int) dateHit {
	at := funnel.Date{Year: year, Month: time.Month(m), Day: day}
	if m < 1 || m > 12 || day < 1 || day > 31 {
		return dateHit{}
	}
	return s.within(dateHit{n: 1, when: When{Date: at}})
}

// dayMonth finds the year of a day on the side of the direction. Where that is nearly a year off, the
// day of this year is the likelier one.
func (s *scan) dayMonth(day, m int, d Direction) dateHit {
	h := s.within(dateHit{n: 1, when: When{Date: s.yearly(time.Month(m), day, d)}})
	this := h.when.Date
	this.Year = s.today.Year
	if far := h.when.Date; !h.impossible && this != far && this.Valid() && s.far(far) {
		h.when.Date, h.other = this, far
	}
	return h
}

// far reports whether a day lies more than ten months off.
func (s *scan) far(d funnel.Date) bool {
	const most = 10
	return addMonths(s.today, most).Before(d) || d.Before(addMonths(s.today, -most))
}

func (s *scan) yearly(m time.Month, day int, d Direction) funnel.Date {
	at := funnel.Date{Year: s.today.Year, Month: m, Day: day}
	late := at.Month > s.today.Month || at.Month == s.today.Month && at.Day > s.today.Day
	switch {
	case d != Past && !late && (m != s.today.Month || day != s.today.Day):
		at.Year++
	case d == Past && late:
		at.Year--
	}
	return at
}

// monthly reads a day of this month or of the next one on the side of the direction.
func (s *scan) monthly(day, n int, d Direction) dateHit {
	at := funnel.Date{Year: s.today.Year, Month: s.today.Month, Day: 1}
	switch {
	case d != Past && day < s.today.Day:
		at = addMonths(at, 1)
	case d == Past && day > s.today.Day:
		at = addMonths(at, -1)
	}
	at.Day = day
	h := s.within(dateHit{n: 1, when: When{Date: at}})
	h.n = n
	return h
}

// either joins the two readings of a day, the likelier one for the language first.
func (s *scan) either(dayFirst, monthFirst dateHit) dateHit {
	switch {
	case dayFirst.impossible || dayFirst.n == 0:
		return monthFirst
	case monthFirst.impossible || monthFirst.n == 0:
		return dayFirst
	}
	for _, h := range []*dateHit{&dayFirst, &monthFirst} {
		if !h.other.IsZero() {
			h.when.Date = h.other // two readings are enough to ask about
		}
	}
	if s.lex.Language != funnel.Russian {
		dayFirst, monthFirst = monthFirst, dayFirst
	}
	dayFirst.other = monthFirst.when.Date
	return dayFirst
}

// within marks days that the calendar does not have, or that nobody can mean.
func (s *scan) within(h dateHit) dateHit {
	d := h.when.Date
	h.impossible = d.Year < firstYear || d.Year > lastYear || !d.Valid()
	return h
}

func century(year int) int {
	if year < 100 {
		return 2000 + year
	}
	return year
}

// dayNumber reads 20, 20-го, 20го, 20th.
func dayNumber(w string) (n int, ordinal bool) {
	end := strings.IndexFunc(w, func(r rune) bool { return r < '0' || r > '9' })
	if end < 0 {
		end = len(w)
	}
	if end == 0 || end > 2 {
		return 0, false
	}
	n, err := strconv.Atoi(w[:end])
	if err != nil || n < 1 || n > 31 {
		return 0, false
	}
	switch w[end:] {
	case "":
		return n, false
	case "-го", "го", "-е", "-ое", "-ого", "st", "nd", "rd", "th":
		return n, true
	}
	return 0, false
}

// withYear reads the year that may follow a day and its month: 20 ноября 2026 г., Nov 20, 2026.
func (s *scan) withYear(i, j, b int, m time.Month, day int, d Direction) dateHit {
	k := j
	if k+1 < b && s.at(k).shape == mark && s.line[s.at(k).start] == ',' {
		k++
	}
	h := dateHit{}
	if w := s.word(k, b); len(w) == 4 && plain(w) {
		year, _ := strconv.Atoi(w)
		if year >= firstYear && year <= lastYear {
			h = s.exact(year, int(m), day)
			j = k + 1
			switch s.word(j, b) {
			case "г", "года", "год":
				j++
			}
		}
	}
	if h.n == 0 && !h.impossible {
		h = s.dayMonth(day, int(m), d)
	}
	h.n = j - i
	return h
}

// monthDay reads Nov 20 and, after a preposition, with a year or as the whole of what was asked, a
// month alone: its first day, or its last for what has to be done by then.
func (s *scan) monthDay(i, b int, m time.Month, d Direction, prep bool) dateHit {
	if n, _ := dayNumber(s.word(i+1, b)); n > 0 {
		return s.withYear(i, i+2, b, m, n, d)
	}
	alone := i+1 >= b || s.list[i+1].shape != word
	due := d == Deadline
	if prep {
		switch s.word(i-1, b) {
		case "до", "к", "ко", "until", "till", "by", "before":
			due = false
		}
	}
	if w := s.word(i+1, b); len(w) == 4 && plain(w) {
		h := s.withYear(i, i+1, b, m, 1, d)
		if due && !h.impossible {
			h.when.Date.Day = daysIn(h.when.Date.Year, m)
		}
		h.vague = true
		return h
	}
	if whole := s.entire || d == Deadline && s.in.Verb == VerbSet; !prep && (!alone || !whole) {
		return dateHit{}
	}
	h := dateHit{n: 1, when: When{Date: s.lastDayOf(m)}, vague: true}
	if !due && (d == Past || m != s.today.Month) {
		h = s.dayMonth(1, int(m), d)
		h.vague = true
	}
	return h
}
