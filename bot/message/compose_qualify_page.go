package message

import (
	"slices"
	"strconv"
	"strings"

	"funnelbot/bot/text"
	"funnelbot/commands"
	"funnelbot/funnel"
	"funnelbot/funnel/dialog"
)

// page asks several questions at once: one form each, under the titles of their sections. The ways
// beside answering stand under the last of them, for the whole page.
func (c *composer) page(r commands.Question, p *dialog.Page) []Block {
	var blocks []Block
	if r.Deal != nil {
		blocks = append(blocks, Paragraph{c.pageLead(r, p)})
	}
	group := ""
	for i := range p.Prompts {
		q := &p.Prompts[i]
		if q.Group != group {
			group = q.Group
			if title := c.sectionName(group); title != "" {
				blocks = append(blocks, Heading{Text(title)})
			}
		}
		blocks = append(blocks, c.pageForm(r, p, q, i == len(p.Prompts)-1))
	}
	return append(blocks, c.buttons(r.Offers)...)
}

// pageLead says which deal a page is about and how much of the questions it has.
func (c *composer) pageLead(r commands.Question, p *dialog.Page) Line {
	last := p.Position + len(p.Prompts) - 1
	if p.Total < last || p.Position < 1 || len(p.Prompts) == 1 {
		return c.line("qualify.page_about", text.Args{"ref": viewRef(r.Deal)})
	}
	if p.Prompts[len(p.Prompts)-1].Position != last {
		return c.line("qualify.page_open", text.Args{"ref": viewRef(r.Deal)})
	}
	return c.line("qualify.page", text.Args{"ref": viewRef(r.Deal), "from": p.Position, "to": last, "total": p.Total})
}

// pageForm is one question of a page, filled in with what is known.
func (c *composer) pageForm(r commands.Question, p *dialog.Page, q *dialog.Prompt, last bool) Form {
	f := Form{
		Name: q.Step, Question: Text(c.asking(r, q.Step, "ask")), Hint: c.asking(r, q.Step, "hint"), Kind: answerKind(q.Kind),
		Reply: commands.QuestionAction(p.Token, dialog.ActFill, ""), Optional: q.Optional, Options: c.options(r.Verb, p.Token, q),
	}
	for i := range q.Options {
		f.Options[i].Key, f.Options[i].Chosen = q.Options[i].Key, chosen(q, q.Options[i])
	}
	if p.Help || q.Help {
		f.Hint = explained(f.Hint, c.asking(r, q.Step, "help"))
	}
	if q.Problem != nil {
		f.Reason = c.p.Refusal(q.Problem)
	}
	if len(f.Options) == 0 && !f.Kind.Typed() && f.Kind != AnswerPerson {
		f.Kind = AnswerText
	}
	if !slices.ContainsFunc(f.Options, func(o Option) bool { return o.Chosen }) {
		f.Value = c.typed(q.Default)
	}
	if last {
		f.Controls = c.controls(p.Token, p.Controls)
	}
	return f
}

// explained is a hint with the help behind it. Some places show both on one line.
func explained(hint, help string) string {
	if hint != "" && help != "" && !strings.ContainsAny(hint[len(hint)-1:], ".!?") {
		hint += "."
	}
	return strings.TrimSpace(hint + "\n" + help)
}

// options are what can be picked at a question. Where several can, those that are picked are marked.
func (c *composer) options(verb commands.Key, token string, q *dialog.Prompt) []Option {
	var all []Option
	for _, o := range q.Options {
		all = append(all, Option{
			Label: c.optionName(verb, q.Step, o), Note: c.optionNote(q.Step, o.Key), Chosen: slices.Contains(q.Picked, o.Key),
			Action: commands.QuestionAction(token, dialog.ActPick, o.Key),
		})
	}
	return all
}

// typed is an answer in the words in which it can be typed again, for a field that is filled in.
func (c *composer) typed(v dialog.Value) string {
	switch v.Kind {
	case dialog.Text:
		return v.Text
	case dialog.Number:
		number := strconv.FormatFloat(v.Number, 'f', -1, 64)
		if c.p.Locale() == funnel.Russian {
			number = strings.Replace(number, ".", ",", 1)
		}
		return number
	case dialog.Money:
		return strings.Replace(commands.FormatMoney(v.Money), ".00 ", " ", 1)
	case dialog.Date:
		return strings.TrimSpace(v.Date.String() + " " + v.Text)
	case dialog.Person:
		return v.Person.Name
	case dialog.Choice, dialog.YesNo, dialog.Several:
	}
	return ""
}

// chosen reports whether the option is the answer that stands.
func chosen(q *dialog.Prompt, o dialog.Option) bool {
	switch {
	case q.Kind == dialog.Several:
		return slices.Contains(q.Picked, o.Key)
	case q.Default.Skipped():
		return false
	case q.Kind == dialog.Choice:
		return q.Default.Key == o.Key
	case q.Kind == dialog.Person && !q.Default.Person.ID.IsZero():
		return q.Default.Person.ID == o.Value.Person.ID
	}
	return q.Default == o.Value
}
