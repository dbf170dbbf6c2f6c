package slack

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"funnelbot/bot"
	"funnelbot/bot/message"
	"funnelbot/bot/text"
	"funnelbot/funnel"
)

// errClosing says that the door takes nothing any more.
var errClosing = errors.New("the door is closing")

// acknowledgement is the one answer that a request can be given directly. It is there for whoever
// comes first: the work, or the clock.
type acknowledgement struct {
	mu    sync.Mutex
	taken bool
	done  chan reply
}

// reply is what stands in a response: a message, what becomes of a view, or nothing.
type reply struct {
	payload any
	err     error
}

func newAcknowledgement() *acknowledgement { return &acknowledgement{done: make(chan reply, 1)} }

// offer makes the response; false if it has been made.
func (k *acknowledgement) offer(payload any, err error) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.taken {
		return false
	}
	k.taken = true
	k.done <- reply{payload, err}
	return true
}

// open reports whether the request still waits.
func (k *acknowledgement) open() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return !k.taken
}

// take is an act in work.
type take struct {
	act act
	ack *acknowledgement
}

// begin starts the work that an act asks for. Acts of one person are worked on in the order in
// which they began.
func (d *Door) begin(a act) (*take, error) {
	t := &take{act: a, ack: newAcknowledgement()}
	turn := d.order.Join(a.user)
	ok := d.work.start(func(ctx context.Context) {
		defer turn.Leave()
		defer d.recovered(ctx, t.ack)
		if err := turn.Wait(ctx); err != nil {
			t.ack.offer(nil, err)
			return
		}
		err := d.perform(ctx, a, t.ack)
		if err != nil {
			d.Log.WarnContext(ctx, "visit not answered", slog.String("key", a.key), slog.Any("error", err))
		}
		t.ack.offer(nil, err)
	})
	if !ok {
		turn.Leave()
		return nil, errClosing
	}
	return t, nil
}

// response waits for what to respond, and no longer than Slack does. The work goes on.
func (d *Door) response(ctx context.Context, t *take) (any, error) {
	late := time.NewTimer(d.patience.acknowledge)
	defer late.Stop()
	select {
	case r := <-t.ack.done:
		return r.payload, r.err
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-late.C:
	}
	t.ack.offer(d.meanwhile(t.act), nil)
	r := <-t.ack.done
	return r.payload, r.err
}

// recovered keeps a panic from taking the process down. What the platform would deliver again is
// not asked for again, because it would end the same way.
func (d *Door) recovered(ctx context.Context, k *acknowledgement) {
	if p := recover(); p != nil {
		d.Log.ErrorContext(ctx, "panic at the door", slog.String("panic", fmt.Sprint(p)), slog.String("stack", string(debug.Stack())))
		k.offer(nil, nil)
	}
}

// perform does what an act asks for. An error says that there was no answer, and nothing was
// posted: the request may be delivered again.
func (d *Door) perform(ctx context.Context, a act, k *acknowledgement) error {
	self, err := d.me(ctx)
	if err != nil {
		return err
	}
	if team := a.team; team != self.team && (team != "" || a.userTeam != self.team) {
		d.turnAway(ctx, "team")
		k.offer(nil, nil)
		return nil
	}
	v := d.visit(ctx, a, self)
	if a.way == byClose {
		k.offer(nil, nil)
		return d.closed(ctx, a, v)
	}
	if a.way == bySubmit {
		return d.submit(ctx, a, v, k)
	}
	doc, err := d.ask(ctx, &a, v)
	if err != nil {
		d.unanswered(ctx, a, err)
		doc = d.sorry(v)
	}
	return d.deliver(ctx, a, v.Answered(doc), doc, k)
}

// visit is what the rest of the program knows of an act.
func (d *Door) visit(ctx context.Context, a act, self me) bot.Visit {
	asking, cancel := context.WithTimeout(ctx, d.patience.ask)
	defer cancel()
	v := bot.Visit{
		Caller: d.caller(asking, a, self), Venue: d.venue(asking, a, self), Place: a.origin.place(), From: a.from, Key: a.key,
		Text: a.text, Press: a.press, Clip: a.clip, Root: a.origin.Thread, Forms: a.forms(), At: d.Clock().UTC(),
	}
	if v.Key == "" {
		v.Key = keyOf(d.NewKey())
	}
	if v.Root == "" && v.Venue.Private {
		v.Root = a.message
	}
	if a.clip != nil {
		clip := *a.clip
		if clip.Ref == "" && a.message != "" {
			clip.Ref = self.permalink(a.origin.Channel, a.message)
		}
		if isUser(clip.From) {
			if u, err := d.user(asking, clip.From); err == nil {
				clip.From = describe(funnel.Caller{}, u).Name
			}
		}
		v.Clip = &clip
	}
	return v
}

// ask has the visit answered. Where the answer may be a question for a view and takes its time, a
// view that says so is opened first: its trigger would be over otherwise.
func (d *Door) ask(ctx context.Context, a *act, v bot.Visit) (message.Doc, error) {
	if a.trigger == "" || a.view.id != "" || a.question || !d.mayAsk(*a) {
		return d.Host(ctx, v)
	}
	type result struct {
		doc message.Doc
		err error
	}
	got := make(chan result, 1)
	go func() {
		defer func() {
			if p := recover(); p != nil {
				got <- result{err: fmt.Errorf("panic: %v\n%s", p, debug.Stack())}
			}
		}()
		doc, err := d.Host(ctx, v)
		got <- result{doc, err}
	}()
	slow := time.NewTimer(d.patience.load)
	defer slow.Stop()
	select {
	case r := <-got:
		return r.doc, r.err
	case <-slow.C:
	}
	trigger := a.trigger
	a.trigger = ""
	if opened, err := d.openView(ctx, trigger, loading(d.words(v), a.origin)); err == nil {
		a.view, a.loading = opened, true
	}
	r := <-got
	return r.doc, r.err
}

// words is the language of the one who visits.
func (d *Door) words(v bot.Visit) *text.Printer { return d.printer(string(v.Caller.Locale)) }

// unanswered notes that the host had no answer, because it broke or its time was over.
func (d *Door) unanswered(ctx context.Context, a act, err error) {
	d.Log.ErrorContext(ctx, "no answer to a visit", slog.String("key", a.key), slog.Any("error", err))
}

// sorry is the answer where there is none.
func (d *Door) sorry(v bot.Visit) message.Doc {
	return message.New(message.Para(message.Plain(d.words(v).Say("slack.no_answer", nil))))
}
