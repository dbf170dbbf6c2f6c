package local

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"time"

	"funnelbot/bot/text"
)

// prompt is what a person types after.
const prompt = "> "

// reading is a line, or why there is none.
type reading struct {
	line string
	err  error
	// waited is how long the prompt stood there.
	waited time.Duration
}

// Run holds the conversation until the lines end, somebody leaves, or ctx ends; none of these is
// an error. Lines are handled one after the other; a request that runs when ctx ends is waited
// for. Run is called once.
//
// Ctrl-C leaves while a line is being typed. At any other moment it is the signal it always is,
// and ctx is expected to end with it.
//
// A read from a terminal cannot be called off, so where ctx ends while somebody types, one
// goroutine stays behind until the next key or the end of the program.
func (d *Door) Run(ctx context.Context) error {
	defer close(d.done)
	in := d.open()
	defer func() {
		if err := in.close(); err != nil {
			d.Log.WarnContext(ctx, "terminal not restored", slog.Any("error", err))
		}
	}()
	if d.asks {
		if err := d.say(d.Printer().Say("local.welcome", text.Args{"name": d.Name})); err != nil {
			return err
		}
	}
	err := d.converse(ctx, in)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	if d.asks && err == nil {
		err = d.say(d.Printer().Say("local.bye", nil))
	}
	return err
}

// converse asks for a line, handles it, and so on. io.EOF is the end that was wished for.
func (d *Door) converse(ctx context.Context, in lines) error {
	ask, got := make(chan struct{}), make(chan reading)
	defer close(ask)
	go func() {
		for range ask {
			shown := d.Now()
			line, err := in.next(prompt)
			select {
			case got <- reading{line, err, d.Now().Sub(shown)}:
			case <-d.done:
				return
			}
		}
	}()
	for {
		if err := d.pending(); err != nil {
			return err
		}
		r, err := d.await(ctx, ask, got)
		if err != nil {
			return err
		}
		if err := d.handle(ctx, in, r); err != nil {
			return err
		}
	}
}

// pending prints the notices that came while a request was handled.
func (d *Door) pending() error {
	for {
		select {
		case n := <-d.notices:
			if err := d.notify(n); err != nil {
				return err
			}
		default:
			return nil
		}
	}
}

// await asks for a line and prints notices until it comes.
func (d *Door) await(ctx context.Context, ask chan<- struct{}, got <-chan reading) (reading, error) {
	select {
	case ask <- struct{}{}:
	case <-ctx.Done():
		return reading{}, io.EOF
	}
	d.live = d.asks
	defer func() { d.live = false }()
	for {
		select {
		case r := <-got:
			return r, nil
		case n := <-d.notices:
			if err := d.notify(n); err != nil {
				return reading{}, err
			}
		case <-ctx.Done():
			return reading{}, d.newLine()
		}
	}
}

// newLine leaves the line that was being typed, and the conversation.
func (d *Door) newLine() error {
	if d.asks {
		if _, err := io.WriteString(d.Out, "\n"); err != nil {
			return err
		}
	}
	return io.EOF
}

// handle does what one line asks for.
func (d *Door) handle(ctx context.Context, in lines, r reading) error {
	switch {
	case errors.Is(r.err, errLong):
		return d.say(d.Printer().Say("local.too_long", text.Args{"limit": maxLine}))
	case errors.Is(r.err, errLeft), errors.Is(r.err, io.EOF) && d.edits:
		return io.EOF // the editor has left the line itself
	case errors.Is(r.err, io.EOF):
		return d.newLine()
	case r.err != nil:
		return r.err
	}
	act, words := d.presses.read(r.line)
	if typed(r.line) == "" && d.asks && r.waited < humanPause {
		return nil // it was pasted, or the key bounced
	}
	switch act {
	case actNothing:
		if d.presses.question == "" {
			return nil
		}
		return d.say(d.Printer().Say("local.still_asking", text.Args{"question": d.presses.question}))
	case actLeave:
		return io.EOF
	case actNoButton:
		return d.say(d.Printer().Say("local.no_button", text.Args{"number": words}))
	case actText, actPress:
	}
	if line := typed(r.line); line != "" {
		in.remember(line)
	}
	doc, err := d.Handle(ctx, d.request(act, words))
	if err != nil {
		d.Log.WarnContext(ctx, "no answer", slog.Any("error", err))
		return d.say(d.Printer().Say("local.no_answer", nil))
	}
	return d.answer(doc)
}
