package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	tgbot "github.com/go-telegram/bot"
)

// answered is what the platform answers to every call
// (https://core.telegram.org/bots/api#making-requests).
type answered[T any] struct {
	OK          bool   `json:"ok"`
	Result      T      `json:"result"`
	Description string `json:"description"`
	ErrorCode   int    `json:"error_code"`
	Parameters  struct {
		RetryAfter      int `json:"retry_after"`
		MigrateToChatID int `json:"migrate_to_chat_id"`
	} `json:"parameters"`
}

// call makes a call with the parameters of the library that hold no file, as one JSON body. The library
// writes each parameter as a part of a form, and each part to the connection by itself, which is a
// seventh of all that an answer costs; calls that are made for every answer are made here. Errors are
// those of the library.
func call[T any](ctx context.Context, d *Door, method string, params any) (T, error) {
	return api(ctx, d, method, callTimeout, func(ctx context.Context) (T, error) {
		var told answered[T]
		body, err := json.Marshal(params)
		if err != nil {
			return told.Result, fmt.Errorf("encode the parameters: %w", err)
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, d.APIURL+"/bot"+d.Token+"/"+method, bytes.NewReader(body))
		if err != nil {
			return told.Result, fmt.Errorf("make the request: %w", err)
		}
		req.Header.Set("Content-Type", "application/json")
		status, got, err := d.wire.do(req)
		if err != nil {
			return told.Result, err
		}
		if err := json.Unmarshal(got, &told); err != nil {
			// The error could tell what the answer says.
			return told.Result, &lostError{written: true, reason: fmt.Sprintf("status %d and %d bytes that cannot be read", status, len(got))}
		}
		return told.Result, told.err()
	})
}

// err is what the library makes of an answer.
func (a *answered[T]) err() error {
	if a.OK {
		return nil
	}
	switch a.ErrorCode {
	case http.StatusForbidden:
		return fmt.Errorf("%w, %s", tgbot.ErrorForbidden, a.Description)
	case http.StatusBadRequest:
		if to := a.Parameters.MigrateToChatID; to != 0 {
			return &tgbot.MigrateError{Message: tgbot.ErrorBadRequest.Error() + ": " + a.Description, MigrateToChatID: to}
		}
		return fmt.Errorf("%w, %s", tgbot.ErrorBadRequest, a.Description)
	case http.StatusUnauthorized:
		return fmt.Errorf("%w, %s", tgbot.ErrorUnauthorized, a.Description)
	case http.StatusNotFound:
		return fmt.Errorf("%w, %s", tgbot.ErrorNotFound, a.Description)
	case http.StatusConflict:
		return fmt.Errorf("%w, %s", tgbot.ErrorConflict, a.Description)
	case http.StatusTooManyRequests:
		return &tgbot.TooManyRequestsError{
			Message: tgbot.ErrorTooManyRequests.Error() + ", " + a.Description, RetryAfter: a.Parameters.RetryAfter,
		}
	}
	return fmt.Errorf("answered %d %s", a.ErrorCode, a.Description)
}
