package funnel

import "time"

// Clock is a time of day in minutes after midnight.
type Clock int

// At returns the clock of an hour and a minute.
func At(hour, minute int) Clock { return Clock(hour*60 + minute) }

// On returns the instant that the clock shows on the day in the zone. A time that a change to
// summer time skips becomes the moment after the gap.
func (c Clock) On(d Date, zone *time.Location) time.Time { return d.at(int(c), zone) }

// Hours are the working hours of a day. From equal to To is a day off.
type Hours struct {
	From Clock `json:"from"`
	To   Clock `json:"to"`
}

// Off reports whether nobody works.
func (h Hours) Off() bool { return h.To <= h.From }

// Calendar says when a workspace works.
type Calendar struct {
	// Week is indexed by time.Weekday: Sunday first.
	Week [7]Hours `json:"week"`
	// Days are exceptions by ISO date: holidays as days off, moved working days with their hours.
	Days map[string]Hours `json:"days,omitempty"`
}

// OfficeHours is the calendar of a workspace that has set none: Monday to Friday, 9 to 18.
func OfficeHours() Calendar {
	var c Calendar
	for day := time.Monday; day <= time.Friday; day++ {
		c.Week[day] = Hours{From: At(9, 0), To: At(18, 0)}
	}
	return c
}

// On returns the working hours of the day: those of the exception where there is one, else those
// of the weekday.
func (c Calendar) On(d Date) Hours {
	if h, ok := c.Days[d.String()]; ok {
		return h
	}
	return c.Week[d.Weekday()]
}

// StartOf returns when people start to read messages on the day: the beginning of its working
// hours, or of the first working day of the week where nobody works on it.
func (c Calendar) StartOf(d Date) Clock {
	if h := c.On(d); !h.Off() {
		return h.From
	}
	for _, h := range c.Week {
		if !h.Off() {
			return h.From
		}
	}
	return At(9, 0)
}

// NextWorkday returns d if somebody works on it, else the first later day on which somebody does.
// A calendar without any working day within a year gives d.
func (c Calendar) NextWorkday(d Date) Date {
	for i := range 366 {
		if day := d.AddDays(i); !c.On(day).Off() {
			return day
		}
	}
	return d
}

// After returns the instant at which so much working time has passed since t, by clocks in the zone.
// Nights, days off and holidays do not count; an hour that clocks skip or repeat counts as it
// passes. Where nobody works for a year, time passes as it does by night.
func (c Calendar) After(t time.Time, work time.Duration, zone *time.Location) time.Time {
	if work <= 0 {
		return t
	}
	idle := 0
	for day := DateOf(t.In(zone)); idle <= 366; day = day.AddDays(1) {
		hours := c.On(day)
		if hours.Off() {
			idle++
			continue
		}
		idle = 0
		from, to := hours.From.On(day, zone), hours.To.On(day, zone)
		if from.Before(t) {
			from = t
		}
		left := to.Sub(from)
		if left >= work {
			return from.Add(work)
		}
		work -= max(left, 0)
	}
	return t.Add(work)
}
