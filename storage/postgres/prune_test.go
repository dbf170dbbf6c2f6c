package postgres_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
	"funnelbot/funnel/sessionstest"
)

func TestPruneDeletesWhatIsKeptNoLongerAndNothingElse(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.open(t, "Acme") // a result under a key
	_, err := w.store.Sessions().Save(t.Context(), sessionstest.NewKey(), funnel.Session{Data: []byte("old")}, time.Hour)
	require.NoError(t, err)
	_, err = w.pool.Exec(t.Context(), `
		INSERT INTO outbox (workspace_id, notice_id, lane, kind, locale, payload, created_at, next_at, done_at, buried)
		SELECT gen_random_uuid(), gen_random_uuid(), 'chat', 'assigned', 'en', '{}', $1, $1, done, buried
		FROM (VALUES ($1::timestamptz, ''), ($1::timestamptz, 'gone'), (NULL, '')) v(done, buried)`, w.now())
	require.NoError(t, err)
	_, err = w.pool.Exec(t.Context(), `
		INSERT INTO outbox (workspace_id, notice_id, lane, kind, locale, payload, created_at, next_at, done_at, answer)
		VALUES (gen_random_uuid(), gen_random_uuid(), 'chat', 'answer', 'en', '{}', $1, $1, $1, true)`, w.now())
	require.NoError(t, err)
	left := func() []int {
		return []int{
			w.count(t, "handled_events"), w.count(t, "sessions"), w.count(t, "outbox WHERE done_at IS NOT NULL AND buried = '' AND NOT answer"),
			w.count(t, "outbox WHERE buried <> ''"), w.count(t, "outbox WHERE done_at IS NULL"), w.count(t, "deals"),
			w.count(t, "outbox WHERE answer"),
		}
	}

	for _, step := range []struct {
		pass time.Duration
		left []int
	}{
		{59 * time.Minute, []int{1, 1, 1, 1, 1, 1, 1}},
		{2 * time.Minute, []int{1, 0, 1, 1, 1, 1, 1}},
		{46 * time.Hour, []int{1, 0, 1, 1, 1, 1, 1}},
		{time.Hour, []int{0, 0, 1, 1, 1, 1, 0}},
		{5 * 24 * time.Hour, []int{0, 0, 0, 1, 1, 1, 0}},
		{83 * 24 * time.Hour, []int{0, 0, 0, 0, 1, 1, 0}},
		{365 * 24 * time.Hour, []int{0, 0, 0, 0, 1, 1, 0}},
	} {
		w.advance(step.pass)
		_, err := w.store.Prune(t.Context())
		require.NoError(t, err)
		require.Equal(t, step.left, left(), "after %s", w.now().Sub(start))
	}
}

func TestPruneGoesOnUntilAllIsDeleted(t *testing.T) {
	t.Parallel()
	w := setup(t)
	_, err := w.pool.Exec(t.Context(), `
		INSERT INTO handled_events (workspace_id, key, intent, result, at)
		SELECT gen_random_uuid(), n::text, '', '', $1 FROM generate_series(1, 12000) n`, w.now())
	require.NoError(t, err)
	_, err = w.pool.Exec(t.Context(), `INSERT INTO outbox_leases (lane, until, owner) VALUES ('a', now() - interval '2 hours', $1)`,
		newID().String())
	require.NoError(t, err)
	w.advance(49 * time.Hour)

	n, err := w.store.Prune(t.Context())

	require.NoError(t, err)
	require.EqualValues(t, 12001, n)
	require.Zero(t, w.count(t, "handled_events"))
	require.Zero(t, w.count(t, "outbox_leases"))
}

func TestPruneKeepsTheDigestsOfAYearAndTheLastOfEachPlace(t *testing.T) {
	t.Parallel()
	w := setup(t)
	set := w.digestAt(t, "wish", "09:30")
	w.on(1, 10)
	require.Equal(t, 1, w.runDigests(t))
	w.on(2, 10)
	require.Equal(t, 1, w.runDigests(t))
	_, err := w.pool.Exec(t.Context(), `INSERT INTO digest_runs (workspace_id, digest_id, local_date, owed_at, told, facts)
		SELECT workspace_id, gen_random_uuid(), local_date, owed_at, told, facts FROM digest_runs WHERE local_date = '2026-11-24' AND NOT skipped`)
	require.NoError(t, err)
	kept := func() int {
		_, err := w.store.Prune(t.Context())
		require.NoError(t, err)
		return w.count(t, "digest_runs")
	}
	all := w.count(t, "digest_runs")
	w.advance(398 * 24 * time.Hour)
	require.Equal(t, all, kept())

	w.advance(3 * 24 * time.Hour)

	require.Equal(t, 2, kept(), "the last of each place")
	last, err := w.store.LastDigest(t.Context(), w.space.ID, set.ID, w.now())
	require.NoError(t, err)
	require.Equal(t, funnel.Date{Year: 2026, Month: 11, Day: 25}, last.On, "the next digest goes on from it")
}
