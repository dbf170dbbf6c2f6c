package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// interviewer sends what people in their chats type and press over one connection, each input to
// another chat in turn, and reads what is shown there.
type interviewer struct {
	wire    *wire
	clock   clock
	ids     *updates
	headers []byte
	all     []*interview
	turn    int
}

// interviewers deals interviews out to connections.
func interviewers(address, secret string, ids *updates, all []*interview, connections int) ([]*interviewer, error) {
	of := make([]*interviewer, connections)
	for i := range of {
		to, err := newWire(address)
		if err != nil {
			return nil, err
		}
		k := &interviewer{wire: to, clock: wall{}, ids: ids}
		k.headers = []byte("Content-Type: application/json\r\nX-Telegram-Bot-Api-Secret-Token: " + secret + "\r\n")
		for n := i; n < len(all); n += connections {
			k.all = append(k.all, all[n])
		}
		of[i] = k
	}
	return of, nil
}

func (k *interviewer) call(ctx context.Context) (verdict, time.Time, string) {
	v := k.all[k.turn]
	k.turn = (k.turn + 1) % len(k.all)
	return k.step(ctx, v)
}

func (k *interviewer) close() { k.wire.close() }

// step makes one input and waits for what is shown then.
func (k *interviewer) step(ctx context.Context, v *interview) (verdict, time.Time, string) {
	before := v.chat.acts()
	in, ok := v.next(&before)
	if !ok {
		words := fmt.Sprintf("%s is shown without its button: %s", v.name(v.standing), before.text)
		v.standing = standing{}
		return wrong, k.clock.now(), words
	}
	body, err := json.Marshal(k.update(v.chat.id, &before, &in))
	if err != nil {
		return failed, k.clock.now(), err.Error()
	}
	status, _, err := k.wire.post(ctx, k.headers, body)
	switch {
	case err != nil:
		v.standing = standing{}
		return failed, k.clock.now(), err.Error()
	case status/100 != 2:
		v.standing = standing{}
		return refused, k.clock.now(), strconv.Itoa(status) + " " + http.StatusText(status)
	}
	now, at, ok := v.chat.await(ctx, answerTimeout)
	if !ok {
		v.standing = standing{}
		return failed, k.clock.now(), "nothing was shown"
	}
	if err := v.judge(in.want, &before, &now); err != nil {
		return wrong, at, err.Error()
	}
	return right, at, ""
}

// update is a message or a press as Telegram tells of it (https://core.telegram.org/bots/api#update).
func (k *interviewer) update(chat int64, under *screen, in *input) object {
	id := k.ids.last.Add(1)
	from := object{"id": chat, "is_bot": false, "first_name": "Load", "language_code": "en"}
	where := object{"id": chat, "type": "private", "first_name": "Load"}
	now := k.clock.now().Unix()
	if in.data == "" {
		return object{"update_id": id, "message": object{
			"message_id": id % (1 << 31), "date": now, "chat": where, "from": from, "text": in.text,
		}}
	}
	pressed := object{
		"message_id": under.message, "date": now, "chat": where, "text": under.text,
		"from": object{"id": fakeBot, "is_bot": true, "first_name": "Sample"},
	}
	if len(under.markup) > 0 {
		pressed["reply_markup"] = under.markup
	}
	return object{"update_id": id, "callback_query": object{
		"id": strconv.FormatInt(id, 10), "from": from, "message": pressed, "chat_instance": "1", "data": in.data,
	}}
}

// begin opens every interview, one after the other over each connection, and measures that.
func begin(ctx context.Context, all []*interviewer) (result, error) {
	samples := make([]samples, len(all))
	open := make([]func(context.Context) error, len(all))
	from := time.Now()
	for i, k := range all {
		open[i] = func(ctx context.Context) error {
			defer k.close()
			for _, v := range k.all {
				began := k.clock.now()
				verdict, at, words := k.step(ctx, v)
				if ctx.Err() != nil {
					return fmt.Errorf("open the dialogs: %w", ctx.Err())
				}
				samples[i].sent++
				samples[i].add(verdict, at.Sub(began), at)
				if verdict != right && samples[i].sight == "" {
					samples[i].sight = words
				}
			}
			return nil
		}
	}
	err := each(ctx, open)
	return together(samples, from), err
}
