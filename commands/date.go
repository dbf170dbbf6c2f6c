package commands

import (
	"fmt"
	"strings"
	"time"

	"funnelbot/funnel"
)

// When is a day, with a time of day if one was typed.
type When struct {
	Date funnel.Date `json:"date"`
	// Clock is the time of day, 15:04, in the person's zone; empty when none was typed.
	Clock string `json:"clock,omitzero"`
}

// IsZero reports whether no day is given.
func (w When) IsZero() bool { return w == When{} }

// String returns the form 2026-11-20 or 2026-11-20 15:04.
func (w When) String() string { return strings.TrimRight(w.Date.String()+" "+w.Clock, " ") }

// At returns the instant in the zone: the time of day, or the start of the day where none was typed.
func (w When) At(zone *time.Location) time.Time {
	var hour, minute int
	if _, err := fmt.Sscanf(w.Clock, "%d:%d", &hour, &minute); err != nil {
		return w.Date.In(zone)
	}
	return time.Date(w.Date.Year, w.Date.Month, w.Date.Day, hour, minute, 0, 0, zone)
}

// Direction says on which side of today a day lies that was typed without saying so.
type Direction int

// The directions.
const (
	// Past is for what happened: a bare weekday is the last one before today, 20.12 is the last
	// 20 December up to today.
	Past Direction = iota
	// Future is for what is promised: a bare weekday is the first one after today, 20.11 is the
	// next 20 November from today on.
	Future
	// Deadline is Future for a day by which something ends: a month alone is its last day.
	Deadline
)

// ParseDate reads a day that is the whole of s, in either language: вчера, в пятницу, next fri,
// через 2 недели, 3 days ago, конец месяца, 20.11, 20 ноября, Nov 20, 2026-11-20, завтра в 15:00.
// now is in the zone of the person.
//
// The rules where people differ: "next friday" is the Friday of next week, "last friday" the last
// one before today; a week without a day is its Monday ahead and its Friday behind; hours from 1 to
// 7 without more are in the afternoon; a day that a month lacks becomes its last (31 January and a
// month is 28 February). A day like 03/04, which is two days, returns both, the likelier one for
// the language first; so does a day without a year that lies more than ten months off on the side
// of the direction, with that of this year first. It returns CodeDateUnreadable or CodeDateImpossible.
func ParseDate(s string, now time.Time, d Direction, language funnel.Locale) ([]When, error) {
	c := scan{tokens: tokenize(s), lex: &Lexicon{Now: now, Zone: now.Location(), Language: language}}
	c.today, c.entire = funnel.DateOf(now), true
	h := c.date(0, len(c.list), d)
	text := funnel.Args{"text": shortened(trimmed(cleaned(s)))}
	switch {
	case h.impossible:
		return nil, funnel.Refuse(CodeDateImpossible, text)
	case h.n == 0 || h.n != len(c.list):
		return nil, funnel.Refuse(CodeDateUnreadable, text)
	}
	return h.options(), nil
}

// dateHit is a day found among tokens.
type dateHit struct {
	n    int
	when When
	// other is the second reading of a day like 03/04.
	other funnel.Date
	// impossible says that it looks like a day, but the calendar has none such.
	impossible bool
	// ahead says that the words themselves mean a day after today.
	ahead bool
	// behind says that they mean a day before today.
	behind bool
	// vague says that they name a month and no day of it.
	vague bool
	// hour says that a time was typed without a day.
	hour bool
}

func (h dateHit) options() []When {
	if h.other.IsZero() {
		return []When{h.when}
	}
	return []When{h.when, {Date: h.other, Clock: h.when.Clock}}
}

// date reads a day and a time of day, in either order, from token i on.
func (s *scan) date(i, b int, d Direction) dateHit {
	if d == Future && (s.in.Verb == VerbSet || s.in.Verb == VerbNew) {
		d = Deadline
	}
	j := i
	for j < b && j < i+3 && datePreposition(s.word(j, b)) {
		j++
	}
	h := s.day(j, b, d, j > i)
	if h.n > 0 || h.impossible {
		h.n += j - i
		return s.timed(h, i, b)
	}
	c := s.clock(i, b)
	if c.n == 0 {
		c.when.Clock, c.n = s.dayPart(i, b)
		if c.n == 0 || s.day(s.pastPrepositions(i+c.n, b), b, d, true).n == 0 {
			return dateHit{}
		}
	}
	if h := s.date(i+c.n, b, d); h.n > 0 && h.when.Clock == "" {
		h.when.Clock = c.when.Clock
		h.n += c.n
		return h
	}
	c.when.Date, c.hour = s.today, true
	return c
}

// timed adds the time of day that follows a day.
func (s *scan) timed(h dateHit, i, b int) dateHit {
	if h.when.Clock != "" {
		return h
	}
	if c := s.clock(i+h.n, b); c.n > 0 {
		h.when.Clock = c.when.Clock
		h.n += c.n
		return h
	}
	if clock, n := s.dayPart(i+h.n, b); n > 0 {
		h.when.Clock = clock
		h.n += n
		h.ahead = h.ahead || h.when.Date == s.today && clock > s.lex.now().Format("15:04")
	}
	return h
}

// pastPrepositions passes by what may stand in front of a day.
func (s *scan) pastPrepositions(i, b int) int {
	for j := i; j < i+3; j++ {
		if !datePreposition(s.word(j, b)) {
			return j
		}
	}
	return i
}

// day reads a day without a time. Some forms need a preposition in front: "in may".
func (s *scan) day(i, b int, d Direction, prep bool) dateHit {
	w := s.word(i, b)
	if w == "" {
		return dateHit{}
	}
	if w[0] >= '0' && w[0] <= '9' || w[0] == '+' {
		return s.numericDay(i, b, d, prep)
	}
	if n, ok := relativeDay(w); ok {
		return dateHit{n: 1, when: When{Date: s.today.AddDays(n)}, ahead: n > 0, behind: n < 0}
	}
	if h := s.dayAfter(i, b); h.n > 0 {
		return h
	}
	if wd, ok := weekday(w); ok {
		return dateHit{n: 1, when: When{Date: s.weekday(wd, d)}}
	}
	if h := s.shifted(i, b); h.n > 0 {
		return h
	}
	if h := s.edge(i, b); h.n > 0 {
		return h
	}
	if h := s.relative(i, b, prep); h.n > 0 {
		return h
	}
	if m, ok := month(w); ok {
		return s.monthDay(i, b, m, d, prep)
	}
	return dateHit{}
}

// dayAfter reads "day after tomorrow" and "day before yesterday".
func (s *scan) dayAfter(i, b int) dateHit {
	if s.word(i, b) != "day" {
		return dateHit{}
	}
	switch {
	case s.word(i+1, b) == "after" && s.word(i+2, b) == "tomorrow":
		return dateHit{n: 3, when: When{Date: s.today.AddDays(2)}, ahead: true}
	case s.word(i+1, b) == "before" && s.word(i+2, b) == "yesterday":
		return dateHit{n: 3, when: When{Date: s.today.AddDays(-2)}, behind: true}
	}
	return dateHit{}
}

// weekday returns the nearest such day on the side of the direction; today has a word of its own.
func (s *scan) weekday(wd time.Weekday, d Direction) funnel.Date {
	ahead := (int(wd) - int(s.today.Weekday()) + 7) % 7
	if d != Past {
		if ahead == 0 {
			ahead = 7
		}
		return s.today.AddDays(ahead)
	}
	return s.today.AddDays(ahead - 7)
}

// monday returns the first day of today's week.
func (s *scan) monday() funnel.Date {
	return s.today.AddDays(-(int(s.today.Weekday()) + 6) % 7)
}

// shifted reads next friday, в прошлую пятницу, на следующей неделе, next month, this week.
func (s *scan) shifted(i, b int) dateHit {
	by, ok := shift(s.word(i, b))
	if !ok {
		return dateHit{}
	}
	w := s.word(i+1, b)
	if _, n := s.dayPart(i+1, b); by == 0 && n == 1 {
		return dateHit{n: 1, when: When{Date: s.today}}
	}
	h := dateHit{n: 2, ahead: by > 0, behind: by < 0}
	if wd, ok := weekday(w); ok {
		switch day := s.monday().AddDays((int(wd) + 6) % 7); by {
		case -1:
			h.when.Date = s.weekday(wd, Past)
		default:
			h.when.Date = day.AddDays(7 * by)
		}
		return h
	}
	switch unit(w) {
	case weeks:
		h.when.Date = s.monday().AddDays(7 * by)
		if by <= 0 {
			h.when.Date = h.when.Date.AddDays(4)
		}
	case months, quarters, years:
		h.when.Date = s.period(unit(w), by, by <= 0)
	case days, hours, minutes, noUnit:
		return dateHit{}
	}
	return h
}

// edge reads конец месяца, end of the quarter, начало года, eom.
func (s *scan) edge(i, b int) dateHit {
	j, last := i, true
	switch s.word(i, b) {
	case "eow", "eom", "eoq", "eoy":
		u := map[byte]timeUnit{'w': weeks, 'm': months, 'q': quarters, 'y': years}[s.word(i, b)[2]]
		return dateHit{n: 1, when: When{Date: s.period(u, 0, true)}}
	case "конец", "конца", "концу", "конце", "end":
	case "начало", "начала", "началу", "начале", "beginning", "start":
		last = false
	default:
		return dateHit{}
	}
	j++
	by := 0
	for j < b {
		w := s.word(j, b)
		if n, ok := shift(w); ok {
			by = n
		} else if w != "of" && w != "the" {
			break
		}
		j++
	}
	u := unit(s.word(j, b))
	if u == noUnit || u == days || u == hours || u == minutes {
		m, ok := month(s.word(j, b))
		if !ok {
			return dateHit{}
		}
		day := s.yearly(m, 1, Future)
		if last {
			day = s.lastDayOf(m)
		}
		return dateHit{n: j + 1 - i, when: When{Date: day}}
	}
	day := s.period(u, by, last)
	if !last && by == 0 && day.Before(s.today) {
		day = s.period(u, 1, false)
	}
	return dateHit{n: j + 1 - i, when: When{Date: day}}
}

// lastDayOf returns the next last day of the month from today on.
func (s *scan) lastDayOf(m time.Month) funnel.Date {
	day := funnel.Date{Year: s.today.Year, Month: m, Day: daysIn(s.today.Year, m)}
	if day.Before(s.today) {
		day.Year++
		day.Day = daysIn(day.Year, m)
	}
	return day
}

// period returns the first or last day of the week, month, quarter or year that lies by periods
// from today's. The last day of a week is its Friday.
func (s *scan) period(u timeUnit, by int, last bool) funnel.Date {
	t := s.today
	var size int
	switch u {
	case weeks:
		day := s.monday().AddDays(7 * by)
		if last {
			day = day.AddDays(4)
		}
		return day
	case quarters:
		size = 3
		t.Month = (t.Month-1)/3*3 + 1
	case years:
		size = 12
		t.Month = time.January
	case months, days, hours, minutes, noUnit:
		size = 1
	}
	t.Day = 1
	t = addMonths(t, by*size)
	if last {
		t = addMonths(t, size).AddDays(-1)
	}
	return t
}

// addMonths moves by months and stays in the month that is reached: 31 January and one month is
// the last day of February.
func addMonths(d funnel.Date, n int) funnel.Date {
	at := d.Year*12 + int(d.Month) - 1 + n
	year, m := at/12, time.Month(at%12+1)
	return funnel.Date{Year: year, Month: m, Day: min(d.Day, daysIn(year, m))}
}

func daysIn(year int, m time.Month) int {
	return time.Date(year, m+1, 0, 0, 0, 0, 0, time.UTC).Day()
}
