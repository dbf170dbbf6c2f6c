//go:build unix

package embedded

import (
	"context"
	"fmt"
	"log/slog"
	"time"
)

const (
	// watchEvery is how often the server is looked at.
	watchEvery = 250 * time.Millisecond
	// longestPause is the most a keeper waits between attempts that fail.
	longestPause = 30 * time.Second
)

// keep starts the server again whenever it ends without being told to, as it
// does when the system kills it for want of memory. It returns what stops the
// watch and waits for its end.
func (c *Cluster) keep(ctx context.Context, pid int) (stop func()) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	done := make(chan struct{})
	go func() {
		defer close(done)
		c.watch(ctx, pid)
	}()
	return func() {
		cancel()
		<-done
	}
}

func (c *Cluster) watch(ctx context.Context, pid int) {
	pause := watchEvery
	timer := time.NewTimer(pause)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		if !running(pid, c.place.data()) {
			c.log.WarnContext(ctx, "private cluster ended by itself, starting it again", slog.Int("pid", pid))
			f, err := c.revive(ctx)
			switch {
			case ctx.Err() != nil:
				return
			case err != nil:
				c.log.ErrorContext(ctx, "private cluster does not start", slog.Any("error", err))
				pause = min(2*pause, longestPause)
			default:
				c.log.InfoContext(ctx, "private cluster is back", slog.Int("pid", f.pid))
				pid, pause = f.pid, watchEvery
			}
		}
		timer.Reset(pause)
	}
}

// revive brings the server up again, unless another process that uses it was
// first.
func (c *Cluster) revive(ctx context.Context) (pidFile, error) {
	start, err := openLock(c.place.lock("start"), c.owner)
	if err != nil {
		return pidFile{}, err
	}
	defer start.release()
	if err := start.take(ctx); err != nil {
		return pidFile{}, err
	}
	f, err := c.bring(ctx)
	if err == nil && f.sockets != c.place.sockets {
		err = fmt.Errorf("another process started it with its socket in %s, not %s", f.sockets, c.place.sockets)
	}
	return f, err
}
