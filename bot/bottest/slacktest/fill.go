package slacktest

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// valueField is where a payload carries what was entered into an element.
func valueField(kind string) string {
	switch strings.TrimPrefix(kind, "multi_") {
	case "static_select", "external_select", "radio_buttons", "overflow":
		return "selected_option"
	case "checkboxes":
		return "selected_options"
	case "users_select":
		return "selected_user"
	case "conversations_select":
		return "selected_conversation"
	case "channels_select":
		return "selected_channel"
	case "datepicker":
		return "selected_date"
	case "timepicker":
		return "selected_time"
	case "datetimepicker":
		return "selected_date_time"
	case "file_input":
		return "files"
	default:
		return "value"
	}
}

func fieldOf(kind string) string {
	field := valueField(kind)
	if strings.HasPrefix(kind, "multi_") {
		field += "s"
	}
	return field
}

// initially is the state of the element before anybody touched it, nil for
// those that keep none.
func initially(e map[string]any) map[string]any {
	kind := kindOf(e)
	if kind == "button" || kind == "overflow" || kind == "image" {
		return nil
	}
	field := fieldOf(kind)
	value := e["initial_"+strings.TrimPrefix(field, "selected_")]
	if value == nil && strings.HasSuffix(field, "s") {
		value = []any{}
	}
	return map[string]any{"type": kind, field: value}
}

// entered is the state of the element after a person gave it the value: text
// for inputs, dates and ids; the label or value of an option, or several.
func entered(e map[string]any, value any) (map[string]any, error) {
	kind := kindOf(e)
	field := fieldOf(kind)
	state := map[string]any{"type": kind}
	several := []string{}
	switch given := value.(type) {
	case nil:
		empty := map[string]any{"type": kind, field: nil}
		if strings.HasSuffix(field, "s") {
			empty[field] = []any{}
		}
		return empty, nil
	case string:
		several = append(several, given)
	case []string:
		several = given
	case time.Time:
		state[field] = given.Unix()
		return state, nil
	default:
		return nil, fmt.Errorf("cannot enter %T", value)
	}
	many := strings.HasSuffix(field, "s")
	if !many && len(several) != 1 {
		return nil, fmt.Errorf("%s takes one value, not %d", kind, len(several))
	}
	var chosen []any
	for _, one := range several {
		entry, err := enteredOne(e, kind, one)
		if err != nil {
			return nil, err
		}
		chosen = append(chosen, entry)
	}
	if many {
		state[field] = chosen
	} else {
		state[field] = chosen[0]
	}
	return state, nil
}

func enteredOne(e map[string]any, kind, value string) (any, error) {
	if strings.HasSuffix(kind, "external_select") { // what the bot offered is the caller's to know
		return map[string]any{"text": map[string]any{"type": "plain_text", "text": value, "emoji": true}, "value": value}, nil
	}
	if choices := choicesOf(e); choices != nil {
		at := slices.IndexFunc(choices, func(o any) bool {
			option, _ := o.(map[string]any)
			return unescape(wordsOf(option["text"])) == value || wordsOf(option["text"]) == value || option["value"] == value
		})
		if at < 0 {
			return nil, fmt.Errorf("no option %q", value)
		}
		return deepCopy(choices[at]), nil
	}
	if fieldOf(kind) != "value" {
		return value, nil
	}
	if least, ok := e["min_length"].(float64); ok && units(value) < int(least) {
		return nil, fmt.Errorf("the input takes %d characters or more", int(least))
	}
	if most, ok := e["max_length"].(float64); ok && units(value) > int(most) || units(value) > maxInputLength {
		return nil, fmt.Errorf("the input does not take %d characters", units(value))
	}
	if value == "" {
		return nil, nil
	}
	return value, nil
}

// wordsOf is the text of a text object.
func wordsOf(v any) string {
	object, _ := v.(map[string]any)
	words, _ := object["text"].(string)
	return words
}

// isEmpty tells whether a state has nothing entered.
func isEmpty(state map[string]any) bool {
	value := state[fieldOf(kindOf(state))]
	list, isList := value.([]any)
	return value == nil || value == "" || isList && len(list) == 0
}
