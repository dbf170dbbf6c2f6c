package funnel_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

// zones change their clocks in spring and autumn, at different hours and by different amounts, or
// never.
var zones = []string{
	"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo", "Africa/Cairo", "Asia/Kolkata",
	"Pacific/Apia", "Asia/Yekaterinburg", "UTC",
}

func sleeper(zone, from, to string) funnel.Member {
	return funnel.Member{ID: funnel.ID{1}, Active: true, Zone: zone, QuietFrom: from, QuietTo: to}
}

func within(at, from, to funnel.Clock) bool {
	if from <= to {
		return at >= from && at < to
	}
	return at >= from || at < to
}

// TestQuietHoursAreThoseOfTheClockOnTheWall compares with what a clock shows, on every day on which
// the clocks are not changed, and holds the end to be the first instant that is not quiet on all.
func TestQuietHoursAreThoseOfTheClockOnTheWall(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 7))
		for range 500 {
			zone := zones[r.IntN(len(zones))]
			place, err := time.LoadLocation(zone)
			require.NoError(t, err)
			from, to := funnel.Clock(r.IntN(24*60)), funnel.Clock(r.IntN(24*60))
			at := time.Date(2024+r.IntN(4), time.January, 1, 0, 0, r.IntN(366*24*3600), 0, time.UTC)
			m := sleeper(zone, from.String(), to.String())

			end := m.QuietUntil(funnel.Workspace{}, at)

			local := at.In(place)
			about := []any{"%s at %s, quiet %s to %s, until %s", zone, local, from, to, end.In(place)}
			if from == to {
				require.True(t, end.IsZero(), about...)
				continue
			}
			if !end.IsZero() {
				require.True(t, end.After(at), about...)
				require.LessOrEqual(t, end.Sub(at), 25*time.Hour, about...)
				require.False(t, m.Quiet(funnel.Workspace{}, end), about...)
				require.True(t, m.Quiet(funnel.Workspace{}, end.Add(-time.Nanosecond)), about...)
			}
			if steady(local.AddDate(0, 0, -1)) && steady(local) && steady(local.AddDate(0, 0, 1)) {
				require.Equal(t, within(funnel.At(local.Hour(), local.Minute()), from, to), !end.IsZero(), about...)
			}
		}
	}
}

// steady reports whether the day of t has 24 hours.
func steady(t time.Time) bool {
	y, m, d := t.Date()
	return time.Date(y, m, d+1, 0, 0, 0, 0, t.Location()).Sub(time.Date(y, m, d, 0, 0, 0, 0, t.Location())) == 24*time.Hour
}

func moment(tb testing.TB, s string) time.Time {
	tb.Helper()
	at, err := time.Parse(time.RFC3339, s)
	require.NoError(tb, err)
	return at
}

func TestQuietHoursEndByTheClockWhenItIsChanged(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ zone, from, to, at, end string }{
		// Spring: the night is an hour shorter.
		{"Europe/Berlin", "20:00", "08:00", "2026-03-28T19:00:00Z", "2026-03-29T06:00:00Z"},
		{"America/New_York", "20:00", "08:00", "2026-03-08T01:00:00Z", "2026-03-08T12:00:00Z"},
		// Half an hour.
		{"Australia/Lord_Howe", "20:00", "08:00", "2026-10-03T09:30:00Z", "2026-10-03T21:00:00Z"},
		// Autumn: it is longer.
		{"Europe/Berlin", "20:00", "08:00", "2026-10-24T18:00:00Z", "2026-10-25T07:00:00Z"},
		{"America/New_York", "20:00", "08:00", "2026-11-01T00:00:00Z", "2026-11-01T13:00:00Z"},
		{"Australia/Lord_Howe", "20:00", "08:00", "2026-04-04T09:00:00Z", "2026-04-04T21:30:00Z"},
		// An end that the clocks skip is the moment after the gap.
		{"Europe/Berlin", "20:00", "02:30", "2026-03-28T19:00:00Z", "2026-03-29T01:00:00Z"},
	} {
		m := sleeper(c.zone, c.from, c.to)
		at, end := moment(t, c.at), moment(t, c.end)
		require.Equal(t, end, m.QuietUntil(funnel.Workspace{}, at).UTC(), c)
		require.False(t, m.Quiet(funnel.Workspace{}, at.Add(-time.Second)), "%v: it begins then", c)
	}
}

func TestAnAbsenceEndsWhenTheDayBeginsWhereTheMemberIs(t *testing.T) {
	t.Parallel()
	back := funnel.Date{Year: 2026, Month: 3, Day: 29}
	for zone, first := range map[string]string{
		"Europe/Berlin": "2026-03-28T23:00:00Z", "Pacific/Apia": "2026-03-28T11:00:00Z", "America/New_York": "2026-03-29T04:00:00Z",
		// The clocks skip midnight there.
		"Asia/Beirut": "2026-03-28T22:00:00Z",
	} {
		m := sleeper(zone, "00:00", "00:00")
		m.AwayUntil = back
		at := moment(t, first)
		require.True(t, m.Away(funnel.Workspace{}, at.Add(-time.Nanosecond)), zone)
		require.False(t, m.Away(funnel.Workspace{}, at), zone)
	}
	require.False(t, sleeper("UTC", "00:00", "00:00").Away(funnel.Workspace{}, morning))
}

func TestAPlanIsDueFromItsTimeToMidnightOnWorkingDays(t *testing.T) {
	t.Parallel()
	w := funnel.Workspace{Zone: "UTC", Calendar: funnel.OfficeHours()}
	w.Calendar.Days = map[string]funnel.Hours{"2026-03-30": {}, "2026-04-04": {From: funnel.At(9, 0), To: funnel.At(18, 0)}}
	m := sleeper("Europe/Berlin", "20:00", "07:00")
	m.PlanAt = "08:30"
	for at, due := range map[string]bool{
		"2026-03-27T07:29:59Z": false, // Friday in winter time
		"2026-03-27T07:30:00Z": true,
		"2026-03-27T18:59:59Z": true,
		"2026-03-27T19:00:00Z": false, // quiet
		"2026-03-28T07:30:00Z": false, // Saturday
		"2026-03-30T06:30:00Z": false, // a holiday
		"2026-03-31T06:29:59Z": false, // Tuesday in summer time
		"2026-03-31T06:30:00Z": true,
		"2026-04-04T06:30:00Z": true, // a Saturday on which people work
	} {
		_, got := m.PlanDue(w, moment(t, at))
		require.Equal(t, due, got, at)
	}
	at := moment(t, "2026-03-31T06:30:00Z")
	on, _ := m.PlanDue(w, at)
	require.Equal(t, funnel.Date{Year: 2026, Month: 3, Day: 31}, on)
	for _, spoil := range []func(*funnel.Member){
		func(m *funnel.Member) { m.PlanDay = on },
		func(m *funnel.Member) { m.PlanDay = on.AddDays(1) },
		func(m *funnel.Member) { m.AwayUntil = on.AddDays(1) },
		func(m *funnel.Member) { m.Active = false },
		func(m *funnel.Member) { m.PlanAt = "" },
	} {
		spoilt := m
		spoil(&spoilt)
		_, got := spoilt.PlanDue(w, at)
		require.False(t, got, "%+v", spoilt)
	}
}

// TestAPlanComesOnceADayWhateverTheClocksDo lets a minute-wise clock run over changes of the time.
func TestAPlanComesOnceADayWhateverTheClocksDo(t *testing.T) {
	t.Parallel()
	everyDay := funnel.Workspace{Zone: "UTC"}
	for i := range everyDay.Calendar.Week {
		everyDay.Calendar.Week[i] = funnel.Hours{From: funnel.At(9, 0), To: funnel.At(18, 0)}
	}
	for zone, begin := range map[string]string{
		"Europe/Berlin": "2026-03-27T12:00:00Z", "America/New_York": "2026-10-30T12:00:00Z", "Australia/Lord_Howe": "2026-10-02T12:00:00Z",
	} {
		for _, planAt := range []string{"02:15", "02:30", "01:45", "08:30"} {
			m := sleeper(zone, "00:00", "00:00")
			m.PlanAt = planAt
			at, sent := moment(t, begin), map[funnel.Date]int{}
			first := funnel.DateOf(at.In(m.Location(everyDay)))
			m.PlanDay = first
			for funnel.DateOf(at.In(m.Location(everyDay))).Sub(first) <= 4 {
				if on, due := m.PlanDue(everyDay, at); due {
					sent[on]++
					m.PlanDay = on
				}
				at = at.Add(time.Minute)
			}
			require.Len(t, sent, 4, "%s %s", zone, planAt)
			for on, n := range sent {
				require.Equal(t, 1, n, "%s %s %s", zone, planAt, on)
			}
		}
	}
}

func TestThePlanOfQuietHoursComesAtTheirEnd(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ plan, from, to, comes string }{
		{"08:30", "20:00", "08:00", "08:30"},
		{"07:00", "20:00", "08:00", "08:00"},
		{"21:00", "20:00", "08:00", "08:00"},
		{"08:00", "20:00", "08:00", "08:00"},
		{"13:30", "13:00", "14:00", "14:00"},
		{"07:00", "00:00", "00:00", "07:00"},
		{"", "20:00", "08:00", ""},
	} {
		m := sleeper("UTC", c.from, c.to)
		m.PlanAt = c.plan
		require.Equal(t, c.comes, m.PlanClock(), c)
	}
}

func TestTimesOfDayAreReadInOneFormOnly(t *testing.T) {
	t.Parallel()
	for _, good := range []string{"00:00", "08:30", "23:59"} {
		c, err := funnel.ParseClock(good)
		require.NoError(t, err)
		require.Equal(t, good, c.String())
	}
	for _, bad := range []string{"", "8:30", "24:00", "08:60", "08.30", "08:30:00", "aa:bb", " 8:30"} {
		_, err := funnel.ParseClock(bad)
		require.Error(t, err, bad)
	}
}

func TestDerivedIdentifiersFollowFromTheirParts(t *testing.T) {
	t.Parallel()
	a := funnel.NoticeDerived("plan", "x", "2026-01-01")
	require.Equal(t, a, funnel.NoticeDerived("plan", "x", "2026-01-01"))
	require.NotEqual(t, a, funnel.NoticeDerived("plan", "x2026-", "01-01"))
	require.Equal(t, "8", strings.Split(a.String(), "-")[2][:1], "a UUID of version 8: %s", a)
}
