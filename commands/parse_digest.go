package commands

import (
	"slices"
	"strings"
	"time"

	"funnelbot/funnel"
)

// DigestAsk is what is wanted of the digest.
type DigestAsk struct {
	// At is a time of day or [funnel.WishOff].
	At string `json:"at,omitzero"`
	// Place is "here" for the chat of several people in which it was said, "me" for the person.
	Place string `json:"place,omitzero"`
	// With and Without are sections to take in and to leave out.
	With    []funnel.DigestSection `json:"with,omitempty"`
	Without []funnel.DigestSection `json:"without,omitempty"`
	// FullOn is the English name of the day of the full analysis.
	FullOn string `json:"full_on,omitzero"`
}

// Places of a digest.
const (
	digestHere = "here"
	digestMine = "me"
)

// digest reads "9:00 here without attention full on friday".
func (s *scan) digest(i, b int) {
	if s.past(i, b) >= b {
		return
	}
	ask, unknown, wrong := readDigest(s.line[s.list[s.past(i, b)].from:s.list[b-1].stop])
	s.in.Digest, s.in.Unknown = ask, unknown
	if wrong != "" {
		s.refuse(CodeClockUnreadable, funnel.Args{"text": shortened(wrong)})
	}
}

// readDigest reads what is wanted of a digest, in any order and either language. What is left out goes on to
// the next word that is no section: "without attention, profile".
func readDigest(line string) (ask DigestAsk, unknown []string, wrong string) {
	words := clockWords(line)
	leave := false
	for k := 0; k < len(words); k++ {
		w := fold(words[k])
		section := sectionOf(w)
		day, isDay := weekly(w)
		switch {
		case section != "" && leave:
			ask.Without = append(ask.Without, section)
		case section != "":
			ask.With = append(ask.With, section)
		case sectionLink(w):
			// "without attention and profile" leaves both out
		case takesIn(w):
			leave = false
		case isDay:
			ask.FullOn = strings.ToLower(day.String())
		case without(w), w == "hide", w == "убери", w == "скрой":
			leave = true
			continue
		case w == "off", w == "stop", w == "none", w == "выкл", w == "выключи", w == "отключи", w == "отмени", w == "стоп":
			ask.At = funnel.WishOff
		case w == "here", w == "сюда", w == "здесь", w == "chat", w == "чат", w == "чате", w == "channel", w == "канал":
			ask.Place = digestHere
		case w == "me", w == "mine", w == "private", w == "privately", w == "мне", w == "личку", w == "лично", w == "личные":
			ask.Place = digestMine
		case w == "on", w == "вкл", w == "включи":
			if ask.At == "" && k+1 == len(words) {
				ask.At = funnel.DefaultDigestAt
			}
		case w[0] >= '0' && w[0] <= '9':
			next := ""
			if k+1 < len(words) {
				next = fold(words[k+1])
			}
			clock, used := clockOf(w, next)
			if clock == "" {
				return ask, unknown, words[k]
			}
			if used {
				k++
			}
			ask.At = clock
		case digestFiller(w):
		default:
			unknown = append(unknown, shortened(words[k]))
		}
	}
	return ask, unknown, ""
}

// sectionLink reports whether a word stands between two sections.
func sectionLink(w string) bool {
	switch w {
	case "and", "or", "nor", "the", "section", "и", "или", "раздел", "раздела", "место", "места", "местом", "link":
		return true
	}
	return false
}

// takesIn reports whether a word takes sections in.
func takesIn(w string) bool {
	switch w {
	case "with", "show", "с", "со", "покажи", "верни", "but", "но":
		return true
	}
	return false
}

// weekly reads the day of a week on which something is done again and again.
func weekly(w string) (time.Weekday, bool) {
	for i, plural := range []string{
		"воскресеньям", "понедельникам", "вторникам", "средам", "четвергам", "пятницам", "субботам",
	} {
		if w == plural {
			return time.Weekday(i), true
		}
	}
	if day, ok := weekday(w); ok {
		return day, true
	}
	return weekday(strings.TrimSuffix(w, "s"))
}

func digestFiller(w string) bool {
	switch w {
	case "this", "full", "weekly", "analysis", "in", "for", "send", "today", "разбор",
		"полный", "полностью", "этот", "этом", "в", "во", "присылай", "сегодня", "по", "утром", "стадия":
		return true
	}
	return clockFiller(w)
}

// sectionOf returns the section that a word means.
func sectionOf(w string) funnel.DigestSection {
	switch w {
	case "news", "новости", "новостей", "новостями", "события":
		return funnel.SectionNews
	case "plan", "forecast", "план", "плана", "планом", "прогноз", "прогноза", "прогнозом":
		return funnel.SectionPlan
	case "bottleneck", "weakest", "узкое", "узкого", "узким", "слабым", "bottlenecks", "слабое", "слабого":
		return funnel.SectionBottleneck
	case "deals", "сделки", "сделок", "сделками":
		return funnel.SectionDeals
	case "work", "steps", "stuck", "шаги", "шагов", "шагами", "застрявшие", "застрявших", "зависшие", "зависших":
		return funnel.SectionWork
	case "attention", "внимание", "внимания", "вниманием":
		return funnel.SectionAttention
	case "profile", "outside", "профиль", "профиля", "профилем":
		return funnel.SectionProfile
	case "picture", "chart", "image", "картинка", "картинки", "картинку", "картинкой", "график", "графика", "графиком", "диаграмма":
		return funnel.SectionPicture
	}
	return ""
}

// wish makes the change of a setting of what was said.
func (d DigestAsk) wish() funnel.DigestWish {
	w := funnel.DigestWish{At: d.At, With: d.With, Without: d.Without}
	if d.FullOn != "" {
		days := []string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}
		day := time.Weekday(slices.Index(days, d.FullOn))
		w.FullOn = &day
	}
	return w
}

// advice reads "accept ivan dec 15", "отклонить: уже делаем".
func (s *scan) advice(i, b int) {
	i = s.past(i, b)
	s.in.Switch = verdictOf(s.word(i, b))
	if s.in.Switch == "" {
		s.unknown(i, b)
		return
	}
	s.use(i, i+1)
	i = s.past(i+1, b)
	if s.in.Switch == SwitchOff {
		s.in.Text = trimmed(s.name(i, b))
		return
	}
	s.figures(i, b, Future)
	s.in.When.Clock = ""
	if at, h := s.findPerson(i, b); h.n > 0 {
		s.them(h)
		s.use(at, at+h.n)
	}
	for k := i; k < b; k++ {
		if w := s.word(k, b); preposition(w) || datePreposition(w) || w == "by" || w == "до" {
			s.use(k, k+1)
		}
	}
	s.unknown(i, b)
}

// verdictOf reads whether advice is taken.
func verdictOf(w string) string {
	switch w {
	case "accept", "take", "yes", "ok", "принять", "прими", "принимаю", "принято", "да", "берем":
		return SwitchOn
	case "decline", "reject", "no", "skip", "отклонить", "отклони", "отклоняю", "нет", "отказ":
		return SwitchOff
	}
	return ""
}
