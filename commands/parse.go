package commands

import (
	"strings"
	"unicode/utf8"

	"funnelbot/funnel"
)

// MaxLine is the longest line that is read, in characters. Platforms send less; what is longer is
// a pasted document.
const MaxLine = 16000

// Parser knows the verbs. It is safe for use by many at once.
type Parser struct {
	// phrases holds every alias, openings the first words of aliases.
	phrases  map[string]Key
	openings map[string]bool
	single   []alias
}

type alias struct {
	word  string
	runes int
	// letters is the set of its letters.
	letters uint64
	key     Key
}

// New returns a parser of the table of verbs.
func New() *Parser {
	p := &Parser{phrases: map[string]Key{}, openings: map[string]bool{}}
	for _, v := range Verbs() {
		for _, list := range [][]string{v.English, v.Russian} {
			for _, a := range list {
				p.phrases[a] = v.Key
				first, _, several := strings.Cut(a, " ")
				p.openings[first] = true
				if !several {
					p.single = append(p.single, alias{a, utf8.RuneCountInString(a), lettersOf(a), v.Key})
				}
			}
		}
	}
	return p
}

// Parse reads one typed line. The intent may lack arguments ([Intent.Missing]) or hold choices
// ([Intent.Choices]). An error is a [funnel.Error] with a code of this package: the line cannot
// mean anything.
func (p *Parser) Parse(line string, lex *Lexicon) (Intent, error) {
	if len(line) > MaxLine && utf8.RuneCountInString(line) > MaxLine {
		return Intent{}, funnel.Refuse(funnel.CodeTooLong, funnel.Args{"field": "line", "limit": MaxLine})
	}
	line = cleaned(line)
	s := p.scan(unwrapped(line, p), lex)
	in, err := s.parse()
	if err != nil {
		return Intent{}, err
	}
	in.Text = trimmed(in.Text)
	return in, nil
}

// scan is one line while it is read.
type scan struct {
	tokens
	p     *Parser
	lex   *Lexicon
	today funnel.Date
	in    Intent
	err   *funnel.Error
	// entire says that the line is nothing but a day: less may stand for one.
	entire bool
	// spans says that "на месяц" is a day: it is for park, and a price for others.
	spans bool
	// vowed says that a promise was found in what was logged.
	vowed bool
	// scoped says that /deal or the like was typed in front.
	scoped bool
	// flipped says that the line was retyped in the other layout already.
	flipped bool
}

func (p *Parser) scan(line string, lex *Lexicon) *scan {
	return &scan{tokens: tokenize(line), p: p, lex: lex, today: funnel.DateOf(lex.now())}
}

// unwrapped takes off the quotes around a whole command, as in a line copied from help.
func unwrapped(line string, p *Parser) string {
	t := strings.TrimSpace(line)
	r, size := utf8.DecodeRuneInString(t)
	if t == "" || closers(r) == "" {
		return line
	}
	end := closing(t, size, r)
	if end < 0 {
		return line
	}
	if _, n := utf8.DecodeRuneInString(t[end:]); end+n != len(t) {
		return line
	}
	inner := p.scan(t[size:end], &Lexicon{})
	if _, n := inner.verb(inner.past(0, len(inner.list))); n > 0 || r == '`' {
		return t[size:end]
	}
	return line
}

// parse finds the verb, or what a line without one means.
func (s *scan) parse() (Intent, error) {
	b := len(s.list)
	b = s.farewell(b)
	i := s.address(s.past(0, b))
	if s.past(i, b) >= b {
		return Intent{}, funnel.Refuse(CodeLineEmpty, nil)
	}
	s.in.Slash = s.in.Slash || strings.ContainsRune("/\\", rune(s.line[s.start()]))
	scoped := Key("")
	from := i
	i, scoped = s.scope(i, b)
	s.scoped = i > from
	if s.present(i, b) {
		s.in.Verb, s.in.Switch = VerbAway, SwitchOff
	} else if key, n := s.verb(i); n > 0 && (scoped != VerbFunnel || !s.judges(i, b)) {
		s.in.Verb = key
		s.opened(i, b)
		s.arguments(s.past(i+n, b), b)
	} else if deletes(s.verbWord(i)) {
		s.refuse(CodeNoDelete, nil)
	} else if f := s.otherLayout(i); f != nil {
		return f.parse()
	} else if scoped == VerbFunnel || i >= b {
		s.in.Verb = scoped
		s.arguments(i, b)
	} else {
		s.bare(i, b)
	}
	if s.err != nil {
		return Intent{}, s.err
	}
	return s.in, nil
}

// start returns the offset of the first byte that is no room.
func (s *scan) start() int {
	n := strings.IndexFunc(s.line, func(r rune) bool { return !blank(r) })
	return max(n, 0)
}

// address passes by what only speaks to the bot: its name, "please".
func (s *scan) address(i int) int {
	b := len(s.list)
	for {
		w := s.word(i, b)
		switch {
		case strings.HasPrefix(w, "@") && s.past(i+1, b) < b,
			w == "please", w == "пожалуйста", w == "плиз", w == "pls":
			i = s.past(i+1, b)
		default:
			return i
		}
	}
}

// farewell leaves out the thanks at the end of a line.
func (s *scan) farewell(b int) int {
	end := b
	for end > 1 && s.list[end-1].shape != word {
		end--
	}
	switch s.word(end-1, b) {
	case "please", "pls", "thanks", "пожалуйста", "плиз", "спасибо":
		if end > 1 {
			s.list = s.list[:end-1]
			return end - 1
		}
	}
	return b
}

// scope reads the words that open a command on platforms with one command for all: /deal move …,
// /funnel language ru. It returns the verb that stands for the opening alone.
func (s *scan) scope(i, b int) (int, Key) {
	switch s.verbWord(i) {
	case "deal", "сделка", "сделку":
		if s.past(i+1, b) >= b {
			return b, VerbHelp
		}
		return s.past(i+1, b), ""
	case "funnel":
		next := s.past(i+1, b)
		if _, n := s.verb(next); n > 0 && s.report(next, b) == "" {
			return next, ""
		}
		return next, VerbFunnel
	}
	return i, ""
}

// deletes reports whether a word asks to delete something, which nothing here does.
func deletes(w string) bool {
	switch w {
	case "delete", "erase", "удали", "удалить", "сотри", "стереть":
		return true
	}
	return false
}

// verbWord returns the folded word at i as it may name a verb: without the name of the bot.
func (s *scan) verbWord(i int) string {
	w := s.word(i, len(s.list))
	if at := strings.IndexByte(w, '@'); at > 0 {
		w = w[:at]
	}
	return w
}

// verb returns the verb whose longest alias begins at token i, and how many tokens it takes.
func (s *scan) verb(i int) (Key, int) {
	b := len(s.list)
	w := s.verbWord(i)
	if !s.p.openings[w] {
		return "", 0
	}
	for n := min(4, b-i); n > 1; n-- {
		last := i + n - 1
		if s.word(last, b) == "" {
			continue
		}
		if key, ok := s.p.phrases[s.folded[s.at(i).fs:s.at(last).fe]]; ok {
			return key, n
		}
	}
	if key, ok := s.p.phrases[w]; ok {
		return key, 1
	}
	return "", 0
}

// arguments reads what follows the verb.
func (s *scan) arguments(i, b int) {
	switch s.in.Verb {
	case VerbToday:
		s.whose(i, b)
	case VerbNew:
		s.opening(i, b)
	case VerbShow:
		s.show(i, b)
	case VerbList:
		s.listing(i, b)
	case VerbFind, VerbCompany:
		s.in.Text = s.name(i, b)
	case VerbMove, VerbBack, VerbReopen:
		s.move(i, b)
	case VerbWon:
		s.won(i, b)
	case VerbLost:
		s.lost(i, b)
	case VerbPark:
		s.park(i, b)
	case VerbLog, VerbDone:
		s.logged(i, b)
	case VerbNext:
		s.next(i, b)
	case VerbSet:
		s.set(i, b)
	case VerbAssign:
		s.assign(i, b)
	case VerbFunnel:
		s.reports(i, b)
	case VerbHelp:
		s.help(i, b)
	case VerbRole:
		s.role(i, b)
	case VerbLanguage:
		s.language(i, b)
	case VerbTimezone:
		s.zone(i, b)
	case VerbTransfer:
		s.transfer(i, b)
	case VerbAway:
		s.away(i, b)
	case VerbNotify:
		s.notify(i, b)
	case VerbDigest:
		s.digest(i, b)
	case VerbAdvice:
		s.advice(i, b)
	case VerbQuota:
		s.quota(i, b)
	case VerbInvite:
		s.invite(i, b)
	case VerbApprove, VerbDecline:
		s.application(i, b)
	case VerbRemove:
		s.expelled(i, b)
	case VerbJoin:
		s.joining(i, b)
	case VerbAccess:
		s.circled(i, b)
	case VerbConnect:
		s.switched(i, b, insideOf)
	case VerbAnnounce:
		s.switched(i, b, onOf)
	case VerbWorkspace:
		s.in.Text = s.name(i, b)
	case VerbPeople:
		s.people(i, b)
	case VerbForget:
		s.forgets(i, b)
	case VerbQualify, VerbRenew, VerbNudge:
		s.lone(i, b)
	case VerbSnooze:
		s.snooze(i, b)
	case VerbLink, VerbDisconnect:
		s.unknown(i, b)
	case VerbUndo, VerbMembers, VerbReview:
		s.unknown(i, b)
	}
}
