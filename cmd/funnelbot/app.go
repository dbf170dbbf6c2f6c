package main

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"funnelbot/bot"
	"funnelbot/bot/text"
	"funnelbot/commands"
	"funnelbot/funnel"
	"funnelbot/funnel/definition"
	"funnelbot/storage/embedded"
	"funnelbot/storage/memory"
	"funnelbot/storage/postgres"
	"funnelbot/storage/redis"
)

// app is the program's parts, put together. It is the only place that sees every package.
type app struct {
	settings *settings
	now      func() time.Time
	// pace is how often timed work runs, if not as usual.
	pace  time.Duration
	log   *slog.Logger
	texts *text.Catalog
	// funnel is that of new business, renewals that of renewals.
	funnel   *funnel.Funnel
	renewals *funnel.Funnel
	store    *postgres.Store
	service  *funnel.Service
	desk     *commands.Desk
	dispatch *bot.Dispatcher
	sessions funnel.Sessions
	// meter measures what doors do; nil where nobody asks.
	meter *bot.Meter
	// sweep asks platforms about members who do not speak there; nil where no platform is open.
	sweep func(context.Context) error
	// username is the Telegram bot's, once that is known.
	username atomic.Pointer[string]
	// url is the address of the database, cluster the private one if it is ours.
	url     string
	cluster *embedded.Cluster
	redis   io.Closer
}

// options say what sort of app is needed.
type options struct {
	// ephemeral keeps nothing: a cluster that is gone afterwards.
	ephemeral bool
	// quiet logs warnings only: a person is at the terminal.
	quiet bool
}

// A stop takes ten seconds at most: couriers and timed work end side by side, then the conversation
// is left and what all stand on is closed.
const (
	workStop  = 4 * time.Second
	leaveStop = time.Second
	closeStop = 4 * time.Second
)

// newApp connects and puts the parts together. The caller closes the app.
func newApp(ctx context.Context, s *settings, io *streams, o options) (a *app, err error) {
	a = &app{settings: s, now: io.now, pace: io.pace, log: newLog(s, io.err, o.quiet)}
	defer func() {
		if err != nil {
			a.close(ctx)
			a = nil
		}
	}()
	if a.texts, err = text.Load(); err != nil {
		return a, err
	}
	a.texts.Fault = func(lang funnel.Locale, key string, fault error) {
		a.log.LogAttrs(ctx, slog.LevelError, "sentence incomplete",
			slog.String("language", string(lang)), slog.String("key", key), slog.Any("error", fault))
	}
	if a.funnel, err = definition.Default(); err != nil {
		return a, err
	}
	if a.renewals, err = definition.Renewal(); err != nil {
		return a, err
	}
	if err = a.openDatabase(ctx, io, o); err != nil {
		return a, err
	}
	if a.sessions, err = a.openSessions(ctx, o); err != nil {
		return a, err
	}
	copies, _ := a.sessions.(funnel.Copies)
	a.service = funnel.New(funnel.Config{
		Store: a.store, Funnels: a.funnelOf, Clock: a.now, IDs: newID, Copies: copies,
	})
	a.desk = commands.NewDesk(commands.DeskConfig{Service: a.service, Sessions: a.sessions, NewToken: newToken, InviteLink: a.inviteLink})
	a.dispatch = bot.NewDispatcher(bot.DispatcherConfig{Desk: a.desk, Texts: a.texts, Log: a.log, NewCase: newToken})
	return a, nil
}

// funnelOf returns the funnel of a kind of deals.
func (a *app) funnelOf(k funnel.Kind) *funnel.Funnel {
	if k == funnel.Renewal {
		return a.renewals
	}
	return a.funnel
}

// openDatabase starts the private cluster where no database is named, and brings the schema up to
// date.
func (a *app) openDatabase(ctx context.Context, io *streams, o options) error {
	a.url = a.settings.DatabaseURL
	if a.url == "" || o.ephemeral {
		if err := a.startCluster(ctx, io, o); err != nil {
			return err
		}
	} else {
		a.log.InfoContext(ctx, "using the database of DATABASE_URL")
	}
	if err := postgres.Migrate(ctx, a.database()); err != nil {
		return databaseTrouble(err, a.url)
	}
	var err error
	a.store, err = postgres.Open(ctx, a.database())
	return databaseTrouble(err, a.url)
}

func (a *app) database() postgres.Config {
	return postgres.Config{URL: a.url, Log: a.log, Clock: a.now}
}

func (a *app) startCluster(ctx context.Context, io *streams, o options) error {
	dir := ""
	if !o.ephemeral {
		var err error
		if dir, err = dataFolder(a.settings, io); err != nil {
			return err
		}
	}
	cluster, err := embedded.Start(ctx, embedded.Config{Dir: dir, Log: a.log, Ephemeral: o.ephemeral, Env: io.getenv})
	if err != nil {
		return err
	}
	a.cluster, a.url = cluster, cluster.URL()
	if !o.ephemeral {
		a.log.InfoContext(ctx, "using a private database, because DATABASE_URL is not set", slog.String("folder", dir))
	}
	return nil
}

// dataFolder is the folder of the settings, or the user's.
func dataFolder(s *settings, io *streams) (string, error) {
	return embedded.DefaultDir(func(name string) string {
		if name == "FUNNELBOT_DATA" {
			return s.Data
		}
		return io.getenv(name)
	})
}

// openSessions lays Redis over PostgreSQL: a dialog survives the loss of Redis.
func (a *app) openSessions(ctx context.Context, o options) (funnel.Sessions, error) {
	durable := a.store.Sessions()
	if o.ephemeral {
		// Nobody else can reach this database, so a copy in this process hides nothing.
		return funnel.NewLayered(memory.NewSessions(a.now, 0), durable, a.now, a.log), nil
	}
	if a.settings.RedisURL == "" {
		// A copy in this process would hide what another process has saved since.
		a.log.InfoContext(ctx, "keeping running dialogs in PostgreSQL, because REDIS_URL is not set")
		return durable, nil
	}
	redis.LogTo(a.log)
	client, err := redis.Dial(a.settings.RedisURL)
	if err != nil {
		return nil, err
	}
	a.redis = client
	a.log.InfoContext(ctx, "keeping running dialogs in Redis and in PostgreSQL")
	return funnel.NewLayered(redis.NewSessions(client), durable, a.now, a.log), nil
}

// close gives back what newApp took, within [closeStop].
func (a *app) close(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeStop)
	defer cancel()
	if a.store != nil {
		a.store.Close()
	}
	var err error
	if a.redis != nil {
		err = a.redis.Close()
	}
	if a.cluster != nil {
		err = errors.Join(err, a.cluster.Close(ctx))
	}
	if err != nil {
		a.log.WarnContext(ctx, "not stopped cleanly", slog.Any("error", err))
	}
}

func newLog(s *settings, to io.Writer, quiet bool) *slog.Logger {
	level := slog.LevelInfo
	// The value is one of the enum, so it always reads.
	_ = level.UnmarshalText([]byte(s.LogLevel))
	if quiet {
		level = max(level, slog.LevelWarn)
	}
	o := &slog.HandlerOptions{Level: level}
	if s.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(to, o))
	}
	return slog.New(slog.NewTextHandler(to, o))
}

func newID() funnel.ID { return funnel.ID(uuid.Must(uuid.NewV7())) }

// tokenLength makes a token of 40 random bits: enough to tell the dialogs of one person apart.
const tokenLength = 8

func newToken() string { return strings.ToLower(rand.Text()[:tokenLength]) }
