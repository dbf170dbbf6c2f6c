package postgres_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
	"funnelbot/funnel/definition"
)

// mortal is a store whose process dies while it owes a digest: before anything is stored, or after all
// of it is and before anybody was told.
type mortal struct {
	funnel.Store
	mu     *sync.Mutex
	dice   *rand.Rand
	deaths *atomic.Int64
}

var errKilled = errors.New("killed")

func (m *mortal) OweDigest(ctx context.Context, r funnel.DigestRun, to funnel.DigestSetting, n funnel.Notification) (bool, error) {
	m.mu.Lock()
	fate := m.dice.IntN(4)
	m.mu.Unlock()
	if fate == 0 {
		m.deaths.Add(1)
		return false, errKilled
	}
	fresh, err := m.Store.OweDigest(ctx, r, to, n)
	if fate == 1 && err == nil {
		m.deaths.Add(1)
		return false, errKilled
	}
	return fresh, err
}

// month is a place whose digests are followed over weeks in which clocks are changed.
type month struct {
	zone string
	at   string
	// begins is the day before the first digest; sunday is one on which clocks are changed and people work.
	begins, sunday funnel.Date
}

// TestAMonthOfDigestsIsNeitherMissedNorSentTwice moves the clock over five weeks in three zones, with two
// processes at work at once that die while they owe a digest, one outage over the time of a digest and
// one over a whole day.
func TestAMonthOfDigestsIsNeitherMissedNorSentTwice(t *testing.T) {
	t.Parallel()
	for name, m := range map[string]month{
		"the hour that is skipped holds the time": {
			"Europe/Berlin", "02:30", funnel.Date{Year: 2026, Month: 3, Day: 8}, funnel.Date{Year: 2026, Month: 3, Day: 29},
		},
		"the hour that comes twice holds the time": {
			"America/New_York", "01:30", funnel.Date{Year: 2026, Month: 10, Day: 11}, funnel.Date{Year: 2026, Month: 11, Day: 1},
		},
		"clocks are changed by half an hour": {
			"Australia/Lord_Howe", "01:45", funnel.Date{Year: 2026, Month: 3, Day: 15}, funnel.Date{Year: 2026, Month: 4, Day: 5},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m.pass(t)
		})
	}
}

func (m month) pass(t *testing.T) {
	t.Helper()
	const weeks = 5
	w := setup(t)
	zone, err := time.LoadLocation(m.zone)
	require.NoError(t, err)
	calendar := funnel.OfficeHours()
	calendar.Days = map[string]funnel.Hours{m.sunday.String(): calendar.Week[time.Monday]}
	w.reset(t, m.zone, calendar)
	begins := m.begins.In(zone)
	w.clock.Store(begins.UnixNano())
	w.open(t, "Alder")
	_, err = w.service.SetDigest(t.Context(), w.act("wish"), funnel.DigestWish{At: m.at})
	require.NoError(t, err)
	w.clock.Store(begins.Add(12 * time.Hour).UnixNano())

	// Twelve days on nobody runs at the time of the digest, and sixteen days on nobody runs at all.
	late, lost := m.begins.AddDays(12), m.begins.AddDays(16)
	require.False(t, calendar.On(late).Off() || calendar.On(lost).Off())
	deaths := &atomic.Int64{}
	first, second := w.mortal(t, deaths, 1), w.mortal(t, deaths, 2)
	for ; w.now().Before(begins.AddDate(0, 0, 7*weeks)); w.advance(20 * time.Minute) {
		local := w.now().In(zone)
		if on := funnel.DateOf(local); on == lost || on == late && local.Hour() < 15 {
			continue
		}
		var both sync.WaitGroup
		for _, s := range []*funnel.Service{first, second} {
			both.Go(func() {
				if _, err := s.RunDigests(t.Context()); err != nil {
					require.ErrorIs(t, err, errKilled)
				}
			})
		}
		both.Wait()
	}
	require.Positive(t, deaths.Load())
	m.judge(t, w, calendar, zone, weeks, late, lost)
}

// judge requires one digest for each working day but the lost one, at its time or later on the day.
func (m month) judge(t *testing.T, w *world, calendar funnel.Calendar, zone *time.Location, weeks int, late, lost funnel.Date) {
	t.Helper()
	at, err := funnel.ParseClock(m.at)
	require.NoError(t, err)
	var set funnel.DigestSetting
	found, err := w.store.DigestSetting(t.Context(), w.space.ID, w.member.ID, funnel.ChatRef{})
	require.NoError(t, err)
	set = *found
	sent := 0
	for day := range 7 * weeks {
		on := m.begins.AddDays(day)
		facts, err := w.store.DigestOn(t.Context(), w.space.ID, set.ID, on)
		require.NoError(t, err)
		posted := w.count(t, "outbox WHERE kind = 'digest' AND payload -> 'data' ->> 'on' = '"+on.String()+"'")
		if day == 0 || calendar.On(on).Off() || on == lost {
			require.Nil(t, facts, on)
			require.Zero(t, posted, on)
			continue
		}
		require.NotNil(t, facts, on)
		require.Equal(t, 1, posted, on)
		sent++
		due := at.On(on, zone)
		require.False(t, facts.AsOf.Before(due), "%s: before its time", on)
		require.Equal(t, on, funnel.DateOf(facts.AsOf.In(zone)))
		// A death costs one round of twenty minutes, and a few may follow each other.
		if on != late {
			require.Less(t, facts.AsOf.Sub(due), 4*time.Hour, on)
		}
		if on == lost.AddDays(1) {
			require.Equal(t, []funnel.Date{lost}, facts.Missed)
		} else {
			require.Empty(t, facts.Missed, on)
		}
	}
	require.Equal(t, sent, w.count(t, "outbox WHERE kind = 'digest'"))
	require.Equal(t, sent, w.count(t, "digest_runs WHERE NOT skipped"))
	require.Equal(t, 1, w.count(t, "digest_runs WHERE skipped"))
}

// reset gives the workspace another zone and calendar.
func (w *world) reset(tb testing.TB, zone string, c funnel.Calendar) {
	tb.Helper()
	_, err := w.pool.Exec(tb.Context(), `UPDATE workspaces SET zone = $1, calendar = $2, version = version + 1`, zone, c)
	require.NoError(tb, err)
}

// mortal is a process on the database of the world that dies now and then.
func (w *world) mortal(tb testing.TB, deaths *atomic.Int64, seed uint64) *funnel.Service {
	tb.Helper()
	def, err := definition.Default()
	require.NoError(tb, err)
	return funnel.New(funnel.Config{
		Store:   &mortal{Store: w.store, mu: &sync.Mutex{}, dice: rand.New(rand.NewPCG(seed, 7)), deaths: deaths},
		Funnels: func(funnel.Kind) *funnel.Funnel { return def }, Clock: w.now, IDs: newID,
	})
}
