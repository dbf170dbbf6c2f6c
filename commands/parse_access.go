package commands

import (
	"slices"
	"strings"
)

// Values of [Intent.Switch].
const (
	SwitchOn        = "on"
	SwitchOff       = "off"
	SwitchInternal  = "internal"
	SwitchOutsiders = "outsiders"
	SwitchAdd       = "add"
	SwitchRemove    = "remove"
)

// CircleRef is a channel or a user group as it was typed.
type CircleRef struct {
	// External is the platform's identifier; empty where only a name was typed.
	External string `json:"external,omitzero"`
	// Kind is "channel" or "group".
	Kind  string `json:"kind,omitzero"`
	Title string `json:"title,omitzero"`
}

// IsZero reports whether none was named.
func (r CircleRef) IsZero() bool { return r == CircleRef{} }

// Begin returns the verb with which a line begins and what stands behind it, or "" if it begins with
// none. It is for those who have to know what is wanted before they know by whom.
func (p *Parser) Begin(line string) (verb Key, rest string) {
	const most = 1000
	if len(line) > most {
		line = line[:most]
	}
	s := p.scan(cleaned(line), &Lexicon{})
	b := len(s.list)
	i, _ := s.scope(s.address(s.past(0, b)), b)
	key, n := s.verb(i)
	if n == 0 {
		return "", ""
	}
	return key, strings.TrimSpace(s.span(i+n, b))
}

// invite reads the role and the name of whom an invitation is for. Nobody is taken for a member
// because a part of the name is the same: the code would let a stranger be that member.
func (s *scan) invite(i, b int) {
	s.roleAt(i, b)
	s.asRole(i, b)
	name := s.left(i, b)
	if name == "" {
		return
	}
	for k := range s.lex.Members {
		if m := &s.lex.Members[k]; m.isCalled(name) {
			s.in.Person = Whom{ID: m.ID}
			return
		}
	}
	s.in.Person.Mention = shortened(strings.TrimPrefix(name, "@"))
}

// isCalled reports whether the name is the whole name of the person, or a handle with its @.
func (p *Colleague) isCalled(name string) bool {
	typed, handle := strings.CutPrefix(fold(name), "@")
	same := func(known string) bool { return equalFold(strings.TrimPrefix(known, "@"), typed) }
	if handle {
		return slices.ContainsFunc(p.Handles, same)
	}
	return same(p.Name) || slices.ContainsFunc(p.Aliases, same)
}

// asRole passes by the words around a role: "as a manager".
func (s *scan) asRole(i, b int) {
	for k := i; k < b; k++ {
		switch s.word(k, b) {
		case "as", "a", "an", "the", "role", "как", "ролью", "роль":
			s.use(k, k+1)
		}
	}
}

// left is what nothing has used of [i,b), as it was typed.
func (s *scan) left(i, b int) string {
	var words []string
	for k := i; k < b; k++ {
		if t := s.at(k); t.shape == word && !t.used && (t.quoted || !preposition(s.word(k, b))) {
			words = append(words, s.line[t.start:t.end])
		}
	}
	return strings.Join(words, " ")
}

// application reads the code of an application and the role that the person gets.
func (s *scan) application(i, b int) {
	if s.in.Verb == VerbApprove {
		s.roleAt(i, b)
		s.asRole(i, b)
	}
	for k := i; k < b; k++ {
		switch w := s.word(k, b); {
		case w == "":
		case preposition(w):
			s.use(k, k+1)
		case s.in.Code == "":
			s.in.Code = w
			s.use(k, k+1)
		}
	}
	s.unknown(i, b)
}

// joining reads the code of an invitation, which people copy with and without its dashes.
func (s *scan) joining(i, b int) {
	s.in.Code = strings.Join(strings.Fields(s.name(i, b)), "")
}

// expelled reads who is to leave.
func (s *scan) expelled(i, b int) {
	at, h := s.findPerson(i, b)
	if h.n > 0 {
		s.them(h)
		s.use(at, at+h.n)
		s.unknown(i, b)
		return
	}
	s.in.Person.Mention = shortened(strings.TrimPrefix(s.left(i, b), "@"))
}

// switched reads one word of a few.
func (s *scan) switched(i, b int, value func(word string) string) {
	for k := i; k < b; k++ {
		w := s.word(k, b)
		v := value(w)
		switch {
		case v != "" && s.in.Switch == "":
			s.in.Switch = v
			s.use(k, k+1)
		case w == "only", w == "the", w == "только", w == "with", preposition(w):
			s.use(k, k+1)
		}
	}
	s.unknown(i, b)
}

func insideOf(w string) string {
	switch w {
	case "internal", "inside", "colleagues", "team", "private", "внутренний", "внутренняя", "внутри", "коллеги", "коллег", "свои",
		"своих", "команда", "команды":
		return SwitchInternal
	case "outsiders", "external", "clients", "client", "partners", "guests", "shared", "внешний", "внешняя", "клиенты", "клиентами",
		"клиентов", "партнеры", "партнерами", "посторонние", "посторонними", "посторонних", "чужие", "чужими", "гости", "гостями":
		return SwitchOutsiders
	}
	return ""
}

func onOf(w string) string {
	switch w {
	case "on", "yes", "enable", "start", "вкл", "включи", "включить", "да":
		return SwitchOn
	case "off", "no", "disable", "stop", "выкл", "выключи", "выключить", "нет":
		return SwitchOff
	}
	return ""
}

func changeOf(w string) string {
	switch w {
	case "add", "allow", "добавь", "добавить", "разреши", "разрешить":
		return SwitchAdd
	case "remove", "delete", "forbid", "убери", "убрать", "удали", "удалить", "запрети", "запретить":
		return SwitchRemove
	}
	return ""
}

// circled reads what is to become of which channel or user group. Slack sends those that were picked
// from its list as <#C123|sales> and <!subteam^S123|@sales>.
func (s *scan) circled(i, b int) {
	if i > 0 {
		s.in.Circle = circleIn(s.line[s.at(i-1).end:])
	}
	for k := i; k < b; k++ {
		w, t := s.word(k, b), s.at(k)
		v := changeOf(w)
		switch {
		case w == "":
		case v != "" && s.in.Switch == "":
			s.in.Switch = v
		case s.in.Circle.External != "" && strings.ContainsAny(w, "#^|>"):
		case s.in.Circle.IsZero() && (w[0] == '#' || w[0] == '@'):
			s.in.Circle.Title = shortened(strings.TrimLeft(s.line[t.start:t.end], "#@"))
		case preposition(w):
		default:
			continue
		}
		s.use(k, k+1)
	}
	if s.in.Circle.External != "" {
		return
	}
	s.unknown(i, b)
}

// circleIn finds the first channel or user group that Slack has put into a text.
func circleIn(text string) CircleRef {
	for _, form := range []struct{ open, kind string }{{"<#", "channel"}, {"<!subteam^", "group"}} {
		_, rest, ok := strings.Cut(text, form.open)
		if !ok {
			continue
		}
		inner, _, ok := strings.Cut(rest, ">")
		id, title, _ := strings.Cut(inner, "|")
		if ok && circleID(id) {
			return CircleRef{External: id, Kind: form.kind, Title: shortened(strings.TrimLeft(title, "#@"))}
		}
	}
	return CircleRef{}
}

// circleID reports whether s may be an identifier of Slack: capital letters and digits.
func circleID(s string) bool {
	const longest = 32
	return s != "" && len(s) <= longest && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == ""
}
