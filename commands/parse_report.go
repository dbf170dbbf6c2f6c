package commands

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"funnelbot/funnel"
)

// Report is what funnel shows.
type Report struct {
	// Name is that of a report, or empty for the one that was shown last.
	Name string `json:"name,omitzero"`
	// Days is the window that ends with AsOf; zero is the usual one.
	Days int         `json:"days,omitzero"`
	AsOf funnel.Date `json:"as_of,omitzero"`
	// Why asks for the figures behind it, and Part for the deals behind one number: of a group where Of is
	// not empty, which is a Stage, an Owner, or what Token stands for.
	Why   bool              `json:"why,omitzero"`
	Part  funnel.BehindPart `json:"part,omitzero"`
	Of    funnel.BehindOf   `json:"of,omitzero"`
	Stage funnel.StageKey   `json:"stage,omitzero"`
	Owner funnel.ID         `json:"owner,omitzero"`
	// Token is a week, or stands for a source or for an answer.
	Token string `json:"token,omitzero"`
	// Kind narrows what was done.
	Kind funnel.ActivityKind `json:"kind,omitzero"`
	// Page counts from 1; 0 is the first.
	Page int `json:"page,omitzero"`
}

// reportWords are the words that mean reports.
var reportWords = map[string][]string{
	"funnel":            {"funnel", "воронка", "воронку"},
	"owners":            {"owners", "owner", "people", "reps", "staff", "members", "людям", "люди", "сотрудники", "сотрудникам", "менеджерам", "менеджеры", "продавцам", "продавцы", "владельцам", "владельцы"},
	"activity":          {"activity", "activities", "активность", "активности", "активностям"},
	reportQualification: {"qualification", "qualifications", "qualified", "bant", "квалификация", "квалификации", "квалификацию", "квалификаций", "бант", "банту"},
	reportBottleneck:    {"bottleneck", "bottlenecks", "weakest", "узкое", "узкие", "слабое", "слабейшее", "узкоеместо", "слабоезвено"},
	reportStuck:         {"stuck", "stalled", "застряли", "застряло", "застрявшие", "застрявших", "зависли", "зависшие"},
	reportForecast:      {"forecast", "forecasts", "outlook", "прогноз", "прогноза", "прогнозу"},
	reportTrend:         {"trend", "trends", "weekly", "динамика", "динамику", "тренд", "неделям"},
}

// report returns the name of the report that the word at i means.
func (s *scan) report(i, b int) string {
	w := s.word(i, b)
	for name, words := range reportWords {
		if slices.Contains(words, w) {
			return name
		}
	}
	return ""
}

// nearReport returns the report that a word with a slip of the finger, or one in the wrong layout, means:
// the only one that is as near.
func nearReport(typed string) string {
	best, found := 3, ""
	for _, w := range []string{typed, fold(FlipLayout(typed))} {
		for name, words := range reportWords {
			for _, known := range words {
				limit := min(best, tolerance(min(utf8.RuneCountInString(known), utf8.RuneCountInString(w))))
				if w == known {
					return name
				}
				switch d := distance(w, known, limit); {
				case limit == 0 || d > limit:
				case d < best:
					best, found = d, name
				case found != name:
					found = ""
				}
			}
		}
	}
	return found
}

// why reports whether the word at i asks what is behind a report.
func (s *scan) why(i, b int) bool {
	switch s.word(i, b) {
	case "why", "почему", "отчего":
		return true
	}
	return false
}

// opened takes the name of a report that is a word for the verb as well: "forecast 90d", "почему".
func (s *scan) opened(i, b int) {
	if s.in.Verb != VerbFunnel {
		return
	}
	s.in.Report.Why = s.why(i, b)
	if name := s.report(i, b); name != "funnel" {
		s.in.Report.Name = name
	}
}

// stageBehind takes the stage whose figures are asked for, and returns how many tokens it takes.
func (s *scan) stageBehind(i, b int) int {
	if !s.in.Report.Why {
		return 0
	}
	a := s.stageAt(i, b)
	if len(a.keys) != 1 || a.g < partial {
		return 0
	}
	s.in.Report.Of, s.in.Report.Stage = funnel.OfStage, funnel.StageKey(a.keys[0])
	return a.n
}

// judges reports whether what follows the name of the bot's command asks for the report on the
// qualification, whose name is a verb as well: where a deal is named, the verb is meant, and a number
// alone is one of a deal.
func (s *scan) judges(i, b int) bool {
	if s.report(i, b) != reportQualification || plain(s.word(s.past(i+1, b), b)) {
		return false
	}
	trial := *s
	trial.in = Intent{}
	trial.reports(i, b)
	return len(trial.in.Unknown) == 0
}

// maxWindow is the longest window of a report, in days.
const maxWindow = 3660

// reports reads "owners 90d", "за квартал", "--as-of 2017-12-31".
func (s *scan) reports(i, b int) {
	for i = s.past(i, b); i < b; i = s.past(i, b) {
		if s.why(i, b) {
			s.in.Report.Why = true
			i++
			continue
		}
		if n := s.stageBehind(i, b); n > 0 {
			i += n
			continue
		}
		if name := s.report(i, b); name != "" {
			s.in.Report.Name = name
			i++
			continue
		}
		if n := s.calendarYear(i, b); n > 0 {
			i += n
			continue
		}
		if n := s.calendarSpan(i, b); n > 0 {
			i += n
			continue
		}
		if n := s.window(i, b); n > 0 {
			i += n
			continue
		}
		if h := s.date(i, b, Past); h.n > 0 && !h.impossible && h.other.IsZero() && h.when.Date.Sub(s.today) > 0 {
			s.unknown(i, i+h.n) // nothing is known of days to come
			i += h.n
			continue
		} else if h.n > 0 {
			s.until(h, i)
			i += h.n
			continue
		}
		if w := s.word(i, b); plain(w) && len(w) <= 4 && s.in.Report.Days == 0 {
			s.days(w, i)
			i++
			continue
		}
		switch s.word(i, b) {
		case "as-of", "as", "of", "window", "to", "from", "с", "до", "за", "на", "по", "for", "last", "последние", "последний", "последнюю", "by", "during", "во", "в", "in", "period", "the", "период",
			"link", "spot", "point", "deals", "report", "is", "are", "место", "места", "звено", "сделки", "отчет", "это", "так":
		default:
			if name := nearReport(s.word(i, b)); name != "" && s.in.Report.Name == "" {
				s.in.Report.Name = name
			} else {
				s.unknown(i, i+1)
			}
		}
		i++
	}
	if s.in.Report.Name == "" && !s.in.Report.Why {
		s.in.Report.Name = "funnel"
	}
}

// until takes the day of a report; a second day makes the first one the start of the window.
func (s *scan) until(h dateHit, i int) {
	from := s.in.Report.AsOf
	s.dated(ArgAsOf, h, i)
	if n := s.in.Report.AsOf.Sub(from); !from.IsZero() && n > 0 && n < maxWindow {
		s.in.Report.Days = n + 1
	}
}

// days takes a number without a unit as a window of so many days.
func (s *scan) days(w string, i int) {
	n, err := strconv.Atoi(w)
	if err != nil || n < 1 || n > maxWindow {
		s.refuse(CodeWindowInvalid, funnel.Args{"text": shortened(s.span(i, i+1))})
		return
	}
	s.in.Report.Days = n
}

// calendarSpan reads a month by its name, "за октябрь", and "last month", "прошлую неделю", "this
// quarter": the window is that span of the calendar, up to today where it is not over. It returns
// how many tokens it takes.
func (s *scan) calendarSpan(i, b int) int {
	k := i
	for k < b && (datePreposition(s.word(k, b)) || s.word(k, b) == "during") {
		k++
	}
	first, last, n := s.namedMonth(k, b)
	if n == 0 {
		first, last, n = s.neighbour(k, b)
	}
	if n == 0 {
		return 0
	}
	n += k - i
	if last.Sub(s.today) > 0 {
		last = s.today
	}
	if r := &s.in.Report; r.Days > 0 && r.AsOf.Sub(first) < 0 && !r.AsOf.IsZero() {
		first = r.AsOf.AddDays(1 - r.Days) // "from september to october"
	}
	s.in.Report.AsOf, s.in.Report.Days = last, last.Sub(first)+1
	return n
}

// namedMonth reads the name of a month with a year or without, the last one that has begun.
func (s *scan) namedMonth(i, b int) (first, last funnel.Date, n int) {
	m, ok := month(s.word(i, b))
	if !ok {
		return first, last, 0
	}
	n = 1
	year := s.today.Year
	if m > s.today.Month {
		year--
	}
	if w := s.word(i+1, b); plain(w) {
		typed, err := strconv.Atoi(w)
		if err != nil || len(w) != 4 || typed < firstYear || typed > s.today.Year {
			return first, last, 0 // "october 20" is a day
		}
		year, n = typed, 2
		if unit(s.word(i+2, b)) == years {
			n = 3
		}
	}
	first = funnel.Date{Year: year, Month: m, Day: 1}
	if first.Sub(s.today) > 0 {
		return first, last, 0
	}
	return first, addMonths(first, 1).AddDays(-1), n
}

// neighbour reads the span that is running or the one before it.
func (s *scan) neighbour(i, b int) (first, last funnel.Date, n int) {
	by := 0
	switch s.word(i, b) {
	case "last", "previous", "прошлый", "прошлую", "прошлом", "прошлой", "предыдущий", "предыдущую":
		by = -1
	case "this", "current", "этот", "эту", "этом", "этой", "текущий", "текущую", "текущем", "текущей":
	default:
		return first, last, 0
	}
	u := unit(s.word(i+1, b))
	switch u {
	case weeks:
		first = s.period(u, by, false)
		return first, first.AddDays(6), 2
	case months, quarters, years:
		return s.period(u, by, false), s.period(u, by, true), 2
	case days, hours, minutes, noUnit:
	}
	return first, last, 0
}

// calendarYear reads "2025" and "2025 год": the window is that year.
func (s *scan) calendarYear(i, b int) int {
	w := s.word(i, b)
	year, err := strconv.Atoi(w)
	if err != nil || len(w) != 4 || year < firstYear || year > lastYear {
		return 0
	}
	n := 1
	if unit(s.word(i+1, b)) == years {
		n = 2
	} else if unit(s.word(i+1, b)) != noUnit {
		return 0
	}
	s.in.Report.AsOf = funnel.Date{Year: year, Month: time.December, Day: 31}
	s.in.Report.Days = s.in.Report.AsOf.Sub(funnel.Date{Year: year, Month: time.January, Day: 1}) + 1
	return n
}

// window reads 90d, 90 дней, квартал.
func (s *scan) window(i, b int) int {
	if w := s.word(i, b); strings.HasPrefix(w, "window") {
		return 0
	}
	n, u, end := s.windowCount(i, b)
	scale := 0
	switch u {
	case days:
		scale = 1
	case weeks:
		scale = 7
	case months:
		scale = 30
	case quarters:
		scale = 90
	case years:
		scale = 365
	case hours, minutes, noUnit:
	}
	if scale == 0 {
		return 0
	}
	if n < 1 || n*scale > maxWindow {
		s.refuse(CodeWindowInvalid, funnel.Args{"text": shortened(s.span(i, end))})
		return end - i
	}
	s.in.Report.Days = n * scale
	return end - i
}

// windowCount is count without its limit of four digits, so that a window too long is refused
// rather than passed by.
func (s *scan) windowCount(i, b int) (n int, u timeUnit, end int) {
	w := s.word(i, b)
	digits := 0
	for digits < len(w) && w[digits] >= '0' && w[digits] <= '9' {
		digits++
	}
	if digits == 0 {
		return s.count(i, b)
	}
	n, err := strconv.Atoi(w[:digits])
	if err != nil {
		n = maxWindow + 1
	}
	n = min(n, maxWindow+1)
	if digits < len(w) {
		return n, unit(w[digits:]), i + 1
	}
	return n, unit(s.word(i+1, b)), i + 2
}
