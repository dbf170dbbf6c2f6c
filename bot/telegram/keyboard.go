package telegram

import (
	"strings"
	"unicode/utf8"

	"funnelbot/bot/message"
)

// keyboard is an inline keyboard. The type of the library says "copy_text" with an empty text for
// every button, which the platform refuses with BUTTON_COPY_TEXT_INVALID; and an empty keyboard,
// which takes the buttons away, has to be a list and not null.
type keyboard struct {
	Rows [][]key `json:"inline_keyboard"`
}

// noKeyboard takes the buttons of a message away.
func noKeyboard() *keyboard { return &keyboard{Rows: [][]key{}} }

// key is one button.
type key struct {
	Text string `json:"text"`
	Data string `json:"callback_data"`
	// Style colours a button (https://core.telegram.org/bots/api#inlinekeyboardbutton).
	Style string `json:"style,omitempty"`
}

func keyOf(label, action string, look message.Look) key {
	label = shortCells(strings.TrimSpace(inline(label)), maxLabel)
	if !strings.ContainsFunc(label, seen) {
		label = "…"
	}
	k := key{Text: label, Data: action}
	switch look {
	case message.Ordinary:
	case message.Primary:
		k.Style = "primary"
	case message.Danger:
		k.Style = "danger"
	}
	return k
}

func buttons(all []message.Button) []key {
	keys := make([]key, 0, len(all))
	for _, b := range all {
		keys = append(keys, keyOf(b.Label, b.Action, b.Look))
	}
	return keys
}

// chosenMark stands before what is chosen.
const chosenMark = "✓ "

func options(all []message.Option) []key {
	keys := make([]key, 0, len(all))
	for _, o := range all {
		label := o.Label
		if o.Chosen {
			label = chosenMark + label
		}
		keys = append(keys, keyOf(label, o.Action, message.Ordinary))
	}
	return keys
}

// itemLabels returns the labels of the buttons of items: their own if no two are alike, or the
// number of the deal that an item refers to where each has one button. Nil: neither tells them apart.
func itemLabels(l message.List) func(i int, b message.Button) string {
	own, deals := map[string]bool{}, map[string]bool{}
	clash, single := false, true
	for _, item := range l.Items {
		for _, b := range item.Buttons {
			clash = clash || own[b.Label]
			own[b.Label] = true
		}
		if len(item.Buttons) > 0 {
			number := reference(item.Text)
			single = single && len(item.Buttons) == 1 && number != "" && !deals[number]
			deals[number] = true
		}
	}
	switch {
	case !clash:
		return func(_ int, b message.Button) string { return b.Label }
	case single:
		return func(i int, _ message.Button) string { return reference(l.Items[i].Text) }
	}
	return nil
}

// reference returns "#42" of the first deal that a line refers to.
func reference(l message.Line) string {
	for _, run := range l {
		if run.Style == message.Reference {
			number, _, _ := strings.Cut(run.Text, " ")
			return number
		}
	}
	return ""
}

// press adds buttons below the others, side by side where they are short. What cannot come back from
// the platform is no button.
func (r *renderer) press(keys []key) {
	var line []key
	width := 0
	for _, k := range keys {
		if k.Data == "" || len(k.Data) > message.MaxAction || !utf8.ValidString(k.Data) {
			continue
		}
		// All buttons of a row are as wide as the widest of them.
		wide := max(width, cells(k.Text)+2)
		if len(line) == maxRow || len(line) > 0 && wide*(len(line)+1) > rowCells {
			r.keys = append(r.keys, line)
			line, wide = nil, cells(k.Text)+2
		}
		line, width = append(line, k), wide
	}
	if len(line) > 0 {
		r.keys = append(r.keys, line)
	}
}

// boards divides rows into keyboards of at most maxButtons.
func boards(rows [][]key) [][][]key {
	var all [][][]key
	var now [][]key
	n := 0
	for _, line := range rows {
		if n+len(line) > maxButtons {
			all, now, n = append(all, now), nil, 0
		}
		now, n = append(now, line), n+len(line)
	}
	if len(now) > 0 {
		all = append(all, now)
	}
	return all
}
