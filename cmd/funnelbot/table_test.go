package main

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/bot/bottest"
	"funnelbot/bot/bottest/slacktest"
)

// What a qualification withstands, row by row, at every door: in a chat, where one question follows the
// other, and in a form, which asks many at once.

// anna is she at a door, where she has opened a deal and begun to qualify it.
type anna struct {
	*stage
	t  *testing.T
	by interface {
		player
		restart()
	}
	// begun is what she saw when the questions began.
	begun string
}

// Questions and answers of the built-in funnel.
const (
	askTask   = "What do they want to get done?"
	askPain   = "What goes wrong today, and who feels it?"
	askCost   = "What does this cost them in a year?"
	askSource = "Where does the money come from?"
	askBudget = "How far is the money approved?"
	askDate   = "By when do they want to decide?"
	askWhy    = "Why by then?"
	summary   = "is this right?"
	task      = "invoices out in two days"
	pain      = "invoices arrive late"
)

// table has a row shown in every chat and in the form.
func table(t *testing.T, chat, form func(a *anna)) {
	t.Helper()
	for name, by := range map[string]func(s *stage) player{
		"local": newLocalPlayer, "slack": slackInMessages, "slack-form": slackByCommand, "telegram": telegramInPrivate,
		"telegram-group": telegramInGroup,
	} {
		show := chat
		if name == "slack-form" {
			show = form
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := &anna{stage: newStage(t, "en"), t: t}
			by, ok := by(a.stage).(interface {
				player
				restart()
			})
			require.True(t, ok)
			a.by = by
			a.by.enter()
			a.says("new Acme 450k")
			a.begun = a.says("qualify acme")
			require.Contains(t, a.begun, askTask)
			show(a)
			a.by.leave()
		})
	}
}

func (a *anna) does(s bottest.Step) string {
	a.t.Helper()
	if s.Line == "" {
		s.Line = s.Text + s.Label
	}
	a.move(a.now().Add(linePace))
	return a.by.perform(s)
}

func (a *anna) says(line string) string {
	a.t.Helper()
	return a.does(bottest.Step{Deed: bottest.Type, Text: line})
}

func (a *anna) presses(label string) string {
	a.t.Helper()
	return a.does(bottest.Step{Deed: bottest.Press, Label: label})
}

// skips leaves questions out.
func (a *anna) skips(n int) (seen string) {
	a.t.Helper()
	for range n {
		seen = a.says("skip")
	}
	return seen
}

// local reports whether she sits at the local chat, where there are no old buttons.
func (a *anna) local() bool {
	_, local := a.by.(*localPlayer)
	return local
}

// slack is the platform of the form.
func (a *anna) slack() *slackPlayer {
	a.t.Helper()
	p, ok := a.by.(*slackPlayer)
	require.True(a.t, ok)
	return p
}

// sends fills the form in and sends it, and returns what is seen then.
func (a *anna) sends(v slacktest.View, values map[string]any) string {
	a.t.Helper()
	a.move(a.now().Add(linePace))
	p := a.slack()
	p.done(p.Submit(annaInSlack, v, values))
	p.form = form{}
	return p.look()
}

func (a *anna) form() slacktest.View { return a.slack().Top(annaInSlack) }

// answersPain answers the second question. Where a press has opened a form in the chat, she sends that.
func (a *anna) answersPain() {
	a.t.Helper()
	if p, ok := a.by.(*slackPlayer); ok && len(p.Stack(annaInSlack)) > 0 {
		require.Contains(a.t, a.sends(a.form(), map[string]any{askPain: pain}), summary)
	} else {
		require.Contains(a.t, a.says(pain), askCost)
	}
	a.kept(1, "answers WHERE value->>'text' = '"+pain+"'")
}

// kept is how many rows there are.
func (a *anna) kept(n int, rows string) {
	a.t.Helper()
	require.Equal(a.t, n, count(a.t, a.url, rows), rows)
}

func TestTableBack(t *testing.T) {
	t.Parallel()
	table(t, func(a *anna) {
		t := a.t
		require.Contains(t, a.says(task), askPain)
		seen := a.says("back")
		require.Contains(t, seen, askTask)
		require.Contains(t, seen, task, "what was given is shown")
		require.Contains(t, a.says("invoices within a day"), askPain)
		a.kept(1, "answers WHERE value->>'text' = 'invoices within a day'")
		a.kept(1, "answers")
	}, func(a *anna) {
		t := a.t
		require.Contains(t, a.sends(a.form(), map[string]any{askTask: task, askDate: "31 march"}), askWhy)
		seen := a.presses("Back")
		require.Contains(t, seen, askTask+": <"+task+">")
		require.Contains(t, a.sends(a.form(), map[string]any{askTask: "invoices within a day"}), askWhy)
		a.kept(1, "answers WHERE value->>'text' = 'invoices within a day'")
	})
}

func TestTableSkip(t *testing.T) {
	t.Parallel()
	table(t, func(a *anna) {
		t := a.t
		require.Contains(t, a.says("skip"), "cannot be skipped")
		a.kept(0, "answers")
		require.Contains(t, a.says(task), askPain)
		require.Contains(t, a.says("skip"), askCost)
		a.kept(1, "answers WHERE question = 'pain' AND value = '{}'")
	}, func(a *anna) {
		t := a.t
		require.Contains(t, a.begun, askPain+": <>")
		require.Contains(t, a.sends(a.form(), map[string]any{askTask: task}), summary)
		a.kept(1, "answers WHERE question = 'pain' AND value = '{}'")
		a.kept(1, "answers WHERE question = 'task' AND value <> '{}'")
	})
}

func TestTableCancel(t *testing.T) {
	t.Parallel()
	after := func(t *testing.T, a *anna, seen string, given int) {
		t.Helper()
		require.Regexp(t, "kept", seen)
		a.kept(1, "dialogs WHERE how = 'cancelled'")
		a.kept(0, "dialogs WHERE ended_at IS NULL")
		a.kept(given, "answers WHERE value <> '{}'")
		require.Contains(t, a.says("list"), "Your open deals", "what is typed is a command again")
	}
	table(t, func(a *anna) {
		t := a.t
		a.says(task)
		after(t, a, a.says("cancel"), 1)
		require.Contains(t, a.says("qualify acme"), askPain, "what was answered is not asked again")
	}, func(a *anna) {
		t := a.t
		a.sends(a.form(), map[string]any{askTask: task, askPain: pain})
		after(t, a, a.presses("Cancel"), 3) // the amount of the deal stood in the form
	})
}

func TestTableHelpAndReturn(t *testing.T) {
	t.Parallel()
	table(t, func(a *anna) {
		t := a.t
		seen := a.says("?")
		require.Contains(t, seen, "read as a solution, not as a price list")
		require.Contains(t, seen, askTask, "the question stands")
		a.kept(0, "answers")
		require.Contains(t, a.says(task), askPain)
	}, func(a *anna) {
		t := a.t
		p := a.slack()
		v := p.Enter(annaInSlack, a.form(), map[string]any{askTask: task})
		p.done(p.Press(annaInSlack, v, "Help"))
		require.Contains(t, p.look(), "own words. A proposal that opens")
		a.kept(0, "answers")
		require.Contains(t, a.sends(a.form(), nil), summary, "what was typed stands there still")
		a.kept(1, "answers WHERE question = 'task' AND value->>'text' = '"+task+"'")
	})
}

func TestTableLater(t *testing.T) {
	t.Parallel()
	after := func(t *testing.T, a *anna) {
		t.Helper()
		a.kept(1, "answers")
		var due time.Time
		row := pool(t, a.url).QueryRow(t.Context(), "SELECT due_at FROM dialogs WHERE ended_at IS NULL")
		require.NoError(t, row.Scan(&due))
		require.Equal(t, time.Date(2026, time.November, 24, 6, 0, 0, 0, time.UTC), due.UTC(), "when people begin to work tomorrow")
		require.Contains(t, a.says("list"), "Your open deals")
		if a.local() { // only the latest buttons have numbers
			require.Contains(t, a.says("go on"), askPain)
		} else {
			require.Contains(t, a.presses("Go on"), askPain)
		}
	}
	table(t, func(a *anna) {
		t := a.t
		a.says(task)
		require.Contains(t, a.says("later"), "kept (1 of 17)")
		after(t, a)
		a.answersPain()
	}, func(a *anna) {
		t := a.t
		p := a.slack()
		v := p.Enter(annaInSlack, a.form(), map[string]any{askTask: task})
		p.done(p.Press(annaInSlack, v, "Later"))
		require.Contains(t, p.look(), "kept (1 of 17)", "what was typed is an answer, and nothing else is")
		after(t, a)
	})
}

func TestTableValidationWithReason(t *testing.T) {
	t.Parallel()
	const reason = "I could not read “a lot” as an amount."
	table(t, func(a *anna) {
		t := a.t
		a.says(task)
		a.says("skip")
		seen := a.says("a lot")
		require.Contains(t, seen, reason)
		require.Contains(t, seen, askCost, "the question stands")
		a.kept(0, "answers WHERE question = 'cost_today'")
		require.Contains(t, a.says("300k"), "How will they know")
		a.kept(1, "answers WHERE question = 'cost_today'")
	}, func(a *anna) {
		t := a.t
		seen := a.sends(a.form(), map[string]any{askTask: task, askCost: "a lot"})
		require.Regexp(t, regexp.QuoteMeta(askCost)+`[^\n]*\n[^\n]*\n  ! `+regexp.QuoteMeta(reason), seen, "below its input")
		a.kept(1, "answers WHERE question = 'task'")
		a.kept(0, "answers WHERE question = 'cost_today'")
		require.Contains(t, a.sends(a.form(), map[string]any{askCost: "300k"}), summary)
		a.kept(1, "answers WHERE question = 'cost_today' AND value <> '{}'")
	})
}

func TestTableSummaryAndEdit(t *testing.T) {
	t.Parallel()
	table(t, func(a *anna) {
		t := a.t
		a.says(task)
		require.Contains(t, a.skips(16), summary)
		require.Contains(t, a.says("change pain"), askPain)
		seen := a.says(pain)
		require.Contains(t, seen, summary)
		require.Contains(t, seen, pain)
		a.kept(0, "qualifications")
		require.Contains(t, a.presses("Save"), "too early to judge")
		a.kept(1, "qualifications")
	}, func(a *anna) {
		t := a.t
		require.Contains(t, a.sends(a.form(), map[string]any{askTask: task}), summary)
		require.Contains(t, a.presses("Pain"), askPain)
		require.Contains(t, a.sends(a.form(), map[string]any{askPain: pain}), pain)
		a.kept(0, "qualifications")
		require.Contains(t, a.sends(a.form(), nil), "too early to judge")
		a.kept(1, "qualifications")
		require.NotContains(t, strings.Join(a.stackTitles(), " "), "Your answers", "the form has closed")
	})
}

func (a *anna) stackTitles() []string {
	var titles []string
	for _, v := range a.slack().Stack(annaInSlack) {
		titles = append(titles, v.Title)
	}
	return titles
}
