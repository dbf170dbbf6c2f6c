package slacktest

import "slices"

// inActions, inSections and inInputs are the elements each block takes.
func inActions() []string {
	return []string{
		"button", "overflow", "checkboxes", "radio_buttons", "datepicker", "timepicker", "datetimepicker", "static_select",
		"external_select", "users_select", "conversations_select", "channels_select",
	}
}

func inSections() []string {
	return []string{
		"button", "overflow", "checkboxes", "radio_buttons", "datepicker", "timepicker", "image", "static_select",
		"external_select", "users_select", "conversations_select", "channels_select", "multi_static_select",
		"multi_external_select", "multi_users_select", "multi_conversations_select", "multi_channels_select",
	}
}

func inInputs() []string {
	kinds := slices.DeleteFunc(append(inSections(), "plain_text_input", "email_text_input", "url_text_input", "number_input",
		"datetimepicker", "file_input"), func(kind string) bool { return kind == "button" || kind == "overflow" || kind == "image" })
	return kinds
}

// blocks takes the blocks of a surface.
func blocks(least, most int) rule {
	return func(c *checker, at string, v any) {
		list(least, most, block)(c, at, v)
	}
}

func block(c *checker, at string, v any) {
	kinds := map[string]shape{
		"section": {
			"text": either(maxSectionText), "fields": list(1, maxFields, either(maxField)), "expand": boolean,
			"accessory": element(inSections()...),
		},
		"header":   {"!text": plain(maxHeader)},
		"divider":  {},
		"context":  {"!elements": list(1, maxContext, contextElement)},
		"actions":  {"!elements": list(1, maxActions, element(inActions()...))},
		"image":    {"!alt_text": text(1, maxImageAlt), "image_url": link, "slack_file": slackFile, "title": plain(maxImageTitle)},
		"markdown": {"!text": shown(maxMarkdownBlock)},
		"input": {
			"!label": plain(maxLabel), "!element": element(inInputs()...), "hint": plain(maxLabel),
			"optional": boolean, "dispatch_action": boolean,
		},
	}
	for _, fields := range kinds {
		fields["block_id"] = uniqueID
	}
	if c.surface == "message" {
		delete(kinds, "input")
	} else {
		delete(kinds, "markdown")
	}
	byType(kinds)(c, at, v)
	given, _ := v.(map[string]any)
	switch given["type"] {
	case "section":
		if given["text"] == nil && given["fields"] == nil {
			c.fail(at, "must provide text or fields")
		}
	case "image":
		if (given["image_url"] == nil) == (given["slack_file"] == nil) {
			c.fail(at, "must provide either image_url or slack_file")
		}
	case "input":
		if kind := kindOf(given["element"]); kind == "file_input" && c.surface != "modal" {
			c.fail(at+"/element", "unsupported type: file_input")
		}
	}
	c.uniqueActions(at, given)
}

func contextElement(c *checker, at string, v any) {
	if kindOf(v) == "image" {
		element("image")(c, at, v)
		return
	}
	either(maxField)(c, at, v)
}

// uniqueID is a block_id that no other block of the message or view has.
func uniqueID(c *checker, at string, v any) {
	text(1, maxID)(c, at, v)
	given, _ := v.(string)
	if c.ids[given] {
		c.fail(at, "block_id must be unique: %s", given)
	}
	c.ids[given] = true
}

// uniqueActions: presses are told apart by action_id, so it is to be unique in
// the whole message or view, which is stricter than within one block.
func (c *checker) uniqueActions(at string, given map[string]any) {
	for _, e := range interactive(given) {
		id, _ := e["action_id"].(string)
		if id == "" {
			continue
		}
		if c.actions[id] {
			c.fail(at, "action_id must be unique: %s", id)
		}
		c.actions[id] = true
	}
}

// interactive are the elements of the block that people can use.
func interactive(given map[string]any) []map[string]any {
	var found []map[string]any
	elements, _ := given["elements"].([]any)
	for _, v := range append(slices.Clone(elements), given["accessory"], given["element"]) {
		e, ok := v.(map[string]any)
		if kind := kindOf(v); ok && kind != "image" && kind != "mrkdwn" && kind != "plain_text" {
			found = append(found, e)
		}
	}
	return found
}

func kindOf(v any) string {
	given, _ := v.(map[string]any)
	kind, _ := given["type"].(string)
	return kind
}
