package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"
	"time"

	"funnelbot/bot/message"
	"funnelbot/bot/text"
	"funnelbot/commands"
	"funnelbot/funnel"
	"funnelbot/funnel/dialog"
)

// Timeout bounds one request. Storage answers within a shorter budget of its own; what is still
// running after this is stuck.
const Timeout = 8 * time.Second

// Dispatcher takes requests of every door to the desk and puts the replies into words.
type Dispatcher struct {
	desk    *commands.Desk
	texts   *text.Catalog
	log     *slog.Logger
	newCase func() string
}

// DispatcherConfig is what a [Dispatcher] is made of; all of it is required.
type DispatcherConfig struct {
	Desk  *commands.Desk
	Texts *text.Catalog
	Log   *slog.Logger
	// NewCase returns short numbers of incidents: what the person is told and what the log says.
	NewCase func() string
}

// NewDispatcher returns a dispatcher. It is safe for use by many doors at once.
func NewDispatcher(c DispatcherConfig) *Dispatcher {
	return &Dispatcher{desk: c.Desk, texts: c.Texts, log: c.Log, newCase: c.NewCase}
}

// Handle answers one request, whatever happens: a refusal and a fault are answers too. It is the
// [Handler] of every door.
func (d *Dispatcher) Handle(ctx context.Context, req Request) (doc message.Doc, err error) {
	ctx, cancel := context.WithTimeout(ctx, Timeout)
	defer cancel()
	reader := commands.Reader{Locale: req.Locale, Now: req.At}
	defer func() {
		if r := recover(); r != nil {
			doc, err = d.fault(ctx, req, reader, fmt.Errorf("panic: %v", r), slog.String("stack", string(debug.Stack()))), nil
		}
	}()
	reply, known, fail := d.desk.Answer(ctx, ask(req))
	if known.Zone != nil {
		reader = known
	}
	if fail != nil {
		return d.fault(ctx, req, reader, fail), nil
	}
	return message.Compose(d.texts.In(locale(reader)), reader, reply), nil
}

func locale(r commands.Reader) string {
	if r.Locale == "" {
		return string(funnel.English)
	}
	return string(r.Locale)
}

// ask makes what was typed fit for keeping: valid UTF-8 without NUL, which no database takes.
func ask(req Request) commands.Ask {
	a := commands.Ask{
		Workspace: req.Workspace, Member: req.Member, Door: req.Door, Place: req.Place, From: req.From, Key: req.Key,
		Text: storable(req.Text), Clip: req.Clip, Venue: req.Venue, About: req.About, Caller: req.Caller, Forms: req.Forms,
		At: req.At,
	}
	if req.Press != nil {
		a.Action = storable(req.Press.Action)
		for _, f := range req.Press.Fields {
			clean := dialog.Field{Step: storable(f.Step), Text: storable(f.Text)}
			for _, key := range f.Keys {
				clean.Keys = append(clean.Keys, storable(key))
			}
			a.Fields = append(a.Fields, clean)
		}
		if req.Press.Value != "" {
			a.Text = storable(req.Press.Value)
		}
	}
	return a
}

func storable(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}

// fault logs what went wrong, once and without what was typed, and tells the person its number.
func (d *Dispatcher) fault(ctx context.Context, req Request, r commands.Reader, fail error, more ...slog.Attr) message.Doc {
	p := d.texts.In(locale(r))
	if errors.Is(fail, context.DeadlineExceeded) {
		d.log.LogAttrs(ctx, slog.LevelWarn, "request not answered in time",
			slog.String("door", req.Door), slog.String("key", req.Key), slog.Any("error", fail))
		return message.New(message.Para(message.Plain(p.Say("fault.timeout", nil))))
	}
	number := d.newCase()
	attrs := append([]slog.Attr{
		slog.String("incident", number), slog.String("door", req.Door), slog.String("workspace", req.Workspace.String()),
		slog.String("member", req.Member.String()), slog.Any("error", fail),
	}, more...)
	d.log.LogAttrs(ctx, slog.LevelError, "request failed", attrs...)
	return message.New(message.Para(message.Plain(p.Say("fault.incident", text.Args{"id": number}))))
}
