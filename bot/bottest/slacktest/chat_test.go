package slacktest_test

import (
	"strings"
	"testing"

	slackapi "github.com/slack-go/slack"
	"github.com/stretchr/testify/require"

	"funnelbot/bot/bottest/slacktest"
)

func TestTheAPIRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ method, body, says string }{
		"a method that is not":       {"chat.shout", `{}`, "unknown_method"},
		"an argument that is not":    {"chat.postMessage", `{"channel":"C1","text":"a","colour":"red"}`, "invalid_arguments"},
		"no channel":                 {"chat.postMessage", `{"text":"a"}`, "invalid_arguments"},
		"a wrong channel":            {"chat.postMessage", `{"channel":"C9","text":"a"}`, "channel_not_found"},
		"nothing to say":             {"chat.postMessage", `{"channel":"C1"}`, "no_text"},
		"no blocks and no text":      {"chat.postMessage", `{"channel":"C1","blocks":[]}`, "no_text"},
		"a long text":                {"chat.postMessage", `{"channel":"C1","text":"` + long(40001) + `"}`, "msg_too_long"},
		"long blocks":                {"chat.postMessage", `{"channel":"C1","text":"a","blocks":[` + times(5, section(long(2500))) + `]}`, "msg_blocks_too_long"},
		"a strange thread":           {"chat.postMessage", `{"channel":"C1","text":"a","thread_ts":"yesterday"}`, "invalid_thread_ts"},
		"half metadata":              {"chat.postMessage", `{"channel":"C1","text":"a","metadata":{"event_type":"a"}}`, "invalid_metadata_format"},
		"another's channel":          {"chat.postMessage", `{"channel":"C2","text":"a"}`, "not_in_channel"},
		"a private channel":          {"chat.postMessage", `{"channel":"G1","text":"a"}`, "channel_not_found"},
		"an archived channel":        {"chat.postMessage", `{"channel":"C3","text":"a"}`, "is_archived"},
		"an ephemeral to a stranger": {"chat.postEphemeral", `{"channel":"C1","user":"U9","text":"a"}`, "user_not_in_channel"},
		"an update of nothing":       {"chat.update", `{"channel":"C1","ts":"1700000000.000001","text":"a"}`, "message_not_found"},
		"a permalink of nothing":     {"chat.getPermalink", `{"channel":"C1","message_ts":"1700000000.000001"}`, "message_not_found"},
		"a user that is not":         {"users.info", `{"user":"U9"}`, "user_not_found"},
		"a thread that is not":       {"conversations.replies", `{"channel":"C1","ts":"1700000000.000001"}`, "thread_not_found"},
		"a cursor of another list":   {"conversations.members", `{"channel":"C1","cursor":"abc"}`, "invalid_cursor"},
		"a group that is not":        {"usergroups.users.list", `{"usergroup":"S9"}`, "no_such_subteam"},
		"a bot token for sockets":    {"apps.connections.open", `{}`, "not_allowed_token_type"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _ := workspace(t)
			s.AddChannel(slacktest.Channel{ID: "C2", Name: "support"})
			s.AddChannel(slacktest.Channel{ID: "C3", Name: "old", IsArchived: true, BotIsMember: true})
			s.AddChannel(slacktest.Channel{ID: "G1", Name: "board", IsPrivate: true})

			require.Equal(t, c.says, call(t.Context(), t, s, s.Token, c.method, c.body).Error)
			require.Len(t, s.Refusals(), 1)
			require.Empty(t, s.FromBot())
		})
	}
}

func TestTokensAndScopesAreChecked(t *testing.T) {
	t.Parallel()
	s, _ := workspace(t)
	say := `{"channel":"C1","text":"a"}`

	require.Equal(t, "not_authed", call(t.Context(), t, s, "", "auth.test", `{}`).Error)
	require.Equal(t, "invalid_auth", call(t.Context(), t, s, "xoxb-other", "auth.test", `{}`).Error)
	s.Scopes = []string{"commands"}
	require.Equal(t, "missing_scope", call(t.Context(), t, s, s.Token, "chat.postMessage", say).Error)
	s.Scopes = []string{"chat:write", "chat:write.public"}
	s.AddChannel(slacktest.Channel{ID: "C2", Name: "support"})
	require.True(t, call(t.Context(), t, s, s.Token, "chat.postMessage", strings.ReplaceAll(say, "C1", "C2")).OK)
	s.Uninstalled()
	require.Equal(t, "account_inactive", call(t.Context(), t, s, s.Token, "auth.test", `{}`).Error)
}

func TestTheLibraryReadsTheWorkspace(t *testing.T) {
	t.Parallel()
	s, api := workspace(t)
	s.AddGroup(slacktest.Group{ID: "S1", Name: "Sales", Handle: "sales", Members: []string{"U1"}})
	ctx := t.Context()

	who, err := api.AuthTestContext(ctx)
	require.NoError(t, err)
	require.Equal(t, s.BotUserID, who.UserID)
	require.Contains(t, who.Header.Get("X-OAuth-Scopes"), "chat:write")
	ann, err := api.GetUserInfoContext(ctx, "U1")
	require.NoError(t, err)
	require.Equal(t, []string{"ru-RU", "Europe/Moscow"}, []string{ann.Locale, ann.TZ})
	people, err := api.GetUsersContext(ctx, slackapi.GetUsersOptionLimit(1))
	require.NoError(t, err)
	require.Len(t, people, 3)
	first, next, err := api.GetUsersInConversationContext(ctx, &slackapi.GetUsersInConversationParameters{ChannelID: "C1", Limit: 2})
	require.NoError(t, err)
	rest, last, err := api.GetUsersInConversationContext(ctx, &slackapi.GetUsersInConversationParameters{ChannelID: "C1", Limit: 2, Cursor: next})
	require.NoError(t, err)
	require.Equal(t, []string{"U1", "U2", s.BotUserID}, append(first, rest...))
	require.Empty(t, last)
	info, err := api.GetConversationInfoContext(ctx, &slackapi.GetConversationInfoInput{ChannelID: "C1"})
	require.NoError(t, err)
	require.True(t, info.IsMember)
	groups, err := api.GetUserGroupsContext(ctx, slackapi.GetUserGroupsOptionIncludeUsers(true))
	require.NoError(t, err)
	require.Equal(t, []string{"U1"}, groups[0].Users)
	members, err := api.GetUserGroupMembersContext(ctx, "S1")
	require.NoError(t, err)
	require.Equal(t, []string{"U1"}, members)
	team, err := api.GetTeamInfoContext(ctx)
	require.NoError(t, err)
	require.Equal(t, s.TeamID, team.ID)
	dm, _, open, err := api.OpenConversationContext(ctx, &slackapi.OpenConversationParameters{Users: []string{"U1"}})
	require.NoError(t, err)
	require.False(t, open)
	require.Equal(t, s.DM("U1"), dm.ID)
	require.Empty(t, s.Refusals())
}

func TestThreadsAreKeptApart(t *testing.T) {
	t.Parallel()
	s, api := workspace(t)
	ctx := t.Context()
	_, parent, err := api.PostMessageContext(ctx, "C1", slackapi.MsgOptionText("one", false))
	require.NoError(t, err)
	_, reply, err := api.PostMessageContext(ctx, "C1", slackapi.MsgOptionText("two", false), slackapi.MsgOptionTS(parent))
	require.NoError(t, err)

	_, _, err = api.PostMessageContext(ctx, "C1", slackapi.MsgOptionText("three", false), slackapi.MsgOptionTS(reply))
	require.EqualError(t, err, "cannot_reply_to_message")
	thread, _, _, err := api.GetConversationRepliesContext(ctx, &slackapi.GetConversationRepliesParameters{ChannelID: "C1", Timestamp: parent})
	require.NoError(t, err)
	page, err := api.GetConversationHistoryContext(ctx, &slackapi.GetConversationHistoryParameters{ChannelID: "C1"})
	require.NoError(t, err)
	link, err := api.GetPermalinkContext(ctx, &slackapi.PermalinkParameters{Channel: "C1", Ts: reply})
	require.NoError(t, err)

	require.Len(t, thread, 2)
	require.Len(t, page.Messages, 1)
	require.Equal(t, 1, page.Messages[0].ReplyCount)
	require.Contains(t, link, "thread_ts="+parent)
	require.Len(t, s.Thread("C1", parent), 2)
	_, _, err = api.DeleteMessageContext(ctx, "C1", parent)
	require.NoError(t, err)
	_, _, said, err := api.PostMessageWithResponseContext(ctx, "C1", slackapi.MsgOptionText("four", false), slackapi.MsgOptionTS(parent))
	require.NoError(t, err)
	require.Empty(t, said.ThreadTimestamp, "a reply to what is gone stands by itself")
}

func TestOnlyTheBotsMessagesCanBeChanged(t *testing.T) {
	t.Parallel()
	s, api := workspace(t)
	hers := s.Says("U1", "C1", "", "mine")
	whisper, err := api.PostEphemeralContext(t.Context(), "C1", "U1", slackapi.MsgOptionText("psst", false))
	require.NoError(t, err)
	_, ts, err := api.PostMessageContext(t.Context(), "C1", slackapi.MsgOptionText("ours", false))
	require.NoError(t, err)

	_, _, _, err = api.UpdateMessageContext(t.Context(), "C1", hers.TS, slackapi.MsgOptionText("b", false))
	require.EqualError(t, err, "cant_update_message")
	_, _, err = api.DeleteMessageContext(t.Context(), "C1", hers.TS)
	require.EqualError(t, err, "cant_delete_message")
	_, _, _, err = api.UpdateMessageContext(t.Context(), "C1", whisper, slackapi.MsgOptionText("b", false))
	require.EqualError(t, err, "message_not_found")
	_, _, _, err = api.UpdateMessageContext(t.Context(), "C1", ts, slackapi.MsgOptionText(long(4001), false))
	require.EqualError(t, err, "msg_too_long")
	require.Empty(t, s.Ephemerals("U2"))
	require.Len(t, s.Messages("C1"), 2)
}

func TestMentionsThatReachPeopleAreSeen(t *testing.T) {
	t.Parallel()
	hostile := "<!channel> <@U1> <!subteam^S1|sales> <!here|here>"
	mrkdwn := func(text string, verbatim bool) slackapi.MsgOption {
		return slackapi.MsgOptionBlocks(slackapi.NewSectionBlock(slackapi.NewTextBlockObject("mrkdwn", text, false, verbatim), nil, nil))
	}
	for name, c := range map[string]struct {
		options []slackapi.MsgOption
		want    []string
	}{
		"text":             {[]slackapi.MsgOption{slackapi.MsgOptionText(hostile, false)}, []string{"!channel", "@U1", "!subteam^S1", "!here"}},
		"escaped text":     {[]slackapi.MsgOption{slackapi.MsgOptionText(hostile, true)}, nil},
		"mrkdwn":           {[]slackapi.MsgOption{mrkdwn("<!everyone>", true)}, []string{"!everyone"}},
		"parsed mrkdwn":    {[]slackapi.MsgOption{mrkdwn("hi @channel", false)}, []string{"!channel"}},
		"verbatim mrkdwn":  {[]slackapi.MsgOption{mrkdwn("hi @channel, ann@here.example", true)}, nil},
		"an address":       {[]slackapi.MsgOption{mrkdwn("ann@here.example", false)}, nil},
		"text is not read": {[]slackapi.MsgOption{slackapi.MsgOptionText("hi @channel", false)}, nil},
		"but with names":   {[]slackapi.MsgOption{slackapi.MsgOptionText("@here", false), slackapi.MsgOptionLinkNames(true)}, []string{"!here"}},
		"plain_text": {[]slackapi.MsgOption{slackapi.MsgOptionBlocks(
			slackapi.NewSectionBlock(slackapi.NewTextBlockObject("plain_text", hostile, false, false), nil, nil))}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, api := workspace(t)
			_, _, err := api.PostMessageContext(t.Context(), "C1", c.options...)
			require.NoError(t, err)
			require.Equal(t, c.want, s.Latest("C1").Notifies)
		})
	}
}
