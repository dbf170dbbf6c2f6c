//go:build unix

package embedded

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"time"
)

// settings are right for a small private cluster: everything acknowledged is
// on disk, memory is modest, the log is kept a week and holds neither
// statements nor values.
func (c *Cluster) settings() []string {
	all := map[string]string{
		"listen_addresses":        "",
		"port":                    defaultPort,
		"unix_socket_directories": c.place.sockets,
		"unix_socket_permissions": "0700",
		"max_connections":         "60",
		"shared_buffers":          "64MB",
		"max_wal_size":            "512MB",
		"jit":                     "off",
		// Shared memory in files of the cluster: /dev/shm is small in
		// containers, and cleared when the user logs out of some systems.
		"dynamic_shared_memory_type": "mmap",
		"timezone":                   "UTC",
		"log_timezone":               "UTC",
		"log_error_verbosity":        "terse",
		"log_min_error_statement":    "panic",
	}
	if c.cfg.Ephemeral {
		// Commits still reach the system before they are acknowledged, so only
		// the machine's crash can lose them, and that ends the cluster anyway.
		maps.Copy(all, map[string]string{"fsync": "off", "full_page_writes": "off"})
	} else {
		maps.Copy(all, map[string]string{
			"logging_collector":        "on",
			"log_directory":            c.place.logs(),
			"log_filename":             "server-%a.log",
			"log_rotation_age":         "1d",
			"log_rotation_size":        "0",
			"log_truncate_on_rotation": "on",
		})
	}
	maps.Copy(all, c.cfg.Settings)
	args := make([]string, 0, 2*len(all))
	for _, name := range slices.Sorted(maps.Keys(all)) {
		args = append(args, "-c", name+"="+all[name])
	}
	return args
}

// release starts the server and lets it go: the server outlives the shell, and
// us. Its number is printed.
const release = `log=$1; shift
"$@" </dev/null >"$log" 2>&1 &
echo $!`

// supervise starts the server and stays: when the pipe on its input ends,
// because Close was called or because our process is no more, the server is
// stopped at once and its folders are removed. On a line it just goes.
const supervise = `log=$1; shift; dirs=$1; more=$2; shift 2
"$@" </dev/null >"$log" 2>&1 &
echo $!
exec >/dev/null
if read -r word; then exit 0; fi
kill -QUIT $! 2>/dev/null
wait $!
rm -rf "$dirs" "$more"`

// supervisor is the shell beside an ephemeral server.
type supervisor struct {
	cmd  *exec.Cmd
	pipe *os.File
}

// launch starts the server and waits until it answers. The error tells what
// the server said if it ended instead.
func (c *Cluster) launch(ctx context.Context) (pidFile, error) {
	postgres, err := c.programs.Path("postgres")
	if err != nil {
		return pidFile{}, err
	}
	if err := c.place.record(c.owner); err != nil {
		return pidFile{}, err
	}
	args := append([]string{postgres, "-D", c.place.data()}, c.settings()...)
	var pid int
	if c.cfg.Ephemeral {
		pid, err = c.superviseServer(ctx, args)
	} else {
		pid, err = c.releaseServer(ctx, args)
	}
	if err != nil {
		return pidFile{}, fmt.Errorf("start PostgreSQL %s: %w", c.programs.Version, err)
	}
	f, err := c.await(ctx, pid)
	if err != nil && !errors.Is(err, errEnded) {
		// Not waited for any longer, it must not be left behind either.
		err = errors.Join(err, c.end(ctx, pid, Immediate))
	}
	return f, err
}

func (c *Cluster) releaseServer(ctx context.Context, args []string) (int, error) {
	cmd := c.account.command(ctx, c.place.base, "/bin/sh", append([]string{"-c", release, "sh", c.place.startLog()}, args...)...)
	out, err := cmd.Output()
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(strings.TrimSpace(string(out)))
}

func (c *Cluster) superviseServer(ctx context.Context, args []string) (int, error) {
	in, pipe, err := os.Pipe()
	if err != nil {
		return 0, err
	}
	defer in.Close()
	out, stdout, err := os.Pipe()
	if err != nil {
		pipe.Close()
		return 0, err
	}
	defer out.Close()
	args = append([]string{"-c", supervise, "sh", c.place.startLog(), c.place.base, c.place.sockets}, args...)
	// The shell must outlive every context: it ends by its pipe alone.
	cmd := c.account.command(context.WithoutCancel(ctx), c.place.base, "/bin/sh", args...)
	cmd.Stdin, cmd.Stdout = in, stdout
	err = cmd.Start()
	stdout.Close()
	if err != nil {
		pipe.Close()
		return 0, err
	}
	c.supervisor = &supervisor{cmd: cmd, pipe: pipe}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return 0, err
	}
	return strconv.Atoi(strings.TrimSpace(line))
}

// errEnded says that the server ended while it was waited for.
var errEnded = errors.New("the server ended")

// await waits until the server with the number is ready, which takes as long
// as recovery takes.
func (c *Cluster) await(ctx context.Context, pid int) (pidFile, error) {
	var f pidFile
	slow := time.NewTimer(5 * time.Second)
	defer slow.Stop()
	err := until(ctx, 3*time.Millisecond, func() (bool, error) {
		var ok bool
		var err error
		if f, ok, err = readPidFile(c.place.pidFile()); err != nil {
			return false, err
		}
		if ok && f.pid == pid && f.ready {
			return true, nil
		}
		select {
		case <-slow.C:
			c.log.WarnContext(ctx, "private cluster takes long to start, perhaps recovering", slog.Int("pid", pid))
		default:
		}
		if !alive(pid) {
			return false, errEnded
		}
		return false, nil
	})
	if err != nil {
		return pidFile{}, fmt.Errorf("start PostgreSQL %s: %w: %s", c.programs.Version, err, c.place.lastWords())
	}
	return f, nil
}
