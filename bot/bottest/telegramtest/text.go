package telegramtest

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"
)

// Sizes of texts in UTF-16 units, after their entities are parsed:
// https://core.telegram.org/bots/api#sendmessage and #sendphoto.
const (
	maxText    = 4096
	maxCaption = 1024
)

// units counts a text as Telegram does.
func units(text string) int { return len(utf16.Encode([]rune(text))) }

// clean does to a text what Telegram does before it looks at it: control characters become spaces,
// carriage returns and marks that turn the direction of a line disappear.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\r', r >= 0x2028 && r <= 0x202E:
			return -1
		case r < ' ' && r != '\n':
			return ' '
		default:
			return r
		}
	}, text)
}

// formatted reads a text of the bot by its parse mode and gives what people will see.
func (c *call) formatted(param, entitiesParam string) (string, []Entity, *Refusal) {
	text := clean(c.params[param])
	var entities []Entity
	switch mode := c.params["parse_mode"]; {
	case strings.EqualFold(mode, "HTML"):
		plain, found, complaint := parseHTML(text)
		if complaint != "" {
			return "", nil, bad("can't parse entities: %s", complaint)
		}
		text, entities = plain, found
	case mode != "":
		return "", nil, bad("unsupported parse_mode %q, only HTML is read here", mode)
	case c.params[entitiesParam] != "":
		if r := c.decode(entitiesParam, "message entity", &entities); r != nil {
			return "", nil, r
		}
		for _, e := range entities {
			if e.Offset < 0 || e.Length <= 0 || e.Offset+e.Length > units(text) {
				return "", nil, bad("can't parse message entity: offset %d and length %d are outside of the text", e.Offset, e.Length)
			}
		}
	}
	text, entities = trim(text, entities)
	for _, e := range found(text) {
		if !slices.ContainsFunc(entities, func(marked Entity) bool { return marked.keeps(e) }) {
			entities = append(entities, e)
		}
	}
	return text, entities, nil
}

// mentioned gives the people whom a text names as Telegram knows them; those it does not know are not
// named: https://core.telegram.org/bots/api#html-style.
func (s *Server) mentioned(entities []Entity) []Entity {
	var known []Entity
	for _, e := range entities {
		if e.Type == "text_mention" {
			id, _ := e.User["id"].(float64)
			u := s.users[int64(id)]
			if u == nil {
				continue
			}
			e.User = u.wire()
		}
		known = append(known, e)
	}
	return known
}

// keeps tells whether nothing is looked for in a part that is marked so.
func (e Entity) keeps(inner Entity) bool {
	literal := slices.Contains([]string{"text_link", "text_mention", "code", "pre"}, e.Type)
	return literal && inner.Offset < e.Offset+e.Length && e.Offset < inner.Offset+inner.Length
}

// trim cuts the white space around a text and moves its entities.
func trim(text string, entities []Entity) (string, []Entity) {
	left := strings.TrimLeftFunc(text, unicode.IsSpace)
	cut := units(text) - units(left)
	text = strings.TrimRightFunc(left, unicode.IsSpace)
	end := units(text)
	var kept []Entity
	for _, e := range entities {
		from, to := max(e.Offset-cut, 0), min(e.Offset+e.Length-cut, end)
		if from < to {
			e.Offset, e.Length = from, to-from
			kept = append(kept, e)
		}
	}
	return text, kept
}

var (
	commandPattern = regexp.MustCompile(`(?:^|\s)(/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?)(?:$|[^A-Za-z0-9_/@])`)
	mentionPattern = regexp.MustCompile(`(?:^|[^A-Za-z0-9_/@])(@[A-Za-z0-9_]{3,32})`)
	addressPattern = regexp.MustCompile(`()(https?://[^\s<>"]+)`)
	emailPattern   = regexp.MustCompile(`(?:^|[^\w.+/@-])([\w.+-]{1,64}@[A-Za-z0-9][A-Za-z0-9-]*(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,})`)
	// phonePattern is the form of the example in https://core.telegram.org/bots/api#messageentity; what
	// else Telegram takes for a number is not told (https://github.com/tdlib/td/issues/3348).
	phonePattern = regexp.MustCompile(`(?:^|[^\w+])(\+[0-9](?:[ ().-]{0,2}[0-9]){6,14})(?:$|[^0-9])`)
)

// found are the entities Telegram finds in a text by itself.
func found(text string) []Entity {
	var entities []Entity
	add := func(kind string, pattern *regexp.Regexp, group int) {
		for from := 0; from < len(text); {
			hit := pattern.FindStringSubmatchIndex(text[from:])
			if hit == nil {
				return
			}
			begin, end := from+hit[2*group], from+hit[2*group+1]
			entities = append(entities, Entity{Type: kind, Offset: units(text[:begin]), Length: units(text[begin:end])})
			from = end
		}
	}
	add("bot_command", commandPattern, 1)
	add("mention", mentionPattern, 1)
	add("url", addressPattern, 2)
	add("email", emailPattern, 1)
	add("phone_number", phonePattern, 1)
	slices.SortStableFunc(entities, func(a, b Entity) int { return a.Offset - b.Offset })
	return entities
}
