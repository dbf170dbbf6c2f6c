package csv

import (
	"strings"
	"unicode"

	"funnelbot/funnel"
)

// plain is the form in which headers and words are compared: small letters, single spaces, ё as е,
// without marks and quotes around and without the star of obligatory columns.
func plain(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\uFEFF' || r == '\u200B':
			return -1
		case r == 'ё' || r == 'Ё':
			return 'е'
		case unicode.IsSpace(r):
			return ' '
		}
		return unicode.ToLower(r)
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	return strings.TrimSpace(strings.Trim(strings.TrimRight(s, "* "), `"'«»“” `))
}

// target is where a word of the file takes a deal.
type target struct {
	stage   funnel.StageKey
	outcome funnel.Outcome
	reason  string
}

// endings are the words for ends that CRMs have built in and people keep.
func endings() map[string]funnel.Outcome {
	return map[string]funnel.Outcome{
		"won": funnel.Won, "closed won": funnel.Won, "closedwon": funnel.Won, "deal won": funnel.Won, "142": funnel.Won,
		"успешно реализовано": funnel.Won, "сделка успешна": funnel.Won, "выиграна": funnel.Won, "выиграно": funnel.Won,
		"lost": funnel.Lost, "closed lost": funnel.Lost, "closedlost": funnel.Lost, "deal lost": funnel.Lost, "143": funnel.Lost,
		"lose": funnel.Lost, "закрыто и не реализовано": funnel.Lost, "сделка провалена": funnel.Lost, "проиграна": funnel.Lost,
		"проиграно": funnel.Lost, "провал": funnel.Lost,
	}
}

// outcomes are the words of a column that says only whether a deal is open, won or lost.
func outcomes() map[string]funnel.Outcome {
	out := endings()
	for _, word := range []string{"open", "in progress", "active", "открыта", "открыто", "в работе", "активна"} {
		out[word] = funnel.Open
	}
	return out
}

// lexicon resolves words of a file to keys of the funnel.
type lexicon struct {
	stages   map[string]target
	outcomes map[string]funnel.Outcome
	reasons  map[string]string
	sources  map[string]string
}

func newLexicon(m *Mapping, f *funnel.Funnel) *lexicon {
	l := &lexicon{
		stages: map[string]target{}, outcomes: outcomes(), reasons: map[string]string{}, sources: map[string]string{},
	}
	for word, outcome := range endings() {
		l.stages[word] = target{outcome: outcome}
	}
	each := func(key string, titles funnel.Titles, aliases []string, add func(string)) {
		for _, a := range aliases {
			add(plain(a))
		}
		for _, t := range titles {
			add(plain(t))
		}
		add(plain(key))
	}
	for _, s := range f.Stages {
		each(string(s.Key), s.Titles, s.Aliases, func(w string) { l.stages[w] = target{stage: s.Key} })
	}
	for _, r := range f.Reasons {
		each(r.Key, r.Titles, r.Aliases, func(w string) { l.reasons[w] = r.Key })
	}
	for _, s := range f.Sources {
		each(s.Key, s.Titles, s.Aliases, func(w string) { l.sources[w] = s.Key })
	}
	for word, t := range m.Stages {
		l.stages[plain(word)] = target{stage: t.Stage, outcome: t.Outcome, reason: t.Reason}
	}
	for word, o := range m.Outcomes {
		l.outcomes[plain(word)] = o
	}
	for word, key := range m.Reasons {
		l.reasons[plain(word)] = key
	}
	for word, key := range m.Sources {
		l.sources[plain(word)] = key
	}
	return l
}

// stage finds where a word takes a deal. Bitrix24 writes the pipeline before the stage, as in C14:WON.
func (l *lexicon) stage(word string) (target, bool) {
	w := plain(word)
	if t, ok := l.stages[w]; ok {
		return t, true
	}
	if _, after, ok := strings.Cut(w, ":"); ok && strings.HasPrefix(w, "c") {
		t, ok := l.stages[after]
		return t, ok
	}
	return target{}, false
}

// suggest returns the stage of the funnel whose name is nearest to a word, or "".
func suggest(word string, f *funnel.Funnel) string {
	word = plain(word)
	best, score := "", 0.0
	for _, s := range f.Stages {
		names := append([]string{string(s.Key)}, s.Aliases...)
		for _, t := range s.Titles {
			names = append(names, t)
		}
		for _, n := range names {
			if got := alike(word, plain(n)); got > score {
				best, score = string(s.Key), got
			}
		}
	}
	if score < 0.5 {
		return ""
	}
	return best
}

// alike is the share of pairs of letters that two words have in common (Dice), or 0.9 where one
// stands in the other as a word.
func alike(a, b string) float64 {
	if a == b {
		return 1
	}
	if strings.Contains(" "+strings.NewReplacer("/", " ", "-", " ", "_", " ").Replace(a)+" ", " "+b+" ") {
		return 0.9
	}
	count := map[[2]rune]int{}
	pairs := func(s string, step int) (n, common int) {
		r := []rune(s)
		for i := 1; i < len(r); i++ {
			p := [2]rune{r[i-1], r[i]}
			if step < 0 && count[p] > 0 {
				common++
			}
			count[p] += step
			n++
		}
		return n, common
	}
	n, _ := pairs(a, 1)
	m, common := pairs(b, -1)
	if n+m == 0 {
		return 0
	}
	return 2 * float64(common) / float64(n+m)
}
