package dialog

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

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
	if utf8.RuneCountInString(text) > maxText {
		t.problem = funnel.Refuse(CodeTooLong, funnel.Args{"limit": maxText})
		return
	}
	shown := t.options(at.step, before)
	if n, err := strconv.Atoi(text); err == nil && at.step.numbered(shown) && n >= 1 && n <= len(t.state.Offered) {
		t.pick(t.state.Offered[n-1])
		return
	}
	v, meanings, problem := at.step.read(text, t.script.parser(*at.step), before)
	switch {
	case problem != nil:
		t.problem = problem
	case meanings != nil:
		t.offer(at.step, meanings, text)
	default:
		t.accept(at.step, v, before)
	}
}

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

// enter is the empty answer: the default, or nothing where nothing will do.
func (t *turn) enter(at spot, before Answers) {
	v := t.preset(at, before)
	switch {
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
	case i >= 0:
		t.accept(at.step, at.step.value(options[i]), before)
	case slices.Contains(t.state.Offered, key):
		t.problem = funnel.Refuse(CodeOptionGone, nil)
	default:
		t.problem = funnel.Refuse(CodeNoOption, funnel.Args{"answer": key})
	}
}

// accept takes v as the answer of the step, unless it does not hold.
func (t *turn) accept(step *Step, v Value, before Answers) {
	v = step.named(v.clean(), before)
	if t.problem = step.judge(v, before); t.problem != nil {
		return
	}
	was, given := t.state.Answers[step.Key]
	t.state.Answers[step.Key] = v
	if !t.fits(t.room(v)) {
		if t.state.Answers[step.Key] = was; !given {
			delete(t.state.Answers, step.Key)
		}
		t.problem = funnel.Refuse(CodeTooLong, funnel.Args{"limit": 0})
		return
	}
	t.proceed()
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

// named gives a choice the name its option has now.
func (step *Step) named(v Value, before Answers) Value {
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
