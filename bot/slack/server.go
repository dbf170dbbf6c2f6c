package slack

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"funnelbot/funnel"
)

// The paths of Handler, as they stand in the manifest of the app.
const (
	CommandPath     = "/slack/commands"
	InteractionPath = "/slack/interactions"
	EventPath       = "/slack/events"
)

// Handler answers what Slack sends over HTTP. Nothing of a request is read for its meaning before
// its signature has been found right.
func (d *Door) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("POST "+CommandPath, d.signed(d.serveCommand))
	mux.Handle("POST "+InteractionPath, d.signed(d.serveInteraction))
	mux.Handle("POST "+EventPath, d.signed(d.serveEvent))
	return mux
}

// Run connects by Socket Mode where there is an app token, and otherwise only makes sure that the
// bot token is good. It returns when ctx ends, after the work under way was finished or broken
// off, or with the error that makes the door useless.
func (d *Door) Run(ctx context.Context) error {
	defer d.finish(ctx)
	if err := d.meet(ctx); err != nil {
		return err
	}
	if d.AppToken != "" {
		return d.listen(ctx)
	}
	<-ctx.Done()
	return nil
}

// finish takes nothing new and ends the work that is under way.
func (d *Door) finish(ctx context.Context) {
	if !d.work.drain(drainTimeout) {
		d.Log.WarnContext(ctx, "answers were broken off by the stop")
	}
}

// meet asks Slack who the door is, until it says so. A token that is refused will stay refused.
func (d *Door) meet(ctx context.Context) error {
	for wait := time.Second; ; wait = min(2*wait, time.Minute) {
		self, err := d.me(ctx)
		switch {
		case err == nil:
			d.Log.InfoContext(ctx, "slack is there", slog.String("team", self.team))
			return nil
		case refusedFor(err, fatalCodes()...):
			return fmt.Errorf("slack door: %w", err)
		case ctx.Err() != nil:
			return nil //nolint:nilerr // the stop is no error
		}
		d.Log.WarnContext(ctx, "slack is not there, trying on", slog.Any("error", err))
		again := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			again.Stop()
			return nil
		case <-again.C:
		}
	}
}

// fatalCodes are refusals of a token that do not pass.
func fatalCodes() []string {
	return []string{"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "not_allowed_token_type"}
}

// signed lets through what Slack has signed, with its body.
func (d *Door) signed(next func(w http.ResponseWriter, r *http.Request, body []byte)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if p := recover(); p != nil {
				d.Log.ErrorContext(r.Context(), "panic at the door", slog.String("panic", fmt.Sprint(p)), slog.String("stack", string(debug.Stack())))
				w.WriteHeader(http.StatusOK) // delivered again, it would end the same way
			}
		}()
		body, err := bodyOf(http.MaxBytesReader(w, r.Body, maxBody))
		var large *http.MaxBytesError
		switch {
		case errors.As(err, &large):
			d.turnAway(r.Context(), "size")
			w.WriteHeader(http.StatusRequestEntityTooLarge)
			return
		case err != nil:
			w.WriteHeader(http.StatusBadRequest)
			return
		case !d.genuine(r.Header, body):
			d.turnAway(r.Context(), "signature")
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		next(w, r, body)
	})
}

// turnAway counts what is turned away, and logs it without anything of it.
func (d *Door) turnAway(ctx context.Context, reason string) {
	d.Meter.Refused(Name, reason)
	d.Log.InfoContext(ctx, "delivery refused", slog.String("door", Name), slog.String("reason", reason))
}

// genuine reports whether Slack signed the body, and lately
// (https://docs.slack.dev/authentication/verifying-requests-from-slack).
func (d *Door) genuine(h http.Header, body []byte) bool {
	stamp := h.Get("X-Slack-Request-Timestamp")
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || d.SigningSecret == "" {
		return false
	}
	if age := d.Clock().Sub(time.Unix(seconds, 0)); age > window || age < -window {
		return false
	}
	given, err := hex.DecodeString(strings.TrimPrefix(h.Get("X-Slack-Signature"), "v0="))
	if err != nil {
		return false
	}
	mac := hmac.New(sha256.New, []byte(d.SigningSecret))
	_, _ = mac.Write([]byte("v0:" + stamp + ":"))
	_, _ = mac.Write(body)
	return hmac.Equal(mac.Sum(nil), given)
}

func (d *Door) serveCommand(w http.ResponseWriter, r *http.Request, body []byte) {
	form, err := formOf(body)
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	a, ok := command(form)
	if !ok {
		w.WriteHeader(http.StatusOK) // ssl_check, or nothing that is known
		return
	}
	d.respond(w, r, a)
}

func (d *Door) serveInteraction(w http.ResponseWriter, r *http.Request, body []byte) {
	form, err := formOf(body)
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	if form.Get("payload") == "" {
		w.WriteHeader(http.StatusOK) // ssl_check
		return
	}
	var p interaction
	if decode([]byte(form.Get("payload")), &p) != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	a, ok := acted(p)
	switch {
	case ok:
		d.respond(w, r, a)
	case p.Type == "block_suggestion", p.Type == "dialog_suggestion":
		write(w, map[string]any{"options": []any{}})
	default:
		w.WriteHeader(http.StatusOK)
	}
}

func (d *Door) serveEvent(w http.ResponseWriter, r *http.Request, body []byte) {
	var e envelope
	if decode(body, &e) != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	if e.Type == "url_verification" {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = w.Write([]byte(tidy(e.Challenge)))
		return
	}
	a, ok, err := d.heard(r.Context(), e)
	switch {
	case err != nil:
		w.WriteHeader(http.StatusServiceUnavailable) // Slack delivers it again
	case !ok:
		w.WriteHeader(http.StatusOK)
	default:
		d.respond(w, r, a)
	}
}

// heard reads an event: an act, or something that concerns the door itself.
func (d *Door) heard(ctx context.Context, e envelope) (act, bool, error) {
	if e.Type != "event_callback" {
		return act{}, false, nil
	}
	ctx, cancel := context.WithTimeout(ctx, meetAfter)
	defer cancel()
	self, err := d.me(ctx)
	if err != nil {
		return act{}, false, err
	}
	if !e.concerns(self.team) {
		d.turnAway(ctx, "team")
		return act{}, false, nil
	}
	if err := d.lost(ctx, e.Event, self); err != nil {
		d.Log.WarnContext(ctx, "news of a lost destination not noted, it has to come again", slog.Any("error", err))
		return act{}, false, err
	}
	a, ok := spoken(e, self.user)
	a.team = self.team
	return a, ok, nil
}

// lost notes where nothing can be posted any more.
func (d *Door) lost(ctx context.Context, ev event, self me) error {
	channel, reason := channelOf(ev.Channel), ev.Type
	switch ev.Type {
	case "member_left_channel":
		if ev.User != self.user {
			return nil
		}
	case "channel_archive", "group_archive", "channel_deleted", "group_deleted", "channel_left", "group_left":
	case "app_uninstalled", "tokens_revoked":
		if ev.Type == "tokens_revoked" && len(ev.Tokens.Bot) == 0 {
			return nil // those of a person
		}
		channel = self.team
		d.Log.ErrorContext(ctx, "the app was removed from the workspace: install it again and give the program its new token",
			slog.String("team", self.team), slog.String("reason", reason))
	case "channel_unarchive", "channel_rename", "channel_shared", "channel_unshared", "group_unarchive", "group_rename":
		d.rooms.forget(channel)
		return nil
	default:
		return nil
	}
	d.rooms.forget(channel)
	if channel == "" {
		return nil
	}
	return d.Gone(ctx, funnel.LaneOf(Name, channel, ""), reason)
}

// respond answers a request, now or with a word that the answer follows.
func (d *Door) respond(w http.ResponseWriter, r *http.Request, a act) {
	t, err := d.begin(a)
	var payload any
	if err == nil {
		payload, err = d.response(r.Context(), t)
	}
	switch {
	case err != nil && (a.way == byMention || a.way == byMessage || errors.Is(err, errClosing)):
		w.WriteHeader(http.StatusServiceUnavailable) // Slack delivers it again
	case err != nil && a.way == byCommand:
		write(w, d.excuse())
	case payload == nil:
		w.WriteHeader(http.StatusOK)
	default:
		write(w, payload)
	}
}

func write(w http.ResponseWriter, payload any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(payload) // the one who asked may have left
}
