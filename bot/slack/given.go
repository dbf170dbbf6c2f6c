package slack

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"

	"funnelbot/bot"
	"funnelbot/funnel/dialog"
)

// entry is an input of a form that was sent.
type entry struct {
	block string
	kind  inputKind
	// name is the action under which the answer comes back, on a page the name of the question.
	name string
	// text is what was typed or the day that was picked, keys the options that were chosen.
	text string
	keys []string
	// changed says that it holds something else than it was shown with.
	changed bool
}

func (e entry) empty() bool { return e.text == "" && len(e.keys) == 0 }

// submitted reads a form that was sent: a page, a summary that was accepted, or the answers of a form
// in the order of its questions.
func submitted(a act, p interaction) (act, bool) {
	if !reopen(&a.origin, p.View) {
		return act{}, false
	}
	a.way, a.message, a.turns = bySubmit, a.origin.Message, a.origin.Message != ""
	questions, hash := entries(p.View)
	a.key = keyOf(p.View.ID + "." + p.View.Hash + "." + hash)
	switch {
	case len(questions) == 0:
		a.press = &bot.Press{Action: a.origin.Submit}
		return a, a.origin.Submit != ""
	case a.origin.Reply != "":
		a.press = &bot.Press{Action: a.origin.Reply, Fields: a.fields(questions)}
		return a, true
	}
	for _, n := range slices.Sorted(maps.Keys(questions)) {
		all := questions[n]
		given := chief(all)
		answered := answer{block: given.block, press: bot.Press{Action: given.name, Value: given.text}}
		if len(given.keys) > 0 {
			answered.press = bot.Press{Action: given.keys[0]}
		}
		if given.empty() && (n >= len(a.origin.Default) || a.origin.Default[n] != mayBeEmpty) {
			a.missing = append(a.missing, given.block)
			continue
		}
		a.answers = append(a.answers, answered)
	}
	return a, true
}

// entries reads the inputs of a view by their questions, each in the order of the view, and what all
// of them hold as a short text.
func entries(v sentView) (map[int][]entry, string) {
	at := make(map[string]int, len(v.Blocks))
	for i, b := range v.Blocks {
		at[b.ID] = i
	}
	hash := sha256.New()
	questions := map[int][]entry{}
	for _, id := range slices.Sorted(maps.Keys(v.State.Values)) {
		n, kind, name, ok := readInput(id)
		if !ok {
			continue
		}
		e := entry{block: id, kind: kind, name: name}
		for _, action := range slices.Sorted(maps.Keys(v.State.Values[id])) {
			e.hold(v.State.Values[id][action])
		}
		var first entry
		if i, known := at[id]; known {
			was := v.Blocks[i].Element
			first = entry{kind: kind}
			first.hold(field{Value: was.Value, Date: was.Date, Selected: was.Option})
		}
		e.changed = e.text != first.text || !slices.Equal(e.keys, first.keys)
		_, _ = hash.Write([]byte(id + "\x00" + e.text + "\x00"))
		for _, key := range e.keys {
			_, _ = hash.Write([]byte(key + "\x00"))
		}
		questions[n] = append(questions[n], e)
	}
	for _, all := range questions {
		slices.SortStableFunc(all, func(a, b entry) int { return cmp.Compare(at[a.block], at[b.block]) })
	}
	return questions, hex.EncodeToString(hash.Sum(nil)[:8])
}

// hold reads what an input holds.
func (e *entry) hold(f field) {
	pick := func(c chosen) {
		if key := tidy(c.Value); key != "" && units(key) <= maxValue && len(e.keys) < maxOptions && !slices.Contains(e.keys, key) {
			e.keys = append(e.keys, key)
		}
	}
	switch e.kind {
	case inputText:
		e.text = tidy(f.Value)
	case inputDate:
		e.text = tidy(f.Date)
	case inputPick:
		if f.Selected != nil {
			pick(*f.Selected)
		}
		e.keys = e.keys[:min(len(e.keys), 1)]
	case inputMany:
		for _, c := range f.Several {
			pick(c)
		}
	}
}

// chief is the input of a question that holds its answer: one that was changed rather than one that
// was only shown, words rather than a choice. Where all are empty it is the first.
func chief(all []entry) entry {
	best := all[0]
	rank := func(e entry) int {
		n := 0
		if !e.empty() {
			n += 4
		}
		if e.changed && !e.empty() {
			n += 2
		}
		if e.kind == inputText && !e.empty() {
			n++
		}
		return n
	}
	for _, e := range all[1:] {
		if rank(e) > rank(best) {
			best = e
		}
	}
	return best
}

// fields are what stands in a page, and notes where each of them stands.
func (a *act) fields(questions map[int][]entry) []dialog.Field {
	a.blocks = map[string]string{}
	var fields []dialog.Field
	for _, n := range slices.Sorted(maps.Keys(questions)) {
		all := questions[n]
		given := chief(all)
		if a.blocks[given.name] != "" || given.name == "" {
			continue // a question stands once on a page of this door
		}
		f := dialog.Field{Step: tidy(given.name), Text: given.text, Keys: given.keys}
		for _, e := range all {
			a.inputs = append(a.inputs, e.block)
			if e.kind == inputMany && given.kind == inputMany && e.block != given.block {
				f.Keys = append(f.Keys, e.keys...)
			}
		}
		a.blocks[given.name] = given.block
		fields = append(fields, f)
	}
	return fields
}
