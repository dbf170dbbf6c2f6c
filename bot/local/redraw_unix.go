//go:build unix

package local

import (
	"os"
	"syscall"
)

// redraw makes the line editor draw its prompt and the line being typed again, below what was
// printed meanwhile. It has no call for that, but draws anew when it hears that the window
// changed its size, which it can be told by a signal that does nothing else.
func redraw() {
	_ = syscall.Kill(os.Getpid(), syscall.SIGWINCH)
}
