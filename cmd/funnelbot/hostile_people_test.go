package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/bot/bottest/slacktest"
	"funnelbot/bot/bottest/telegramtest"
	"funnelbot/storage/postgres/pgtest"
)

// TestAForeignWorkspaceIsNeitherSeenNorChanged has people of another Slack team, and of another
// workspace in the same Telegram bot, use every identifier that the first team has been shown.
func TestAForeignWorkspaceIsNeitherSeenNorChanged(t *testing.T) {
	t.Parallel()
	h := newHouse(t, pgtest.New(t, migrated))
	home := h.serve()
	h.settle()
	require.NoError(t, h.slack.DirectMessage(annaInSlack, "", "new Quillfern 12k").Err)
	require.NoError(t, h.slack.Mention(annaInSlack, salesInSlack, "", "log #1 call, they want it").Err)
	require.NoError(t, h.slack.DirectMessage(annaInSlack, "", "find Quillfern").Err)
	require.NoError(t, h.slack.Command(annaInSlack, salesInSlack, "/deal", "new").Err)
	form := h.slack.Top(annaInSlack)
	require.True(t, h.telegram.Private(vera, "find Quillfern").OK())
	h.telegram.Until(func() bool { return len(h.toTelegram(vera, "Quillfern")) > 0 })
	h.delivered()
	before := h.belongings()

	other := newHouse(t, h.url)
	other.slack.TeamID, other.more = "T0OTHER", []string{"--workspace", "other"}
	other.slack.AddUser(slacktest.User{ID: "U901", Name: "olga", TZ: "UTC", TeamID: "T0OTHER", IsOwner: true})
	other.slack.AddChannel(slacktest.Channel{ID: salesInSlack, Name: "ours", Members: []string{"U901"}, BotIsMember: true})
	foreign := other.serve()
	require.NoError(t, other.slack.DirectMessage("U901", "", "help").Err)
	for _, m := range h.slack.FromBot() {
		here := m
		here.Channel, here.Only = salesInSlack, ""
		for _, label := range slacktest.Buttons(m) {
			require.NoError(t, other.slack.Press("U901", here, label).Err, label)
		}
		require.NoError(t, other.slack.Mention("U901", salesInSlack, m.TS, "won").Err)
	}
	form.User = "U901"
	require.NoError(t, other.slack.Submit("U901", form, map[string]any{"Which company is the deal with?": "Thistle"}).Err)
	for _, line := range []string{"#1", "won #1", "lost #1 price", "find Quillfern", "company Quillfern", "assign #1 <@" + annaInSlack + ">", "remove Anna", "list", "undo"} {
		require.NoError(t, other.slack.DirectMessage("U901", "", line).Err, line)
	}

	// In Telegram one bot serves both workspaces.
	h.more = []string{"--workspace", "other"}
	h.invite(gleb, "admin")
	for _, m := range h.telegram.Said(vera) {
		for _, row := range m.Keyboard {
			for _, b := range row {
				require.True(t, h.telegram.PressData(gleb, gleb, m.ID, b.Data).OK(), b.Text)
			}
		}
	}
	for _, line := range []string{"#1", "won #1", "find Quillfern", "remove Vera", "list"} {
		require.True(t, h.telegram.Private(gleb, line).OK(), line)
	}
	require.True(t, h.telegram.Group(gleb, salesInTelegram, "@"+h.telegram.Username+" won #1").OK())
	for _, command := range []string{"connect", "disconnect", "announce"} {
		require.True(t, h.telegram.Group(gleb, salesInTelegram, "/"+command+"@"+h.telegram.Username+" off").OK(), command)
	}
	h.delivered()
	require.Equal(t, before, h.belongings(), "rows of the first workspace have changed")
	require.Equal(t, 1, count(t, h.url, "chats c JOIN workspaces w ON w.id = c.workspace_id WHERE c.door = 'telegram' AND w.name = 'main'"))
	for _, m := range other.slack.FromBot() {
		require.NotRegexp(t, `12,000|they want it|Quillfern.*(Lead|Anna)`, m.Plain())
	}
	for _, m := range h.telegram.Said(gleb) {
		require.NotRegexp(t, `12,000|they want it|Quillfern.*(Lead|Anna)`, m.Text)
	}
	sound(t, home.log())
	foreign.end()
	home.end()
	require.Empty(t, h.telegram.Mistakes())
}

// belongings is everything of the first workspace that somebody from elsewhere could have changed.
func (h *house) belongings() string {
	h.tb.Helper()
	pool := pgtest.Pool(h.tb, h.url)
	var all strings.Builder
	for _, table := range []string{"companies", "deals", "moves", "activities", "changes", "chats", "circles", "applications"} {
		var kept string
		require.NoError(h.tb, pool.QueryRow(h.tb.Context(), "SELECT coalesce(string_agg(to_jsonb(r)::text, E'\n' ORDER BY to_jsonb(r)::text), '') FROM "+
			table+" r JOIN workspaces w ON w.id = r.workspace_id AND w.name = 'main'").Scan(&kept), table)
		all.WriteString(table + "\n" + kept + "\n")
	}
	return all.String()
}

// TestARepCannotDoWhatAdminsDo types and presses what only admins may.
func TestARepCannotDoWhatAdminsDo(t *testing.T) {
	t.Parallel()
	h := newHouse(t, pgtest.New(t, migrated))
	v := h.serve()
	h.settle()
	h.invite(gleb, "rep")
	h.slack.AddUser(slacktest.User{ID: "U0NEW", Name: "nell", RealName: "Nell", TZ: "UTC"})
	require.NoError(t, h.slack.DirectMessage("U0NEW", "", "hello").Err)
	ask := shownTo(t, h, slacktest.Buttons(h.slack.Latest(h.slack.DM("U0NEW")))[0])
	require.NoError(t, h.slack.Press("U0NEW", ask, slacktest.Buttons(ask)[0]).Err)
	h.delivered()
	asked := slices.IndexFunc(h.slack.FromBot(), func(m slacktest.Message) bool {
		return m.Channel == h.slack.DM(annaInSlack) && strings.Contains(m.Plain(), "Nell")
	})
	require.GreaterOrEqual(t, asked, 0, "the admin is asked")
	request := h.slack.FromBot()[asked]
	require.NotEmpty(t, slacktest.Buttons(request))

	people := func() string {
		var all string
		require.NoError(t, pgtest.Pool(t, h.url).QueryRow(t.Context(), `SELECT
			(SELECT string_agg(name || role || active, ',' ORDER BY name) FROM members)
			|| (SELECT string_agg(external_id || announces || internal, ',' ORDER BY external_id) FROM chats)
			|| (SELECT string_agg(external_id, ',' ORDER BY external_id) FROM circles)`).Scan(&all))
		return all
	}
	require.NoError(t, h.slack.DirectMessage(boris, "", "help").Err)
	before := people()
	stolen := request
	stolen.Channel, stolen.Only = salesInSlack, ""
	for _, label := range slacktest.Buttons(request) {
		require.NoError(t, h.slack.Press(boris, stolen, label).Err, label)
	}
	lines := []string{
		"invite admin", "invite manager", "remove Anna", "role Boris admin", "role Gleb admin", "access add <#" + openChannel + "|general>",
		"access remove <#" + salesInSlack + "|sales>", "connect internal", "disconnect", "announce on", "approve k7m2x rep", "transfer Anna to Boris",
	}
	for _, line := range lines {
		require.NoError(t, h.slack.DirectMessage(boris, "", line).Err, line)
		require.NoError(t, h.slack.Command(boris, salesInSlack, "/deal", line).Err, line)
		require.True(t, h.telegram.Private(gleb, line).OK(), line)
	}
	for _, line := range []string{"/disconnect", "/announce@" + h.telegram.Username + " on", "/connect@" + h.telegram.Username + " external"} {
		require.True(t, h.telegram.Group(gleb, salesInTelegram, line).OK(), line)
	}
	h.delivered()
	require.Equal(t, before, people())
	require.Empty(t, h.toSlack("Code:"))
	require.Equal(t, 2, count(t, h.url, "invitations"), "Vera's and Gleb's are the only ones")
	v.end()
	h.clean()
}

// TestAQuestionIsForWhomItWasPutTo has a colleague press the buttons of a question.
func TestAQuestionIsForWhomItWasPutTo(t *testing.T) {
	t.Parallel()
	h := newHouse(t, pgtest.New(t, migrated))
	v := h.serve()
	h.settle()
	h.invite(gleb, "rep")
	at := "@" + h.telegram.Username + " "
	require.True(t, h.telegram.Group(vera, salesInTelegram, at+"new Alder Works 12k").OK())
	require.True(t, h.telegram.Group(vera, salesInTelegram, at+"lost Alder").OK())
	question := h.telegram.Await(salesInTelegram, func(m telegramtest.Message) bool { _, ok := m.Button("Price"); return ok })
	require.NoError(t, h.slack.Mention(annaInSlack, salesInSlack, "", "lost Alder").Err)
	inSlack := shownTo(t, h, "Price")

	require.True(t, h.telegram.Press(gleb, question, "Price").OK())
	h.telegram.Until(func() bool { return len(h.telegram.Answers()) == 1 })
	require.NotEmpty(t, h.telegram.Answers()[0].Text, "it is said whose question it is")
	if inSlack.Only == "" {
		require.NoError(t, h.slack.Select(boris, inSlack, "Choose…", "Price").Err)
	}
	require.Zero(t, count(t, h.url, "changes WHERE verb = 'lose'"))
	require.Equal(t, 1, count(t, h.url, "deals WHERE closed_at IS NULL"))

	require.True(t, h.telegram.Press(vera, question, "Price").OK())
	h.delivered()
	require.Zero(t, count(t, h.url, "deals WHERE closed_at IS NULL"), "her own press counts")
	v.end()
	h.clean()
}
