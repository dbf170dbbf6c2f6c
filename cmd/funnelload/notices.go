package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

type noticesCommand struct {
	pressure
	slackPeople
	database
	URL       string `name:"url" default:"http://127.0.0.1:8080/slack/commands" help:"Where the bot takes slash commands."`
	Secret    string `name:"secret" env:"SLACK_SIGNING_SECRET" required:"" help:"Signing secret of the app."`
	Fakes     string `name:"fakes" default:"http://127.0.0.1:8099" help:"Address of the fakes that the bot posts to."`
	Deals     int64  `name:"deals" default:"1000" help:"How many deals are given away."`
	Receivers int    `name:"receivers" default:"100" help:"To how many people whom only Telegram knows."`
}

// Validate implements kong.Validatable.
func (c *noticesCommand) Validate() error {
	if c.Rate == 0 {
		return errors.New("at which rate? say --rate, below the one that the bot keeps for the platform")
	}
	if c.Deals < int64(c.Connections) || c.Receivers < 2 {
		return errors.New("each connection needs a deal of its own, and each deal two people to go to")
	}
	return c.required()
}

// Run gives deals to other people in Slack, and measures how long it takes from the change until
// their new owners are told in Telegram.
func (c *noticesCommand) Run(ctx context.Context, io *streams) error {
	pool, err := c.pool(ctx)
	if err != nil {
		return err
	}
	defer pool.Close()
	earlier, err := posted(ctx, c.Fakes)
	if err != nil {
		return err
	}
	callers := make([]caller, c.Connections)
	for i := range callers {
		k, err := newSlackCaller(c.URL, c.Secret, c.speaker(c.Fakes+fakeHook), nil, i, c.Connections)
		if err != nil {
			return err
		}
		g := &giver{slackCaller: k, people: c.Receivers, turn: int(time.Now().Unix())}
		for d := int64(i); d < c.Deals; d += int64(c.Connections) {
			g.deals = append(g.deals, d+1)
		}
		callers[i] = g
	}
	began := time.Now()
	r, err := run(ctx, wall{}, c.plan(), callers)
	if err != nil {
		return err
	}
	t := newTable(io.out)
	t.result("given away", &r)
	if err := t.print(); err != nil {
		return err
	}
	var workspace [16]byte
	if err := pool.QueryRow(ctx, `SELECT id FROM workspaces WHERE name = $1`, c.Workspace).Scan(&workspace); err != nil {
		return fmt.Errorf("find the workspace: %w", err)
	}
	hold(ctx, 2*idleTime)
	owed, err := recent(ctx, pool, workspace, began)
	if err != nil {
		return err
	}
	all, err := arrived(ctx, c.Fakes)
	if err != nil {
		return err
	}
	late, err := match(owed, all[earlier:])
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(io.out, "%d of %d messages have arrived; from change to arrival p50 %s, p90 %s, p99 %s, max %s ms\n",
		len(late), len(owed), millis(quantile(late, 0.5)), millis(quantile(late, 0.9)), millis(quantile(late, 0.99)), millis(quantile(late, 1)))
	return err
}

// giver gives its deals to one person after the other.
type giver struct {
	*slackCaller
	deals        []int64
	people, turn int
	sent         int
}

func (g *giver) call(ctx context.Context) (verdict, time.Time, string) {
	deal := g.deals[g.sent%len(g.deals)]
	to := receiver((g.turn + int(deal) + g.sent/len(g.deals)) % g.people)
	g.sent++
	return g.say(ctx, fmt.Sprintf("assign #%d %s", deal, to), func(said []byte) bool {
		return bytes.Contains(said, []byte("belongs to "+to)) && bytes.Contains(said, fmt.Appendf(nil, "#%d", deal))
	})
}

// words of which the names of receivers are made.
const (
	firstNames = "Alder Birch Cedar Dogwood Elder Fir Gorse Hazel Ivy Juniper Kapok Larch Maple Nutmeg Olive Poplar Quince Rowan Sorrel Tamarind"
	lastNames  = "Amberley Bramwell Cotterill Dunmore Eastley Fairbairn Glasby Hartnoll Inglewood Jessop"
)

// receiver is what people are called who only receive: no two alike, and no number in it.
func receiver(i int) string {
	first, last := strings.Fields(firstNames), strings.Fields(lastNames)
	name := first[i%len(first)] + " " + last[i/len(first)%len(last)]
	if n := i / (len(first) * len(last)); n > 0 {
		name += " " + first[n%len(first)]
	}
	return name
}
