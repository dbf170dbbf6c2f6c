package funnel

import (
	"fmt"
	"time"
)

// Date is a day of the calendar without a zone. The zero Date is "no date".
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateOf returns the day of t in t's own location.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// IsZero reports whether no date is given.
func (d Date) IsZero() bool { return d == Date{} }

// In returns the first instant of the day in the zone; that is not midnight where summer time
// begins at midnight.
func (d Date) In(zone *time.Location) time.Time { return d.at(0, zone) }

// at returns the instant of a number of minutes after midnight on the clocks of the zone. A time
// that clocks skip becomes the moment after the gap; time.Date promises neither side of it.
func (d Date) at(minutes int, zone *time.Location) time.Time {
	t := time.Date(d.Year, d.Month, d.Day, 0, minutes, 0, 0, zone)
	wanted := time.Date(d.Year, d.Month, d.Day, 0, minutes, 0, 0, time.UTC).Unix()
	_, offset := t.Zone()
	before, after := t.ZoneBounds()
	switch shows := t.Unix() + int64(offset); {
	case shows > wanted:
		return before
	case shows < wanted:
		return after
	}
	return t
}

// AddDays returns the day n days later; n may be negative.
func (d Date) AddDays(n int) Date { return DateOf(d.In(time.UTC).AddDate(0, 0, n)) }

// Sub returns the number of days from e to d.
func (d Date) Sub(e Date) int {
	// Seconds, because a time.Duration ends after 292 years.
	const day = 24 * 60 * 60
	return int((d.In(time.UTC).Unix() - e.In(time.UTC).Unix()) / day)
}

// Before reports whether d is an earlier day than e.
func (d Date) Before(e Date) bool { return d.Sub(e) < 0 }

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday { return d.In(time.UTC).Weekday() }

// Valid reports whether the day exists in the Gregorian calendar.
func (d Date) Valid() bool { return DateOf(d.In(time.UTC)) == d && d.Year >= 1 && d.Year <= 9999 }

// String returns the ISO 8601 form, 2026-11-20.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// ParseDate reads the ISO 8601 form of a day that exists.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, fmt.Errorf("parse date %q: %w", s, err)
	}
	return DateOf(t), nil
}

// MarshalText implements encoding.TextMarshaler with the ISO 8601 form; no date is the empty text.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (d *Date) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*d = Date{}
		return nil
	}
	v, err := ParseDate(string(b))
	if err != nil {
		return err
	}
	*d = v
	return nil
}
