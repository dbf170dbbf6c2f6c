package bot_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/bot/message"
	"funnelbot/funnel"
	"funnelbot/storage/postgres"
)

func TestAGroupWorksOnceAnAdminHasConnectedIt(t *testing.T) {
	t.Parallel()
	l := newLobby(t)
	l.admit(t, l.bluefin, "10", "Anna Bell", funnel.Admin)
	l.admit(t, l.bluefin, "11", "Boris Lind", funnel.Rep)
	l.admit(t, l.oakline, "20", "Olga Reed", funnel.Admin)
	const chat = "-100500"
	require.Contains(t, l.says(t, l.group("telegram", "10", chat, "list")), unplaced)
	require.Contains(t, l.says(t, pressing(l.group("telegram", "10", chat, ""), "show:1:0")), unplaced)
	require.Contains(t, l.says(t, l.group("telegram", "11", chat, "/connect internal")), "This needs the role “administrator”")

	question := l.doc(t, l.group("telegram", "10", chat, "/connect"))
	require.Contains(t, words(question), "Who reads this chat?")
	require.Equal(t, []string{"connect:0:0:internal", "connect:0:0:outsiders"}, actions(question))
	require.Zero(t, l.rows(t, "chats"))
	require.Contains(t, l.says(t, pressing(l.group("telegram", "11", chat, ""), "connect:0:0:internal")), "This needs the role")
	require.Contains(t, l.says(t, pressing(l.group("telegram", "10", chat, ""), "connect:0:0:outsiders")), "Outsiders read it")
	require.Equal(t, 1, l.rows(t, "chats WHERE NOT internal AND title = 'Sales floor'"))
	require.Contains(t, l.says(t, l.group("telegram", "11", chat, "list")), "You have no open deals")

	require.Contains(t, l.says(t, l.group("telegram", "20", chat, "list")), unplaced, "somebody of another workspace")
	require.Contains(t, l.says(t, l.group("telegram", "20", chat, "connect internal")), "already works with another workspace")
	require.Contains(t, l.says(t, l.group("telegram", "99", chat, "list")), uninvited)

	require.Contains(t, l.says(t, l.group("telegram", "10", chat, "/disconnect")), "This chat is disconnected")
	visit := l.group("telegram", "11", chat, "list")
	l.advance(-3 * time.Second)
	require.Contains(t, l.says(t, visit), unplaced, "at once")
}

func TestWhoeverWritesAgainCanBeReachedAgainAtOnce(t *testing.T) {
	t.Parallel()
	l := newLobby(t)
	l.admit(t, l.bluefin, "10", "Anna Bell", funnel.Admin)
	l.advance(time.Minute)
	l.admit(t, l.oakline, "10", "Anna Bell", funnel.Rep)
	l.says(t, l.private("telegram", "10", "list"))
	l.says(t, l.group("telegram", "10", "-1", "connect internal"))
	for _, line := range []string{"/start", "list"} {
		for _, w := range []funnel.Workspace{l.bluefin, l.oakline} {
			require.NoError(t, l.store.Gone(t.Context(), w.ID, "telegram:10", "blocked"))
		}
		require.Equal(t, 2, l.rows(t, "identities WHERE gone_at IS NOT NULL"))
		l.advance(2 * time.Hour)
		l.says(t, l.group("telegram", "10", "-1", line))
		require.Equal(t, 2, l.rows(t, "identities WHERE gone_at IS NOT NULL"), "the private chat may still be blocked")
		l.says(t, l.private("telegram", "10", line))
		require.Zero(t, l.rows(t, "identities WHERE gone_at IS NOT NULL"), line)
	}
}

func TestAChatThatCouldNotBeReachedIsConnectedAgain(t *testing.T) {
	t.Parallel()
	l := newLobby(t)
	l.admit(t, l.bluefin, "10", "Anna Bell", funnel.Admin)
	l.says(t, l.group("telegram", "10", "-1", "connect internal"))
	l.says(t, l.group("telegram", "10", "-1", "announce on"))
	require.NoError(t, l.store.Gone(t.Context(), l.bluefin.ID, "telegram:-1", "kicked"))
	require.Equal(t, 1, l.rows(t, "chats WHERE gone_at IS NOT NULL"))
	topic := l.group("telegram", "10", "-1", "connect internal")
	topic.Venue.Thread = "77"
	require.Contains(t, l.says(t, topic), "This chat is connected")
	require.Equal(t, 1, l.rows(t, "chats WHERE gone_at IS NULL AND announces AND thread = '77'"))
}

func TestAmountsAreNotSaidWhereOutsidersRead(t *testing.T) {
	t.Parallel()
	l := newLobby(t)
	l.admit(t, l.bluefin, "10", "Anna Bell", funnel.Admin)
	l.says(t, l.private("telegram", "10", "new Acme, office network, 12k"))
	require.Contains(t, fields(l.doc(t, l.private("telegram", "10", "show acme"))), "$12,000")
	l.says(t, l.group("telegram", "10", "-1", "connect internal"))
	require.Contains(t, fields(l.doc(t, l.group("telegram", "10", "-1", "show acme"))), "$12,000")
	l.says(t, l.group("telegram", "10", "-2", "connect outsiders"))
	require.NotContains(t, fields(l.doc(t, l.group("telegram", "10", "-2", "show acme"))), "$12,000")
}

func TestSomebodyInTwoWorkspacesChoosesAndSeesWhichOneIsMeant(t *testing.T) {
	t.Parallel()
	l := newLobby(t)
	anna := l.admit(t, l.bluefin, "10", "Anna Bell", funnel.Admin)
	l.advance(time.Minute)
	hers := l.admit(t, l.oakline, "10", "Anna Bell", funnel.Rep)
	l.advance(time.Minute)

	doc := l.doc(t, l.private("telegram", "10", "workspace Bluefin"))
	require.Contains(t, words(doc), "From now on you mean Bluefin Robotics in private")
	require.Equal(t, []string{"workspace:0:0:" + l.oakline.ID.String()}, actions(doc))
	doc = l.doc(t, l.private("telegram", "10", "new Acme 12k"))
	require.Contains(t, footnotes(doc), "This is about Bluefin Robotics.")
	require.Equal(t, l.bluefin.ID, doc.Workspace)
	require.Equal(t, anna.ID, doc.Member)
	require.Equal(t, 1, l.rows(t, "deals WHERE workspace_id = $1", l.bluefin.ID))

	l.says(t, pressing(l.private("telegram", "10", ""), "workspace:0:0:"+l.oakline.ID.String()))
	doc = l.doc(t, l.private("telegram", "10", "list"))
	require.Contains(t, footnotes(doc), "This is about Oakline Freight.")
	require.Equal(t, hers.ID, doc.Member)
	require.Contains(t, l.says(t, pressing(l.private("telegram", "10", ""), "show:1:0")), "no deal", "a number of the other workspace")

	foreign := l.settle(t, "Kestrel Foods")
	unknown := l.says(t, l.private("telegram", "10", "workspace Nowhere"))
	require.Contains(t, unknown, "You don't take part in such a workspace")
	require.Equal(t, unknown, l.says(t, l.private("telegram", "10", "workspace Kestrel Foods")))
	require.Equal(t, unknown, l.says(t, pressing(l.private("telegram", "10", ""), "workspace:0:0:"+foreign.ID.String())))

	l.says(t, l.group("telegram", "10", "-1", "connect internal"))
	require.Contains(t, l.says(t, l.group("telegram", "10", "-1", "list")), unplaced, "she is no admin there")
	l.says(t, l.private("telegram", "10", "workspace bluefin"))
	require.Contains(t, l.says(t, l.group("telegram", "10", "-1", "connect internal")), "This chat is connected")
	l.says(t, l.private("telegram", "10", "workspace oakline"))
	doc = l.doc(t, l.group("telegram", "10", "-1", "show acme"))
	require.Equal(t, l.bluefin.ID, doc.Workspace, "the chat says which one is meant")
	require.Empty(t, footnotes(doc))
}

func TestAnAnswerToAMessageIsAboutItsDealAndItsWorkspace(t *testing.T) {
	t.Parallel()
	l := newLobby(t)
	l.admit(t, l.bluefin, "10", "Anna Bell", funnel.Admin)
	l.says(t, l.private("telegram", "10", "new Acme 12k"))
	deal := l.doc(t, l.private("telegram", "10", "show acme")).Deal
	l.says(t, l.private("telegram", "10", "new Globex 5k"))
	owed := &funnel.Owed{
		Workspace: l.bluefin.ID, Lane: "telegram:10", Locale: funnel.English, About: deal, Since: l.now(), Attempts: 1,
		Notice: funnel.Notification{ID: newID(), Kind: funnel.AnswerKind}, Answer: []byte("{}"),
	}
	store, ok := l.store.Store.(*postgres.Store)
	require.True(t, ok)
	mine, err := store.AnswerBox().Claim(t.Context(), owed)
	require.NoError(t, err)
	require.True(t, mine)
	require.NoError(t, store.AnswerBox().Delivered(t.Context(), owed, "77"))
	l.advance(time.Minute)
	l.admit(t, l.oakline, "10", "Anna Bell", funnel.Rep)
	l.says(t, l.private("telegram", "10", "workspace oakline"))

	v := l.private("telegram", "10", "log call, they want an offer")
	v.Root, v.Venue.External = "77", "the platform's own name of the chat"
	doc := l.doc(t, v)
	require.Contains(t, words(doc), "Logged for #1 Acme")
	require.Equal(t, l.bluefin.ID, doc.Workspace)
	require.Contains(t, footnotes(doc), "This is about Bluefin Robotics.")
	asked := l.store.asked.Load()
	v = l.private("telegram", "10", "set amount 15k")
	v.Root = "77"
	require.Contains(t, l.says(t, v), "Saved for #1 Acme")
	require.LessOrEqual(t, l.store.asked.Load(), asked+2, "what a message is about is remembered")
}

func TestTwoIdentitiesBecomeOnePersonByACode(t *testing.T) {
	t.Parallel()
	l := installed(t)
	doc := l.doc(t, l.private("slack", "U1", "link"))
	require.True(t, doc.Secret)
	var code string
	for _, b := range doc.Blocks {
		if line := words(message.New(b)); len(line) > 5 && line[:5] == "join " {
			code = line[5 : len(line)-1]
		}
	}
	require.NotEmpty(t, code)
	require.Contains(t, l.says(t, l.private("telegram", "10", "join "+code)), "as one person in “Bluefin Robotics”")
	l.says(t, l.private("slack", "U1", "new Acme 12k"))
	require.Contains(t, l.says(t, l.private("telegram", "10", "next acme call tomorrow")), "Next step for #1 Acme")
	require.Equal(t, 1, l.rows(t, "members WHERE active"))
	require.Contains(t, l.says(t, l.private("telegram", "11", "join "+code)), "This code does not work")
}
