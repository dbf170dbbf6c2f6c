package dialog

import "slices"

// maxOffered bounds the bytes of option keys that a state keeps for typed numbers, for what is picked and
// for a page. Longer lists are picked from by name or button.
const maxOffered = 4 << 10

// options returns what can be picked at the step now.
func (t *turn) options(step *Step, before Answers) []Option {
	if step.Key == t.state.Cursor && len(t.state.Candidates) > 0 {
		return candidateOptions(t.state.Candidates)
	}
	if meanings := t.meanings[step.Key]; len(meanings) > 0 {
		return candidateOptions(meanings)
	}
	return step.options(before)
}

// outcome says what is to be shown, and counts it if that is another thing than what was shown before.
func (t *turn) outcome() (State, Outcome) {
	st := &t.state
	if st.Phase == Ask && len(st.Page) > 0 {
		return t.page()
	}
	if st.Phase == Ask {
		prompt := t.prompt()
		return t.state, Outcome{Result: Ask, Prompt: prompt}
	}
	st.Cursor, st.Kind, st.Editing, st.Offered, st.Candidates = "", "", false, nil, nil
	st.Picked, st.Page, st.Paused = nil, nil, st.Paused && st.Phase == Review
	t.count()
	o := Outcome{Result: st.Phase}
	switch st.Phase {
	case Review:
		o.Summary = t.summary()
	case Finished:
		o.Answers = st.clone().Answers
	case Ask, Cancelled, Paused, Stale:
	}
	return t.state, o
}

// stale is the outcome of an input that was not taken. A dialog that turns out to have nothing left to ask
// has ended all the same.
func (t *turn) stale() (State, Outcome) {
	t.state.Paused = t.seen.Paused
	state, o := t.outcome()
	if !state.Ended() {
		o.Result = Stale
	}
	return state, o
}

// later is the outcome of setting the dialog aside.
func (t *turn) later() (State, Outcome) {
	t.state.Paused = true
	state, o := t.outcome()
	if !state.Ended() {
		o = Outcome{Result: Paused}
	}
	return state, o
}

// count makes the buttons of what was shown before old, if something else is shown now.
func (t *turn) count() {
	if t.differs() {
		t.state.Version++
		t.tapped()
	}
}

func (t *turn) differs() bool {
	was, is := t.seen, t.state
	switch {
	case was.Phase != is.Phase, !slices.Equal(was.Page, is.Page), was.Cursor == is.Cursor && was.Kind != is.Kind:
		return true
	case len(is.Page) > 0 && t.filled:
		return false // a form that is mended is sent under the token it has
	case !slices.Equal(was.Candidates, is.Candidates):
		return true
	case len(is.Page) > 0:
		return t.toggled != ""
	}
	return was.Cursor != is.Cursor || !slices.Equal(was.Offered, is.Offered) || !slices.Equal(was.Picked, is.Picked)
}

func (t *turn) prompt() *Prompt {
	st := &t.state
	spots := t.path()
	i := find(spots, st.Cursor)
	at, before := spots[i], before(spots, i, st.Answers)
	st.Offered = offered(t.options(at.step, before))
	st.Picked = t.picked(at, before)
	t.count()
	p := t.put(spots, i)
	p.Help, p.Editing = t.help, st.Editing
	p.Numbered = at.step.numbered(p.Options) && len(st.Offered) == len(p.Options)
	if at.step.Kind == Several && !p.Candidates {
		p.Controls = append(p.Controls, CanDone)
	}
	if i > 0 || st.Editing {
		p.Controls = append(p.Controls, CanBack)
	}
	if at.step.Optional {
		p.Controls = append(p.Controls, CanSkip)
	}
	p.Controls = append(p.Controls, t.always()...)
	return &p
}

// put returns the question as it stands, without what can be done beside answering.
func (t *turn) put(spots []spot, i int) Prompt {
	at, before := spots[i], before(spots, i, t.state.Answers)
	speaks := at.step.Key == t.state.Cursor
	p := Prompt{
		Script: t.script.Key, Step: at.step.Key, Kind: at.step.Kind, Token: t.state.Token(), Group: at.step.Group,
		Options: t.options(at.step, before), Optional: at.step.Optional,
		Candidates: speaks && len(t.state.Candidates) > 0 || len(t.meanings[at.step.Key]) > 0,
		Default:    t.preset(at, before), Problem: t.problems[at.step.Key],
		Position: i + 1, Total: len(spots),
	}
	if speaks && p.Problem == nil {
		p.Problem = t.problem
	}
	if p.Problem == nil && !p.Candidates {
		p.Problem = at.problem
	}
	if at.step.Kind == Several && !p.Candidates {
		p.Picked = t.picked(at, before)
	}
	return p
}

// page is the outcome of several questions that stand at once.
func (t *turn) page() (State, Outcome) {
	st := &t.state
	spots := t.path()
	st.Offered = nil
	i := find(spots, st.Cursor)
	st.Picked = t.picked(spots[i], before(spots, i, st.Answers))
	t.count()
	page := &Page{Script: t.script.Key, Token: st.Token(), Total: len(spots), Help: t.help}
	for _, key := range st.Page {
		i := find(spots, key)
		if len(page.Prompts) == 0 {
			page.Position = i + 1
		}
		p := t.put(spots, i)
		p.Editing = st.Editing
		page.Prompts = append(page.Prompts, p)
	}
	if st.Editing || t.preceding(spots) != nil {
		page.Controls = append(page.Controls, CanBack)
	}
	page.Controls = append(page.Controls, t.always()...)
	return t.state, Outcome{Result: Ask, Page: page}
}

// always returns what can be done whatever is shown.
func (t *turn) always() []Control {
	if t.script.Pausable {
		return []Control{CanLater, CanHelp, CanCancel}
	}
	return []Control{CanHelp, CanCancel}
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
	s.Controls = append(s.Controls, t.always()...)
	return s
}
