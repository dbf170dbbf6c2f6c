package dialog

import (
	"slices"
	"strconv"
	"strings"

	"funnelbot/funnel"
)

// preselected returns the options that are picked when a question with several answers is first shown:
// what was answered before as far as it can still be chosen, or the default.
func (t *turn) preselected(at spot, before Answers) []string {
	if at.step.Kind != Several {
		return nil
	}
	v := t.state.Answers[at.step.Key]
	if !at.given && at.step.Default != nil {
		v = at.step.Default(before)
	}
	return ordered(at.step.options(before), v.Picked())
}

// picked returns the options that are picked at the question now.
func (t *turn) picked(at spot, before Answers) []string {
	if at.step.Key != t.state.Cursor {
		return t.preselected(at, before)
	}
	return ordered(at.step.options(before), t.state.Picked)
}

// ordered returns those keys that the options have, each once and in the order of the options; nil for none.
func ordered(options []Option, keys []string) []string {
	var found []string
	for _, o := range options {
		if slices.Contains(keys, o.Key) && !slices.Contains(found, o.Key) {
			found = append(found, o.Key)
		}
	}
	return found
}

// toggle picks an option of a question with several answers, or takes it out again.
func (t *turn) toggle(key string, options []Option) {
	picked := slices.Clone(t.state.Picked)
	if i := slices.Index(picked, key); i >= 0 {
		picked = slices.Delete(picked, i, i+1)
	} else {
		picked = append(picked, key)
	}
	if picked = ordered(options, picked); !SeveralOf(picked...).sound(Several) && len(picked) > 0 {
		t.problem = funnel.Refuse(CodeTooLong, funnel.Args{"limit": 0})
		return
	}
	t.state.Picked, t.toggled = picked, key
}

// maxTaps is how many options picked one after another are remembered: more than are under way at once.
const maxTaps = 8

// tapped remembers what the buttons shown now differ by from those before.
func (t *turn) tapped() {
	if t.toggled == "" || len(t.state.Page) > 0 {
		t.state.Taps = nil
		return
	}
	taps := t.seen.Taps
	t.state.Taps = slices.Concat(taps[max(0, len(taps)+1-maxTaps):], []string{t.toggled})
}

// late reports whether a button is of the same question as it was shown before other options of it were
// picked: two that are pressed one right after the other both count, whichever was shown when. The second press
// of one and the same option is old, because it would take the first one back.
func (t *turn) late(in Input) bool {
	count, ok := strings.CutPrefix(in.Token, t.state.ID+".")
	if !ok || in.Act != ActPick || t.state.Kind != Several || len(t.state.Candidates) > 0 {
		return false
	}
	version, err := strconv.ParseInt(count, 36, 64)
	ago := t.state.Version - version
	if err != nil || ago < 1 || ago > int64(len(t.state.Taps)) {
		return false
	}
	return !slices.Contains(t.state.Taps[len(t.state.Taps)-int(ago):], in.Key)
}

// done accepts what is picked; nothing is the answer to an optional question only.
func (t *turn) done() {
	at, before, ok := t.current()
	if !ok {
		return
	}
	picked := t.picked(at, before)
	switch {
	case len(picked) > 0:
		t.accept(at.step, SeveralOf(picked...), before)
	case at.step.Optional:
		t.accept(at.step, Value{}, before)
	default:
		t.problem = funnel.Refuse(CodeEmpty, nil)
	}
}

// several understands a text that names any number of options. Offered are the keys that numbers stand
// for. Parts that can mean more than one option make several meanings of the whole.
func (step *Step) several(text string, offered []string, parse Parse, before Answers) (Value, []Value, *funnel.Error) {
	options := step.options(before)
	meanings := [][]string{nil}
	for _, part := range parts(text, options) {
		found, problem := step.part(part, options, offered, parse)
		if problem != nil {
			return Value{}, nil, problem
		}
		if len(meanings)*len(found) > maxCandidates {
			return Value{}, nil, funnel.Refuse(CodeNoOption, funnel.Args{"answer": part})
		}
		var longer [][]string
		for _, m := range meanings {
			for _, keys := range found {
				longer = append(longer, slices.Concat(m, keys))
			}
		}
		meanings = longer
	}
	all := make([]Value, len(meanings))
	for i, m := range meanings {
		all[i] = SeveralOf(ordered(options, m)...)
	}
	switch all = step.candidates(all); len(all) {
	case 0:
		return Value{}, nil, funnel.Refuse(CodeNoOption, funnel.Args{"answer": text})
	case 1:
		return all[0], nil, nil
	}
	return Value{}, all, nil
}

// part returns the options that one part of the text can mean. Each meaning is a list, because a parser
// may know a word for several options.
func (step *Step) part(part string, options []Option, offered []string, parse Parse) ([][]string, *funnel.Error) {
	if n, err := strconv.Atoi(part); err == nil && n >= 1 && n <= len(offered) {
		return [][]string{{offered[n-1]}}, nil
	}
	if o, ok := called(options, part); ok {
		return [][]string{{o.Key}}, nil
	}
	var found [][]string
	for _, o := range partly(options, part) {
		found = append(found, []string{o.Key})
	}
	if len(found) > 0 {
		return found, nil
	}
	none := funnel.Refuse(CodeNoOption, funnel.Args{"answer": part})
	if parse == nil {
		return nil, none
	}
	v, err := parse(part)
	if err != nil {
		return nil, step.refusal(err)
	}
	keys := v.Picked()
	if v.Kind == Choice {
		keys = []string{v.Key}
	}
	if len(ordered(options, keys)) == 0 {
		return nil, none
	}
	return [][]string{keys}, nil
}

// parts divides a text into the names or numbers of options: at commas, at a conjunction that is
// not within the name of an option, and numbers at spaces too.
func parts(text string, options []Option) []string {
	if text == "" {
		return nil
	}
	if _, ok := called(options, text); ok || len(partly(options, text)) > 0 {
		return []string{text}
	}
	for _, divide := range []func(string) []string{commas, ands, numbers} {
		if pieces := divide(text); !slices.Equal(pieces, []string{text}) {
			var all []string
			for _, piece := range pieces {
				all = append(all, parts(piece, options)...)
			}
			return all
		}
	}
	return []string{text}
}

func commas(text string) []string {
	return trimmed(strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",;\n", r) }))
}

// ands divides a text at the words that stand between the last two of several.
func ands(text string) []string {
	pieces := []string{""}
	for word := range strings.FieldsSeq(text) {
		switch fold(word) {
		case "and", "и", "&", "+":
			pieces = append(pieces, "")
		default:
			pieces[len(pieces)-1] += " " + word
		}
	}
	if len(pieces) == 1 {
		return []string{text}
	}
	return trimmed(pieces)
}

// numbers divides a text of several numbers at its spaces.
func numbers(text string) []string {
	fields := strings.Fields(text)
	for _, f := range fields {
		if _, err := strconv.Atoi(f); err != nil {
			return []string{text}
		}
	}
	return fields
}

func trimmed(pieces []string) []string {
	var kept []string
	for _, piece := range pieces {
		if piece = strings.TrimSpace(piece); piece != "" {
			kept = append(kept, piece)
		}
	}
	return kept
}
