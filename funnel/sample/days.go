package sample

import (
	"time"

	"funnelbot/funnel"
)

// days knows when the sample company works.
type days struct {
	dice     dice
	calendar funnel.Calendar
	zone     *time.Location
	language funnel.Locale
	today    funnel.Date
	// end is the first instant of today: nothing of the history happens after it.
	end time.Time
}

// works reports whether somebody is at the office on the day.
func (d *days) works(day funnel.Date) bool {
	return !d.calendar.On(day).Off() && !holiday(d.language, day)
}

// workday returns the day, or the next one on which somebody works.
func (d *days) workday(day funnel.Date) funnel.Date {
	for i := range 60 {
		if next := day.AddDays(i); d.works(next) {
			return next
		}
	}
	return day
}

// workdayBefore returns the day, or the last one before it on which somebody worked.
func (d *days) workdayBefore(day funnel.Date) funnel.Date {
	for i := range 60 {
		if last := day.AddDays(-i); d.works(last) {
			return last
		}
	}
	return day
}

// moment returns a time at work that lies about so many days after a time, and always after it.
func (d *days) moment(after time.Time, later float64) time.Time {
	after = after.In(d.zone)
	day := funnel.DateOf(after).AddDays(int(later + d.dice.Float64()))
	if !d.works(day) {
		day = d.beside(day, funnel.DateOf(after))
	}
	for {
		day = d.workday(day)
		hours := d.calendar.On(day)
		from, to := hours.From.On(day, d.zone), hours.To.On(day, d.zone)
		if hours.Off() {
			// A calendar without working days: somebody comes in at noon.
			from, to = funnel.At(12, 0).On(day, d.zone), funnel.At(13, 0).On(day, d.zone)
		}
		if soonest := after.Add(4 * time.Minute); from.Before(soonest) {
			from = soonest
		}
		if span := int(to.Sub(from) / time.Minute); span > 0 {
			return from.Add(time.Duration(d.dice.IntN(span)) * time.Minute).UTC()
		}
		day = day.AddDays(1)
	}
}

// beside moves what falls on a free day to the days around it, so that not everything happens on
// Mondays.
func (d *days) beside(free, after funnel.Date) funnel.Date {
	day := d.workdayBefore(free.AddDays(-d.dice.IntN(3)))
	if d.dice.chance(0.5) && after.Before(day) {
		return day
	}
	return d.workday(free).AddDays(d.dice.IntN(4))
}

// date returns the day of a time in the zone of the company.
func (d *days) date(t time.Time) funnel.Date { return funnel.DateOf(t.In(d.zone)) }

// holiday reports whether the office is closed for a holiday of the country.
func holiday(l funnel.Locale, day funnel.Date) bool {
	m, n := day.Month, day.Day
	if l == funnel.Russian {
		switch m {
		case time.January:
			return n <= 8
		case time.February:
			return n == 23
		case time.March:
			return n == 8
		case time.May:
			return n == 1 || n == 9
		case time.June:
			return n == 12
		case time.November:
			return n == 4
		case time.April, time.July, time.August, time.September, time.October, time.December:
		}
		return false
	}
	return (m == time.December && (n == 25 || n == 26)) || (m == time.January && n == 1)
}

// mood is how much comes in on a day compared with an ordinary one: little around holidays, less
// in summer.
func (d *days) mood(day funnel.Date) float64 {
	m, n := day.Month, day.Day
	switch {
	case (m == time.December && n >= 23) || (m == time.January && n <= 9):
		return 0.15
	case d.language == funnel.Russian && m == time.May && n <= 11:
		return 0.35
	case (m == time.July && n >= 15) || (m == time.August && n <= 20):
		return 0.6
	}
	return 1
}
