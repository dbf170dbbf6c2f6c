package bot

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"runtime/debug"
	"sync"
	"time"

	"funnelbot/bot/message"
	"funnelbot/bot/text"
	"funnelbot/commands"
	"funnelbot/funnel"
)

// How old what a reception knows may be.
const (
	// revisionAge bounds how long somebody may go on speaking whom another process has removed.
	revisionAge = 2 * time.Second
	// belongingAge only bounds memory: what was removed is seen by the revision.
	belongingAge = 10 * time.Minute
	// teamAge is longer, because a team stays tied to its workspace.
	teamAge = time.Minute
	// anchorAge only bounds memory: what a message is about never changes.
	anchorAge = 10 * time.Minute
	// seenAge is how often it is noted that somebody is there.
	seenAge = time.Hour
	// checkAge is how often a platform that vouches for people is asked whether somebody may still
	// speak. While it cannot be asked, whoever came by a circle is trusted for trustAge, and it is
	// asked again after askAge. That is also how long an answer about somebody whom it does not vouch
	// for counts.
	checkAge = 10 * time.Minute
	trustAge = time.Hour
	askAge   = 30 * time.Second
)

// How a visit ended, for the meter.
const (
	resultAnswered    = "answered"
	resultRefused     = "refused"
	resultUnavailable = "unavailable"
	resultFault       = "fault"
	resultAbandoned   = "abandoned"
)

// Reception finds out who visits, whether they may speak, and for which workspace, before anything
// is done. Whoever may not gets the same words whatever exists or does not.
type Reception struct {
	service      *funnel.Service
	dispatcher   *Dispatcher
	texts        *text.Catalog
	clock        func() time.Time
	log          *slog.Logger
	meter        *Meter
	connectFirst map[string]bool
	parser       *commands.Parser
	turns        Turns[conversation]

	mu       sync.RWMutex
	vouchers map[string]Voucher

	revision revision

	belongings *remembered[identity, []funnel.Belonging]
	chats      *remembered[funnel.ChatRef, *funnel.Chat]
	teams      *remembered[identity, funnel.ID]
	anchors    *remembered[anchor, funnel.ID]
	seen       *remembered[funnel.Identity, struct{}]
	vouched    *remembered[identity, Vouched]
	unasked    *remembered[identity, struct{}]
}

// identity is what a door calls a person, or a team.
type identity struct{ door, external string }

// conversation is what is answered in order.
type conversation struct{ door, place, person string }

// anchor is a message and the workspace that it may belong to.
type anchor struct {
	door, chat, message string
	workspace           funnel.ID
}

// ReceptionConfig is what a [Reception] is made of; Meter and ConnectFirst may be nil.
type ReceptionConfig struct {
	Service    *funnel.Service
	Dispatcher *Dispatcher
	Texts      *text.Catalog
	Clock      func() time.Time
	Log        *slog.Logger
	Meter      *Meter
	// ConnectFirst names the doors in whose chats of several people nothing is said before an admin
	// has connected the chat.
	ConnectFirst map[string]bool
}

// NewReception returns a reception. It is safe for use by many doors at once.
func NewReception(c ReceptionConfig) *Reception {
	return &Reception{
		service: c.Service, dispatcher: c.Dispatcher, texts: c.Texts, clock: c.Clock, log: c.Log, meter: c.Meter,
		connectFirst: maps.Clone(c.ConnectFirst), parser: commands.New(), vouchers: map[string]Voucher{},
		belongings: remember[identity, []funnel.Belonging](belongingAge, c.Clock),
		chats:      remember[funnel.ChatRef, *funnel.Chat](belongingAge, c.Clock),
		teams:      remember[identity, funnel.ID](teamAge, c.Clock),
		anchors:    remember[anchor, funnel.ID](anchorAge, c.Clock),
		seen:       remember[funnel.Identity, struct{}](seenAge, c.Clock),
		vouched:    remember[identity, Vouched](askAge, c.Clock),
		unasked:    remember[identity, struct{}](askAge, c.Clock),
	}
}

// Know makes a door's platform vouch for people whom nobody has invited.
func (r *Reception) Know(door string, v Voucher) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.vouchers[door] = v
}

func (r *Reception) voucher(door string) Voucher {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.vouchers[door]
}

// Handle answers one visit, whatever happens; it is the [Host] of every platform. Visits of one
// person in one place are answered in the order in which they came.
func (r *Reception) Handle(ctx context.Context, v Visit) (doc message.Doc, err error) {
	began, door := r.clock(), v.Caller.Door
	leave, err := r.turns.Enter(ctx, conversation{door, v.Place, v.Caller.External})
	if err != nil {
		r.meter.Answered(door, resultAbandoned, r.clock().Sub(began))
		return message.Doc{}, fmt.Errorf("wait for earlier visits: %w", err)
	}
	defer leave()
	result := resultAnswered
	defer func() {
		if p := recover(); p != nil {
			result, err = resultFault, nil
			doc = r.fault(ctx, &v, fmt.Errorf("panic: %v", p), slog.String("stack", string(debug.Stack())))
		}
		r.meter.Answered(door, result, r.clock().Sub(began))
	}()
	inner, cancel := context.WithTimeout(ctx, Timeout)
	defer cancel()
	doc, result, err = r.receive(inner, &v)
	switch {
	case err == nil:
		return doc, nil
	case ctx.Err() != nil:
		result = resultAbandoned
		return message.Doc{}, fmt.Errorf("receive a visit: %w", err)
	case funnel.CodeOf(err) == funnel.CodeUnavailable:
		result = resultUnavailable
		return r.say(&v, commands.Refused{Err: funnel.Refuse(funnel.CodeUnavailable, nil)}), nil
	}
	result = resultFault
	return r.fault(ctx, &v, err), nil
}

// receive lets the visitor through to the desk, or turns them away.
func (r *Reception) receive(ctx context.Context, v *Visit) (message.Doc, string, error) {
	verb, rest := r.wanted(v)
	if code := codeOf(v, verb, rest); code != "" {
		return r.redeem(ctx, v, code)
	}
	g, err := r.meet(ctx, v, verb)
	switch {
	case err != nil:
		return message.Doc{}, "", err
	case g.kind != "":
		return r.turnAway(ctx, v, g.kind, g.reason), resultRefused, nil
	case v.Press != nil && v.Press.Action == commands.ActionApply:
		return r.say(v, commands.Refused{Err: funnel.Refuse(funnel.CodeAlreadyMember, nil)}), resultRefused, nil
	}
	r.note(ctx, v, &g)
	doc, err := r.dispatcher.Handle(ctx, g.request(v))
	r.changed(v, verb)
	if err != nil || doc.IsZero() {
		return doc, resultAnswered, err
	}
	doc.Workspace, doc.Member = g.Workspace, g.Member
	if g.welcome != nil {
		doc.Blocks = append(r.say(v, *g.welcome).Blocks, doc.Blocks...)
	}
	if g.several && verb != commands.VerbWorkspace {
		doc = doc.With(message.Meant(r.texts.In(locale(r.reader(ctx, v, &g))), g.Name))
	}
	return doc, resultAnswered, nil
}

// reader is for whom it is put into words which workspace is meant.
func (r *Reception) reader(ctx context.Context, v *Visit, g *guest) commands.Reader {
	reader := commands.Reader{Locale: v.Caller.Locale, Now: v.At}
	if m, ok := r.dispatcher.desk.Member(ctx, g.Workspace, g.Member); ok {
		reader.Locale = m.Locale
	}
	return reader
}

// say puts a reply into words for somebody who is not at the desk.
func (r *Reception) say(v *Visit, reply commands.Reply) message.Doc {
	reader := commands.Reader{Locale: v.Caller.Locale, Now: v.At}
	return message.Compose(r.texts.In(locale(reader)), reader, reply)
}

// fault tells the visitor the number of what went wrong here.
func (r *Reception) fault(ctx context.Context, v *Visit, fail error, more ...slog.Attr) message.Doc {
	req := Request{Door: v.Caller.Door, Key: v.Key}
	return r.dispatcher.fault(ctx, req, commands.Reader{Locale: v.Caller.Locale, Now: v.At}, fail, more...)
}

// turnAway answers somebody who may not speak. It is counted, and logged without a name and without
// anything that was said.
func (r *Reception) turnAway(ctx context.Context, v *Visit, kind commands.StrangerKind, reason string) message.Doc {
	r.refused(ctx, v, reason)
	return r.say(v, commands.NewStranger(kind))
}

func (r *Reception) refused(ctx context.Context, v *Visit, reason string) {
	r.meter.Refused(v.Caller.Door, reason)
	r.log.InfoContext(ctx, "visitor turned away", slog.String("door", v.Caller.Door), slog.String("reason", reason))
}
