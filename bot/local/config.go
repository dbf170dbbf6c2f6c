// Package local is the terminal door: it needs no tokens and is the first thing a new user meets.
//
// At a terminal it edits lines, keeps a history, completes verbs and deals, and lets reminders
// appear while somebody types. Without one it reads lines and prints answers and nothing else, so
// that it can be scripted.
//
// Buttons are numbers. [1] under a message is pressed by typing 1. A number that is no button is
// a deal, as it is at every door, and #42 is always the deal. While a question waits for an answer
// in one's own words, where 3 would be such an answer, the buttons read [/1] and are typed so;
// /1 presses a button at any time. The numbers of an answer are good until the next answer. A
// notice that comes in between counts on from there, so it never takes a number that somebody is
// about to type. Enter alone accepts the default of a question.
package local

import (
	"context"
	"io"
	"log/slog"
	"os"
	"time"

	"golang.org/x/term"

	"funnelbot/bot"
	"funnelbot/bot/text"
	"funnelbot/funnel"
)

// Name is what the door is called in requests.
const Name = "local"

// The places of the door. A terminal has one conversation, which goes on after a restart. Lines
// that a script types have another one, so that neither answers the questions of the other.
const (
	Terminal = "terminal"
	Lines    = "lines"
)

// Config is what the door needs. All of it must be given but Place, Folder, Complete and Getenv.
type Config struct {
	// Handle answers what is typed.
	Handle bot.Handler
	// Workspace, Member and Locale stand in every request; Name is the member's, for the greeting.
	Workspace funnel.ID
	Member    funnel.ID
	Locale    funnel.Locale
	Name      string
	// Place is the conversation; empty is [Terminal].
	Place string
	// Printer gives the language of the door's own few sentences. It is asked anew each time,
	// because people change their language.
	Printer func() *text.Printer
	// In and Out are line-edited if they are os.Stdin and os.Stdout at a terminal.
	In  io.Reader
	Out io.Writer
	// Folder keeps the history of lines and the files that were received; empty keeps neither.
	Folder string
	// Complete returns whole lines that line may become; nil for no completion.
	Complete func(ctx context.Context, line string) []string
	// Now is the clock, NewKey the source of request keys, different at every call.
	Now    func() time.Time
	NewKey func() string
	// Getenv reads TERM and NO_COLOR (https://no-color.org); nil for neither.
	Getenv func(key string) string
	Log    *slog.Logger
}

// Door is the running terminal door.
type Door struct {
	Config
	presses presses
	notices chan notice
	done    chan struct{}
	printed bool
	// open opens the source of lines; asks says that it asks with a prompt.
	open func() lines
	asks bool
	// edits is true where lines are edited, live while somebody may be typing one.
	edits bool
	live  bool
	color bool
	width func() int
}

// New returns the door. It does nothing before Run.
func New(c Config) *Door {
	if c.Place == "" {
		c.Place = Terminal
	}
	if c.Getenv == nil {
		c.Getenv = func(string) string { return "" }
	}
	d := &Door{Config: c, notices: make(chan notice), done: make(chan struct{}), width: func() int { return 0 }}
	d.open = func() lines { return newPlain(c.In, nil) }
	out, toScreen := terminal(c.Out)
	_, fromKeys := terminal(c.In)
	if !toScreen {
		return d
	}
	dumb := c.Getenv("TERM") == "" || c.Getenv("TERM") == "dumb"
	d.color = !dumb && c.Getenv("NO_COLOR") == ""
	d.width = func() int { return columns(out) }
	d.asks = fromKeys
	switch {
	case fromKeys && !dumb && c.In == os.Stdin && c.Out == os.Stdout:
		d.edits = true
		d.open = func() lines { return newEditor(c) }
	case fromKeys:
		d.open = func() lines { return newPlain(c.In, c.Out) }
	}
	return d
}

// terminal returns the file behind a stream and whether it is a terminal.
func terminal(stream any) (*os.File, bool) {
	f, ok := stream.(*os.File)
	return f, ok && term.IsTerminal(int(f.Fd()))
}

// columns returns how wide messages may be on the screen now.
func columns(screen *os.File) int {
	w, _, err := term.GetSize(int(screen.Fd()))
	if err != nil || w <= 0 {
		return 80
	}
	return min(max(w-1, minWidth), maxWidth)
}
