//go:build unix

package embedded

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// locales are tried in turn for a new cluster until one behaves. C.UTF-8 goes
// first: it orders by code point, the same on every machine and in every
// release, so a system upgrade cannot break an index.
func locales() []string {
	return []string{"C.UTF-8", "C.utf8", "en_US.UTF-8", "ru_RU.UTF-8", "en_GB.UTF-8", "de_DE.UTF-8"}
}

// major is the version the cluster's files were made by, 0 when there are none.
func (p place) major() (int, error) {
	text, err := os.ReadFile(filepath.Join(p.data(), "PG_VERSION"))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("read the cluster's version: %w", err)
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0, fmt.Errorf("read the cluster's version: %w", err)
	}
	return n, nil
}

// create makes an empty cluster with the locale. The files appear under their
// name only when complete, so an interrupted creation is simply begun again.
func (c *Cluster) create(ctx context.Context, locale string) error {
	initdb, err := c.programs.Path("initdb")
	if err != nil {
		return err
	}
	if err := os.RemoveAll(c.place.newData()); err != nil {
		return fmt.Errorf("clear an interrupted creation: %w", err)
	}
	args := []string{
		"--pgdata", c.place.newData(), "--username", admin, "--encoding", "UTF8", "--locale", locale, "--lc-messages", "C",
		"--auth-local", "trust", // the socket's folder lets nobody else in
		"--auth-host", "scram-sha-256", "--no-instructions",
	}
	if c.cfg.Ephemeral {
		args = append(args, "--no-sync")
	} else {
		args = append(args, "--data-checksums")
	}
	out, err := c.account.command(ctx, c.place.base, initdb, args...).CombinedOutput()
	if err != nil && strings.Contains(string(out), "invalid locale") {
		return fmt.Errorf("%w: this system has no locale %s", ErrLocale, locale)
	}
	if err != nil {
		return fmt.Errorf("initdb with locale %s: %w: %s", locale, err, lastLines(string(out)))
	}
	if err := os.Rename(c.place.newData(), c.place.data()); err != nil {
		return fmt.Errorf("put the new cluster in its place: %w", err)
	}
	return nil
}
