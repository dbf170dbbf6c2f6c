package commands

import "strconv"

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
	ListWon     ListKind = "won"   // signed, also as history
	ListLost    ListKind = "lost"
	ListParked  ListKind = "parked"
	ListDue     ListKind = "due" // with a step for today or before
)

// Any kind but mine, team and owner may be narrowed to the deals of Intent.Person, and any to those
// at Intent.Stage.

// List is what list shows. An empty kind is left to the handler.
type List struct {
	Kind ListKind `json:"kind,omitzero"`
	// Page counts from 1; zero is the first.
	Page int `json:"page,omitzero"`
}

// listing reads which deals are wanted and the page.
func (s *scan) listing(i, b int) {
	start := i
	for i = s.past(i, b); i < b; i = s.past(i, b) {
		n := 0
		if i < start+reach {
			n = s.listPart(i, b)
		}
		if n == 0 {
			n = 1
			s.unknown(i, i+1)
		}
		i += n
	}
}

// listPart reads one thing that a list may be told and returns how many tokens it takes.
func (s *scan) listPart(i, b int) int {
	if k, n := s.listKind(i, b); n > 0 {
		s.listed(k)
		return n
	}
	switch s.word(i, b) {
	case "today", "сегодня":
		s.listed(ListDue)
		return 1
	case "page", "p", "стр", "страница", "страницу", "deals", "сделки", "сделок", "в", "in", "at", "на", "of", "the", "all", "все",
		"этап", "этапе", "стадии", "stage":
		return 1
	}
	if w := s.word(i, b); plain(w) && len(w) <= 4 && s.in.List.Page == 0 {
		s.in.List.Page, _ = strconv.Atoi(w)
		return 1
	}
	if h := s.person(i, b); h.n > 0 && s.in.Person.IsZero() && !s.in.Open(ArgPerson) {
		if h.who.Me {
			s.listed(ListMine)
			return h.n
		}
		s.listed(ListOwner)
		s.them(h)
		return h.n
	}
	if s.in.Stage != "" || s.in.Open(ArgStage) {
		return 0
	}
	a := s.stageAt(i, b)
	if !a.found() {
		if keys := s.slip(i, b, len(s.lex.Stages), s.stage); len(keys) > 0 {
			a = anchor{i, 1, keys, slipped}
		}
	}
	if a.found() {
		s.listed(ListStage)
		s.keyed(ArgStage, a.keys)
	}
	return a.n
}

// listed takes a kind of list. Whose deals they are narrows any other kind: "my stuck deals" are
// the stuck ones, of me.
func (s *scan) listed(k ListKind) {
	before := s.in.List.Kind
	whose := func(k ListKind) bool { return k == ListMine || k == ListOwner || k == ListTeam }
	if before == ListMine && k != ListMine || k == ListMine && before != "" && !whose(before) {
		s.in.Person = Whom{Me: true}
	}
	if before == "" || (whose(before) || before == ListStage) && !whose(k) {
		s.in.List.Kind = k
	}
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
	case "won", "signed", "выигранные", "выигранных", "выиграно", "выиграны", "подписанные", "подписанных":
		return ListWon, after(1, "deals", "сделки")
	case "lost", "проигранные", "проигранных", "проиграно", "проиграны", "потерянные":
		return ListLost, after(1, "deals", "сделки")
	case "parked", "paused", "snoozed", "отложенные", "отложенных", "отложено", "отложены", "пауза", "паузе":
		return ListParked, after(1, "deals", "сделки")
	case "overdue", "due", "просроченные", "просрочено", "просрочены", "просроченных":
		return ListDue, after(1, "deals", "today", "сделки", "сегодня")
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
	if !s.in.Bare && s.elsewhere(s.past(i, b), b) {
		return
	}
	i = s.head(i, b)
	if !s.in.Deal.IsZero() {
		s.unknown(i, b)
		return
	}
	end := s.segment(i, b)
	s.refer(i, end, end)
	s.unknown(end, b)
}

// elsewhere reads "show my deals" and "show the funnel" as the verbs that are meant.
func (s *scan) elsewhere(i, b int) bool {
	if s.word(i, b) == "the" {
		i++
	}
	if _, n := s.listKind(i, b); n > 0 && s.only(i+n, b) {
		s.redirect(VerbList, i, b)
		return true
	}
	key, n := s.verb(i)
	general := key == VerbList || key == VerbToday || key == VerbMembers || key == VerbHelp
	switch {
	case key == VerbFunnel || s.word(i, b) == "воронку":
		s.redirect(VerbFunnel, i, b)
	case general && s.only(i+n, b):
		s.redirect(key, i+n, b)
	default:
		return false
	}
	return true
}

// redirect reads the rest of the line as the arguments of another verb.
func (s *scan) redirect(key Key, i, b int) {
	s.in.Verb = key
	s.arguments(i, b)
}
