package dialog

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"funnelbot/funnel"
)

// shortAnswer is how many bytes of a state are kept free for an answer to each open question.
const shortAnswer = 256

// current returns the question that stands, the answers before it, and whether one does.
func (t *turn) current() (spot, Answers, bool) {
	spots := t.path()
	i := find(spots, t.state.Cursor)
	if t.state.Phase != Ask || i < 0 {
		t.problem = funnel.Refuse(CodeConfirm, nil)
		return spot{}, nil, false
	}
	return spots[i], before(spots, i, t.state.Answers), true
}

func (t *turn) answer(text string) {
	at, before, ok := t.current()
	if !ok {
		return
	}
	text = strings.TrimSpace(cleanText(text))
	if text == "" {
		t.enter(at, before)
		return
	}
	var offered []string
	if at.step.numbered(t.options(at.step, before)) {
		offered = t.state.Offered
	}
	if n, err := strconv.Atoi(text); err == nil && n >= 1 && n <= len(offered) && !t.picks(at.step) {
		t.pick(offered[n-1])
		return
	}
	if len(t.state.Candidates) > 0 {
		offered = nil // the numbers stand for those
	}
	v, meanings, problem := t.understand(at.step, text, offered, before)
	switch {
	case problem != nil:
		t.problem = problem
	case meanings != nil:
		t.offer(at.step, meanings, text)
	default:
		t.accept(at.step, v, before)
	}
}

// picks reports whether options of the step are picked one after another, and not one of several meanings.
func (t *turn) picks(step *Step) bool { return step.Kind == Several && len(t.state.Candidates) == 0 }

// offer shows the meanings that the text can have.
func (t *turn) offer(step *Step, meanings []Value, text string) {
	was := t.state.Candidates
	t.state.Candidates = meanings
	t.problem = funnel.Refuse(CodeAmbiguous, funnel.Args{"answer": text})
	if !t.fits(MaxState) {
		t.state.Candidates = was
		t.problem = step.notUnderstood()
	}
}

// fits reports whether the state can be kept in limit bytes.
func (t *turn) fits(limit int) bool {
	data, err := t.state.Encode()
	return err == nil && len(data) <= limit
}

// enter is the empty answer: what is picked, the default, or nothing where nothing will do.
func (t *turn) enter(at spot, before Answers) {
	v := t.preset(at, before)
	switch {
	case at.step.Kind == Several:
		t.done()
	case !v.Skipped():
		t.accept(at.step, v, before)
	case at.step.Optional:
		t.accept(at.step, Value{}, before)
	default:
		t.problem = funnel.Refuse(CodeEmpty, nil)
	}
}

// preset returns what an empty answer accepts: what was said before, or the default of the step.
func (t *turn) preset(at spot, before Answers) Value {
	if at.step.Kind == Several {
		v := SeveralOf(t.picked(at, before)...)
		if at.step.judge(v, before) != nil {
			return Value{}
		}
		return v
	}
	if at.given && at.problem == nil {
		return t.state.Answers[at.step.Key]
	}
	if at.step.Default == nil {
		return Value{}
	}
	v := at.step.named(at.step.Default(before).clean(), before)
	if v.Skipped() || at.step.judge(v, before) != nil {
		return Value{}
	}
	return v
}

func (t *turn) pick(key string) {
	at, before, ok := t.current()
	if !ok {
		return
	}
	options := t.options(at.step, before)
	i := slices.IndexFunc(options, func(o Option) bool { return o.Key == key })
	switch {
	case i >= 0 && t.picks(at.step):
		t.toggle(key, options)
	case i >= 0:
		t.accept(at.step, at.step.value(options[i]), before)
	case slices.Contains(t.state.Offered, key):
		t.problem = funnel.Refuse(CodeOptionGone, nil)
	default:
		t.problem = funnel.Refuse(CodeNoOption, funnel.Args{"answer": key})
	}
}

// accept takes v as the answer of the step and goes on, unless it does not hold.
func (t *turn) accept(step *Step, v Value, before Answers) {
	if t.problem = t.keep(step, v, before); t.problem == nil {
		t.proceed()
	}
}

// keep takes v as the answer of the step, or returns why it cannot be.
func (t *turn) keep(step *Step, v Value, before Answers) *funnel.Error {
	v = step.named(v.clean(), before)
	if problem := step.judge(v, before); problem != nil {
		return problem
	}
	was, given := t.state.Answers[step.Key]
	t.state.Answers[step.Key], t.spots = v, nil
	if !t.fits(t.room(v)) {
		if t.state.Answers[step.Key] = was; !given {
			delete(t.state.Answers, step.Key)
		}
		return funnel.Refuse(CodeTooLong, funnel.Args{"limit": 0})
	}
	return nil
}

// room returns how many bytes the state may take once v is an answer. What is offered next needs some, and
// a long answer leaves enough for short ones to all other questions, so that every dialog can end.
func (t *turn) room(v Value) int {
	limit := MaxState - 2*maxOffered
	if data, err := json.Marshal(v); err == nil && len(data) <= shortAnswer/2 {
		return limit
	}
	return limit - shortAnswer*(len(t.script.Steps)-len(t.state.Answers))
}

// named gives a choice the name its option has now, and puts several in the order of the options.
func (step *Step) named(v Value, before Answers) Value {
	if v.Kind == Several && step.Kind == Several {
		options, keys := step.options(before), v.Picked()
		if picked := ordered(options, keys); !slices.ContainsFunc(keys, func(key string) bool { return !slices.Contains(picked, key) }) {
			v.Keys = strings.Join(picked, " ")
		}
		return v
	}
	if v.Kind != Choice || step.Kind != Choice {
		return v
	}
	for _, o := range step.options(before) {
		if o.Key == v.Key {
			return step.value(o).clean()
		}
	}
	return v
}

func (t *turn) skip() {
	at, before, ok := t.current()
	if !ok {
		return
	}
	t.accept(at.step, Value{}, before)
}

func (t *turn) back() {
	if t.state.Phase == Ask && t.state.Editing {
		t.stand()
		return
	}
	spots := t.path()
	if t.script.Page > 0 {
		page := t.preceding(spots)
		if page == nil {
			t.problem = funnel.Refuse(CodeFirst, nil)
			return
		}
		t.turnTo(spots, page)
		return
	}
	i := len(spots)
	if t.state.Phase == Ask {
		i = find(spots, t.state.Cursor)
	}
	if i < 1 {
		t.problem = funnel.Refuse(CodeFirst, nil)
		return
	}
	t.ask(spots[i-1].step, false)
}

func (t *turn) edit(key string) {
	spots := t.path()
	i := find(spots, key)
	if i < 0 || !spots[i].given {
		t.problem = funnel.Refuse(CodeNoAnswer, funnel.Args{"step": key})
		return
	}
	t.ask(spots[i].step, true)
}

func (t *turn) confirm() {
	if t.state.Phase != Review {
		t.problem = funnel.Refuse(CodeUnfinished, nil)
		return
	}
	t.state.Phase = Finished
}
