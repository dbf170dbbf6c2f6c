package local

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"funnelbot/bot/message"
)

// ErrClosed says that nobody sits at the terminal any more.
var ErrClosed = errors.New("terminal is closed")

// notice is a message that nobody asked for, and where to say whether it was printed.
type notice struct {
	doc    message.Doc
	result chan error
}

// Send prints a message that nobody asked for and returns when it is on the screen: between the
// answers, and above the line that is being typed. Before Run it waits, after Run
// it returns [ErrClosed].
func (d *Door) Send(ctx context.Context, doc message.Doc) error {
	n := notice{doc: doc, result: make(chan error, 1)}
	select {
	case d.notices <- n:
	case <-d.done:
		return ErrClosed
	case <-ctx.Done():
		return fmt.Errorf("wait for the terminal: %w", ctx.Err())
	}
	return <-n.result // the loop took it and always answers
}

// notify prints a notice. A line that is being typed is cleared away first and drawn again.
func (d *Door) notify(n notice) error {
	r := d.renderer(d.presses.next())
	r.page.typed = d.presses.typed
	page := r.render(n.doc)
	d.presses.noticed(page)
	err := d.interject(page.text)
	n.result <- err
	return err
}

func (d *Door) interject(message string) error {
	switch {
	case d.live && d.edits:
		err := d.write("\r\x1b[J", message)
		redraw()
		return err
	case d.live:
		if err := d.write("\n", message); err != nil {
			return err
		}
		_, err := io.WriteString(d.Out, prompt)
		return err
	}
	return d.write("", message)
}

// answer prints what the bot says to the last line.
func (d *Door) answer(doc message.Doc) error {
	if doc.IsZero() {
		return nil
	}
	page := d.renderer(1).render(doc)
	d.presses.answered(page)
	return d.write("", page.text)
}

// say prints a sentence of the door's own; the buttons stay as they are.
func (d *Door) say(sentence string) error {
	return d.write("", d.renderer(1).render(message.New(message.Para(message.Plain(sentence)))).text)
}

func (d *Door) renderer(first int) *renderer {
	return &renderer{p: d.Printer(), width: d.width(), color: d.color, first: first, keep: d.keep}
}

// write prints a message with an empty line between it and its neighbours.
func (d *Door) write(before, message string) error {
	after := "\n"
	switch {
	case d.asks:
		after = "\n\n"
	case d.printed:
		before += "\n"
	}
	d.printed = true
	if _, err := io.WriteString(d.Out, before+message+after); err != nil {
		return fmt.Errorf("print a message: %w", err)
	}
	return nil
}

var errNoFolder = errors.New("no folder for files")

// keep saves a file in the data folder, never over another one and never outside of it.
func (d *Door) keep(name string, data []byte) (string, error) {
	if d.Folder == "" {
		return "", errNoFolder
	}
	folder := filepath.Join(d.Folder, "files")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", fmt.Errorf("make a folder for files: %w", err)
	}
	name = fileName(name)
	ending := filepath.Ext(name)
	stem := strings.TrimSuffix(name, ending)
	for n := 1; ; n++ {
		path := filepath.Join(folder, name)
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if errors.Is(err, os.ErrExist) {
			name = stem + "-" + strconv.Itoa(n) + ending
			continue
		}
		if err != nil {
			return "", fmt.Errorf("save a file: %w", err)
		}
		_, err = f.Write(data)
		if err = errors.Join(err, f.Close()); err != nil {
			return "", fmt.Errorf("save a file: %w", err)
		}
		return path, nil
	}
}

// fileName makes a name that is a name on every system: no separators, nothing hidden, not long.
func fileName(name string) string {
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|`, r) || r == broken {
			return '_'
		}
		return r
	}, inline(name))
	name = strings.TrimLeft(name, ". ")
	if name == "" {
		return "file"
	}
	ending := filepath.Ext(name)
	stem := strings.TrimSuffix(name, ending)
	for len(stem)+len(ending) > 100 && stem != "" { // in bytes; systems allow 255
		stem = string([]rune(stem)[:len([]rune(stem))-1])
	}
	return stem + ending
}
