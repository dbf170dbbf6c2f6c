package slacktest

import (
	"regexp"
	"slices"
	"strings"
)

// mention finds what Slack turns into a notification. Escaped text has &lt; in
// place of the bracket and is never found.
const mention = `<(!channel|!here|!everyone|!subteam\^[A-Z0-9]+|@[UW][A-Z0-9]+)(?:\|[^>]*)?>`

// spoken finds mentions without brackets. Slack may read them in mrkdwn objects
// that are not verbatim and in text sent with link_names or parse=full
// (https://docs.slack.dev/messaging/formatting-message-text#automatic-parsing).
const spoken = `(?:^|[^\w&;])@(channel|here|everyone)\b`

// notifies are the mentions of the text and of the mrkdwn in the blocks.
// plain_text objects show a mention as the letters it is made of.
func notifies(text string, blocks []map[string]any, parsed bool) []string {
	var found []string
	pattern := regexp.MustCompile(mention)
	bare := regexp.MustCompile(spoken)
	add := func(name string) {
		if !slices.Contains(found, name) {
			found = append(found, name)
		}
	}
	look := func(text string, parsed bool) {
		for _, hit := range pattern.FindAllStringSubmatch(text, -1) {
			add(hit[1])
		}
		if !parsed {
			return
		}
		for _, hit := range bare.FindAllStringSubmatch(text, -1) {
			add("!" + hit[1])
		}
	}
	look(text, parsed)
	for _, b := range blocks {
		eachMarkup(b, look)
	}
	return found
}

func eachMarkup(v any, look func(text string, parsed bool)) {
	switch given := v.(type) {
	case map[string]any:
		kind := kindOf(given)
		if words, ok := given["text"].(string); ok && (kind == "mrkdwn" || kind == "markdown") {
			look(words, given["verbatim"] != true)
		}
		for _, name := range sortedKeys(given) {
			eachMarkup(given[name], look)
		}
	case []any:
		for _, value := range given {
			eachMarkup(value, look)
		}
	}
}

// unescape is the text as people read it.
func unescape(text string) string {
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(text)
}
