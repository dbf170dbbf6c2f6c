// Package redistest gives tests a Redis of their own: a redis-server that they may flush, stop, freeze and
// start again.
//
// Where redis-server is not installed the tests are skipped with that reason; TEST_REDIS_URL names a server
// to use instead, for the tests that leave it running.
package redistest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"
)

// startTimeout bounds the start of a server on a busy machine.
const startTimeout = 20 * time.Second

// Server is a redis-server of one test, on the loopback, keeping nothing on disk. Its methods end the test
// when they fail.
type Server struct {
	program string
	port    int
	process *exec.Cmd
	exited  chan struct{}
	output  *bytes.Buffer
	admin   *goredis.Client
}

// Start starts a server for the test and stops it at the test's end. It skips the test if redis-server
// is not installed.
func Start(tb testing.TB) *Server {
	tb.Helper()
	program, err := exec.LookPath("redis-server")
	if err != nil {
		tb.Skip("redis-server is not installed; install it (Debian: redis-server) to run this test")
	}
	s := &Server{program: program}
	tb.Cleanup(func() {
		s.kill()
		if s.admin != nil {
			_ = s.admin.Close()
		}
	})
	// The port is free when asked for and may be taken a moment later, so more than one is tried.
	for range 10 {
		if s.port, err = freePort(tb.Context()); err != nil {
			continue
		}
		if err = s.launch(tb.Context()); err == nil {
			s.admin = goredis.NewClient(&goredis.Options{Addr: s.Addr()})
			return s
		}
	}
	tb.Fatalf("start redis-server: %v", err)
	return nil
}

// Addr returns host and port.
func (s *Server) Addr() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port)) }

// URL returns the address as storage/redis takes it.
func (s *Server) URL() string { return "redis://" + s.Addr() + "/0" }

// Flush forgets everything the server holds.
func (s *Server) Flush(tb testing.TB) {
	tb.Helper()
	if err := s.admin.FlushAll(tb.Context()).Err(); err != nil {
		tb.Fatalf("flush redis: %v", err)
	}
}

// Advance makes time pass for all keys: each comes d nearer to its end, or reaches it.
func (s *Server) Advance(tb testing.TB, d time.Duration) {
	tb.Helper()
	advance(tb, s.admin, d)
}

// Stop ends the server; connections are refused until [Server.Restart].
func (s *Server) Stop(tb testing.TB) {
	tb.Helper()
	s.kill()
}

// Restart starts the server again under the same address, stopping it first if it runs. It comes back empty.
func (s *Server) Restart(tb testing.TB) {
	tb.Helper()
	s.kill()
	if err := s.launch(tb.Context()); err != nil {
		tb.Fatalf("restart redis-server: %v", err)
	}
}

// Freeze halts the server: connections stay open and are taken, nothing is answered until [Server.Thaw].
func (s *Server) Freeze(tb testing.TB) {
	tb.Helper()
	s.signal(tb, syscall.SIGSTOP)
}

// Thaw lets a frozen server go on, with all it held and all it was sent meanwhile.
func (s *Server) Thaw(tb testing.TB) {
	tb.Helper()
	s.signal(tb, syscall.SIGCONT)
}

func (s *Server) signal(tb testing.TB, signal os.Signal) {
	tb.Helper()
	if err := s.process.Process.Signal(signal); err != nil {
		tb.Fatalf("%s redis-server: %v", signal, err)
	}
}

// launch starts the program and waits until it answers.
func (s *Server) launch(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	s.output = &bytes.Buffer{}
	//nolint:gosec // the program was found on the PATH and the arguments are ours
	s.process = exec.CommandContext(context.WithoutCancel(ctx), s.program, "--bind", "127.0.0.1", "--port", strconv.Itoa(s.port),
		"--save", "", "--appendonly", "no", "--dir", os.TempDir(), "--databases", "16")
	s.process.Stdout, s.process.Stderr = s.output, s.output
	if err := s.process.Start(); err != nil {
		return err
	}
	exited := make(chan struct{})
	s.exited = exited
	go func() {
		_ = s.process.Wait()
		close(exited)
	}()

	client := goredis.NewClient(&goredis.Options{Addr: s.Addr(), DialerRetries: 1, MaxRetries: -1})
	defer func() { _ = client.Close() }()
	poll := time.NewTicker(5 * time.Millisecond)
	defer poll.Stop()
	for {
		select {
		case <-exited: // asked first, so that a stranger on the port is not taken for our server
			return fmt.Errorf("redis-server ended: %s", s.output)
		case <-ctx.Done():
			s.kill()
			return errors.Join(errors.New("redis-server does not answer"), ctx.Err())
		case <-poll.C:
		}
		info, err := client.InfoMap(ctx, "server").Result()
		if err == nil && info["Server"]["process_id"] == strconv.Itoa(s.process.Process.Pid) {
			return nil
		}
	}
}

func (s *Server) kill() {
	if s.exited == nil {
		return
	}
	_ = s.process.Process.Kill() // it may have ended by itself
	<-s.exited
	s.exited = nil
}

func freePort(ctx context.Context) (int, error) {
	var config net.ListenConfig
	l, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err := errors.Join(err, l.Close()); err != nil {
		return 0, err
	}
	return strconv.Atoi(port)
}
