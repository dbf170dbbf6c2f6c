package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"funnelbot/storage/embedded"
	"funnelbot/storage/postgres"
)

type backupCommand struct {
	File string `arg:"" optional:"" help:"File to write. It must not exist."`
}

// errExists keeps a backup from taking the place of another one.
var errExists = errors.New("the file exists already: choose another name")

// Validate implements kong.Validatable.
func (c *backupCommand) Validate() error {
	if c.File == "" {
		return errNoBackup
	}
	return nil
}

var errNoBackup = errors.New("say which file holds the backup, such as funnel.dump")

// Run writes the database to a file in the custom format of pg_dump.
func (c *backupCommand) Run(ctx context.Context, s *settings, io *streams) error {
	if _, err := os.Stat(c.File); err == nil {
		return fmt.Errorf("%s: %w", c.File, errExists)
	}
	a, err := newApp(ctx, s, io, options{})
	if err != nil {
		return err
	}
	defer a.close(ctx)
	part := c.File + ".part"
	if err := a.onDatabase(ctx, io, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--file="+part); err != nil {
		_ = os.Remove(part)
		return fmt.Errorf("back up: %w", err)
	}
	if err := os.Rename(part, c.File); err != nil {
		return fmt.Errorf("back up: %w", err)
	}
	fmt.Fprintf(io.out, "Backed up to %s.\n", c.File)
	return nil
}

type restoreCommand struct {
	File string `arg:"" optional:"" help:"Backup to read."`
}

// Validate implements kong.Validatable.
func (c *restoreCommand) Validate() error {
	if c.File == "" {
		return errNoBackup
	}
	return knownFile(c.File)
}

// errNotEmpty keeps a restore from mixing two databases.
var errNotEmpty = errors.New("the database holds deals already: restore into an empty one, with another --data folder or DATABASE_URL")

// Why a file could not be restored.
var (
	errNoArchive   = errors.New("is no backup that funnelbot has written, or only a part of one; nothing was changed")
	errNotRestored = errors.New("could not be restored, perhaps because it is only a part of a backup; nothing was changed")
)

// Run brings a backup back into an empty database, wholly or not at all.
func (c *restoreCommand) Run(ctx context.Context, s *settings, io *streams) error {
	a, err := newApp(ctx, s, io, options{})
	if err != nil {
		return err
	}
	defer a.close(ctx)
	empty, err := a.store.Empty(ctx)
	if err != nil {
		return err
	}
	if !empty {
		return errNotEmpty
	}
	if err := a.tool(ctx, io, "pg_restore", "--list", "--file="+os.DevNull, c.File); err != nil {
		return fmt.Errorf("%s %w: %w", c.File, errNoArchive, err)
	}
	err = a.onDatabase(ctx, io, "pg_restore", "--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction",
		"--exit-on-error", c.File)
	if err != nil {
		return fmt.Errorf("%s %w: %w", c.File, errNotRestored, err)
	}
	if err := postgres.Migrate(ctx, a.database()); err != nil {
		return err
	}
	fmt.Fprintf(io.out, "Restored from %s.\n", c.File)
	return nil
}

// onDatabase runs one of PostgreSQL's programs on the database.
func (a *app) onDatabase(ctx context.Context, io *streams, name string, args ...string) error {
	address, password := withoutPassword(a.url)
	args = append([]string{"--dbname=" + address}, args...)
	if password == "" {
		return a.tool(ctx, io, name, args...)
	}
	return a.toolWith(ctx, io, append(os.Environ(), "PGPASSWORD="+password), name, args...)
}

func (a *app) tool(ctx context.Context, io *streams, name string, args ...string) error {
	return a.toolWith(ctx, io, nil, name, args...)
}

// toolWith runs one of PostgreSQL's programs: of the private cluster's own version, else the newest.
// Of what a program that fails has printed, the last line says why.
func (a *app) toolWith(ctx context.Context, io *streams, env []string, name string, args ...string) error {
	programs, err := a.programs(ctx, io)
	if err != nil {
		return err
	}
	path, err := programs.Path(name)
	if err != nil {
		return err
	}
	var printed bytes.Buffer
	cmd := exec.CommandContext(ctx, filepath.Clean(path), args...) //nolint:gosec // one of PostgreSQL's programs, found by us.
	cmd.Env, cmd.Stderr = env, &printed
	err = cmd.Run()
	if err == nil {
		_, err = io.err.Write(printed.Bytes())
		return err
	}
	lines := strings.Split(strings.TrimSpace(printed.String()), "\n")
	if why := strings.TrimPrefix(lines[len(lines)-1], name+": error: "); why != "" {
		return fmt.Errorf("%s says: %s", name, why)
	}
	return fmt.Errorf("%s: %w", name, err)
}

// passwordWord is the password in a DSN of words, quoted or not.
var passwordWord = regexp.MustCompile(`(?i)\bpassword\s*=\s*(?:'((?:[^'\\]|\\.)*)'|(\S+))`)

// withoutPassword takes the password out of an address: everybody on the machine can read the
// arguments of a program, nobody but its user the environment.
func withoutPassword(address string) (rest, password string) {
	if u, err := url.Parse(address); err == nil && u.Scheme != "" {
		if u.User != nil {
			password, _ = u.User.Password()
			u.User = url.User(u.User.Username())
		}
		query := u.Query()
		if query.Has("password") {
			password = query.Get("password")
			query.Del("password")
			u.RawQuery = query.Encode()
		}
		return u.String(), password
	}
	if m := passwordWord.FindStringSubmatch(address); m != nil {
		return passwordWord.ReplaceAllString(address, ""), m[1] + m[2]
	}
	return address, ""
}

func (a *app) programs(ctx context.Context, io *streams) (embedded.Programs, error) {
	if a.cluster != nil {
		return a.cluster.Programs(), nil
	}
	found, err := embedded.FindPrograms(ctx, "", io.getenv("PATH"))
	if err != nil {
		return embedded.Programs{}, err
	}
	return found[0], nil
}
