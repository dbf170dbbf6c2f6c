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

// lockFile is an open file with a lock the kernel gives back when the process
// ends, however it ends.
type lockFile struct{ f *os.File }

// openLock opens or creates the file at path without locking it.
func openLock(path string, a account) (*lockFile, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open lock: %w", err)
	}
	if err := a.own(path); err != nil {
		f.Close()
		return nil, err
	}
	return &lockFile{f: f}, nil
}

// try takes the lock, alone or shared, unless another holds it against us. A
// lock already held is changed in its kind; when that fails it may be lost.
func (l *lockFile) try(alone bool) (bool, error) {
	how := syscall.LOCK_SH
	if alone {
		how = syscall.LOCK_EX
	}
	for {
		err := syscall.Flock(int(l.f.Fd()), how|syscall.LOCK_NB)
		switch {
		case err == nil:
			return true, nil
		case errors.Is(err, syscall.EINTR):
		case errors.Is(err, syscall.EWOULDBLOCK):
			return false, nil
		default:
			return false, fmt.Errorf("lock %s: %w", l.f.Name(), err)
		}
	}
}

// take waits to hold the lock alone until ctx ends.
func (l *lockFile) take(ctx context.Context) error {
	err := until(ctx, 10*time.Millisecond, func() (bool, error) { return l.try(true) })
	if err != nil {
		return fmt.Errorf("wait for lock %s: %w", l.f.Name(), err)
	}
	return nil
}

// release gives the lock back.
func (l *lockFile) release() { l.f.Close() }

// until calls done at once and then at every interval until it says so, fails,
// or ctx ends.
func until(ctx context.Context, every time.Duration, done func() (bool, error)) error {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		ok, err := done()
		if ok || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}
