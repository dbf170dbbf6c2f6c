// Command funnelload measures a running bot, and what it is to be compared with, on one machine and
// in one run.
//
//	funnelload prepare --database-url URL --deals 4000 --users 64
//	funnelload fakes --listen 127.0.0.1:8099
//	funnelload slack --secret SECRET --duration 10s               flat out
//	funnelload slack --secret SECRET --rate 400 --pgbench FILE    at a rate, pgbench before and after
//	funnelload telegram --secret SECRET --chats 64 --rate 25
//	funnelload drain --database-url URL --messages 10000 --lanes 500
//	funnelload notices --database-url URL --secret SECRET --rate 20
//	funnelload dialogs --database-url URL --bot ./funnelbot --workspaces 1000 --dialogs 10000 --rate 400
//	funnelload compare --database-url URL --bot ./funnelbot --rounds 5
//
// Every request has a signature and an identifier of its own and asks for another real change: deals
// walk from stage to stage and back to the first, and an answer counts only if it says that its deal
// has moved. At a rate the time of a request counts from the moment at which it was due, whether or
// not a connection was free. All times are kept and sorted, so percentiles are exact.
//
// compare prepares a database, starts the bot, the bare handler (the same rows written with nothing
// decided) and, if asked to, a Bolt app, and lets them and pgbench take turns on the same cores.
// Only ratios within one run mean something.
//
// dialogs makes workspaces with people of their own, starts the bot with the Telegram webhook and its
// API at this process, and opens a qualification for everybody, at one question or another. Then it
// reads in every chat which question stands and answers it as a person would: in words, with a button
// that the message carries, with several. Summaries are confirmed, and the dialog begins anew. The time
// of an answer ends with the call that shows what follows, which has to be the right question. Memory
// and goroutines of the bot are looked at before, with all dialogs open and afterwards, when nothing
// happens, with the rows that prove how many there were.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := execute(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

type commandLine struct {
	Slack    slackCommand    `cmd:"" help:"Send slash commands that move deals."`
	Telegram telegramCommand `cmd:"" help:"Send updates that move deals, as to a webhook."`
	Prepare  prepareCommand  `cmd:"" help:"Fill a workspace with people and deals."`
	Fakes    fakesCommand    `cmd:"" help:"Stand in for the Slack and Telegram APIs, without any limit."`
	Bare     bareCommand     `cmd:"" help:"Serve slash commands that write the rows of a move with nothing decided."`
	Notices  noticesCommand  `cmd:"" help:"Measure the time from a change to the message that tells somebody about it."`
	Drain    drainCommand    `cmd:"" help:"Measure how fast messages that are owed go out."`
	Dialogs  dialogsCommand  `cmd:"" help:"Keep many qualification dialogs open at once, answer them and watch the bot."`
	Compare  compareCommand  `cmd:"" help:"Let bot, bare handler and pgbench take turns, and print medians and ratios."`
}

// streams are what a command writes to.
type streams struct{ out, err io.Writer }

// Exit codes: 1 for what went wrong, 2 for words that are no command.
const (
	exitFailed = 1
	exitUsage  = 2
)

// execute is the program without its process: it returns the exit code.
func execute(ctx context.Context, args []string, out, errs io.Writer) int {
	var line commandLine
	exited := -1
	parser, err := kong.New(&line,
		kong.Name("funnelload"),
		kong.Description("Measures a running funnelbot and what it is compared with."),
		kong.Writers(out, errs),
		kong.Exit(func(code int) { exited = code }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.BindTo(ctx, (*context.Context)(nil)),
	)
	if err != nil {
		fmt.Fprintln(errs, err)
		return exitUsage
	}
	parsed, err := parser.Parse(args)
	if exited >= 0 {
		return exited
	}
	if err != nil {
		fmt.Fprintf(errs, "funnelload: %v\nTry: funnelload --help\n", err)
		return exitUsage
	}
	err = parsed.Run(&streams{out: out, err: errs})
	switch {
	case err == nil:
		return 0
	case errors.Is(err, context.Canceled) && ctx.Err() != nil:
		return 0
	}
	fmt.Fprintf(errs, "funnelload: %v\n", err)
	return exitFailed
}
