//go:build unix

package embedded

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// ephemeralPattern names the folders of ephemeral clusters.
const ephemeralPattern = "funnelbot-brief-"

// startEphemeral makes a cluster in a temporary folder and runs it beside a
// supervisor.
func (c *Cluster) startEphemeral(ctx context.Context) error {
	if err := c.makeBrief(ctx); err != nil {
		return err
	}
	if _, err := c.up(ctx); err != nil {
		return errors.Join(err, c.discard())
	}
	return nil
}

// makeBrief makes the folder of an ephemeral cluster where the server's
// account can reach it, and locks it as in use.
func (c *Cluster) makeBrief(ctx context.Context) error {
	var reasons []error
	roots := append(memoryFolders(), os.TempDir(), "/tmp", "/var/tmp")
	for _, root := range slices.Compact(roots) {
		c.sweep(ctx, root)
		dir, err := os.MkdirTemp(root, ephemeralPattern)
		if err != nil {
			reasons = append(reasons, err)
			continue
		}
		if err := c.occupy(ctx, dir); err != nil {
			reasons = append(reasons, errors.Join(err, os.RemoveAll(dir)))
			continue
		}
		return nil
	}
	return fmt.Errorf("no temporary folder for the cluster: %w", errors.Join(reasons...))
}

func (c *Cluster) occupy(ctx context.Context, dir string) (err error) {
	c.place = place{home: dir, base: dir}
	if c.users, err = openLock(filepath.Join(dir, "users.lock"), account{}); err != nil {
		return err
	}
	// A sweep that took the folder for a left-over one holds the lock, and
	// removes the folder before it lets go.
	if err := c.users.take(ctx); err != nil {
		return err
	}
	if _, err := os.Lstat(c.users.f.Name()); err != nil {
		return fmt.Errorf("the new folder was swept away: %w", err)
	}
	if c.account, err = chooseAccount(ctx, dir, c.cfg.NoNamespaces); err != nil {
		return err
	}
	if err := c.account.own(dir); err != nil {
		return err
	}
	if !c.account.reaches(ctx, dir) {
		return fmt.Errorf("%s is out of reach of the server's account", dir)
	}
	return nil
}
