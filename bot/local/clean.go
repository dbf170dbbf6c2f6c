package local

import (
	"strings"

	"funnelbot/bot/message"
)

// broken stands where a character was that must not reach a terminal.
const broken = message.Broken

// neutral makes words harmless to show: no control characters, so no escape sequence; nothing
// invisible that turns the reading direction around or hides text. Line feeds stay.
func neutral(s string) string { return message.Harmless(s, broken) }

// inline is [neutral] on one line.
func inline(s string) string { return strings.ReplaceAll(neutral(s), "\n", " ") }

// typed is what a person meant by a line: one line without what no key types.
func typed(s string) string {
	return strings.TrimSpace(strings.ReplaceAll(message.Harmless(s, message.Dropped), "\n", " "))
}
