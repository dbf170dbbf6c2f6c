package slacktest

import (
	"maps"
	"reflect"
	"slices"
	"strings"
)

// element takes the interactive elements of the kinds; "image" is one too.
func element(kinds ...string) rule {
	return func(c *checker, at string, v any) {
		known := elements()
		maps.DeleteFunc(known, func(kind string, _ shape) bool { return !slices.Contains(kinds, kind) })
		byType(known)(c, at, v)
		given, _ := v.(map[string]any)
		kind, _ := given["type"].(string)
		for _, also := range []rule{oneSource, initialAmongOptions, lengthsInOrder} {
			also(c, at, given)
		}
		if kind == "image" && (given["image_url"] == nil) == (given["slack_file"] == nil) {
			c.fail(at, "must provide either image_url or slack_file")
		}
		if given["focus_on_load"] == true {
			if c.focused++; c.focused > 1 {
				c.fail(at+"/focus_on_load", "only one element can be focused")
			}
		}
	}
}

func elements() map[string]shape {
	known := map[string]shape{
		"button": {
			"!text": plain(maxButtonText), "value": text(0, maxButtonValue), "url": link,
			"style": anyOf("primary", "danger"), "accessibility_label": text(1, maxLabelAloud), "confirm": confirm(),
		},
		"overflow": {"!options": options(maxOverflow, false, true), "confirm": confirm()},
		"checkboxes": {
			"!options": options(maxChoices, true, false), "initial_options": options(maxChoices, true, false),
			"confirm": confirm(), "focus_on_load": boolean,
		},
		"radio_buttons": {
			"!options": options(maxChoices, true, false), "initial_option": option(true, false),
			"confirm": confirm(), "focus_on_load": boolean,
		},
		"datepicker":     {"initial_date": day, "placeholder": plain(maxPlaceholder), "confirm": confirm(), "focus_on_load": boolean},
		"timepicker":     {"initial_time": hour, "timezone": zone, "placeholder": plain(maxPlaceholder), "confirm": confirm(), "focus_on_load": boolean},
		"datetimepicker": {"initial_date_time": moment, "confirm": confirm(), "focus_on_load": boolean},
		"plain_text_input": {
			"initial_value": text(0, maxInputLength), "multiline": boolean, "min_length": integer(0, maxInputLength),
			"max_length": integer(1, maxInputLength),
		},
		"email_text_input": {"initial_value": text(1, maxInputLength)},
		"url_text_input":   {"initial_value": text(1, maxInputLength)},
		"number_input": {
			"!is_decimal_allowed": boolean, "initial_value": text(1, maxInputLength),
			"min_value": text(1, maxInputLength), "max_value": text(1, maxInputLength),
		},
		"file_input": {"filetypes": list(1, maxOptions, text(1, maxID)), "max_files": integer(1, 10)},
		"image":      {"!alt_text": text(1, maxImageAlt), "image_url": link, "slack_file": slackFile},
	}
	for kind, fields := range known {
		if strings.HasSuffix(kind, "_input") && kind != "file_input" {
			fields["placeholder"] = plain(maxPlaceholder)
			fields["dispatch_action_config"] = dispatch()
			fields["focus_on_load"] = boolean
		}
	}
	maps.Copy(known, selects())
	for kind, fields := range known {
		if kind != "image" {
			fields["action_id"] = text(1, maxID)
		}
	}
	return known
}

func selects() map[string]shape {
	one := func(more shape) shape {
		maps.Copy(more, shape{"placeholder": plain(maxPlaceholder), "confirm": confirm(), "focus_on_load": boolean})
		return more
	}
	many := func(more shape) shape {
		more["max_selected_items"] = integer(1, maxOptions)
		return one(more)
	}
	ids := list(1, maxOptions, text(1, maxID))
	some := options(maxOptions, false, false)
	static := shape{"options": some, "option_groups": optionGroups()}
	with := func(base, more shape) shape {
		maps.Copy(more, base)
		return more
	}
	external := shape{"min_query_length": integer(0, maxOptions)}
	talks := shape{"default_to_current_conversation": boolean, "filter": conversationFilter()}
	return map[string]shape{
		"static_select":              one(with(static, shape{"initial_option": option(false, false)})),
		"multi_static_select":        many(with(static, shape{"initial_options": some})),
		"external_select":            one(with(external, shape{"initial_option": option(false, false)})),
		"multi_external_select":      many(with(external, shape{"initial_options": some})),
		"users_select":               one(shape{"initial_user": text(1, maxID)}),
		"multi_users_select":         many(shape{"initial_users": ids}),
		"conversations_select":       one(with(talks, shape{"initial_conversation": text(1, maxID), "response_url_enabled": boolean})),
		"multi_conversations_select": many(with(talks, shape{"initial_conversations": ids})),
		"channels_select":            one(shape{"initial_channel": text(1, maxID), "response_url_enabled": boolean}),
		"multi_channels_select":      many(shape{"initial_channels": ids}),
	}
}

// oneSource: a static select has either options or groups of them.
func oneSource(c *checker, at string, v any) {
	given, _ := v.(map[string]any)
	kind, _ := given["type"].(string)
	if strings.HasSuffix(kind, "static_select") && (given["options"] == nil) == (given["option_groups"] == nil) {
		c.fail(at, "must provide either options or option_groups")
	}
}

// initialAmongOptions: what is chosen at first must equal one of the options.
func initialAmongOptions(c *checker, at string, v any) {
	given, _ := v.(map[string]any)
	choices := choicesOf(given)
	if choices == nil {
		return
	}
	initial, _ := given["initial_options"].([]any)
	if one := given["initial_option"]; one != nil {
		initial = append(initial, one)
	}
	for _, value := range initial {
		if !slices.ContainsFunc(choices, func(o any) bool { return reflect.DeepEqual(o, value) }) {
			c.fail(at, "initial option must be one of the options")
		}
	}
}

func choicesOf(given map[string]any) []any {
	choices, _ := given["options"].([]any)
	groups, _ := given["option_groups"].([]any)
	for _, group := range groups {
		fields, _ := group.(map[string]any)
		more, _ := fields["options"].([]any)
		choices = append(choices, more...)
	}
	return choices
}

func lengthsInOrder(c *checker, at string, v any) {
	given, _ := v.(map[string]any)
	least, _ := given["min_length"].(float64)
	most, capped := given["max_length"].(float64)
	if capped && least > most {
		c.fail(at+"/min_length", "must not be more than max_length")
	}
	initial, _ := given["initial_value"].(string)
	if capped && float64(units(initial)) > most {
		c.fail(at+"/initial_value", "must not be longer than max_length")
	}
}
