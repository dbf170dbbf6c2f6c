package slack

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/bot"
	"funnelbot/bot/bottest/slacktest"
	"funnelbot/bot/message"
	"funnelbot/commands"
	"funnelbot/funnel"
)

func TestACommandIsAVisitOfTheOneWhoTypedIt(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(bot.Visit) message.Doc { return para("here you are") })

	require.NoError(t, h.Command("U2", "C1", "/deal", "move 42 to <@U1|anna>  &amp; <http://bluefin.example|bluefin.example>").Err)

	v := h.last(t)
	require.Equal(t, "/move 42 to @U1 & bluefin.example", v.Text)
	require.Equal(t, funnel.Caller{
		Door: "slack", Team: "T0TEAM", External: "U2", Name: "Борис", Handle: "boris", Locale: funnel.Russian, Zone: "Europe/Moscow",
	}, v.Caller)
	require.Equal(t, commands.Venue{External: "C1", Title: "sales"}, v.Venue)
	require.Equal(t, "C1", v.Place)
	require.Equal(t, "here you are", h.Ephemerals("U2")[0].Plain())
	require.Empty(t, h.Messages("C1"), "what one person asks is for that person")
	require.Empty(t, h.Errors())
}

func TestCommandsSayWhatCouldBeTyped(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(bot.Visit) message.Doc { return para("x") })

	for _, c := range []struct{ command, text, want string }{
		{"/deal", "", "help"},
		{"/deal", "  ", "help"},
		{"/deal", "list team", "/list team"},
		{"/deal", "Новая сделка Ромашка", "/Новая сделка Ромашка"},
		{"/deal", "500k", "500k"},
		{"/deal", "newer ones", "newer ones"},
		{"/deal", "back", "back"},
		{"/deal", "back acme", "/back acme"},
		{"/deal", "Отмена", "Отмена"},
		{"/deal", "company", "company"},
		{"/funnel", "", "/funnel"},
		{"/funnel", "october", "/funnel october"},
	} {
		require.NoError(t, h.Command("U1", "C1", c.command, c.text).Err)
		require.Equal(t, c.want, h.last(t).Text)
	}
}

func TestWhatTheTeamShouldSeeIsPostedInTheChannel(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(bot.Visit) message.Doc { return shared("#42 Bluefin is won") })

	require.NoError(t, h.Command("U1", "C1", "/deal", "won 42").Err)
	h.settled(t)

	require.Equal(t, "#42 Bluefin is won\n[Move]", h.Latest("C1").Plain())
	require.Empty(t, h.Ephemerals("U1"))
	require.Equal(t, []string{"slack:C1"}, h.box.lanes())
	for id, ts := range h.box.delivered {
		require.Equal(t, h.Latest("C1").TS, ts)
		require.Equal(t, funnel.ID{1}, h.box.claimed[id].Workspace)
		require.Subset(t, h.Latest("C1").Metadata["event_payload"], map[string]any{"notice": id.String()})
	}
}

func TestWhereTheBotIsNotSlackPostsForThePerson(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(bot.Visit) message.Doc { return shared("#42 Bluefin is won") })

	require.NoError(t, h.Command("U1", "C2", "/deal", "won 42").Err)
	h.settled(t)

	require.Equal(t, "#42 Bluefin is won\n[Move]", h.Latest("C2").Plain())
	require.Equal(t, "not_in_channel", h.Refusals()[0].Error)
	h.Forget()
}

func TestTheFirstMessageAboutADealIsTheRootOfItsThread(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(bot.Visit) message.Doc { return shared("#42 Bluefin") })
	require.NoError(t, h.Command("U1", "C1", "/deal", "show 42").Err)
	h.settled(t)
	root := h.Latest("C1")

	require.NoError(t, h.Mention("U2", "C1", root.TS, "log called them").Err)
	h.settled(t)
	require.Equal(t, root.TS, h.last(t).Root)
	require.Equal(t, "C1/"+root.TS, h.last(t).Place)
	require.Len(t, h.Thread("C1", root.TS), 3)

	require.NoError(t, h.Press("U2", root, "Move").Err)
	h.settled(t)
	require.Equal(t, root.TS, h.last(t).Root, "a button of the root speaks about it as well")
	require.Equal(t, &bot.Press{Action: "move:42:7"}, h.last(t).Press)
	require.Len(t, h.Thread("C1", root.TS), 4)
}

func TestMentionsAreHeardWhereverTheNameStands(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(bot.Visit) message.Doc { return para("only for you") })

	for _, typed := range []string{", move 42", "move <@U0BOT|funnelbot> 42", "  move 42 <@U0BOT>"} {
		require.NoError(t, h.Mention("U1", "C1", "", typed).Err)
		require.Equal(t, "move 42", h.last(t).Text)
	}
	h.settled(t)
	require.Len(t, h.Ephemerals("U1"), 3)
	require.Equal(t, "only for you", h.Ephemerals("U1")[0].Plain())
	require.Equal(t, []string{"slack:U1", "slack:U1", "slack:U1"}, h.box.lanes(), "should it fail, it is owed to the person")
}

func TestDirectMessagesAreAnsweredByMessages(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(v bot.Visit) message.Doc {
		if v.Text == "won 42" {
			return shared("won")
		}
		return para("hello")
	})

	require.NoError(t, h.DirectMessage("U1", "", "help").Err)
	require.NoError(t, h.DirectMessage("U1", "", "won 42").Err)
	h.settled(t)

	require.True(t, h.last(t).Venue.Private)
	require.Equal(t, "U1", h.last(t).Venue.External)
	said := h.Messages(h.DM("U1"))
	require.Equal(t, "hello", said[1].Plain())
	require.Equal(t, "won\n[Move]", said[3].Plain())

	require.NoError(t, h.Command("U1", h.DM("U1"), "/deal", "help").Err)
	require.True(t, h.last(t).Venue.Private)
	require.Equal(t, "hello", h.Latest(h.DM("U1")).Plain())
}

func TestACommandBetweenTwoPeopleIsNotPrivate(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(bot.Visit) message.Doc { return para("x") })
	h.AddChannel(slacktest.Channel{ID: "D0PAIR", IsIM: true, IsPrivate: true, Members: []string{"U1", "U3"}})

	require.NoError(t, h.Command("U1", "D0PAIR", "/deal", "list").Err)

	require.Equal(t, commands.Venue{External: "D0PAIR", Foreign: true}, h.last(t).Venue)
	require.Len(t, h.Ephemerals("U1"), 1)
	require.Equal(t, "channel_not_found", h.Refusals()[0].Error)
	h.Forget()
}

func TestChannelsWithOtherCompaniesAreForeign(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(bot.Visit) message.Doc { return para("x") })

	require.NoError(t, h.Mention("U1", "C3", "", "list").Err)

	require.True(t, h.last(t).Venue.Foreign)
}

func TestBotsAndTheBotItselfAreNotHeard(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(bot.Visit) message.Doc { return para("x") })

	for _, ev := range []map[string]any{
		{"type": "app_mention", "user": "U1", "bot_id": "B9", "text": "list", "channel": "C1", "ts": "1.1"},
		{"type": "message", "channel_type": "im", "user": h.BotUserID, "text": "list", "channel": "D1", "ts": "1.1"},
		{"type": "message", "channel_type": "im", "user": "USLACKBOT", "text": "list", "channel": "D1", "ts": "1.1"},
		{"type": "message", "channel_type": "im", "user": "U1", "subtype": "message_changed", "channel": "D1", "ts": "1.1"},
		{"type": "message", "channel_type": "channel", "user": "U1", "text": "list", "channel": "C1", "ts": "1.1"},
		{"type": "reaction_added", "user": "U1", "item": map[string]any{"channel": "C1"}},
	} {
		require.Equal(t, ok, status(h.Event(ev)))
	}
	require.Zero(t, h.seen())
}

func TestForwardedMessagesAndFilesAreHandedOver(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(bot.Visit) message.Doc { return para("kept") })
	said := h.Says("U2", "C1", "", "They want <http://bluefin.example|40 seats> &lt;now&gt;")

	require.NoError(t, h.ForwardMessage("U1", "", said, "log this").Err)
	v := h.last(t)
	require.Equal(t, "log this", v.Text)
	require.Equal(t, commands.ClipMessage, v.Clip.Kind)
	require.Equal(t, "They want http://bluefin.example <now>", v.Clip.Text)
	require.Contains(t, v.Clip.Ref, "/archives/C1/p")

	require.NoError(t, h.ShareFile("U1", "C1", "offer.pdf", []byte("%PDF"), "for 42").Err)
	v = h.last(t)
	require.Equal(t, "for 42", v.Text)
	require.Equal(t, commands.ClipFile, v.Clip.Kind)
	require.Equal(t, "offer.pdf", v.Clip.Name)
	require.NotEmpty(t, v.Clip.Ref)

	require.NoError(t, h.MessageShortcut("U1", Shortcut, said).Err)
	h.settled(t)
	v = h.last(t)
	require.Equal(t, "Борис", v.Clip.From)
	require.Contains(t, v.Clip.Ref, "/archives/C1/p")
	require.WithinDuration(t, h.Now(), v.Clip.At, time.Minute)
	require.Empty(t, v.Text)
}

func TestTextsComeAsTheyWereTyped(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ sent, want string }{
		{"<mailto:anna@bluefin.example|anna@bluefin.example>", "anna@bluefin.example"},
		{"access add <#C123|sales> and <!subteam^S1|@reps>", "access add <#C123|sales> and <!subteam^S1|@reps>"},
		{"tell <!channel> &amp;amp; <!here|here>", "tell @channel &amp; @here"},
		{"see <https://a.example/x?a=1&amp;b=2>", "see https://a.example/x?a=1&b=2"},
		{"nul\x00 and \x1b[31m and \u202eevil\u202c\u200b", "nul and [31m and evil"},
		{"broken \xff utf", "broken utf"},
		{"a<b and c>d", "a<b and c>d"},
		{"<>", "<>"},
		{"<|>", "<|>"},
	} {
		require.Equal(t, c.want, said(c.sent, "U0BOT"), c.sent)
	}
}
