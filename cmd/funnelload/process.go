package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// process is a program that is measured.
type process struct {
	name string
	cmd  *exec.Cmd
	said bytes.Buffer
	// done is closed when the program has ended, with ended as its error.
	done  chan struct{}
	ended error
	// ready is how long it took from its start until it answered.
	ready time.Duration
}

const (
	startTimeout = 20 * time.Second
	lookEvery    = 5 * time.Millisecond
)

var errEnded = errors.New("no answer from it")

// start runs a program until stop, and returns when it answers at the address: with a status of 200
// where path is given, else at all.
func start(ctx context.Context, name, address, path string, env []string, program string, args ...string) (*process, error) {
	p := &process{name: name, done: make(chan struct{})}
	p.cmd = exec.CommandContext(context.WithoutCancel(ctx), program, args...)
	p.cmd.Env = append(os.Environ(), env...)
	p.cmd.Stdout, p.cmd.Stderr = &p.said, &p.said
	began := time.Now()
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	go func() {
		p.ended = p.cmd.Wait()
		close(p.done)
	}()
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	for !answers(ctx, address, path) {
		select {
		case <-p.done:
			return nil, fmt.Errorf("start %s: it has ended: %w: %s", name, errors.Join(errEnded, p.ended), p.said.Bytes())
		case <-ctx.Done():
			p.stop()
			return nil, fmt.Errorf("start %s: it does not answer at %s: %w", name, address, ctx.Err())
		case <-time.After(lookEvery):
		}
	}
	p.ready = time.Since(began)
	return p, nil
}

func answers(ctx context.Context, address, path string) bool {
	if path == "" {
		conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
		if err == nil {
			err = conn.Close()
		}
		return err == nil
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+path, http.NoBody)
	if err != nil {
		return false
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	return resp.Body.Close() == nil && resp.StatusCode == http.StatusOK
}

// stop ends the program, by force where it does not end by itself. It may be called again.
func (p *process) stop() {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.done:
	case <-time.After(startTimeout):
		_ = p.cmd.Process.Kill()
		<-p.done
	}
}

// usage is what a process has taken of the machine.
type usage struct {
	// memory is resident, in bytes, cpu the time of all its threads. Both are zero where the system
	// does not tell.
	memory int64
	cpu    time.Duration
}

// tick is the unit in which Linux counts the time of processes: USER_HZ is 100 on every platform
// that Go runs on (https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html).
const tick = 10 * time.Millisecond

func (p *process) usage() usage {
	var u usage
	dir := "/proc/" + strconv.Itoa(p.cmd.Process.Pid)
	if status, err := os.ReadFile(dir + "/statm"); err == nil {
		if fields := strings.Fields(string(status)); len(fields) > 1 {
			pages, _ := strconv.ParseInt(fields[1], 10, 64)
			u.memory = pages * int64(os.Getpagesize())
		}
	}
	u.cpu = spentBy(dir)
	return u
}

// free finds an address of this machine at which nobody listens.
func free(ctx context.Context) (string, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a free address: %w", err)
	}
	return l.Addr().String(), l.Close()
}
