package telegramtest_test

import (
	"encoding/json"
	"net/http"
	"testing"

	tgbot "github.com/go-telegram/bot"
	tgmodels "github.com/go-telegram/bot/models"
	"github.com/stretchr/testify/require"

	"funnelbot/bot/bottest/telegramtest"
)

func decoded(t *testing.T, d telegramtest.Delivery) tgmodels.Update {
	t.Helper()
	require.False(t, d.Unseen)
	var u tgmodels.Update
	require.NoError(t, json.Unmarshal(d.Update.JSON, &u))
	return u
}

func TestPrivacyModeShowsOnlyWhatIsMeantForTheBot(t *testing.T) {
	t.Parallel()
	s, _ := setup(t)
	furnish(t, s)
	require.True(t, ask(t, s, "sendMessage", to(city, nil)).OK)
	own := s.Last(city).ID
	theirs := s.Group(ann, city, "between us").Message.ID

	for text, seen := range map[string]bool{
		"just talk":                        false,
		"/deals":                           true,
		"/deals@" + s.Username + " mine":   true,
		"/deals@other_bot":                 false,
		"well, @" + s.Username + ", what?": true,
		"mail ann@" + s.Username:           false,
		"and /deals later":                 false,
	} {
		require.Equal(t, seen, !s.Group(ann, city, text).Unseen, text)
	}
	require.False(t, s.Group(ann, city, "yes", telegramtest.ReplyTo(own)).Unseen)
	require.True(t, s.Group(ann, city, "yes", telegramtest.ReplyTo(theirs)).Unseen)
	s.Promote(ann, city)
	require.False(t, s.Group(ann, city, "just talk").Unseen, "an administrator sees everything")
}

func TestTopicsAndReplies(t *testing.T) {
	t.Parallel()
	s, _ := setup(t)
	furnish(t, s)

	m := decoded(t, s.Group(ann, city, "/deals", telegramtest.Thread(7))).Message
	require.Equal(t, 7, m.MessageThreadID)
	require.True(t, m.IsTopicMessage)
	require.True(t, m.Chat.IsForum)
	require.Equal(t, tgmodels.ChatTypeSupergroup, m.Chat.Type)

	require.Zero(t, decoded(t, s.Group(ann, city, "/deals", telegramtest.Thread(1))).Message.MessageThreadID)

	talk := s.Group(ann, city, "/deals").Message.ID
	m = decoded(t, s.Group(boris, city, "/deals", telegramtest.ReplyTo(talk))).Message
	require.Equal(t, talk, m.MessageThreadID, "the thread of a reply is no topic")
	require.False(t, m.IsTopicMessage)
	require.Equal(t, talk, m.ReplyToMessage.ID)
	r := ask(t, s, "sendMessage", to(city, p{"message_thread_id": m.MessageThreadID}))
	require.Equal(t, "Bad Request: message thread not found", r.Description)
}

func TestAGroupBecomesASupergroup(t *testing.T) {
	t.Parallel()
	s, b := setup(t)
	s.AddGroup(telegramtest.Group{ID: -42, Title: "Team", Type: "group", Members: []int64{ann}, BotIsMember: true})

	fresh, told := s.Migrate(ann, -42)
	require.Equal(t, fresh, decoded(t, told[0]).Message.MigrateToChatID)
	require.Equal(t, int64(-42), decoded(t, told[0]).Message.Chat.ID)
	require.Equal(t, int64(-42), decoded(t, told[1]).Message.MigrateFromChatID)
	require.Equal(t, fresh, decoded(t, told[1]).Message.Chat.ID)

	_, err := b.SendMessage(t.Context(), &tgbot.SendMessageParams{ChatID: -42, Text: "x"})
	var moved *tgbot.MigrateError
	require.ErrorAs(t, err, &moved)
	require.Equal(t, fresh, int64(moved.MigrateToChatID))
	require.True(t, ask(t, s, "sendMessage", to(fresh, nil)).OK)
	require.Empty(t, s.Mistakes())
}

func TestStandingOfTheBotChanges(t *testing.T) {
	t.Parallel()
	s, b := setup(t)
	furnish(t, s)

	u := decoded(t, s.Block(ann)).MyChatMember
	require.Equal(t, tgmodels.ChatMemberTypeMember, u.OldChatMember.Type)
	require.Equal(t, tgmodels.ChatMemberTypeBanned, u.NewChatMember.Type)
	require.Equal(t, ann, u.Chat.ID)
	require.Equal(t, http.StatusForbidden, ask(t, s, "sendMessage", to(ann, nil)).ErrorCode)
	require.Equal(t, tgmodels.ChatMemberTypeMember, decoded(t, s.Unblock(ann)).MyChatMember.NewChatMember.Type)
	require.True(t, ask(t, s, "sendMessage", to(ann, nil)).OK)

	require.Equal(t, tgmodels.ChatMemberTypeAdministrator, decoded(t, s.Promote(ann, city)).MyChatMember.NewChatMember.Type)
	member, err := b.GetChatMember(t.Context(), &tgbot.GetChatMemberParams{ChatID: city, UserID: s.BotID})
	require.NoError(t, err)
	require.Equal(t, tgmodels.ChatMemberTypeAdministrator, member.Type)
	member, err = b.GetChatMember(t.Context(), &tgbot.GetChatMemberParams{ChatID: city, UserID: boris})
	require.NoError(t, err)
	require.Equal(t, tgmodels.ChatMemberTypeMember, member.Type)

	require.Equal(t, tgmodels.ChatMemberTypeBanned, decoded(t, s.Kick(ann, city)).MyChatMember.NewChatMember.Type)
	require.Equal(t, "Forbidden: bot was kicked from the supergroup chat", ask(t, s, "sendMessage", to(city, nil)).Description)
	require.True(t, s.Group(ann, city, "/deals").Unseen)
	require.Equal(t, tgmodels.ChatMemberTypeMember, decoded(t, s.Invite(ann, city)).MyChatMember.NewChatMember.Type)

	require.True(t, ask(t, s, "leaveChat", p{"chat_id": city}).OK)
	require.Equal(t, "Forbidden: bot is not a member of the supergroup chat", ask(t, s, "sendMessage", to(city, nil)).Description)
}

func TestMembersComeAndGo(t *testing.T) {
	t.Parallel()
	s, b := setup(t)
	furnish(t, s)

	require.Equal(t, int64(503), decoded(t, s.Join(city, 503)).Message.NewChatMembers[0].ID)
	require.Equal(t, int64(503), decoded(t, s.Part(city, 503)).Message.LeftChatMember.ID)
	chat, err := b.GetChat(t.Context(), &tgbot.GetChatParams{ChatID: city})
	require.NoError(t, err)
	require.Equal(t, "City", chat.Title)
	require.True(t, chat.IsForum)
	post := decoded(t, s.ChannelPost(news, "hear")).ChannelPost
	require.Equal(t, "hear", post.Text)
	require.Nil(t, post.From)
}

func TestPeopleShareAndChangeWhatTheyWrote(t *testing.T) {
	t.Parallel()
	s, _ := setup(t)
	furnish(t, s)

	m := decoded(t, s.Forward(ann, ann, boris, "Call me")).Message
	require.Equal(t, boris, m.ForwardOrigin.MessageOriginUser.SenderUser.ID)
	require.Equal(t, "Call me", m.Text)
	m = decoded(t, s.Forward(ann, ann, 0, "Call me")).Message
	require.Equal(t, tgmodels.MessageOriginTypeHiddenUser, m.ForwardOrigin.Type)

	m = decoded(t, s.Contact(ann, ann, "+15550100", "Vera", 0)).Message
	require.Equal(t, "+15550100", m.Contact.PhoneNumber)

	d := s.Private(ann, "hallo")
	edited := decoded(t, s.Edit(ann, d.Message.ID, "hello")).EditedMessage
	require.Equal(t, "hello", edited.Text)
	require.NotZero(t, edited.EditDate)
	kept, _ := s.Message(ann, d.Message.ID)
	require.Equal(t, "hallo", kept.Earlier[0].Text)
}

// failures is a test that only counts its failures.
type failures struct {
	testing.TB
	count int
}

func (f *failures) Helper()               {}
func (f *failures) Errorf(string, ...any) { f.count++ }

func TestWhatNobodyCouldDoFailsTheTest(t *testing.T) {
	t.Parallel()
	f := &failures{TB: t}
	s := telegramtest.New(f)
	s.AddUser(telegramtest.User{ID: ann, Blocked: true})
	s.AddGroup(telegramtest.Group{ID: -42, Type: "group", BotIsMember: true})

	for name, act := range map[string]func(){
		"an unknown user":            func() { s.Private(9, "x") },
		"an unknown chat":            func() { s.Group(ann, -9, "x") },
		"a blocked bot":              func() { s.Private(ann, "x") },
		"no member":                  func() { s.Group(ann, -42, "x") },
		"a payload no link carries":  func() { s.Start(ann, "two words") },
		"a button that is not there": func() { s.Press(ann, telegramtest.Message{}, "Go") },
		"nothing said":               func() { s.Last(ann) },
		"no webhook":                 func() { s.Deliver(telegramtest.Update{ID: 1}) },
		"nothing to edit":            func() { s.Edit(ann, 1, "x") },
		"no group to migrate":        func() { s.Migrate(ann, ann) },
	} {
		before := f.count
		act()
		require.Greater(t, f.count, before, name)
	}
}
