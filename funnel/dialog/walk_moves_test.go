package dialog_test

import (
	"maps"
	"reflect"
	"slices"

	"funnelbot/funnel"
	"funnelbot/funnel/dialog"
)

// refused reports whether the step stands and says that it refuses, for the reason if one is given.
func (w *walk) refused(step string, codes ...funnel.Code) bool {
	p := w.prompt(step)
	return p != nil && p.Problem != nil && (len(codes) == 0 || slices.Contains(codes, p.Problem.Code))
}

// said takes an input that means v at the step, and notes it unless it was refused.
func (w *walk) said(in dialog.Input, step string, v dialog.Value) {
	w.take(in)
	if w.out.Result != dialog.Stale && !w.refused(step) {
		w.last[step] = v
	}
}

// note takes over what the dialog understood where the test itself does not say what a text means.
func (w *walk) note(step string) {
	if v, ok := w.state.Answers[step]; ok {
		w.last[step] = v
	}
}

// stale gives an input that must change nothing.
func (w *walk) stale(in dialog.Input) {
	before := w.state
	w.take(in)
	w.must(w.out.Result == dialog.Stale, "an old button was taken")
	w.must(reflect.DeepEqual(before, w.state), "an old button has changed %+v", before)
}

// move does one random thing.
func (w *walk) move() {
	p := w.asked()
	switch w.n("move", 24) {
	case 0, 1:
		w.take(dialog.Back())
	case 2:
		if p != nil {
			w.said(dialog.Skip(), p.Step, dialog.Value{})
		}
	case 3:
		before := w.state
		w.take(dialog.Help())
		w.must(reflect.DeepEqual(before, w.state), "help has changed %+v", before)
	case 4:
		w.take(dialog.Edit(one(w.draws, "edit", stepNames...)))
	case 5:
		w.take(dialog.Answer(one(w.draws, "odd", "same", "01.02", "zzz", "\x00", "7", "1, 2", "🙂")))
		if p != nil {
			w.note(p.Step)
		}
	case 6:
		w.old()
	case 7:
		w.elsewhere()
	case 8, 9:
		w.later()
	case 10:
		w.take(dialog.Cancel())
		w.must(w.out.Result == dialog.Cancelled, "not cancelled")
		w.begin()
	case 11:
		if p != nil && !p.Default.Skipped() {
			w.said(dialog.Answer(""), p.Step, p.Default)
		}
	case 12, 13, 14:
		w.press(p)
	case 15:
		w.done(p)
	case 16:
		if w.out.Summary != nil {
			w.take(dialog.Confirm().Pressed(w.out.Summary.Token))
		}
	case 17, 18, 19:
		if w.out.Page != nil {
			w.fill(false)
		}
	default:
		if p != nil {
			text, v := answerTo(p, w.n("answer", 100))
			w.said(dialog.Answer(text), p.Step, v)
		}
	}
	w.heard()
}

// old presses a button of what was shown before, or of another dialog.
func (w *walk) old() {
	in := one(w.draws, "button",
		dialog.Pick("a", ""), dialog.Pick("yes", ""), dialog.Cancel(), dialog.Back(), dialog.Edit("s0"), dialog.Confirm(),
		dialog.Skip(), dialog.Done(), dialog.Later(), dialog.Help(), dialog.Fill("", field("s0", "text 1")))
	token := "d0.1"
	if i := w.n("token", len(w.tokens)+1); i < len(w.tokens) {
		token = w.tokens[i]
	}
	if p := w.asked(); in.Act == dialog.ActPick && p != nil && p.Kind == dialog.Several {
		return // of the question itself, it counts
	}
	if token != w.state.Token() {
		w.stale(in.Pressed(token))
	}
}

// elsewhere goes on in another place or with another version of the program: with a look at what
// stands, or at once with an answer to what was seen.
func (w *walk) elsewhere() {
	changed := w.n("program", 2) == 0
	if changed {
		page := w.script.Page
		w.script = one(w.draws, "script", w.scripts...)
		w.script.Page = page
	}
	seen := w.asked()
	w.turnsPage()
	switch how := w.n("how", 5); {
	case how == 0 && w.out.Page != nil:
		w.fill(changed)
	case how == 1 && seen != nil:
		text, v := answerTo(seen, w.n("answer", 100))
		w.said(dialog.Answer(text), seen.Step, v)
	case how == 2 && seen != nil && seen.Kind == dialog.Choice:
		o := one(w.draws, "option", seen.Options...)
		w.said(dialog.Pick(o.Key, w.state.Token()), seen.Step, dialog.ChoiceOf(o.Key, o.Label))
	case how == 3:
		w.take(dialog.Help())
	default:
		was := w.state
		w.state, w.out = dialog.Resume(w.script, w.state)
		w.store(was)
		w.sane(was)
	}
}

// later sets the dialog aside and takes it up again: by a button, by a look, or in another place.
func (w *walk) later() {
	before := w.state
	w.take(dialog.Later())
	w.must(w.out.Result == dialog.Paused && w.state.Paused && w.state.Token() == before.Token(), "not set aside")
	paused := w.state
	if w.n("old button", 3) == 0 {
		w.stale(dialog.Skip().Pressed("d0.1"))
		w.must(w.state.Paused, "an old button wakes it")
	}
	switch w.n("taken up", 3) {
	case 0:
		w.begin()
		return
	case 1:
		w.take(dialog.Help().Pressed(paused.Token()))
	default:
		w.state, w.out = dialog.Resume(w.script, w.state)
		w.sane(paused)
	}
	w.must(reflect.DeepEqual(before, w.state), "to set aside has changed %+v", before)
}

// press presses a button of the question, and then the same once more.
func (w *walk) press(p *dialog.Prompt) {
	if p == nil || len(p.Options) == 0 {
		return
	}
	o := one(w.draws, "option", p.Options...)
	press := dialog.Pick(o.Key, p.Token)
	switch {
	case p.Kind == dialog.Several && !p.Candidates:
		picked := slices.Contains(p.Picked, o.Key)
		w.take(press)
		again := w.asked()
		w.must(again != nil && again.Step == p.Step && slices.Contains(again.Picked, o.Key) != picked, "not picked")
		w.must(w.state.Token() != p.Token, "a double press would take it back")
		w.hasty(p, o.Key)
		again = w.asked()
		if w.n("enough", 3) == 0 {
			w.done(again)
		}
	case p.Kind == dialog.Choice:
		w.said(press, p.Step, dialog.ChoiceOf(o.Key, o.Label))
	default:
		w.said(press, p.Step, o.Value)
	}
	if w.state.Token() != p.Token && !w.state.Ended() {
		w.stale(press)
	}
}

// hasty presses another option as it was shown before the one of the key was picked.
func (w *walk) hasty(p *dialog.Prompt, first string) {
	o := one(w.draws, "hasty", p.Options...)
	if o.Key == first || w.out.Page != nil {
		return
	}
	was := w.asked()
	w.take(dialog.Pick(o.Key, p.Token))
	now := w.asked()
	w.must(w.out.Result == dialog.Ask && now.Step == p.Step, "an option pressed at once is old")
	w.must(slices.Contains(now.Picked, o.Key) != slices.Contains(was.Picked, o.Key), "an option pressed at once does not count")
	w.must(slices.Contains(now.Picked, first) == slices.Contains(was.Picked, first), "it changes another one")
}

// done accepts what is picked.
func (w *walk) done(p *dialog.Prompt) {
	if p == nil || p.Kind != dialog.Several || p.Candidates {
		return
	}
	v := dialog.Value{}
	if len(p.Picked) > 0 {
		v = dialog.SeveralOf(p.Picked...)
	}
	w.said(dialog.Done().Pressed(p.Token), p.Step, v)
}

// fill sends the page that stands, with good and bad fields. Where the script has changed since it was
// shown, what its fields mean is what the dialog makes of them.
func (w *walk) fill(changed bool) {
	shown := w.out.Page
	var fields []dialog.Field
	meant, never := dialog.Answers{}, map[string]bool{}
	for i := range shown.Prompts {
		f, v, bad := fieldFor(w.draws, &shown.Prompts[i])
		fields = append(fields, f)
		meant[f.Step], never[f.Step] = v, bad
	}
	fields = append(fields, field("nowhere", "x"), chosen("s0", "a", "b")) // a second one for a step is ignored
	before := maps.Clone(w.state.Answers)
	in := dialog.Fill(shown.Token, fields...)
	w.take(in)
	for step, v := range meant {
		if changed {
			w.note(step)
			continue
		}
		refused := w.refused(step)
		if hidden := len(shown.Prompts) > w.script.Page; hidden && !refused {
			// Where less is shown at once, not every question that refuses is.
			is, given := w.state.Answers[step]
			w.must(!given || is == before[step] || is == v && !never[step], "%s is what was not said", step)
			w.note(step)
			continue
		}
		w.must(refused || !never[step], "%s was taken", step)
		if refused {
			w.must(before[step] == w.state.Answers[step], "%s was refused and is changed", step)
			continue
		}
		w.last[step] = v
	}
	for step := range w.state.Answers {
		_, was := before[step]
		_, given := meant[step]
		w.must(was || given, "%s was answered by a page that does not have it", step)
	}
	if changed || w.state.Ended() {
		return
	}
	if w.state.Token() != shown.Token {
		w.stale(in)
		return
	}
	stands := w.state
	w.take(in) // sent twice with what does not hold, it is refused twice
	w.must(reflect.DeepEqual(stands, w.state), "the same form has changed %+v", stands)
}

// finish answers everything that is asked, and proves that this ends.
func (w *walk) finish() {
	for tries := 0; !w.state.Ended(); tries++ {
		w.must(tries <= 2*len(w.script.Steps)+2, "no way to the end")
		p := w.asked()
		switch {
		case p == nil:
			w.take(dialog.Confirm().Pressed(w.out.Summary.Token))
		case w.out.Page != nil && tries%2 == 0:
			var fields []dialog.Field
			for i := range w.out.Page.Prompts {
				p := &w.out.Page.Prompts[i]
				f := dialog.Field{Step: p.Step}
				f.Text, _ = answerTo(p, 1_000_000)
				fields = append(fields, f)
			}
			w.take(dialog.Fill(w.state.Token(), fields...))
			for _, f := range fields {
				w.note(f.Step)
			}
		default:
			text, v := answerTo(p, 1_000_000)
			w.said(dialog.Answer(text), p.Step, v)
		}
		w.heard()
	}
}
