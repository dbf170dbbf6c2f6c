package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
)

type dialogsCommand struct {
	database
	Bot         string        `name:"bot" default:"./funnelbot" type:"existingfile" help:"The bot's program."`
	RedisURL    string        `name:"redis-url" placeholder:"URL" help:"Redis for the bot. Unset: it keeps running dialogs in PostgreSQL."`
	Workspaces  int           `name:"workspaces" default:"1000" help:"How many workspaces there are."`
	Dialogs     int           `name:"dialogs" default:"10000" help:"How many qualification dialogs are open at once, each with a person and a deal of its own."`
	Rate        float64       `name:"rate" default:"400" help:"Answers in a second, each to another dialog in turn."`
	Connections int           `name:"connections" default:"64" help:"Connections that are kept open."`
	Duration    time.Duration `name:"duration" default:"20s" help:"How long is measured."`
	Warmup      time.Duration `name:"warmup" default:"2s" help:"How long goes by before that."`
}

// maxDialogs bounds a run, so that each can have chats of its own.
const maxDialogs = 100_000

// chatPause goes by between two answers to one dialog at least: a chat takes one message a second.
const chatPause = 2 * time.Second

// Validate implements kong.Validatable.
func (c *dialogsCommand) Validate() error {
	switch {
	case c.Rate <= 0 || c.Duration <= 0 || c.Warmup < 0 || c.Connections < 1:
		return errors.New("rate, connections and duration must be above zero, warmup not below it")
	case c.Workspaces < 1 || c.Dialogs < c.Workspaces || c.Dialogs < c.Connections || c.Dialogs > maxDialogs:
		return fmt.Errorf("dialogs must be as many as workspaces and connections at least, and %d at most", maxDialogs)
	case c.Rate*chatPause.Seconds() > float64(c.Dialogs):
		return fmt.Errorf("%d dialogs are too few for the rate: the bot sends a message a second to a chat", c.Dialogs)
	}
	return c.required()
}

// Run opens all dialogs of a bot that it starts, answers them at the rate and prints what was
// measured.
func (c *dialogsCommand) Run(ctx context.Context, io *streams) (err error) {
	began := time.Now()
	cast, err := newCast(ctx, c.database, c.Workspaces, c.Dialogs)
	if err != nil {
		return err
	}
	defer cast.close()
	fmt.Fprintf(io.err, "%d workspaces with %d people prepared in %.1f s\n", c.Workspaces, c.Dialogs, time.Since(began).Seconds())
	people := make(map[int64]*chat, c.Dialogs)
	all := make([]*interview, c.Dialogs)
	for n := range all {
		to := newChat(cast.chat + int64(n))
		people[to.id], all[n] = to, known(to, cast.deal(n), cast.all, cast.known(n))
	}
	api, at, err := openChats(ctx, people)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, api.close()) }()
	bot, address, err := c.start(ctx, at, cast.space.Name)
	if err != nil {
		return err
	}
	defer bot.stop()
	m := &watch{bot: bot, address: address, api: api, cast: cast}
	return c.measure(ctx, io, m, all)
}

// start runs the bot with its webhook and the fakes as its platform, which grants it any pace.
func (c *dialogsCommand) start(ctx context.Context, platform, workspace string) (*process, string, error) {
	address, err := free(ctx)
	if err != nil {
		return nil, "", err
	}
	p, err := start(ctx, "bot", address, readyPath, []string{
		"DATABASE_URL=" + c.DatabaseURL, "REDIS_URL=" + c.RedisURL, "FUNNELBOT_WORKSPACE=" + workspace,
		"FUNNELBOT_LISTEN=" + address, "FUNNELBOT_LOG_LEVEL=warn", "SLACK_BOT_TOKEN=", "SLACK_APP_TOKEN=",
		"TELEGRAM_BOT_TOKEN=" + strconv.Itoa(fakeBot) + ":load", "TELEGRAM_WEBHOOK_URL=https://bot.sample.example",
		"TELEGRAM_WEBHOOK_SECRET=" + loadSecret, "TELEGRAM_API_URL=" + platform + strings.TrimSuffix(fakeTelegram, "/"),
		"TELEGRAM_RATE=" + strconv.Itoa(anyPace),
	}, c.Bot, "serve")
	return p, address, err
}

// anyPace is messages a second that no run comes near.
const anyPace = 1_000_000

func (c *dialogsCommand) measure(ctx context.Context, io *streams, m *watch, all []*interview) error {
	open := func() ([]*interviewer, error) {
		return interviewers("http://"+m.address+"/telegram", loadSecret, newUpdates(), all, c.Connections)
	}
	if err := m.look(ctx, "idle"); err != nil {
		return err
	}
	k, err := open()
	if err != nil {
		return err
	}
	opened, err := begin(ctx, k)
	if err != nil {
		return err
	}
	if err := m.look(ctx, "all dialogs open"); err != nil {
		return err
	}
	if k, err = open(); err != nil {
		return err
	}
	callers := make([]caller, len(k))
	for i := range k {
		callers[i] = k[i]
	}
	before, served := m.bot.usage().cpu, m.cast.spent(ctx)
	answered, err := run(ctx, wall{}, plan{connections: c.Connections, rate: c.Rate, warmup: c.Warmup, duration: c.Duration}, callers)
	if err != nil {
		return err
	}
	each := func(spent time.Duration) float64 {
		return float64(spent.Microseconds()) / max(1, float64(answered.sent))
	}
	own, server := each(m.bot.usage().cpu-before), each(since(served, m.cast.spent(ctx)))
	if err := m.look(ctx, "at the end"); err != nil {
		return err
	}
	t := newTable(io.out)
	t.result("dialogs opened", &opened)
	t.result("answers", &answered)
	if err := t.print(); err != nil {
		return err
	}
	fmt.Fprintf(io.out, "for each answer the bot has taken %.0f µs of the processors, a database server on this machine %.0f µs\n", own, server)
	return m.print(io)
}

// watch looks at the bot while nothing happens.
type watch struct {
	bot     *process
	address string
	api     *chats
	cast    *cast
	seen    []sight
}

// sight is what was seen at one moment.
type sight struct {
	when       string
	memory     int64
	goroutines int
	stored
}

func (m *watch) look(ctx context.Context, when string) error {
	m.api.rest()
	hold(ctx, idleTime)
	s := sight{when: when, memory: m.bot.usage().memory}
	var err error
	if s.goroutines, err = goroutines(ctx, m.address); err != nil {
		return err
	}
	s.stored, err = m.cast.stored(ctx)
	m.seen = append(m.seen, s)
	return err
}

func (m *watch) print(io *streams) error {
	out := tabwriter.NewWriter(io.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(out, "\tmemory MB\tgoroutines\tdialogs\topen\tanswers stored\t")
	for _, s := range m.seen {
		fmt.Fprintf(out, "%s\t%.1f\t%d\t%d\t%d\t%d\t\n", s.when, float64(s.memory)/1e6, s.goroutines, s.dialogs, s.open, s.answers)
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	return nil
}

var errNoMetric = errors.New("the bot does not tell how many goroutines it has")

// goroutines reads how many goroutines the bot has.
func goroutines(ctx context.Context, address string) (int, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/metrics", http.NoBody)
	if err != nil {
		return 0, fmt.Errorf("ask for the metrics: %w", err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, fmt.Errorf("ask for the metrics: %w", err)
	}
	defer resp.Body.Close()
	for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
		if n, ok := strings.CutPrefix(lines.Text(), "go_goroutines "); ok {
			return strconv.Atoi(n)
		}
	}
	return 0, errNoMetric
}
