//go:build unix

package embedded

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// pidFile is what a server writes about itself in its data folder; see
// src/include/utils/pidfile.h of PostgreSQL.
type pidFile struct {
	pid     int
	sockets string
	ready   bool
}

// readPidFile reads the file; ok is false when there is none or it is not
// complete enough to name a process.
func readPidFile(path string) (f pidFile, ok bool, err error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return pidFile{}, false, nil
	}
	if err != nil {
		return pidFile{}, false, fmt.Errorf("read the server's pid file: %w", err)
	}
	lines := strings.Split(string(text), "\n")
	line := func(n int) string {
		if n < len(lines) {
			return strings.TrimSpace(lines[n])
		}
		return ""
	}
	if f.pid, err = strconv.Atoi(line(0)); err != nil || f.pid <= 0 {
		return pidFile{}, false, nil //nolint:nilerr // being written just now
	}
	f.sockets, _, _ = strings.Cut(line(4), ", ")
	f.ready = line(7) == "ready"
	return f, true, nil
}

// noProcess is a number the kernel gives to no process.
const noProcess = 1<<31 - 2

// disown takes out of a left-over pid file a number that by now belongs to
// some other process, or to a zombie in a container where nobody asks after
// them: either would keep the server from starting for ever. The
// rest stays: from it the server sees whether processes of the former one
// still hold its memory.
func disown(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("read the left-over pid file: %w", err)
	}
	_, rest, _ := strings.Cut(string(text), "\n")
	text = []byte(strconv.Itoa(noProcess) + "\n" + rest)
	if err := os.WriteFile(path, text, 0o600); err != nil { //nolint:gosec // what was read is the content, not the path
		return fmt.Errorf("rewrite the left-over pid file: %w", err)
	}
	return nil
}

// running tells whether the process is the server of the data folder, and not
// one that got its number later.
func running(pid int, data string) bool {
	real, err := filepath.EvalSymlinks(data)
	if err != nil {
		return false
	}
	return isServer(pid, real)
}
