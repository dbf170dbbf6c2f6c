package funnel_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

func TestWorkingTimePassesInWorkingHours(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	cal := funnel.OfficeHours()
	cal.Days = map[string]funnel.Hours{
		"2026-12-25": {},                                                  // a holiday on a Friday
		"2026-12-19": {From: funnel.At(10, 0), To: funnel.At(14, 0)},      // a Saturday that is worked
		"2027-03-28": {From: funnel.At(0, 0), To: funnel.At(6, 0)},        // the night that summer time begins in
		"2026-10-25": {From: funnel.At(0, 0), To: funnel.At(6, 0)},        // and the one that it ends in
		"2026-12-31": {From: funnel.At(20, 0), To: funnel.At(24, 0)},      // until midnight
		"2027-01-01": {From: funnel.At(0, 0), To: funnel.At(2, 0)},        // and from midnight on
		"2026-12-30": {From: funnel.At(12, 0), To: funnel.At(12, 0) - 60}, // hours that end before they begin are none
	}
	for _, c := range []struct {
		name, from string
		work       time.Duration
		want       string
	}{
		{"within a day", "2026-11-23 10:00", 4 * time.Hour, "2026-11-23 14:00"},
		{"to its very end", "2026-11-23 14:00", 4 * time.Hour, "2026-11-23 18:00"},
		{"into the next day", "2026-11-23 16:00", 4 * time.Hour, "2026-11-24 11:00"},
		{"from the evening", "2026-11-23 21:30", 4 * time.Hour, "2026-11-24 13:00"},
		{"from before dawn", "2026-11-23 03:00", 4 * time.Hour, "2026-11-23 13:00"},
		{"over a weekend", "2026-11-27 17:00", 2 * time.Hour, "2026-11-30 10:00"},
		{"from a Sunday", "2026-11-29 12:00", 9 * time.Hour, "2026-11-30 18:00"},
		{"over a holiday", "2026-12-24 17:30", time.Hour, "2026-12-28 09:30"},
		{"on a moved working day", "2026-12-18 17:00", 5 * time.Hour, "2026-12-19 14:00"},
		{"days of it", "2026-11-23 09:00", 45 * time.Hour, "2026-11-27 18:00"},
		{"through midnight", "2026-12-31 23:00", 2 * time.Hour, "2027-01-01 01:00"},
		{"past hours that are none", "2026-12-29 17:00", 2 * time.Hour, "2026-12-31 21:00"},
		{"an hour that clocks skip does not pass", "2027-03-28 01:00", 2 * time.Hour, "2027-03-28 04:00"},
		{"none", "2026-11-29 12:00", 0, "2026-11-29 12:00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			from, err := time.ParseInLocation("2006-01-02 15:04", c.from, berlin)
			require.NoError(t, err)

			got := cal.After(from, c.work, berlin)

			require.Equal(t, c.want, got.In(berlin).Format("2006-01-02 15:04"))
		})
	}
	t.Run("an hour that clocks repeat passes twice", func(t *testing.T) {
		t.Parallel()
		from := time.Date(2026, time.October, 25, 0, 0, 0, 0, berlin)
		require.Equal(t, 4*time.Hour, cal.After(from, 4*time.Hour, berlin).Sub(from))
		require.Equal(t, "03:00", cal.After(from, 4*time.Hour, berlin).In(berlin).Format("15:04"))
	})
	t.Run("in the zone of the person", func(t *testing.T) {
		t.Parallel()
		tokyo, err := time.LoadLocation("Asia/Tokyo")
		require.NoError(t, err)
		// 10:00 in Berlin is 18:00 in Tokyo, where the day is over.
		from := time.Date(2026, time.November, 23, 10, 0, 0, 0, berlin)
		require.Equal(t, "2026-11-24 10:00", cal.After(from, time.Hour, tokyo).In(tokyo).Format("2006-01-02 15:04"))
	})
	t.Run("where nobody works", func(t *testing.T) {
		t.Parallel()
		require.Equal(t, morning.Add(time.Hour), funnel.Calendar{}.After(morning, time.Hour, berlin))
	})
}

// Counted minute by minute, as nobody would in production.
func TestWorkingTimeIsWhatAClockInTheOfficeCounts(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	cal := funnel.OfficeHours()
	cal.Week[time.Sunday] = funnel.Hours{From: funnel.At(1, 0), To: funnel.At(4, 0)}
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 3))
		// Around the change to winter time.
		from := time.Date(2026, time.October, 20, 0, r.IntN(8*24*60), 0, 0, berlin)
		work := time.Duration(r.IntN(20*60)+1) * time.Minute

		got := cal.After(from, work, berlin)

		passed := time.Duration(0)
		for at := from; at.Before(got); at = at.Add(time.Minute) {
			local := at.In(berlin)
			hours := cal.On(funnel.DateOf(local))
			if now := funnel.At(local.Hour(), local.Minute()); now >= hours.From && now < hours.To {
				passed += time.Minute
			}
		}
		require.Equal(t, work, passed, "seed %d", seed)
	}
}
