package commands

import (
	"strconv"
	"strings"
	"unicode"

	"funnelbot/funnel"
)

// unsaid stands for a time that was spoken of and not said: it is asked for.
const unsaid = "?"

// side says on which end of a transfer a person stands.
type side int

const (
	either side = iota
	giver
	taker
)

// transfer reads from whom to whom everything goes: "anna to boris", "все мои Борису".
func (s *scan) transfer(i, b int) {
	var hits []personHit
	var typed []string
	at := either
	for k := i; k < b; {
		w := s.word(k, b)
		switch {
		case s.at(k).shape == arrow, w == "to", w == "for", w == "на", w == "для", w == "кому":
			at = taker
			k++
			continue
		case w == "from", w == "of", w == "от", w == "у":
			at = giver
			k++
			continue
		case mineAll(w):
			s.in.From = Whom{Me: true}
			k++
			continue
		case s.at(k).shape != word, everything(w):
			k++
			continue
		}
		h := s.person(k, b)
		if h.n == 0 {
			h = s.unheardOf(k, b)
		}
		name := s.name(k, k+h.n)
		if at == either && dative(s.word(k, b)) {
			at = taker
		}
		s.use(k, k+h.n)
		k += h.n
		switch at {
		case giver:
			s.giver(h)
		case taker:
			s.them(h)
		case either:
			hits, typed = append(hits, h), append(typed, shortened(name))
		}
		at = either
	}
	for n, h := range hits {
		switch {
		case s.in.From.IsZero() && !s.in.Open(ArgFrom):
			s.giver(h)
		case s.in.Person.IsZero() && !s.in.Open(ArgPerson):
			s.them(h)
		default:
			s.in.Unknown = append(s.in.Unknown, typed[n])
		}
	}
}

// unheardOf takes the words up to the next known person, preposition or mark for a name that nobody
// here has.
func (s *scan) unheardOf(i, b int) personHit {
	end := i + 1
	for end < b && s.at(end).shape == word && !preposition(s.word(end, b)) && s.word(end, b) != "" && s.person(end, b).n == 0 {
		end++
	}
	name := strings.TrimPrefix(s.name(i, end), "@")
	return personHit{n: end - i, who: Whom{Mention: shortened(name)}}
}

// giver takes whose deals they are into the intent, or offers whom it may be.
func (s *scan) giver(h personHit) {
	s.in.From = h.who
	if len(h.many) > 0 {
		options := make([]Option, len(h.many))
		for i, id := range h.many {
			options[i].Key = id.String()
		}
		s.offer(ArgFrom, options...)
	}
}

// dative reports whether a Russian name is in the case of whom something is given to: Ивану, Анне.
func dative(w string) bool {
	return strings.HasSuffix(w, "у") || strings.HasSuffix(w, "ю") || strings.HasSuffix(w, "е")
}

func mineAll(w string) bool {
	switch w {
	case "my", "mine", "мои", "моих", "мое", "свои", "своих":
		return true
	}
	return false
}

func everything(w string) bool {
	switch w {
	case "all", "everything", "deals", "clients", "his", "her", "their", "the", "and", "steps", "все", "всех", "дела", "сделки",
		"сделок", "клиенты", "клиентов", "шаги", "его", "ее", "их", "и":
		return true
	}
	return false
}

// away reads until when somebody is away, or that they are back.
func (s *scan) away(i, b int) {
	for k := i; k < b; k++ {
		if awayOver(s.word(k, b)) {
			s.in.Switch = SwitchOff
			s.use(k, k+1)
		}
	}
	if s.in.Switch == "" {
		s.spans = true
		s.figures(i, b, Future)
		// An absence has no time of day.
		s.in.When.Clock = ""
	}
	for k := i; k < b; k++ {
		if w := s.word(k, b); preposition(w) || datePreposition(w) {
			s.use(k, k+1)
		}
	}
	s.unknown(i, b)
}

func awayOver(w string) bool {
	switch w {
	case "off", "over", "back", "end", "ended", "вернулся", "вернулась", "окончен", "закончен", "закончился", "отмени", "выкл",
		"выключи", "здесь":
		return true
	}
	return false
}

// notify reads when the plan comes and when it is quiet.
func (s *scan) notify(i, b int) {
	if s.past(i, b) >= b {
		return
	}
	w := readWishes(s.line[s.list[s.past(i, b)].from:s.list[b-1].stop])
	s.in.Wishes, s.in.Unknown = w.wishes, w.unknown
	if w.wrong != "" {
		s.refuse(CodeClockUnreadable, funnel.Args{"text": shortened(w.wrong)})
	}
}

// wished is what was read of how somebody wants to be told.
type wished struct {
	wishes  funnel.Wishes
	unknown []string
	wrong   string
}

// readWishes reads "plan 8:30 quiet 20-8", in any order and either language. A time alone is that of
// the plan, two are the quiet hours.
func readWishes(line string) wished {
	var out wished
	var about Arg
	var clocks []string
	said := map[Arg]bool{}
	flush := func() {
		out.take(about, clocks, said)
		clocks = nil
	}
	words := clockWords(line)
	for k := 0; k < len(words); k++ {
		w := fold(words[k])
		switch arg := wishOf(w); {
		case arg != "":
			flush()
			about = arg
			said[arg] = false
		case without(w) && k+1 < len(words) && wishOf(fold(words[k+1])) != "":
			flush()
			k++
			about = wishOf(fold(words[k]))
			said[about] = false
			clocks = append(clocks, funnel.WishOff)
		case without(w), w == "off", w == "none", w == "выкл", w == "выключи", w == "отключи":
			if about == "" {
				about = ArgPlan
			}
			clocks = append(clocks, funnel.WishOff)
		case w[0] >= '0' && w[0] <= '9':
			next := ""
			if k+1 < len(words) {
				next = fold(words[k+1])
			}
			clock, used := clockOf(w, next)
			if clock == "" {
				out.wrong = words[k]
				return out
			}
			if used {
				k++
			}
			clocks = append(clocks, clock)
		case clockFiller(w):
		default:
			out.unknown = append(out.unknown, shortened(words[k]))
		}
	}
	flush()
	return out
}

// take keeps the times that followed a word.
func (out *wished) take(about Arg, clocks []string, said map[Arg]bool) {
	if about == "" && len(clocks) == 2 {
		about = ArgQuiet
	}
	if about == "" && len(clocks) == 1 {
		about = ArgPlan
	}
	switch {
	case about == "":
		if len(clocks) > 0 {
			out.wrong = strings.Join(clocks, " ")
		}
	case len(clocks) == 0 && !said[about]:
		out.set(about, unsaid)
	case len(clocks) == 1 && (about == ArgPlan || clocks[0] == funnel.WishOff):
		out.set(about, clocks[0])
	case len(clocks) == 2 && about == ArgQuiet && clocks[0] != funnel.WishOff && clocks[1] != funnel.WishOff:
		out.set(about, clocks[0]+"-"+clocks[1])
	default:
		out.wrong = strings.Join(clocks, " ")
	}
	said[about] = true
}

func (out *wished) set(about Arg, value string) {
	if about == ArgPlan {
		out.wishes.Plan = value
	} else {
		out.wishes.Quiet = value
	}
}

// clockWords takes a line apart into words and times; what stands between them means nothing.
func clockWords(line string) []string {
	return strings.FieldsFunc(line, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != ':' && r != '.' && r != '\''
	})
}

// clockOf reads a time of day, 8, 8:30, 08.30, 8pm, with the word behind it where that belongs to it.
// It is empty where there is no such time.
func clockOf(w, next string) (clock string, used bool) {
	w = strings.TrimRight(w, ".:")
	hour, minute, _, rest := readClock(strings.Replace(w, ".", ":", 1))
	if hour < 0 {
		return "", false
	}
	if rest == "" {
		if _, known := partOfDay(hour, next, true); known {
			rest, used = next, true
		}
	}
	if rest != "" && rest != "ч" && rest != "h" {
		var known bool
		if hour, known = partOfDay(hour, rest, false); !known && !hourWord(rest) {
			return "", false
		}
	}
	if hour == 24 && minute == 0 {
		hour = 0
	}
	if hour > 23 || minute > 59 {
		return "", false
	}
	return twoDigits(hour) + ":" + twoDigits(minute), used
}

// hourWord reports whether a word only counts the hours of a clock.
func hourWord(w string) bool {
	switch w {
	case "час", "часа", "часов", "ч", "h", "o'clock":
		return true
	}
	return false
}

// without reports whether a word says that what follows is not wanted.
func without(w string) bool { return w == "no" || w == "without" || w == "без" || w == "нет" }

func wishOf(w string) Arg {
	switch w {
	case "plan", "morning", "today", "agenda", "план", "плана", "утренний", "утро", "сводка":
		return ArgPlan
	case "quiet", "silence", "silent", "sleep", "тихо", "тихие", "тишина", "тишину", "тихий", "тихих":
		return ArgQuiet
	}
	return ""
}

func clockFiller(w string) bool {
	if datePreposition(w) || hourWord(w) {
		return true
	}
	switch w {
	case "to", "and", "и", "on", "вкл", "включи", "hours", "часы", "время", "me", "мне", "меня", "не", "беспокоить", "every", "day",
		"каждый", "день", "am", "pm", "утра", "вечера":
		return true
	}
	return len(strings.Trim(w, ".:'")) == 0
}

// ParseWish reads a time of day for the plan, or hours for quiet, as an answer: "8:30", "20-8", "off".
func parseWish(about Arg, text string) (string, error) {
	word := "plan "
	if about == ArgQuiet {
		word = "quiet "
	}
	got := readWishes(word + text)
	value := got.wishes.Plan
	if about == ArgQuiet {
		value = got.wishes.Quiet
	}
	if got.wrong != "" || value == "" || value == unsaid || len(got.unknown) > 0 {
		return "", funnel.Refuse(CodeClockUnreadable, funnel.Args{"text": shortened(text)})
	}
	return value, nil
}

// quietHours takes the ends of quiet hours apart.
func quietHours(wish string) (from, to string) {
	from, to, _ = strings.Cut(wish, "-")
	return from, to
}

// wishOptions are the values that are often wanted.
func wishOptions(about Arg) []string {
	if about == ArgPlan {
		var all []string
		for _, minutes := range []int{8 * 60, 8*60 + 30, 9 * 60} {
			all = append(all, funnel.Clock(minutes).String())
		}
		return append(all, funnel.WishOff)
	}
	var all []string
	for _, from := range []int{19, 20, 22} {
		all = append(all, strconv.Itoa(from)+":00-08:00")
	}
	return append(all, funnel.WishOff)
}
