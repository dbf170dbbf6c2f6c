package main

import (
	"time"

	"golang.org/x/sys/unix"
)

// doze waits without the timers of the runtime, which are a millisecond off where nothing else
// happens: as much as an answer takes.
func doze(d time.Duration) {
	if d <= 0 {
		return
	}
	t := unix.NsecToTimespec(int64(d))
	_ = unix.Nanosleep(&t, nil)
}
