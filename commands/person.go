package commands

import (
	"strings"
	"unicode"

	"funnelbot/funnel"
)

// Whom is a person as he was typed.
type Whom struct {
	// ID is the member, when exactly one was meant.
	ID funnel.ID `json:"id,omitzero"`
	// Me says that the member who typed is meant.
	Me bool `json:"me,omitzero"`
	// Mention is a handle, platform id or name that no member of the lexicon carries, without the @.
	Mention string `json:"mention,omitzero"`
	// Handle says that the Mention was typed with an @, so it is somebody on the platform who has never
	// written to the bot.
	Handle bool `json:"handle,omitzero"`
}

// IsZero reports whether nobody was named.
func (w Whom) IsZero() bool { return w == Whom{} }

// unmet refuses a mention that is nobody's.
func (w Whom) unmet() *funnel.Error {
	if !w.Handle {
		return funnel.Refuse(funnel.CodeNoMember, funnel.Args{"name": w.Mention})
	}
	name := "@" + w.Mention
	if isIdentifier(w.Mention) {
		name = ""
	}
	return funnel.Refuse(CodeNotMet, funnel.Args{"name": name})
}

// isIdentifier reports whether a handle is what a platform calls somebody, such as U0G9QF9C6, and
// nothing that people know each other by.
func isIdentifier(handle string) bool {
	figure := false
	for _, r := range handle {
		if unicode.IsLower(r) {
			return false
		}
		figure = figure || unicode.IsDigit(r)
	}
	return figure
}

// personHit is a person found among tokens.
type personHit struct {
	n    int
	who  Whom
	many []funnel.ID
	g    grade
}

// person reads @anna, <@U123>, me or parts of a name from token i on.
func (s *scan) person(i, b int) personHit {
	w := s.word(i, b)
	switch w {
	case "":
		return personHit{}
	case "me", "myself", "я", "мне", "меня", "мной", "себе", "себя":
		return personHit{n: 1, who: Whom{Me: true}, g: whole}
	}
	if strings.HasPrefix(w, "@") {
		return s.mentioned(i, w[1:])
	}
	var h personHit
	for n := 1; n <= 3; n++ {
		ids, g := s.called(i, i+n, b)
		if len(ids) == 0 {
			break
		}
		h = personHit{n: n, many: ids, g: g}
	}
	if len(h.many) == 1 {
		h.who, h.many = Whom{ID: h.many[0]}, nil
	}
	return h
}

func (s *scan) mentioned(i int, handle string) personHit {
	h := personHit{n: 1, g: whole}
	for _, m := range s.lex.Members {
		for _, known := range m.Handles {
			if equalFold(strings.TrimPrefix(known, "@"), handle) {
				h.who = Whom{ID: m.ID}
				return h
			}
		}
	}
	switch ids := s.likeHandle(handle); len(ids) {
	case 0:
	case 1:
		h.who = Whom{ID: ids[0]}
		return h
	default:
		h.many = ids
		return h
	}
	t := s.at(i)
	h.who = Whom{Mention: strings.TrimPrefix(s.line[t.start:t.end], "@"), Handle: true}
	if h.who.Mention == "" {
		return personHit{}
	}
	return h
}

// likeHandle returns the members with a word in the name that is typed like a handle: not everybody has
// one, and few know it by heart.
func (s *scan) likeHandle(handle string) (ids []funnel.ID) {
	for k := range s.lex.Members {
		m := &s.lex.Members[k]
		if max(s.matchPart(handle, m.Name), sounds(handle, m.Name)) >= partial {
			ids = append(ids, m.ID)
		}
	}
	return ids
}

// called returns the members whose name has a part for each of the words of [i,end), those who fit
// best.
func (s *scan) called(i, end, b int) (ids []funnel.ID, best grade) {
	for k := range s.lex.Members {
		g := s.callable(&s.lex.Members[k], i, end, b)
		switch {
		case g == unlike || g < best:
		case g == best:
			ids = append(ids, s.lex.Members[k].ID)
		default:
			ids, best = append(ids[:0], s.lex.Members[k].ID), g
		}
	}
	return ids, best
}

func (s *scan) callable(m *Colleague, i, end, b int) grade {
	best := unlike
	for k := -1; k < len(m.Aliases); k++ {
		name := m.Name
		if k >= 0 {
			name = m.Aliases[k]
		}
		g := whole
		for j := i; j < end; j++ {
			w := s.word(j, b)
			if len(w) < 3 {
				g = unlike
				break
			}
			g = min(g, max(s.matchPart(w, name), sounds(w, name)))
		}
		best = max(best, g)
	}
	return best
}

// them takes a person into the intent, or offers whom it may be.
func (s *scan) them(h personHit) {
	s.in.Person = h.who
	if len(h.many) > 0 {
		options := make([]Option, len(h.many))
		for i, id := range h.many {
			options[i].Key = id.String()
		}
		s.offer(ArgPerson, options...)
	}
}

// findPerson returns where a person is named in [a,b): an @ first, then the best name, the later
// the better.
func (s *scan) findPerson(a, b int) (at int, best personHit) {
	for i := a; i < min(b, a+2*reach); i++ {
		h := s.person(i, b)
		switch {
		case h.n == 0:
		case strings.HasPrefix(s.word(i, b), "@"):
			return i, h
		case h.g >= best.g && i >= at+best.n:
			at, best = i, h
		}
	}
	return at, best
}

// assign reads whose a deal becomes: "ромашка @anna", "анну на ромашку".
func (s *scan) assign(i, b int) {
	i = s.head(i, b)
	at, h := s.findPerson(i, b)
	if h.n == 0 {
		s.nobody(i, b)
		return
	}
	s.them(h)
	end := at + h.n
	if s.in.Deal.IsZero() && at == s.past(i, b) {
		s.refer(end, b, b)
		return
	}
	if s.in.Deal.IsZero() {
		s.refer(i, at, at)
	} else if s.free(i, at) {
		s.unknown(i, at)
	}
	s.in.Text = s.span(end, b)
}

// nobody reads whose a deal becomes when no member is called so: the words behind "to" or "на", or
// all that follows a deal whose end is certain. Other words may be a deal and a person; whoever
// resolves the deal finds out, see [Intent.Split].
func (s *scan) nobody(i, b int) {
	at := i
	if s.in.Deal.IsZero() {
		at = b
		for k := i; k < b; k++ {
			if w := s.word(k, b); w == "to" || w == "на" || w == "for" || s.list[k].used {
				at = k
			}
		}
		s.refer(i, at, at)
	}
	for at < b && s.idle(at, b) {
		at++
	}
	s.in.Person.Mention = shortened(s.name(at, b))
}

// role reads who becomes what.
func (s *scan) role(i, b int) {
	s.roleAt(i, b)
	where, h := s.findPerson(i, b)
	if h.n > 0 {
		s.them(h)
		s.use(where, where+h.n)
	}
	for k := i; k < b && h.n == 0; k++ {
		if t := s.at(k); t.shape == word && !t.used && !preposition(s.word(k, b)) {
			s.in.Person.Mention = shortened(s.line[t.start:t.end])
			s.use(k, k+1)
			break
		}
	}
	s.unknown(i, b)
}

// roleAt reads the first role that is named.
func (s *scan) roleAt(i, b int) {
	role, at := []funnel.Role(nil), -1
	for j := i; j < b && at < 0; j++ {
		if role = roleOf(s.word(j, b)); role != nil {
			at = j
		}
	}
	switch len(role) {
	case 0:
	case 1:
		s.in.Role = role[0]
		s.at(at).used = true
	default:
		s.at(at).used = true
		options := make([]Option, len(role))
		for k, r := range role {
			options[k].Key = string(r)
		}
		s.offer(ArgRole, options...)
	}
}

// roleOf returns the roles that a word may mean: "менеджер" sells in one company and leads in
// another.
func roleOf(w string) []funnel.Role {
	switch w {
	case "rep", "seller", "sales", "продавец", "продавца", "сейл", "сейлз":
		return []funnel.Role{funnel.Rep}
	case "manager", "head", "boss", "руководитель", "руководителя", "руководителем", "рук", "роп", "начальник":
		return []funnel.Role{funnel.Manager}
	case "менеджер", "менеджера", "менеджером":
		return []funnel.Role{funnel.Rep, funnel.Manager}
	case "admin", "administrator", "админ", "админа", "админом", "администратор", "администратора", "администратором":
		return []funnel.Role{funnel.Admin}
	}
	return nil
}
