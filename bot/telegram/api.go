package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	tgbot "github.com/go-telegram/bot"

	"funnelbot/bot"
)

// wire is the HTTP client of the library. It tells what the library does not: whether a request that
// failed had been written, and the status of an answer that is no answer of the platform. It never
// lets the token into an error.
type wire struct {
	client *http.Client
	token  string
}

// lostError is a call without an answer.
type lostError struct {
	// written says that the platform may have carried it out.
	written bool
	reason  string
}

func (e *lostError) Error() string { return "no answer: " + e.reason }

// statusError is an answer of a proxy or of a platform in trouble.
type statusError struct{ code int }

func (e *statusError) Error() string { return fmt.Sprintf("answered %d", e.code) }

// Do implements tgbot.HttpClient.
func (w *wire) Do(req *http.Request) (*http.Response, error) {
	status, body, err := w.do(req)
	if err != nil {
		return nil, err
	}
	if !json.Valid(body) {
		// The library would put the whole of it into an error.
		return nil, &lostError{written: true, reason: fmt.Sprintf("status %d and %d bytes that are not JSON", status, len(body))}
	}
	return &http.Response{StatusCode: status, Body: io.NopCloser(bytes.NewReader(body)), Request: req}, nil
}

// do makes a request and reads the answer, which may be none of the platform.
func (w *wire) do(req *http.Request) (status int, body []byte, err error) {
	var written atomic.Bool
	trace := &httptrace.ClientTrace{WroteHeaders: func() { written.Store(true) }}
	resp, err := w.client.Do(req.WithContext(httptrace.WithClientTrace(req.Context(), trace)))
	if err != nil {
		return 0, nil, &lostError{written: written.Load(), reason: w.redact(err)}
	}
	defer resp.Body.Close()
	if resp.StatusCode >= http.StatusInternalServerError || resp.StatusCode == http.StatusRequestEntityTooLarge {
		return 0, nil, &statusError{resp.StatusCode}
	}
	body, err = io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return 0, nil, &lostError{written: true, reason: w.redact(err)}
	}
	return resp.StatusCode, body, nil
}

// redact words an error without the address of the call, which holds the token.
func (w *wire) redact(err error) string {
	if failed, ok := errors.AsType[*url.Error](err); ok {
		err = failed.Err
	}
	return strings.ReplaceAll(err.Error(), w.token, "***")
}

// api makes a call of the library, bounded in time. What it returns is fit for logs.
func api[T any](ctx context.Context, d *Door, method string, within time.Duration, call func(ctx context.Context) (T, error)) (T, error) {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	got, err := call(ctx)
	if err != nil {
		return got, &callError{method: method, token: d.Token, err: err}
	}
	return got, nil
}

// callError is why a call was not carried out, without the token.
type callError struct {
	method, token string
	err           error
}

func (e *callError) Error() string {
	return e.method + ": " + strings.ReplaceAll(e.err.Error(), e.token, "***")
}

func (e *callError) Unwrap() error { return e.err }

// refused reports whether the platform refused a call with words that hold one of these.
func refused(err error, words ...string) bool {
	if !errors.Is(err, tgbot.ErrorBadRequest) {
		return false
	}
	said := strings.ToLower(err.Error())
	for _, w := range words {
		if strings.Contains(said, w) {
			return true
		}
	}
	return false
}

func notModified(err error) bool { return refused(err, "message is not modified") }

// lostThread says that the topic is not there; the chat may be.
func lostThread(err error) bool {
	return refused(err, "message thread not found", "topic_closed", "topic_deleted")
}

// lostMessage says that a message cannot be edited any more.
func lostMessage(err error) bool {
	return refused(err, "message to edit not found", "message can't be edited", "message_id_invalid", "no text in the message to edit",
		"message identifier is not specified")
}

// lostChat says that nothing can be posted there: the words are those of the platform
// (https://github.com/tdlib/telegram-bot-api, Client.cpp).
func lostChat(err error) bool {
	return refused(err, "chat not found", "user not found", "peer_id_invalid", "group chat was deactivated", "not enough rights",
		"have no rights to send", "chat_write_forbidden", "need administrator rights", "chat_restricted", "chat_send_plain_forbidden")
}

// sending turns the error of a call that sends into what [bot.Sender] says of it.
func sending(err error) error {
	var limited *tgbot.TooManyRequestsError
	var moved *tgbot.MigrateError
	var lost *lostError
	var status *statusError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &limited):
		return &bot.RetryError{After: time.Duration(max(limited.RetryAfter, 1)) * time.Second, Err: err}
	case errors.As(err, &moved):
		return &bot.MovedError{To: strconv.Itoa(moved.MigrateToChatID), Err: err}
	case errors.Is(err, tgbot.ErrorForbidden), lostChat(err):
		return &bot.GoneError{Err: err}
	case errors.Is(err, tgbot.ErrorUnauthorized), errors.Is(err, tgbot.ErrorNotFound):
		return &bot.RetryError{After: tokenPause, Err: err}
	case errors.Is(err, tgbot.ErrorConflict):
		return &bot.RetryError{Err: err}
	case errors.Is(err, tgbot.ErrorBadRequest):
		return &bot.RejectedError{Err: err}
	case errors.As(err, &status) && status.code == http.StatusRequestEntityTooLarge:
		return &bot.RejectedError{Err: err}
	case errors.As(err, &status):
		return &bot.RetryError{Err: err}
	case errors.As(err, &lost) && !lost.written:
		return &bot.RetryError{Err: err}
	}
	return err
}
