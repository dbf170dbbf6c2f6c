package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"funnelbot/bot/bottest/slacktest"
	"funnelbot/bot/bottest/telegramtest"
	"funnelbot/storage/embedded"
	"funnelbot/storage/postgres/pgtest"
)

// storm is people of both platforms who all give commands at once, and platforms that deliver again
// whatever was not taken.
type storm struct {
	*house
	people, each int
	taken        atomic.Int64
	// longest is what the slowest answer to Slack took, in nanoseconds.
	longest atomic.Int64
}

// newStorm brings so many people in at each platform, through a program that is ended then.
func newStorm(tb testing.TB, database string, people, each int) *storm {
	tb.Helper()
	s := &storm{house: newHouse(tb, database), people: people, each: each}
	v := s.serve()
	s.settle()
	everybody := []string{annaInSlack}
	for i := range people {
		everybody = append(everybody, s.inSlack(i))
		s.slack.AddUser(slacktest.User{ID: s.inSlack(i), Name: fmt.Sprintf("s%d", i), TZ: "UTC"})
		s.telegram.AddUser(telegramtest.User{ID: s.inTelegram(i), First: fmt.Sprintf("T%d", i), Language: "en"})
		s.invite(s.inTelegram(i), "rep")
	}
	s.slack.AddChannel(slacktest.Channel{ID: salesInSlack, Name: "sales", Members: everybody, BotIsMember: true})
	require.NoError(tb, s.slack.DirectMessage(annaInSlack, "", "new Alder Works 12k").Err)
	s.delivered()
	v.end()
	s.gate.shut()
	return s
}

func (s *storm) inSlack(i int) string   { return fmt.Sprintf("U7%02d", i) }
func (s *storm) inTelegram(i int) int64 { return int64(700 + i) }

// rage has everybody give their commands, each in their order, until all were taken.
func (s *storm) rage(ctx context.Context) *sync.WaitGroup {
	var all sync.WaitGroup
	for i := range s.people {
		all.Go(func() {
			for n := range s.each {
				req := s.slack.DirectMessage(s.inSlack(i), "", "log #1 asked for "+mark("s", i, n), unsent()).Request
				s.until(ctx, func() bool { return s.bySlack(req) })
			}
		})
		all.Go(func() {
			for n := range s.each {
				d := s.telegram.Private(s.inTelegram(i), "log #1 asked for "+mark("t", i, n), telegramtest.Held())
				s.until(ctx, func() bool { return s.telegram.Deliver(d.Update)[0].OK() })
			}
		})
	}
	return &all
}

func mark(door string, person, n int) string { return fmt.Sprintf("x%s%dn%dx", door, person, n) }

func (s *storm) bySlack(req slacktest.Request) bool {
	r := s.slack.Deliver(req, 1, s.gate.url)[0]
	if r.Err != nil || r.Status != http.StatusOK {
		return false
	}
	for {
		longest := s.longest.Load()
		if int64(r.Took) <= longest || s.longest.CompareAndSwap(longest, int64(r.Took)) {
			return true
		}
	}
}

// until delivers again and again while a program is there, as platforms do.
func (s *storm) until(ctx context.Context, taken func() bool) {
	for ctx.Err() == nil {
		s.gate.wait(ctx)
		if taken() {
			s.taken.Add(1)
			return
		}
	}
}

// await returns when so many commands were taken.
func (s *storm) await(n int) {
	s.tb.Helper()
	require.Eventually(s.tb, func() bool { return s.taken.Load() >= int64(n) }, 2*patience, glance, "commands are not taken")
}

var stormMark = regexp.MustCompile(`x([st])(\d+)n(\d+)x`)

// weathered requires every command to be there once, and every answer to have been posted: once in
// Slack, which can be asked, and at most once more in Telegram for each attempt that a kill left in
// doubt.
func (s *storm) weathered(doubtful int) {
	s.tb.Helper()
	s.delivered()
	kept, posted := map[string]int{}, map[string]int{}
	found, err := pgtest.Pool(s.tb, s.url).Query(s.tb.Context(), "SELECT text FROM activities")
	require.NoError(s.tb, err)
	texts, err := pgx.CollectRows(found, pgx.RowTo[string])
	require.NoError(s.tb, err)
	for _, text := range texts {
		kept[stormMark.FindString(text)]++
	}
	for _, text := range s.toSlack("Logged") {
		posted[stormMark.FindString(text)]++
	}
	for i := range s.people {
		for _, text := range s.toTelegram(s.inTelegram(i), "Logged") {
			posted[stormMark.FindString(text)]++
		}
	}
	again := 0
	for i := range s.people {
		for n := range s.each {
			for _, door := range []string{"s", "t"} {
				m := mark(door, i, n)
				require.Equal(s.tb, 1, kept[m], "%s is kept", m)
				require.Positive(s.tb, posted[m], "%s is answered", m)
				if door == "s" {
					require.Equal(s.tb, 1, posted[m], "%s is answered", m)
				}
				require.LessOrEqual(s.tb, posted[m], 2, "%s is answered", m)
				again += posted[m] - 1
			}
		}
	}
	require.LessOrEqual(s.tb, again, doubtful, "answers came again that were not in doubt")
	require.Equal(s.tb, 2*s.people*s.each, count(s.tb, s.url, "activities"))
	require.Zero(s.tb, count(s.tb, s.url, "outbox WHERE buried <> ''"))
	s.clean()
}

// TestAProgramKilledInAStormOfCommandsLosesAndDoublesNothing kills the program twice.
func TestAProgramKilledInAStormOfCommandsLosesAndDoublesNothing(t *testing.T) {
	t.Parallel()
	const people, each = 6, 6
	s := newStorm(t, pgtest.New(t, migrated), people, each)
	c := s.serveChild()
	all := s.rage(t.Context())
	for kills := range 2 {
		s.await((kills + 1) * people * each / 2)
		c.kill()
		s.gate.shut()
		sound(t, c.errs.read())
		c = s.serveChild()
	}
	all.Wait()
	s.weathered(2 * people)
	sound(t, c.errs.read())
}

// TestAStopInAStormOfCommandsLosesNothing ends the program as a new version would.
func TestAStopInAStormOfCommandsLosesNothing(t *testing.T) {
	t.Parallel()
	const people, each = 6, 4
	s := newStorm(t, pgtest.New(t, migrated), people, each)
	c := s.serveChild()
	all := s.rage(t.Context())
	for stops := range 2 {
		s.await((stops + 1) * people * each / 2)
		begun := time.Now()
		require.NoError(t, c.cmd.Process.Signal(syscall.SIGTERM))
		require.NoError(t, <-c.exited, c.errs.read())
		require.Less(t, time.Since(begun), 10*time.Second)
		s.gate.shut()
		sound(t, c.errs.read())
		c = s.serveChild()
	}
	all.Wait()
	s.weathered(0)
	sound(t, c.errs.read())
}

// away is how long the database is not there.
const away = 2400 * time.Millisecond

// TestADatabaseThatRestartsUnderLoadIsAcknowledgedInTime restarts the database, and has it stay away.
func TestADatabaseThatRestartsUnderLoadIsAcknowledgedInTime(t *testing.T) {
	t.Parallel()
	const people, each = 4, 12
	server := pgtest.Cluster(t)
	s := newStorm(t, server.URL(), people, each)
	v := s.serve()
	all := s.rage(t.Context())
	s.await(people * each / 2)
	server.Restart(t, embedded.Fast)
	s.await(people * each * 3 / 4)
	server.Restart(t, embedded.Immediate)
	s.await(people * each)
	server.Stop(t, embedded.Immediate)
	probe := s.slack.DirectMessage(boris, "", "help", unsent()).Request
	for begun := time.Now(); time.Since(begun) < away; {
		r := s.slack.Deliver(probe, 1)[0]
		require.NoError(t, r.Err)
		require.Less(t, r.Took, 3*time.Second)
	}
	server.Start(t)
	all.Wait()
	require.Less(t, time.Duration(s.longest.Load()), 3*time.Second, "Slack has stopped waiting by then")
	s.delivered()
	require.Empty(t, unkept(t, s), "it was answered as done and is not there")
	v.stop()
	require.Zero(t, <-v.code)
	address, err := url.Parse(server.URL())
	require.NoError(t, err)
	password, _ := address.User.Password()
	for _, word := range append(s.secrets(), password, "panic", "goroutine", "asked for") {
		require.NotContains(t, v.log(), word)
	}
	s.clean()
}

// unkept are the commands that were answered as done without being there once.
func unkept(t *testing.T, s *storm) []string {
	t.Helper()
	found, err := pgtest.Pool(t, s.url).Query(t.Context(), "SELECT text FROM activities")
	require.NoError(t, err)
	texts, err := pgx.CollectRows(found, pgx.RowTo[string])
	require.NoError(t, err)
	kept := map[string]int{}
	for _, text := range texts {
		kept[stormMark.FindString(text)]++
	}
	var wrong []string
	answered := s.toSlack("Logged")
	for i := range s.people {
		answered = append(answered, s.toTelegram(s.inTelegram(i), "Logged")...)
	}
	posted := map[string]int{}
	for _, text := range answered {
		m := stormMark.FindString(text)
		if posted[m]++; kept[m] != 1 || posted[m] > 1 {
			wrong = append(wrong, m+" kept "+strconv.Itoa(kept[m])+" answered "+strconv.Itoa(posted[m]))
		}
	}
	for m, n := range kept {
		if n != 1 {
			wrong = append(wrong, m)
		}
	}
	return wrong
}
