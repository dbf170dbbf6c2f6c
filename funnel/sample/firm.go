package sample

import (
	"fmt"
	"strings"

	"funnelbot/funnel"
)

// firm is a client of the sample company.
type firm struct {
	name     string
	industry string
	// kit are its machines, ofKit the same in the genitive, where the language has one.
	kit, ofKit string
	region     string
	size       int
	// contacts are people as texts name them, people the same and others as the team knows them.
	contacts []string
	people   []*person
	// sector is the option of the qualification for the industry.
	sector string
}

// sizes are the classes of firms by people, smallest first.
func sizes() []string { return []string{"10-50", "50-200", "200-1000"} }

// company returns the firm as it is entered with a deal: not everybody fills in everything.
func (f *firm) company(d dice) funnel.Company {
	c := funnel.Company{Name: f.name, Industry: f.industry, Region: f.region, Size: sizes()[f.size]}
	if d.chance(0.7) {
		c.Domain = domain(f.name)
	}
	if d.chance(0.15) {
		c.Size = ""
	}
	if d.chance(0.2) {
		c.Region = ""
	}
	return c
}

// firms reads the companies of a language and shuffles them. The last two spell one name in two
// ways: somebody did not look before opening a deal.
func (y *year) readFirms() ([]*firm, error) {
	sections, err := read(string(y.Language) + "_companies")
	if err != nil {
		return nil, err
	}
	first, second, _ := strings.Cut(y.book.draw("twins"), " | ")
	var all, twins []*firm
	for _, s := range sections {
		heading := strings.Split(s.title, " | ")
		if len(heading) != 4 {
			return nil, fmt.Errorf("texts of the sample company: %q is no industry with its machines and its option", s.title)
		}
		for _, name := range s.lines {
			f := &firm{
				name: name, industry: heading[0], kit: heading[1], ofKit: heading[2], sector: heading[3],
				region: y.book.draw("regions"), size: y.dice.pick(0.45, 0.38, 0.17),
			}
			for range 1 + y.dice.IntN(3) {
				first, position := y.book.draw("names"), y.book.draw("positions")
				position, roles, _ := strings.Cut(position, " | ")
				f.contacts = append(f.contacts, first+" ("+position+")")
				f.people = append(f.people, y.person(f, first, position, strings.Fields(roles)))
			}
			f.people = append(f.people, y.unseen(f)...)
			if name != first {
				f.name = y.legal(name)
				all = append(all, f)
				continue
			}
			twin := *f
			twin.name = second
			twins = append(twins, f, &twin)
		}
	}
	y.dice.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return append(all, twins...), nil
}

// legal writes a name the way that one colleague or another writes it.
func (y *year) legal(name string) string {
	form := y.dice.Float64()
	if y.Language == funnel.Russian {
		switch {
		case form < 0.5:
			return "ООО «" + name + "»"
		case form < 0.6:
			return "АО «" + name + "»"
		case form < 0.64:
			return strings.ToLower(name)
		}
		return name
	}
	switch {
	case form < 0.12:
		return name + " Ltd"
	case form < 0.2:
		return name + " LLC"
	case form < 0.24:
		return strings.ToLower(name)
	}
	return name
}

// domain makes an address under the name that is reserved for examples.
func domain(name string) string { return latin(funnel.NameKey(name)) + ".example" }

// latin writes a name in small letters and digits that every address can have.
func latin(name string) string {
	name = strings.NewReplacer(
		"а", "a", "б", "b", "в", "v", "г", "g", "д", "d", "е", "e", "ё", "e", "ж", "zh", "з", "z", "и", "i", "й", "y",
		"к", "k", "л", "l", "м", "m", "н", "n", "о", "o", "п", "p", "р", "r", "с", "s", "т", "t", "у", "u", "ф", "f",
		"х", "h", "ц", "c", "ч", "ch", "ш", "sh", "щ", "sch", "ъ", "", "ы", "y", "ь", "", "э", "e", "ю", "yu", "я", "ya",
		"&", "and",
	).Replace(strings.ToLower(name))
	var b strings.Builder
	for _, r := range name {
		if (r >= 'a' && r <= 'z') || (r >= '0' && r <= '9') {
			b.WriteRune(r)
		}
	}
	return b.String()
}
