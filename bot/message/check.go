package message

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Check reports what no door could render well: a block without words, a button without label or
// action, an action longer than [MaxAction] bytes, a row that does not fit its columns. It is for
// tests of what composes documents; a door renders even what fails here.
func (d Doc) Check() error {
	var c checker
	for i, b := range d.Blocks {
		c.at = fmt.Sprintf("block %d %T", i, b)
		c.block(b)
	}
	if c.primary > 1 {
		c.fail("%d primary buttons in one message", c.primary)
	}
	return errors.Join(c.errs...)
}

type checker struct {
	at      string
	primary int
	errs    []error
}

func (c *checker) fail(format string, args ...any) {
	c.errs = append(c.errs, fmt.Errorf(c.at+": "+format, args...))
}

func (c *checker) block(b Block) {
	switch b := b.(type) {
	case Heading:
		c.line("heading", b.Text)
	case Paragraph:
		c.line("paragraph", b.Text)
	case Footnote:
		c.line("footnote", b.Text)
	case Fields:
		for _, f := range b.Fields {
			c.words("label", f.Label)
			c.runs("value", f.Value)
		}
	case List:
		for _, it := range b.Items {
			c.line("item", it.Text)
			c.buttons(it.Buttons)
		}
	case Table:
		c.table(b)
	case Buttons:
		c.buttons(b.Buttons)
	case Choices:
		c.line("prompt", b.Prompt)
		c.options(b.Options)
	case Form:
		c.form(b)
	case Picture:
		c.words("name", b.Name)
		c.words("alternative text", b.Alt)
	case File:
		c.words("name", b.Name)
	case Divider:
	default:
		c.fail("unknown kind of block")
	}
}

func (c *checker) words(what, s string) {
	if strings.TrimSpace(s) == "" {
		c.fail("%s without words", what)
	}
	if !utf8.ValidString(s) {
		c.fail("%s %q is not UTF-8", what, s)
	}
}

func (c *checker) line(what string, l Line) {
	c.words(what, l.String())
	c.runs(what, l)
}

func (c *checker) runs(what string, l Line) {
	for _, r := range l {
		if (r.Style == Reference) != (r.Deal > 0) {
			c.fail("%s: run %q of style %d has deal %d", what, r.Text, r.Style, r.Deal)
		}
		if (r.Style == Contact) != (r.Link != "") {
			c.fail("%s: run %q of style %d has link %q", what, r.Text, r.Style, r.Link)
		}
	}
}

func (c *checker) action(a string) {
	if a == "" || len(a) > MaxAction || !utf8.ValidString(a) {
		c.fail("action %q has %d bytes, wanted 1 to %d", a, len(a), MaxAction)
	}
}

func (c *checker) buttons(all []Button) {
	for _, b := range all {
		c.words("button", b.Label)
		c.action(b.Action)
		if b.Look == Primary {
			c.primary++
		}
	}
}

func (c *checker) options(all []Option) {
	if len(all) == 0 {
		c.fail("no options")
	}
	for _, o := range all {
		c.words("option", o.Label)
		c.action(o.Action)
	}
}

func (c *checker) table(t Table) {
	if len(t.Columns) == 0 {
		c.fail("no columns")
	}
	for i, row := range t.Rows {
		if len(row) != len(t.Columns) {
			c.fail("row %d has %d cells under %d columns", i, len(row), len(t.Columns))
		}
		for _, cell := range row {
			c.runs("cell", cell)
		}
	}
}

func (c *checker) form(f Form) {
	c.line("question", f.Question)
	if f.Reply != "" {
		c.action(f.Reply)
	}
	if len(f.Options) > 0 || !f.Kind.Typed() {
		c.options(f.Options)
	}
	if f.Default != nil {
		c.options([]Option{*f.Default})
	}
	if f.Step < 0 || f.Steps < 0 || f.Step > f.Steps && f.Steps > 0 {
		c.fail("step %d of %d", f.Step, f.Steps)
	}
	c.buttons(f.Controls)
}
