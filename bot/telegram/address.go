package telegram

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"funnelbot/commands"
)

// What was typed is read from the text itself: the entities of a message count in UTF-16 units, and
// know commands and mentions that the text does not mean.

// words returns what may follow a slash: every alias that is one word, and what steers dialogs or
// opens a command.
func words(verbs []commands.Verb) map[string]bool {
	all := map[string]bool{}
	for _, w := range []string{
		"start", "help", "deal", "funnel", "сделка", "cancel", "stop", "skip", "back", "отмена", "стоп", "пропустить", "назад",
	} {
		all[w] = true
	}
	for _, v := range verbs {
		for _, list := range [][]string{v.English, v.Russian} {
			for _, alias := range list {
				all[fold(alias)] = true
			}
		}
	}
	return all
}

func fold(s string) string { return strings.ReplaceAll(strings.ToLower(s), "ё", "е") }

// command takes a text apart that begins with a slash: /name@bot rest. Without one, or with nothing
// behind it, ok is false.
func command(s string) (name, bot, rest string, ok bool) {
	s, ok = strings.CutPrefix(s, "/")
	if !ok {
		return "", "", "", false
	}
	end := strings.IndexFunc(s, unicode.IsSpace)
	if end < 0 {
		end = len(s)
	}
	name, bot, _ = strings.Cut(s[:end], "@")
	return name, bot, strings.TrimSpace(s[end:]), name != ""
}

// inPrivate returns what a text in a private chat means: without the name of the bot.
func inPrivate(s, self string) string {
	s = strings.TrimSpace(s)
	if name, bot, rest, ok := command(s); ok && strings.EqualFold(bot, self) {
		return strings.TrimSpace("/" + name + " " + rest)
	}
	if rest, ok := unmentioned(s, self); ok {
		return rest
	}
	return s
}

// inGroup returns what a text in a group says to the bot, and whether it does: a command of this bot,
// a mention, or, where answers is true, any words in answer to a message of the bot. Commands without
// the name of a bot are for this one if it knows them.
func (d *Door) inGroup(s, self string, answers bool) (string, bool) {
	s = strings.TrimSpace(s)
	if name, bot, rest, ok := command(s); ok {
		switch {
		case strings.EqualFold(bot, self):
			return strings.TrimSpace("/" + name + " " + rest), true
		case bot != "":
			return "", false
		case d.known[fold(name)]:
			return s, true
		}
	}
	if rest, ok := unmentioned(s, self); ok {
		return rest, true
	}
	return s, answers
}

// unmentioned takes the name of the bot out of a text: at its beginning and its end with what parts it
// from the words, in between alone.
func unmentioned(s, self string) (string, bool) {
	at := mentioned(s, self)
	if at < 0 {
		return s, false
	}
	before, after := s[:at], s[at+1+len(self):]
	if strings.TrimSpace(before) == "" {
		return strings.TrimLeftFunc(after, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",:;—–-", r) }), true
	}
	if strings.TrimSpace(after) == "" {
		return strings.TrimRightFunc(before, func(r rune) bool { return unicode.IsSpace(r) || r == ',' }), true
	}
	return strings.TrimSpace(strings.TrimRightFunc(before, unicode.IsSpace) + " " + strings.TrimLeftFunc(after, unicode.IsSpace)), true
}

// mentioned returns where @self stands as a word, or -1. User names are Latin letters, digits and
// underscores (https://core.telegram.org/api/mentions).
func mentioned(s, self string) int {
	if self == "" {
		return -1
	}
	for from := 0; from < len(s); {
		i := strings.IndexByte(s[from:], '@')
		if i < 0 {
			return -1
		}
		i += from
		end := i + 1 + len(self)
		if end <= len(s) && strings.EqualFold(s[i+1:end], self) {
			before, _ := utf8.DecodeLastRuneInString(s[:i])
			after, _ := utf8.DecodeRuneInString(s[end:])
			if !inName(before) && !inName(after) {
				return i
			}
		}
		from = i + 1
	}
	return -1
}

func inName(r rune) bool {
	return r == '_' || r == '/' || r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

var startPattern = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// started reads "/start", which a person sends by opening the chat, with the code of the link that
// they followed.
func started(s string) (code string, ok bool) {
	name, _, rest, is := command(s)
	if !is || !strings.EqualFold(name, "start") {
		return "", false
	}
	if rest == "" || len(rest) <= maxStart && startPattern.MatchString(rest) {
		return rest, true
	}
	return "", false
}
