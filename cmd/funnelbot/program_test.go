package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/storage/postgres/pgtest"
)

// program makes the test binary run as the program itself, so that tests can kill it.
const program = "FUNNELBOT_TEST_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(program) != "" {
		if name := os.Getenv(clockFile); name != "" {
			os.Exit(runAhead(name))
		}
		main()
	}
	os.Exit(m.Run())
}

// typist types one line when the program waits for the next, and knows that everything printed
// until it waits again is the answer.
type typist struct {
	lines chan string
	idle  chan struct{}
	gone  chan struct{}
	rest  string
}

func newTypist() *typist {
	return &typist{lines: make(chan string), idle: make(chan struct{}), gone: make(chan struct{})}
}

// Read implements io.Reader for standard input.
func (t *typist) Read(p []byte) (int, error) {
	if t.rest == "" {
		select {
		case t.idle <- struct{}{}:
		case <-t.gone:
			return 0, io.EOF
		}
		line, more := <-t.lines
		if !more {
			return 0, io.EOF
		}
		t.rest = line + "\n"
	}
	n := copy(p, t.rest)
	t.rest = t.rest[n:]
	return n, nil
}

// screen is what the program has printed.
type screen struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buf.Write(p)
}

// take returns what was printed since the last take.
func (s *screen) take() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	text := s.buf.String()
	s.buf.Reset()
	return text
}

// sitting is somebody at the local chat of a program inside this process.
type sitting struct {
	tb        testing.TB
	typist    *typist
	out, errs screen
	clock     atomic.Int64
	code      chan int
	ended     bool
}

// sit starts the program with a chat and waits until it listens.
func sit(tb testing.TB, args ...string) *sitting {
	tb.Helper()
	s := &sitting{tb: tb, typist: newTypist(), code: make(chan int, 1)}
	s.clock.Store(monday.UnixNano())
	ctx, cancel := context.WithCancel(context.WithoutCancel(tb.Context()))
	go func() {
		defer close(s.typist.gone)
		s.code <- runWith(ctx, append([]string{"chat"}, args...), &streams{
			in: s.typist, out: &s.out, err: &s.errs, getenv: func(string) string { return "" }, now: s.now,
		})
	}()
	tb.Cleanup(func() {
		cancel()
		if !s.ended {
			close(s.typist.lines)
			<-s.code
		}
	})
	s.wait()
	return s
}

func (s *sitting) now() time.Time { return time.Unix(0, s.clock.Load()).UTC() }

// patience is longer than any request may take.
const patience = 60 * time.Second

func (s *sitting) wait() {
	s.tb.Helper()
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-s.typist.idle:
	case code := <-s.code:
		s.ended = true
		require.Fail(s.tb, "the program has ended", "code %d: %s", code, s.errs.take())
	case <-timer.C:
		require.Fail(s.tb, "no answer")
	}
}

// say types a line and returns the answer.
func (s *sitting) say(line string) string {
	s.tb.Helper()
	s.clock.Add(int64(time.Second))
	s.out.take()
	s.typist.lines <- line
	s.wait()
	return s.out.take()
}

// leave ends standard input and returns the exit code.
func (s *sitting) leave() int {
	s.tb.Helper()
	close(s.typist.lines)
	s.ended = true
	return <-s.code
}

// child is the program in a process of its own, which can be killed.
type child struct {
	tb     testing.TB
	cmd    *exec.Cmd
	in     io.WriteCloser
	out    *typedOut
	errs   screen
	exited chan error
}

// typedOut collects what a child prints and tells when an answer has ended with a mark.
type typedOut struct {
	screen
	more chan struct{}
}

func (o *typedOut) Write(p []byte) (int, error) {
	n, err := o.screen.Write(p)
	select {
	case o.more <- struct{}{}:
	default:
	}
	return n, err
}

// spawn starts the program with the arguments.
func spawn(tb testing.TB, args ...string) *child {
	tb.Helper()
	return spawnIn(tb, nil, args...)
}

// spawnIn starts it with more of an environment.
func spawnIn(tb testing.TB, env []string, args ...string) *child {
	tb.Helper()
	c := &child{tb: tb, out: &typedOut{more: make(chan struct{}, 1)}, exited: make(chan error, 1)}
	self, err := os.Executable()
	require.NoError(tb, err)
	c.cmd = exec.CommandContext(context.WithoutCancel(tb.Context()), self, args...)
	c.cmd.Env = append(os.Environ(), program+"=1", "DATABASE_URL=", "REDIS_URL=")
	c.cmd.Env = append(c.cmd.Env, env...)
	c.cmd.Stdout, c.cmd.Stderr = c.out, &c.errs
	c.in, err = c.cmd.StdinPipe()
	require.NoError(tb, err)
	require.NoError(tb, c.cmd.Start())
	go func() { c.exited <- c.cmd.Wait() }()
	tb.Cleanup(func() {
		_ = c.cmd.Process.Kill() // it may have ended long ago
	})
	return c
}

// types writes lines to the standard input of the child.
func (c *child) types(lines string) {
	c.tb.Helper()
	_, err := io.WriteString(c.in, lines)
	require.NoError(c.tb, err)
}

// until waits for the child to print something and returns all that it printed so far.
func (c *child) until(enough func(printed string) bool) string {
	c.tb.Helper()
	timer := time.NewTimer(patience)
	defer timer.Stop()
	for {
		c.out.mu.Lock()
		printed := c.out.buf.String()
		c.out.mu.Unlock()
		if enough(printed) {
			return printed
		}
		select {
		case <-c.out.more:
		case <-timer.C:
			require.Fail(c.tb, "not printed", "%s\n%s", printed, c.errs.take())
		}
	}
}

// kill ends the child as kill -9 does.
func (c *child) kill() {
	c.tb.Helper()
	require.NoError(c.tb, c.cmd.Process.Kill())
	require.Error(c.tb, <-c.exited)
}

// office is the arguments of a chat on a fresh database.
func office(tb testing.TB) (url string, args []string) {
	tb.Helper()
	url = pgtest.New(tb, nothing)
	return url, on(tb, url)
}

// on is the arguments of a chat on a database.
func on(tb testing.TB, url string) []string {
	tb.Helper()
	return []string{"--database-url", url, "--data", tb.TempDir(), "--as", "Anna", "--lang", "en", "--zone", "Europe/Moscow"}
}

// count asks the database itself.
func count(tb testing.TB, url, from string) int {
	tb.Helper()
	var n int
	require.NoError(tb, pgtest.Pool(tb, url).QueryRow(tb.Context(), "SELECT count(*) FROM "+from).Scan(&n))
	return n
}
