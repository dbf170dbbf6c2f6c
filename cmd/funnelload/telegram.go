package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"
)

// updates gives every update a number of its own, above those of earlier runs.
type updates struct{ last atomic.Int64 }

func newUpdates() *updates {
	u := &updates{}
	u.last.Store(time.Now().UnixMicro())
	return u
}

// telegramCaller sends updates as Telegram does to a webhook. Answers come by another way, so a
// status of 2xx is right here; what is posted can be counted at the fakes.
type telegramCaller struct {
	wire    *wire
	walk    *walk
	clock   clock
	ids     *updates
	headers []byte
	chats   []int64

	n    int
	body []byte
}

func newTelegramCaller(address, secret string, w *walk, ids *updates) (*telegramCaller, error) {
	to, err := newWire(address)
	if err != nil {
		return nil, err
	}
	headers := "Content-Type: application/json\r\nX-Telegram-Bot-Api-Secret-Token: " + secret + "\r\n"
	return &telegramCaller{wire: to, walk: w, clock: wall{}, ids: ids, headers: []byte(headers)}, nil
}

// update writes a message in a private chat (https://core.telegram.org/bots/api#update).
func (k *telegramCaller) update(line string, at time.Time) error {
	words, err := json.Marshal(line)
	if err != nil {
		return fmt.Errorf("write an update: %w", err)
	}
	chat := k.chats[k.n%len(k.chats)]
	k.n++
	b := k.body[:0]
	b = append(b, `{"update_id":`...)
	b = strconv.AppendInt(b, k.ids.last.Add(1), 10)
	b = append(b, `,"message":{"message_id":`...)
	b = strconv.AppendInt(b, int64(k.n), 10)
	b = append(b, `,"date":`...)
	b = strconv.AppendInt(b, at.Unix(), 10)
	b = append(b, `,"chat":{"id":`...)
	b = strconv.AppendInt(b, chat, 10)
	b = append(b, `,"type":"private","first_name":"Load"},"from":{"id":`...)
	b = strconv.AppendInt(b, chat, 10)
	b = append(b, `,"is_bot":false,"first_name":"Load","language_code":"en"},"text":`...)
	b = append(b, words...)
	b = append(b, "}}"...)
	k.body = b
	return nil
}

func (k *telegramCaller) call(ctx context.Context) (verdict, time.Time, string) {
	s := k.walk.next()
	v, at, words := k.say(ctx, s.line)
	k.walk.done(s, v)
	return v, at, words
}

func (k *telegramCaller) say(ctx context.Context, line string) (verdict, time.Time, string) {
	if err := k.update(line, k.clock.now()); err != nil {
		return failed, k.clock.now(), err.Error()
	}
	status, _, err := k.wire.post(ctx, k.headers, k.body)
	at := k.clock.now()
	switch {
	case err != nil:
		return failed, at, err.Error()
	case status/100 != 2:
		return refused, at, strconv.Itoa(status) + " " + http.StatusText(status)
	}
	return right, at, ""
}

func (k *telegramCaller) close() { k.wire.close() }
