package commands

import (
	"strconv"
	"strings"
	"time"

	"funnelbot/funnel"
)

type timeUnit int

const (
	noUnit timeUnit = iota
	minutes
	hours
	days
	weeks
	months
	quarters
	years
)

// relative reads через 2 недели, in 3 days, неделю назад, 2 hours ago, a week from now and, where
// the verb takes a span, на месяц and for a quarter.
func (s *scan) relative(i, b int, prep bool) dateHit {
	count, u, k := s.count(i, b)
	if u == noUnit {
		return dateHit{}
	}
	before := ""
	if prep {
		before = s.word(i-1, b)
	}
	forward := before == "in" || before == "через" || s.spans && (before == "на" || before == "for" || k > i+1)
	switch w := s.word(k, b); {
	case w == "назад" || w == "ago":
		count, forward = -count, false
		k++
	case w == "from" && s.word(k+1, b) == "now":
		forward = true
		k += 2
	case !forward:
		return dateHit{}
	}
	h := dateHit{ahead: forward, behind: !forward}
	switch u {
	case hours, minutes:
		step := time.Hour
		if u == minutes {
			step = time.Minute
		}
		at := s.lex.now().Add(time.Duration(count) * step)
		h.when = When{Date: funnel.DateOf(at), Clock: at.Format("15:04")}
	case days, weeks, months, quarters, years, noUnit:
		h.when.Date = s.add(count, u)
	}
	h = s.within(h)
	h.n = k - i
	return h
}

// count reads a number and its unit: 2 недели, two weeks, пару дней, неделю, полгода, 3d.
func (s *scan) count(i, b int) (n int, u timeUnit, k int) {
	w := s.word(i, b)
	if next := s.word(i+1, b); (w == "a" || w == "the") && next == "couple" {
		n, u, k = s.count(i+1, b)
		return n, u, k
	}
	if w == "полгода" {
		return 6, months, i + 1
	}
	if u := unit(w); u != noUnit {
		return 1, u, i + 1
	}
	const most = 4 // digits: no plan and no memory is longer
	end := 0
	for end < len(w) && w[end] >= '0' && w[end] <= '9' {
		end++
	}
	switch {
	case end > most:
		return 0, noUnit, i
	case end > 0 && end < len(w):
		n, _ = strconv.Atoi(w[:end])
		return n, unit(w[end:]), i + 1
	case end > 0:
		n, _ = strconv.Atoi(w)
	default:
		n = numberWord(w)
	}
	k = i + 1
	if n == 0 {
		return 0, noUnit, i
	}
	if s.word(k, b) == "of" {
		k++
	}
	return n, unit(s.word(k, b)), k + 1
}

// add returns the day so many units from today.
func (s *scan) add(n int, u timeUnit) funnel.Date {
	switch u {
	case weeks:
		return s.today.AddDays(7 * n)
	case months:
		return addMonths(s.today, n)
	case quarters:
		return addMonths(s.today, 3*n)
	case years:
		return addMonths(s.today, 12*n)
	case days, hours, minutes, noUnit:
	}
	return s.today.AddDays(n)
}

// clock reads a time of day: 15:00, 3pm, в 15, at 3, в 10 утра.
func (s *scan) clock(i, b int) dateHit {
	j := i
	switch s.word(i, b) {
	case "в", "во", "к", "at", "by", "около", "после", "after":
		j++
	}
	prep, verb := j > i, false
	hour, minute, sure, rest := readClock(s.word(j, b))
	if hour < 0 {
		return dateHit{}
	}
	if rest == "" && !sure {
		if rest = s.word(j+1, b); rest != "" {
			j++
		}
		if prep && (errands(rest) || promised(rest)) {
			rest, j, verb = "", j-1, true // "at 10 call acme"
		}
	}
	hour, known := partOfDay(hour, rest, prep)
	switch {
	case sure && rest == "":
	case known:
	case rest == "" && prep && (verb || j+1 >= b || s.at(j+1).shape != word):
		if hour >= 1 && hour <= 7 {
			hour += 12
		}
	default:
		return dateHit{}
	}
	if hour > 23 || minute > 59 {
		return dateHit{}
	}
	return dateHit{n: j + 1 - i, when: When{Clock: twoDigits(hour) + ":" + twoDigits(minute)}}
}

// dayPart reads a part of the day in words, with the hour that it stands for: утром, after lunch.
func (s *scan) dayPart(i, b int) (clock string, n int) {
	w := s.word(i, b)
	for n < 2 && (w == "in" || w == "the" || w == "at" || w == "в" || w == "к" || w == "by") {
		n++
		w = s.word(i+n, b)
	}
	if w == "после" || w == "after" {
		switch s.word(i+n+1, b) {
		case "обеда", "lunch":
			return "14:00", n + 2
		}
		return "", 0
	}
	switch w {
	case "утром", "утру", "morning":
		clock = "09:00"
	case "полдень", "полудню", "noon", "midday":
		clock = "12:00"
	case "обед", "обеду", "lunchtime":
		clock = "13:00"
	case "днем", "afternoon":
		clock = "14:00"
	case "вечером", "вечеру", "evening":
		clock = "18:00"
	default:
		return "", 0
	}
	return clock, n + 1
}

// readClock reads the digits of a time. Sure says that minutes were typed.
func readClock(w string) (hour, minute int, sure bool, rest string) {
	end := 0
	for end < len(w) && end < 2 && w[end] >= '0' && w[end] <= '9' {
		end++
	}
	if end == 0 {
		return -1, 0, false, ""
	}
	hour, _ = strconv.Atoi(w[:end])
	rest = w[end:]
	if len(rest) >= 3 && rest[0] == ':' && plain(rest[1:3]) {
		minute, _ = strconv.Atoi(rest[1:3])
		return hour, minute, true, rest[3:]
	}
	return hour, 0, false, rest
}

// partOfDay applies am, pm, утра, дня, вечера. Words that also count days or hours need a
// preposition in front of the number.
func partOfDay(hour int, w string, prep bool) (int, bool) {
	switch w {
	case "am", "утра", "ночи":
		return hour % 12, hour <= 12
	case "pm", "вечера":
		return hour%12 + 12, hour <= 12
	case "дня":
		return hour%12 + 12, prep && hour <= 12
	case "час", "часа", "часов", "ч", "h", "o'clock":
		if hour >= 1 && hour <= 7 {
			hour += 12
		}
		return hour, prep
	}
	return hour, false
}

func twoDigits(n int) string {
	s := strconv.Itoa(n)
	return strings.Repeat("0", 2-len(s)) + s
}

func datePreposition(w string) bool {
	switch w {
	case "в", "во", "на", "к", "ко", "до", "с", "со", "по", "от", "за", "через", "on", "by", "until", "till", "at",
		"before", "from", "in", "for", "the", "since":
		return true
	}
	return false
}

func relativeDay(w string) (offset int, ok bool) {
	switch w {
	case "сегодня", "today", "седня", "сегодняшний":
		return 0, true
	case "вчера", "yesterday":
		return -1, true
	case "позавчера":
		return -2, true
	case "завтра", "tomorrow", "tmrw", "tmr", "завтрашний":
		return 1, true
	case "послезавтра":
		return 2, true
	}
	return 0, false
}

func weekday(w string) (time.Weekday, bool) {
	switch w {
	case "понедельник", "понедельника", "понедельнику", "пн", "пон", "monday", "mon":
		return time.Monday, true
	case "вторник", "вторника", "вторнику", "вт", "tuesday", "tue", "tues":
		return time.Tuesday, true
	case "среда", "среду", "среды", "среде", "ср", "wednesday", "wed":
		return time.Wednesday, true
	case "четверг", "четверга", "четвергу", "чт", "thursday", "thu", "thur", "thurs":
		return time.Thursday, true
	case "пятница", "пятницу", "пятницы", "пятнице", "пт", "пятн", "friday", "fri":
		return time.Friday, true
	case "суббота", "субботу", "субботы", "субботе", "сб", "saturday", "sat":
		return time.Saturday, true
	case "воскресенье", "воскресенья", "воскресенью", "вс", "воскр", "sunday", "sun":
		return time.Sunday, true
	}
	return 0, false
}

func month(w string) (time.Month, bool) {
	switch w {
	case "январь", "января", "январе", "январю", "янв", "january", "jan":
		return time.January, true
	case "февраль", "февраля", "феврале", "февралю", "фев", "февр", "february", "feb":
		return time.February, true
	case "март", "марта", "марте", "марту", "мар", "march", "mar":
		return time.March, true
	case "апрель", "апреля", "апреле", "апрелю", "апр", "april", "apr":
		return time.April, true
	case "май", "мая", "мае", "маю", "may":
		return time.May, true
	case "июнь", "июня", "июне", "июню", "июн", "june", "jun":
		return time.June, true
	case "июль", "июля", "июле", "июлю", "июл", "july", "jul":
		return time.July, true
	case "август", "августа", "августе", "августу", "авг", "august", "aug":
		return time.August, true
	case "сентябрь", "сентября", "сентябре", "сентябрю", "сен", "сент", "september", "sep", "sept":
		return time.September, true
	case "октябрь", "октября", "октябре", "октябрю", "окт", "october", "oct":
		return time.October, true
	case "ноябрь", "ноября", "ноябре", "ноябрю", "ноя", "нояб", "november", "nov":
		return time.November, true
	case "декабрь", "декабря", "декабре", "декабрю", "дек", "december", "dec":
		return time.December, true
	}
	return 0, false
}

func unit(w string) timeUnit {
	switch w {
	case "мин", "минуту", "минуты", "минут", "min", "mins", "minute", "minutes":
		return minutes
	case "час", "часа", "часов", "ч", "hour", "hours", "h", "hr", "hrs":
		return hours
	case "день", "дня", "дней", "дн", "д", "day", "days", "d":
		return days
	case "неделя", "неделю", "недели", "неделе", "недель", "нед", "н", "week", "weeks", "wk", "w":
		return weeks
	case "месяц", "месяца", "месяце", "месяцу", "месяцев", "мес", "month", "months", "mo":
		return months
	case "квартал", "квартала", "квартале", "кварталу", "кварталов", "quarter", "quarters", "q":
		return quarters
	case "год", "года", "году", "лет", "year", "years", "y":
		return years
	}
	return noUnit
}

func numberWord(w string) int {
	switch w {
	case "a", "an", "one", "один", "одну", "одна":
		return 1
	case "two", "couple", "два", "две", "пару", "пара":
		return 2
	case "three", "три":
		return 3
	case "four", "четыре":
		return 4
	case "five", "пять":
		return 5
	case "six", "шесть":
		return 6
	case "seven", "семь":
		return 7
	case "eight", "восемь":
		return 8
	case "nine", "девять":
		return 9
	case "ten", "десять":
		return 10
	}
	return 0
}

// shift reads next, last and this in front of a weekday or a period.
func shift(w string) (by int, ok bool) {
	switch w {
	case "next", "след", "следующий", "следующую", "следующая", "следующее", "следующей", "следующем", "следующего":
		return 1, true
	case "last", "past", "previous", "прошлый", "прошлую", "прошлая", "прошлое", "прошлой", "прошлом", "прошлого":
		return -1, true
	case "this", "current", "coming", "этот", "эту", "эта", "это", "этой", "этом", "этого", "текущий", "текущего",
		"текущем", "ближайший", "ближайшую", "ближайшее", "ближайшая":
		return 0, true
	}
	return 0, false
}
