package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"
)

type compareCommand struct {
	database
	slackPeople
	sale
	Bot         string        `name:"bot" default:"./funnelbot" type:"existingfile" help:"The bot's program."`
	Bolt        string        `name:"bolt" placeholder:"FILE" type:"existingfile" help:"A Bolt app for node that takes slash commands at PORT with SLACK_SIGNING_SECRET and answers anything."`
	BoltPath    string        `name:"bolt-path" default:"/slack/events" help:"Where it takes them."`
	Pgbench     string        `name:"pgbench" placeholder:"FILE" type:"existingfile" help:"Script for pgbench. Unset: one statement that locks, dedupes, appends and updates, on tables of its own."`
	Rounds      int           `name:"rounds" default:"5" help:"How often each has its turn."`
	Duration    time.Duration `name:"duration" default:"10s" help:"How long a turn is."`
	Warmup      time.Duration `name:"warmup" default:"2s" help:"How long each runs before it is measured."`
	Connections int           `name:"connections" default:"16" help:"Connections that are kept open, the same to each of them."`
	Rate        float64       `name:"rate" default:"400" help:"Requests in a second of the turns that are not flat out; 0 leaves them out."`
}

// Validate implements kong.Validatable.
func (c *compareCommand) Validate() error {
	if c.Rounds < 1 || c.Duration <= 0 || c.Connections < 1 {
		return errors.New("rounds, duration and connections must be above zero")
	}
	return errors.Join(c.required(), c.slackPeople.Validate())
}

// contender is one of those that take turns.
type contender struct {
	name    string
	process *process
	turn    func(ctx context.Context) (round, error)
	rounds  []round
}

// round is what one turn has given.
type round struct {
	result
	// statement is set for pgbench, which tells no percentiles.
	statement *statementResult
	cpu       time.Duration
}

// loadSecret signs within a comparison; nobody else hears of it.
const loadSecret = "0123456789abcdef0123456789abcdef"

// Run prepares, starts everything, lets all take turns and prints the table.
func (c *compareCommand) Run(ctx context.Context, io *streams) (err error) {
	dir, err := os.MkdirTemp("", "funnelload")
	if err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := c.prepare(ctx, io); err != nil {
		return err
	}
	stop, hook, err := c.fakes(ctx, io)
	if err != nil {
		return err
	}
	defer stop()
	all, err := c.contenders(ctx, io, dir, hook)
	defer func() {
		for _, k := range all {
			if k.process != nil {
				k.process.stop()
			}
		}
	}()
	if err != nil {
		return err
	}
	for n := range c.Rounds {
		for i := range all {
			k := all[i]
			if n%2 == 1 {
				k = all[len(all)-1-i]
			}
			r, err := k.measured(ctx)
			if err != nil {
				return fmt.Errorf("%s: %w", k.name, err)
			}
			k.rounds = append(k.rounds, r)
			fmt.Fprintf(io.err, "round %d of %d: %s %s/s\n", n+1, c.Rounds, k.name, perSecond(r.persecond()))
		}
	}
	return printComparison(io.out, all)
}

func (c *compareCommand) prepare(ctx context.Context, io *streams) error {
	p := &prepareCommand{database: c.database, slackPeople: c.slackPeople, Deals: int(c.First + c.Deals - 1), Chat: 7_000_001, Receivers: 10}
	return p.Run(ctx, &streams{out: io.err, err: io.err})
}

// fakes stand in for the platforms in this process: a move calls them for nothing but people it has
// not seen before.
func (c *compareCommand) fakes(ctx context.Context, io *streams) (stop func(), address string, err error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, "", fmt.Errorf("listen: %w", err)
	}
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() { done <- serveOn(ctx, l, newFakes(c.Team).routes()) }()
	return func() {
		cancel()
		if err := <-done; err != nil {
			fmt.Fprintln(io.err, err)
		}
	}, "http://" + l.Addr().String(), nil
}

func (c *compareCommand) contenders(ctx context.Context, io *streams, dir, fakes string) (all []*contender, err error) {
	w, err := c.walks(c.Connections)
	if err != nil {
		return nil, err
	}
	if err := c.locate(ctx, w); err != nil {
		return nil, err
	}
	switch bench, err := newPgbench(ctx, c.database, c.Pgbench, dir); {
	case errors.Is(err, errNoPgbench):
		fmt.Fprintln(io.err, err)
	case err != nil:
		return nil, err
	default:
		all = append(all, &contender{name: "pgbench", turn: func(ctx context.Context) (round, error) {
			r, err := bench.run(ctx, c.Duration)
			return round{statement: &r}, err
		}})
	}
	for _, open := range []func(context.Context, *streams, string, []*walk) ([]*contender, error){c.bare, c.bot, c.bolt} {
		more, err := open(ctx, io, fakes, w)
		all = append(all, more...)
		if err != nil {
			return all, err
		}
	}
	return all, nil
}

// paced are the turns of one program: flat out, and at the rate if there is one.
func (c *compareCommand) paced(name string, p *process, t *slackTarget) []*contender {
	turn := func(rate float64) func(ctx context.Context) (round, error) {
		return func(ctx context.Context) (round, error) {
			r, err := t.measure(ctx, plan{connections: c.Connections, rate: rate, warmup: c.Warmup, duration: c.Duration})
			return round{result: r}, err
		}
	}
	all := []*contender{{name: name, process: p, turn: turn(0)}}
	if c.Rate > 0 {
		all = append(all, &contender{name: name + " at " + strconv.FormatFloat(c.Rate, 'f', -1, 64) + "/s", process: p, turn: turn(c.Rate)})
	}
	return all
}

func (c *compareCommand) target(address, path, fakes string, w []*walk) *slackTarget {
	return &slackTarget{
		address: "http://" + address + path, secret: loadSecret, speaker: c.speaker(fakes + fakeHook), walks: w,
	}
}

func (c *compareCommand) bare(ctx context.Context, _ *streams, fakes string, w []*walk) ([]*contender, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program: %w", err)
	}
	address, err := free(ctx)
	if err != nil {
		return nil, err
	}
	p, err := start(ctx, "bare handler", address, readyPath, []string{
		"DATABASE_URL=" + c.DatabaseURL, "SLACK_SIGNING_SECRET=" + loadSecret, "FUNNELBOT_WORKSPACE=" + c.Workspace,
	}, self, "bare", "--listen", address)
	if err != nil {
		return nil, err
	}
	return c.paced("bare handler", p, c.target(address, commandPath, fakes, w)), nil
}

func (c *compareCommand) bot(ctx context.Context, io *streams, fakes string, w []*walk) ([]*contender, error) {
	address, err := free(ctx)
	if err != nil {
		return nil, err
	}
	p, err := start(ctx, "bot", address, readyPath, []string{
		"DATABASE_URL=" + c.DatabaseURL, "FUNNELBOT_WORKSPACE=" + c.Workspace, "FUNNELBOT_LISTEN=" + address, "FUNNELBOT_LOG_LEVEL=warn",
		"SLACK_BOT_TOKEN=xoxb-load", "SLACK_SIGNING_SECRET=" + loadSecret, "SLACK_API_URL=" + fakes + fakeSlack,
		"SLACK_APP_TOKEN=", "TELEGRAM_BOT_TOKEN=", "REDIS_URL=",
	}, c.Bot, "serve")
	if err != nil {
		return nil, err
	}
	hold(ctx, idleTime)
	fmt.Fprintf(io.out, "bot: ready after %d ms, %.1f MB idle\n", p.ready.Milliseconds(), float64(p.usage().memory)/1e6)
	return c.paced("bot", p, c.target(address, commandPath, fakes, w)), nil
}

// idleTime goes by before memory is looked at.
const idleTime = 2 * time.Second

func (c *compareCommand) bolt(ctx context.Context, io *streams, fakes string, w []*walk) ([]*contender, error) {
	if c.Bolt == "" {
		return nil, nil
	}
	address, err := free(ctx)
	if err != nil {
		return nil, err
	}
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("read an address: %w", err)
	}
	file, err := filepath.Abs(c.Bolt)
	if err != nil {
		return nil, fmt.Errorf("find the Bolt app: %w", err)
	}
	p, err := start(ctx, "Bolt", address, "", []string{"PORT=" + port, "SLACK_SIGNING_SECRET=" + loadSecret}, "node", file)
	if err != nil {
		fmt.Fprintf(io.err, "left out: %v\n", err)
		return nil, nil
	}
	t := c.target(address, c.BoltPath, fakes, slices.Clone(w))
	t.any = true
	for i, of := range w {
		own := *of
		own.at = slices.Clone(of.at)
		t.walks[i] = &own
	}
	return c.paced("Bolt, no database", p, t), nil
}

func (k *contender) measured(ctx context.Context) (round, error) {
	var before usage
	if k.process != nil {
		before = k.process.usage()
	}
	r, err := k.turn(ctx)
	if err == nil && k.process != nil {
		r.cpu = k.process.usage().cpu - before.cpu
	}
	return r, err
}

func (r *round) persecond() float64 {
	if r.statement != nil {
		return r.statement.rate
	}
	return r.rate()
}
