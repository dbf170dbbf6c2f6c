package slacktest

import (
	"regexp"
	"slices"
	"strings"
)

// Plain is what a reader sees: the text of the blocks from top to bottom, or
// the text when there are none; buttons as [Label], what is chosen from as
// <placeholder: option | option>, inputs with their label.
func (m Message) Plain() string {
	if len(m.Blocks) == 0 {
		return unescape(m.Text)
	}
	return plainBlocks(m.Blocks, nil)
}

// Plain is what the user sees: the title, the blocks as in a message with the
// errors below their inputs, and the buttons of the frame.
func (v View) Plain() string {
	var lines []string
	if v.Title != "" {
		lines = append(lines, "== "+v.Title+" ==")
	}
	lines = append(lines, plainBlocks(v.Blocks, v.Errors))
	var frame []string
	for _, label := range []string{v.Close, v.Submit} {
		if label != "" {
			frame = append(frame, "["+label+"]")
		}
	}
	if len(frame) > 0 {
		lines = append(lines, strings.Join(frame, " "))
	}
	return strings.Join(lines, "\n")
}

func plainBlocks(list []map[string]any, errors map[string]string) string {
	var lines []string
	for _, b := range list {
		lines = append(lines, plainBlock(b)...)
		id, _ := b["block_id"].(string)
		if words := errors[id]; words != "" {
			lines = append(lines, "  ! "+words)
		}
	}
	return strings.Join(lines, "\n")
}

func plainBlock(b map[string]any) []string {
	switch kindOf(b) {
	case "header":
		return []string{"# " + read(b["text"])}
	case "divider":
		return []string{"---"}
	case "markdown":
		words, _ := b["text"].(string)
		return []string{words}
	case "image":
		words, _ := b["alt_text"].(string)
		return []string{"(" + words + ")"}
	case "context":
		return []string{strings.Join(each(b["elements"], plainContext), " ")}
	case "actions":
		return []string{strings.Join(each(b["elements"], plainElement), " ")}
	case "input":
		lines := []string{read(b["label"]) + ": " + plainElement(b["element"])}
		if hint := read(b["hint"]); hint != "" {
			lines = append(lines, "  "+hint)
		}
		return lines
	}
	var lines []string
	if words := read(b["text"]); words != "" {
		lines = append(lines, words)
	}
	lines = append(lines, each(b["fields"], read)...)
	if b["accessory"] != nil {
		lines = append(lines, plainElement(b["accessory"]))
	}
	return lines
}

func each(v any, show func(any) string) []string {
	list, _ := v.([]any)
	shown := make([]string, 0, len(list))
	for _, one := range list {
		shown = append(shown, show(one))
	}
	return shown
}

// labelled is a link with the words that are shown for it.
const labelled = `<(?:https?|mailto|tel):[^<>|]*\|([^<>]*)>`

// read is a text object as it is read: only mrkdwn has links and escapes.
func read(v any) string {
	if kindOf(v) == "mrkdwn" {
		return unescape(regexp.MustCompile(labelled).ReplaceAllString(wordsOf(v), "$1"))
	}
	return wordsOf(v)
}

// Links are where the links of the surface lead to, in order.
func Links(on Surface) []string {
	pattern := regexp.MustCompile(`<((?:https?|mailto|tel):[^<>|]*)(?:\|[^<>]*)?>`)
	var found []string
	for _, b := range on.parts() {
		eachMarkup(b, func(words string, _ bool) {
			for _, hit := range pattern.FindAllStringSubmatch(words, -1) {
				found = append(found, unescape(hit[1]))
			}
		})
	}
	return found
}

func plainContext(v any) string {
	if kindOf(v) == "image" {
		return plainElement(v)
	}
	return read(v)
}

func plainElement(v any) string {
	e, _ := v.(map[string]any)
	switch kindOf(e) {
	case "button":
		return "[" + read(e["text"]) + "]"
	case "image":
		words, _ := e["alt_text"].(string)
		return "(" + words + ")"
	}
	name := read(e["placeholder"])
	var choices []string
	state := initially(e)
	for _, o := range choicesOf(e) {
		option, _ := o.(map[string]any)
		label := read(option["text"])
		if chosen(state, option) {
			label = "*" + label
		}
		choices = append(choices, label)
	}
	if len(choices) > 0 {
		if name != "" {
			name += ": "
		}
		return "<" + name + strings.Join(choices, " | ") + ">"
	}
	if initial, ok := state[fieldOf(kindOf(e))].(string); ok && initial != "" {
		return "<" + initial + ">"
	}
	return "<" + name + ">"
}

func chosen(state, option map[string]any) bool {
	is := func(v any) bool {
		one, _ := v.(map[string]any)
		return one != nil && one["value"] == option["value"]
	}
	several, _ := state["selected_options"].([]any)
	return is(state["selected_option"]) || slices.ContainsFunc(several, is)
}
