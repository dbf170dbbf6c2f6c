package postgres_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
	"funnelbot/funnel/definition"
	"funnelbot/storage/postgres"
)

// childVariable makes this test binary be another process of the program instead of running tests.
const childVariable = "FUNNELBOT_TEST_CHILD"

// errand is what a child process is to do.
type errand struct {
	URL    string
	Space  funnel.ID
	Member funnel.ID
	// Press makes the child deliver one event to the deal when a line arrives, and answer with the
	// result. Otherwise it runs the commands of its workers from their places on, and answers each
	// only after it is committed.
	Press bool
	Deal  funnel.ID
	// Dialog makes the child go on with the qualification of the deal under this name, and answer one
	// question over and over. It says what it answered after each answer was acknowledged.
	Dialog string
	// Places are where the workers go on, by their names.
	Places map[string]int
}

func TestMain(m *testing.M) {
	if text := os.Getenv(childVariable); text != "" {
		if err := runErrand(context.Background(), text); err != nil {
			_, _ = fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

func runErrand(ctx context.Context, text string) error {
	var e errand
	if err := json.Unmarshal([]byte(text), &e); err != nil {
		return err
	}
	store, err := postgres.Open(ctx, postgres.Config{URL: e.URL, Log: slog.New(slog.DiscardHandler), Clock: realTime})
	if err != nil {
		return err
	}
	defer store.Close()
	def, err := definition.Default()
	if err != nil {
		return err
	}
	service := funnel.New(funnel.Config{
		Store: store, Funnels: func(funnel.Kind) *funnel.Funnel { return def }, Clock: realTime, IDs: newID,
	})
	if e.Press {
		return e.press(ctx, service)
	}
	if e.Dialog != "" {
		return e.talk(ctx, service)
	}
	return e.work(ctx, service)
}

func realTime() time.Time {
	return time.Now() //nolint:forbidigo // a child is a process of its own.
}

// press says that it is ready, waits for the word, and delivers the event.
func (e *errand) press(ctx context.Context, s *funnel.Service) error {
	if _, err := fmt.Fprintln(os.Stdout, "ready"); err != nil {
		return err
	}
	if _, err := bufio.NewReader(os.Stdin).ReadString('\n'); err != nil {
		return err
	}
	r, err := s.Move(ctx, funnel.Act{Workspace: e.Space, Member: e.Member, Event: "press", Origin: funnel.FromChat},
		funnel.Target{Deal: e.Deal}, funnel.MoveTo{Stage: "proposal"})
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(r)
}

// talk goes on with a qualification until the process is killed.
func (e *errand) talk(ctx context.Context, s *funnel.Service) error {
	act := funnel.Act{Workspace: e.Space, Member: e.Member, Event: "ask " + e.Dialog, Origin: funnel.FromChat}
	asked, err := s.StartAsking(ctx, act, funnel.Target{Deal: e.Deal}, funnel.StartAsking{Dialog: e.Dialog, Place: "local/1"})
	if err != nil {
		return err
	}
	n := 0
	for _, a := range asked.Answers {
		if n, err = strconv.Atoi(a.Given.Text); err != nil {
			return err
		}
	}
	for {
		n++
		act.Event = fmt.Sprintf("say %s %d", e.Dialog, n)
		if _, err := s.Answer(ctx, act, funnel.GiveAnswers{Deal: e.Deal, Dialog: e.Dialog, Place: "local/1", Given: map[string]funnel.Given{
			"task": {Kind: funnel.AskText, Text: strconv.Itoa(n)},
		}}); err != nil {
			return err
		}
		if _, err := fmt.Fprintln(os.Stdout, n); err != nil {
			return err
		}
	}
}

// work runs the workers until the process is killed.
func (e *errand) work(ctx context.Context, s *funnel.Service) error {
	var mu sync.Mutex
	var group sync.WaitGroup
	errs := make(chan error, len(e.Places))
	for name, place := range e.Places {
		group.Go(func() {
			w := worker{service: s, space: e.Space, member: e.Member, name: name}
			if err := w.begin(ctx); err != nil {
				errs <- err
				return
			}
			for n := place; ; n++ {
				r, err := w.do(ctx, n)
				if err != nil {
					errs <- fmt.Errorf("%s/%d: %w", name, n, err)
					return
				}
				mu.Lock()
				_, err = fmt.Fprintf(os.Stdout, "%s/%d %d\n", name, n, r.Deal.Version)
				mu.Unlock()
				if err != nil {
					errs <- err
					return
				}
			}
		})
	}
	group.Wait()
	return <-errs
}

// child is a running process.
type child struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
	err *strings.Builder
}

// spawn starts a process of this test binary with an errand. It is killed when the test ends.
func spawn(tb testing.TB, e errand) *child {
	tb.Helper()
	program, err := os.Executable()
	require.NoError(tb, err)
	text, err := json.Marshal(e)
	require.NoError(tb, err)
	c := &child{cmd: exec.CommandContext(tb.Context(), program), err: &strings.Builder{}}
	c.cmd.Env = append(os.Environ(), childVariable+"="+string(text))
	c.cmd.Stderr = c.err
	c.in, err = c.cmd.StdinPipe()
	require.NoError(tb, err)
	out, err := c.cmd.StdoutPipe()
	require.NoError(tb, err)
	c.out = bufio.NewReader(out)
	require.NoError(tb, c.cmd.Start())
	tb.Cleanup(func() { _ = c.cmd.Process.Kill() })
	return c
}

// line reads what the process says next; ok is false when it has said everything.
func (c *child) line() (text string, ok bool) {
	text, err := c.out.ReadString('\n')
	return strings.TrimSuffix(text, "\n"), err == nil
}
