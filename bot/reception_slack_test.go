package bot_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/bot"
	"funnelbot/bot/message"
	"funnelbot/commands"
	"funnelbot/funnel"
)

func fields(doc message.Doc) string {
	var all strings.Builder
	for _, b := range doc.Blocks {
		if b, ok := b.(message.Fields); ok {
			for _, f := range b.Fields {
				all.WriteString(f.Label + ": " + f.Value.String() + "\n")
			}
		}
	}
	return all.String()
}

// installed is a lobby whose Slack has its first admin, U1.
func installed(t *testing.T) *lobby {
	t.Helper()
	l := newLobby(t)
	l.slack.set("U1", bot.Vouched{Installer: true})
	require.Contains(t, l.says(t, l.private("slack", "U1", "members")), "with the role “administrator”")
	return l
}

func TestTheInstallerIsTheFirstAdminAndOnlyTheFirst(t *testing.T) {
	t.Parallel()
	l := installed(t)
	l.slack.set("U2", bot.Vouched{Installer: true})
	require.Contains(t, l.says(t, l.private("slack", "U2", "members")), mayAsk, "there is an admin already")
	require.Equal(t, 1, l.rows(t, "members WHERE role = 'admin'"))
}

func TestGuestsAndPeopleFromElsewhereAreRefused(t *testing.T) {
	t.Parallel()
	l := installed(t)
	l.slack.set("U3", bot.Vouched{Outsider: true})
	l.slack.set("U4", bot.Vouched{Outsider: true, Installer: true, Circle: "C1"})
	met := l.says(t, l.private("slack", "U3", "list"))
	require.Contains(t, met, turned)
	code := l.code(t, l.bluefin, funnel.Admin)
	foreign := l.private("slack", "U5", "list")
	foreign.Caller.Team = "T2"
	require.Equal(t, met, l.says(t, foreign), "a team that is nobody's")
	for _, v := range []bot.Visit{
		l.private("slack", "U4", "list"), l.private("slack", "U3", "join "+code), l.group("slack", "U3", "C1", "show #1"),
		pressing(l.private("slack", "U3", ""), commands.ActionApply),
	} {
		require.Equal(t, met, l.says(t, v), v.Text)
	}
	require.Zero(t, l.rows(t, "applications"))
	require.Zero(t, l.rows(t, "identities WHERE external_id IN ('U3', 'U4', 'U5')"))
}

func TestMembersOfACircleSpeakWhileTheyAreInIt(t *testing.T) {
	t.Parallel()
	l := installed(t)
	l.slack.set("U2", bot.Vouched{Circle: "C024BE7LR"})
	require.Contains(t, l.says(t, l.private("slack", "U2", "list")), mayAsk)
	require.Contains(t, l.says(t, l.private("slack", "U1", "access add <#C024BE7LR|sales>")), "Members of #sales may speak with me")
	require.Contains(t, l.says(t, l.private("slack", "U2", "list")), "You have no open deals")
	require.Equal(t, 1, l.rows(t, "members WHERE role = 'rep'"))

	asked := l.slack.asked
	l.advance(9 * time.Minute)
	l.says(t, l.private("slack", "U2", "list"))
	require.Equal(t, asked, l.slack.asked, "the platform is not asked every time")
	l.advance(time.Minute)
	l.says(t, l.private("slack", "U2", "list"))
	l.says(t, l.private("slack", "U2", "list"))
	require.Equal(t, asked+1, l.slack.asked)

	l.slack.set("U2", bot.Vouched{})
	l.advance(10 * time.Minute)
	require.Contains(t, l.says(t, l.private("slack", "U2", "list")), mayAsk)
	require.InDelta(t, 1, l.counted(t, "funnelbot_refused_total", "slack", "left"), 0)
	l.slack.set("U2", bot.Vouched{Circle: "C024BE7LR"})
	l.advance(time.Minute)
	require.Contains(t, l.says(t, l.private("slack", "U2", "list")), "You have no open deals", "who comes back is who they were")
	require.Equal(t, 1, l.rows(t, "members WHERE role = 'rep'"))
}

func TestACircleThatIsRemovedLetsNobodyIn(t *testing.T) {
	t.Parallel()
	l := installed(t)
	l.slack.set("U2", bot.Vouched{Circle: "C024BE7LR"})
	l.says(t, l.private("slack", "U1", "access add <#C024BE7LR|sales>"))
	require.Contains(t, l.says(t, l.private("slack", "U2", "list")), "You have no open deals")
	require.Contains(t, l.says(t, pressing(l.private("slack", "U1", ""), "access:0:0:C024BE7LR")), "need an invitation from now on")
	l.advance(10 * time.Minute)
	require.Contains(t, l.says(t, l.private("slack", "U2", "list")), mayAsk)
	require.Contains(t, l.says(t, l.private("slack", "U1", "access add #sales")), "Pick it from the list that Slack opens")
}

func TestAPlatformThatDoesNotAnswerLocksNobodyOutForAnHour(t *testing.T) {
	t.Parallel()
	l := installed(t)
	l.slack.set("U2", bot.Vouched{Circle: "C024BE7LR"})
	l.says(t, l.private("slack", "U1", "access add <#C024BE7LR|sales>"))
	l.says(t, l.private("slack", "U2", "list"))
	l.slack.change(func() { l.slack.broken = true })
	l.advance(11 * time.Minute)
	asked := l.slack.asked
	require.Contains(t, l.says(t, l.private("slack", "U2", "list")), "You have no open deals")
	require.Contains(t, l.says(t, l.private("slack", "U2", "list")), "You have no open deals")
	require.Equal(t, asked+1, l.slack.asked, "it is not asked again at once")
	l.advance(time.Hour)
	require.Contains(t, l.says(t, l.private("slack", "U2", "list")), "I cannot check right now")
	require.Contains(t, l.says(t, l.private("slack", "U9", "list")), "I cannot check right now", "somebody new")
	require.Contains(t, l.says(t, l.private("slack", "U9", "join "+l.code(t, l.bluefin, funnel.Rep))), "I cannot check right now")
	require.Contains(t, l.says(t, l.private("slack", "U1", "list")), "You have no open deals", "the admin needs no circle")
}

func TestWhoBecomesAGuestMaySpeakNoMoreHoweverTheyCame(t *testing.T) {
	t.Parallel()
	l := installed(t)
	_, err := l.service.Redeem(t.Context(), caller("slack", "U2", "Boris Lind"), l.code(t, l.bluefin, funnel.Admin))
	require.NoError(t, err)
	for _, id := range []string{"U1", "U2"} {
		l.says(t, l.private("slack", id, "list"))
	}
	asked := l.slack.asked
	l.advance(9 * time.Minute)
	l.says(t, l.private("slack", "U2", "list"))
	require.Equal(t, asked, l.slack.asked, "the platform is not asked every time")

	l.advance(time.Minute)
	require.Contains(t, l.says(t, l.private("slack", "U2", "list")), "You have no open deals", "nobody needs a circle who was invited")
	require.Equal(t, asked+1, l.slack.asked)
	for i, id := range []string{"U1", "U2"} {
		l.slack.set(id, bot.Vouched{Outsider: true, Circle: "C024BE7LR", Installer: true})
		l.advance(10 * time.Minute)
		require.Contains(t, l.says(t, l.private("slack", id, "list")), turned)
		require.Equal(t, i+1, l.rows(t, "identities WHERE suspended_at IS NOT NULL"))
	}
	require.Equal(t, 2, l.rows(t, "changes WHERE verb = 'suspend' AND before->'access'->>'reason' = 'outsider'"))
	l.slack.set("U1", bot.Vouched{Installer: true})
	l.advance(time.Minute)
	require.Contains(t, l.says(t, l.private("slack", "U1", "members")), "with the role “administrator”", "a mistake of the platform can be mended")
}

func TestAPersonWhoSpeaksInAChannelOfSlackCanBeReached(t *testing.T) {
	t.Parallel()
	l := installed(t)
	require.NoError(t, l.store.Gone(t.Context(), l.bluefin.ID, "slack:U1", "account_inactive"))
	l.says(t, l.group("slack", "U1", "C1", "list"))
	require.Zero(t, l.rows(t, "identities WHERE gone_at IS NOT NULL"))
}

func TestAnAdminDecidesWhoIsLetIn(t *testing.T) {
	t.Parallel()
	l := installed(t)
	l.slack.set("U2", bot.Vouched{Circle: "C024BE7LR"})
	l.says(t, l.private("slack", "U1", "access add <#C024BE7LR|sales>"))
	l.says(t, l.private("slack", "U2", "help"))

	asking := l.doc(t, l.private("slack", "U7", "list"))
	require.Equal(t, []string{commands.ActionApply}, actions(asking))
	ask := func() string { return l.says(t, pressing(l.private("slack", "U7", ""), commands.ActionApply)) }
	require.Contains(t, ask(), "I have asked the administrators")
	require.Contains(t, ask(), "I have asked the administrators")
	require.Equal(t, 1, l.rows(t, "applications"))
	require.Equal(t, 1, l.rows(t, "outbox WHERE kind = 'application' AND lane = 'slack:U1'"), "the admin is told once")

	var code string
	require.NoError(t, l.pool.QueryRow(t.Context(), "SELECT code FROM applications").Scan(&code))
	approve := "approve:0:0:" + code + ".manager"
	require.LessOrEqual(t, len(approve), message.MaxAction)
	require.Contains(t, l.says(t, pressing(l.private("slack", "U2", ""), approve)), "This needs the role “administrator”")
	waiting := l.doc(t, l.private("slack", "U7", "list"))
	require.Contains(t, words(waiting), "I have asked the administrators")
	require.Empty(t, actions(waiting), "there is nothing to ask again")
	require.Contains(t, l.says(t, pressing(l.private("slack", "U1", ""), approve)), "takes part now, with the role “manager”")
	require.Contains(t, l.says(t, pressing(l.private("slack", "U1", ""), approve)), "This request has been answered before")
	require.Contains(t, l.says(t, l.private("slack", "U7", "list")), "You have no open deals")
	require.Equal(t, 1, l.rows(t, "outbox WHERE kind = 'admitted' AND lane = 'slack:U7'"))
	require.Contains(t, ask(), "You take part here already", "the old button")

	l.says(t, l.private("slack", "U8", "list"))
	l.says(t, pressing(l.private("slack", "U8", ""), commands.ActionApply))
	require.NoError(t, l.pool.QueryRow(t.Context(), "SELECT code FROM applications WHERE external_id = 'U8'").Scan(&code))
	require.Contains(t, l.says(t, l.private("slack", "U1", "decline "+code)), "The request of Person U8 is turned down")
	require.Contains(t, l.says(t, l.private("slack", "U8", "list")), mayAsk)
	again := l.says(t, pressing(l.private("slack", "U8", ""), commands.ActionApply))
	require.Contains(t, again, "I work only with members of the team", "the admins are not asked again so soon, and nobody says so")
	require.Equal(t, 1, l.rows(t, "applications WHERE external_id = 'U8'"))
}

func TestRolesAreAskedForWhenSomebodyIsLetIn(t *testing.T) {
	t.Parallel()
	l := installed(t)
	l.says(t, pressing(l.private("slack", "U7", ""), commands.ActionApply))
	var code string
	require.NoError(t, l.pool.QueryRow(t.Context(), "SELECT code FROM applications").Scan(&code))
	l.says(t, l.private("slack", "U1", "approve "+code))
	answer := l.private("slack", "U1", "manager")
	require.Contains(t, l.says(t, answer), "takes part now, with the role “manager”")
	require.Contains(t, l.says(t, answer), "takes part now, with the role “manager”", "the same delivery once more")
	require.Contains(t, l.says(t, l.private("slack", "U1", "approve 0000000000 rep")), "There is no such request")
	require.Contains(t, l.says(t, l.private("slack", "U1", "approve")), "Please use the buttons under the request")
}

func TestSlackChannelsNeedNoConnectionAndKnowWhoReadsThem(t *testing.T) {
	t.Parallel()
	l := installed(t)
	require.Contains(t, l.says(t, l.group("slack", "U1", "C1", "list")), "You have no open deals")
	require.Contains(t, l.says(t, l.group("slack", "U1", "C1", "announce on")), "An administrator connects it")
	doc := l.doc(t, l.group("slack", "U1", "C1", "connect"))
	require.Contains(t, words(doc), "Everybody here who takes part")
	require.True(t, doc.Shared)
	shared := l.group("slack", "U1", "C2", "connect internal")
	shared.Venue.Foreign = true
	require.Contains(t, l.says(t, shared), "Outsiders read it", "the platform knows better")
	require.Contains(t, l.says(t, l.group("slack", "U1", "C1", "announce on")), "I tell this chat of deals")
	require.Equal(t, 1, l.rows(t, "chats WHERE announces AND external_id = 'C1'"))
	require.Contains(t, l.says(t, l.private("slack", "U1", "connect")), "Please type it there")
}
