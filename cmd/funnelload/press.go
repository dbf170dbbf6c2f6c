package main

import (
	"context"
	"errors"
	"sync"
	"time"
)

// pressure is how hard is pushed.
type pressure struct {
	Rate        float64       `name:"rate" placeholder:"N" help:"Requests in a second. Unset: flat out, the next as soon as an answer is there."`
	Connections int           `name:"connections" default:"32" help:"Connections that are kept open."`
	Duration    time.Duration `name:"duration" default:"10s" help:"How long is measured."`
	Warmup      time.Duration `name:"warmup" default:"2s" help:"How long goes by before that."`
}

// Validate implements kong.Validatable.
func (p pressure) Validate() error {
	switch {
	case p.Connections < 1 || p.Duration <= 0 || p.Warmup < 0 || p.Rate < 0:
		return errors.New("connections and duration must be above zero, rate and warmup not below it")
	}
	return nil
}

func (p pressure) plan() plan {
	return plan{connections: p.Connections, rate: p.Rate, warmup: p.Warmup, duration: p.Duration}
}

// sale are the deals that are moved, and the words for it.
type sale struct {
	Text  string `name:"text" default:"move {deal} {stage}" help:"What is typed to take a deal forward: {deal} and {stage} are filled in."`
	Back  string `name:"back" default:"back {deal} {stage} because the load goes round" help:"What is typed to take it back to the first stage."`
	First int64  `name:"first-deal" default:"1" help:"Number of the first deal."`
	Deals int64  `name:"deals" default:"4000" help:"How many deals are moved."`
}

func (s sale) walks(connections int) ([]*walk, error) {
	return walks(connections, s.First, s.Deals, lines{forward: s.Text, back: s.Back})
}

// slackPeople are who speaks in Slack.
type slackPeople struct {
	Team    string `name:"team" default:"T000LOAD" help:"Slack team."`
	User    string `name:"user" default:"ULOAD" help:"Slack user; of several, what their identifiers begin with."`
	Channel string `name:"channel" default:"DLOAD" help:"Channel they write in; of direct messages, what their identifiers begin with."`
	Users   int    `name:"users" default:"64" help:"How many people write. What one of them writes is answered in its order."`
}

// Validate implements kong.Validatable.
func (p slackPeople) Validate() error {
	if p.Users < 1 {
		return errors.New("nobody writes: users must be above zero")
	}
	return nil
}

func (p slackPeople) speaker(hook string) speaker {
	return speaker{team: p.Team, user: p.User, channel: p.Channel, users: p.Users, hook: hook}
}

type slackCommand struct {
	pressure
	slackPeople
	sale
	beside
	URL    string `name:"url" default:"http://127.0.0.1:8080/slack/commands" help:"Where the bot takes slash commands."`
	Secret string `name:"secret" env:"SLACK_SIGNING_SECRET" required:"" help:"Signing secret of the app."`
	Hook   string `name:"hook" default:"http://127.0.0.1:8099/hook" help:"Address for answers that come late."`
	Any    bool   `name:"any" help:"Take every answer with status 2xx for right, as of an app that moves nothing."`
}

// Run sends slash commands and prints what was measured.
func (c *slackCommand) Run(ctx context.Context, io *streams) error {
	w, err := c.walks(c.Connections)
	if err != nil {
		return err
	}
	if err := c.locate(ctx, w); err != nil {
		return err
	}
	return c.around(ctx, io, c.pressure, func(ctx context.Context) (result, error) {
		t := slackTarget{address: c.URL, secret: c.Secret, speaker: c.speaker(c.Hook), any: c.Any, walks: w}
		return t.measure(ctx, c.plan())
	})
}

// slackTarget is what slash commands are sent to. Its walks go on from one measurement to the next.
type slackTarget struct {
	address, secret string
	speaker         speaker
	any             bool
	walks           []*walk
}

func (t *slackTarget) measure(ctx context.Context, p plan) (result, error) {
	callers := make([]caller, len(t.walks))
	resets := make([]func(context.Context) error, len(t.walks))
	for i, w := range t.walks {
		k, err := newSlackCaller(t.address, t.secret, t.speaker, w, i, len(t.walks))
		if err != nil {
			return result{}, err
		}
		k.any = t.any
		callers[i], resets[i] = k, k.reset
	}
	if !t.any {
		if err := each(ctx, resets); err != nil {
			return result{}, err
		}
	}
	return run(ctx, wall{}, p, callers)
}

// each does all of them side by side.
func each(ctx context.Context, all []func(context.Context) error) error {
	errs := make([]error, len(all))
	var group sync.WaitGroup
	for i, do := range all {
		group.Go(func() { errs[i] = do(ctx) })
	}
	group.Wait()
	return errors.Join(errs...)
}
