package postgres_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

// letters are the notices of a kind with their lanes and languages, in the order in which they are sent.
func (w *world) letters(tb testing.TB, kind funnel.NoticeKind) []funnel.Letter {
	tb.Helper()
	rows, err := w.pool.Query(tb.Context(), `SELECT lane, locale, payload FROM outbox WHERE kind = $1 ORDER BY id`, string(kind))
	require.NoError(tb, err)
	defer rows.Close()
	var found []funnel.Letter
	for rows.Next() {
		var l funnel.Letter
		var payload []byte
		var locale string
		require.NoError(tb, rows.Scan(&l.Lane, &locale, &payload))
		require.NoError(tb, json.Unmarshal(payload, &l.Notification))
		l.Locale = funnel.Locale(locale)
		found = append(found, l)
	}
	require.NoError(tb, rows.Err())
	return found
}

func TestAnApplicantIsLetInByAnAdmin(t *testing.T) {
	t.Parallel()
	w := setup(t)
	second := w.newcomer(t, visitor("slack", "U9"), funnel.Admin)
	who := visitor("slack", "U1")

	asked, fresh, err := w.service.Apply(t.Context(), who, w.space.ID)
	require.NoError(t, err)
	require.True(t, fresh)
	require.Regexp(t, `^[0-9a-z]{1,10}$`, asked.Code)
	require.Equal(t, who, asked.Caller)
	again, fresh, err := w.service.Apply(t.Context(), who, w.space.ID)
	require.NoError(t, err)
	require.False(t, fresh)
	require.Equal(t, asked, again)
	told := w.letters(t, funnel.NoticeApplication)
	require.Len(t, told, 2, "each admin, once")
	lanes := map[string]funnel.ID{}
	for _, l := range told {
		lanes[l.Lane] = l.To
		require.Equal(t, map[string]string{"code": asked.Code, "name": "Visitor U1", "handle": "vU1", "door": "slack"}, l.Data)
	}
	require.Equal(t, map[string]funnel.ID{"slack:U9": second.ID, funnel.LaneOfMember(w.member.ID): w.member.ID}, lanes)
	require.NotEqual(t, told[0].ID, told[1].ID)
	require.Empty(t, w.belongings(t, "slack", "U1"), "asking lets nobody in")

	_, err = w.service.Grant(t.Context(), w.act("unknown"), "0000000000", funnel.Rep)
	require.Equal(t, funnel.CodeNoApplication, funnel.CodeOf(err))
	_, err = w.service.Grant(t.Context(), w.elsewhere(t).act("foreign"), asked.Code, funnel.Rep)
	require.Equal(t, funnel.CodeNoApplication, funnel.CodeOf(err), "alike whether it exists or not")

	w.advance(time.Minute)
	got, err := w.service.Grant(t.Context(), w.act("grant"), asked.Code, funnel.Manager)
	require.NoError(t, err)
	require.False(t, got.Already)
	require.Equal(t, funnel.Manager, got.Member.Role)
	require.Equal(t, w.now(), got.Application.DecidedAt)
	mine := w.belongings(t, "slack", "U1")
	require.Equal(t, got.Member.ID, mine[0].Member)
	require.Equal(t, funnel.AdmittedApproval, mine[0].AdmittedBy)
	admitted := w.letters(t, funnel.NoticeAdmitted)
	require.Len(t, admitted, 1)
	require.Equal(t, "slack:U1", admitted[0].Lane)
	require.Equal(t, funnel.Russian, admitted[0].Locale)
	require.Equal(t, got.Member.ID, admitted[0].To)
	require.Equal(t, map[string]string{"role": "manager", "workspace": "Test works"}, admitted[0].Data)

	redelivered, err := w.service.Grant(t.Context(), w.act("grant"), asked.Code, funnel.Manager)
	require.NoError(t, err)
	require.Equal(t, got, redelivered)
	late, err := w.service.Decline(t.Context(), w.by(second, "late"), asked.Code)
	require.NoError(t, err)
	require.True(t, late.Already)
	require.Equal(t, got.Member.ID, late.Member.ID, "whoever is late learns what was decided")
	_, _, err = w.service.Apply(t.Context(), who, w.space.ID)
	require.Equal(t, funnel.CodeAlreadyMember, funnel.CodeOf(err))
	require.Empty(t, w.letters(t, funnel.NoticeDeclined))
}

func TestADeclinedApplicantAsksAgainOnAnotherDay(t *testing.T) {
	t.Parallel()
	w := setup(t)
	who := visitor("slack", "U1")
	asked, _, err := w.service.Apply(t.Context(), who, w.space.ID)
	require.NoError(t, err)
	got, err := w.service.Decline(t.Context(), w.act("decline"), asked.Code)
	require.NoError(t, err)
	require.Nil(t, got.Member)
	require.Empty(t, w.belongings(t, "slack", "U1"))
	declined := w.letters(t, funnel.NoticeDeclined)
	require.Len(t, declined, 1)
	require.Equal(t, "slack:U1", declined[0].Lane)
	require.Equal(t, funnel.Russian, declined[0].Locale)

	_, fresh, err := w.service.Apply(t.Context(), who, w.space.ID)
	require.NoError(t, err)
	require.False(t, fresh)
	require.Len(t, w.letters(t, funnel.NoticeApplication), 1, "admins are left in peace")
	w.advance(24 * time.Hour)
	again, fresh, err := w.service.Apply(t.Context(), who, w.space.ID)
	require.NoError(t, err)
	require.True(t, fresh)
	require.NotEqual(t, asked.Code, again.Code)
	require.Len(t, w.letters(t, funnel.NoticeApplication), 2)
}

func TestWhoWasRemovedMayAskAndComesBackAsWhoTheyWere(t *testing.T) {
	t.Parallel()
	w := setup(t)
	who := visitor("slack", "U1")
	lena := w.newcomer(t, who, funnel.Manager)
	_, err := w.service.Remove(t.Context(), w.act("remove"), lena.ID)
	require.NoError(t, err)

	asked, fresh, err := w.service.Apply(t.Context(), who, w.space.ID)
	require.NoError(t, err)
	require.True(t, fresh)
	got, err := w.service.Grant(t.Context(), w.act("grant"), asked.Code, funnel.Rep)
	require.NoError(t, err)
	require.Equal(t, lena.ID, got.Member.ID)
	require.Equal(t, funnel.Rep, got.Member.Role)
	require.Equal(t, lena.ID, w.belongings(t, "slack", "U1")[0].Member)
}
