package local

import (
	"strconv"
	"strings"

	"funnelbot/bot/message"
	"funnelbot/bot/text"
)

// page is a message ready for the screen.
type page struct {
	text string
	// actions are what the numbers press, in order.
	actions []string
	// agree is what Enter presses; typed says that a bare number is an answer; question is what is
	// asked.
	agree    string
	typed    bool
	question string
}

// renderer turns one document into a page.
type renderer struct {
	p     *text.Printer
	width int
	color bool
	// first is the number of the first button.
	first int
	// keep saves a file and returns where it is.
	keep func(name string, data []byte) (path string, err error)

	page page
	rows []string
}

func (r *renderer) render(d message.Doc) page {
	for _, b := range d.Blocks {
		if form, ok := b.(message.Form); ok && form.Kind.Typed() {
			r.page.typed = true
		}
	}
	for _, b := range d.Blocks {
		r.block(b)
	}
	r.page.text = strings.Join(r.rows, "\n")
	return r.page
}

func (r *renderer) block(b message.Block) {
	switch b := b.(type) {
	case message.Heading:
		r.flow(inked(b.Text, false).over(strong), "", "")
	case message.Paragraph:
		r.flow(inked(b.Text, true), "", "")
	case message.Footnote:
		r.flow(inked(b.Text, true).over(faint), "", "")
	case message.Fields:
		r.fields(b.Fields)
	case message.List:
		r.list(b)
	case message.Table:
		r.table(b)
	case message.Buttons:
		r.buttons(b.Buttons, "")
	case message.Choices:
		r.flow(inked(b.Prompt, false).over(strong), "", "")
		r.options(b.Options)
	case message.Form:
		r.form(b)
	case message.Picture:
		r.file(b.Name, b.Alt, "local.pictured", b.Data)
	case message.File:
		r.file(b.Name, b.Note, "local.not_kept", b.Data)
	case message.Divider:
		r.line(spans{{strings.Repeat("─", r.room(40)), faint}})
	}
}

// room is how many cells there are, at most most.
func (r *renderer) room(most int) int {
	if r.width == 0 {
		return most
	}
	return min(r.width, most)
}

// line adds a row as it is.
func (r *renderer) line(s spans) {
	var b strings.Builder
	for _, part := range s {
		if !r.color || part.paint == unpainted || strings.TrimSpace(part.text) == "" {
			b.WriteString(part.text)
			continue
		}
		b.WriteString("\x1b[" + string(part.paint) + "m" + part.text + "\x1b[0m")
	}
	r.rows = append(r.rows, strings.TrimRight(b.String(), " "))
}

// flow adds text, broken to the width, the first row after the prefix head and the others after
// the prefix tail.
func (r *renderer) flow(s spans, head, tail string) {
	width := 0
	if r.width > 0 {
		width = max(r.width-max(cells(head), cells(tail)), 1)
	}
	for i, row := range s.wrap(width) {
		prefix := tail
		if i == 0 {
			prefix = head
		}
		r.line(append(spans{{prefix, unpainted}}, row...))
	}
}

func (r *renderer) fields(all []message.Field) {
	widest := 0
	for _, f := range all {
		if w := cells(inline(f.Label)) + 2; w <= r.room(maxLabel) && !r.crowded(w) {
			widest = max(widest, w)
		}
	}
	for _, f := range all {
		label := inline(f.Label) + ": "
		if r.crowded(cells(label)) {
			r.flow(spans{{label, unpainted}}, "", "")
			if f.Value.String() != "" {
				r.flow(inked(f.Value, true), "  ", "  ")
			}
			continue
		}
		label += strings.Repeat(" ", max(widest-cells(label), 0))
		r.flow(inked(f.Value, true), label, strings.Repeat(" ", widest))
	}
}

// crowded reports whether a label leaves no room for its value beside it.
func (r *renderer) crowded(label int) bool { return r.width > 0 && label+minCell > r.width }

func (r *renderer) list(l message.List) {
	for i, item := range l.Items {
		bullet := "• "
		if l.Ordered {
			bullet = strconv.Itoa(i+1) + ". "
		}
		indent := strings.Repeat(" ", cells(bullet))
		r.flow(inked(item.Text, true), bullet, indent)
		if len(item.Buttons) > 0 {
			r.buttons(item.Buttons, indent)
		}
	}
}

// file saves what a terminal cannot show and says where it is. Where nothing is saved a picture is told in
// words, and a file is missed.
func (r *renderer) file(name, what, missed string, data []byte) {
	if strings.TrimSpace(what) == "" {
		what = name
	}
	what = inline(what)
	path, err := r.keep(name, data)
	sentence := r.p.Say(missed, text.Args{"what": what})
	if err == nil {
		sentence = r.p.Say("local.kept", text.Args{"what": what, "path": inline(path)})
	}
	r.flow(spans{{sentence, unpainted}}, "", "")
}
