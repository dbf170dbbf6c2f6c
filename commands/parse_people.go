package commands

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"funnelbot/funnel"
)

// people reads "acme Carla Stone, CFO, finance, supporter, +1 555 0100, next: call her fri". Where the
// deal ends and the name begins is certain only after a number, a quoted name, or with a preposition
// between them: whoever resolves the deal finds out. Words behind a comma that mean nothing else are
// the person's position.
func (s *scan) people(i, b int) {
	i = s.adding(s.head(s.adding(s.past(i, b), b), b), b)
	for k := i; k < b; {
		if n := s.ofSeat(k, i, b); n > 0 {
			s.use(k, k+n)
			k += n
			continue
		}
		k++
	}
	for k := b - 2; k >= i; k-- {
		if joins(s.word(k, b)) && s.at(k+1).used {
			s.use(k, k+1) // it stands between two things that are said
		}
	}
	end := s.segment(i, b)
	for s.past(i, end) >= end && end < b {
		i = end + 1
		end = s.segment(i, b)
	}
	s.seatName(i, end)
	var rest []string
	for k := end; k < b; k = s.segment(k+1, b) {
		if text := s.unsaid(k, s.segment(k+1, b)); text != "" {
			rest = append(rest, text)
		}
	}
	if s.in.Seat.Position == "" {
		s.in.Seat.Position = strings.Join(rest, ", ")
	}
}

// adding passes by a word that only says that somebody is to be added.
func (s *scan) adding(i, b int) int {
	switch s.word(i, b) {
	case "add", "new", "добавь", "добавить", "новый", "новая", "новое":
		s.in.Switch = SwitchAdd
		s.use(i, i+1)
		return s.past(i+1, b)
	}
	return i
}

// seatName reads the deal and the name of the person from the words that nothing has used.
func (s *scan) seatName(a, b int) {
	if !s.in.Deal.IsZero() {
		s.in.Seat.Name = s.unsaid(a, b)
		return
	}
	for k := a + 1; k < b-1; k++ {
		switch s.word(k, b) {
		case "at", "from", "in", "of", "for", "в", "во", "из", "от", "на", "по", "для", "to":
			if before, after := s.unsaid(a, k), s.past(k+1, b); before != "" && after < b {
				s.in.Seat.Name = before
				s.refer(after, b, b)
				return
			}
		}
	}
	s.refer(a, b, b)
	s.in.Text = "" // what is too long for a name is none
}

// unsaid returns the words of [a,b) that nothing has used, without those that only join.
func (s *scan) unsaid(a, b int) string {
	var words []string
	for k := a; k < b; k++ {
		if t := s.at(k); t.shape == word && !t.used && (t.quoted || !joins(s.word(k, b))) {
			words = append(words, s.line[t.start:t.end])
		}
	}
	return strings.Join(words, " ")
}

// joins reports whether a word only joins a person to what is said of them.
func joins(w string) bool {
	switch w {
	case "is", "are", "he", "she", "they", "он", "она", "они", "as", "the", "a", "an", "and", "now", "our", "decides", "role", "roles", "stance", "with", "at", "это", "как",
		"и", "наш", "наша", "теперь", "роль", "роли", "позиция", "у", "с", "из", "в", "на":
		return true
	}
	return false
}

// ofSeat reads what is said of a person at token k, and returns how many tokens it takes, or 0. From is
// where the words begin: what stands there is the name of the deal and nothing else.
func (s *scan) ofSeat(k, from, b int) int {
	if n := s.addressAt(k, b); n > 0 {
		return n
	}
	first := k == from && s.in.Deal.IsZero()
	switch s.word(k, b) {
	case "add", "добавь", "добавить":
		s.in.Switch = SwitchAdd
		return 1
	}
	if n, colon := s.nextMarker(k, b); n > 0 && (colon || !first) && s.in.Next == (Step{}) {
		end := s.segment(k+n, b)
		s.in.Next.Text = s.step(k+n, end, ArgNextWhen)
		return end - k
	}
	if n := s.labelled(k, b); n > 0 {
		return n
	}
	not := negates(s.word(k, b))
	at := k
	if not {
		at++
	}
	n := s.seated(at, b, not, first)
	switch {
	case n == 0 && not && !first && leaves(s.word(k, b)):
		s.in.Seat.Gone = true
		return 1
	case n == 0:
		return 0
	case not:
		return n + 1
	}
	return n
}

// seated reads a role, a stance, the initiator, or that the person has left.
func (s *scan) seated(k, b int, not, first bool) int {
	w := s.word(k, b)
	if w == "" || first && s.past(k+1, b) < b && !s.closes(k+1, b) {
		return 0
	}
	seat := &s.in.Seat
	switch {
	case initiates(w) > 0:
		seat.Initiator = SwitchOn
		if not {
			seat.Initiator = SwitchOff
		}
		return initiates(w)
	case !not && !first && leaves(w):
		seat.Gone = true
		return 1
	}
	if stance, n := s.stanceAt(k, b); n > 0 {
		switch seat.Stance = stance; {
		case not && (w == "against" || w == "против"):
			seat.Stance = funnel.Neutral // who is not against it is not for it yet
		case not:
			seat.Stance = StanceUnknown
		}
		return n
	}
	key, n := s.partAt(k, b)
	if n > 0 {
		seat.role(key, not)
	}
	if n > 0 && !not && seat.Post == "" && s.isPost(k, n) {
		seat.Post = s.span(k, k+n)
	}
	return n
}

// isPost reports whether the words by which a role is called are a position: a CFO is more than the role
// of finance, and who decides is nothing else. The title of a role says that much and no more.
func (s *scan) isPost(k, n int) bool {
	typed := fold(s.span(k, k+n))
	for _, r := range s.lex.Roles {
		if fold(r.Titles[funnel.English]) == typed || fold(r.Titles[funnel.Russian]) == typed {
			return false
		}
	}
	for i := k; i < k+n; i++ {
		switch s.word(i, k+n) {
		case "ceo", "cfo", "cto", "cio", "coo", "cmo", "cpo", "ciso", "cso", "vp", "president", "director", "head", "chief", "officer", "manager",
			"partner", "founder", "owner", "accountant", "lawyer", "counsel", "engineer", "buyer", "директор", "гендиректор", "финдир",
			"техдир", "руководитель", "начальник", "управляющий", "президент", "партнер", "основатель", "учредитель", "владелец",
			"владелица", "собственник", "бухгалтер", "главбух", "финансист", "юрисконсульт", "инженер", "закупщик":
			return true
		}
	}
	return false
}

// negates reports whether the word takes away what follows.
func negates(w string) bool {
	switch w {
	case "no", "not", "without", "minus", "не", "нет", "без", "убери", "убрать", "сними", "снять", "remove", "drop":
		return true
	}
	return false
}

func initiates(w string) int {
	switch w {
	case "initiator", "initiated", "инициатор", "инициатора", "инициатором", "инициировал", "инициировала":
		return 1
	}
	return 0
}

// leaves reports whether the word says that somebody takes part no more.
func leaves(w string) bool {
	switch w {
	case "remove", "removed", "delete", "gone", "left", "quit", "resigned", "fired", "out", "убери", "убрать", "удали", "удалить",
		"исключи", "исключить", "уволился", "уволилась", "уволен", "уволена", "ушел", "ушла":
		return true
	}
	return false
}

// stanceAt reads how a person stands to the deal.
func (s *scan) stanceAt(k, b int) (funnel.Stance, int) {
	switch w := s.word(k, b); w {
	case "supporter", "support", "supports", "supportive", "champion", "ally", "fan", "friend", "сторонник", "сторонница",
		"сторонника", "поддерживает", "союзник", "лоялен", "лояльна", "лояльный", "лояльная":
		return funnel.Supporter, 1
	case "neutral", "indifferent", "undecided", "нейтрал", "нейтральный", "нейтральная", "нейтрален", "нейтральна", "нейтрально":
		return funnel.Neutral, 1
	case "blocker", "blocks", "opponent", "opposes", "against", "enemy", "противник", "противница", "противника", "против", "блокер",
		"блокирует", "мешает":
		return funnel.Blocker, 1
	case "for":
		// "for" alone is a preposition; "is for it" is not.
		if s.word(k+1, b) == "it" || s.word(k+1, b) == "us" {
			return funnel.Supporter, 2
		}
	case "за":
		if s.closes(k+1, b) {
			return funnel.Supporter, 1
		}
	default:
		return s.likeStance(k, w)
	}
	return "", 0
}

// likeStance reads a stance with a slip in it, where it is written small, as names of people are not.
func (s *scan) likeStance(k int, w string) (funnel.Stance, int) {
	const long = 6
	if utf8.RuneCountInString(w) < long || s.capital(k) {
		return "", 0
	}
	for _, known := range []struct {
		word   string
		stance funnel.Stance
	}{
		{"supporter", funnel.Supporter},
		{"champion", funnel.Supporter},
		{"сторонник", funnel.Supporter},
		{"поддерживает", funnel.Supporter},
		{"neutral", funnel.Neutral},
		{"нейтрален", funnel.Neutral},
		{"нейтральна", funnel.Neutral},
		{"blocker", funnel.Blocker},
		{"opponent", funnel.Blocker},
		{"противник", funnel.Blocker},
	} {
		if typo(w, known.word) {
			return known.stance, 1
		}
	}
	return "", 0
}

// partAt reads a role of the committee at token k: by its whole name in any case form, or with a slip
// where it is written small, as names of people are not.
func (s *scan) partAt(k, b int) (key string, n int) {
	keys, g, n := s.best(k, b, len(s.lex.Roles), s.committeeRole)
	if g >= inflected && len(keys) == 1 {
		return keys[0], n
	}
	best := 0
	for _, r := range s.lex.Roles {
		for _, name := range append([]string{r.Key, r.Titles[funnel.English], r.Titles[funnel.Russian]}, r.Aliases...) {
			if m := s.slips(k, b, name); m > best {
				key, best = r.Key, m
			}
		}
	}
	return key, best
}

// slips returns how many tokens at k are the name with slips in its longer words, or 0.
func (s *scan) slips(k, b int, name string) int {
	const long = 5
	n, letters := 0, 0
	for rest := name; ; n++ {
		w, after := nextWord(rest)
		if w == "" {
			break
		}
		rest = after
		typed := s.word(k+n, b)
		if typed == "" || s.capital(k+n) {
			return 0
		}
		letters = max(letters, utf8.RuneCountInString(typed))
		if !equalFold(w, typed) && !sameStem(w, typed) && (utf8.RuneCountInString(typed) < long || !typo(typed, w)) {
			return 0
		}
	}
	if letters < long {
		return 0
	}
	return n
}

// capital reports whether the word at i is written with a capital.
func (s *scan) capital(i int) bool {
	r, _ := utf8.DecodeRuneInString(s.line[s.at(i).start:])
	return unicode.IsUpper(r)
}

func (s *scan) committeeRole(k int) named {
	r := &s.lex.Roles[k]
	return named{r.Key, r.Titles, r.Aliases}
}

// forgets reads whom to forget: a name, or an address.
func (s *scan) forgets(i, b int) {
	for {
		switch s.word(i, b) {
		case "contact", "person", "about", "everything", "data", "of", "контакт", "человека", "данные", "про", "о", "все", "всё":
			i = s.past(i+1, b)
			continue
		}
		break
	}
	s.in.Seat.Name = s.name(i, b)
}

// lone reads a verb that takes a deal and nothing else.
func (s *scan) lone(i, b int) {
	i = s.head(i, b)
	if s.in.Deal.IsZero() {
		s.refer(i, b, b)
		return
	}
	s.unknown(i, b)
}
