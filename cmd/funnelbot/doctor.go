package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"funnelbot/funnel"
	"funnelbot/storage/postgres"
	"funnelbot/storage/redis"
)

type doctorCommand struct{}

// errUnwell is the end of an examination that found something.
var errUnwell = errors.New("something needs mending, see above")

// Run examines what the program stands on and says how to mend what is wrong. It changes nothing
// but starts the private cluster where that is what the settings mean.
func (doctorCommand) Run(ctx context.Context, s *settings, io *streams) error {
	d := &examination{out: io.out}
	d.zone(s, io)
	d.database(ctx, s, io)
	d.redis(ctx, s, newLog(s, io.err, true))
	d.platforms(ctx, s, io)
	if d.failed {
		return errUnwell
	}
	fmt.Fprintln(io.out, "All is well.")
	return nil
}

// examination prints findings, one a line.
type examination struct {
	out    io.Writer
	failed bool
}

func (d *examination) fine(what, found string) { fmt.Fprintf(d.out, "ok    %-10s %s\n", what, found) }

// wrong prints a finding and what to do about it: one sentence that begins with a verb.
func (d *examination) wrong(what, found, mend string) {
	d.failed = true
	fmt.Fprintf(d.out, "FAIL  %-10s %s\n      %-10s Mend: %s.\n", what, inline(found), "", inline(mend))
}

// inline puts words on one line, without the period at their end: an error may have several lines.
func inline(s string) string { return strings.TrimRight(strings.Join(strings.Fields(s), " "), ".") }

func (d *examination) zone(s *settings, io *streams) {
	zone := s.Zone
	if zone == "" {
		zone = machineZone(io.getenv)
	}
	if _, err := time.LoadLocation(zone); err != nil {
		d.wrong("zone", fmt.Sprintf("%q is not known", zone), "set FUNNELBOT_ZONE to a name such as Europe/Moscow")
		return
	}
	d.fine("zone", zone)
}

// checkTimeout bounds each question of the examination.
const checkTimeout = 10 * time.Second

func (d *examination) database(ctx context.Context, s *settings, io *streams) {
	a := &app{settings: s, now: io.now, log: newLog(s, io.err, true)}
	defer a.close(ctx)
	a.url = s.DatabaseURL
	if a.url == "" {
		if err := a.startCluster(ctx, io, options{}); err != nil {
			d.wrong("database", err.Error(), clusterMend(err))
			return
		}
		d.fine("cluster", fmt.Sprintf("PostgreSQL %s from %s", a.cluster.Programs().Version, a.cluster.Programs().Dir))
	}
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	has, needs, err := postgres.SchemaVersions(ctx, a.database())
	switch {
	case err != nil:
		d.databaseFault(err, a.url)
		return
	case has == 0:
		d.fine("schema", "new: it is set up at the first use")
		return
	case has > needs:
		d.wrong("schema", fmt.Sprintf("version %d is newer than this program, which knows %d", has, needs), "update funnelbot")
		return
	case has < needs:
		d.wrong("schema", fmt.Sprintf("version %d of %d", has, needs), "run funnelbot migrate; every other command does it too")
		return
	}
	d.fine("schema", fmt.Sprintf("version %d", has))
	store, err := postgres.Open(ctx, a.database())
	if errors.Is(err, postgres.ErrLocale) {
		d.wrong("locale", err.Error(), "make a new database with that locale and restore a backup into it")
		return
	}
	if err != nil {
		d.databaseFault(err, a.url)
		return
	}
	a.store = store
	d.outbox(ctx, store, io.now())
}

func (d *examination) databaseFault(err error, address string) {
	found, mend := err.Error(), "check DATABASE_URL and that the server runs"
	if t, ok := errors.AsType[*trouble](databaseTrouble(err, address)); ok {
		found, mend = t.found, t.mend
	}
	d.wrong("database", found, mend)
}

// oldMessage is how long an owed message may wait before something must be wrong.
const oldMessage = time.Hour

func (d *examination) outbox(ctx context.Context, store *postgres.Store, now time.Time) {
	state, err := store.OutboxState(ctx)
	switch {
	case err != nil:
		d.wrong("messages", "they cannot be counted: "+err.Error(), outboxMend)
	case state.Buried > 0:
		d.buried(ctx, store, state.Buried, now)
	case !state.Oldest.IsZero() && now.Sub(state.Oldest) > oldMessage:
		d.fine("messages", fmt.Sprintf("%d wait, the oldest since %s: they are shown when their receivers come to the chat",
			state.Pending, state.Oldest.Format(time.RFC3339)))
	default:
		d.fine("messages", fmt.Sprintf("%d wait", state.Pending))
	}
}

// outboxMend is what to do where the database answers, but not to this.
const outboxMend = "run funnelbot doctor again, and see the log of PostgreSQL if it finds the same"

// shownBuried is how many messages that were given up are named.
const shownBuried = 10

// buried names the messages that were given up last, and what can be done about each cause.
func (d *examination) buried(ctx context.Context, store *postgres.Store, all int, now time.Time) {
	last, err := store.Buried(ctx, shownBuried)
	if err != nil {
		d.wrong("messages", "those that were given up cannot be read: "+err.Error(), outboxMend)
		return
	}
	d.wrong("messages", fmt.Sprintf("%d were given up", all), "see below what each of the last lacked; they are kept for 90 days and not sent any more")
	for _, b := range last {
		fmt.Fprintf(d.out, "      %-10s %s to %s, %s ago: %s\n", "", b.Kind, b.Lane, now.Sub(b.At).Round(time.Minute), inline(remedy(b)))
	}
}

// remedy says what to do about a message that was given up.
func remedy(b funnel.Burial) string {
	switch b.Cause {
	case funnel.BuriedGone:
		return "the receiver has blocked the bot or the chat is gone; they write to the bot to be reached again"
	case funnel.BuriedRejected:
		return "the platform refused the message (" + b.Words + "); please report it"
	case funnel.BuriedAttempts:
		return "the platform did not take it for hours (" + b.Words + ")"
	case funnel.BuriedDoubt:
		return "it may have arrived; nobody can find out"
	case funnel.BuriedSecret:
		return "a code is not kept; whoever asked for it asks again"
	}
	return b.Words
}

func (d *examination) redis(ctx context.Context, s *settings, log *slog.Logger) {
	if s.RedisURL == "" {
		d.fine("redis", "not set: running dialogs are kept in PostgreSQL")
		return
	}
	redis.LogTo(log)
	client, err := redis.Dial(s.RedisURL)
	if err != nil {
		d.wrong("redis", err.Error(), "set REDIS_URL to an address such as redis://localhost:6379")
		return
	}
	defer client.Close()
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	if err := client.Ping(ctx).Err(); err != nil {
		d.wrong("redis", "it does not answer: "+err.Error(), "check REDIS_URL and that the server runs; the bot works without it, more slowly")
		return
	}
	d.fine("redis", "answers")
}
