package slacktest

import (
	"encoding/json"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// checkView tells what is wrong with a view of the kinds, none when it is fine.
func checkView(v any, kinds ...string) []string {
	given, ok := v.(map[string]any)
	if !ok {
		return []string{"[ERROR] must provide an object [json-pointer:/view]"}
	}
	surface := kindOf(v)
	c := newChecker(surface)
	anyOf(kinds...)(c, "/view/type", surface)
	fields := shape{
		"!type": text(1, maxID), "!blocks": blocks(1, maxViewBlocks), "private_metadata": text(0, maxPrivateMetadata),
		"callback_id": text(0, maxID), "external_id": text(0, maxID),
	}
	if surface == "modal" {
		fields["!title"] = plain(maxViewTitle)
		fields["submit"] = plain(maxViewTitle)
		fields["close"] = plain(maxViewTitle)
		fields["clear_on_close"], fields["notify_on_close"] = boolean, boolean
	}
	object(fields)(c, "/view", v)
	list, _ := given["blocks"].([]any)
	for _, b := range list {
		if kindOf(b) == "input" && surface == "modal" && given["submit"] == nil {
			c.fail("/view", "missing required field: submit")
			break
		}
	}
	raw, err := json.Marshal(v)
	if err != nil || inASCII(raw) > maxViewSize {
		c.fail("/view", "%s", tooLarge)
	}
	return c.messages
}

// tooLarge is how Slack calls a view above its size.
const tooLarge = "view_too_large"

// inASCII is the length of JSON that escapes everything beyond ASCII. Slack does
// not say how it counts; nothing counts more.
func inASCII(raw []byte) int {
	n := 0
	for _, r := range string(raw) {
		if r < utf8.RuneSelf {
			n++
			continue
		}
		n += utf16.RuneLen(r) * len(`\uffff`)
	}
	return n
}

// badView is the refusal of a view with faults.
func badView(wrong []string) *refused {
	for _, words := range wrong {
		if strings.Contains(words, tooLarge) {
			return no(tooLarge, words)
		}
	}
	return no("invalid_arguments", wrong...)
}

// checkMetadata tells what is wrong with the metadata of a message.
func checkMetadata(v any) []string {
	c := newChecker("message")
	object(shape{"!event_type": text(1, maxID), "!event_payload": func(c *checker, at string, v any) {
		if _, ok := v.(map[string]any); !ok {
			c.fail(at, "must provide an object")
		}
	}})(c, "/metadata", v)
	raw, err := json.Marshal(v)
	if err != nil || len(raw) > maxMetadata {
		c.fail("/metadata", "must be less than %d bytes", maxMetadata)
	}
	return c.messages
}
