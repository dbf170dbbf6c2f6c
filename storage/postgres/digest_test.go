package postgres_test

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

// digestAt has the member of the world ask for a digest.
func (w *world) digestAt(tb testing.TB, event, at string) funnel.DigestSetting {
	tb.Helper()
	set, err := w.service.SetDigest(tb.Context(), w.act(event), funnel.DigestWish{At: at})
	require.NoError(tb, err)
	return set
}

func (w *world) runDigests(tb testing.TB) int {
	tb.Helper()
	n, err := w.service.RunDigests(tb.Context())
	require.NoError(tb, err)
	return n
}

// on moves the clock to an hour of a day of the story, which begins on a Monday.
func (w *world) on(day, hour int) {
	w.clock.Store(time.Date(2026, time.November, 23+day, hour, 0, 0, 0, time.UTC).UnixNano())
}

func TestADigestIsOwedOnceByManyProcesses(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.digestAt(t, "wish", "09:30")
	w.on(1, 10)
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() {
			_, err := w.service.RunDigests(t.Context())
			require.NoError(t, err)
		})
	}
	all.Wait()

	require.Equal(t, 1, w.count(t, "outbox WHERE kind = 'digest'"))
	require.Equal(t, 1, w.count(t, "digest_runs WHERE NOT skipped"))
	require.Equal(t, 1, w.count(t, "digest_runs WHERE skipped"), "that of Monday was due while nobody ran")
}

func TestADigestOfWhoeverMayNotReadItIsNotOwed(t *testing.T) {
	t.Parallel()
	w := setup(t)
	boris := w.join(t, "Boris", funnel.Manager)
	w.as(boris).digestAt(t, "boris", "08:00")
	w.digestAt(t, "anna", "off")
	w.on(1, 9)
	require.Equal(t, 1, w.runDigests(t), "who has switched it off gets none")

	_, err := w.service.SetRole(t.Context(), w.act("role"), boris.ID, funnel.Rep)
	require.NoError(t, err)
	w.on(2, 9)
	require.Zero(t, w.runDigests(t), "digests are for managers")

	_, err = w.as(boris).service.SetDigest(t.Context(), w.as(boris).act("again"), funnel.DigestWish{At: "09:00"})
	require.Equal(t, funnel.CodeForbidden, funnel.CodeOf(err))
}

func TestADigestWaitsForTheReturnOfItsReader(t *testing.T) {
	t.Parallel()
	w := setup(t)
	set := w.digestAt(t, "wish", "08:30")
	_, err := w.service.SetAway(t.Context(), w.act("away"), funnel.Date{Year: 2026, Month: 11, Day: 27})
	require.NoError(t, err)
	for day := 1; day <= 3; day++ {
		w.on(day, 12)
		require.Zero(t, w.runDigests(t), day)
	}
	w.on(4, 12)
	require.Equal(t, 1, w.runDigests(t))

	facts, err := w.service.DigestOf(t.Context(), w.space.ID, set.ID, funnel.Date{Year: 2026, Month: 11, Day: 27})
	require.NoError(t, err)
	require.Empty(t, facts.Missed, "days of an absence were not missed")
}

func TestADigestOfAChatGoesOnlyWhereColleaguesRead(t *testing.T) {
	t.Parallel()
	w := setup(t)
	chat := funnel.ChatRef{Door: "telegram", External: "-100500"}
	_, err := w.service.SetDigest(t.Context(), w.act("early"), funnel.DigestWish{At: "09:00", Chat: chat})
	require.Equal(t, funnel.CodeNotConnected, funnel.CodeOf(err))
	connect := func(event string, internal bool) {
		_, err := w.service.Connect(t.Context(), w.act(event), funnel.Chat{Door: chat.Door, External: chat.External, Thread: "7", Internal: internal})
		require.NoError(t, err)
	}
	connect("connect", true)
	_, err = w.service.SetDigest(t.Context(), w.act("wish"), funnel.DigestWish{At: "09:00", Chat: chat})
	require.NoError(t, err)
	w.on(1, 9)
	require.Equal(t, 1, w.runDigests(t))
	require.Equal(t, 1, w.count(t, "outbox WHERE kind = 'digest' AND lane = 'telegram:-100500/7'"))

	connect("open", false)
	w.on(2, 9)
	require.Zero(t, w.runDigests(t), "outsiders read along")
	connect("close", true)
	require.NoError(t, w.store.Moved(t.Context(), "telegram", "-100500", "-100777"))
	w.on(3, 9)
	require.Equal(t, 1, w.runDigests(t), "a chat that has moved keeps its digest")
	require.Equal(t, 2, w.count(t, "outbox WHERE kind = 'digest' AND lane = 'telegram:-100777/7'"), "with what was owed there before")
}

func TestADigestTellsWhatWasRecordedSinceTheLast(t *testing.T) {
	t.Parallel()
	w := setup(t)
	set := w.digestAt(t, "wish", "08:30")
	w.on(0, 11)
	alder, birch := w.open(t, "Alder"), w.open(t, "Birch")
	w.on(1, 10)
	require.Equal(t, 1, w.runDigests(t))
	w.on(1, 15)
	_, err := w.service.Win(t.Context(), w.act("won"), funnel.Target{Deal: alder.Deal.ID}, funnel.Win{})
	require.NoError(t, err)
	_, err = w.service.Lose(t.Context(), w.act("lost"), funnel.Target{Deal: birch.Deal.ID}, funnel.Lose{Reason: "price"})
	require.NoError(t, err)
	w.on(2, 10)
	require.Equal(t, 1, w.runDigests(t))
	w.on(3, 10)
	require.Equal(t, 1, w.runDigests(t))

	read := func(day int) *funnel.Digest {
		d, err := w.service.DigestOf(t.Context(), w.space.ID, set.ID, funnel.Date{Year: 2026, Month: 11, Day: day})
		require.NoError(t, err)
		return d
	}
	require.Equal(t, 2, read(24).News.Opened.Deals)
	news := read(25).News
	require.Equal(t, 1, news.Won.Deals)
	require.Equal(t, int64(1_200_000_00), news.Won.Sum.Minor)
	require.Equal(t, alder.Deal.ID, news.Won.Named[0].Deal)
	require.Equal(t, 1, news.Lost.Deals)
	require.Equal(t, "price", news.Lost.Named[0].Reason)
	require.Zero(t, news.Opened.Deals)
	quiet := read(26).News
	require.True(t, quiet.IsZero(), "news are told once")
}
