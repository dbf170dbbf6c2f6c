package text

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nicksnyder/go-i18n/v2/i18n"

	"funnelbot/funnel"
)

// Printer writes in one language. It is a value to share: For and Naming return changed copies.
type Printer struct {
	catalog *Catalog
	lang    *lang
	now     time.Time
	names   func(v any) (string, bool)
}

var (
	errNoKey = errors.New("no such sentence")
	errHole  = errors.New("argument is missing")
)

// For returns the printer for a person who reads at the instant now in a time zone: the days of
// arguments are then written relative to theirs, and times in their zone.
func (p *Printer) For(now time.Time, zone *time.Location) *Printer {
	q := *p
	q.now = now.In(zone)
	return &q
}

// Naming returns the printer that asks names first how to write an argument: titles of stages
// and reasons stand in the workspace's funnel and not in the catalogs.
func (p *Printer) Naming(names func(v any) (string, bool)) *Printer {
	q := *p
	q.names = names
	return &q
}

// Locale returns the language.
func (p *Printer) Locale() funnel.Locale { return p.lang.locale }

// Has reports whether the language has a sentence under the key.
func (p *Printer) Has(key string) bool { return p.lang.messages[key] != nil }

// Say returns the sentence of the key. What is missing becomes an ellipsis and is told to
// [Catalog.Fault]; nobody ever reads a raw key.
func (p *Printer) Say(key string, args Args) string {
	return p.render(key, nil, args, func(_, value string) string { return value })
}

// Count returns the sentence of the key in the plural form of n, which it names {{.n}}.
func (p *Printer) Count(key string, n int, args Args) string {
	return p.render(key, &n, args, func(_, value string) string { return value })
}

// render writes every argument, lets mark see it, and fills the sentence in.
func (p *Printer) render(key string, n *int, args Args, mark func(name, value string) string) string {
	src := p.lang.messages[key]
	if src == nil {
		p.fault(key, errNoKey)
		return ellipsis
	}
	data := make(map[string]string, len(src.holes))
	for name, h := range src.holes {
		value, ok := args[name]
		switch {
		case n != nil && name == "n":
			data[name] = mark(name, p.Number(int64(*n)))
		case !ok:
			p.fault(key, fmt.Errorf("%w: %s", errHole, name))
			data[name] = ellipsis
		case h.bare:
			data[name] = mark(name, stopped(valid(fmt.Sprint(value))))
		default:
			data[name] = mark(name, stopped(valid(p.word(value))))
		}
	}
	s := src.fill(data)
	if n != nil {
		var err error
		s, err = p.lang.localize.Localize(&i18n.LocalizeConfig{MessageID: key, TemplateData: data, PluralCount: *n})
		if err != nil {
			p.fault(key, err)
		}
	}
	if s == "" {
		return ellipsis
	}
	return oneStop.Replace(s)
}

// fill writes the sentence without a number.
func (s *source) fill(data map[string]string) string {
	var out strings.Builder
	for _, p := range s.parts {
		out.WriteString(p.words)
		if p.hole != "" {
			out.WriteString(data[p.hole])
		}
	}
	return out.String()
}

// stop is a noncharacter after an argument that ends with a full stop, an abbreviation such as
// "нояб.": a sentence that ends with it needs no other.
const stop = "\ufdd3"

var oneStop = strings.NewReplacer(stop+argEnd+".", argEnd, stop+".", "", stop, "")

func stopped(s string) string {
	s = strings.ReplaceAll(s, stop, "")
	if strings.HasSuffix(s, ".") {
		s += stop
	}
	return s
}

const ellipsis = "…"

func (p *Printer) fault(key string, err error) {
	if p.catalog.Fault != nil {
		p.catalog.Fault(p.lang.locale, key, err)
	}
}

// valid is text that every platform takes.
func valid(s string) string { return strings.ToValidUTF8(s, "\ufffd") }

// word writes one argument as the language does.
func (p *Printer) word(v any) string {
	if p.names != nil {
		if s, ok := p.names(v); ok {
			return s
		}
	}
	switch v := v.(type) {
	case string:
		return v
	case int:
		return p.Number(int64(v))
	case int64:
		return p.Number(v)
	case float64:
		return p.Decimal(v, 1)
	case funnel.Money:
		return p.Money(v)
	case funnel.Date:
		return p.Date(v, p.today())
	case time.Time:
		return p.Moment(v)
	case []string:
		return strings.Join(v, ", ")
	case funnel.Role:
		return p.Say("role."+string(v), nil)
	case funnel.Outcome:
		return p.Say("outcome."+string(v), nil)
	case funnel.Kind:
		return p.Say("kind."+string(v), nil)
	case funnel.Basis:
		return p.Say("basis."+string(v), nil)
	case funnel.ActivityKind:
		return p.Say("activity."+string(v), nil)
	case funnel.Locale:
		return p.Say("language."+string(v), nil)
	}
	return fmt.Sprint(v)
}

func (p *Printer) today() funnel.Date {
	if p.now.IsZero() {
		return funnel.Date{}
	}
	return funnel.DateOf(p.now)
}
