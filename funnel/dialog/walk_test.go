package dialog_test

import (
	"bytes"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"

	"funnelbot/funnel/dialog"
)

// failing is what a walk needs of its test.
type failing interface {
	Helper()
	Fatalf(format string, args ...any)
}

// walk is a dialog on a random path, with what the person said last at each step and what a caller
// has stored of it.
type walk struct {
	failing
	draws
	scripts []dialog.Script
	script  dialog.Script
	state   dialog.State
	out     dialog.Outcome
	last    dialog.Answers
	saved   dialog.Answers
	tokens  []string
	begun   int
	// every says that each input is checked in all ways; otherwise the dear ones are checked now and then.
	every bool
	took  map[string]int
}

func newWalk(f failing, d draws) *walk {
	w := &walk{failing: f, draws: d, last: dialog.Answers{}, saved: dialog.Answers{}, took: map[string]int{}}
	w.scripts = []dialog.Script{
		drawScript(d, "one", 1), drawScript(d, "one", 2), drawScript(d, "one", 3), drawScript(d, "two", 1),
	}
	for i := range w.scripts {
		if err := w.scripts[i].Check(); err != nil {
			w.Fatalf("%v", err)
		}
	}
	w.script = w.scripts[0]
	w.turnsPage()
	w.begin()
	return w
}

func (w *walk) must(holds bool, format string, args ...any) {
	if !holds {
		w.Helper()
		w.Fatalf("%s\nstate %+v\noutcome %+v", fmt.Sprintf(format, args...), w.state, w.out)
	}
}

// begin starts the dialog with what is stored, as another place does that it is gone on with in.
func (w *walk) begin() {
	w.begun++
	known := dialog.State{Answers: w.saved}
	w.state, w.out = dialog.Start(w.script, "d"+strconv.Itoa(w.begun), maps.Clone(w.saved))
	w.store(known)
	w.sane(dialog.State{})
}

// turnsPage changes how many questions the place asks at once.
func (w *walk) turnsPage() { w.script.Page = one(w.draws, "page", 0, 0, 1, 3, 20) }

// prompts are the questions that stand.
func (w *walk) prompts() []dialog.Prompt {
	switch {
	case w.out.Prompt != nil:
		return []dialog.Prompt{*w.out.Prompt}
	case w.out.Page != nil:
		return w.out.Page.Prompts
	}
	return nil
}

// asked is the question that words and buttons speak to, or nil.
func (w *walk) asked() *dialog.Prompt {
	return w.prompt(w.state.Cursor)
}

func (w *walk) prompt(step string) *dialog.Prompt {
	for _, p := range w.prompts() {
		if p.Step == step {
			return &p
		}
	}
	return nil
}

// take gives an input, often through JSON, and checks what must hold of every outcome.
func (w *walk) take(in dialog.Input) {
	was, given := w.state, w.state
	var data []byte
	if w.every || w.n("as JSON", 8) == 0 {
		var err error
		data, err = was.Encode()
		w.must(err == nil, "%v", err)
		given, err = dialog.Decode(data)
		w.must(err == nil, "%v", err)
		w.must(reflect.DeepEqual(was, given), "%+v is not what was kept: %+v", given, was)
	}
	w.state, w.out = dialog.Advance(w.script, given, in)
	w.took[string(in.Act)+" "+string(w.out.Result)]++
	if data != nil {
		untouched, err := given.Encode()
		w.must(err == nil && bytes.Equal(data, untouched), "the state given was changed: %v", err)
	}
	w.store(was)
	w.sane(was)
}

// store keeps what has changed, as a caller does before it shows the next question.
func (w *walk) store(was dialog.State) {
	given, dropped := w.state.Changed(was)
	maps.Copy(w.saved, given)
	for _, step := range dropped {
		delete(w.saved, step)
	}
	w.must(maps.Equal(w.saved, w.state.Answers), "stored is %+v", w.saved)
}

// heard checks that no answer is another than was said last.
func (w *walk) heard() {
	for step, v := range w.saved {
		w.must(w.last[step] == v, "%s is stored as %+v, said was %+v", step, v, w.last[step])
	}
}

func (w *walk) sane(was dialog.State) {
	shown := 0
	var token string
	if p := w.out.Prompt; p != nil {
		shown, token = shown+1, p.Token
		w.must(p.Step == w.state.Cursor && w.script.Page == 0, "another question stands")
	}
	if s := w.out.Summary; s != nil {
		shown, token = shown+1, s.Token
	}
	if p := w.out.Page; p != nil {
		shown, token = shown+1, p.Token
		w.page(p)
	}
	quiet := w.state.Ended() || w.out.Result == dialog.Paused
	w.must(shown == 1 && !quiet || shown == 0 && quiet, "%d things are shown", shown)
	for _, p := range w.prompts() {
		w.must(1 <= p.Position && p.Position <= p.Total && p.Total <= len(w.script.Steps), "question %d of %d", p.Position, p.Total)
		w.must(p.Script == w.script.Key && p.Token == token, "a prompt of another showing")
	}
	if token != "" {
		w.must(token == w.state.Token(), "token %s", token)
		w.tokens = append(w.tokens, token)
	}
	if was.ID == w.state.ID {
		w.must(was.Version <= w.state.Version && w.state.Version <= was.Version+1, "version %d after %d", w.state.Version, was.Version)
	}
	if token != "" && (w.every || w.n("controls", 12) == 0) {
		w.controls(token)
	}
}

// page checks that a page is one that a place can show, and that nothing on it hangs on the rest of it.
func (w *walk) page(p *dialog.Page) {
	w.must(0 < len(p.Prompts) && len(p.Prompts) <= w.script.Page, "a page of %d for %d", len(p.Prompts), w.script.Page)
	on := map[string]bool{}
	for i := range p.Prompts {
		step := w.step(p.Prompts[i].Step)
		if p.Prompts[i].Step != w.state.Cursor {
			for _, need := range step.Needs {
				w.must(!on[need], "%s stands with %s, which it looks at", step.Key, need)
			}
		}
		on[step.Key] = true
	}
	w.must(on[w.state.Cursor], "words speak to a question that is not on the page")
}

func (w *walk) step(key string) *dialog.Step {
	i := slices.IndexFunc(w.script.Steps, func(s dialog.Step) bool { return s.Key == key })
	w.must(i >= 0, "no step %s", key)
	return &w.script.Steps[i]
}

// controls proves that what is offered works, and that what works is offered.
func (w *walk) controls(token string) {
	offered := func(c dialog.Control) bool {
		switch {
		case w.out.Prompt != nil:
			return slices.Contains(w.out.Prompt.Controls, c)
		case w.out.Page != nil:
			return slices.Contains(w.out.Page.Controls, c)
		}
		return slices.Contains(w.out.Summary.Controls, c)
	}
	try := func(in dialog.Input) *walk {
		then := &walk{script: w.script}
		then.state, then.out = dialog.Advance(w.script, w.state, in)
		return then
	}
	w.must(offered(dialog.CanLater) && try(dialog.Later().Pressed(token)).out.Result == dialog.Paused, "later")
	w.must(offered(dialog.CanCancel) && try(dialog.Cancel().Pressed(token)).out.Result == dialog.Cancelled, "cancel")
	if w.state.Phase != dialog.Ask {
		w.must(offered(dialog.CanConfirm) && try(dialog.Confirm().Pressed(token)).out.Result == dialog.Finished, "confirm")
		return
	}
	back := try(dialog.Back().Pressed(token))
	w.must(back.out.Result != dialog.Stale && offered(dialog.CanBack) == !back.refused(w.state.Cursor, dialog.CodeFirst), "back")

	p := w.out.Prompt
	if p == nil {
		return
	}
	w.must(offered(dialog.CanSkip) == !try(dialog.Skip()).refused(p.Step, dialog.CodeRequired), "skip")
	if entered := try(dialog.Answer("")); !p.Default.Skipped() {
		again := entered.asked()
		w.must(again == nil || again.Step != p.Step, "the default offered was not taken")
	}
	if p.Kind == dialog.Several && !p.Candidates {
		w.must(offered(dialog.CanDone) && try(dialog.Done().Pressed(token)).out.Result != dialog.Stale, "done")
	}
}
