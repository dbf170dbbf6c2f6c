package message

import (
	"cmp"
	"slices"
	"strings"

	"funnelbot/bot/text"
	"funnelbot/commands"
	"funnelbot/funnel"
	"funnelbot/funnel/dialog"
)

// question asks one question of a dialog, or shows the answers before they are used.
func (c *composer) question(r commands.Question) []Block {
	var blocks []Block
	switch {
	case r.Stale:
		blocks = append(blocks, Paragraph{c.line("dialog.stale", nil)})
	case r.Again:
		blocks = append(blocks, Paragraph{c.line("dialog.again", nil)})
	}
	if r.Clip != nil {
		blocks = append(blocks, Paragraph{c.clip(r.Clip)})
	}
	if r.From != "" {
		blocks = append(blocks, Paragraph{c.line("qualify.continued", text.Args{"door": c.p.Say("door."+r.From, nil)})})
	}
	switch {
	case r.Outcome.Prompt != nil:
		return append(blocks, c.prompt(r, r.Outcome.Prompt)...)
	case r.Outcome.Page != nil:
		return append(blocks, c.page(r, r.Outcome.Page)...)
	case r.Outcome.Summary != nil && r.Verb == commands.VerbQualify:
		return append(blocks, c.reviewed(r, r.Outcome.Summary)...)
	case r.Outcome.Summary != nil:
		return append(blocks, c.summary(r, r.Outcome.Summary)...)
	}
	return blocks
}

// clip says what was handed over.
func (c *composer) clip(p *commands.Clip) Line {
	args := text.Args{"text": short(p.Text, maxQuote), "name": short(p.Name, maxName), "from": short(p.From, maxName)}
	switch {
	case p.Kind == commands.ClipVoice:
		return c.line("clip.voice", nil)
	case p.Kind == commands.ClipFile && p.Name != "":
		return c.line("clip.file", args)
	case p.Kind == commands.ClipFile:
		return c.line("clip.picture", nil)
	case p.From != "" && p.Text != "":
		return c.line("clip.from", args)
	case p.Text != "":
		return c.line("clip.message", args)
	}
	return c.line("clip.empty", nil)
}

// prompt is one question.
func (c *composer) prompt(r commands.Question, q *dialog.Prompt) []Block {
	var blocks []Block
	if q.Help {
		blocks = append(blocks, Paragraph{Text(c.helpFor(r, q))})
	}
	f := Form{
		Question: c.asked(r, q), Hint: c.asking(r, q.Step, "hint"), Kind: answerKind(q.Kind),
		Reply: commands.QuestionAction(q.Token, dialog.ActAnswer, ""), Controls: c.controls(q.Token, q.Controls),
		Options: c.options(r.Verb, q.Token, q),
	}
	if q.Problem != nil {
		f.Reason = c.p.Refusal(q.Problem)
	}
	if q.Total > 1 && !q.Editing {
		f.Step, f.Steps = q.Position, q.Total
	}
	if len(f.Options) == 0 && !f.Kind.Typed() {
		f.Kind = AnswerText
	}
	if !q.Default.Skipped() && f.Kind != AnswerSeveral {
		f.Default = &Option{
			Label: c.answer(r.Verb, q.Step, q.Default), Action: commands.QuestionAction(q.Token, dialog.ActAnswer, ""),
		}
	}
	blocks = append(blocks, f)
	if r.Command != "" {
		blocks = append(blocks, Footnote{c.line("dialog.command", text.Args{"line": Code("/" + short(r.Command, maxQuote))})})
	}
	return append(blocks, c.buttons(r.Offers)...)
}

// asked is the question in words, after the deal that it is about and the part that it belongs to.
func (c *composer) asked(r commands.Question, q *dialog.Prompt) Line {
	question, part := c.asking(r, q.Step, "ask"), c.sectionName(cmp.Or(q.Group, r.Section))
	switch {
	case r.Deal == nil:
		return Text(question)
	case r.Verb == commands.VerbQualify && part != "":
		return c.line("qualify.about", text.Args{"ref": viewRef(r.Deal), "section": part, "question": question})
	case r.Person != "":
		return c.line("people.about", text.Args{"ref": viewRef(r.Deal), "person": short(r.Person, maxName), "question": question})
	}
	return c.line("dialog.about", text.Args{"ref": viewRef(r.Deal), "question": question})
}

// asking is what the funnel file or the catalog has for a step: of this verb, or of any.
func (c *composer) asking(r commands.Question, step, what string) string {
	if q, ok := c.own(r.Verb, step); ok {
		return map[string]funnel.Titles{"ask": q.Ask, "hint": q.Hint, "help": q.Help}[what].In(c.p.Locale())
	}
	args := text.Args{"company": short(r.Company, maxName)}
	if key := string(r.Verb) + "." + step + "." + what; c.p.Has("dialog." + key) {
		return c.p.Say("dialog."+key, args)
	}
	if what == "ask" || c.p.Has("dialog."+step+"."+what) {
		return c.p.Say("dialog."+step+"."+what, args)
	}
	return ""
}

// helpFor explains a question and how to get on with it.
func (c *composer) helpFor(r commands.Question, q *dialog.Prompt) string {
	parts := []string{}
	if more := c.asking(r, q.Step, "help"); more != "" {
		parts = append(parts, more)
	}
	switch {
	case slices.Contains(q.Controls, dialog.CanDone):
		parts = append(parts, c.say("dialog.help_several", nil))
	case len(q.Options) > 0:
		parts = append(parts, c.say("dialog.help_options", nil))
	}
	if slices.Contains(q.Controls, dialog.CanLater) {
		return strings.Join(append(parts, c.say("dialog.help_later", nil)), " ")
	}
	return strings.Join(append(parts, c.say("dialog.help_ways", nil)), " ")
}

// controls are the ways to go on beside answering.
func (c *composer) controls(token string, all []dialog.Control) []Button {
	var buttons []Button
	for _, control := range all {
		b := Button{Action: commands.QuestionAction(token, dialog.Act(control), "")}
		switch control {
		case dialog.CanBack:
			b.Label = c.say("control.back", nil)
		case dialog.CanSkip:
			b.Label = c.say("control.skip", nil)
		case dialog.CanHelp:
			b.Label = c.say("control.help", nil)
		case dialog.CanCancel:
			b.Label = c.say("control.cancel", nil)
		case dialog.CanConfirm:
			b.Label, b.Look = c.say("control.save", nil), Primary
		case dialog.CanDone:
			b.Label, b.Look = c.say("control.done", nil), Primary
		case dialog.CanLater:
			b.Label = c.say("control.later", nil)
		case dialog.CanEdit:
			// Every answer of a summary has a button of its own.
			continue
		default:
			continue
		}
		buttons = append(buttons, b)
	}
	return buttons
}

// summary shows the answers with a button to change each.
func (c *composer) summary(r commands.Question, s *dialog.Summary) []Block {
	blocks := []Block{Heading{c.line("dialog.review", nil)}}
	if s.Problem != nil {
		blocks = append(blocks, Paragraph{Text(c.p.Refusal(s.Problem))})
	}
	if s.Help {
		blocks = append(blocks, Paragraph{c.line("dialog.review_help", nil)})
	}
	var fields []Field
	var edits []Button
	for _, item := range s.Items {
		name := c.say("dialog.answer", nil)
		if c.p.Has("field." + item.Step) {
			name = c.p.Say("field."+item.Step, nil)
		}
		value := c.answer(r.Verb, item.Step, item.Value)
		if item.Value.Skipped() {
			value = c.say("dialog.skipped", nil)
		}
		fields = append(fields, Field{Label: capital(name), Value: Text(value)})
		edits = append(edits, Button{
			Label:  c.say("control.edit", text.Args{"name": name}),
			Action: commands.QuestionAction(s.Token, dialog.ActEdit, item.Step),
		})
	}
	if len(fields) > 0 {
		blocks = append(blocks, Fields{fields})
	}
	controls := c.controls(s.Token, s.Controls)
	if len(controls) == 0 {
		return append(blocks, Buttons{edits})
	}
	return append(blocks, Buttons{append(append(controls[:1:1], edits...), controls[1:]...)})
}

// answerKind is what sort of answer a door has to ask for.
func answerKind(k dialog.Kind) Answer {
	switch k {
	case dialog.Text:
		return AnswerText
	case dialog.Number:
		return AnswerNumber
	case dialog.Money:
		return AnswerMoney
	case dialog.Date:
		return AnswerDate
	case dialog.Choice:
		return AnswerOne
	case dialog.YesNo:
		return AnswerYesNo
	case dialog.Person:
		return AnswerPerson
	case dialog.Several:
		return AnswerSeveral
	}
	return AnswerText
}

// aside is the answer to a command in the middle of a dialog, with the way back to its question.
func (c *composer) aside(r commands.Aside) []Block {
	note := c.line("dialog.waiting", nil)
	if r.Deal != nil {
		note = c.line("dialog.waiting_deal", text.Args{"ref": viewRef(r.Deal)})
	}
	return append(c.reply(r.Reply), Footnote{note}, Buttons{[]Button{{Label: c.say("control.resume", nil), Action: r.Back}}})
}

// refused says what was wrong and what to do. Where a button was too old, the deal follows as it
// stands now.
func (c *composer) refused(r commands.Refused) []Block {
	blocks := []Block{Paragraph{Text(c.p.Refusal(r.Err))}}
	if unmet, ok := r.Err.Args["unmet"].([]funnel.Unmet); ok && len(unmet) > 0 {
		items := make([]Item, len(unmet))
		for i, u := range unmet {
			items[i] = Item{Text: Text(u.Criterion)}
		}
		blocks = append(blocks, List{Items: items})
	}
	if r.Err.Code == funnel.CodeStale && r.Deal != nil {
		blocks = append(blocks, c.card(r.Deal)...)
	}
	return append(blocks, c.buttons(r.Offers)...)
}
