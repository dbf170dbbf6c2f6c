package commands

import (
	"time"

	"funnelbot/funnel"
)

// Lexicon is what a line is read with: the names of the workspace and the place and time of the
// person who typed it.
type Lexicon struct {
	// Stages, Reasons and Sources are known by key, titles in every language, aliases and
	// unambiguous parts of these.
	Stages []funnel.Stage
	// Signature is the stage whose entry wins a deal: no slip of the finger names it or one behind it.
	Signature funnel.StageKey
	Reasons   []funnel.Reason
	Sources   []funnel.Source
	// Roles are the parts of a buying committee.
	Roles   []funnel.CommitteeRole
	Members []Colleague
	// Currency is assumed where none is typed.
	Currency funnel.Currency
	// Language settles what both languages write alike, such as 1,234 and the first choice for 03/04.
	Language funnel.Locale
	// Now is when the message was written, by the clock of its platform: a message delivered twice
	// must give the same intent, even when midnight lies between.
	Now time.Time
	// Zone is where the person's days begin and end; nil is UTC.
	Zone *time.Location
}

// Colleague is a member as people may call him.
type Colleague struct {
	ID funnel.ID
	// Name is the full name; Aliases are its other spellings.
	Name    string
	Aliases []string
	// Handles are the names after an @ and the ids of the platforms.
	Handles []string
}

// now returns the time of the message in the person's zone.
func (l *Lexicon) now() time.Time {
	if l.Zone == nil {
		return l.Now.UTC()
	}
	return l.Now.In(l.Zone)
}

// named is a thing with a key and several names.
type named struct {
	key     string
	titles  funnel.Titles
	aliases []string
}

// best returns the keys that the words at i name best, how well, and how many words it takes.
// Several keys mean that the words are ambiguous.
func (s *scan) best(i, b int, count int, thing func(int) named) (keys []string, g grade, n int) {
	for k := range count {
		t := thing(k)
		tg, tn := s.matchThing(i, b, t)
		switch {
		case tg == unlike || tg < g || tg == g && tn < n:
		case tg == g && tn == n:
			keys = append(keys, t.key)
		default:
			keys, g, n = append(keys[:0], t.key), tg, tn
		}
	}
	return keys, g, n
}

func (s *scan) matchThing(i, b int, t named) (g grade, n int) {
	better := func(name string) {
		tg, tn := s.matchName(i, b, name)
		if tg > g || tg == g && tn > n {
			g, n = tg, tn
		}
	}
	better(t.key)
	for _, language := range []funnel.Locale{funnel.English, funnel.Russian} {
		better(t.titles[language])
	}
	for _, a := range t.aliases {
		better(a)
	}
	return g, n
}

// slip returns the keys of the things that one word names with a typo.
func (s *scan) slip(i, b int, count int, thing func(int) named) (keys []string) {
	w := s.word(i, b)
	if w == "" || filler(w) {
		return nil
	}
	for k := range count {
		t := thing(k)
		near := typo(w, t.key) || typo(w, t.titles[funnel.English]) || typo(w, t.titles[funnel.Russian])
		for _, a := range t.aliases {
			near = near || typo(w, a)
		}
		if near {
			keys = append(keys, t.key)
		}
	}
	return keys
}

func (s *scan) stage(k int) named {
	t := &s.lex.Stages[k]
	return named{string(t.Key), t.Titles, t.Aliases}
}

func (s *scan) reason(k int) named {
	t := &s.lex.Reasons[k]
	return named{t.Key, t.Titles, t.Aliases}
}

func (s *scan) source(k int) named {
	t := &s.lex.Sources[k]
	return named{t.Key, t.Titles, t.Aliases}
}
