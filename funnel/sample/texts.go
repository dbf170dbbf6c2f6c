package sample

import (
	"embed"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"funnelbot/funnel"
)

//go:embed texts/*.txt
var files embed.FS

// section is a heading of a file of texts with the lines under it.
type section struct {
	title string
	lines []string
}

// read returns the sections of a file of texts.
func read(name string) ([]section, error) {
	data, err := files.ReadFile("texts/" + name + ".txt")
	if err != nil {
		return nil, fmt.Errorf("read the texts of the sample company: %w", err)
	}
	var all []section
	for n, line := range strings.Split(string(data), "\n") {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "["):
			all = append(all, section{title: strings.Trim(line, "[]")})
		case len(all) == 0:
			return nil, fmt.Errorf("texts of the sample company: %s.txt, line %d: a text before the first heading", name, n+1)
		default:
			last := &all[len(all)-1]
			last.lines = append(last.lines, line)
		}
	}
	return all, nil
}

// book deals the texts of one language out like cards: every text of a section is used before one
// comes again.
type book struct {
	rng   *rand.Rand
	lines map[string][]string
	hands map[string][]string
	last  map[string]string
}

func newBook(l funnel.Locale, rng *rand.Rand) (*book, error) {
	sections, err := read(string(l))
	if err != nil {
		return nil, err
	}
	b := &book{rng: rng, lines: map[string][]string{}, hands: map[string][]string{}, last: map[string]string{}}
	for _, s := range sections {
		b.lines[s.title] = s.lines
	}
	return b, nil
}

// keys returns what follows a word in the headings: "lost" gives the keys of loss reasons.
func (b *book) keys(word string) []string {
	var keys []string
	for title := range b.lines {
		if key, ok := strings.CutPrefix(title, word+" "); ok {
			keys = append(keys, key)
		}
	}
	return keys
}

// draw returns a text of a section as it is written, or "" where there is no such section.
func (b *book) draw(title string) string {
	hand := b.hands[title]
	if len(hand) == 0 {
		hand = append(hand, b.lines[title]...)
		b.rng.Shuffle(len(hand), func(i, j int) { hand[i], hand[j] = hand[j], hand[i] })
	}
	if len(hand) == 0 {
		return ""
	}
	if n := len(hand) - 1; hand[0] == b.last[title] {
		hand[0], hand[n] = hand[n], hand[0]
	}
	b.hands[title], b.last[title] = hand[1:], hand[0]
	return hand[0]
}

// say returns a text of a section about a firm, with its gaps filled. Days of the week that it
// speaks of come soon after the day.
func (b *book) say(title string, f *firm, day time.Weekday) string {
	text, who := "", ""
	for range 4 {
		text, who = b.draw(title), f.contacts[b.rng.IntN(len(f.contacts))]
		// Nobody speaks of themselves by their position.
		if _, position, _ := strings.Cut(strings.TrimSuffix(who, ")"), " ("); !strings.Contains(strings.ToLower(text), position) {
			break
		}
	}
	return b.write(text, who, f, day)
}

// fill returns a text about a firm with its gaps filled.
func (b *book) fill(text string, f *firm, day time.Weekday) string {
	return b.write(text, f.contacts[b.rng.IntN(len(f.contacts))], f, day)
}

// write fills the gaps of a text that speaks of somebody.
func (b *book) write(text, who string, f *firm, day time.Weekday) string {
	opens := strings.HasPrefix(text, "{")
	text = strings.NewReplacer(
		"{who}", who,
		"{kits}", f.ofKit,
		"{kit}", f.kit,
		"{n}", strconv.Itoa(2+b.rng.IntN(3)),
		"{big}", strconv.Itoa(20+5*b.rng.IntN(9)),
		"{pct}", []string{"5", "8", "10", "12", "15"}[b.rng.IntN(5)],
		"{day}", b.lines["days"][(max(int(day)-1, 0)+1+b.rng.IntN(3))%len(b.lines["days"])],
	).Replace(text)
	if opens {
		text = capital(text)
	}
	return text
}

// capital returns the text with a great first letter.
func capital(text string) string {
	r, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(r)) + text[size:]
}
