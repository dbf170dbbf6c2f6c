package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"time"

	slackapi "github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
)

// listen takes by Socket Mode what Handler takes over HTTP. It returns when ctx ends, or with the
// error that no new connection mends. The connection outlives ctx for as long as there is something
// to acknowledge; what comes meanwhile is not, so that Slack brings it to another connection.
func (d *Door) listen(ctx context.Context) error {
	client := socketmode.New(d.api, socketmode.OptionReadLimit(maxBody))
	connected, leave := context.WithCancel(context.WithoutCancel(ctx))
	defer leave()
	ended := make(chan error, 1)
	go func() { ended <- client.RunContext(connected) }()
	stop := ctx.Done()
	for {
		select {
		case ev := <-client.Events:
			if ctx.Err() == nil {
				d.received(ctx, client, ev)
			}
		case <-stop:
			stop = nil
			go func() {
				defer leave()
				d.finish(ctx)
				flushed := time.NewTimer(flushFor)
				defer flushed.Stop()
				<-flushed.C
			}()
		case err := <-ended:
			if ctx.Err() != nil || errors.Is(err, context.Canceled) {
				return nil
			}
			return fmt.Errorf("slack door: socket mode: %w", err)
		}
	}
}

// received handles what the connection brings. It does not wait for any answer, so that what comes
// later is not held up; what one person did begins in the order in which it came.
func (d *Door) received(ctx context.Context, client *socketmode.Client, ev socketmode.Event) {
	defer func() {
		if p := recover(); p != nil {
			d.Log.ErrorContext(ctx, "panic at the door", slog.String("panic", fmt.Sprint(p)))
		}
	}()
	var req socketmode.Request
	switch ev.Type {
	case socketmode.EventTypeEventsAPI, socketmode.EventTypeInteractive, socketmode.EventTypeSlashCommand:
		req = *ev.Request
	case socketmode.EventTypeErrorBadMessage:
		// The library knows fewer payloads than Slack sends. They are acknowledged all the same.
		bad, ok := ev.Data.(*socketmode.ErrorBadMessage)
		if !ok || json.Unmarshal(bad.Message, &req) != nil || req.EnvelopeID == "" {
			d.Log.WarnContext(ctx, "socket mode message cannot be read")
			return
		}
	case socketmode.EventTypeConnected:
		d.Log.InfoContext(ctx, "socket mode is connected")
		return
	case socketmode.EventTypeConnectionError, socketmode.EventTypeIncomingError, socketmode.EventTypeErrorWriteFailed,
		socketmode.EventTypeInvalidAuth:
		if ctx.Err() != nil {
			return // the stop interrupts it
		}
		d.Log.WarnContext(ctx, "socket mode is interrupted, connecting again", slog.String("event", string(ev.Type)))
		return
	default:
		return
	}
	a, ok, err := d.requested(ctx, req)
	if err != nil {
		return // not acknowledged, so it comes again
	}
	if !ok {
		d.acknowledge(ctx, client, req, unheard(req))
		return
	}
	t, err := d.begin(a)
	if err != nil {
		return
	}
	d.work.start(func(ctx context.Context) {
		payload, err := d.response(ctx, t)
		switch {
		case err != nil && (a.way == byMention || a.way == byMessage):
			return
		case err != nil && a.way == byCommand:
			payload = d.excuse()
		}
		fits, after := d.fitting(ctx, a, payload)
		d.acknowledge(ctx, client, req, fits)
		if after != nil {
			after(ctx)
		}
	})
}

// requested reads a request.
func (d *Door) requested(ctx context.Context, req socketmode.Request) (act, bool, error) {
	switch req.Type {
	case socketmode.RequestTypeEventsAPI:
		var e envelope
		if !readable(req.Payload, &e) {
			return act{}, false, nil
		}
		return d.heard(ctx, e)
	case socketmode.RequestTypeInteractive:
		var p interaction
		if !readable(req.Payload, &p) {
			return act{}, false, nil
		}
		a, ok := acted(p)
		return a, ok, nil
	case socketmode.RequestTypeSlashCommands:
		var fields map[string]any
		if !readable(req.Payload, &fields) {
			return act{}, false, nil
		}
		form := url.Values{}
		for name, v := range fields {
			if s, ok := v.(string); ok {
				form.Set(name, s)
			}
		}
		a, ok := command(form)
		return a, ok, nil
	}
	return act{}, false, nil
}

func readable(data []byte, into any) bool { return decode(data, into) == nil }

// unheard is the acknowledgement of what the door has no use for. A menu wants options, if none.
func unheard(req socketmode.Request) any {
	var p interaction
	if req.Type == socketmode.RequestTypeInteractive && readable(req.Payload, &p) && p.Type == "block_suggestion" {
		return map[string]any{"options": []any{}}
	}
	return nil
}

// fitting keeps what an acknowledgement cannot hold and says it in another way, some of it after the
// acknowledgement.
func (d *Door) fitting(ctx context.Context, a act, payload any) (fits any, after func(ctx context.Context)) {
	data, err := json.Marshal(payload)
	if err != nil || len(data) <= maxAcknowledgement {
		return payload, nil
	}
	switch p := payload.(type) {
	case *slackapi.WebhookMessage:
		if err := d.hook(ctx, a.origin.Hook, p); err != nil {
			d.Log.WarnContext(ctx, "answer not posted", slog.String("key", a.key), slog.Any("error", err))
			return d.excuse(), nil
		}
		return nil, nil
	case *slackapi.ViewSubmissionResponse:
		if p.View == nil {
			return nil, nil
		}
		m := loading(d.printer(""), a.origin)
		return slackapi.NewUpdateViewSubmissionResponse(&m), func(ctx context.Context) { d.fill(ctx, a, *p.View) }
	}
	return nil, nil
}

// fill puts a view in the place of the one that stands while it is made, once that is there: it came
// over the connection, which an API call may overtake.
func (d *Door) fill(ctx context.Context, a act, v slackapi.ModalViewRequest) {
	there := time.NewTimer(flushFor)
	defer there.Stop()
	select {
	case <-there.C:
	case <-ctx.Done():
	}
	if err := d.updateView(ctx, withoutHash(a).view, v); err != nil {
		d.Log.WarnContext(ctx, "view not updated", slog.String("key", a.key), slog.Any("error", err))
	}
}

func (d *Door) acknowledge(ctx context.Context, client *socketmode.Client, req socketmode.Request, payload any) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	if err := client.AckCtx(ctx, req.EnvelopeID, payload); err != nil {
		d.Log.WarnContext(ctx, "not acknowledged, slack delivers it again", slog.Any("error", err))
	}
}
