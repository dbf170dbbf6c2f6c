package message

import (
	"net/url"
	"strings"
	"unicode"

	"funnelbot/bot/text"
	"funnelbot/commands"
	"funnelbot/funnel"
)

// committee shows the client's people of a deal, and who is missing.
func (c *composer) committee(r commands.Committee) []Block {
	args := text.Args{"ref": viewRef(&r.Deal)}
	if len(r.Chairs) == 0 {
		blocks := []Block{Paragraph{c.line("people.none", args)}}
		return append(append(blocks, c.lacking(&r.Deal.Deal, &r.Coverage)...), c.buttons(r.Offers)...)
	}
	items := make([]Item, len(r.Chairs))
	for i := range r.Chairs {
		items[i] = Item{Text: c.chair(&r.Chairs[i])}
		if i < len(r.Offers) {
			items[i].Buttons = c.offered(r.Offers[i : i+1])
		}
	}
	blocks := []Block{Heading{c.line("people.title", args)}, List{Items: items}}
	blocks = append(blocks, c.lacking(&r.Deal.Deal, &r.Coverage)...)
	return append(blocks, c.buttons(r.Offers[min(len(r.Chairs), len(r.Offers)):])...)
}

// lacking says who should be known at the stage of a deal and is not, and who has fallen silent.
func (c *composer) lacking(d *funnel.Deal, cover *funnel.Coverage) []Block {
	var blocks []Block
	if len(cover.Missing) > 0 {
		blocks = append(blocks, Paragraph{c.line("people.missing", text.Args{
			"stage": d.Stage, "roles": c.roleNames(cover.Missing),
		})})
	}
	if len(cover.Silent) > 0 {
		blocks = append(blocks, Paragraph{c.line("people.silent", text.Args{"people": c.silent(cover.Silent, maxNamed)})})
	}
	return blocks
}

// chair is one person of a committee on one line, with the addresses last.
func (c *composer) chair(v *funnel.ChairView) Line {
	line := Line{Bold(c.somebody(v.Person.Name))}
	if position := short(v.Person.Position, maxName); position != "" {
		line = append(line, Plain(", "+position))
	}
	parts := []Line{line, Text(c.roleNames(v.Roles))}
	if v.Stance != "" {
		parts = append(parts, Text(c.p.Say("stance."+string(v.Stance), nil)))
	}
	if v.Initiator {
		parts = append(parts, c.line("people.initiator", nil))
	}
	parts = append(parts, c.heard(v), c.promised(v))
	return join(append(parts, phone(v.Person.Phone), email(v.Person.Email))...)
}

// heard is when a person was last heard of.
func (c *composer) heard(v *funnel.ChairView) Line {
	if v.LastTouch.IsZero() {
		return nil
	}
	return c.line("people.heard", text.Args{"ago": c.p.Ago(max(c.today.Sub(c.day(v.LastTouch)), 0))})
}

// promised is the next step with a person.
func (c *composer) promised(v *funnel.ChairView) Line {
	step := c.step(funnel.NextStep{What: v.NextWhat, On: v.NextOn})
	if step == nil {
		return nil
	}
	return append(append(c.line("people.next", nil), Plain(" ")), step...)
}

// personCard shows one person of a committee.
func (c *composer) personCard(r commands.Person) []Block {
	v := &r.Chair
	fields := append([]Field{{Label: c.say("people.deal", nil), Value: Line{viewRef(&r.Deal)}}}, c.chairFields(v)...)
	blocks := []Block{Heading{Text(c.somebody(v.Person.Name))}, Fields{fields}}
	return append(blocks, c.buttons(r.Offers)...)
}

// chairFields are what is known of a person of a committee.
func (c *composer) chairFields(v *funnel.ChairView) []Field {
	var fields []Field
	add := func(label string, value Line) {
		if value.String() != "" {
			fields = append(fields, Field{Label: capital(label), Value: value})
		}
	}
	roles := Text(c.roleNames(v.Roles))
	if v.Initiator {
		roles = join(roles, c.line("people.initiator", nil))
	}
	if roles.String() == "" {
		roles = c.line("people.no_role", nil)
	}
	touch := c.line("people.never", nil)
	if !v.LastTouch.IsZero() {
		touch = Text(c.p.Ago(max(c.today.Sub(c.day(v.LastTouch)), 0)))
	}
	add(c.say("field.position", nil), Text(short(v.Person.Position, maxName)))
	add(c.say("people.roles", nil), roles)
	if v.Stance != "" {
		add(c.say("field.stance", nil), Text(c.p.Say("stance."+string(v.Stance), nil)))
	}
	add(c.say("card.touch", nil), touch)
	add(c.say("card.next", nil), c.step(funnel.NextStep{What: v.NextWhat, On: v.NextOn}))
	add(c.say("field.phone", nil), phone(v.Person.Phone))
	add(c.say("field.email", nil), email(v.Person.Email))
	return fields
}

// seated is the answer to a change of the committee.
func (c *composer) seated(r commands.Changed) []Block {
	args := text.Args{"ref": ref(&r.Deal, r.Company), "name": c.somebody(r.Person.Person.Name)}
	if r.Verb == funnel.VerbUnseat {
		return []Block{Paragraph{c.line("people.gone", args)}}
	}
	if r.Was != nil && r.Was.Version == r.Deal.Version {
		return []Block{Paragraph{c.line("people.same", args)}}
	}
	blocks := []Block{Paragraph{c.line("people.saved", args)}, Fields{c.chairFields(r.Person)}}
	if f := c.reader.Funnel; f != nil {
		cover := f.Cover(r.Deal.Stage, r.Chairs, c.reader.Now, c.reader.Zone)
		cover.Silent = nil
		blocks = append(blocks, c.lacking(&r.Deal, &cover)...)
	}
	return blocks
}

// roleName is a role of the committee in the reader's language.
func (c *composer) roleName(key string) string {
	if c.reader.Funnel != nil {
		for _, r := range c.reader.Funnel.Roles {
			if r.Key == key {
				return r.Titles.In(c.p.Locale())
			}
		}
	}
	return key
}

func (c *composer) roleNames(keys []string) string {
	names := make([]string, len(keys))
	for i, key := range keys {
		names[i] = uncapital(c.roleName(key))
	}
	return strings.Join(names, ", ")
}

// silent names those who have not been heard of, with for how long.
func (c *composer) silent(all []funnel.Silence, most int) string {
	names := make([]string, 0, min(len(all), most))
	for i := range all[:min(len(all), most)] {
		s := &all[i]
		names = append(names, c.p.Count("people.silence", s.Days, text.Args{"name": c.somebody(s.Chair.Person.Name)}))
	}
	if more := len(all) - len(names); more > 0 {
		names = append(names, c.p.Count("people.more", more, nil))
	}
	return strings.Join(names, ", ")
}

// forgotten says that somebody was erased.
func (c *composer) forgotten(r commands.Forgotten) []Block {
	args := text.Args{"name": c.somebody(r.Name), "company": short(r.Company, maxName)}
	switch {
	case r.Asks && r.Name == "":
		return append([]Block{Paragraph{c.line("people.erase_which", nil)}}, c.buttons(r.Offers)...)
	case r.Asks && r.Company == "":
		return append([]Block{Paragraph{c.line("people.erase", text.Args{"name": args["name"]})}}, c.buttons(r.Offers)...)
	case r.Asks:
		return append([]Block{Paragraph{c.line("people.erase_at", args)}}, c.buttons(r.Offers)...)
	case r.Name == "":
		return []Block{Paragraph{c.line("people.erased_again", nil)}}
	case r.Deals == 0:
		return []Block{Paragraph{c.line("people.erased", text.Args{"name": args["name"]})}}
	}
	return []Block{Paragraph{c.counted("people.erased_deals", r.Deals, text.Args{"name": args["name"]})}}
}

// contact is a person of a company on one line.
func (c *composer) contact(p *funnel.Contact) Line {
	line := Text(c.somebody(p.Name))
	if position := short(p.Position, maxName); position != "" {
		line = append(line, Plain(", "+position))
	}
	return join(line, phone(p.Phone), email(p.Email))
}

const (
	// maxNamed is how many people one row names, maxSilent how many of those who are silent on a card.
	maxNamed  = 5
	maxSilent = 3
	// minDigits and maxDigits are how long a telephone number is that can be called, with the code of
	// its country at most fifteen (https://www.itu.int/rec/T-REC-E.164).
	minDigits = 3
	maxDigits = 15
)

// phone is a telephone number to be tapped. What does not look like one number stays text.
func phone(s string) Line {
	s = strings.TrimSpace(s)
	if s == "" {
		return nil
	}
	number := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
	strange := strings.ContainsFunc(strings.TrimPrefix(s, "+"), func(r rune) bool {
		return (r < '0' || r > '9') && !unicode.IsSpace(r) && !strings.ContainsRune("()-–‑.", r)
	})
	if strange || len(number) < minDigits || len(number) > maxDigits {
		return Text(short(s, maxName))
	}
	if strings.HasPrefix(s, "+") {
		number = "+" + number
	}
	return Line{{Text: s, Style: Contact, Link: "tel:" + number}}
}

// email is an address to be tapped. What does not look like one stays text.
func email(s string) Line {
	s = strings.TrimSpace(s)
	if s == "" {
		return nil
	}
	local, domain, ok := strings.Cut(s, "@")
	strange := strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune("<>\",;:\\()[]", r)
	})
	if !ok || local == "" || strings.Contains(domain, "@") || !strings.Contains(strings.Trim(domain, "."), ".") || strange {
		return Text(short(s, maxName))
	}
	return Line{{Text: s, Style: Contact, Link: "mailto:" + url.PathEscape(local) + "@" + url.PathEscape(domain)}}
}
