package commands

import (
	"strings"

	"funnelbot/funnel"
)

// help reads the verb that is asked about.
func (s *scan) help(i, b int) {
	i = s.past(i, b)
	if key, n := s.verb(i); n > 0 {
		s.in.Topic = key
		return
	}
	if alias, key := s.p.nearest(s.word(i, b)); key != "" {
		s.suggest(i, alias, key)
		return
	}
	s.unknown(i, b)
}

// language reads a language, and whether it is meant for everybody.
func (s *scan) language(i, b int) {
	for k := i; k < b; k++ {
		w := s.word(k, b)
		switch w {
		case "ru", "rus", "russian", "русский", "рус", "русском", "по-русски":
			s.in.Language = funnel.Russian
		case "en", "eng", "english", "английский", "англ", "английском", "по-английски":
			s.in.Language = funnel.English
		case "team", "workspace", "all", "everybody", "команда", "команды", "все", "всех", "общий":
			s.in.Shared = true
		case "на", "для", "to", "for":
		default:
			s.unknown(k, k+1)
		}
	}
	if s.in.Language == "" && len(s.in.Unknown) > 0 {
		s.refuse(funnel.CodeUnknownLanguage, funnel.Args{"language": s.in.Unknown[0]})
	}
}

// zone reads a time zone: an IANA name, a city in either language, or an offset that several
// zones share.
func (s *scan) zone(i, b int) {
	if s.past(i, b) >= b {
		return
	}
	// Signs in front of the first word belong to the name here: +3, ../etc.
	name := strings.TrimRight(strings.Trim(s.line[s.list[max(i-1, 0)].stop:], " \t\n\u00a0\"«»“”"), ".!?")
	zones := FindZones(name, s.lex.Now)
	switch len(zones) {
	case 0:
		s.refuse(funnel.CodeUnknownZone, funnel.Args{"zone": shortened(name)})
	default:
		s.keyed(ArgZone, zones)
	}
}
