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
		a.press = &bot.Press{Action: a.origin.Reply}
		a.press.Fields, a.blocks, a.inputs = fields(questions)
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
			e.text, e.keys = held(kind, v.State.Values[id][action])
		}
		e.changed = true
		if i, known := at[id]; known {
			was := v.Blocks[i].Element
			text, keys := held(kind, field{Value: was.Value, Date: was.Date, Selected: was.Option, Several: was.Several})
			e.changed = e.text != text || !slices.Equal(e.keys, keys)
		}
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

// held is what an input holds: words or a day, or the options that were chosen.
func held(kind inputKind, f field) (text string, keys []string) {
	pick := func(c chosen) {
		if key := tidy(c.Value); key != "" && units(key) <= maxValue && len(keys) < maxOptions && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	switch kind {
	case inputText:
		text = tidy(f.Value)
	case inputDate:
		text = tidy(f.Date)
	case inputPick:
		if f.Selected != nil {
			pick(*f.Selected)
		}
	case inputMany:
		for _, c := range f.Several {
			pick(c)
		}
	}
	return text, keys
}

// unsent is what somebody has given on a page that is left without being sent: what stood there at first
// is no answer.
func unsent(from origin, v sentView) []dialog.Field {
	if from.Reply == "" {
		return nil
	}
	questions, _ := entries(v)
	for n, all := range questions {
		if best := chief(all); best.empty() || !best.changed {
			delete(questions, n)
		}
	}
	given, _, _ := fields(questions)
	return given
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

// fields are what stands in a page, the inputs by the names of their questions where it stands, and all
// its inputs.
func fields(questions map[int][]entry) (given []dialog.Field, blocks map[string]string, inputs []string) {
	blocks = map[string]string{}
	for _, n := range slices.Sorted(maps.Keys(questions)) {
		all := questions[n]
		best := chief(all)
		if blocks[best.name] != "" || best.name == "" {
			continue // a question stands once on a page of this door
		}
		f := dialog.Field{Step: tidy(best.name), Text: best.text, Keys: slices.Clone(best.keys)}
		for _, e := range all {
			inputs = append(inputs, e.block)
			if e.kind == inputMany && best.kind == inputMany && e.block != best.block {
				f.Keys = append(f.Keys, e.keys...)
			}
		}
		blocks[best.name] = best.block
		given = append(given, f)
	}
	return given, blocks, inputs
}
