package postgres_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

func TestWhateverBearsOnWhoMaySpeakIsCounted(t *testing.T) {
	t.Parallel()
	w := setup(t)
	revision := func() int64 {
		n, err := w.store.Revision(t.Context())
		require.NoError(t, err)
		return n
	}
	who := visitor("telegram", "11")
	m := w.newcomer(t, who, funnel.Rep)
	at := funnel.Identity{Door: who.Door, External: who.External, Workspace: w.space.ID}
	require.NoError(t, w.store.Seen(t.Context(), at))
	identity := " WHERE door = 'telegram' AND external_id = '11'"
	chat := " WHERE door = 'telegram' AND external_id = '-1'"
	for name, sql := range map[string]string{
		"seen once more":    "UPDATE identities SET seen_at = now()" + identity,
		"checked once more": "UPDATE identities SET checked_at = now()" + identity,
		"a plan was sent":   "UPDATE members SET plan_day = current_date, version = version + 1",
		"another zone":      "UPDATE workspaces SET zone = 'UTC', version = version + 1",
	} {
		before := revision()
		w.exec(t, sql)
		require.Equal(t, before, revision(), name)
	}
	for _, step := range []struct{ name, sql string }{
		{"has to be checked", "UPDATE identities SET checked_at = NULL" + identity},
		{"cannot be reached", "UPDATE identities SET gone_at = now()" + identity},
		{"can be reached", "UPDATE identities SET gone_at = NULL" + identity},
		{"chose the workspace", "UPDATE identities SET chosen_at = now()" + identity},
		{"came another way", "UPDATE identities SET admitted_by = 'link'" + identity},
		{"suspended", "UPDATE identities SET suspended_at = now()" + identity},
		{"may speak again", "UPDATE identities SET suspended_at = NULL" + identity},
		{"another role", "UPDATE members SET role = 'manager' WHERE id = '" + m.ID.String() + "'"},
		{"left", "UPDATE members SET active = false WHERE id = '" + m.ID.String() + "'"},
		{"another name of the workspace", "UPDATE workspaces SET name = 'Renamed works'"},
		{"a chat", `INSERT INTO chats (door, external_id, workspace_id, internal, connected_at)
			SELECT 'telegram', '-1', id, true, now() FROM workspaces`},
		{"a chat of outsiders", "UPDATE chats SET internal = false" + chat},
		{"no chat", "DELETE FROM chats" + chat},
		{"unlinked", "DELETE FROM identities" + identity},
	} {
		before := revision()
		w.exec(t, step.sql)
		require.Greater(t, revision(), before, step.name)
	}
	before := revision()
	w.exec(t, "UPDATE identities SET chosen_at = now() + interval '1 second'; UPDATE members SET active = NOT active")
	require.Equal(t, before+1, revision(), "once for a transaction that changes many")
}
