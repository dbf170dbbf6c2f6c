//go:build unix && !linux

package embedded

import (
	"context"
	"os"
	"os/exec"
	"strconv"
	"strings"
)

// isServer tells whether a process is alive, a PostgreSQL server and was
// started on the data folder, by what ps says of it.
func isServer(pid int, data string) bool {
	cmd := exec.CommandContext(context.Background(), "ps", "-ww", "-o", "state=,command=", "-p", strconv.Itoa(pid))
	cmd.Env = cleanEnv()
	out, err := cmd.Output()
	line := strings.TrimSpace(string(out))
	return err == nil && !strings.HasPrefix(line, "Z") &&
		strings.Contains(line, "postgres") && strings.Contains(line, data)
}

// ended tells whether a process is a zombie: nobody has asked yet how it ended.
func ended(pid int) bool {
	cmd := exec.CommandContext(context.Background(), "ps", "-o", "state=", "-p", strconv.Itoa(pid))
	cmd.Env = cleanEnv()
	out, err := cmd.Output()
	return err == nil && strings.HasPrefix(strings.TrimSpace(string(out)), "Z")
}

// here names the machine, in which process numbers mean something.
func here() string {
	name, err := os.Hostname()
	if err != nil {
		return ""
	}
	return name
}
