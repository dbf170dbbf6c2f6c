package slacktest

import (
	"regexp"
	"slices"
	"strings"
)

// mention finds what Slack turns into a notification. Escaped text has &lt; in
// place of the bracket and is never found.
const mention = `<(!channel|!here|!everyone|!subteam\^[A-Z0-9]+|@[UW][A-Z0-9]+)(?:\|[^>]*)?>`

// notifies are the mentions of the text and of the mrkdwn in the blocks.
// plain_text objects show a mention as the letters it is made of.
func notifies(text string, blocks []map[string]any) []string {
	var found []string
	pattern := regexp.MustCompile(mention)
	look := func(text string) {
		for _, hit := range pattern.FindAllStringSubmatch(text, -1) {
			if !slices.Contains(found, hit[1]) {
				found = append(found, hit[1])
			}
		}
	}
	look(text)
	for _, b := range blocks {
		eachMarkup(b, look)
	}
	return found
}

func eachMarkup(v any, look func(string)) {
	switch given := v.(type) {
	case map[string]any:
		kind := kindOf(given)
		if words, ok := given["text"].(string); ok && (kind == "mrkdwn" || kind == "markdown") {
			look(words)
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
