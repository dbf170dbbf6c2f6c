package slacktest

import (
	"net/url"
	"time"
)

func plain(most int) rule  { return textObject(most, false) }
func either(most int) rule { return textObject(most, true) }

func textObject(most int, markup bool) rule {
	return func(c *checker, at string, v any) {
		kinds := map[string]shape{"plain_text": {"!text": shown(most), "emoji": boolean}}
		if markup {
			kinds["mrkdwn"] = shape{"!text": shown(most), "verbatim": boolean}
		}
		byType(kinds)(c, at, v)
	}
}

// shown is text people read: it adds to the length of the whole.
func shown(most int) rule {
	return func(c *checker, at string, v any) {
		given, _ := v.(string)
		c.length += units(given)
		text(1, most)(c, at, v)
	}
}

func link(c *checker, at string, v any) {
	text(1, maxURL)(c, at, v)
	given, _ := v.(string)
	parsed, err := url.Parse(given)
	if err != nil || parsed.Host == "" || parsed.Scheme != "https" && parsed.Scheme != "http" {
		c.fail(at, "must be a valid URL")
	}
}

func slackFile(c *checker, at string, v any) {
	object(shape{"id": text(1, maxID), "url": link})(c, at, v)
	if given, _ := v.(map[string]any); (given["id"] == nil) == (given["url"] == nil) {
		c.fail(at, "must provide either id or url")
	}
}

func confirm() rule {
	return object(shape{
		"!title": plain(maxConfirmTitle), "!text": plain(maxConfirmText),
		"!confirm": plain(maxConfirmLabel), "!deny": plain(maxConfirmLabel), "style": anyOf("primary", "danger"),
	})
}

func option(markup, links bool) rule {
	fields := shape{
		"!text": textObject(maxOptionText, markup), "!value": text(1, maxOptionValue),
		"description": textObject(maxOptionText, markup),
	}
	if links {
		fields["url"] = link
	}
	return object(fields)
}

func options(most int, markup, links bool) rule {
	return all(list(1, most, option(markup, links)), distinctValues)
}

func distinctValues(c *checker, at string, v any) {
	seen := map[string]bool{}
	values, _ := v.([]any)
	for i, value := range values {
		given, _ := value.(map[string]any)
		name, _ := given["value"].(string)
		if seen[name] {
			c.fail(at+"/"+itoa(i)+"/value", "duplicate option value: %s", name)
		}
		seen[name] = true
	}
}

func optionGroups() rule {
	return list(1, maxOptions, object(shape{"!label": plain(maxOptionText), "!options": options(maxOptions, false, false)}))
}

func day(c *checker, at string, v any)  { inFormat(c, at, v, time.DateOnly) }
func hour(c *checker, at string, v any) { inFormat(c, at, v, "15:04") }

func inFormat(c *checker, at string, v any, layout string) {
	given, _ := v.(string)
	if parsed, err := time.Parse(layout, given); err != nil || parsed.Format(layout) != given {
		c.fail(at, "must be in the format %s", layout)
	}
}

func moment(c *checker, at string, v any) {
	integer(1e9, 9999999999)(c, at, v) // ten digits, seconds
}

func zone(c *checker, at string, v any) {
	given, _ := v.(string)
	if _, err := time.LoadLocation(given); err != nil || given == "" {
		c.fail(at, "must be an IANA time zone")
	}
}

func dispatch() rule {
	return object(shape{"trigger_actions_on": list(1, 2, anyOf("on_enter_pressed", "on_character_entered"))})
}

func conversationFilter() rule {
	return object(shape{
		"include":                          list(1, 4, anyOf("im", "mpim", "private", "public")),
		"exclude_external_shared_channels": boolean, "exclude_bot_users": boolean,
	})
}
