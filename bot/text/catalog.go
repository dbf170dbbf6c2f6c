// Package text is every sentence that people read, in every language: the catalogs under locales,
// with plurals, numbers, money and dates as the language writes them.
//
// A new sentence is one key in two files, locales/en.toml and locales/ru.toml. Placeholders are
// written {{.name}} and nothing else of the template language is used. A sentence that depends on
// a number is a table of plural forms (English: one, other; Russian: one, few, many, other) with
// the number as {{.n}}. The tests of this package refuse a key that one language lacks, a
// placeholder that differs, a form that is missing, a key that nothing uses, and a call that
// names a key or an argument that does not exist.
package text

import (
	"embed"
	"fmt"
	"io/fs"
	"regexp"

	"github.com/BurntSushi/toml"
	"github.com/go-playground/locales"
	"github.com/go-playground/locales/en"
	"github.com/go-playground/locales/ru"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"funnelbot/funnel"
)

//go:embed locales/*.toml
var files embed.FS

// Args are the values of a sentence's placeholders by name. Strings, numbers, [funnel.Money],
// [funnel.Date], [time.Time] and the words of the domain (roles, outcomes, kinds) are written as
// the language does.
type Args = map[string]any

// Catalog is the sentences of every language. It is safe for use by several goroutines.
type Catalog struct {
	// Fault is told at run time of a key or an argument that is missing, once per use; nil is
	// fine. People then read an ellipsis instead of a hole.
	Fault func(lang funnel.Locale, key string, err error)

	bundle  *i18n.Bundle
	matcher language.Matcher
	langs   []*lang
}

// lang is what one language needs besides its sentences in the bundle.
type lang struct {
	locale   funnel.Locale
	numbers  locales.Translator
	localize *i18n.Localizer
	messages map[string]*source
}

// source is a sentence as its file has it, with the placeholders that it uses.
type source struct {
	message *i18n.Message
	holes   map[string]hole
	// parts are the sentence without a number taken apart, which is filled in much faster than a
	// template.
	parts []part
}

// part is words of a sentence, or one of its placeholders.
type part struct{ words, hole string }

// hole is a placeholder. A number sign before it, as in #{{.number}}, says that its number is a
// name and is written without grouping.
type hole struct{ bare bool }

var placeholder = regexp.MustCompile(`(#?)\{\{\.([a-z][a-z0-9_]*)\}\}`)

// Load reads the embedded catalogs.
func Load() (*Catalog, error) { return load(files) }

func load(from fs.FS) (*Catalog, error) {
	c := &Catalog{bundle: i18n.NewBundle(language.English)}
	c.bundle.RegisterUnmarshalFunc("toml", toml.Unmarshal)
	tags := make([]language.Tag, 0, 2)
	for _, l := range []*lang{
		{locale: funnel.English, numbers: en.New()},
		{locale: funnel.Russian, numbers: ru.New()},
	} {
		path := "locales/" + string(l.locale) + ".toml"
		data, err := fs.ReadFile(from, path)
		if err != nil {
			return nil, fmt.Errorf("read the sentences: %w", err)
		}
		file, err := c.bundle.ParseMessageFileBytes(data, path)
		if err != nil {
			return nil, fmt.Errorf("read the sentences of %s: %w", path, err)
		}
		l.messages = make(map[string]*source, len(file.Messages))
		for _, m := range file.Messages {
			if _, twice := l.messages[m.ID]; twice {
				return nil, fmt.Errorf("read the sentences of %s: key %s stands there twice", path, m.ID)
			}
			l.messages[m.ID] = &source{message: m, holes: holes(m), parts: parts(m.Other)}
		}
		l.localize = i18n.NewLocalizer(c.bundle, string(l.locale))
		c.langs = append(c.langs, l)
		tags = append(tags, file.Tag)
	}
	c.matcher = language.NewMatcher(tags)
	return c, nil
}

func holes(m *i18n.Message) map[string]hole {
	found := map[string]hole{}
	for _, form := range []string{m.Zero, m.One, m.Two, m.Few, m.Many, m.Other} {
		for _, match := range placeholder.FindAllStringSubmatch(form, -1) {
			name := match[2]
			found[name] = hole{bare: found[name].bare || match[1] != ""}
		}
	}
	return found
}

func parts(sentence string) []part {
	var all []part
	done := 0
	for _, at := range placeholder.FindAllStringSubmatchIndex(sentence, -1) {
		mark, name := at[3], sentence[at[4]:at[5]] // a number sign before it is one of the words
		all = append(all, part{words: sentence[done:mark]}, part{hole: name})
		done = at[1]
	}
	return append(all, part{words: sentence[done:]})
}

// In returns the printer of the language that comes nearest to lang: "ru", "ru-RU", "en_GB".
// Where none comes near, it is English.
func (c *Catalog) In(lang string) *Printer {
	for _, l := range c.langs {
		if string(l.locale) == lang {
			return &Printer{catalog: c, lang: l}
		}
	}
	_, i := language.MatchStrings(c.matcher, lang)
	return &Printer{catalog: c, lang: c.langs[i]}
}
