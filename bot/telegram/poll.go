package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	tgbot "github.com/go-telegram/bot"
)

// allowed are the kinds of updates that the door takes
// (https://core.telegram.org/bots/api#getting-updates).
func allowed() []string { return []string{"message", "callback_query", "my_chat_member"} }

// asking is getUpdates, batch its answer. The library has no such call, and its own polling counts
// updates as delivered before they are handled.
type asking struct {
	Offset  int64    `json:"offset,omitempty"`
	Limit   int      `json:"limit"`
	Timeout int      `json:"timeout"`
	Allowed []string `json:"allowed_updates"`
}

type batch struct {
	OK          bool              `json:"ok"`
	Result      []json.RawMessage `json:"result"`
	Code        int               `json:"error_code"`
	Description string            `json:"description"`
	Parameters  struct {
		RetryAfter int `json:"retry_after"`
	} `json:"parameters"`
}

// poll asks for updates until ctx ends. Those of a batch count as delivered with the next question.
func (d *Door) poll(ctx context.Context) {
	var offset int64
	failures := 0
	for ctx.Err() == nil {
		updates, err := d.getUpdates(ctx, offset)
		if err == nil {
			offset, err = d.deal(ctx, offset, updates)
		}
		if err == nil {
			failures = 0
			continue
		}
		if ctx.Err() != nil {
			return
		}
		failures++
		switch {
		case errors.Is(err, tgbot.ErrorConflict):
			d.Log.WarnContext(ctx, "somebody else polls with this token, or a webhook was set; trying on", slog.Any("error", err))
			if err := d.deleteWebhook(ctx); err != nil {
				d.Log.WarnContext(ctx, "webhook not deleted", slog.Any("error", err))
			}
		case failures == 1:
			d.Log.WarnContext(ctx, "updates not received, trying on", slog.Any("error", err))
		}
		d.rest(ctx, err, failures)
	}
}

func (d *Door) getUpdates(ctx context.Context, offset int64) ([]json.RawMessage, error) {
	body, err := json.Marshal(asking{Offset: offset, Limit: pollBatch, Timeout: int(pollTimeout.Seconds()), Allowed: allowed()})
	if err != nil {
		return nil, fmt.Errorf("getUpdates: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, pollTimeout+pollGrace)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, d.APIURL+"/bot"+d.Token+"/getUpdates", bytes.NewReader(body))
	if err != nil {
		return nil, &callError{method: "getUpdates", token: d.Token, err: err}
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := d.wire.Do(req)
	if err != nil {
		return nil, fmt.Errorf("getUpdates: %w", err)
	}
	defer resp.Body.Close()
	var b batch
	if err := json.NewDecoder(resp.Body).Decode(&b); err != nil {
		return nil, fmt.Errorf("getUpdates: decode the answer: %w", err)
	}
	switch {
	case b.OK:
		return b.Result, nil
	case b.Code == http.StatusTooManyRequests:
		return nil, fmt.Errorf("getUpdates: %w", &tgbot.TooManyRequestsError{Message: b.Description, RetryAfter: b.Parameters.RetryAfter})
	case b.Code == http.StatusConflict:
		return nil, fmt.Errorf("getUpdates: %w, %s", tgbot.ErrorConflict, b.Description)
	}
	return nil, fmt.Errorf("getUpdates: answered %d %s", b.Code, b.Description)
}

// deal handles a batch, the updates of each chat in their order and chats side by side. It returns
// the offset of the first update that has to come again; those behind it that were handled come again
// too, which has no effect.
func (d *Door) deal(ctx context.Context, offset int64, updates []json.RawMessage) (int64, error) {
	ids := make([]int64, len(updates))
	failed := make([]error, len(updates))
	chats := map[int64][]int{}
	for i, raw := range updates {
		ids[i] = idOf(raw)
		chat := chatOf(raw)
		chats[chat] = append(chats[chat], i)
	}
	var all sync.WaitGroup
	places := make(chan struct{}, parallel)
	for _, line := range chats {
		places <- struct{}{}
		all.Go(func() {
			defer func() { <-places }()
			for n, i := range line {
				err := ctx.Err() // a stop begins nothing more
				if err == nil {
					err = d.takeFor(ctx, updates[i])
				}
				if errors.Is(err, errNoUpdate) {
					err = nil // the platform sent it; there is nothing to wait for
				}
				if failed[i] = err; err != nil {
					for _, later := range line[n+1:] {
						failed[later] = err // it must not overtake
					}
					return
				}
			}
		})
	}
	all.Wait()
	for i, id := range ids {
		if failed[i] != nil {
			return offset, fmt.Errorf("update %d: %w", id, failed[i])
		}
		offset = max(offset, id+1)
	}
	if len(updates) == 0 {
		// Everything has been taken. After a silent week the platform counts from anywhere, also from
		// below (https://core.telegram.org/bots/api#update).
		offset = 0
	}
	return offset, nil
}

// takeFor is take with the time that one update has, of which a stop leaves a few seconds.
func (d *Door) takeFor(ctx context.Context, raw json.RawMessage) error {
	own, cancel := context.WithTimeout(context.WithoutCancel(ctx), workTimeout)
	defer cancel()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(drainTimeout, cancel) })()
	return d.take(own, raw)
}
