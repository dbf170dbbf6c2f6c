package text

import (
	"strconv"
	"time"

	"funnelbot/funnel"
)

// Date writes a day as people say it: yesterday, today, tomorrow, else as [Printer.Day] does.
// Without a today there are no such words. No date is a dash.
func (p *Printer) Date(d, today funnel.Date) string {
	if d.IsZero() || today.IsZero() {
		return p.Day(d, today)
	}
	switch d.Sub(today) {
	case -1:
		return p.Say("date.yesterday", nil)
	case 0:
		return p.Say("date.today", nil)
	case 1:
		return p.Say("date.tomorrow", nil)
	}
	return p.Day(d, today)
}

// Day writes a day in short, "Fri, Nov 27" or "пт 27 нояб.", with the year in place of the day
// of the week if it is not today's year. No date is a dash.
func (p *Printer) Day(d, today funnel.Date) string {
	if d.IsZero() {
		return "–"
	}
	day := strconv.Itoa(d.Day)
	month := p.lang.numbers.MonthAbbreviated(d.Month)
	if d.Year != today.Year {
		return p.Say("date.far", Args{"day": day, "month": month, "year": strconv.Itoa(d.Year)})
	}
	weekday := p.lang.numbers.WeekdayAbbreviated(d.Weekday())
	return p.Say("date.near", Args{"day": day, "month": month, "weekday": weekday})
}

// DayMonth writes a day with its month only: "Nov 27" or "27 нояб.".
func (p *Printer) DayMonth(d funnel.Date) string {
	return p.Say("date.short", Args{"day": strconv.Itoa(d.Day), "month": p.lang.numbers.MonthAbbreviated(d.Month)})
}

// Time writes the time of day in the reader's zone: 2:05 pm or 14:05.
func (p *Printer) Time(t time.Time) string {
	return p.lang.numbers.FmtTimeShort(p.local(t))
}

// Moment writes day and time of day in the reader's zone: "yesterday, 2:05 pm".
func (p *Printer) Moment(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	date := p.Date(funnel.DateOf(p.local(t)), p.today())
	return p.Say("date.moment", Args{"date": date, "time": p.Time(t)})
}

// Days writes a length of time in days: "1 day", "5 дней".
func (p *Printer) Days(n int) string { return p.Count("date.days", n, nil) }

// Ago writes how many days back something lies: today, yesterday, "5 days ago".
func (p *Printer) Ago(days int) string {
	switch days {
	case 0:
		return p.Say("date.today", nil)
	case 1:
		return p.Say("date.yesterday", nil)
	}
	return p.Count("date.ago", days, nil)
}

// local moves t to the reader's zone; a reader that is not known keeps the zone of t.
func (p *Printer) local(t time.Time) time.Time {
	if p.now.IsZero() {
		return t
	}
	return t.In(p.now.Location())
}

// Month writes a month with its year: "December 2026" or "декабрь 2026".
func (p *Printer) Month(d funnel.Date) string {
	return p.Say("month."+d.String()[len("2006-"):len("2006-01")], Args{"year": strconv.Itoa(d.Year)})
}
