package commands_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/commands"
	"funnelbot/funnel"
	"funnelbot/funnel/dialog"
)

// FuzzAction presses buttons that nobody made: whatever comes back through a platform gets a
// reply, and changes nothing that a rep may not change.
func FuzzAction(f *testing.F) {
	for _, seed := range []string{
		"", "~", "~~", "~~pick", "~x.1~pick", "~x.1~resume", ">", ">new", ">/", "move", "move:1", "move:1:0", "move:1:0:", "move:1:0:xyz",
		"move:1:0:proposal:more", "move:-1:0", "move:1:-1", "move:99999999999999999999:0", "move:9223372036854775807:9223372036854775807",
		"show:0:0", "show:77:0", "list:0:0", "list:1:0:bogus", "list:1:0:due", "list:9223372036854775807:0:mine", "list:1:0:stage/xyz",
		"list:1:0:stage", "list:1:0:owner/", "list:1:0:owner/00000000-0000-0000-0000-000000000000", "list:1:0:owner/x", "set:1:0:custom",
		"set:1:0:bogus", "set:1:0:amount", "set:1:0:currency", "set:1:0:contact", "lost:1:0:xyz", "lost:1:0:price", "back:1:0:launch",
		"reopen:1:0:launch", "won:1:0", "won:1:77", "undo:0:0", "undo:1:0", "undo:1:1", "undo:77:1", "role:0:0", "role:0:0:admin",
		"help:0:0:bogus", "help:0:0:move", "find:0:0", "company:0:0", "new:0:0", "today:0:0", "done:1:0", "next:1:0", "log:1:0",
		"assign:1:0:x", "park:1:0:x", "language:0:0:xx", "timezone:0:0:x", "funnel:0:0:x", "members:0:0", "Move:1:0", "move :1:0",
		"qualify:1:0", "qualify:0:0", "qualify:99:0", "people:1:0", "people:1:0:add", "people:1:0:x", "people:1:0:AAAAAAAAAAAAAAAAAAAAAA.roles",
		"people:1:0:.gone", "forget:0:0", "forget:0:0:AAAAAAAAAAAAAAAAAAAAAQ", "renew:1:0", "park:1:0:2027-13-45", "log:1:0:AAAAAAAAAAAAAAAAAAAAAQ",
		"~x.1~fill", "~x.1~later", "~x.1~done", "~.~done",
		"\x00", "~\x00~pick~\x00", "show:1:0\x00", "set:1:0:\x00", "list:1:0:stage/\x00", "lost:1:0:\x00", "\xff\xfe", ">" + strings.Repeat("я", 20000),
		"set:1:0:" + strings.Repeat("x", 5000), "list:1:0:stage/" + strings.Repeat("x", 5000), ">role Anna rep", ">role Clara admin", ">lost #1 price",
	} {
		f.Add(seed, "")
	}
	o := setup(f)
	clara := o.join(f, o.space, "Clara", funnel.Rep)
	o.types(f, "new Acme 12k", "new Globex 3k")
	f.Fuzz(func(t *testing.T, action, text string) {
		a := o.press(clara, action)
		// What the dispatcher makes of any bytes: text that a database takes.
		a.Action = strings.ToValidUTF8(action, "")
		a.Text = strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "")
		if a.Action == "" {
			return
		}
		reply, _, err := o.desk.Answer(t.Context(), a)
		require.NoError(t, err)
		require.NotNil(t, reply)
		for _, b := range actions(reply) {
			require.LessOrEqual(t, len(b.action), 64)
		}
		require.Equal(t, 1, o.count(t, "members WHERE role = 'admin' AND name = 'Anna'"))
		require.Equal(t, 1, o.count(t, "members WHERE role = 'rep'"))
	})
}

// FuzzLine types anything at all, inside dialogs and out of them.
func FuzzTyped(f *testing.F) {
	for _, line := range spoken {
		f.Add(line)
	}
	for _, line := range []string{
		strings.Repeat("я", commands.MaxLine), "lost #1 " + strings.Repeat("<", commands.MaxLine-10), "log " + strings.Repeat("a ", 7000),
		"new " + strings.Repeat("я", 300), "\u202e\u200f\u0000", strings.Repeat("\n", 100), "log \U0001F600\U0001F600", "find " + strings.Repeat("% ", 500),
	} {
		f.Add(line)
	}
	o := setup(f)
	o.types(f, "new Acme 12k", "new Globex 3k")
	f.Fuzz(func(t *testing.T, line string) {
		line = strings.ReplaceAll(strings.ToValidUTF8(line, "\uFFFD"), "\x00", "")
		reply, _, err := o.desk.Answer(t.Context(), o.ask(o.anna, line))
		require.NoError(t, err)
		require.NotNil(t, reply)
	})
}

// FuzzFill sends forms that nobody filled in: whatever their fields hold gets a reply, and what is
// stored answers a question of the funnel.
func FuzzFill(f *testing.F) {
	f.Add("task", "Send invoices", "")
	f.Add("cost_today", "100k", "")
	f.Add("others", "", "finance legal")
	f.Add("others", "1, 2", "nobody zzz")
	f.Add("decider", "Carla \u202e\x1b[31mStone", "AAAAAAAAAAAAAAAAAAAAAQ")
	f.Add("decide_by", "31.02.2027", "")
	f.Add("industry", "айти", "it it")
	f.Add("", strings.Repeat("я<", 3000), strings.Repeat("x ", 500))
	o := setup(f)
	o.types(f, "new Acme, website")
	f.Fuzz(func(t *testing.T, step, said, keys string) {
		clean := func(s string) string { return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "") }
		begin := o.press(o.anna, "qualify:1:0")
		begin.Forms = 40
		reply := o.answer(t, begin)
		token := ""
		switch q := question(t, reply).Outcome; {
		case q.Page != nil:
			token = q.Page.Token
		case q.Summary != nil:
			token = q.Summary.Token
		}
		a := o.press(o.anna, commands.QuestionAction(token, dialog.ActFill, ""))
		a.Forms, a.Fields = 40, []dialog.Field{{Step: clean(step), Text: clean(said), Keys: strings.Fields(clean(keys))}}

		reply, _, err := o.desk.Answer(t.Context(), a)

		require.NoError(t, err)
		require.NotNil(t, reply)
		require.Zero(t, o.count(t, "answers WHERE question NOT IN ('task', 'pain', 'cost_today', 'outcome', 'effect', 'budget_amount', "+
			"'budget_source', 'budget_approved', 'decider', 'signer', 'others', 'decide_by', 'why_then', 'otherwise', 'industry', 'size', "+
			"'region', 'exclusions')"))
	})
}
