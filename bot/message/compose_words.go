package message

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"funnelbot/bot/text"
	"funnelbot/commands"
	"funnelbot/funnel"
)

// How much of what people wrote is shown, in characters: a deal's card has all of it.
const (
	maxButtonName = 30
	maxName       = 60
	maxStep       = 80
	maxQuote      = 200
)

// short cuts a text that is longer than most characters.
func short(s string, most int) string {
	s = strings.TrimSpace(s)
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return strings.TrimRightFunc(string([]rune(s)[:most-1]), unicode.IsSpace) + "…"
}

// capital begins a text with a capital letter.
func capital(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	if size == 0 || first == utf8.RuneError {
		return s
	}
	return string(unicode.ToUpper(first)) + s[size:]
}

// uncapital begins a title with a small letter, inside of a line. An abbreviation stays as it is.
func uncapital(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	second, _ := utf8.DecodeRuneInString(s[size:])
	if first == utf8.RuneError || unicode.IsUpper(second) {
		return s
	}
	return string(unicode.ToLower(first)) + s[size:]
}

// join sets lines side by side.
func join(parts ...Line) Line {
	var all Line
	for _, part := range parts {
		if part.String() == "" {
			continue
		}
		if len(all) > 0 {
			all = append(all, Plain(" · "))
		}
		all = append(all, part...)
	}
	return all
}

// ref is a deal by its number and company.
func ref(d *funnel.Deal, company string) Run { return Deal(d.Number, short(company, maxName)) }

func viewRef(v *funnel.DealView) Run { return ref(&v.Deal, v.CompanyName) }

// day is the day of an instant where the reader is.
func (c *composer) day(t time.Time) funnel.Date { return funnel.DateOf(t.In(c.reader.Zone)) }

// amount is the amount of a deal with its basis, or nothing.
func (c *composer) amount(d *funnel.Deal) string {
	if d.Amount.IsZero() {
		return ""
	}
	if d.Basis == "" {
		return c.p.Money(d.Amount)
	}
	return c.say("deal.amount_basis", text.Args{"amount": d.Amount, "basis": d.Basis})
}

// step is a next step with its day, and how late it is.
func (c *composer) step(n funnel.NextStep) Line {
	if n.IsZero() {
		return nil
	}
	what := short(n.What, maxStep)
	when := ""
	switch {
	case !n.At.IsZero():
		when = c.p.Moment(n.At)
	case !n.On.IsZero():
		when = c.p.Date(n.On, c.today)
	}
	line := Text(what)
	switch {
	case what == "":
		line = Text(when)
	case when != "":
		line = c.line("deal.step", text.Args{"what": what, "when": when})
	}
	if late := c.today.Sub(n.On); !n.On.IsZero() && late > 0 {
		return append(append(line, Plain(" ")), Bold(c.p.Count("deal.overdue", late, nil)))
	}
	return line
}

// offered are the buttons of the offers. An offer whose action fits no button has none.
func (c *composer) offered(offers []commands.Offer) []Button {
	var all []Button
	for _, o := range offers {
		if o.Action == "" || len(o.Action) > MaxAction {
			continue
		}
		name := short(o.Name, maxButtonName)
		if !o.On.IsZero() {
			name = c.p.Date(o.On, c.today)
		}
		if o.Label == "set_plan" {
			name = c.p.Month(o.On)
		}
		b := Button{Action: o.Action, Label: c.p.Say("button."+o.Label, text.Args{"stage": o.Stage, "name": name})}
		if o.Label == string(commands.VerbLost) || o.Label == string(commands.VerbForget) {
			b.Look = Danger
		}
		all = append(all, b)
	}
	return all
}

// buttons are the offers as a block, or no block.
func (c *composer) buttons(offers []commands.Offer) []Block {
	if all := c.offered(offers); len(all) > 0 {
		return []Block{Buttons{all}}
	}
	return nil
}

// under are the buttons under an item that names its deal already.
func (c *composer) under(offers []commands.Offer) []Button {
	all := c.offered(offers)
	for i := range all {
		if strings.HasPrefix(all[i].Action, string(commands.VerbShow)+":") {
			all[i].Label = c.say("control.show", nil)
		}
	}
	return all
}

// showButton shows a deal as it is now.
func (c *composer) showButton(number int64) Button {
	return Button{Label: c.say("control.show", nil), Action: string(commands.VerbShow) + ":" + strconv.FormatInt(number, 10) + ":0"}
}
