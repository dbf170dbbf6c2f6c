package csv

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

// DateOrder is the order of day, month and year where digits alone stand for them.
type DateOrder string

// The orders.
const (
	DMY DateOrder = "dmy"
	MDY DateOrder = "mdy"
	YMD DateOrder = "ymd"
)

// errNoDate is for a value that is no date in any order.
var errNoDate = errors.New("no date that can be read; dates look like 2026-11-20, 20.11.2026 or 11/20/2026, with a time behind if there is one")

// moment is a date as it stands in a file, before its order is known.
type moment struct {
	// a, b and c are the three numbers of the date; wide is which of them has four digits, 0 to 2,
	// or -1.
	a, b, c int
	wide    int
	// instant is set where the value is a count of seconds instead.
	instant time.Time
	clock   time.Duration
	// timed says that a time of day was given; zone is nil where it does not say in which zone.
	timed bool
	zone  *time.Location
	// dashed marks dates with dashes: only these put a year of two digits first.
	dashed bool
}

// readMoment takes a value apart.
func readMoment(s string) (*moment, error) {
	s = strings.TrimSpace(s)
	m := &moment{wide: -1}
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return m, m.count(s, n)
	}
	end := strings.IndexFunc(s, func(r rune) bool { return r == ' ' || r == 'T' || r == 't' || r == ',' || r == '\u00a0' })
	date, rest := s, ""
	if end >= 0 {
		date, rest = s[:end], strings.Trim(s[end:], " Tt,\u00a0")
	}
	sep := strings.IndexAny(date, "./-")
	if sep < 0 {
		return m, errNoDate
	}
	m.dashed = date[sep] == '-'
	parts := strings.Split(date, date[sep:sep+1])
	if len(parts) != 3 {
		return m, errNoDate
	}
	for i, into := range []*int{&m.a, &m.b, &m.c} {
		p := parts[i]
		n, err := strconv.Atoi(p)
		if err != nil || n < 0 || p[0] == '+' || len(p) == 3 || len(p) > 4 {
			return m, errNoDate
		}
		if len(p) == 4 {
			if m.wide >= 0 || i == 1 {
				return m, errNoDate
			}
			m.wide = i
		}
		*into = n
	}
	if rest != "" {
		if err := m.time(rest); err != nil {
			return m, err
		}
	}
	if m.orders() == 0 {
		return m, errNoDate
	}
	return m, nil
}

// count reads digits alone: 20261120, or seconds or milliseconds since 1970.
func (m *moment) count(s string, n int64) error {
	switch {
	case n < 0:
		return errNoDate
	case len(s) == 8:
		m.a, m.b, m.c, m.wide = int(n/10000), int(n/100%100), int(n%100), 0
		if m.orders() == 0 {
			return errNoDate
		}
	case len(s) == 10:
		m.instant, m.timed = time.Unix(n, 0).UTC(), true
	case len(s) == 13:
		m.instant, m.timed = time.UnixMilli(n).UTC(), true
	default:
		return errNoDate
	}
	return nil
}

// time reads a time of day, as in 15:04, 15:04:05.123, 3:04 PM, with Z, +03:00, +0300 or UTC behind.
func (m *moment) time(s string) error {
	m.timed = true
	s = strings.ToUpper(strings.TrimSpace(s))
	for _, utc := range []string{"Z", " UTC", " GMT"} {
		if after, ok := strings.CutSuffix(s, utc); ok {
			s, m.zone = strings.TrimSpace(after), time.UTC
			break
		}
	}
	if i := strings.LastIndexAny(s, "+-"); i > 0 && m.zone == nil {
		zone, err := readOffset(s[i:])
		if err != nil {
			return err
		}
		s, m.zone = strings.TrimSpace(s[:i]), zone
	}
	half := -1
	for i, mark := range []string{"AM", "PM"} {
		if after, ok := strings.CutSuffix(s, mark); ok {
			s, half = strings.TrimSpace(after), i
		}
	}
	var clock time.Time
	err := errNoDate
	for _, layout := range []string{"15:04:05", "15:04", "15:4:5", "3:4:5", "3:4"} {
		if clock, err = time.Parse(layout, s); err == nil {
			break
		}
	}
	if err != nil {
		return errNoDate
	}
	hour := clock.Hour()
	if half >= 0 {
		if hour < 1 || hour > 12 {
			return errNoDate
		}
		hour = hour%12 + 12*half
	}
	m.clock = time.Duration(hour)*time.Hour + time.Duration(clock.Minute())*time.Minute +
		time.Duration(clock.Second())*time.Second + time.Duration(clock.Nanosecond()).Truncate(time.Microsecond)
	return nil
}

func readOffset(s string) (*time.Location, error) {
	for _, layout := range []string{"-07:00", "-0700", "-07"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.Location(), nil
		}
	}
	return nil, errNoDate
}

// orders is a set of orders of day, month and year.
type orders uint8

const (
	canDMY orders = 1 << iota
	canMDY
	canYMD
	canAny = canDMY | canMDY | canYMD
)

// orders returns in which orders the numbers are a date.
func (m *moment) orders() orders {
	if !m.instant.IsZero() {
		return canAny
	}
	month := func(n int) bool { return n >= 1 && n <= 12 }
	day := func(n int) bool { return n >= 1 && n <= 31 }
	var out orders
	if m.wide != 0 {
		if day(m.a) && month(m.b) {
			out |= canDMY
		}
		if month(m.a) && day(m.b) {
			out |= canMDY
		}
	}
	if (m.wide == 0 || m.wide < 0 && m.dashed) && month(m.b) && day(m.c) {
		out |= canYMD
	}
	return out
}

// in returns the instant in an order, with the zone for times that have none, and reports whether
// the day exists.
func (m *moment) in(order DateOrder, zone *time.Location) (time.Time, bool) {
	if !m.instant.IsZero() {
		return m.instant, true
	}
	y, mo, d := m.a, m.b, m.c
	if m.wide != 0 {
		switch order {
		case DMY:
			y, mo, d = m.c, m.b, m.a
		case MDY:
			y, mo, d = m.c, m.a, m.b
		case YMD:
		}
	}
	if m.wide < 0 {
		// Two digits: deals of the last century are rarer than typing errors.
		y += 2000
	}
	if m.zone != nil {
		zone = m.zone
	}
	midnight := time.Date(y, time.Month(mo), d, 0, 0, 0, 0, time.UTC)
	if midnight.Day() != d || midnight.Month() != time.Month(mo) || y < 1 {
		return time.Time{}, false
	}
	h, rest := m.clock/time.Hour, m.clock%time.Hour
	min, rest := rest/time.Minute, rest%time.Minute
	sec, rest := rest/time.Second, rest%time.Second
	return time.Date(y, time.Month(mo), d, int(h), int(min), int(sec), int(rest), zone), true
}

// dateEvidence is what the values of a column say about the order of their dates.
type dateEvidence struct {
	can orders
	// open says that a value could be read in more than one order.
	open bool
	// for each order, the first line that rules it out.
	against map[orders]sighting
	sample  sighting
}

// sighting is a value and where it stands.
type sighting struct {
	line  int64
	value string
}

func (e *dateEvidence) see(m *moment, line int64, value string) {
	if e.against == nil {
		e.can, e.against = canAny, map[orders]sighting{}
	}
	if !m.instant.IsZero() || m.wide == 0 {
		return // The year comes first: it says nothing about columns where it does not.
	}
	can := m.orders()
	same := m.a == m.b && m.wide == 2 // 11.11.2026 is one day either way.
	if can&(can-1) != 0 && !same && !e.open {
		e.open, e.sample = true, sighting{line, value}
	}
	for _, o := range []orders{canDMY, canMDY, canYMD} {
		if _, ok := e.against[o]; can&o == 0 && !ok {
			e.against[o] = sighting{line, value}
		}
	}
	e.can &= can
}

func (o orders) only() (DateOrder, bool) {
	switch o {
	case canDMY:
		return DMY, true
	case canMDY:
		return MDY, true
	case canYMD:
		return YMD, true
	case canAny:
	}
	return "", false
}
