package embedded

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// isServer tells whether a process is alive, a PostgreSQL server and at work
// in the data folder, which is every server's working folder. A process whose
// folder may not be read counts as the server when its name and owner fit:
// better to refuse a start than to run two servers on one folder.
func isServer(pid int, data string) bool {
	proc := fmt.Sprintf("/proc/%d", pid)
	name, err := os.ReadFile(proc + "/comm")
	if err != nil || !strings.HasPrefix(string(name), "postgres") {
		return false
	}
	cwd, err := os.Readlink(proc + "/cwd") // fails for a zombie with ErrNotExist
	if errors.Is(err, fs.ErrPermission) {
		return ownerOf(proc).uid == ownerOf(data).uid
	}
	return err == nil && cwd == data
}

// ended tells whether a process is a zombie: nobody has asked yet how it
// ended, as happens where the first process of a container asks after none.
func ended(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return errors.Is(err, fs.ErrNotExist)
	}
	// The name before the state is in parentheses and may hold anything.
	_, state, _ := strings.Cut(string(stat[max(0, strings.LastIndex(string(stat), ")")):]), " ")
	return strings.HasPrefix(state, "Z") || strings.HasPrefix(state, "X")
}

// here names the world in which process numbers of this process mean something:
// this boot of this machine, and the container.
func here() string {
	boot, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return ""
	}
	container, err := os.Readlink("/proc/self/ns/pid")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(boot)) + " " + container
}
