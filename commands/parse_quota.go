package commands

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"funnelbot/funnel"
)

// quota reads what is to be won in a month: "december 500k", "на следующий месяц 1,2 млн", "2026-12 off".
// The plan of a day or of somebody is that of today, which people call so as well.
func (s *scan) quota(i, b int) {
	if n, ok := s.dayOfPlan(i, b); ok {
		s.in.Verb = VerbToday
		s.whose(n, b)
		return
	}
	for i = s.past(i, b); i < b; i = s.past(i, b) {
		if day, n := s.planMonth(i, b); n > 0 {
			s.in.Month = day
			i += n
			continue
		}
		if h := s.money(i, b); h.n > 0 && s.in.Amount.IsZero() {
			s.quotaAmount(h, i)
			i += h.n
			continue
		}
		switch s.word(i, b) {
		case "off", "none", "remove", "clear", "delete", "нет", "убери", "убрать", "сними", "снять", "удали", "удалить", "выкл":
			s.in.Switch = SwitchOff
		case "set", "for", "on", "of", "to", "is", "in", "the", "a", "and", "month", "monthly", "team", "team's", "sales", "we", "win", "на", "в", "во", "за",
			"по", "и", "это", "месяц", "месяца", "команды", "команде", "команда", "продаж", "продажи", "поставь", "выиграть":
		default:
			if m, ok := nearMonthName(s.word(i, b)); ok && s.in.Month.IsZero() {
				s.in.Month = s.nearMonth(m)
			} else {
				s.unknown(i, i+1)
			}
		}
		i++
	}
	if sets := !s.in.Amount.IsZero() || s.in.Switch != ""; sets && len(s.in.Unknown) > 0 {
		// What was not understood may have been the month, and the plan of another one would be lost.
		s.refuse(CodePlanUnclear, funnel.Args{"text": strings.Join(s.in.Unknown, " ")})
	}
}

// monthNames are the names of months that are long enough to be known with a slip of the finger.
var monthNames = []string{
	"january", "february", "march", "april", "august", "september", "october", "november", "december",
	"январь", "января", "февраль", "февраля", "апрель", "апреля", "август", "августа", "сентябрь", "сентября", "октябрь",
	"октября", "ноябрь", "ноября", "декабрь", "декабря",
}

// nearMonthName reads the name of a month with a slip of the finger, or one in the wrong layout.
func nearMonthName(typed string) (time.Month, bool) {
	flipped := fold(FlipLayout(typed))
	if m, ok := month(flipped); ok {
		return m, true
	}
	var found time.Month
	for _, w := range []string{typed, flipped} {
		for _, known := range monthNames {
			limit := tolerance(min(utf8.RuneCountInString(known), utf8.RuneCountInString(w)))
			if limit == 0 || distance(w, known, limit) > limit {
				continue
			}
			m, _ := month(known)
			if found != 0 && found != m {
				return 0, false
			}
			found = m
		}
	}
	return found, found != 0
}

// quotaAmount takes an amount; none is to be won where it is zero.
func (s *scan) quotaAmount(h moneyHit, i int) {
	switch {
	case h.code != "":
		s.err = s.moneyError(h, i)
	case h.money.Minor == 0:
		s.in.Switch = SwitchOff
	default:
		s.in.Amount, s.in.AmountAssumed = h.money, h.assumed
	}
}

// dayOfPlan reports whether the plan of a day or of a person is meant, and where what is said of it
// begins.
func (s *scan) dayOfPlan(i, b int) (int, bool) {
	k := s.past(i, b)
	for k < b && (datePreposition(s.word(k, b)) || s.word(k, b) == "the" || s.word(k, b) == "of" || s.word(k, b) == "my" || s.word(k, b) == "мой") {
		k = s.past(k+1, b)
	}
	switch s.word(k, b) {
	case "today", "day", "сегодня", "день", "дня":
		return k + 1, true
	}
	if k >= b || s.word(k, b) == "" {
		return i, false
	}
	if at, h := s.findPerson(i, b); h.n > 0 {
		return i, s.past(at+h.n, b) >= b
	}
	return i, false
}

// planMonth reads a month at token i: "december", "декабрь 2026", "2026-12", "12.2026", "next month".
func (s *scan) planMonth(i, b int) (funnel.Date, int) {
	if d, ok := numericMonth(s.word(i, b)); ok {
		return d, 1
	}
	if m, ok := month(s.word(i, b)); ok {
		if year, err := strconv.Atoi(s.word(i+1, b)); err == nil && len(s.word(i+1, b)) == 4 && year >= firstYear && year <= lastYear {
			n := 2
			if unit(s.word(i+2, b)) == years {
				n++
			}
			return funnel.Date{Year: year, Month: m, Day: 1}, n
		}
		return s.nearMonth(m), 1
	}
	if unit(s.word(i+1, b)) != months {
		return funnel.Date{}, 0
	}
	switch s.word(i, b) {
	case "this", "current", "этот", "этом", "текущий", "текущем", "этого", "текущего":
		return s.today.AddMonths(0), 2
	case "next", "coming", "следующий", "следующем", "след", "будущий", "будущем", "следующего":
		return s.today.AddMonths(1), 2
	case "last", "previous", "прошлый", "прошлом", "предыдущий", "предыдущем", "прошлого":
		return s.today.AddMonths(-1), 2
	}
	return funnel.Date{}, 0
}

// nearMonth is the month of the name that people plan for: the next one that is not over, or one of the
// last three.
func (s *scan) nearMonth(m time.Month) funnel.Date {
	const year, behind = 12, 3
	ahead := (int(m) - int(s.today.Month) + year) % year
	if ahead >= year-behind {
		ahead -= year
	}
	return s.today.AddMonths(ahead)
}

// numericMonth reads a month with its year: 2026-12, 12.2026, 12/2026.
func numericMonth(w string) (funnel.Date, bool) {
	parts := strings.FieldsFunc(w, func(r rune) bool { return r == '-' || r == '.' || r == '/' })
	if len(parts) != 2 || len(w) != len(parts[0])+len(parts[1])+1 || !plain(parts[0]) || !plain(parts[1]) {
		return funnel.Date{}, false
	}
	first, last := parts[0], parts[1]
	if len(first) != 4 {
		first, last = last, first
	}
	year, err := strconv.Atoi(first)
	m, err2 := strconv.Atoi(last)
	if err != nil || err2 != nil || len(first) != 4 || len(last) > 2 || year < firstYear || year > lastYear || m < 1 || m > 12 {
		return funnel.Date{}, false
	}
	return funnel.Date{Year: year, Month: time.Month(m), Day: 1}, true
}
