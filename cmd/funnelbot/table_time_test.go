package main

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"funnelbot/bot/bottest"
	"funnelbot/bot/bottest/slacktest"
	"funnelbot/bot/bottest/telegramtest"
	"funnelbot/storage/postgres/pgtest"
)

func pool(tb testing.TB, url string) *pgxpool.Pool {
	tb.Helper()
	return pgtest.Pool(tb, url)
}

func TestTableResumeAfterRestart(t *testing.T) {
	t.Parallel()
	table(t, func(a *anna) {
		t := a.t
		require.Contains(t, a.says(task), askPain)
		a.by.restart()
		if a.local() {
			// What a script leaves open takes no line of the next one; it is asked for.
			require.Contains(t, a.says("qualify acme"), askPain)
		}
		require.Contains(t, a.says(pain), askCost, "the answer is taken, nothing is asked twice")
		a.kept(2, "answers")
		a.kept(1, "dialogs WHERE ended_at IS NULL")
	}, func(a *anna) {
		t := a.t
		a.by.restart()
		require.Contains(t, a.sends(a.form(), map[string]any{askTask: task}), summary)
		a.by.restart()
		require.Contains(t, a.sends(a.form(), nil), "too early to judge")
		a.kept(1, "dialogs")
		a.kept(1, "qualifications")
	})
}

// TestTableResumeElsewhere goes on in another chat of the same door; from door to door it is
// TestAQualificationBegunInSlackIsFinishedInTelegramAndBack.
func TestTableResumeElsewhere(t *testing.T) {
	t.Parallel()
	table(t, func(a *anna) {
		t := a.t
		a.says(task)
		if a.local() {
			// Another terminal is the same chat: the question is answered wherever she sits.
			other := sit(t, a.args("--as", "Anna")...)
			other.clock.Store(a.now().UnixNano())
			require.Contains(t, other.say(pain), askCost)
			require.Zero(t, other.leave())
			a.kept(2, "answers")
			return
		}
		old := "Later"
		switch p := a.by.(type) {
		case *slackPlayer:
			p.done(p.Mention(annaInSlack, salesInSlack, "", "qualify acme"))
			require.Contains(t, p.look(), askPain)
		case *telegramPlayer:
			was := p.chat
			p.chat = map[int64]int64{annaInTelegram: salesInTelegram, salesInTelegram: annaInTelegram}[was]
			if p.chat == salesInTelegram {
				p.brought(p.Group(annaInTelegram, p.chat, "/connect@"+p.Username+" internal"))
			}
			require.Contains(t, a.says("qualify acme"), askPain)
			if p.chat == annaInTelegram {
				require.Contains(t, a.says(pain), askCost)
				a.kept(2, "answers")
				return // the question in the group has no buttons to press
			}
		}
		seen := a.does(bottest.Step{Deed: bottest.PressOld, Label: old})
		require.NotEmpty(t, seen, "the old place is told")
		a.kept(1, "answers")
		a.kept(1, "dialogs WHERE ended_at IS NULL")
	}, func(a *anna) {
		t := a.t
		p, old := a.slack(), a.form()
		p.done(p.DirectMessage(annaInSlack, "", "qualify acme"))
		require.Contains(t, p.look(), askTask)
		p.done(p.DirectMessage(annaInSlack, "", task))
		require.Contains(t, p.look(), askPain)
		require.Contains(t, a.sends(old, map[string]any{askTask: "something else"}), "go on elsewhere now")
		a.kept(1, "answers WHERE value->>'text' = '"+task+"'")
	})
}

// due lets two programs do at the same moment what has become due, twice.
func (a *anna) due(until time.Time) string {
	a.t.Helper()
	a.move(until)
	var errs screen
	for range 2 {
		var both sync.WaitGroup
		for range 2 {
			io := &streams{out: &errs, err: &errs, getenv: func(string) string { return "" }, now: a.now}
			line := &settings{DatabaseURL: a.url, Workspace: "main", LogLevel: "error", Data: a.t.TempDir()}
			program, err := newApp(a.t.Context(), line, io, options{quiet: true})
			require.NoError(a.t, err)
			defer program.close(context.WithoutCancel(a.t.Context()))
			both.Go(func() {
				if _, err := program.service.RunDue(a.t.Context()); err != nil {
					a.t.Errorf("what is due: %v", err)
				}
			})
		}
		both.Wait()
	}
	require.Empty(a.t, errs.take())
	a.wait(until)
	return a.by.perform(bottest.Step{Deed: bottest.Wait})
}

func TestTableTimeoutWithNotice(t *testing.T) {
	t.Parallel()
	reminded, ended := monday.Add(5*time.Hour), monday.Add(30*time.Hour) // Monday 17:00, Tuesday 18:00 in Moscow
	timesOut := func(t *testing.T, a *anna, given string) {
		t.Helper()
		require.NotContains(t, a.due(monday.Add(3*time.Hour)), "waits for your next answer", "four hours are not over")
		seen := a.due(reminded)
		require.Equal(t, 1, strings.Count(seen, "waits for your next answer ("+given+" of 17 are given)"), seen)
		require.Contains(t, seen, "Go on")
		require.NotContains(t, a.due(reminded.Add(time.Minute)), "waits for your next answer")
		a.kept(1, "outbox WHERE kind = 'qualify_waiting'")
		a.kept(0, "dialogs WHERE ended_at IS NOT NULL")

		seen = a.due(ended)
		require.Equal(t, 1, strings.Count(seen, "I ask no more about"), seen)
		require.NotContains(t, a.due(ended.Add(time.Minute)), "I ask no more about")
		a.kept(1, "outbox WHERE kind = 'qualify_ended'")
		a.kept(1, "dialogs WHERE how = 'silence'")
	}
	table(t, func(a *anna) {
		t := a.t
		a.says(task)
		timesOut(t, a, "1")
		a.kept(1, "answers")
		require.Contains(t, a.says("list"), "Your open deals", "what is typed now is no answer")
		require.Contains(t, a.says("qualify acme"), askPain, "what was given is kept")
	}, func(a *anna) {
		t := a.t
		timesOut(t, a, "0")
		require.Contains(t, a.sends(a.form(), map[string]any{askTask: task}), "have ended")
		require.Contains(t, a.presses("Go on"), askTask)
		for _, r := range a.slack().Refusals() {
			require.Equal(t, "response_url", r.Method, "that of the form is too old after a day")
		}
		a.slack().Forget()
	})
}

func TestTableStaleButtonAnswered(t *testing.T) {
	t.Parallel()
	table(t, func(a *anna) {
		t := a.t
		a.says(task)
		require.Contains(t, a.skips(5), askSource)
		require.Contains(t, a.presses("Budget of the company"), askBudget)
		if a.local() {
			require.Contains(t, a.says("99"), "not among the options")
		} else {
			require.NotEmpty(t, a.does(bottest.Step{Deed: bottest.PressOld, Label: "Not found yet"}), "silence is no answer")
		}
		a.kept(1, `answers WHERE question = 'budget_source' AND value->'keys' = '["company"]'`)
		a.kept(0, "answers WHERE question = 'budget_approved'")
		require.Contains(t, a.presses("Approved"), "Who makes the decision?")
	}, func(a *anna) {
		t := a.t
		old := a.form()
		require.Contains(t, a.sends(old, map[string]any{askTask: task}), summary)
		a.slack().done(a.slack().Submit(annaInSlack, old, map[string]any{askTask: "something else"}))
		require.Contains(t, a.form().Plain(), summary, "what stands is shown")
		a.kept(1, "answers WHERE value->>'text' = '"+task+"'")
		a.sends(a.form(), nil)
		a.kept(1, "qualifications")
	})
}

// TestTableStrangerRefused has somebody else answer: by a press, by a reply and by words.
func TestTableStrangerRefused(t *testing.T) {
	t.Parallel()
	t.Run("local", func(t *testing.T) {
		t.Parallel()
		url, args := office(t)
		s := sit(t, args...)
		s.say("new Acme 450k")
		s.say("qualify acme")
		other := sit(t, "--database-url", url, "--data", t.TempDir(), "--as", "Boris", "--lang", "en", "--zone", "Europe/Moscow")
		other.say("invoices arrive late")
		other.say("/1")
		require.Zero(t, count(t, url, "answers"))
		require.Contains(t, s.say(task), askPain)
		require.Zero(t, other.leave())
		require.Zero(t, s.leave())
	})
	t.Run("platforms", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t, pgtest.New(t, migrated))
		v := h.serve()
		h.settle()
		h.invite(gleb, "rep")
		at := "@" + h.telegram.Username + " "
		require.True(t, h.telegram.Group(vera, salesInTelegram, at+"new Alder Works 12k").OK())
		require.True(t, h.telegram.Group(vera, salesInTelegram, at+"qualify Alder").OK())
		asked := h.telegram.Await(salesInTelegram, func(m telegramtest.Message) bool { return strings.Contains(m.Text, "(1/17)") })
		require.True(t, h.telegram.Group(gleb, salesInTelegram, task, telegramtest.ReplyTo(asked.ID)).OK())
		require.Zero(t, count(t, h.url, "answers"), "another one's reply is no answer")

		require.True(t, h.telegram.Group(vera, salesInTelegram, task, telegramtest.ReplyTo(asked.ID)).OK())
		h.telegram.Await(salesInTelegram, func(m telegramtest.Message) bool { return strings.Contains(m.Text, "(2/17)") })
		open := h.telegram.Last(salesInTelegram)
		require.True(t, h.telegram.Group(vera, salesInTelegram, "back", telegramtest.ReplyTo(open.ID)).OK())
		again := h.telegram.Await(salesInTelegram, func(m telegramtest.Message) bool { _, ok := m.Button("Later"); return ok })
		for _, label := range again.Labels() {
			require.True(t, h.telegram.Press(gleb, again, label).OK())
		}
		h.telegram.Until(func() bool { return len(h.telegram.Answers()) == len(again.Labels()) })
		for _, answer := range h.telegram.Answers() {
			require.Contains(t, answer.Text, "for somebody else")
		}
		require.Equal(t, 1, count(t, h.url, "answers"))
		require.True(t, h.telegram.Press(vera, again, "✓ "+task).OK(), "her own press counts")
		h.telegram.Await(salesInTelegram, func(m telegramtest.Message) bool { return m.ID > again.ID && strings.Contains(m.Text, "(2/17)") })

		require.NoError(t, h.slack.Mention(annaInSlack, salesInSlack, "", "qualify Alder").Err)
		var inSlack slacktest.Message
		require.Eventually(t, func() bool {
			for _, m := range h.slack.FromBot() {
				if strings.Contains(m.Plain(), "Where does the money") || strings.Contains(m.Plain(), "of 17") {
					inSlack = m
				}
			}
			return inSlack.TS != "" || inSlack.Only != ""
		}, patience, glance)
		before := count(t, h.url, "answers")
		inSlack.Only = "" // whoever sees it presses it
		require.NoError(t, h.slack.Press(boris, inSlack, "Later").Err)
		require.Equal(t, before, count(t, h.url, "answers"))
		require.Equal(t, 2, count(t, h.url, "dialogs WHERE ended_at IS NULL"), "neither dialog has ended or rests")
		v.end()
		h.clean()
	})
}

func TestTableDoublePressHarmless(t *testing.T) {
	t.Parallel()
	table(t, func(a *anna) {
		t := a.t
		a.says(task)
		require.Contains(t, a.skips(5), askSource)
		require.Contains(t, a.does(bottest.Step{Deed: bottest.PressTwice, Label: "Budget of the company"}), askBudget)
		a.kept(1, `answers WHERE question = 'budget_source' AND value->'keys' = '["company"]'`)
		a.kept(0, "answers WHERE question = 'budget_approved'")
		require.Contains(t, a.presses("Approved"), "Who makes the decision?")
	}, func(a *anna) {
		page := a.form()
		a.sends(page, map[string]any{askTask: task})
		p, stands := a.slack(), a.form()
		p.done(p.Submit(annaInSlack, stands, nil))
		p.done(p.Submit(annaInSlack, stands, nil))
		p.look()
		a.kept(1, "qualifications")
		a.kept(1, "changes WHERE verb = 'qualify'")
	})
}

func TestTableCommandInTheMiddle(t *testing.T) {
	t.Parallel()
	table(t, func(a *anna) {
		t := a.t
		a.says(task)
		seen := a.does(bottest.Step{Deed: bottest.Interrupt, Text: "list"})
		require.Contains(t, seen, "Your open deals")
		require.Contains(t, seen, "is still open")
		a.kept(1, "answers")
		require.Contains(t, a.presses("Back to the question"), askPain)
		a.answersPain()
	}, func(a *anna) {
		t := a.t
		seen := a.does(bottest.Step{Deed: bottest.Interrupt, Text: "list"})
		require.Contains(t, seen, "Your open deals")
		require.Contains(t, seen, "All right, later.", "closing the form sets it aside")
		require.Contains(t, a.presses("Go on"), askTask)
		require.Contains(t, a.sends(a.form(), map[string]any{askTask: task}), summary)
	})
}
