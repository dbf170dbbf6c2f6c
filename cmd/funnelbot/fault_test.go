package main

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/storage/embedded"
	"funnelbot/storage/postgres/pgtest"
	"funnelbot/storage/redis/redistest"
)

// dialogue opens a deal by answering questions: what is typed, and what the answer asks next.
var dialogue = [][2]string{
	{"new", "company"}, {"Acme Anvils", "how much"}, {"12k", "come from"}, {"website", "Save"}, {"yes", "#1"},
}

// converse answers the questions of the dialogue with something happening before each, and returns
// how often a question had to be answered again.
func converse(t *testing.T, s *sitting, before func(step int)) (repeated int) {
	t.Helper()
	for step, d := range dialogue {
		before(step)
		answer := s.say(d[0])
		if !strings.Contains(strings.ToLower(answer), strings.ToLower(d[1])) {
			repeated++
			answer = s.say(d[0])
		}
		require.Contains(t, strings.ToLower(answer), strings.ToLower(d[1]))
		require.NotContains(t, answer, "incident")
	}
	return repeated
}

func TestRedisFlushedStoppedAndFrozenInADialogLosesNothing(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]func(r *redistest.Server, step int){
		"flushed every time": func(r *redistest.Server, _ int) { r.Flush(t) },
		"stopped and started": func(r *redistest.Server, step int) {
			switch step {
			case 1:
				r.Stop(t)
			case 3:
				r.Restart(t)
			}
		},
		"stopped for good": func(r *redistest.Server, step int) {
			if step == 2 {
				r.Stop(t)
			}
		},
		"frozen": func(r *redistest.Server, step int) {
			switch step {
			case 1:
				r.Freeze(t)
			case 4:
				r.Thaw(t)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := redistest.Start(t)
			url, args := office(t)
			s := sit(t, append(args, "--redis-url", r.URL())...)
			repeated := converse(t, s, func(step int) { fault(r, step) })
			require.LessOrEqual(t, repeated, 1)
			require.Contains(t, s.say("#1"), "$12,000")
			require.Zero(t, s.leave())
			require.Equal(t, 1, count(t, url, "deals"))
			require.LessOrEqual(t, strings.Count(s.errs.take(), "fast session store is away"), 1, "it is said once")
		})
	}
}

func TestAProgramKilledInADialogGoesOnWhereItWas(t *testing.T) {
	t.Parallel()
	url, args := office(t)
	for _, d := range dialogue {
		c := spawn(t, append([]string{"chat"}, args...)...)
		c.types(d[0] + "\n")
		c.until(func(printed string) bool { return strings.Contains(strings.ToLower(printed), strings.ToLower(d[1])) })
		c.kill()
	}
	require.Equal(t, 1, count(t, url, "deals WHERE amount_minor = 1200000"))
	require.Equal(t, 1, count(t, url, "deals"))
}

// noted are the notes whose taking was answered.
var noted = regexp.MustCompile(`x(\d+)x`)

func TestAProgramKilledInARunOfCommandsLosesAndDoublesNothing(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	args := []string{"chat", "--data", folder, "--as", "Anna", "--lang", "en", "--zone", "Europe/Moscow"}
	first := spawn(t, args...)
	first.types("new Acme 12k\n")
	first.until(func(printed string) bool { return strings.Contains(printed, "#1") })
	first.kill()

	acknowledged := map[int]bool{}
	next := 1
	for life := range 3 {
		c := spawn(t, args...)
		var lines strings.Builder
		for n := next; n < next+400; n++ {
			fmt.Fprintf(&lines, "log #1 asked for x%dx\n", n)
		}
		c.types(lines.String())
		enough := 20 + 15*life
		printed := c.until(func(printed string) bool { return len(noted.FindAllString(printed, -1)) >= enough })
		c.kill()
		c.out.mu.Lock()
		printed = max(printed, c.out.buf.String())
		c.out.mu.Unlock()
		for _, m := range noted.FindAllStringSubmatch(printed, -1) {
			n, err := strconv.Atoi(m[1])
			require.NoError(t, err)
			acknowledged[n] = true
		}
		next += 400
	}

	last := spawn(t, append(args, "--log-level", "error")...)
	last.types("#1\n")
	last.until(func(printed string) bool { return strings.Contains(printed, "Acme") })
	kept := notes(t, folder)
	for n := range acknowledged {
		require.Equal(t, 1, kept[n], "note %d was answered", n)
	}
	for n, times := range kept {
		require.Equal(t, 1, times, "note %d", n)
	}
	require.LessOrEqual(t, len(kept), len(acknowledged)+3, "one command of each life may have been done and not answered")
	require.NoError(t, last.in.Close())
	require.NoError(t, <-last.exited)
}

//nolint:paralleltest // it restarts a server and counts seconds
func TestADatabaseThatRestartsBetweenLinesIsNotNoticed(t *testing.T) {
	server := pgtest.Cluster(t)
	s := sit(t, on(t, server.URL())...)
	s.say("new Acme 12k")
	for n, mode := range []embedded.Mode{embedded.Fast, embedded.Immediate, embedded.Fast, embedded.Immediate} {
		server.Restart(t, mode)
		answer := s.say(fmt.Sprintf("log #1 asked for x%dx", n))
		require.Contains(t, answer, fmt.Sprintf("asked for x%dx", n))
		require.NotContains(t, answer, "incident")
	}
	s.say("lost #1")
	server.Restart(t, embedded.Immediate)
	require.Contains(t, s.say("price"), "lost")

	server.Stop(t, embedded.Immediate)
	for _, line := range []string{"reopen #1", "#1", "list", "new", "undo", "help"} {
		begun := time.Now()
		answer := s.say(line)
		require.Less(t, time.Since(begun), 4*time.Second, line)
		require.NotEmpty(t, answer, line)
		for _, raw := range []string{"SQLSTATE", "goroutine", "dial", "panic", "incident"} {
			require.NotContains(t, answer, raw, line)
		}
	}
	server.Start(t)
	require.Contains(t, s.say("reopen #1"), "open again")
	require.Zero(t, s.leave())
	require.Equal(t, 4, count(t, server.URL(), "activities"))
	require.Equal(t, 1, count(t, server.URL(), "changes WHERE verb = 'reopen'"))
}

func TestTheProgramStopsWithinTenSecondsOfTheSignal(t *testing.T) {
	t.Parallel()
	for name, args := range map[string][]string{
		"waiting for a line": on(t, pgtest.New(t, nothing)),
		"a private cluster":  {"--data", t.TempDir(), "--as", "Anna", "--lang", "en", "--zone", "UTC"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := spawn(t, append([]string{"chat"}, args...)...)
			c.types("new Acme 12k\n")
			c.until(func(printed string) bool { return strings.Contains(printed, "#1") })
			begun := time.Now()
			require.NoError(t, c.cmd.Process.Signal(syscall.SIGTERM))
			select {
			case err := <-c.exited:
				require.NoError(t, err, c.errs.take())
			case <-t.Context().Done():
			}
			require.Less(t, time.Since(begun), closeStop)
			require.NotContains(t, c.errs.take(), "goroutine")
		})
	}
}

// notes are how often each note of the run is kept by the private cluster of a folder.
func notes(t *testing.T, folder string) map[int]int {
	t.Helper()
	c := spawn(t, "export", "activities", "--data", folder, "--format", "json")
	require.NoError(t, <-c.exited, c.errs.take())
	kept := map[int]int{}
	found := noted.FindAllStringSubmatch(c.out.take(), -1)
	slices.SortFunc(found, func(a, b []string) int { return strings.Compare(a[1], b[1]) })
	for _, m := range found {
		n, err := strconv.Atoi(m[1])
		require.NoError(t, err)
		kept[n]++
	}
	return kept
}
