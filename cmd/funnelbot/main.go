// Command funnelbot is a sales assistant for B2B teams: deals move from the chat, and managers
// see where the funnel is weak.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"
	_ "time/tzdata" // zones work on machines that have none installed

	"github.com/alecthomas/kong"

	"funnelbot/funnel"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Getenv, os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// settings are every flag and environment variable of the program. README.md and
// deploy/env.example list the same ones; a test compares them.
type settings struct {
	DatabaseURL string `name:"database-url" env:"DATABASE_URL" placeholder:"URL" help:"PostgreSQL 15 or newer. Unset: a private cluster under the data folder, run by the PostgreSQL programs of this machine."`
	RedisURL    string `name:"redis-url" env:"REDIS_URL" placeholder:"URL" help:"Redis for running dialogs. Unset: they are kept in PostgreSQL."`
	Data        string `name:"data" env:"FUNNELBOT_DATA" placeholder:"DIR" help:"Data folder: the private cluster, the history of the local chat. Unset: the user's data directory."`
	Workspace   string `name:"workspace" env:"FUNNELBOT_WORKSPACE" default:"main" help:"Name of the workspace that the command line works on."`
	Zone        string `name:"zone" env:"FUNNELBOT_ZONE" placeholder:"ZONE" help:"Time zone of a new workspace, such as Europe/Moscow. Unset: that of this machine."`
	Currency    string `name:"currency" env:"FUNNELBOT_CURRENCY" placeholder:"CODE" help:"Currency of a new workspace, such as USD. Unset: RUB where the language is Russian, else USD."`
	Listen      string `name:"listen" env:"FUNNELBOT_LISTEN" default:":8080" help:"Address that serve listens at for the platforms, and for /healthz, /readyz and /metrics."`
	LogLevel    string `name:"log-level" env:"FUNNELBOT_LOG_LEVEL" default:"info" enum:"debug,info,warn,error" help:"What is logged to standard error: ${enum}."`
	LogFormat   string `name:"log-format" env:"FUNNELBOT_LOG_FORMAT" default:"text" enum:"text,json" help:"How it is logged: ${enum}."`

	SlackToken     string `name:"slack-bot-token" env:"SLACK_BOT_TOKEN" placeholder:"TOKEN" help:"Bot token of the Slack app, xoxb-…"`
	SlackSecret    string `name:"slack-signing-secret" env:"SLACK_SIGNING_SECRET" placeholder:"SECRET" help:"Signing secret of the Slack app. Needed for requests over HTTP."`
	SlackAppToken  string `name:"slack-app-token" env:"SLACK_APP_TOKEN" placeholder:"TOKEN" help:"App-level token, xapp-… Set: Socket Mode, no public address is needed."`
	SlackInstaller string `name:"slack-installer" env:"SLACK_INSTALLER" placeholder:"USER" help:"Slack user id of the first admin, U… Unset: the first owner or admin of the Slack workspace who writes to the bot."`
	SlackURL       string `name:"slack-api-url" env:"SLACK_API_URL" default:"https://slack.com/api/" help:"Address of Slack's Web API."`

	TelegramToken   string `name:"telegram-bot-token" env:"TELEGRAM_BOT_TOKEN" placeholder:"TOKEN" help:"Token of the Telegram bot, from @BotFather."`
	TelegramWebhook string `name:"telegram-webhook-url" env:"TELEGRAM_WEBHOOK_URL" placeholder:"URL" help:"Public https address whose path /telegram leads to this program. Unset: long polling, no public address is needed."`
	TelegramSecret  string `name:"telegram-webhook-secret" env:"TELEGRAM_WEBHOOK_SECRET" placeholder:"SECRET" help:"What Telegram shows with every request: letters, digits, _ and -. Unset: derived from the token."`
	TelegramURL     string `name:"telegram-api-url" env:"TELEGRAM_API_URL" default:"https://api.telegram.org" help:"Address of the Telegram Bot API."`
	TelegramRate    int    `name:"telegram-rate" env:"TELEGRAM_RATE" placeholder:"N" help:"Messages a second that Telegram takes from this bot. Unset: the 30 that every bot may send; more only for a bot that was granted more."`
}

// slack and telegram say which platforms are connected.
func (s *settings) slack() bool    { return s.SlackToken != "" }
func (s *settings) telegram() bool { return s.TelegramToken != "" }

// person is who speaks at the local chat.
type person struct {
	As   string `name:"as" env:"FUNNELBOT_AS" placeholder:"NAME" help:"Who speaks. Unset: the name of this user."`
	Role string `name:"role" env:"FUNNELBOT_ROLE" placeholder:"ROLE" help:"rep, manager or admin. A new person is an admin."`
	Lang string `name:"lang" env:"FUNNELBOT_LANG" placeholder:"LANG" help:"en or ru. A new person speaks the language of this machine."`
}

// Validate implements kong.Validatable.
func (p person) Validate() error {
	if err := oneOf("role", p.Role, "", string(funnel.Rep), string(funnel.Manager), string(funnel.Admin)); err != nil {
		return err
	}
	return knownLanguage(p.Lang)
}

// knownLanguage refuses a language that the program does not speak.
func knownLanguage(l string) error { return oneOf("language", l, "", "en", "ru") }

// oneOf refuses a word that is none of the known ones, and names them.
func oneOf(what, word string, known ...string) error {
	if slices.Contains(known, word) {
		return nil
	}
	if known[0] == "" {
		known = known[1:]
	}
	last := len(known) - 1
	return fmt.Errorf("%s %q is not known: use %s or %s", what, word, strings.Join(known[:last], ", "), known[last])
}

// knownFile refuses a file that cannot be read.
func knownFile(name string) error {
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("there is no file %s", name)
	case err != nil:
		return fmt.Errorf("the file %s cannot be read: %w", name, err)
	case info.IsDir():
		return fmt.Errorf("%s is a folder, not a file", name)
	}
	return nil
}

type commandLine struct {
	settings

	Serve   serveCommand   `cmd:"" default:"withargs" help:"Run the bot: every platform that has a token; with none, the local chat."`
	Chat    chatCommand    `cmd:"" help:"Talk to the bot here. Lines come from standard input when it is no terminal."`
	Demo    demoCommand    `cmd:"" help:"Talk to the bot over a sample company with a year of history. Nothing is kept."`
	Import  importCommand  `cmd:"" help:"Bring in deals or their stage history from a CSV file."`
	Export  exportCommand  `cmd:"" help:"Write deals, moves and activities as CSV or JSON."`
	Report  reportCommand  `cmd:"" help:"Print a report."`
	Digest  digestCommand  `cmd:"" help:"Print the digest of today, or send it."`
	Invite  inviteCommand  `cmd:"" help:"Print a one-time code that lets somebody in."`
	Migrate migrateCommand `cmd:"" help:"Bring the database to the version of this program."`
	Backup  backupCommand  `cmd:"" help:"Write a backup of the database to a file."`
	Restore restoreCommand `cmd:"" help:"Bring the database back from a backup."`
	Doctor  doctorCommand  `cmd:"" help:"Check settings, database and Redis, and say how to mend each."`
	Version versionCommand `cmd:"" help:"Print the version."`
}

// streams are what a command reads and writes, and the environment for what is no setting of ours:
// HOME, PATH, TERM.
type streams struct {
	in       io.Reader
	out, err io.Writer
	getenv   func(string) string
	now      func() time.Time
	// listen opens the address that platforms are served at.
	listen func(ctx context.Context, address string) (net.Listener, error)
	// pace is how often timed work runs; zero is as often as it usually does.
	pace time.Duration
}

func listen(ctx context.Context, address string) (net.Listener, error) {
	return (&net.ListenConfig{}).Listen(ctx, "tcp", address)
}

// Exit codes: 1 for what went wrong, 2 for words that are no command.
const (
	exitFailed = 1
	exitUsage  = 2
)

// run is the program without its process: it returns the exit code.
func run(ctx context.Context, args []string, getenv func(string) string, in io.Reader, out, errs io.Writer) int {
	return runWith(ctx, args, &streams{in: in, out: out, err: errs, getenv: getenv, now: time.Now, listen: listen})
}

// runWith is run with every stream, and with a clock that tests move.
func runWith(ctx context.Context, args []string, io *streams) int {
	out, errs := io.out, io.err
	var line commandLine
	exited := -1
	parser, err := kong.New(&line,
		kong.Name("funnelbot"),
		kong.Description("A sales assistant for B2B teams in the chat."),
		kong.Writers(out, errs),
		kong.Exit(func(code int) { exited = code }),
		kong.UsageOnError(),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Vars{"formats": formats()},
		kong.BindTo(ctx, (*context.Context)(nil)),
	)
	if err != nil {
		fmt.Fprintln(errs, err)
		return exitUsage
	}
	if len(args) > 0 && args[0] == "help" {
		args = append(slices.Clone(args[1:]), "--help")
	}
	parsed, err := parser.Parse(args)
	if exited >= 0 {
		return exited
	}
	if err != nil {
		fmt.Fprintf(errs, "funnelbot: %v\nTry: funnelbot --help\n", err)
		return exitUsage
	}
	err = parsed.Run(&line.settings, io)
	switch {
	case err == nil:
		return 0
	case errors.Is(err, context.Canceled) && ctx.Err() != nil:
		return 0
	}
	fmt.Fprintf(errs, "funnelbot: %v\n", err)
	return exitFailed
}
