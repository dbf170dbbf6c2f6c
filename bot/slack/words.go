package slack

import (
	"net/url"
	"regexp"
	"strings"

	"funnelbot/bot/message"
)

// entity is what Slack puts between angle brackets: people, channels, groups, links and special
// words (https://docs.slack.dev/messaging/formatting-message-text).
var entity = regexp.MustCompile(`<([^<>]*)>`)

// written turns the text of a message into what its author typed: entities become words, escapes
// the characters they stand for. Channels and user groups stay entities, because their identifier
// is what is meant.
func written(s string) string {
	return unescaped(entity.ReplaceAllStringFunc(s, func(e string) string { return wordOf(e[1 : len(e)-1]) }))
}

// wordOf is the word that stands for an entity.
func wordOf(e string) string {
	target, label, labelled := strings.Cut(e, "|")
	switch {
	case strings.HasPrefix(target, "@"):
		return target
	case strings.HasPrefix(target, "#"), strings.HasPrefix(target, "!subteam^"):
		return "<" + e + ">"
	case strings.HasPrefix(target, "!date^"):
		return label
	case strings.HasPrefix(target, "!"):
		return "@" + strings.TrimPrefix(target, "!")
	case strings.HasPrefix(target, "mailto:"), strings.HasPrefix(target, "tel:"):
		_, address, _ := strings.Cut(target, ":")
		return address
	case !strings.Contains(target, ":"):
		return "<" + e + ">"
	case labelled && automatic(target, label):
		return label
	}
	return target
}

// automatic reports whether Slack made the link itself out of a word such as bluefin.example.
func automatic(target, label string) bool {
	u, err := url.Parse(target)
	if err != nil {
		return false
	}
	return u.Host == label || strings.TrimSuffix(target, "/") == strings.TrimSuffix(u.Scheme+"://"+label, "/")
}

// unescaped puts back the three characters that Slack escapes.
func unescaped(s string) string { return unescape.Replace(s) }

var unescape = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")

// tidy keeps what a person can have typed: valid UTF-8 on one line or several, no control
// characters, nothing invisible that turns the reading direction around.
func tidy(s string) string {
	if len(s) > maxText {
		s = s[:maxText]
	}
	s = message.Harmless(strings.ToValidUTF8(s, ""), message.Dropped)
	return strings.TrimSpace(strings.ReplaceAll(s, "\u00a0", " "))
}

// addressed takes the bot's own name out of a text, wherever it stands.
func addressed(s, self string) string {
	if self == "" {
		return s
	}
	return entity.ReplaceAllStringFunc(s, func(e string) string {
		target, _, _ := strings.Cut(e[1:len(e)-1], "|")
		if target == "@"+self {
			return " "
		}
		return e
	})
}

// said is what was typed to the bot, in words with single spaces.
func said(s, self string) string {
	words := strings.FieldsFunc(tidy(written(addressed(s, self))), func(r rune) bool { return r == ' ' })
	line := strings.Join(words, " ")
	if strings.Contains(s, "<@") {
		line = strings.TrimLeft(line, ",:; ") // what stood after the name
	}
	return line
}
