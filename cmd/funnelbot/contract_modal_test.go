package main

import (
	"slices"
	"strings"

	"github.com/stretchr/testify/require"

	"funnelbot/bot/bottest"
	"funnelbot/bot/bottest/slacktest"
)

// form is a modal while Anna fills it in: every line of a play is the answer to the next of its
// questions, and the last one submits it.
type form struct {
	// inputs tells it from other forms.
	inputs string
	// next are the questions that she has not come to, did those that she has been to.
	next, did []int
	// values are what she has entered, by block.
	values map[string]any
	// wrong is the question whose answer the next line puts right; it is read when the form has come
	// back, with what is in right.
	wrong int
	right map[int]bottest.Step
	// onto are the answers for the next page.
	onto []bottest.Step
}

// questionsOf are the inputs of a modal by the questions that they belong to.
func questionsOf(v slacktest.View) [][]map[string]any {
	var all [][]map[string]any
	last := ""
	for _, b := range v.Blocks {
		id, _ := b["block_id"].(string)
		parts := strings.SplitN(id, ".", 3)
		if b["type"] != "input" || len(parts) < 3 {
			continue
		}
		if len(all) == 0 || parts[1] != last {
			all, last = append(all, nil), parts[1]
		}
		all[len(all)-1] = append(all[len(all)-1], b)
	}
	return all
}

// begin looks at a form from its first question on.
func (p *slackPlayer) begin(v slacktest.View, questions [][]map[string]any) {
	var ids []string
	var all []int
	for i, q := range questions {
		all = append(all, i)
		for _, b := range q {
			id, _ := b["block_id"].(string)
			ids = append(ids, id)
		}
	}
	if inputs := v.ID + strings.Join(ids, "|"); p.form.inputs != inputs {
		p.form = form{inputs: inputs, next: all, values: map[string]any{}, wrong: -1, right: map[int]bottest.Step{}}
	}
}

// fill does in a modal what a line says: presses a button, chooses, types, or goes to another question.
func (p *slackPlayer) fill(v slacktest.View, s bottest.Step) {
	questions := questionsOf(v)
	p.begin(v, questions)
	word := s.Label
	if word == "" {
		word = controls[s.Text]
	}
	f := &p.form
	switch {
	case v.Submit != "" && (v.Submit == word || v.Submit == s.Option):
		p.submit(v)
		return
	case word == controls[backWord(p.stage.locale)] && len(f.did) > 0:
		n := len(f.did) - 1
		f.next, f.did = append([]int{f.did[n]}, f.next...), f.did[:n]
		return
	}
	for _, word := range []string{s.Label, ticked + s.Label, controls[s.Text], s.Option} {
		if word != "" && slices.Contains(slacktest.Buttons(v), word) {
			if !helps(word) {
				v = p.Enter(annaInSlack, v, f.values)
			}
			p.done(p.Press(annaInSlack, v, word))
			return
		}
	}
	if len(questions) == 0 {
		p.choose(v, s)
		return
	}
	if s.Follows && len(questions) > 1 {
		f.onto = append(f.onto, s)
		return
	}
	if f.wrong >= 0 {
		f.right[f.wrong], f.wrong = s, -1
	} else if p.enterInto(questions[f.next[0]], s) {
		if s.Wrong && len(questions) > 1 {
			f.wrong = f.next[0]
		}
		f.did, f.next = append(f.did, f.next[0]), f.next[1:]
	}
	if len(f.next) == 0 && f.wrong < 0 {
		p.submit(v)
	}
}

// helps reports whether a button leaves a form as it is, with what is entered in it.
func helps(label string) bool { return label == controls["?"] || label == controls["помощь"] }

func backWord(locale string) string {
	return map[string]string{"en": "back", "ru": "назад"}[locale]
}

// submit sends the form, once more with what was wrong put right, and fills in the page that follows.
func (p *slackPlayer) submit(v slacktest.View) {
	f := p.form
	p.form = form{}
	p.done(p.Submit(annaInSlack, v, f.values))
	if len(f.right) == 0 && len(f.onto) == 0 {
		return
	}
	next, _ := p.top()
	p.stage.out.WriteString("\n▷ (the form is sent)\n" + next.Plain() + "\n")
	questions := questionsOf(next)
	p.begin(next, questions)
	if len(f.right) > 0 {
		require.Len(p.stage.tb, next.Errors, len(f.right), next.Plain())
		for n, s := range f.right {
			p.enterInto(questions[n], s)
		}
		p.form.onto = f.onto
		p.submit(next)
		return
	}
	require.Len(p.stage.tb, questions, len(f.onto), next.Plain())
	for n, s := range f.onto {
		p.enterInto(questions[n], s)
	}
	p.submit(next)
}

// choose picks what a line says in a menu of a modal that asks nothing.
func (p *slackPlayer) choose(v slacktest.View, s bottest.Step) {
	for _, word := range []string{s.Label, s.Option, s.Text} {
		if menu, option, ok := choice(v.Blocks, "actions", word); ok {
			p.done(p.Select(annaInSlack, v, menu, option))
			return
		}
	}
	require.Fail(p.stage.tb, "nothing in the modal takes that", "%s\n%s\n%s", s.Line, v.Plain(), p.stage.out.String())
}

// enterInto enters into the inputs of a question what a line says, and reports whether that was all.
func (p *slackPlayer) enterInto(question []map[string]any, s bottest.Step) bool {
	if skips := []string{"Skip", "Пропустить"}; slices.Contains(skips, controls[s.Text]) {
		return true
	}
	for _, word := range []string{s.Label, s.Option, s.Text} {
		block, option, ok := choice(question, "input", word)
		if !ok {
			continue
		}
		if s.Deed == bottest.Press && several(question, block) {
			picked, _ := p.form.values[block].([]string)
			if i := slices.Index(picked, option); i >= 0 {
				picked = slices.Delete(picked, i, i+1)
			} else {
				picked = append(picked, option)
			}
			p.form.values[block] = picked
			return false
		}
		p.form.values[block] = option
		return true
	}
	if s.Deed == bottest.Press {
		require.Contains(p.stage.tb, []string{"Done", "Готово"}, s.Label, "%s\n%v", s.Line, question)
		return true
	}
	for _, b := range question {
		if e, _ := b["element"].(map[string]any); e["type"] == "plain_text_input" && s.Text != "" {
			id, _ := b["block_id"].(string)
			p.form.values[id] = s.Text
			return true
		}
	}
	require.Fail(p.stage.tb, "nothing in the modal takes that", "%s\n%v\n%s", s.Line, question, p.stage.out.String())
	return false
}

// several reports whether any number of options can be chosen in a block.
func several(question []map[string]any, block string) bool {
	return slices.ContainsFunc(question, func(b map[string]any) bool {
		e, _ := b["element"].(map[string]any)
		kind, _ := e["type"].(string)
		return b["block_id"] == block && (kind == "checkboxes" || strings.HasPrefix(kind, "multi_"))
	})
}
