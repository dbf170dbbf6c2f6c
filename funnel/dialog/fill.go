package dialog

import (
	"slices"
	"strings"
	"unicode/utf8"

	"funnelbot/funnel"
)

// fill takes a form: what stands in its fields answers the questions that were shown. It reports whether
// any of them is still asked.
func (t *turn) fill(fields []Field) bool {
	if t.seen.Phase != Ask || t.seen.Script != t.script.Key {
		return false
	}
	shown := t.seen.Page
	if len(shown) == 0 {
		shown = []string{t.seen.Cursor}
	}
	t.problems, t.meanings = map[string]*funnel.Error{}, map[string][]Value{}
	any := false
	for _, key := range shown {
		spots := t.path()
		i := find(spots, key)
		if i < 0 {
			continue
		}
		any = true
		var f Field
		if j := slices.IndexFunc(fields, func(f Field) bool { return f.Step == key }); j >= 0 {
			f = fields[j]
		}
		if problem := t.take(spots[i], before(spots, i, t.state.Answers), f); problem != nil {
			t.problems[key] = problem
		}
	}
	if any {
		t.prune()
		t.stay(shown)
	}
	return any
}

// hold keeps what stands in a form that is left without being sent, as far as it holds. What is empty
// there stays open.
func (t *turn) hold(fields []Field) {
	if t.seen.Phase != Ask || t.seen.Script != t.script.Key {
		return
	}
	t.meanings = map[string][]Value{}
	for _, f := range fields {
		if !slices.Contains(t.seen.Page, f.Step) || len(f.Keys) == 0 && strings.TrimSpace(cleanText(f.Text)) == "" {
			continue
		}
		spots := t.path()
		if i := find(spots, f.Step); i >= 0 {
			_ = t.take(spots[i], before(spots, i, t.state.Answers), f) // nobody who leaves is held up by it
		}
	}
	t.prune()
	t.meanings = nil
}

// take keeps what one field holds as the answer of its question, or returns why it cannot.
func (t *turn) take(at spot, before Answers, f Field) *funnel.Error {
	if len(f.Keys) > 0 {
		v, ok := at.step.chosen(f.Keys, before)
		if !ok {
			return funnel.Refuse(CodeOptionGone, nil)
		}
		return t.keep(at.step, v, before)
	}
	text := strings.TrimSpace(cleanText(f.Text))
	if text == "" {
		// A form shows the default filled in: a field without it was emptied by hand.
		if !at.step.Optional {
			return funnel.Refuse(CodeEmpty, nil)
		}
		return t.keep(at.step, Value{}, before)
	}
	v, meanings, problem := t.understand(at.step, text, nil, before)
	switch {
	case problem != nil:
		return problem
	case meanings != nil:
		t.meanings[at.step.Key] = meanings
		return funnel.Refuse(CodeAmbiguous, funnel.Args{"answer": text})
	}
	return t.keep(at.step, v, before)
}

// chosen returns the answer that the options with the keys give.
func (step *Step) chosen(keys []string, before Answers) (Value, bool) {
	options := step.options(before)
	if step.Kind == Several {
		picked := ordered(options, keys)
		unknown := slices.ContainsFunc(keys, func(key string) bool { return !slices.Contains(picked, key) })
		return SeveralOf(picked...), !unknown
	}
	i := slices.IndexFunc(options, func(o Option) bool { return o.Key == keys[0] })
	if i < 0 || len(keys) > 1 {
		return Value{}, false
	}
	return step.value(options[i]), true
}

// stay goes on after a form where all of it held, and otherwise shows what does not hold.
func (t *turn) stay(shown []string) {
	spots := t.path()
	left := slices.DeleteFunc(slices.Clone(shown), func(key string) bool { return find(spots, key) < 0 })
	i := slices.IndexFunc(left, func(key string) bool { return t.problems[key] != nil })
	if i < 0 {
		t.proceed()
		return
	}
	step := spots[find(spots, left[i])].step
	if len(left) > t.script.Page || t.seen.ScriptVersion != t.script.Version {
		t.ask(step, t.state.Editing)
		t.state.Candidates = t.meanings[step.Key]
		if t.script.Page > 0 || !t.fits(MaxState) {
			t.state.Candidates = nil
		}
		return
	}
	t.filled = true
	t.state.Phase, t.state.Page = Ask, left
	t.point(step)
}

// understand reads a text typed at the step. Offered are the keys that numbers stand for.
func (t *turn) understand(step *Step, text string, offered []string, before Answers) (Value, []Value, *funnel.Error) {
	if utf8.RuneCountInString(text) > maxText {
		return Value{}, nil, funnel.Refuse(CodeTooLong, funnel.Args{"limit": maxText})
	}
	if step.Kind == Several {
		return step.several(text, offered, t.script.parser(*step), before)
	}
	return step.read(text, t.script.parser(*step), before)
}
