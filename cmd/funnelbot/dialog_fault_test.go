package main

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"funnelbot/bot/bottest/telegramtest"
	"funnelbot/storage/postgres/pgtest"
	"funnelbot/storage/redis/redistest"
)

// inquiry are the first answers to a qualification, each with its question.
var inquiry = [][2]string{
	{"task", "invoices out in two days"},
	{"pain", "invoices arrive late"},
	{"cost_today", "300k"},
	{"outcome", "invoices in two days"},
	{"effect", "900k"},
	{"budget_amount", "450k"},
	{"budget_source", "department"},
	{"budget_approved", "approved"},
}

var stepShown = regexp.MustCompile(`\((\d+) of 17\)`)

// answered are the questions of a qualification to which an answer is kept, in alphabetical order.
func answered(tb testing.TB, url string) []string {
	tb.Helper()
	found, err := pgtest.Pool(tb, url).Query(tb.Context(), "SELECT question FROM answers WHERE value <> '{}' ORDER BY question")
	require.NoError(tb, err)
	questions, err := pgx.CollectRows(found, pgx.RowTo[string])
	require.NoError(tb, err)
	return questions
}

// interview has a program answered that is killed with every answer, and returns how often a question
// had to be answered again.
func interview(t *testing.T, args []string, between func()) (repeated int) {
	t.Helper()
	// stands returns the number of the question that a new program asks, from 1.
	stands := func() int {
		c := spawn(t, append([]string{"chat"}, args...)...)
		c.types("qualify acme\n")
		printed := c.until(func(printed string) bool { return stepShown.MatchString(printed) })
		c.kill()
		n, err := strconv.Atoi(stepShown.FindStringSubmatch(printed)[1])
		require.NoError(t, err)
		return n
	}
	require.Equal(t, 1, stands())
	for i := 0; i < len(inquiry); {
		c := spawn(t, append([]string{"chat"}, args...)...)
		c.types(inquiry[i][1] + "\n")
		heard := i%2 == 0 || repeated > 0
		if heard {
			c.until(func(printed string) bool { return strings.Contains(printed, "("+strconv.Itoa(i+2)+" of 17)") })
		}
		c.kill()
		between()
		if now := stands(); now == i+2 {
			i++
		} else {
			require.Equal(t, i+1, now, "it goes on with another question")
			require.False(t, heard, "an answer that was taken is lost")
			repeated++
		}
	}
	return repeated
}

func TestAQualificationKilledWithEveryAnswerLosesNone(t *testing.T) {
	t.Parallel()
	for name, flushed := range map[string]bool{"killed": false, "killed and Redis flushed": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := redistest.Start(t)
			url, args := office(t)
			args = append(args, "--redis-url", r.URL())
			c := spawn(t, append([]string{"chat"}, args...)...)
			c.types("new Acme 450k\n")
			c.until(func(printed string) bool { return strings.Contains(printed, "#1") })
			c.kill()
			repeated := interview(t, args, func() {
				if flushed {
					r.Flush(t)
				}
			})
			t.Logf("%d answers that nobody had acknowledged had to be given again", repeated)
			var want []string
			for _, q := range inquiry {
				want = append(want, q[0])
			}
			slices.Sort(want)
			require.Equal(t, want, answered(t, url))
			require.Equal(t, 1, count(t, url, "dialogs WHERE ended_at IS NULL"))
		})
	}
}

func TestAQualificationWithRedisFlushedAsksNothingTwice(t *testing.T) {
	t.Parallel()
	r := redistest.Start(t)
	url, args := office(t)
	s := sit(t, append(args, "--redis-url", r.URL())...)
	s.say("new Acme 450k")
	s.say("qualify acme")
	for i, q := range inquiry {
		r.Flush(t)
		require.Contains(t, s.say(q[1]), "("+strconv.Itoa(i+2)+" of 17)")
	}
	require.Zero(t, s.leave())
	require.Len(t, answered(t, url), len(inquiry))
}

// TestAQualificationAtThePlatformsOutlivesItsProgram kills the program and flushes Redis while a form
// stands open in Slack and a question in Telegram; another program takes the answers.
func TestAQualificationAtThePlatformsOutlivesItsProgram(t *testing.T) {
	t.Parallel()
	r := redistest.Start(t)
	h := newHouse(t, pgtest.New(t, migrated))
	h.more = []string{"--redis-url", r.URL()}
	c := h.serveChild()
	h.settle()
	require.NoError(t, h.slack.DirectMessage(annaInSlack, "", "new Alder Works 12k").Err)
	require.True(t, h.telegram.Private(vera, "new Birch Works 12k").OK())
	require.NoError(t, h.slack.Command(annaInSlack, salesInSlack, "/deal", "qualify alder").Err)
	view := h.slack.Top(annaInSlack)
	require.True(t, h.telegram.Private(vera, "qualify birch").OK())
	h.telegram.Await(vera, func(m telegramtest.Message) bool { return strings.Contains(m.Text, "(1/17)") })

	c.kill()
	r.Flush(t)
	c = h.serveChild()
	sent := h.slack.Submit(annaInSlack, view, map[string]any{
		"What do they want to get done?": "invoices out in two days", "Who makes the decision?": "Carla Stone",
	})
	require.NoError(t, sent.Err)
	require.Contains(t, h.slack.Top(annaInSlack).Plain(), "is this right?")
	require.True(t, h.telegram.Private(vera, "invoices out in two days").OK())
	asked := h.telegram.Await(vera, func(m telegramtest.Message) bool { return strings.Contains(m.Text, "(2/17)") })

	c.kill()
	r.Flush(t)
	c = h.serveChild()
	require.NoError(t, h.slack.Submit(annaInSlack, h.slack.Top(annaInSlack), nil).Err)
	require.True(t, h.telegram.Press(vera, asked, "Skip").OK())
	h.telegram.Await(vera, func(m telegramtest.Message) bool { return strings.Contains(m.Text, "(3/17)") })
	h.delivered()
	require.Equal(t, 1, count(t, h.url, "qualifications"))
	require.Equal(t, []string{"decider", "task", "task"}, answered(t, h.url)[len(answered(t, h.url))-3:])
	sound(t, c.errs.read())
	h.clean()
}

// TestAFormSentTwiceIsOneAnswer sends a form of a qualification four times at once to two programs.
func TestAFormSentTwiceIsOneAnswer(t *testing.T) {
	t.Parallel()
	h := newHouse(t, pgtest.New(t, migrated))
	one, two := h.serve(), h.serve()
	h.settle()
	require.NoError(t, h.slack.DirectMessage(annaInSlack, "", "new Alder Works 12k").Err)
	require.NoError(t, h.slack.Command(annaInSlack, salesInSlack, "/deal", "qualify alder").Err)
	page := h.slack.Top(annaInSlack)
	task := map[string]any{"What do they want to get done?": "invoices out in two days"}
	for _, r := range h.slack.Deliver(h.slack.Submit(annaInSlack, page, task, unsent()).Request, copies, one.url, two.url) {
		require.NoError(t, r.Err)
		require.Contains(t, r.Body, "is this right?")
	}
	require.Equal(t, 1, count(t, h.url, "answers WHERE question = 'task'"))
	require.NoError(t, h.slack.Submit(annaInSlack, page, task).Err)
	summary := h.slack.Top(annaInSlack)
	for _, r := range h.slack.Deliver(h.slack.Submit(annaInSlack, summary, nil, unsent()).Request, copies, one.url, two.url) {
		require.NoError(t, r.Err)
	}
	one.end()
	two.end()
	h.delivered()
	require.Equal(t, 1, count(t, h.url, "qualifications"))
	require.Len(t, h.toSlack("Go through it again"), 1, "it is concluded once")
	h.clean()
}
