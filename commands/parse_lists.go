package commands

import (
	"strconv"
	"strings"

	"funnelbot/funnel"
)

// ListKind is which deals a list shows.
type ListKind string

// The kinds of lists.
const (
	ListMine    ListKind = "mine"
	ListTeam    ListKind = "team"
	ListStage   ListKind = "stage" // of Intent.Stage
	ListStuck   ListKind = "stuck"
	ListNoStep  ListKind = "nostep"
	ListClosing ListKind = "closing" // this month
	ListClients ListKind = "clients"
	ListOwner   ListKind = "owner" // of Intent.Person
)

// List is what list shows. An empty kind is left to the handler.
type List struct {
	Kind ListKind `json:"kind,omitzero"`
	// Page counts from 1; zero is the first.
	Page int `json:"page,omitzero"`
}

// Report is what funnel shows.
type Report struct {
	Name string `json:"name,omitzero"` // funnel, owners or activity
	// Days is the window that ends with AsOf; zero is the usual one.
	Days int         `json:"days,omitzero"`
	AsOf funnel.Date `json:"as_of,omitzero"`
}

// listing reads which deals are wanted and the page.
func (s *scan) listing(i, b int) {
	i = s.past(i, b)
	for ; i < b; i = s.past(i, b) {
		if n := s.listPart(i, b); n > 0 {
			i += n
			continue
		}
		s.unknown(i, i+1)
		i++
	}
}

// listPart reads one thing that a list may be told and returns how many tokens it takes.
func (s *scan) listPart(i, b int) int {
	if k, n := s.listKind(i, b); n > 0 {
		if s.in.List.Kind == "" {
			s.in.List.Kind = k
		}
		return n
	}
	switch s.word(i, b) {
	case "page", "p", "стр", "страница", "страницу", "deals", "сделки", "сделок", "в", "in", "at", "на", "of", "the", "all", "все":
		return 1
	}
	if w := s.word(i, b); plain(w) && len(w) <= 4 && s.in.List.Page == 0 {
		s.in.List.Page, _ = strconv.Atoi(w)
		return 1
	}
	if s.in.List.Kind != "" {
		return 0
	}
	if h := s.person(i, b); h.n > 0 && (h.g >= partial || len(h.many) == 0) {
		s.in.List.Kind = ListOwner
		if h.who.Me {
			s.in.List.Kind = ListMine
			return h.n
		}
		s.them(h)
		return h.n
	}
	if a := s.stageAt(i, b); a.found() {
		s.in.List.Kind = ListStage
		s.keyed(ArgStage, a.keys)
		return a.n
	}
	if keys := s.slip(i, b, len(s.lex.Stages), s.stage); len(keys) > 0 {
		s.in.List.Kind = ListStage
		s.keyed(ArgStage, keys)
		return 1
	}
	return 0
}

// listKind reads mine, без следующего шага, closing this month and the like.
func (s *scan) listKind(i, b int) (ListKind, int) {
	after := func(n int, words ...string) int {
		for {
			w, known := s.word(i+n, b), false
			for _, k := range words {
				known = known || w == k
			}
			if !known {
				return n
			}
			n++
		}
	}
	switch s.word(i, b) {
	case "mine", "my", "мои", "моя", "мое", "свои":
		return ListMine, after(1, "deals", "сделки")
	case "team", "команда", "команды", "командные", "ours", "наши":
		return ListTeam, after(1, "deals", "сделки")
	case "stuck", "stale", "зависшие", "зависли", "застряли", "застрявшие", "висят":
		return ListStuck, after(1, "deals", "сделки")
	case "nostep", "stepless":
		return ListNoStep, 1
	case "без", "no", "without":
		if n := after(1, "a", "следующего", "след", "next"); after(n, "шага", "step", "steps", "шагов") > n {
			return ListNoStep, n + 1
		}
	case "closing", "закрываются", "закрытие", "закрыть":
		return ListClosing, after(1, "this", "month", "в", "этом", "месяце")
	case "this":
		if s.word(i+1, b) == "month" {
			return ListClosing, 2
		}
	case "в":
		if s.word(i+1, b) == "этом" && s.word(i+2, b) == "месяце" {
			return ListClosing, 3
		}
	case "clients", "customers", "клиенты", "клиентов":
		return ListClients, 1
	}
	return "", 0
}

// whose reads the person whose plan is wanted.
func (s *scan) whose(i, b int) {
	at, h := s.findPerson(i, b)
	if h.n > 0 {
		s.them(h)
		s.use(at, at+h.n)
	}
	s.unknown(i, b)
}

// show reads the deal of a card.
func (s *scan) show(i, b int) {
	i = s.head(i, b)
	if !s.in.Deal.IsZero() {
		s.unknown(i, b)
		return
	}
	s.open(i, b)
}

// report returns the name of the report that the word at i means.
func (s *scan) report(i, b int) string {
	switch s.word(i, b) {
	case "funnel", "воронка", "воронку":
		return "funnel"
	case "owners", "owner", "менеджерам", "менеджеры", "продавцам", "продавцы", "владельцам", "владельцы":
		return "owners"
	case "activity", "activities", "активность", "активности", "активностям":
		return "activity"
	}
	return ""
}

// maxWindow is the longest window of a report, in days.
const maxWindow = 3660

// reports reads "owners 90d", "за квартал", "--as-of 2017-12-31".
func (s *scan) reports(i, b int) {
	for i = s.past(i, b); i < b; i = s.past(i, b) {
		if name := s.report(i, b); name != "" {
			s.in.Report.Name = name
			i++
			continue
		}
		if n := s.window(i, b); n > 0 {
			i += n
			continue
		}
		if h := s.date(i, b, Past); h.n > 0 {
			s.dated(ArgAsOf, h, i)
			i += h.n
			continue
		}
		switch s.word(i, b) {
		case "as-of", "as", "of", "window", "за", "на", "по", "for", "last", "последние", "by", "period", "the", "период":
		default:
			s.unknown(i, i+1)
		}
		i++
	}
	if s.in.Report.Name == "" {
		s.in.Report.Name = "funnel"
	}
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
