package main

import (
	"context"
	"errors"
	"fmt"
)

type telegramCommand struct {
	pressure
	sale
	beside
	URL    string `name:"url" default:"http://127.0.0.1:8080/telegram" help:"Where the bot takes updates."`
	Secret string `name:"secret" env:"TELEGRAM_WEBHOOK_SECRET" required:"" help:"Secret of the webhook."`
	Chat   int64  `name:"chat" default:"7000001" help:"First private chat."`
	Chats  int64  `name:"chats" default:"64" help:"How many private chats there are."`
	Fakes  string `name:"fakes" placeholder:"URL" help:"Address of the fakes that the bot posts to: then what arrives there is counted as well."`
}

// Validate implements kong.Validatable.
func (c *telegramCommand) Validate() error {
	if c.Chats < int64(c.Connections) {
		return fmt.Errorf("%d chats are too few for %d connections: each needs one of its own", c.Chats, c.Connections)
	}
	if c.DatabaseURL == "" {
		return errors.New("no answer tells where a deal is: say --database-url")
	}
	return nil
}

// Run sends updates and prints what was measured.
func (c *telegramCommand) Run(ctx context.Context, io *streams) error {
	w, err := c.walks(c.Connections)
	if err != nil {
		return err
	}
	if err := c.locate(ctx, w); err != nil {
		return err
	}
	ids := newUpdates()
	return c.around(ctx, io, c.pressure, func(ctx context.Context) (result, error) {
		callers := make([]caller, len(w))
		for i := range w {
			k, err := newTelegramCaller(c.URL, c.Secret, w[i], ids)
			if err != nil {
				return result{}, err
			}
			for n := int64(i); n < c.Chats; n += int64(c.Connections) {
				k.chats = append(k.chats, c.Chat+n)
			}
			callers[i] = k
		}
		before, err := posted(ctx, c.Fakes)
		if err != nil {
			return result{}, err
		}
		r, err := run(ctx, wall{}, c.plan(), callers)
		if err != nil || c.Fakes == "" {
			return r, err
		}
		after, err := posted(ctx, c.Fakes)
		fmt.Fprintf(io.out, "messages posted, with those of the warm-up: %d\n", after-before)
		return r, err
	})
}
