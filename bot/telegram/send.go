package telegram

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"

	tgbot "github.com/go-telegram/bot"
	tgmodels "github.com/go-telegram/bot/models"

	"funnelbot/bot"
	"funnelbot/funnel"
)

// progress is how much of a message was delivered that is several for the platform.
type progress struct {
	done  int
	first string
}

// Send delivers a parcel, or edits the message that it replaces. A message that is several for the
// platform goes on where an earlier attempt of this process ended.
func (d *Door) Send(ctx context.Context, p bot.Parcel) (messageID string, err error) {
	to, err := placeOfLane(p.Lane)
	if err != nil {
		return "", &bot.RejectedError{Err: err}
	}
	render := renderer{p: d.Texts.In(string(cmp.Or(p.Doc.Locale, funnel.English)))}
	parts := render.render(p.Doc)
	if len(parts) == 0 {
		return "", nil
	}
	if id, err := strconv.Atoi(p.Replaces); err == nil {
		if only, ok := alone(parts); ok {
			if _, edited, err := d.edit(ctx, to, id, only); edited || err != nil {
				return p.Replaces, err
			}
		}
	}
	id, _, err := d.post(ctx, to, 0, p.Notice.String(), parts)
	return id, err
}

// Sent says what to do with a parcel that may have arrived. A bot cannot ask the platform for what it
// has posted. An edit may be made twice.
func (d *Door) Sent(_ context.Context, p bot.Parcel) (bot.Finding, error) {
	if p.Replaces != "" {
		return bot.Finding{Verdict: bot.SendAgain}, nil
	}
	return bot.OnceMore(p), nil
}

func placeOfLane(lane string) (place, error) {
	door, chat, thread := funnel.ParseLane(lane)
	id, err := strconv.ParseInt(chat, 10, 64)
	if err != nil || door != Name {
		return place{}, fmt.Errorf("lane %s is none of telegram", lane)
	}
	p := place{chat: id, group: isGroup(chat)}
	if thread != "" {
		if p.thread, err = strconv.Atoi(thread); err != nil {
			return place{}, fmt.Errorf("lane %s is none of telegram", lane)
		}
	}
	return p, nil
}

// post sends parts in their order and returns the identifier of the first, and the last.
// Its errors are those of [bot.Sender].
func (d *Door) post(ctx context.Context, p place, to int, notice string, parts []part) (first string, last *tgmodels.Message, err error) {
	done, _ := d.parts.get(notice)
	first = done.first
	if done.done >= len(parts) {
		done = progress{}
	}
	for i := done.done; i < len(parts); i++ {
		if i > done.done {
			if err := d.Limiter.Wait(ctx, p.lane()); err != nil {
				return first, last, d.partly(notice, i, first, &bot.RetryError{Err: err})
			}
		}
		m, err := d.postPart(ctx, p, to, parts[i])
		if lostThread(err) && p.thread != 0 {
			// The topic was deleted or closed: the chat itself still hears it.
			p.thread = 0
			m, err = d.postPart(ctx, p, to, parts[i])
		}
		if err != nil {
			return first, last, d.partly(notice, i, first, sending(err))
		}
		if last = m; first == "" {
			first = strconv.Itoa(m.ID)
		}
	}
	d.parts.drop(notice)
	return first, last, nil
}

// partly remembers what was delivered before an error.
func (d *Door) partly(notice string, done int, first string, err error) error {
	if done > 0 {
		d.parts.put(notice, progress{done: done, first: first})
	}
	return err
}

// postPart sends one message of the platform.
func (d *Door) postPart(ctx context.Context, p place, to int, what part) (*tgmodels.Message, error) {
	var answering *tgmodels.ReplyParameters
	if to != 0 {
		answering = &tgmodels.ReplyParameters{MessageID: to, AllowSendingWithoutReply: true}
	}
	switch {
	case what.photo:
		m, err := api(ctx, d, "sendPhoto", fileTimeout, func(ctx context.Context) (*tgmodels.Message, error) {
			return d.bot.SendPhoto(ctx, &tgbot.SendPhotoParams{
				ChatID: p.chat, MessageThreadID: p.thread, Photo: what.upload(), Caption: what.html, ParseMode: tgmodels.ParseModeHTML,
				ReplyParameters: answering, ReplyMarkup: what.below,
			})
		})
		if !errors.Is(err, tgbot.ErrorBadRequest) || !refused(err, "photo_", "image_process_failed") {
			return m, err
		}
		what.photo = false
		return d.postPart(ctx, p, to, what)
	case what.isFile():
		return api(ctx, d, "sendDocument", fileTimeout, func(ctx context.Context) (*tgmodels.Message, error) {
			return d.bot.SendDocument(ctx, &tgbot.SendDocumentParams{
				ChatID: p.chat, MessageThreadID: p.thread, Document: what.upload(), Caption: what.html, ParseMode: tgmodels.ParseModeHTML,
				ReplyParameters: answering, ReplyMarkup: what.below,
			})
		})
	}
	return call[*tgmodels.Message](ctx, d, "sendMessage", &tgbot.SendMessageParams{
		ChatID: p.chat, MessageThreadID: p.thread, Text: what.html, ParseMode: tgmodels.ParseModeHTML, LinkPreviewOptions: noPreview(),
		ReplyParameters: answering, ReplyMarkup: what.below,
	})
}

func (p *part) upload() *tgmodels.InputFileUpload {
	return &tgmodels.InputFileUpload{Filename: p.name, Data: bytes.NewReader(p.data)}
}

// noPreview keeps the platform from fetching addresses that people wrote.
func noPreview() *tgmodels.LinkPreviewOptions {
	return &tgmodels.LinkPreviewOptions{IsDisabled: tgbot.True()}
}
