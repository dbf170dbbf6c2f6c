package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/bot/bottest"
	"funnelbot/storage/postgres"
	"funnelbot/storage/postgres/pgtest"
)

// migrated is a database as the program makes it.
func migrated(ctx context.Context, url string) error {
	return postgres.Migrate(ctx, postgres.Config{URL: url, Log: slog.New(slog.DiscardHandler), Clock: time.Now})
}

// linePace is how long a person takes for a line: long enough for a group, which is written to less
// often than a person.
const linePace = 15 * time.Second

// glance is how often something outside is looked at until it has happened.
const glance = 5 * time.Millisecond

// stage is where a play is given: a database and a clock.
type stage struct {
	tb     testing.TB
	url    string
	locale string
	clock  atomic.Int64
	out    strings.Builder
	// moved is told of the clock; it may be nil.
	moved func(now time.Time)
}

func newStage(tb testing.TB, locale string) *stage {
	tb.Helper()
	s := &stage{tb: tb, url: pgtest.New(tb, migrated), locale: locale}
	s.clock.Store(monday.UnixNano())
	return s
}

func (s *stage) now() time.Time { return time.Unix(0, s.clock.Load()).UTC() }

// args are those of every command of a play.
func (s *stage) args(more ...string) []string {
	return append(more, "--database-url", s.url, "--lang", s.locale, "--zone", "Europe/Moscow", "--data", s.tb.TempDir())
}

// player is a person at a door.
type player interface {
	// enter comes in.
	enter()
	// perform does what a line says and returns what is seen then that was not seen before.
	perform(s bottest.Step) string
	// leave goes and requires that nothing went wrong.
	leave()
}

// saved is where a door of lines has put a picture: another folder in each run.
var saved = regexp.MustCompile(`(: |saved as )/\S+/chat/files/`)

// play gives a play and returns what was done and seen.
func (s *stage) play(p bottest.Play, by player) string {
	s.tb.Helper()
	by.enter()
	for _, step := range p.Steps {
		s.move(s.now().Add(linePace))
		if step.Deed == bottest.Wait {
			s.wait(step.Until)
		}
		seen := saved.ReplaceAllString(strings.TrimRight(by.perform(step), "\n"), "$1…/")
		fmt.Fprintf(&s.out, "\n▶ %s\n", step.Line)
		if seen != "" {
			fmt.Fprintf(&s.out, "%s\n", seen)
		}
	}
	by.leave()
	return s.out.String()
}

func (s *stage) move(now time.Time) {
	s.clock.Store(now.UnixNano())
	if s.moved != nil {
		s.moved(now)
	}
}

// wait moves the clock and has done what is due then, until everything that is owed was delivered.
func (s *stage) wait(until time.Time) {
	s.tb.Helper()
	s.move(until)
	var errs screen
	io := &streams{out: &errs, err: &errs, getenv: func(string) string { return "" }, now: s.now}
	line := &settings{DatabaseURL: s.url, Workspace: "main", LogLevel: "error", Data: s.tb.TempDir()}
	a, err := newApp(s.tb.Context(), line, io, options{quiet: true})
	require.NoError(s.tb, err)
	defer a.close(s.tb.Context())
	_, err = a.service.RunDue(s.tb.Context())
	require.NoError(s.tb, err)
	pool := pgtest.Pool(s.tb, s.url)
	require.Eventually(s.tb, func() bool {
		var owed int
		err := pool.QueryRow(s.tb.Context(), "SELECT count(*) FROM outbox WHERE done_at IS NULL").Scan(&owed)
		return err == nil && owed == 0
	}, patience, glance, "a message is still owed")
	require.Empty(s.tb, errs.take())
}

// service is the program serving platforms inside this process.
type service struct {
	tb   testing.TB
	url  string
	errs screen
	stop context.CancelFunc
	code chan int
}

// socket is an address that the program will listen at.
func socket(tb testing.TB) (net.Listener, string) {
	tb.Helper()
	l, err := (&net.ListenConfig{}).Listen(tb.Context(), "tcp", "127.0.0.1:0")
	require.NoError(tb, err)
	return l, "http://" + l.Addr().String()
}

// serve starts the program at a listener and waits until it takes requests.
func (s *stage) serve(l net.Listener, more ...string) *service {
	s.tb.Helper()
	v := &service{tb: s.tb, url: "http://" + l.Addr().String(), code: make(chan int, 1)}
	ctx, cancel := context.WithCancel(context.WithoutCancel(s.tb.Context()))
	v.stop = cancel
	args := s.args(append([]string{"serve"}, more...)...)
	go func() {
		v.code <- runWith(ctx, args, &streams{
			out: &v.errs, err: &v.errs, getenv: func(string) string { return "" }, now: s.now,
			listen: func(context.Context, string) (net.Listener, error) { return l, nil },
		})
	}()
	s.tb.Cleanup(cancel)
	client := &http.Client{Timeout: patience}
	require.Eventually(s.tb, func() bool {
		select {
		case code := <-v.code:
			v.code <- code
			return true
		default:
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, v.url+"/readyz", nil)
		require.NoError(s.tb, err)
		resp, err := client.Do(req)
		if err != nil {
			return false
		}
		defer resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	}, patience, glance, "the program is not ready")
	require.Empty(s.tb, v.code, v.errs.take())
	return v
}

// end stops the program, which must not have had anything to complain of.
func (v *service) end() {
	v.tb.Helper()
	v.stop()
	require.Zero(v.tb, <-v.code)
	for line := range strings.Lines(v.errs.take()) {
		require.NotContains(v.tb, line, "level=ERROR")
		require.NotContains(v.tb, line, "level=WARN")
	}
}

// way is one way to have a conversation.
type way struct {
	name string
	// as is the way that looks the same; empty where none does.
	as string
	by func(s *stage) player
	// plays tells which conversations are had in this way.
	plays func(p bottest.Play) bool
}

func every(bottest.Play) bool { return true }

// interrupted conversations put commands in the middle of a question, which a modal does not let
// through.
func uninterrupted(p bottest.Play) bool { return !strings.HasSuffix(p.Name, "-questions") }

// leading conversations have one of each kind of everything.
func leading(p bottest.Play) bool {
	return slices.ContainsFunc([]string{"-deal", "-qualify", "-people"}, func(end string) bool { return strings.HasSuffix(p.Name, end) })
}

func ways() []way {
	return []way{
		{name: "local", by: newLocalPlayer, plays: every},
		{name: "slack", by: slackInMessages, plays: every},
		{name: "slack-command", by: slackByCommand, plays: uninterrupted},
		{name: "slack-socket", as: "slack", by: slackBySocket, plays: leading},
		{name: "telegram", by: telegramInPrivate, plays: every},
		{name: "telegram-group", by: telegramInGroup, plays: every},
		{name: "telegram-polling", as: "telegram", by: telegramByPolling, plays: leading},
	}
}

// TestContract has the same conversations at every door, in every way that the door knows. People see
// what the goldens say, and the database holds the same rows whichever way was taken.
func TestContract(t *testing.T) {
	t.Parallel()
	for _, p := range bottest.Plays(t) {
		for _, w := range ways() {
			if !w.plays(p) {
				continue
			}
			t.Run(p.Name+"/"+w.name, func(t *testing.T) {
				t.Parallel()
				s := newStage(t, p.Locale())
				seen := s.play(p, w.by(s))
				look := w.name
				if w.as != "" {
					look = w.as
				}
				bottest.Golden(t, filepath.Join("testdata", "contract", p.Name, look+".golden"), seen)
				bottest.Golden(t, filepath.Join("testdata", "contract", p.Name, "rows.golden"), rows(t, s.url))
			})
		}
	}
}
