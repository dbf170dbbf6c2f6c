package message

import (
	"math"
	"slices"
	"strings"

	"funnelbot/bot/text"
	"funnelbot/commands"
	"funnelbot/funnel"
	"funnelbot/funnel/dialog"
)

// The questions of a qualification stand in the funnel file with their words in every language, so
// what a reader sees of them is in his or her language, whoever answered in which.

// questionnaire is what the workspace's funnel asks; nil where it asks nothing.
func (c *composer) questionnaire() *funnel.Qualification {
	if c.reader.Funnel == nil {
		return nil
	}
	return c.reader.Funnel.Qualification
}

// own returns the question of the funnel file that a step of the verb asks; false for the steps
// that have their words in the catalog.
func (c *composer) own(verb commands.Key, step string) (funnel.Question, bool) {
	q := c.questionnaire()
	if verb != commands.VerbQualify || q == nil {
		return funnel.Question{}, false
	}
	return q.Question(step)
}

// sectionName is the title of a section, and of what is counted apart from the sections.
func (c *composer) sectionName(key string) string {
	if q := c.questionnaire(); q != nil {
		for _, s := range q.Sections {
			if s.Key == key {
				return s.Titles.In(c.p.Locale())
			}
		}
	}
	return ""
}

// questionName is what the answer to a question is called. The file may have lost the question since
// it was answered; its answers are then of no name.
func (c *composer) questionName(key string) (funnel.Question, string, bool) {
	q := c.questionnaire()
	if q == nil {
		return funnel.Question{}, "", false
	}
	question, ok := q.Question(key)
	name := question.Name.In(c.p.Locale())
	if name == "" {
		name = question.Ask.In(c.p.Locale())
	}
	return question, name, ok
}

// optionTitle is an option of a question in the reader's language.
func (c *composer) optionTitle(q *funnel.Question, key string) string {
	if q.Kind == funnel.AskYesNo {
		switch key {
		case "yes":
			return c.say("control.yes", nil)
		case "no":
			return c.say("control.no", nil)
		}
	}
	if o, ok := q.Option(key); ok {
		return o.Titles.In(c.p.Locale())
	}
	return key
}

// optionTitles are several options side by side.
func (c *composer) optionTitles(q *funnel.Question, keys []string) string {
	names := make([]string, len(keys))
	for i, key := range keys {
		names[i] = c.optionTitle(q, key)
	}
	if slices.ContainsFunc(names, func(name string) bool { return strings.Contains(name, ",") }) {
		return strings.Join(names, "; ")
	}
	return strings.Join(names, ", ")
}

// said is a stored answer in words; empty for a question that was skipped.
func (c *composer) said(q *funnel.Question, g *funnel.Given) string {
	switch g.Kind {
	case funnel.AskText:
		return short(g.Text, maxQuote)
	case funnel.AskMoney:
		return c.p.Money(g.Money)
	case funnel.AskNumber:
		return c.decimal(g.Number)
	case funnel.AskDate:
		return c.p.Date(g.Date, c.today)
	case funnel.AskYesNo, funnel.AskOne, funnel.AskSeveral:
		return short(c.optionTitles(q, g.Keys), maxQuote)
	case funnel.AskPerson:
		return c.somebody(g.Name)
	}
	return ""
}

// somebody is a person of the client by name, or the word for one who was forgotten.
func (c *composer) somebody(name string) string {
	if strings.TrimSpace(name) == "" {
		return c.say("people.forgotten", nil)
	}
	return short(name, maxName)
}

// decimal writes a number with as many digits as it has, two at most.
func (c *composer) decimal(x float64) string {
	switch {
	case x == math.Trunc(x) && math.Abs(x) < 1<<53:
		return c.p.Number(int64(x))
	case x*10 == math.Trunc(x*10):
		return c.p.Decimal(x, 1)
	}
	return c.p.Decimal(x, 2)
}

// answered is the answer of a dialog to a question of the funnel file in words.
func (c *composer) answered(q *funnel.Question, v dialog.Value) string {
	switch v.Kind {
	case dialog.Choice:
		return c.optionTitle(q, v.Key)
	case dialog.Several:
		return c.optionTitles(q, v.Picked())
	case dialog.Person:
		return c.somebody(v.Person.Name)
	case dialog.Text, dialog.YesNo, dialog.Number, dialog.Money, dialog.Date:
	}
	return c.value("", v)
}

// reviewed shows the answers of a qualification by sections before it is concluded. What was not
// answered is named in one line for each section: it is read, not studied.
func (c *composer) reviewed(r commands.Question, s *dialog.Summary) []Block {
	heading := c.line("dialog.review", nil)
	if r.Deal != nil {
		heading = c.line("qualify.review", text.Args{"ref": viewRef(r.Deal)})
	}
	blocks := []Block{Heading{heading}}
	if s.Problem != nil {
		blocks = append(blocks, Paragraph{Text(c.p.Refusal(s.Problem))})
	}
	if s.Help {
		blocks = append(blocks, Paragraph{c.line("qualify.review_help", nil)})
	}
	most := maxQuote
	if len(s.Items) > maxLongAnswers {
		most = maxStep
	}
	for _, part := range c.bySection(s.Items) {
		if title := c.sectionName(part.key); title != "" {
			blocks = append(blocks, Paragraph{Line{Bold(title)}})
		}
		var fields []Field
		var open []string
		for _, item := range part.items {
			q, name, known := c.questionName(item.Step)
			switch {
			case !known:
			case item.Value.Skipped():
				open = append(open, name)
			default:
				fields = append(fields, Field{Label: name, Value: Text(short(c.answered(&q, item.Value), most))})
			}
		}
		if len(open) > 0 {
			fields = append(fields, Field{Label: capital(c.say("dialog.skipped", nil)), Value: Text(strings.Join(open, ", "))})
		}
		blocks = append(blocks, Fields{fields})
	}
	return append(blocks, c.corrections(s)...)
}

// section is what was answered to the questions of one section.
type section struct {
	key   string
	items []dialog.Item
}

// bySection puts the items of a summary under the sections of the funnel file, in its order.
func (c *composer) bySection(items []dialog.Item) []section {
	q := c.questionnaire()
	if q == nil {
		return nil
	}
	var parts []section
	for _, s := range q.Sections {
		part := section{key: s.Key}
		for _, item := range items {
			if slices.ContainsFunc(s.Questions, func(q funnel.Question) bool { return q.Key == item.Step }) {
				part.items = append(part.items, item)
			}
		}
		if len(part.items) > 0 {
			parts = append(parts, part)
		}
	}
	return parts
}

const (
	// maxLongAnswers is how many answers a summary shows at their full length.
	maxLongAnswers = 20
	// maxEditButtons is how many answers have a button each to be changed; of more, one is chosen.
	maxEditButtons = 6
)

// corrections are the ways on from the summary of a qualification: to save it, to change an answer.
func (c *composer) corrections(s *dialog.Summary) []Block {
	controls := c.controls(s.Token, s.Controls)
	var edits []Option
	for _, item := range s.Items {
		if _, name, known := c.questionName(item.Step); known {
			edits = append(edits, Option{Label: name, Action: commands.QuestionAction(s.Token, dialog.ActEdit, item.Step)})
		}
	}
	if len(edits) > maxEditButtons {
		return []Block{Buttons{controls}, Choices{Prompt: c.line("qualify.change", nil), Options: edits}}
	}
	for _, e := range edits {
		controls = append(controls, Button{Label: c.say("control.edit", text.Args{"name": e.Label}), Action: e.Action})
	}
	return []Block{Buttons{controls}}
}

// paused says that the questions are set aside, and what is kept of them.
func (c *composer) paused(r commands.Paused) []Block {
	if r.Deal == nil {
		return append([]Block{Paragraph{c.line("dialog.waiting", nil)}}, c.buttons(r.Offers)...)
	}
	args := text.Args{"ref": viewRef(r.Deal), "given": r.Given, "of": r.Of}
	return append([]Block{Paragraph{c.line("qualify.paused", args)}}, c.buttons(r.Offers)...)
}

// cancelled says that a dialog has ended, and what is kept of it.
func (c *composer) cancelled(r commands.Cancelled) []Block {
	line := c.line("dialog.cancelled", nil)
	switch {
	case r.Declined:
		line = c.line("dialog.declined", nil)
	case r.Deal != nil && r.Kept > 0:
		line = c.line("qualify.cancelled", text.Args{"ref": viewRef(r.Deal), "given": r.Kept, "of": r.Of})
	}
	return append([]Block{Paragraph{line}}, c.buttons(r.Offers)...)
}

// open lists the qualifications that can be gone on with.
func (c *composer) open(r commands.Asking) []Block {
	if len(r.Open) == 0 {
		return nil
	}
	items := make([]Item, len(r.Open))
	for i := range r.Open {
		o := &r.Open[i]
		door := c.line("qualify.open_in", text.Args{"door": c.p.Say("door."+o.Door, nil)})
		items[i] = Item{Text: join(Line{viewRef(&o.Deal)}, door), Buttons: c.offered([]commands.Offer{o.Offer})}
	}
	return []Block{Paragraph{c.line("qualify.open", nil)}, List{Items: items}}
}
