package telegram

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strconv"
	"time"

	tgbot "github.com/go-telegram/bot"

	"funnelbot/bot"
)

// secretHeader carries [Config.Secret] (https://core.telegram.org/bots/api#setwebhook).
const secretHeader = "X-Telegram-Bot-Api-Secret-Token" //nolint:gosec // the name of a header

// Handler takes deliveries of the webhook. It answers 200 when an update has been dealt with or never
// can be, 5xx when the platform has to deliver it again, and 4xx to what is no delivery of the platform.
func (d *Door) Handler() http.Handler { return http.HandlerFunc(d.receive) }

func (d *Door) receive(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		d.refuse(w, r, http.StatusMethodNotAllowed, "method")
		return
	}
	given := r.Header.Get(secretHeader)
	if d.Secret == "" || subtle.ConstantTimeCompare([]byte(given), []byte(d.Secret)) != 1 {
		d.refuse(w, r, http.StatusForbidden, "secret")
		return
	}
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxUpdate))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		d.refuse(w, r, http.StatusRequestEntityTooLarge, "size")
		return
	case err != nil:
		d.refuse(w, r, http.StatusBadRequest, "body")
		return
	}
	if !d.begin() {
		http.Error(w, "shutting down", http.StatusServiceUnavailable)
		return
	}
	defer d.work.Done()
	// The platform may hang up; what has begun is brought to its end.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), workTimeout)
	defer cancel()
	switch err := d.take(ctx, raw); {
	case errors.Is(err, errNoUpdate):
		d.refuse(w, r, http.StatusBadRequest, "update")
	case err != nil:
		http.Error(w, "not now", http.StatusServiceUnavailable)
	default:
		w.WriteHeader(http.StatusOK)
	}
}

func (d *Door) refuse(w http.ResponseWriter, r *http.Request, status int, reason string) {
	d.Meter.Refused(Name, reason)
	d.Log.InfoContext(r.Context(), "delivery refused", slog.String("door", Name), slog.String("reason", reason))
	http.Error(w, http.StatusText(status), status)
}

// begin counts work that a stop waits for. False: the door has closed.
func (d *Door) begin() bool {
	d.workMu.Lock()
	defer d.workMu.Unlock()
	if !d.closed {
		d.work.Add(1)
	}
	return !d.closed
}

// drain takes no more work and waits a few seconds for what is under way.
func (d *Door) drain(ctx context.Context) {
	d.workMu.Lock()
	d.closed = true
	d.workMu.Unlock()
	done := make(chan struct{})
	go func() {
		d.work.Wait()
		close(done)
	}()
	limit := time.NewTimer(drainTimeout)
	defer limit.Stop()
	select {
	case <-done:
	case <-limit.C:
		d.Log.WarnContext(ctx, "stopped before every update was answered, they will come again", slog.String("door", Name))
	}
}

// take deals with one update as it came over the wire. With an error it has to come again; with
// [errNoUpdate] it is none. A panic is an error too, until the update has caused several.
func (d *Door) take(ctx context.Context, raw []byte) (err error) {
	u, err := decode(raw)
	switch {
	case errors.Is(err, errNoUpdate):
		return err
	case err != nil:
		// Its shape is none that this program knows, and will not be when it comes again.
		d.Log.WarnContext(ctx, "update not understood", slog.String("door", Name), slog.Int64("update", idOf(raw)))
		d.Meter.Refused(Name, "shape")
		return nil
	}
	key := strconv.FormatInt(u.ID, 10)
	defer func() {
		r := recover()
		if r == nil {
			return
		}
		n, _ := d.tries.get(key)
		d.tries.put(key, n+1)
		d.Log.ErrorContext(ctx, "update made the program panic", slog.String("door", Name), slog.String("update", key),
			slog.Int("times", n+1), slog.String("panic", fmt.Sprint(r)), slog.String("stack", string(debug.Stack())))
		if err = errPanic; n+1 >= maxTries {
			err = nil
		}
	}()
	if err := d.handle(ctx, u); err != nil {
		d.Log.WarnContext(ctx, "update not dealt with, it has to come again",
			slog.String("door", Name), slog.String("update", key), slog.Any("error", err))
		return err
	}
	return nil
}

var errPanic = errors.New("panic")

// Run sets the bot up at the platform and then, without a webhook, polls for updates. It ends with
// ctx, after what is under way; an error says that the platform does not know the token.
func (d *Door) Run(ctx context.Context) error {
	defer d.drain(context.WithoutCancel(ctx))
	if err := d.until(ctx, "getMe", func(ctx context.Context) error { _, err := d.me(ctx); return err }); err != nil {
		return err
	}
	d.setMenu(ctx)
	if d.WebhookURL == "" {
		if err := d.until(ctx, "deleteWebhook", d.deleteWebhook); err != nil {
			return err
		}
		d.poll(ctx)
		return nil
	}
	if err := d.until(ctx, "setWebhook", d.setWebhook); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

// until does something until it works or ctx ends. Only a token that is not known is an error.
func (d *Door) until(ctx context.Context, what string, do func(ctx context.Context) error) error {
	for failures := 1; ctx.Err() == nil; failures++ {
		err := do(ctx)
		if err == nil || ctx.Err() != nil {
			return nil //nolint:nilerr // a stop is no failure
		}
		if errors.Is(err, tgbot.ErrorUnauthorized) || errors.Is(err, tgbot.ErrorNotFound) {
			return fmt.Errorf("telegram does not know the token: %w", err)
		}
		d.Log.WarnContext(ctx, "telegram not ready, trying on",
			slog.String("call", what), slog.Int("failures", failures), slog.Any("error", err))
		d.rest(ctx, err, failures)
	}
	return nil
}

// rest waits as long as the platform asked for, else longer with every failure.
func (d *Door) rest(ctx context.Context, err error, failures int) {
	wait := bot.Backoff{Most: time.Minute}.Wait(failures)
	if limited, ok := errors.AsType[*tgbot.TooManyRequestsError](err); ok {
		wait = time.Duration(max(limited.RetryAfter, 1)) * time.Second
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
