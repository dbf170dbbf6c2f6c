package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// clockFile names the file with how far a program in a process of its own is ahead of the machine's clock.
const clockFile = "FUNNELBOT_TEST_CLOCK"

// runAhead is the program by a clock that is ahead by what stands in a file, in nanoseconds, and with timed work
// every second.
func runAhead(name string) int {
	c := &clock{name: name}
	return runWith(context.Background(), os.Args[1:], &streams{
		in: os.Stdin, out: os.Stdout, err: os.Stderr, getenv: os.Getenv, now: c.now, listen: listen, pace: time.Second,
	})
}

// clock is ahead of that of the machine, for all that know its file.
type clock struct{ name string }

func newClock(tb testing.TB) *clock {
	tb.Helper()
	c := &clock{name: filepath.Join(tb.TempDir(), "clock")}
	c.set(tb, time.Now())
	return c
}

func (c *clock) now() time.Time {
	text, err := os.ReadFile(c.name)
	if err != nil {
		return time.Now() // the test has ended
	}
	ahead, err := strconv.ParseInt(string(text), 10, 64)
	if err != nil {
		panic(err)
	}
	return time.Now().Add(time.Duration(ahead))
}

// set moves the clock for everybody at once.
func (c *clock) set(tb testing.TB, to time.Time) {
	tb.Helper()
	next := c.name + ".next"
	require.NoError(tb, os.WriteFile(next, strconv.AppendInt(nil, int64(time.Until(to)), 10), 0o600))
	require.NoError(tb, os.Rename(next, c.name))
}

// trap stands between programs and a platform, and kills them when they send a digest.
type trap struct {
	url string

	mu       sync.Mutex
	programs []*child
	after    bool
	held     bool
}

func newTrap(tb testing.TB, platform string) *trap {
	tb.Helper()
	to, err := url.Parse(platform)
	require.NoError(tb, err)
	p := &trap{}
	l, address := socket(tb)
	proxy := &httputil.ReverseProxy{
		// Files are sent to addresses that the platform names.
		ModifyResponse: func(r *http.Response) error {
			body, err := io.ReadAll(r.Body)
			if err != nil {
				return err
			}
			body = bytes.ReplaceAll(body, []byte(to.Host), []byte(strings.TrimPrefix(address, "http://")))
			r.Body = io.NopCloser(bytes.NewReader(body))
			r.ContentLength = int64(len(body))
			r.Header.Set("Content-Length", strconv.Itoa(len(body)))
			return nil
		},
		Rewrite:      func(r *httputil.ProxyRequest) { r.SetURL(&url.URL{Scheme: to.Scheme, Host: to.Host}) },
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) },
	}
	server := &http.Server{ReadHeaderTimeout: patience, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		method := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
		if method != "sendMessage" && method != "chat.postMessage" {
			proxy.ServeHTTP(w, r)
			return
		}
		programs, after, held := p.take()
		if !held || programs != nil && after {
			proxy.ServeHTTP(answer(w, held), r)
		}
		if !held {
			return
		}
		_, _ = io.Copy(io.Discard, r.Body)
		for _, c := range programs {
			_ = c.cmd.Process.Kill()
		}
		<-r.Context().Done()
		panic(http.ErrAbortHandler)
	})}
	go func() { _ = server.Serve(l) }()
	tb.Cleanup(func() { _ = server.Close() })
	p.url = address + to.Path
	return p
}

// answer is where the platform's answer goes: nowhere, if whoever asked is to die of it.
func answer(w http.ResponseWriter, held bool) http.ResponseWriter {
	if held {
		return httptest.NewRecorder()
	}
	return w
}

// set makes the trap ready: the next message kills the programs, before or after the platform has taken it. Until
// the trap is opened no other message gets through. Without programs none kills, and all are held.
func (p *trap) set(programs []*child, after bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.programs, p.after, p.held = programs, after, true
}

func (p *trap) open() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.programs, p.held = nil, false
}

func (p *trap) take() (programs []*child, after, held bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	programs, p.programs = p.programs, nil
	return programs, p.after, p.held
}
