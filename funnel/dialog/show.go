package dialog

import "slices"

// maxOffered bounds the bytes of option keys that a state keeps for typed numbers. Longer lists are picked
// from by name or button.
const maxOffered = 4 << 10

// options returns what can be picked at the step now.
func (t *turn) options(step *Step, before Answers) []Option {
	if len(t.state.Candidates) > 0 {
		return candidateOptions(t.state.Candidates)
	}
	return step.options(before)
}

// outcome says what is to be shown, and counts it if that is another thing than what was shown before.
func (t *turn) outcome() (State, Outcome) {
	if t.state.Phase == Ask {
		prompt := t.prompt()
		return t.state, Outcome{Result: Ask, Prompt: prompt}
	}
	st := &t.state
	st.Cursor, st.Kind, st.Editing, st.Offered, st.Candidates = "", "", false, nil, nil
	t.count()
	o := Outcome{Result: st.Phase}
	switch st.Phase {
	case Review:
		o.Summary = t.summary()
	case Finished:
		o.Answers = st.clone().Answers
	case Ask, Cancelled, Stale:
	}
	return t.state, o
}

// stale is the outcome of an input that was not taken. A dialog that turns out to have nothing left to ask
// has ended all the same.
func (t *turn) stale() (State, Outcome) {
	state, o := t.outcome()
	if !state.Ended() {
		o.Result = Stale
	}
	return state, o
}

// count makes the buttons of what was shown before old, if something else is shown now.
func (t *turn) count() {
	was, is := t.seen, t.state
	if was.Phase != is.Phase || was.Cursor != is.Cursor || was.Kind != is.Kind ||
		!slices.Equal(was.Offered, is.Offered) || !slices.Equal(was.Candidates, is.Candidates) {
		t.state.Version++
	}
}

func (t *turn) prompt() *Prompt {
	st := &t.state
	spots := t.path()
	i := find(spots, st.Cursor)
	at, before := spots[i], before(spots, i, st.Answers)
	options := t.options(at.step, before)
	st.Offered = offered(options)
	t.count()
	p := &Prompt{
		Script: t.script.Key, Step: at.step.Key, Kind: at.step.Kind, Token: st.Token(),
		Options: options, Numbered: at.step.numbered(options) && len(st.Offered) == len(options),
		Candidates: len(st.Candidates) > 0,
		Default:    t.preset(at, before), Problem: t.problem, Help: t.help,
		Position: i + 1, Total: len(spots), Editing: st.Editing,
	}
	if p.Problem == nil && !p.Candidates {
		p.Problem = at.problem
	}
	if i > 0 || st.Editing {
		p.Controls = append(p.Controls, CanBack)
	}
	if at.step.Optional {
		p.Controls = append(p.Controls, CanSkip)
	}
	p.Controls = append(p.Controls, CanHelp, CanCancel)
	return p
}

// offered returns the keys of the options, or as many of the first as a state keeps.
func offered(options []Option) []string {
	var keys []string
	size := 0
	for _, o := range options {
		if size += len(o.Key) + len(`"",`); size > maxOffered {
			break
		}
		keys = append(keys, o.Key)
	}
	return keys
}

func (t *turn) summary() *Summary {
	s := &Summary{Script: t.script.Key, Token: t.state.Token(), Problem: t.problem, Help: t.help}
	for _, at := range t.path() {
		s.Items = append(s.Items, Item{Step: at.step.Key, Kind: at.step.Kind, Value: t.state.Answers[at.step.Key]})
	}
	s.Controls = []Control{CanConfirm}
	if len(s.Items) > 0 {
		s.Controls = append(s.Controls, CanEdit, CanBack)
	}
	s.Controls = append(s.Controls, CanHelp, CanCancel)
	return s
}
