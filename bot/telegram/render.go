package telegram

import (
	"html"
	"slices"
	"strconv"
	"strings"

	"funnelbot/bot/message"
	"funnelbot/bot/text"
)

// person is somebody in a group who is asked.
type person struct {
	id   int64
	name string
}

// renderer turns one document into parts.
type renderer struct {
	p *text.Printer
	// asked is whom the questions are put to where several people read; nil in a private chat.
	asked *person
	// pressed is the data of the button that this answers; empty for words.
	pressed string

	// groups are the rows of the text so far, one group for a block.
	groups [][]row
	parts  []part
	keys   [][]key
	// glued says that the next block follows without an empty line.
	glued bool
	// force is what the input field says while an answer is typed; nil unless one is forced.
	force *string
}

// render returns what is to be sent, in order. It is empty for a document without blocks.
func (r *renderer) render(d message.Doc) []part {
	if r.asked != nil && asks(d) {
		r.add([]row{{spans: []span{{text: r.asked.called(), ink: mention, user: r.asked.id}, {text: ":"}}}})
		r.glued = true
	}
	for i, b := range d.Blocks {
		if i > 0 {
			r.glued = r.glued || leads(d.Blocks[i-1], b)
		}
		r.block(b)
	}
	r.flush()
	if len(r.parts) == 0 && len(r.keys) > 0 {
		r.parts = []part{{html: "…"}}
	}
	return r.attach()
}

// leads reports whether a paragraph belongs to what follows it: to a list, or as the title of fields.
func leads(before, b message.Block) bool {
	p, ok := before.(message.Paragraph)
	if !ok {
		return false
	}
	switch b.(type) {
	case message.List:
		return true
	case message.Fields:
		bare := func(run message.Run) bool { return run.Style != message.Strong }
		return strings.HasSuffix(strings.TrimSpace(p.Text.String()), ":") || !slices.ContainsFunc(p.Text, bare)
	}
	return false
}

// called is how a person is addressed. A name of nothing but blanks would address nobody.
func (p *person) called() string {
	if name := inline(p.name); strings.ContainsFunc(name, seen) {
		return name
	}
	return "#" + strconv.FormatInt(p.id, 10)
}

// asks reports whether a document puts a question to one person: also a summary that waits for a yes.
func asks(d message.Doc) bool {
	if asked, _ := dialogIn(d); asked != "" {
		return true
	}
	for _, b := range d.Blocks {
		switch b.(type) {
		case message.Form, message.Choices:
			return true
		}
	}
	return false
}

func (r *renderer) block(b message.Block) {
	switch b := b.(type) {
	case message.Heading:
		r.add([]row{inked(b.Text, strong)})
		r.glued = true
	case message.Paragraph:
		r.add(flowed(b.Text, plain))
	case message.Footnote:
		r.add(flowed(b.Text, faint))
	case message.Fields:
		rows := make([]row, 0, len(b.Fields))
		for _, f := range b.Fields {
			rows = append(rows, inked(f.Value, plain).after(span{text: inline(f.Label) + ": ", ink: faint}))
		}
		r.add(rows)
	case message.List:
		r.list(b)
	case message.Table:
		r.add(table(b))
	case message.Buttons:
		r.press(buttons(b.Buttons))
	case message.Choices:
		r.add(append([]row{inked(b.Prompt, strong)}, notes(b.Options)...))
		r.press(options(b.Options))
	case message.Form:
		r.form(b)
	case message.Picture:
		r.attachment(b.Name, b.Alt, b.Data, pictured(b.Data))
	case message.File:
		r.attachment(b.Name, b.Note, b.Data, false)
	case message.Divider:
		r.add([]row{rowOf(strings.Repeat("─", 12), plain)})
	}
}

// add puts rows below the others, after an empty one.
func (r *renderer) add(rows []row) {
	if len(rows) == 0 {
		return
	}
	if len(r.groups) > 0 && !r.glued {
		rows = append([]row{{}}, rows...)
	}
	r.groups, r.glued = append(r.groups, rows), false
}

func (r *renderer) list(l message.List) {
	numbered := l.Ordered
	label := itemLabels(l)
	if label == nil {
		// The buttons say which item they belong to by its number.
		numbered = true
		label = func(i int, b message.Button) string { return strconv.Itoa(i+1) + ". " + b.Label }
	}
	rows := make([]row, 0, len(l.Items))
	var keys []key
	for i, item := range l.Items {
		bullet := "• "
		if numbered {
			bullet = strconv.Itoa(i+1) + ". "
		}
		rows = append(rows, inked(item.Text, plain).after(span{text: bullet}))
		for _, b := range item.Buttons {
			keys = append(keys, keyOf(label(i, b), b.Action, b.Look))
		}
	}
	r.add(rows)
	r.press(keys)
}

func (r *renderer) form(f message.Form) {
	var rows []row
	if f.Reason != "" {
		rows = append(rows, flowed(message.Text(f.Reason), plain)...)
	}
	question := flowed(f.Question, strong)
	if f.Step > 0 && f.Steps > 0 {
		question[0] = question[0].after(span{text: "(" + strconv.Itoa(f.Step) + "/" + strconv.Itoa(f.Steps) + ") "})
	}
	rows = append(rows, question...)
	if f.Hint != "" {
		rows = append(rows, flowed(message.Text(f.Hint), faint)...)
	}
	on := sheetOf(f, r.pressed)
	rows = append(rows, notes(f.Options[on.first:on.end])...)
	rows = append(rows, on.picked(f)...)
	// In a group a bot is only shown answers to its messages. A person may be one that nobody has named.
	typed := r.asked != nil && (f.Kind.Typed() || f.Kind == message.AnswerPerson)
	switch {
	case typed && len(f.Options) == 0 && f.Default == nil && len(r.keys) == 0:
		// The platform lets a message either open the field for an answer or carry buttons. What these
		// would do can be typed.
		if ways := labels(f.Controls); ways != "" {
			rows = append(rows, rowOf(ways, faint))
		}
		hint := short(inline(f.Hint), maxHint)
		r.force = &hint
		r.add(rows)
		return
	case typed:
		rows = append(rows, rowOf(inline(r.p.Say("telegram.reply", nil)), faint))
	}
	r.add(rows)
	all := slices.Clone(f.Options)
	i := -1
	if f.Default != nil {
		i = slices.IndexFunc(all, func(o message.Option) bool { return o.Label == f.Default.Label })
	}
	if i >= 0 {
		all[i].Chosen = true // to agree is to press it
	}
	r.press(options(all[on.first:on.end]))
	r.press(on.turns())
	if f.Default != nil && i < 0 {
		r.press([]key{keyOf(chosenMark+f.Default.Label, f.Default.Action, message.Primary)})
	}
	r.press(buttons(f.Controls))
}

// labels are the ways out of a question in words.
func labels(all []message.Button) string {
	words := make([]string, len(all))
	for i, b := range all {
		words[i] = inline(b.Label)
	}
	return strings.Join(words, " · ")
}

// notes are the options whose buttons do not say enough: those with a note, and those whose labels are
// too long for a button.
func notes(all []message.Option) []row {
	var rows []row
	for _, o := range all {
		r := row{spans: []span{{text: "• "}, {text: inline(o.Label), ink: strong}}}
		if o.Note != "" {
			r.spans = append(r.spans, span{text: " — " + inline(o.Note)})
		}
		if o.Note != "" || cells(inline(o.Label)) > maxLabel {
			rows = append(rows, r)
		}
	}
	return rows
}

// escape is the one place where text becomes markup.
func (s span) escape() string {
	words := html.EscapeString(s.text)
	switch s.ink {
	case plain:
	case strong:
		return "<b>" + words + "</b>"
	case faint:
		return "<i>" + words + "</i>"
	case literal:
		return "<code>" + words + "</code>"
	case mention:
		return `<a href="tg://user?id=` + strconv.FormatInt(s.user, 10) + `">` + words + "</a>"
	}
	return words
}

// markup joins rows into the text of one message.
func markup(rows []row) string {
	var b strings.Builder
	pre := false
	for i, r := range rows {
		if pre && !r.pre {
			b.WriteString("</pre>")
		}
		if i > 0 {
			b.WriteByte('\n')
		}
		if r.pre && !pre {
			b.WriteString("<pre>")
		}
		pre = r.pre
		for _, s := range r.spans {
			if r.pre {
				s.ink = plain
			}
			b.WriteString(s.escape())
		}
	}
	if pre {
		b.WriteString("</pre>")
	}
	return b.String()
}
