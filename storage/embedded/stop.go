//go:build unix

package embedded

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"
)

// Mode is how a server is stopped.
type Mode int

const (
	// Fast ends every session and writes what is in memory to disk.
	Fast Mode = iota
	// Immediate ends the server like a crash; the next start recovers.
	Immediate
)

func (m Mode) signal() syscall.Signal {
	if m == Immediate {
		return syscall.SIGQUIT
	}
	return syscall.SIGINT
}

// taken tells whether a number belongs to a process, were it only a zombie.
func taken(pid int) bool {
	err := syscall.Kill(pid, 0)
	return err == nil || errors.Is(err, syscall.EPERM)
}

// alive tells whether a process of that number exists and has not ended.
func alive(pid int) bool { return taken(pid) && !ended(pid) }

// halt stops the running server, if any, and waits until it is gone. When ctx
// ends first the server is stopped at once: what was committed is on disk, the
// next start recovers it.
func (c *Cluster) halt(ctx context.Context, m Mode) error {
	f, ok, err := readPidFile(c.place.pidFile())
	if err != nil || !ok || !running(f.pid, c.place.data()) {
		return err
	}
	return c.end(ctx, f.pid, m)
}

// end is halt for a server by its number.
func (c *Cluster) end(ctx context.Context, pid int, m Mode) error {
	if err := syscall.Kill(pid, m.signal()); err != nil && !errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("stop the server, process %d: %w", pid, err)
	}
	gone := func() (bool, error) { return !alive(pid), nil }
	if err := until(ctx, 3*time.Millisecond, gone); err == nil {
		return nil
	}
	if err := syscall.Kill(pid, syscall.SIGQUIT); err != nil && !errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("stop the server, process %d, at once: %w", pid, err)
	}
	// PostgreSQL itself kills what has not ended five seconds after SIGQUIT.
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), 6*time.Second)
	defer cancel()
	if err := until(late, 3*time.Millisecond, gone); err != nil {
		return fmt.Errorf("stop the server, process %d: %w", pid, err)
	}
	return nil
}

// Close lets go of the cluster. The last process to do so stops the server;
// while others use it, it goes on. An ephemeral cluster is stopped and
// removed. When ctx ends the server is stopped without tidying up. A second Close
// does nothing.
func (c *Cluster) Close(ctx context.Context) error {
	c.stopKeeper()
	if c.cfg.Ephemeral {
		return c.discard()
	}
	if c.users == nil {
		return nil
	}
	start, err := openLock(c.place.lock("start"), c.owner)
	if err != nil {
		return err
	}
	defer start.release()
	defer func() {
		c.users.release()
		c.users = nil
	}()
	if err := start.take(ctx); err != nil {
		return err
	}
	last, err := c.users.try(true)
	if err != nil || !last {
		return err
	}
	if err := c.halt(ctx, Fast); err != nil {
		return err
	}
	if isRuntime(c.place.sockets) {
		_ = os.Remove(c.place.sockets) // of use to nobody now; the next start makes it again
	}
	return nil
}

// discard ends the supervisor, which stops the server and removes the files,
// and removes what is left should the supervisor have been killed.
func (c *Cluster) discard() error {
	if s := c.supervisor; s != nil {
		s.pipe.Close()
		_ = s.cmd.Wait() // its result says only how the server ended
		c.supervisor = nil
	}
	err := errors.Join(os.RemoveAll(c.place.base), os.RemoveAll(c.place.sockets))
	c.users.release()
	return err
}

// Stop stops the server in the given way and keeps the cluster. It is for
// tests of what a program does without its database.
func (c *Cluster) Stop(ctx context.Context, m Mode) error {
	c.stopKeeper()
	if err := c.halt(ctx, m); err != nil {
		return err
	}
	if s := c.supervisor; s != nil {
		_, err := s.pipe.WriteString("done\n")
		s.pipe.Close()
		_ = s.cmd.Wait()
		c.supervisor = nil
		if err != nil {
			return fmt.Errorf("dismiss the supervisor: %w", err)
		}
	}
	return nil
}

// Resume starts the server again after Stop, at the same address.
func (c *Cluster) Resume(ctx context.Context) error {
	_, err := c.launch(ctx)
	return err
}
