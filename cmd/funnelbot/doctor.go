package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

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

func (d *examination) wrong(what, found, mend string) {
	d.failed = true
	fmt.Fprintf(d.out, "FAIL  %-10s %s\n      %-10s Mend: %s\n", what, found, "", mend)
}

func (d *examination) zone(s *settings, io *streams) {
	zone := s.Zone
	if zone == "" {
		zone = machineZone(io.getenv)
	}
	if _, err := time.LoadLocation(zone); err != nil {
		d.wrong("zone", fmt.Sprintf("%q is not known.", zone), "set FUNNELBOT_ZONE to a name such as Europe/Moscow.")
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
		d.wrong("schema", fmt.Sprintf("version %d is newer than this program, which knows %d.", has, needs), "update funnelbot.")
		return
	case has < needs:
		d.wrong("schema", fmt.Sprintf("version %d of %d.", has, needs), "run: funnelbot migrate; every other command does it too.")
		return
	}
	d.fine("schema", fmt.Sprintf("version %d", has))
	store, err := postgres.Open(ctx, a.database())
	if errors.Is(err, postgres.ErrLocale) {
		d.wrong("locale", err.Error(), "make a new database with that locale and restore a backup into it.")
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
	found, mend := err.Error()+".", "check DATABASE_URL and that the server runs."
	if t, ok := errors.AsType[*trouble](databaseTrouble(err, address)); ok {
		found, mend = t.found+".", t.mend+"."
	}
	d.wrong("database", found, mend)
}

// oldMessage is how long an owed message may wait before something must be wrong.
const oldMessage = time.Hour

func (d *examination) outbox(ctx context.Context, store *postgres.Store, now time.Time) {
	state, err := store.OutboxState(ctx)
	switch {
	case err != nil:
		d.wrong("messages", "they cannot be counted.", err.Error())
	case state.Buried > 0:
		d.wrong("messages", fmt.Sprintf("%d were given up after many attempts.", state.Buried),
			"see the log for why; their receivers may have blocked the bot.")
	case !state.Oldest.IsZero() && now.Sub(state.Oldest) > oldMessage:
		d.fine("messages", fmt.Sprintf("%d wait, the oldest since %s: they are shown when their receivers come to the chat",
			state.Pending, state.Oldest.Format(time.RFC3339)))
	default:
		d.fine("messages", fmt.Sprintf("%d wait", state.Pending))
	}
}

func (d *examination) redis(ctx context.Context, s *settings, log *slog.Logger) {
	if s.RedisURL == "" {
		d.fine("redis", "not set: running dialogs are kept in PostgreSQL")
		return
	}
	redis.LogTo(log)
	client, err := redis.Dial(s.RedisURL)
	if err != nil {
		d.wrong("redis", err.Error(), "set REDIS_URL to an address such as redis://localhost:6379.")
		return
	}
	defer client.Close()
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	if err := client.Ping(ctx).Err(); err != nil {
		d.wrong("redis", "it does not answer: "+err.Error(), "check REDIS_URL and that the server runs; the bot works without it, more slowly.")
		return
	}
	d.fine("redis", "answers")
}
