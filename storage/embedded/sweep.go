//go:build unix

package embedded

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// sweep removes what is left in root of ephemeral clusters whose process and
// supervisor were both killed. Their lock is free; nobody else's folders are
// touched. What cannot be removed now is left to the next sweep.
func (c *Cluster) sweep(ctx context.Context, root string) {
	dirs, err := filepath.Glob(filepath.Join(root, ephemeralPattern+"*"))
	if err != nil {
		return
	}
	for _, dir := range dirs {
		if !ours(dir) {
			continue
		}
		removed, err := sweepOne(ctx, dir)
		if err != nil {
			c.log.WarnContext(ctx, "left-over cluster not removed", slog.String("dir", dir), slog.Any("error", err))
		} else if removed {
			c.log.InfoContext(ctx, "left-over cluster removed", slog.String("dir", dir))
		}
	}
}

// ours tells whether a folder was made by this user, or for the account that
// runs this user's servers.
func ours(dir string) bool {
	uid := ownerOf(dir).uid
	if uid == os.Geteuid() || os.Geteuid() != 0 {
		return uid == os.Geteuid()
	}
	a, err := unprivileged()
	return err == nil && uid == a.uid
}

func sweepOne(ctx context.Context, dir string) (bool, error) {
	// A folder without its lock is just being made.
	f, err := os.OpenFile(filepath.Join(dir, "users.lock"), os.O_RDWR|syscall.O_NOFOLLOW, 0)
	if err != nil {
		return false, nil
	}
	lock := &lockFile{f: f}
	defer lock.release()
	if free, err := lock.try(true); err != nil || !free {
		return false, err
	}
	left := &Cluster{place: place{home: dir, base: dir}}
	pid, ok, err := readPidFile(left.place.pidFile())
	if err != nil {
		return false, err
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	if err := left.halt(ctx, Immediate); err != nil {
		return false, err
	}
	if ok && filepath.IsAbs(pid.sockets) && ours(pid.sockets) && isRuntime(pid.sockets) {
		err = os.RemoveAll(pid.sockets)
	}
	return true, errors.Join(err, os.RemoveAll(dir))
}
