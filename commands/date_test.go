package commands

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

// days are read on Monday 2026-11-23, 12:00 in Moscow.
func readDay(t *testing.T, typed string, d Direction, l funnel.Locale) string {
	t.Helper()
	list, err := ParseDate(typed, monday.In(moscow()), d, l)
	if err != nil {
		return string(funnel.CodeOf(err))
	}
	var out []string
	for _, w := range list {
		out = append(out, w.String())
	}
	return strings.Join(out, " or ")
}

func TestDaysAreReadOnTheSideOfTheVerb(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ typed, past, future string }{
		{"вчера", "2026-11-22", "2026-11-22"},
		{"позавчера", "2026-11-21", "2026-11-21"},
		{"сегодня", "2026-11-23", "2026-11-23"},
		{"завтра", "2026-11-24", "2026-11-24"},
		{"послезавтра", "2026-11-25", "2026-11-25"},
		{"the day after tomorrow", "2026-11-25", "2026-11-25"},
		{"day before yesterday", "2026-11-21", "2026-11-21"},
		{"в пятницу", "2026-11-20", "2026-11-27"},
		{"пт", "2026-11-20", "2026-11-27"},
		{"friday", "2026-11-20", "2026-11-27"},
		{"on Fri.", "2026-11-20", "2026-11-27"},
		{"понедельник", "2026-11-16", "2026-11-30"}, // today is Monday
		{"в след. пятницу", "2026-12-04", "2026-12-04"},
		{"next fri", "2026-12-04", "2026-12-04"},
		{"last friday", "2026-11-20", "2026-11-20"},
		{"в прошлый вторник", "2026-11-17", "2026-11-17"},
		{"в эту пятницу", "2026-11-27", "2026-11-27"},
		{"через месяц", "2026-12-23", "2026-12-23"},
		{"через 2 недели", "2026-12-07", "2026-12-07"},
		{"через пару дней", "2026-11-25", "2026-11-25"},
		{"через полгода", "2027-05-23", "2027-05-23"},
		{"in 3 days", "2026-11-26", "2026-11-26"},
		{"in a couple of weeks", "2026-12-07", "2026-12-07"},
		{"a week from now", "2026-11-30", "2026-11-30"},
		{"неделю назад", "2026-11-16", "2026-11-16"},
		{"3 days ago", "2026-11-20", "2026-11-20"},
		{"два месяца назад", "2026-09-23", "2026-09-23"},
		{"2 часа назад", "2026-11-23 10:00", "2026-11-23 10:00"},
		{"13 hours ago", "2026-11-22 23:00", "2026-11-22 23:00"},
		{"+3d", "2026-11-26", "2026-11-26"},
		{"конец месяца", "2026-11-30", "2026-11-30"},
		{"в конце месяца", "2026-11-30", "2026-11-30"},
		{"by the end of the month", "2026-11-30", "2026-11-30"},
		{"eoy", "2026-12-31", "2026-12-31"},
		{"до конца недели", "2026-11-27", "2026-11-27"},
		{"в начале следующего месяца", "2026-12-01", "2026-12-01"},
		{"начало квартала", "2027-01-01", "2027-01-01"},
		{"в конце февраля", "2027-02-28", "2027-02-28"},
		{"на следующей неделе", "2026-11-30", "2026-11-30"},
		{"last week", "2026-11-20", "2026-11-20"},
		{"next month", "2026-12-01", "2026-12-01"},
		{"last month", "2026-10-31", "2026-10-31"},
		{"20.11", "2026-11-20", "2027-11-20"},
		{"23.11", "2026-11-23", "2026-11-23"},
		{"25.12", "2025-12-25", "2026-12-25"},
		{"20.11.2026", "2026-11-20", "2026-11-20"},
		{"20.11.26", "2026-11-20", "2026-11-20"},
		{"2026-11-20", "2026-11-20", "2026-11-20"},
		{"2026/11/20", "2026-11-20", "2026-11-20"},
		{"20 ноября", "2026-11-20", "2027-11-20"},
		{"20-го ноября 2026 г.", "2026-11-20", "2026-11-20"},
		{"Nov 20", "2026-11-20", "2027-11-20"},
		{"Nov 20th, 2026", "2026-11-20", "2026-11-20"},
		{"20 Nov 2026", "2026-11-20", "2026-11-20"},
		{"the 20th of november", "2026-11-20", "2027-11-20"},
		{"20/11", "2026-11-20", "2027-11-20"},
		{"11/20/2026", "2026-11-20", "2026-11-20"},
		{"05/05", "2026-05-05", "2027-05-05"},
		{"20 числа", "2026-11-20", "2026-12-20"},
		{"25-го", "2026-10-25", "2026-11-25"},
		{"до февраля", "2026-02-01", "2027-02-01"},
		{"in May", "2026-05-01", "2027-05-01"},
		{"15:00", "2026-11-23 15:00", "2026-11-23 15:00"},
		{"завтра в 15", "2026-11-24 15:00", "2026-11-24 15:00"},
		{"завтра в 3", "2026-11-24 15:00", "2026-11-24 15:00"},
		{"tomorrow at 9", "2026-11-24 09:00", "2026-11-24 09:00"},
		{"в 15:30 завтра", "2026-11-24 15:30", "2026-11-24 15:30"},
		{"friday 3pm", "2026-11-20 15:00", "2026-11-27 15:00"},
		{"friday at 12 am", "2026-11-20 00:00", "2026-11-27 00:00"},
		{"завтра в 10 утра", "2026-11-24 10:00", "2026-11-24 10:00"},
		{"20.12.2026 в 11:45", "2026-12-20 11:45", "2026-12-20 11:45"},
		{"31.02", "date_impossible", "date_impossible"},
		{"2027-02-29", "date_impossible", "date_impossible"},
		{"20.11.1026", "date_impossible", "date_impossible"},
		{"через 9999 лет", "date_impossible", "date_impossible"},
		{"", "date_unreadable", "date_unreadable"},
		{"скоро", "date_unreadable", "date_unreadable"},
		{"24/7", "date_unreadable", "date_unreadable"},
		{"1.2.3", "date_unreadable", "date_unreadable"},
		{"12.5", "date_unreadable", "date_unreadable"},
		{"20.11 млн", "date_unreadable", "date_unreadable"},
		{"завтра 25:00", "date_unreadable", "date_unreadable"},
		{"may", "date_unreadable", "date_unreadable"},
		{"завтра или послезавтра", "date_unreadable", "date_unreadable"},
	} {
		require.Equal(t, c.past, readDay(t, c.typed, Past, "ru"), "%q, past", c.typed)
		require.Equal(t, c.future, readDay(t, c.typed, Future, "en"), "%q, future", c.typed)
	}
}

func TestADayOfTwoOrdersIsAskedAbout(t *testing.T) {
	t.Parallel()
	require.Equal(t, "2026-04-03 or 2026-03-04", readDay(t, "03/04", Past, "ru"))
	require.Equal(t, "2026-03-04 or 2026-04-03", readDay(t, "03/04", Past, "en"))
	require.Equal(t, "2027-03-04 15:00 or 2027-04-03 15:00", readDay(t, "3/4/27 at 15:00", Future, "en"))
	require.Equal(t, "2026-02-03", readDay(t, "02/03/2026", Past, "en")[:10])
	require.Equal(t, "2026-04-03 or 2026-03-04", readDay(t, "03-04-2026", Past, "ru"))
}

func TestMonthsEndWhereTheyEnd(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ now, typed, want string }{
		{"2027-01-31", "через месяц", "2027-02-28"},
		{"2028-01-31", "in a month", "2028-02-29"},
		{"2028-02-29", "in a year", "2029-02-28"},
		{"2026-12-31", "через 2 месяца", "2027-02-28"},
		{"2026-03-31", "месяц назад", "2026-02-28"},
		{"2028-02-10", "конец месяца", "2028-02-29"},
		{"2026-12-15", "next month", "2027-01-01"},
		{"2026-01-15", "last month", "2025-12-31"},
		{"2026-11-29", "завтра", "2026-11-30"},
		{"2026-11-29", "на этой неделе", "2026-11-27"}, // a Sunday belongs to the week before it
		{"2026-11-29", "next friday", "2026-12-04"},
		{"2027-12-31", "29.02", "2028-02-29"},
	} {
		now, err := time.ParseInLocation(time.DateOnly, c.now, moscow())
		require.NoError(t, err)
		list, err := ParseDate(c.typed, now, Future, "ru")
		require.NoError(t, err, "%q on %s", c.typed, c.now)
		require.Equal(t, c.want, list[0].String(), "%q on %s", c.typed, c.now)
	}
}

func TestAClockIsOfThePersonsZone(t *testing.T) {
	t.Parallel()
	w := When{Date: funnel.Date{Year: 2026, Month: time.November, Day: 24}, Clock: "15:00"}
	require.Equal(t, "2026-11-24T12:00:00Z", w.At(moscow()).UTC().Format(time.RFC3339))
	w.Clock = ""
	require.Equal(t, "2026-11-23T21:00:00Z", w.At(moscow()).UTC().Format(time.RFC3339))
}
