//go:build unix

package embedded

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"
)

// Cluster is a private PostgreSQL cluster in use by this process.
type Cluster struct {
	cfg      Config
	log      *slog.Logger
	place    place
	account  account
	owner    account // who the files in the data folder belong to
	programs Programs
	users    *lockFile
	// supervisor stands beside an ephemeral server.
	supervisor *supervisor
	stopKeeper func()
}

func (p place) lock(name string) string { return filepath.Join(p.home, name+".lock") }

// Start brings up the private cluster, creating it the first time, or joins
// the one another process runs. It returns once the database answers; after a
// crash that includes recovery. The errors people can act on are ErrNoPrograms,
// ErrNoTrigrams, ErrLocale and ErrInUse.
func Start(ctx context.Context, cfg Config) (*Cluster, error) {
	c := &Cluster{cfg: cfg, log: cfg.Log, stopKeeper: func() {}}
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	if c.cfg.refuge == "" {
		c.cfg.refuge = refugeDir
	}
	if cfg.Ephemeral {
		return c.startEphemeral(ctx)
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
	if err := start.take(ctx, true); err != nil {
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
		return errors.Join(err, fmt.Errorf("share the cluster's lock: %t", ok))
	}
	if c.place, c.account, err = settle(ctx, c.place.home, c.cfg.refuge, c.cfg.NoNamespaces); err != nil {
		return err
	}
	if err := c.up(ctx); err != nil {
		if alone {
			err = errors.Join(err, c.halt(ctx, Fast))
		}
		return err
	}
	return nil
}

// up chooses the programs, creates the cluster where there is none, and brings
// the server up in it.
func (c *Cluster) up(ctx context.Context) error {
	found, err := FindPrograms(ctx, c.cfg.BinDir, os.Getenv("PATH"))
	if err != nil {
		return err
	}
	major, err := c.place.major()
	if err != nil {
		return err
	}
	if c.programs, err = pick(found, major); err != nil {
		return err
	}
	if major != 0 {
		if err := c.bring(ctx); err != nil {
			return err
		}
		return c.provision(ctx)
	}
	var failed []error
	for _, locale := range locales() {
		err := c.first(ctx, locale)
		if err == nil {
			c.log.InfoContext(ctx, "private cluster created", slog.String("dir", c.place.base),
				slog.String("postgres", c.programs.Version), slog.String("locale", locale))
			return nil
		}
		failed = append(failed, err)
		if ctx.Err() != nil || errors.Is(err, ErrNoTrigrams) {
			break
		}
	}
	return errors.Join(failed...)
}

// first creates the cluster with a locale and proves it; nothing is left of
// one that fails.
func (c *Cluster) first(ctx context.Context, locale string) error {
	err := c.create(ctx, locale)
	if err == nil {
		err = c.bring(ctx)
	}
	if err == nil {
		err = c.provision(ctx)
	}
	if err == nil {
		return nil
	}
	late := context.WithoutCancel(ctx)
	return errors.Join(err, c.halt(late, Immediate), os.RemoveAll(c.place.data()))
}

// bring joins the running server or starts one. After a crash the remains of
// the former server may hold its memory a moment longer, so the start is
// tried again for five seconds.
func (c *Cluster) bring(ctx context.Context) error {
	f, left, err := readPidFile(c.place.pidFile())
	if err != nil {
		return err
	}
	if left && running(f.pid, c.place.data()) {
		err := c.await(ctx, f.pid)
		if !errors.Is(err, errEnded) {
			return err
		}
	}
	if left && alive(f.pid) {
		if err := disown(c.place.pidFile()); err != nil {
			return err
		}
	}
	if c.place.sockets == "" {
		if c.place.sockets, err = c.place.chooseSockets(ctx, c.account); err != nil {
			return err
		}
	}
	retry, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	var failure error
	err = until(retry, 100*time.Millisecond, func() (bool, error) {
		failure = c.launch(ctx)
		again := left && errors.Is(failure, errEnded)
		if again {
			return false, nil
		}
		return failure == nil, failure
	})
	if err != nil && failure != nil {
		return failure
	}
	return err
}

// URL is the address of the cluster's database, for pgx and for PostgreSQL's
// programs alike. It stays the same as long as the cluster is open.
func (c *Cluster) URL() string { return c.dsn(role, database) }

// AdminURL is the address of the cluster's database for its superuser, which
// backup and restore need, and tests that make databases.
func (c *Cluster) AdminURL() string { return c.dsn(admin, database) }

// Programs are the ones the cluster runs with, pg_dump and pg_restore of the
// same version among them.
func (c *Cluster) Programs() Programs { return c.programs }
