package telegramtest

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Entity is a marked part of a text, its offset and length in UTF-16 units.
type Entity struct {
	Type          string `json:"type"`
	Offset        int    `json:"offset"`
	Length        int    `json:"length"`
	URL           string `json:"url,omitempty"`
	User          object `json:"user,omitempty"` // of a text_mention
	Language      string `json:"language,omitempty"`
	CustomEmojiID string `json:"custom_emoji_id,omitempty"`
}

// entityTypes are the tags of HTML mode: https://core.telegram.org/bots/api#html-style.
func entityType(tag string) string {
	switch tag {
	case "b", "strong":
		return "bold"
	case "i", "em":
		return "italic"
	case "u", "ins":
		return "underline"
	case "s", "strike", "del":
		return "strikethrough"
	case "tg-spoiler", "span":
		return "spoiler"
	case "a":
		return "text_link"
	case "tg-emoji":
		return "custom_emoji"
	case "code", "pre", "blockquote":
		return tag
	default:
		return ""
	}
}

// markup reads a text in HTML mode.
type markup struct {
	in       string
	at       int // byte offset in the text as it was sent
	out      strings.Builder
	units    int // UTF-16 units written so far
	open     []openTag
	entities []Entity
}

type openTag struct {
	name   string
	entity Entity
}

// parseHTML gives the text as it is read and its entities, or the complaint with its byte offset.
func parseHTML(text string) (plain string, entities []Entity, complaint string) {
	m := &markup{in: text}
	for m.at < len(m.in) && complaint == "" {
		switch m.in[m.at] {
		case '<':
			complaint = m.tag()
		case '&':
			complaint = m.character()
		default:
			r, size := utf8.DecodeRuneInString(m.in[m.at:])
			m.at += size
			m.write(r)
		}
	}
	if complaint == "" && len(m.open) > 0 {
		complaint = fmt.Sprintf("Can't find end tag corresponding to start tag %q", m.open[len(m.open)-1].name)
	}
	slices.SortStableFunc(m.entities, func(a, b Entity) int { return a.Offset - b.Offset })
	return m.out.String(), m.entities, complaint
}

func (m *markup) write(r rune) {
	m.out.WriteRune(r)
	m.units += utf16.RuneLen(r)
}

func (m *markup) character() string {
	name, _, ok := strings.Cut(m.in[m.at+1:], ";")
	named := map[string]rune{"lt": '<', "gt": '>', "amp": '&', "quot": '"'}
	r := named[name]
	if digits, numeric := strings.CutPrefix(name, "#"); ok && numeric {
		base := 10
		if hex, isHex := strings.CutPrefix(digits, "x"); isHex {
			digits, base = hex, 16
		}
		if code, err := strconv.ParseInt(digits, base, 32); err == nil && utf8.ValidRune(rune(code)) {
			r = rune(code)
		}
	}
	if !ok || r == 0 {
		return fmt.Sprintf("Unsupported character entity at byte offset %d", m.at)
	}
	m.at += len(name) + 2
	m.write(r)
	return ""
}

func (m *markup) tag() string {
	begin := m.at
	inner, closed := inTag(m.in[begin+1:])
	end, isEnd := strings.CutPrefix(inner, "/")
	switch {
	case !closed && isEnd:
		return fmt.Sprintf("Unclosed end tag at byte offset %d", begin)
	case !closed:
		return fmt.Sprintf("Unclosed start tag at byte offset %d", begin)
	}
	m.at += len(inner) + 2
	if isEnd {
		return m.endTag(strings.TrimSpace(end), begin)
	}
	name, rest, _ := strings.Cut(inner, " ")
	name = strings.ToLower(name)
	kind := entityType(name)
	if kind == "" {
		return fmt.Sprintf("Unsupported start tag %q at byte offset %d", name, begin)
	}
	attributes, complaint := readAttributes(rest, name, begin)
	if complaint != "" {
		return complaint
	}
	if name == "span" && attributes["class"] != "tg-spoiler" {
		return fmt.Sprintf("Tag \"span\" must have class \"tg-spoiler\" at byte offset %d", begin)
	}
	e := Entity{Type: kind, Offset: m.units, URL: attributes["href"], CustomEmojiID: attributes["emoji-id"]}
	if name == "code" {
		e.Language = strings.TrimPrefix(attributes["class"], "language-")
	}
	if _, expandable := attributes["expandable"]; name == "blockquote" && expandable {
		e.Type = "expandable_blockquote"
	}
	m.open = append(m.open, openTag{name: name, entity: e})
	return ""
}

// inTag is what stands before the > that closes a tag; one inside of quotation marks does not.
func inTag(text string) (inner string, closed bool) {
	var quote rune
	for i, r := range text {
		switch {
		case quote != 0:
			if r == quote {
				quote = 0
			}
		case r == '"' || r == '\'':
			if strings.Contains(text[:i], "=") { // an apostrophe after a bare < opens nothing
				quote = r
			}
		case r == '>':
			return text[:i], true
		}
	}
	return text, false
}

func (m *markup) endTag(name string, begin int) string {
	if len(m.open) == 0 {
		return fmt.Sprintf("Unexpected end tag at byte offset %d", begin)
	}
	last := m.open[len(m.open)-1]
	if name != "" && !strings.EqualFold(name, last.name) {
		return fmt.Sprintf("Unmatched end tag at byte offset %d, expected \"</%s>\", found \"</%s>\"", begin, last.name, name)
	}
	m.open = m.open[:len(m.open)-1]
	e := last.entity
	e.Length = m.units - e.Offset
	if e.Type == "text_link" {
		var complaint string
		if e, complaint = leads(e, begin); complaint != "" {
			return complaint
		}
	}
	if e.Length > 0 && (e.Type != "text_link" || e.URL != "") { // a link to nowhere is shown as plain text
		m.entities = append(m.entities, e)
	}
	return ""
}

// leads looks where a link leads to: a person makes it a mention, and what no client opens is refused,
// where Telegram shows plain text without a word.
func leads(e Entity, begin int) (Entity, string) {
	u, err := url.Parse(e.URL)
	switch {
	case e.URL == "":
	case err != nil || !slices.Contains([]string{"http", "https", "tg", "ton"}, u.Scheme) || u.Host == "":
		return e, fmt.Sprintf("the link that ends at byte offset %d leads to %q, which is no link here", begin, e.URL)
	case u.Scheme == "tg" && u.Host == "user":
		if id, err := strconv.ParseInt(u.Query().Get("id"), 10, 64); err == nil {
			e.Type, e.URL, e.User = "text_mention", "", object{"id": float64(id)}
		}
	}
	return e, ""
}

// readAttributes takes name="value" pairs; only expandable of a quotation stands without a value.
func readAttributes(text, tag string, begin int) (attributes map[string]string, complaint string) {
	attributes = map[string]string{}
	for text = strings.TrimSpace(text); text != ""; text = strings.TrimSpace(text) {
		name, rest, valued := strings.Cut(text, "=")
		if bare, after, _ := strings.Cut(text, " "); bare == "expandable" {
			attributes[bare], text = "", after
			continue
		}
		name = strings.ToLower(strings.TrimSpace(name))
		if !valued || name == "" || strings.ContainsAny(name, " <\"'") {
			return nil, fmt.Sprintf("Expected equal sign in declaration of an attribute of the tag %q at byte offset %d",
				tag, begin)
		}
		rest = strings.TrimSpace(rest)
		if rest == "" || (rest[0] != '"' && rest[0] != '\'') {
			return nil, fmt.Sprintf("Unquoted value of an attribute of the tag %q at byte offset %d", tag, begin)
		}
		value, after, closed := strings.Cut(rest[1:], rest[:1])
		if !closed {
			return nil, fmt.Sprintf("Unclosed start tag at byte offset %d", begin)
		}
		plain, _, complaint := parseHTML(value)
		if complaint != "" {
			return nil, complaint
		}
		attributes[name], text = plain, after
	}
	return attributes, ""
}
