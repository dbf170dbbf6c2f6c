package local

import (
	"slices"
	"strconv"
	"strings"

	"funnelbot/bot/message"
	"funnelbot/bot/text"
	"funnelbot/funnel/dialog"
)

// buttons adds buttons side by side, as many in a row as fit.
func (r *renderer) buttons(all []message.Button, indent string) {
	row := spans{{indent, unpainted}}
	for i, b := range all {
		button := r.button(b.Action, inline(b.Label), look(b.Look))
		switch {
		case i == 0:
		case r.width > 0 && row.cells()+2+button.cells() > r.width:
			r.line(row)
			row = spans{{indent, unpainted}}
		default:
			row = append(row, span{"  ", unpainted})
		}
		row = append(row, button...)
	}
	r.flow(row, "", indent)
}

func look(l message.Look) paint {
	switch l {
	case message.Ordinary:
	case message.Primary:
		return strong
	case message.Danger:
		return danger
	}
	return unpainted
}

// button gives the next number to an action.
func (r *renderer) button(action, label string, p paint) spans {
	n := strconv.Itoa(r.first + len(r.page.actions))
	if r.page.typed {
		n = "/" + n
	}
	r.page.actions = append(r.page.actions, action)
	return spans{{"[" + n + "]", key}, {" ", unpainted}, {label, p}}
}

func (r *renderer) options(all []message.Option) {
	for _, o := range all {
		option := r.button(o.Action, inline(o.Label), unpainted)
		if o.Chosen {
			option = append(option, span{" ✓", key})
		}
		if o.Note != "" {
			option = append(option, span{" — " + inline(o.Note), faint})
		}
		r.flow(option, "", "    ")
	}
}

// toggles shows options of which several can hold. Enter takes those that do.
func (r *renderer) toggles(f message.Form) {
	var chosen []string
	for _, o := range f.Options {
		box := span{"[ ] ", key}
		if o.Chosen {
			box.text = "[x] "
			chosen = append(chosen, inline(o.Label))
		}
		option := slices.Insert(r.button(o.Action, inline(o.Label), unpainted), 2, box)
		if o.Note != "" {
			option = append(option, span{" — " + inline(o.Note), faint})
		}
		r.flow(option, "", "        ")
	}
	if len(chosen) == 0 {
		r.flow(spans{{r.p.Say("local.several", nil), faint}}, "", "")
		return
	}
	for _, b := range f.Controls {
		if accepts(b.Action) {
			r.agree(b.Action, strings.Join(chosen, "; "))
		}
	}
}

// agree says what Enter does.
func (r *renderer) agree(action, label string) {
	r.page.agree = action
	r.flow(spans{{r.p.Say("local.default", text.Args{"value": label}), literal}}, "", "")
}

// accepts reports whether a control takes what is chosen, see [commands.QuestionAction].
func accepts(action string) bool { return strings.HasSuffix(action, "~"+string(dialog.ActDone)) }

func (r *renderer) form(f message.Form) {
	if f.Reason != "" {
		r.flow(spans{{inline(f.Reason), warning}}, "", "")
	}
	r.page.question = inline(f.Question.String())
	question := inked(f.Question, true).over(strong)
	if f.Step > 0 && f.Steps > 0 {
		step := r.p.Say("local.step", text.Args{"step": f.Step, "steps": f.Steps})
		question = append(spans{{"(" + step + ") ", faint}}, question...)
	}
	r.flow(question, "", "")
	if f.Hint != "" {
		r.flow(spans{{inline(f.Hint), faint}}, "", "")
	}
	if f.Kind == message.AnswerSeveral {
		r.toggles(f)
	} else {
		r.options(f.Options)
	}
	if f.Default != nil {
		r.agree(f.Default.Action, inline(f.Default.Label))
	}
	if len(f.Controls) > 0 {
		r.buttons(f.Controls, "")
	}
}
