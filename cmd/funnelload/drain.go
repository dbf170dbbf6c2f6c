package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"funnelbot/bot"
	"funnelbot/bot/message"
	"funnelbot/bot/telegram"
	"funnelbot/bot/text"
	"funnelbot/commands"
	"funnelbot/funnel"
	"funnelbot/funnel/definition"
)

type drainCommand struct {
	database
	Messages int           `name:"messages" default:"10000" help:"How many messages are owed."`
	Lanes    int           `name:"lanes" default:"500" help:"To how many Telegram chats."`
	Chat     int64         `name:"chat" default:"9000001" help:"First of them."`
	Fakes    string        `name:"fakes" placeholder:"URL" help:"Address of the fakes to which a running bot posts, at the pace that it keeps for the platform. Unset: a courier in this process with the same door and no pace, to fakes of its own."`
	Timeout  time.Duration `name:"timeout" default:"5m" help:"How long is waited for the last message."`
}

// Validate implements kong.Validatable.
func (c *drainCommand) Validate() error {
	if c.Messages < 1 || c.Lanes < 1 {
		return errors.New("messages and lanes must be above zero")
	}
	return c.required()
}

// Run queues messages and waits until all have arrived.
func (c *drainCommand) Run(ctx context.Context, io *streams) error {
	p, err := newPreparation(ctx, c.database)
	if err != nil {
		return err
	}
	defer p.close()
	ctx, cancel := context.WithTimeout(ctx, c.Timeout)
	defer cancel()
	seen := func(ctx context.Context) ([]arrival, error) { return arrived(ctx, c.Fakes) }
	deliver := func(context.Context) error { return nil }
	if c.Fakes == "" {
		own := newFakes("")
		seen = func(context.Context) ([]arrival, error) { return own.seen(), nil }
		deliver = func(ctx context.Context) error { return p.deliver(ctx, own) }
	}
	earlier, err := seen(ctx)
	if err != nil {
		return err
	}
	began, err := p.owe(ctx, c)
	if err != nil {
		return err
	}
	working, stop := context.WithCancel(ctx)
	defer stop()
	failed := make(chan error, 1)
	go func() { failed <- deliver(working) }()
	all, err := c.wait(ctx, seen, len(earlier), failed)
	if err != nil {
		return err
	}
	owed, err := p.owed(ctx, began)
	if err != nil {
		return err
	}
	late, err := match(owed, all)
	if err != nil {
		return err
	}
	last := time.Unix(0, all[len(all)-1].At)
	took := last.Sub(began)
	_, err = fmt.Fprintf(io.out, "%d messages to %d chats in %s ms: %s/s; from queued to arrived p50 %s, p99 %s, max %s ms\n",
		len(late), c.Lanes, millis(took), perSecond(float64(len(late))/took.Seconds()),
		millis(quantile(late, 0.5)), millis(quantile(late, 0.99)), millis(quantile(late, 1)))
	return err
}

// wait returns what has arrived after the earlier ones as soon as all of it has.
func (c *drainCommand) wait(
	ctx context.Context, seen func(context.Context) ([]arrival, error), earlier int, failed <-chan error,
) ([]arrival, error) {
	every := time.NewTicker(100 * time.Millisecond)
	defer every.Stop()
	for {
		all, err := seen(ctx)
		if err != nil {
			return nil, err
		}
		if len(all) >= earlier+c.Messages {
			return all[earlier:], nil
		}
		select {
		case err := <-failed:
			if err != nil {
				return nil, err
			}
			failed = nil
		case <-ctx.Done():
			return nil, fmt.Errorf("%d of %d messages have arrived: %w", len(all)-earlier, c.Messages, ctx.Err())
		case <-every.C:
		}
	}
}

// owe leaves messages in the outbox, to all chats in turn, and returns when they were committed.
func (p *preparation) owe(ctx context.Context, c *drainCommand) (time.Time, error) {
	owed, err := p.pool.Exec(ctx, `
		INSERT INTO outbox (workspace_id, notice_id, lane, kind, locale, payload, created_at, next_at)
		SELECT d.workspace_id, n.id, 'telegram:' || $2 + s.i % $3, $5::text, 'en',
			jsonb_build_object('id', n.id, 'kind', $5::text, 'to', d.owner_id, 'deal', d.id, 'number', d.number),
			clock_timestamp(), clock_timestamp()
		FROM generate_series(0, $4 - 1) s (i)
		CROSS JOIN LATERAL (SELECT gen_random_uuid() AS id WHERE s.i >= 0) n
		JOIN deals d ON d.workspace_id = $1 AND d.number = 1 + s.i % (SELECT count(*) FROM deals WHERE workspace_id = $1)`,
		[16]byte(p.space.ID), c.Chat, int64(c.Lanes), int64(c.Messages), string(funnel.NoticeAssigned))
	if err != nil {
		return time.Time{}, fmt.Errorf("owe messages: %w", err)
	}
	if n := owed.RowsAffected(); n != int64(c.Messages) {
		// Every message is about a deal: without any there is nothing to wait for.
		return time.Time{}, fmt.Errorf("%d of %d messages have a deal to tell of: prepare the workspace %q first", n, c.Messages, c.Workspace)
	}
	return time.Now(), nil
}

// owedMessage is a row of the outbox.
type owedMessage struct {
	chat  string
	since time.Time
}

// owed are the messages of the last minutes that were written before a moment or after it, in the
// order of their lanes.
func (p *preparation) owed(ctx context.Context, around time.Time) ([]owedMessage, error) {
	return recent(ctx, p.pool, p.space.ID, around.Add(-time.Minute))
}

func recent(ctx context.Context, pool *pgxpool.Pool, workspace funnel.ID, from time.Time) ([]owedMessage, error) {
	rows, err := pool.Query(ctx, `SELECT substr(lane, 10), created_at FROM outbox
		WHERE workspace_id = $1 AND created_at >= $2 AND lane LIKE 'telegram:%' AND NOT answer AND buried = '' ORDER BY id`,
		[16]byte(workspace), from)
	if err != nil {
		return nil, fmt.Errorf("read what is owed: %w", err)
	}
	all, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (m owedMessage, err error) {
		return m, r.Scan(&m.chat, &m.since)
	})
	if err != nil {
		return nil, fmt.Errorf("read what is owed: %w", err)
	}
	return all, nil
}

// match pairs what was owed with what has arrived: the messages of a chat arrive in the order in
// which they are owed. It returns the sorted times in between. What was owed before the first that
// has arrived belongs to an earlier run.
func match(owed []owedMessage, got []arrival) ([]time.Duration, error) {
	waiting := map[string][]time.Time{}
	for _, m := range owed {
		waiting[m.chat] = append(waiting[m.chat], m.since)
	}
	arrivals := map[string][]int64{}
	for _, a := range got {
		arrivals[a.Chat] = append(arrivals[a.Chat], a.At)
	}
	var all []time.Duration
	for chat, at := range arrivals {
		since := waiting[chat]
		if len(since) < len(at) {
			return nil, fmt.Errorf("chat %s got %d messages and was owed %d", chat, len(at), len(since))
		}
		since = since[len(since)-len(at):]
		for i := range at {
			all = append(all, time.Unix(0, at[i]).Sub(since[i]))
		}
	}
	slices.Sort(all)
	return all, nil
}

// deliver runs a courier with the door of the bot that keeps no pace.
func (p *preparation) deliver(ctx context.Context, f *fakes) error {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	serving := make(chan error, 1)
	go func() { serving <- serveOn(ctx, l, f.routes()) }()
	texts, err := text.Load()
	if err != nil {
		return err
	}
	def, err := definition.Default()
	if err != nil {
		return err
	}
	log := slog.New(slog.DiscardHandler)
	transport := &http.Transport{MaxIdleConnsPerHost: 64}
	defer transport.CloseIdleConnections()
	d, err := telegram.New(telegram.Config{
		Token: "7000:load", APIURL: "http://" + l.Addr().String() + strings.TrimSuffix(fakeTelegram, "/"),
		Texts: texts, Clock: time.Now, Log: log, HTTP: &http.Client{Transport: transport},
	})
	if err != nil {
		return err
	}
	bot.NewCourier(bot.CourierConfig{
		Outbox: p.store.Outbox(newID()), Lanes: funnel.Lanes{Prefix: funnel.LaneOf(telegram.Name, "", "")}, Sender: d,
		Clock: time.Now, Log: log, Anchors: p.store, Woken: p.store.Woken(),
		Compose: func(ctx context.Context, owed *funnel.Owed) (message.Doc, error) {
			deal, err := p.service.Read().Outline(ctx, owed.Workspace, owed.Notice.Deal)
			if err != nil {
				return message.Doc{}, err
			}
			r := commands.Reader{Locale: owed.Locale, Zone: time.UTC, Now: time.Now(), Funnel: def}
			return message.ComposeNotice(texts.In(string(r.Locale)), r, owed.Notice, deal), nil
		},
	}).Run(ctx)
	return <-serving
}
