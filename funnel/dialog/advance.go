package dialog

import "funnelbot/funnel"

// Start begins a dialog. The ID tells it from every other and is short, as every button carries it. Given
// are answers that are known already: their questions are asked only if they do not hold.
func Start(script Script, id string, given Answers) (State, Outcome) {
	state := State{ID: id, Script: script.Key, ScriptVersion: script.Version, Phase: Ask, Answers: given}.clone()
	for step, v := range state.Answers {
		state.Answers[step] = v.clean()
	}
	t := &turn{script: script, state: state}
	t.forget()
	t.proceed()
	return t.outcome()
}

// Resume shows where a dialog stands, after a restart, a command in between or in another chat. For one that
// has ended it repeats how, so that an effect that may not have happened can be made sure of.
func Resume(script Script, state State) (State, Outcome) {
	if state.Ended() {
		o := Outcome{Result: state.Phase}
		if state.Phase == Finished {
			o.Answers = state.clone().Answers
		}
		return state, o
	}
	t := &turn{script: script, seen: state, state: state.clone()}
	t.settle()
	t.state.Paused = false
	return t.outcome()
}

// Advance takes one input to the next state. A state that an older version of the script has left goes on
// where it can: if its question is no longer asked, the input is [Stale] and what stands now is shown.
// Where the place has other forms than that of the input before, the input is taken for what was shown
// there, and what comes next is shown as this place can.
func Advance(script Script, state State, in Input) (State, Outcome) {
	if state.Ended() {
		return state, Outcome{Result: Stale}
	}
	t := &turn{script: script, seen: state, state: state.clone()}
	moved := t.settle()
	pressed := in.Token != "" || in.Act == ActPick || in.Act == ActFill
	if pressed && in.Token != state.Token() && (moved || !t.late(in)) {
		return t.stale()
	}
	if moved && !in.Act.always() {
		return t.stale()
	}
	t.state.Paused = false
	switch in.Act {
	case ActAnswer:
		t.answer(in.Text)
	case ActPick:
		t.pick(in.Key)
	case ActBack:
		if !t.state.Editing {
			t.hold(in.Fields)
		}
		t.back()
	case ActSkip:
		t.skip()
	case ActEdit:
		t.edit(in.Key)
	case ActConfirm:
		t.confirm()
	case ActDone:
		if t.state.Phase == Ask && t.state.Kind != Several {
			return t.stale()
		}
		t.done()
	case ActFill:
		if !t.fill(in.Fields) {
			return t.stale()
		}
	case ActLater:
		if !script.Pausable {
			return t.stale()
		}
		t.hold(in.Fields)
		return t.later()
	case ActHelp:
		t.help = true
	case ActCancel:
		t.state.Phase = Cancelled
	default:
		return t.stale()
	}
	return t.outcome()
}

// always reports whether the act is taken whatever has become of the question; a form says itself
// which questions it answers.
func (a Act) always() bool {
	return a == ActCancel || a == ActHelp || a == ActLater || a == ActFill
}

// turn is one input on its way to an outcome.
type turn struct {
	script  Script
	seen    State // as it came
	state   State // as it goes, a copy
	problem *funnel.Error
	help    bool
	spots   []spot // the path, until an answer changes
	toggled string // an option that was picked or taken out, so that other buttons are shown
	// filled says that a form was sent whose page stands on. Problems and meanings are those of its fields.
	filled   bool
	problems map[string]*funnel.Error
	meanings map[string][]Value
}

// path returns the questions that are asked by the answers as they are now.
func (t *turn) path() []spot {
	if t.spots == nil {
		t.spots = t.script.path(t.state.Answers)
	}
	return t.spots
}

// settle brings the state to this version of the script. It reports whether what stood no longer stands.
func (t *turn) settle() (moved bool) {
	st := &t.state
	if st.Script != t.script.Key {
		st.Answers, st.Cursor = Answers{}, "" // answers to other questions
	}
	st.Script, st.ScriptVersion = t.script.Key, t.script.Version
	t.forget()
	t.prune()
	spots := t.path()
	if st.Phase == Review && firstPending(spots) < 0 {
		return false
	}
	if i := find(spots, st.Cursor); st.Phase == Ask && i >= 0 && spots[i].step.Kind == st.Kind {
		st.Editing = st.Editing && spots[i].given
		t.relay(spots)
		return false
	}
	t.stand()
	return true
}

// forget drops answers that this script has no question for.
func (t *turn) forget() {
	for key, v := range t.state.Answers {
		if step := t.script.step(key); step == nil || !v.Skipped() && v.Kind != step.Kind {
			delete(t.state.Answers, key)
		}
	}
}

// ask makes the step the question that stands, or its page.
func (t *turn) ask(step *Step, editing bool) {
	t.state.Phase, t.state.Editing = Ask, editing
	t.state.Page = t.from(t.path(), step.Key, editing)
	t.point(step)
}

// point makes the step the one that is spoken to.
func (t *turn) point(step *Step) {
	spots := t.path()
	i := find(spots, step.Key)
	t.state.Cursor, t.state.Kind, t.state.Candidates = step.Key, step.Kind, nil
	t.state.Picked = t.preselected(spots[i], before(spots, i, t.state.Answers))
}

// proceed goes to the first open question, and without one to the summary or the end.
func (t *turn) proceed() {
	t.prune()
	spots := t.path()
	if i := firstPending(spots); i >= 0 {
		t.ask(spots[i].step, false)
		return
	}
	t.state.Phase = Finished
	if t.script.Summary {
		t.state.Phase = Review
	}
}

// stand goes where proceed does, but never ends a dialog that has questions: nobody has said yes to that.
func (t *turn) stand() {
	t.proceed()
	if spots := t.path(); t.state.Phase == Finished && len(spots) > 0 {
		t.ask(spots[len(spots)-1].step, false)
	}
}
