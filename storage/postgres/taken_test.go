package postgres_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

func TestWhoLosesADealToAColleagueIsToldOutsideOfTheirQuietHours(t *testing.T) {
	t.Parallel()
	w := setup(t)
	boris, vera := w.join(t, "Boris", funnel.Rep), w.join(t, "Vera", funnel.Rep)
	deal := w.as(boris).open(t, "Acme").Deal
	give := func(by *world, event string, to funnel.Member) {
		_, err := w.service.Assign(t.Context(), by.act(event), funnel.Target{Deal: deal.ID}, funnel.Assign{To: to.ID})
		require.NoError(t, err)
	}

	give(w, "by an admin", vera)
	w.runDue(t)
	require.Equal(t, []int64{deal.Number}, w.owed(t, boris.ID)[funnel.NoticeTaken])
	require.Empty(t, w.owed(t, vera.ID)[funnel.NoticeTaken])
	require.Equal(t, w.member.Name, w.notices(t, boris.ID)[0].Data["by"])

	give(w.as(vera), "by the owner", boris)
	w.runDue(t)
	require.Empty(t, w.owed(t, vera.ID)[funnel.NoticeTaken], "whoever gives a deal away knows")

	w.clock.Store(start.Add(12 * time.Hour).UnixNano()) // 21:00
	give(w.as(vera), "by the taker", vera)
	w.runDue(t)
	require.Len(t, w.owed(t, boris.ID)[funnel.NoticeTaken], 1, "not at night")
	w.clock.Store(start.Add(24 * time.Hour).UnixNano())
	w.runDue(t)
	require.Len(t, w.owed(t, boris.ID)[funnel.NoticeTaken], 2)
}

func TestWhoseWorkIsHandedOverByAColleagueGetsOneMessage(t *testing.T) {
	t.Parallel()
	w := setup(t)
	boris, vera := w.join(t, "Boris", funnel.Rep), w.join(t, "Vera", funnel.Rep)
	b := w.as(boris)
	b.open(t, "Acme")
	b.open(t, "Globex")

	_, err := w.service.Transfer(t.Context(), w.act("transfer"), boris.ID, vera.ID)
	require.NoError(t, err)
	_, err = w.service.Transfer(t.Context(), w.act("transfer"), boris.ID, vera.ID)
	require.NoError(t, err, "delivered again")
	w.runDue(t)
	told := w.notices(t, boris.ID)
	require.Len(t, told, 1)
	require.Equal(t, funnel.NoticeHandedOver, told[0].Kind)
	require.Equal(t, map[string]string{"to": vera.Name, "by": w.member.Name, "deals": "2", "clients": "0", "steps": "0"}, told[0].Data)

	_, err = w.service.Transfer(t.Context(), w.as(vera).act("back"), vera.ID, boris.ID)
	require.NoError(t, err)
	w.runDue(t)
	require.Empty(t, w.owed(t, vera.ID)[funnel.NoticeHandedOver], "whoever gives everything away knows")
}
