package bot_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/bot"
	"funnelbot/bot/message"
	"funnelbot/funnel"
)

// linked makes U2 of Slack a member who speaks in Telegram as T2 too.
func linked(t *testing.T) *lobby {
	t.Helper()
	l := installed(t)
	l.slack.set("U2", bot.Vouched{Circle: "C024BE7LR"})
	l.says(t, l.private("slack", "U1", "access add <#C024BE7LR|sales>"))
	l.says(t, l.private("slack", "U2", "list"))
	code := l.linkCode(t, "slack", "U2")
	l.says(t, l.private("telegram", "T2", "join "+code))
	require.Contains(t, l.says(t, l.private("telegram", "T2", "list")), "You have no open deals")
	return l
}

// linkCode is the code by which somebody becomes the member at another door too.
func (l *lobby) linkCode(t *testing.T, door, external string) string {
	t.Helper()
	at, err := l.service.Access().Belongings(t.Context(), door, external)
	require.NoError(t, err)
	require.Len(t, at, 1)
	made, err := l.service.LinkCode(t.Context(), funnel.Act{
		Workspace: at[0].Workspace, Member: at[0].Member, Event: "link " + external, Said: "link", Origin: funnel.FromChat,
	})
	require.NoError(t, err)
	return made.Code
}

func TestWhoseAccountIsSwitchedOffSpeaksNowhereAnyMore(t *testing.T) {
	t.Parallel()
	l := linked(t)
	l.slack.set("U2", bot.Vouched{Outsider: true, Gone: true})
	require.NoError(t, l.Sweep(t.Context(), l.bluefin.ID))
	require.Contains(t, l.says(t, l.private("telegram", "T2", "list")), "You have no open deals", "nobody was asked within the hour")

	l.advance(time.Hour + time.Minute)
	for range 2 {
		require.NoError(t, l.Sweep(t.Context(), l.bluefin.ID))
	}

	require.NotContains(t, l.says(t, l.private("telegram", "T2", "list")), "You have no open deals")
	require.Contains(t, l.says(t, l.private("slack", "U2", "list")), turned)
	require.Equal(t, 2, l.rows(t, "identities WHERE external_id IN ('U2', 'T2') AND suspended_at IS NOT NULL"))
	require.Equal(t, 1, l.rows(t, "changes WHERE verb = 'dismiss' AND before->'access'->>'reason' = 'gone' AND before->'access'->>'identity' = 'U2'"))
	require.Equal(t, 1, l.rows(t, "outbox WHERE kind = 'departed' AND lane = 'slack:U1'"), "the admin is told once")
	require.Equal(t, 1, l.rows(t, "members WHERE role = 'rep' AND active"), "what is theirs stays theirs until it is handed over")
	require.Equal(t, 1, l.rows(t, "identities WHERE external_id = 'U1' AND suspended_at IS NULL"))

	var member string
	require.NoError(t, l.pool.QueryRow(t.Context(), "SELECT payload->'data'->>'member' FROM outbox WHERE kind = 'departed'").Scan(&member))
	asks := l.doc(t, pressing(l.private("slack", "U1", ""), "transfer:0:0:"+member))
	require.True(t, slices.ContainsFunc(asks.Blocks, func(b message.Block) bool {
		f, ok := b.(message.Form)
		return ok && len(f.Options) == 1
	}), "only the admin is left to take it over")
	l.says(t, l.private("slack", "U1", "cancel"))
	require.Contains(t, l.says(t, pressing(l.private("slack", "U1", ""), "remove:0:0:"+member)), "no longer")
	require.Zero(t, l.rows(t, "members WHERE role = 'rep' AND active"))
}

func TestWhoComesBackIsWhoTheyWere(t *testing.T) {
	t.Parallel()
	l := linked(t)
	l.slack.set("U2", bot.Vouched{Outsider: true, Gone: true})
	l.advance(11 * time.Minute)
	require.Contains(t, l.says(t, l.private("slack", "U2", "list")), turned, "also where they speak themselves")
	l.slack.set("U2", bot.Vouched{Circle: "C024BE7LR"})
	l.advance(time.Minute)
	require.Contains(t, l.says(t, l.private("slack", "U2", "list")), "You have no open deals")
	require.Equal(t, 1, l.rows(t, "members WHERE role = 'rep'"))
	require.Equal(t, 1, l.rows(t, "identities WHERE external_id = 'T2' AND suspended_at IS NOT NULL"), "the other door has to be linked anew")
}

func TestWhoOnlyLinkedSlackLosesSlackAlone(t *testing.T) {
	t.Parallel()
	l := installed(t)
	_, err := l.service.Redeem(t.Context(), caller("telegram", "T3", "Boris Lind"), l.code(t, l.bluefin, funnel.Rep))
	require.NoError(t, err)
	_, err = l.service.Redeem(t.Context(), caller("slack", "U3", "Boris Lind"), l.linkCode(t, "telegram", "T3"))
	require.NoError(t, err)
	l.slack.set("U3", bot.Vouched{Outsider: true, Gone: true})
	l.advance(time.Hour + time.Minute)
	require.NoError(t, l.Sweep(t.Context(), l.bluefin.ID))
	require.Contains(t, l.says(t, l.private("telegram", "T3", "list")), "You have no open deals", "it was not Slack that let them in")
	require.Contains(t, l.says(t, l.private("slack", "U3", "list")), turned)
	require.Zero(t, l.rows(t, "outbox WHERE kind = 'departed'"))
}

func TestASweepLeavesOthersAndAPlatformWithoutAnAnswerAlone(t *testing.T) {
	t.Parallel()
	l := linked(t)
	l.advance(2 * time.Hour)
	l.slack.change(func() { l.slack.broken = true })
	require.NoError(t, l.Sweep(t.Context(), l.bluefin.ID))
	require.Zero(t, l.rows(t, "identities WHERE suspended_at IS NOT NULL"))
	l.slack.change(func() { l.slack.broken = false })
	asked := l.slack.asked
	require.NoError(t, l.Sweep(t.Context(), l.oakline.ID))
	require.Equal(t, asked, l.slack.asked, "another workspace has another team")
	require.NoError(t, l.Sweep(t.Context(), l.bluefin.ID))
	require.NoError(t, l.Sweep(t.Context(), l.bluefin.ID))
	require.Equal(t, asked+2, l.slack.asked, "everybody once")
	require.Zero(t, l.rows(t, "identities WHERE suspended_at IS NOT NULL"))
}
