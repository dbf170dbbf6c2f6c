package funnel_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

func zone(tb testing.TB, name string) *time.Location {
	tb.Helper()
	z, err := time.LoadLocation(name)
	require.NoError(tb, err)
	return z
}

func TestClocksShowWhatPeopleMean(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		zone  string
		day   funnel.Date
		clock funnel.Clock
		want  string
	}{
		"a plain morning":               {"Europe/Moscow", funnel.Date{Year: 2026, Month: 11, Day: 23}, funnel.At(9, 0), "2026-11-23T09:00:00+03:00"},
		"skipped in Berlin":             {"Europe/Berlin", funnel.Date{Year: 2026, Month: 3, Day: 29}, funnel.At(2, 30), "2026-03-29T03:00:00+02:00"},
		"skipped in New York":           {"America/New_York", funnel.Date{Year: 2026, Month: 3, Day: 8}, funnel.At(2, 30), "2026-03-08T03:00:00-04:00"},
		"after the gap":                 {"America/New_York", funnel.Date{Year: 2026, Month: 3, Day: 8}, funnel.At(9, 0), "2026-03-08T09:00:00-04:00"},
		"a midnight that is not shown":  {"Africa/Cairo", funnel.Date{Year: 2026, Month: 4, Day: 24}, funnel.At(0, 0), "2026-04-24T01:00:00+03:00"},
		"the same on the other side":    {"America/Havana", funnel.Date{Year: 2026, Month: 3, Day: 8}, funnel.At(0, 0), "2026-03-08T01:00:00-04:00"},
		"a day that an island left out": {"Pacific/Apia", funnel.Date{Year: 2011, Month: 12, Day: 30}, funnel.At(9, 0), "2011-12-31T00:00:00+14:00"},
		"the end of a day":              {"Europe/Berlin", funnel.Date{Year: 2026, Month: 12, Day: 31}, funnel.At(24, 0), "2027-01-01T00:00:00+01:00"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := c.clock.On(c.day, zone(t, c.zone))

			require.Equal(t, c.want, got.Format(time.RFC3339))
		})
	}
}

func TestADayBeginsWithItsFirstInstant(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"UTC", "Europe/Berlin", "America/Havana", "Africa/Cairo", "Atlantic/Azores", "Asia/Beirut", "Australia/Lord_Howe"} {
		z := zone(t, name)
		for day := (funnel.Date{Year: 2026, Month: 1, Day: 1}); day.Year == 2026; day = day.AddDays(1) {
			first := day.In(z)

			require.Equal(t, day, funnel.DateOf(first), name)
			require.NotEqual(t, day, funnel.DateOf(first.Add(-time.Nanosecond)), name)
		}
	}
}

func TestDatesCount(t *testing.T) {
	t.Parallel()
	leap := funnel.Date{Year: 2028, Month: 2, Day: 28}
	require.Equal(t, funnel.Date{Year: 2028, Month: 2, Day: 29}, leap.AddDays(1))
	require.Equal(t, 366, leap.AddDays(366).Sub(leap))
	require.Equal(t, time.Monday, funnel.DateOf(morning).Weekday())
	far := funnel.Date{Year: 9999, Month: 12, Day: 31}
	require.Equal(t, 2912397, far.Sub(funnel.Date{Year: 2026, Month: 2, Day: 15}), "longer than a time.Duration lasts")
	require.True(t, leap.Before(far))
	require.False(t, far.Before(far))
	require.True(t, leap.Valid())
	for _, bad := range []funnel.Date{{}, {Year: 2026, Month: 2, Day: 29}, {Year: 2026, Month: 13, Day: 1}, {Year: 10000, Month: 1, Day: 1}} {
		require.False(t, bad.Valid(), bad)
	}
}

func TestDatesAreReadAsTheyAreWritten(t *testing.T) {
	t.Parallel()
	for _, d := range []funnel.Date{{}, {Year: 2026, Month: 11, Day: 23}, {Year: 1, Month: 1, Day: 1}, {Year: 9999, Month: 12, Day: 31}} {
		text, err := d.MarshalText()
		require.NoError(t, err)
		var again funnel.Date
		require.NoError(t, again.UnmarshalText(text))
		require.Equal(t, d, again)
	}
	for _, bad := range []string{"2026-02-29", "23.11.2026", "2026-1-1", "x"} {
		var d funnel.Date
		require.Error(t, d.UnmarshalText([]byte(bad)), bad)
	}
}

func TestWorkingDaysFollowTheCalendar(t *testing.T) {
	t.Parallel()
	c := funnel.OfficeHours()
	friday := funnel.Date{Year: 2026, Month: 11, Day: 27}
	c.Days = map[string]funnel.Hours{
		friday.String():            {},
		friday.AddDays(1).String(): {From: funnel.At(10, 0), To: funnel.At(16, 0)},
	}

	require.Equal(t, friday.AddDays(1), c.NextWorkday(friday), "the holiday was moved to a Saturday")
	require.Equal(t, friday.AddDays(3), c.NextWorkday(friday.AddDays(2)))
	require.Equal(t, funnel.At(10, 0), c.StartOf(friday.AddDays(1)))
	require.Equal(t, funnel.At(9, 0), c.StartOf(friday), "a reminder on a holiday comes at the usual hour")
	require.Equal(t, funnel.At(9, 0), funnel.Calendar{}.StartOf(friday))
	require.Equal(t, friday, funnel.Calendar{}.NextWorkday(friday), "nobody ever works")
}

func TestAStepIsRemindedOfWhenWorkBegins(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		now  time.Time
		on   int
		at   time.Duration
		want string
	}{
		"tomorrow":               {morning, 1, 0, "2026-11-24T09:00:00+01:00"},
		"today, work has begun":  {morning, 0, 0, ""},
		"today, before work":     {morning.Add(-4 * time.Hour), 0, 0, "2026-11-23T09:00:00+01:00"},
		"at a time":              {morning, 0, 3 * time.Hour, "2026-11-23T13:00:00+01:00"},
		"on a Saturday":          {morning, 5, 0, "2026-11-28T09:00:00+01:00"},
		"in another summer time": {morning, 180, 0, "2027-05-22T09:00:00+02:00"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			target := o.opened(t, "lead")
			o.now = c.now
			step := funnel.SetNext{What: "call", On: funnel.DateOf(c.now.In(o.space.Location())).AddDays(c.on)}
			if c.at > 0 {
				step.At = c.now.Add(c.at)
			}

			r, err := o.Next(t.Context(), o.by(o.anna), target, step)

			require.NoError(t, err)
			remind := r.Deal.Next.RemindAt
			if c.want == "" {
				require.Zero(t, remind)
				return
			}
			require.Equal(t, c.want, remind.In(o.space.Location()).Format(time.RFC3339))
		})
	}
}

func TestCurrenciesHaveTheirMinorUnits(t *testing.T) {
	t.Parallel()
	for code, want := range map[funnel.Currency]int64{"EUR": 100, "RUB": 100, "JPY": 1, "KWD": 1000, "": 100} {
		require.Equal(t, want, code.Scale(), code)
	}
	require.True(t, funnel.Money{}.IsZero())
	require.False(t, funnel.Money{Currency: "EUR"}.IsZero(), "nothing of a currency is an amount")
}
