package message_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/bot/message"
	"funnelbot/commands"
	"funnelbot/funnel"
)

// access are the replies about who may speak and where.
func access(l funnel.Locale) []replyCase {
	name := say(l, "Mira Holt", "Мира Холт")
	code := "3kfa9-x0v2m-7hq4t-zzb1c"
	until := now.Add(7 * 24 * time.Hour)
	invite := funnel.Invited{Kind: funnel.KindInvite, Code: code, Role: funnel.Rep, Expires: until}
	known := invite
	known.Name = name
	link := funnel.Invited{Kind: funnel.KindLink, Code: code, Role: funnel.Rep, Expires: now.Add(15 * time.Minute)}
	url := "https://t.me/sample_bot?start=" + code
	space := funnel.Workspace{ID: id(7), Name: say(l, "Bluefin Robotics", "Ромашка")}
	member := funnel.Member{ID: id(3), Name: name, Role: funnel.Rep}
	cases := []replyCase{
		{"invitation", commands.Invited{Invited: invite}},
		{"invitation with a link, for somebody new", commands.Invited{Invited: invite, For: name, Link: url}},
		{"invitation of a member", commands.Invited{Invited: known, Link: url}},
		{"link", commands.Invited{Invited: link, Link: url}},
		{"welcome", commands.NewAdmitted(funnel.Admission{Kind: funnel.KindInvite, Workspace: space, Member: member})},
		{"welcome once more", commands.NewAdmitted(funnel.Admission{Kind: funnel.KindInvite, Workspace: space, Member: member, Already: true})},
		{"linked", commands.NewAdmitted(funnel.Admission{
			Kind: funnel.KindLink, Workspace: space, Member: member, Absorbed: &member, Deals: 2,
		})},
		{"approved", commands.Granted{Granted: funnel.Granted{Application: funnel.Application{Caller: funnel.Caller{Name: name}}, Member: &member}}},
		{"declined", commands.Granted{Granted: funnel.Granted{Application: funnel.Application{Caller: funnel.Caller{Name: name}}}}},
		{"approved before", commands.Granted{Granted: funnel.Granted{
			Application: funnel.Application{Caller: funnel.Caller{Name: name}}, Member: &member, Already: true,
		}}},
	}
	for _, k := range commands.StrangerKinds() {
		cases = append(cases, replyCase{"stranger: " + string(k), commands.NewStranger(k)})
	}
	return append(append(cases, places(l)...), replyCase{"somebody is removed", commands.Settled{
		Settled: funnel.Settled{Verb: "remove", Member: member}, Offers: []commands.Offer{offer("undo", "undo:0:0")},
	}})
}

func places(l funnel.Locale) []replyCase {
	chat := funnel.Chat{Door: "telegram", External: "-100", Internal: true, Title: say(l, "Sales", "Продажи")}
	mixed, loud := chat, chat
	mixed.Internal, loud.Announces = false, true
	sales := funnel.Circle{Door: "slack", External: "C024BE7LR", Kind: "channel", Title: say(l, "sales", "продажи")}
	group := funnel.Circle{Door: "slack", External: "S0614TZR7", Kind: "group", Title: "sales-team"}
	bare := funnel.Circle{Door: "slack", External: "C024BE7LS", Kind: "channel"}
	spaces := []funnel.Belonging{
		{Workspace: id(7), Name: say(l, "Bluefin Robotics", "Ромашка")}, {Workspace: id(8), Name: say(l, "Oakline Freight", "Лютик")},
	}
	other := []commands.Offer{{Label: "workspace", Action: "workspace:0:0:" + id(8).String(), Name: spaces[1].Name}}
	off := func(c funnel.Circle) commands.Offer { return offer("circle_remove", "access:0:0:"+c.External) }
	return []replyCase{
		{"who reads this", commands.Connection{Verb: commands.VerbConnect, Chat: chat, Asks: true, Offers: []commands.Offer{
			offer("internal", "connect:0:0:internal"), offer("outsiders", "connect:0:0:outsiders"),
		}}},
		{"connected", commands.Connection{Verb: commands.VerbConnect, Chat: chat, Offers: []commands.Offer{offer("announce_on", "announce:0:0:on")}}},
		{"connected, outsiders read along", commands.Connection{Verb: commands.VerbConnect, Chat: mixed}},
		{"disconnected", commands.Connection{Verb: commands.VerbDisconnect, Chat: chat, Offers: []commands.Offer{offer("connect", "connect:0:0")}}},
		{"announces", commands.Connection{Verb: commands.VerbAnnounce, Chat: loud, Offers: []commands.Offer{offer("announce_off", "announce:0:0:off")}}},
		{"does not announce", commands.Connection{Verb: commands.VerbAnnounce, Chat: chat, Asks: true}},
		{"no circles", commands.Circles{}},
		{"circles", commands.Circles{Circles: []funnel.Circle{sales, group, bare}, Offers: []commands.Offer{off(sales), off(group), off(bare)}}},
		{"a circle is added", commands.Circles{Circles: []funnel.Circle{sales}, Added: sales, Offers: []commands.Offer{off(sales)}}},
		{"the last circle is removed", commands.Circles{Removed: group}},
		{"workspaces", commands.Workspaces{Spaces: spaces, Offers: other}},
		{"a workspace is chosen", commands.Workspaces{Spaces: spaces, Chosen: true, Offers: other}},
		{"one workspace", commands.Workspaces{Spaces: spaces[:1]}},
		{"no workspace any more", commands.Workspaces{}},
	}
}

func accessNotices(l funnel.Locale) []noticeCase {
	name := say(l, "Mira Holt", "Мира Холт")
	told := func(kind funnel.NoticeKind, data map[string]string) funnel.Notification {
		return funnel.Notification{Kind: kind, To: id(1), Data: data}
	}
	return []noticeCase{
		{"application", told(funnel.NoticeApplication, map[string]string{"code": "k7m2x", "name": name, "door": "slack"}), nil},
		{"application with a handle", told(funnel.NoticeApplication, map[string]string{
			"code": "k7m2x9qp4d", "name": name, "handle": "mira", "door": "slack",
		}), nil},
		{"admitted", told(funnel.NoticeAdmitted, map[string]string{"role": "rep"}), nil},
		{"declined", told(funnel.NoticeDeclined, nil), nil},
		{"somebody is unreachable", told(funnel.NoticeUnreachable, map[string]string{"name": name, "door": "telegram"}), nil},
		{"somebody has left", told(funnel.NoticeDeparted, map[string]string{"name": name, "door": "slack", "member": id(3).String()}), nil},
		{"a chat is unreachable", told(funnel.NoticeUnreachable, map[string]string{"chat": say(l, "Sales", "Продажи"), "door": "telegram"}), nil},
	}
}

func TestCodesAndErasedNamesAreSecretAndNothingElseIs(t *testing.T) {
	t.Parallel()
	d := newDesk(t, funnel.English)
	for file, cases := range replies(funnel.English) {
		for _, c := range cases {
			_, code := c.reply.(commands.Invited)
			erased, _ := c.reply.(commands.Forgotten)
			require.Equal(t, code || erased.Name != "" && !erased.Asks, d.composed(c.reply).Secret, "%s: %s", file, c.name)
		}
	}
	code := commands.Invited{Invited: funnel.Invited{Kind: funnel.KindInvite, Code: "x", Role: funnel.Rep}}
	require.True(t, d.composed(commands.Aside{Reply: code, Back: "~0.1~resume"}).Secret, "beside an open question")
	require.True(t, d.composed(commands.Sequence{Replies: []commands.Reply{code, commands.Unread{Words: "x"}}}).Secret)
}

func TestWhatChangesAChatIsToldToEverybodyInIt(t *testing.T) {
	t.Parallel()
	d := newDesk(t, funnel.English)
	done := commands.Connection{Verb: commands.VerbConnect, Chat: funnel.Chat{Internal: true}}
	require.True(t, d.composed(done).Shared)
	done.Asks = true
	require.False(t, d.composed(done).Shared, "a question is for the one who is asked")
}

func TestWhichWorkspaceIsMeantIsNamed(t *testing.T) {
	t.Parallel()
	d := newDesk(t, funnel.English)
	doc := message.New(message.Para(message.Plain("Hello."))).With(message.Meant(d.printer(), "Oakline Freight"))
	require.NoError(t, doc.Check())
	require.Contains(t, d.seen(doc), "This is about Oakline Freight.")
}

func TestAnInvitationIsAPlainTextToo(t *testing.T) {
	t.Parallel()
	d := newDesk(t, funnel.English)
	reply := commands.Invited{
		Invited: funnel.Invited{Kind: funnel.KindInvite, Code: "3kfa9-x0v2m-7hq4t-zzb1c", Role: funnel.Admin, Expires: now},
		Link:    "https://t.me/sample_bot?start=3kfa9-x0v2m-7hq4t-zzb1c",
	}
	require.Equal(t, strings.TrimRight(d.seen(d.composed(reply)), "\n"), message.InvitationText(d.printer(), d.reader, reply))
}
