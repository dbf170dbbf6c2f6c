//go:build unix

package embedded

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// Cluster is a private PostgreSQL cluster in use by this process.
type Cluster struct {
	cfg      Config
	log      *slog.Logger
	place    place
	account  account // who the server runs as
	owner    account // who the files in the data folder belong to
	programs Programs
	// users is held shared by every process that uses the cluster.
	users *lockFile
	// supervisor stands beside an ephemeral server.
	supervisor *supervisor
	stopKeeper func()
}

// Start brings up the private cluster, creating it the first time, or joins
// the one another process runs. It returns once the database answers; after a
// crash that includes recovery. Should the server end by itself later, it is
// started again at the same address. The errors people can act on are ErrNoDir,
// ErrNoPrograms, ErrNoTrigrams, ErrLocale and ErrInUse.
func Start(ctx context.Context, cfg Config) (*Cluster, error) {
	c := &Cluster{cfg: cfg.withDefaults(), stopKeeper: func() {}}
	c.log = c.cfg.Log
	if cfg.Ephemeral {
		return c, c.startEphemeral(ctx)
	}
	if cfg.Dir == "" {
		return nil, ErrNoDir
	}
	home, err := makeHome(cfg.Dir)
	if err != nil {
		return nil, err
	}
	c.place, c.owner = place{home: home, base: home}, ownerOf(home)
	start, err := openLock(c.place.lock("start"), c.owner)
	if err != nil {
		return nil, err
	}
	defer start.release()
	if err := start.take(ctx); err != nil {
		return nil, err
	}
	if c.users, err = openLock(c.place.lock("users"), c.owner); err != nil {
		return nil, err
	}
	if err := c.join(ctx); err != nil {
		c.users.release()
		return nil, err
	}
	return c, nil
}

// join makes this process a user of the cluster. The start lock is held.
func (c *Cluster) join(ctx context.Context) error {
	alone, err := c.users.try(true)
	if err != nil {
		return err
	}
	if ok, err := c.users.try(false); err != nil || !ok {
		return errors.Join(err, errors.New("the cluster's lock is held alone by a process that should not"))
	}
	if !alone {
		if err := c.place.visible(); err != nil {
			return err
		}
	}
	c.place, c.account, err = settle(ctx, c.place.home, c.cfg.refuge, c.cfg.NoNamespaces)
	if err != nil {
		return err
	}
	f, err := c.up(ctx)
	if err == nil {
		c.stopKeeper = c.keep(ctx, f.pid)
		return nil
	}
	if alone {
		err = errors.Join(err, c.halt(ctx, Fast))
	}
	return err
}

// up chooses the programs, creates the cluster where there is none, and brings
// the server up in it.
func (c *Cluster) up(ctx context.Context) (pidFile, error) {
	found, err := FindPrograms(ctx, c.cfg.BinDir, c.cfg.Env("PATH"))
	if err != nil {
		return pidFile{}, err
	}
	major, err := c.place.major()
	if err != nil {
		return pidFile{}, err
	}
	if c.programs, err = pick(found, major); err != nil {
		return pidFile{}, err
	}
	if major == 0 {
		return c.first(ctx)
	}
	return c.serve(ctx)
}

// serve brings the server up and proves that it serves. A server found running
// may be dying of a kill that has not taken effect; then another is started.
func (c *Cluster) serve(ctx context.Context) (f pidFile, err error) {
	const attempts = 3
	for range attempts {
		if f, err = c.bring(ctx); err != nil {
			return pidFile{}, err
		}
		c.place.sockets = f.sockets
		if err = c.provision(ctx); err == nil || answered(err) || !c.dies(ctx, f.pid) {
			return f, err
		}
	}
	return f, err
}

// answered tells an error a living server reported from one of the connection,
// or of a server that is shutting down (class 57P, operator intervention).
func answered(err error) bool {
	if pgErr, ok := errors.AsType[*pgconn.PgError](err); ok {
		return !strings.HasPrefix(pgErr.Code, "57P")
	}
	return errors.Is(err, ErrLocale) || errors.Is(err, ErrNoTrigrams)
}

// dies tells whether the server ends within a second.
func (c *Cluster) dies(ctx context.Context, pid int) bool {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	return until(ctx, 3*time.Millisecond, func() (bool, error) { return !running(pid, c.place.data()), nil }) == nil
}

// first creates the cluster with the first locale that behaves; nothing is
// left of those that do not.
func (c *Cluster) first(ctx context.Context) (pidFile, error) {
	var failed []error
	for _, locale := range locales() {
		err := c.create(ctx, locale)
		if err == nil {
			var f pidFile
			if f, err = c.serve(ctx); err == nil {
				c.log.InfoContext(ctx, "private cluster created", slog.String("dir", c.place.base),
					slog.String("postgres", c.programs.Version), slog.String("locale", locale))
				return f, nil
			}
			err = errors.Join(err, c.halt(context.WithoutCancel(ctx), Immediate), os.RemoveAll(c.place.data()))
		}
		failed = append(failed, err)
		if !errors.Is(err, ErrLocale) {
			break
		}
	}
	return pidFile{}, errors.Join(failed...)
}

// bring joins the running server or starts one. After a crash the remains of
// the former server may hold its memory a moment longer, so the start is
// tried again for five seconds.
func (c *Cluster) bring(ctx context.Context) (pidFile, error) {
	left, ok, err := readPidFile(c.place.pidFile())
	if err != nil {
		return pidFile{}, err
	}
	if ok && running(left.pid, c.place.data()) {
		f, err := c.await(ctx, left.pid)
		if !errors.Is(err, errEnded) {
			return f, err
		}
	}
	if ok && taken(left.pid) {
		if err := disown(c.place.pidFile()); err != nil {
			return pidFile{}, err
		}
	}
	if c.place.sockets == "" {
		if c.place.sockets, err = c.place.chooseSockets(ctx, c.runtimeFolders(), c.account); err != nil {
			return pidFile{}, err
		}
	}
	if err := c.place.trimLogs(); err != nil {
		return pidFile{}, fmt.Errorf("trim the server's log: %w", err)
	}
	retry, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	var f pidFile
	var failure error
	err = until(retry, 100*time.Millisecond, func() (bool, error) {
		f, failure = c.launch(ctx)
		if ok && errors.Is(failure, errEnded) {
			return false, nil
		}
		return failure == nil, failure
	})
	if failure != nil {
		return pidFile{}, failure
	}
	return f, err
}

// URL is the address of the cluster's database, for pgx and for PostgreSQL's
// programs alike. It stays the same as long as the cluster is open.
func (c *Cluster) URL() string { return c.dsn(role, database) }

// AdminURL is the address of the cluster's database for its superuser, which
// tests need that make databases.
func (c *Cluster) AdminURL() string { return c.dsn(admin, database) }

// Programs are the ones the cluster runs with, pg_dump and pg_restore of the
// same version among them.
func (c *Cluster) Programs() Programs { return c.programs }

// visible refuses a cluster whose server was started in another container or
// on another machine while it is in use there: from here the server could not
// be seen, and a second one on the same files would destroy them.
func (p place) visible() error {
	where, err := os.ReadFile(p.whereabouts())
	if err != nil || string(where) == here() {
		return nil //nolint:nilerr // written before the first server; without it there was none
	}
	return fmt.Errorf("%w: it runs in another container or on another machine (%s)", ErrInUse, strings.TrimSpace(p.home))
}
