package main

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/bot/bottest/slacktest"
	"funnelbot/bot/bottest/telegramtest"
	"funnelbot/funnel"
	"funnelbot/storage/postgres/pgtest"
)

// reader gets digests on one of the platforms at an hour of a zone.
type reader struct {
	door, external string
	member         funnel.ID
	zone           *time.Location
	at             funnel.Clock
	set            funnel.ID
	// pictures are how many came with digests so far.
	pictures int
}

// month is a house in which managers of three zones read digests on both platforms, and the two programs that
// serve it by a clock that the test moves.
type month struct {
	*house
	clock *clock
	app   *app
	space funnel.Workspace
	// slackTrap and telegramTrap stand before the platforms.
	slackTrap, telegramTrap *trap
	readers                 []*reader
	programs                []*child
	calendar                funnel.Calendar
	due                     map[funnel.Date]bool
	deals                   int
}

// hours are when digests come: at the same moment while no clock has been changed, and an hour or half of it
// apart afterwards.
func hours() map[string]string {
	return map[string]string{"Europe/Berlin": "11:00", "America/New_York": "05:00", "Australia/Lord_Howe": "21:00"}
}

// TestAMonthOfDigestsOfTheProgram moves the clock of two programs over a month in which three zones change
// theirs. They are killed when digests are due, before a platform has taken one and after it has; platforms
// want to be left alone; the programs are away at the hour once, and once all day.
//
// What Telegram has taken from a program that was killed before it was told cannot be asked for, and is sent
// once more by design; there the kill comes before.
func TestAMonthOfDigestsOfTheProgram(t *testing.T) {
	t.Parallel()
	m := newMonth(t)
	first := funnel.Date{Year: time.Now().Year() + 1, Month: time.March, Day: 8}
	m.begin(t, first)
	m.serveTwice()
	plan := m.plan()
	sent, away := 0, false
	var late, lost funnel.Date
	for i := range 32 {
		on := first.AddDays(i)
		if m.calendar.On(on).Off() {
			continue
		}
		if i%quietly > 1 {
			m.open(t, m.readers[0])
		}
		moments := m.moments(on)
		what := plan[sent]
		if what == lostDay {
			lost = on
			plan[sent], away = quietDay, true
			m.killAll()
			continue
		}
		if what == lateDay {
			late = on
			m.killAll()
			moments, away = []time.Time{moments[len(moments)-1].Add(90 * time.Minute)}, true
		}
		if away {
			m.clock.set(t, moments[0])
			m.serveTwice()
			away = false
		}
		m.spring(what)
		if what == killOne {
			m.programs[0].kill()
		}
		for _, moment := range moments {
			m.clock.set(t, moment)
		}
		if what == killOne {
			m.outlived()
			m.programs[0] = m.serveChild()
		}
		if what == killBefore || what == killAfter {
			m.sprung(t)
			m.serveTwice()
		}
		sent++
		m.await(t, sent, on)
		m.due[on] = true
	}
	m.judge(t, sent, late, lost)
}

// quietly is how often two days follow on each other on which nothing happens.
const quietly = 5

// What happens on a day on which digests are due.
type fate int

const (
	quietDay fate = iota
	killOne
	killBefore
	killAfter
	busyDay
	lateDay
	lostDay
)

// plan spreads what happens over the days.
func (m *month) plan() map[int]fate {
	return map[int]fate{
		1: busyDay, 3: killOne, 5: killBefore, 8: lostDay, 10: killAfter, 13: lateDay, 15: busyDay, 17: killBefore, 20: killOne,
	}
}

func newMonth(t *testing.T) *month {
	t.Helper()
	h := newHouse(t, pgtest.New(t, migrated))
	m := &month{house: h, clock: newClock(t), due: map[funnel.Date]bool{}}
	v := h.serve()
	h.settle()
	h.delivered()
	v.end()
	h.gate.shut()
	m.slackTrap, m.telegramTrap = newTrap(t, h.slack.URL), newTrap(t, h.telegram.URL)
	h.slackAPI, h.telegramAPI = m.slackTrap.url, m.telegramTrap.url
	h.env = []string{clockFile + "=" + m.clock.name}
	return m
}

// begin brings in the readers and their deals on the day before the first digest. People work on the Sundays on
// which clocks are changed.
func (m *month) begin(t *testing.T, first funnel.Date) {
	t.Helper()
	ctx := t.Context()
	m.clock.set(t, first.AddDays(-1).In(time.UTC).Add(12*time.Hour))
	var errs screen
	line := &settings{DatabaseURL: m.url, Workspace: "main", LogLevel: "error", Data: t.TempDir()}
	a, err := newApp(ctx, line, &streams{out: &errs, err: &errs, getenv: func(string) string { return "" }, now: m.clock.now}, options{quiet: true})
	require.NoError(t, err)
	t.Cleanup(func() { a.close(ctx) })
	m.app = a
	m.space, err = a.knownWorkspace(ctx)
	require.NoError(t, err)
	m.calendar = funnel.OfficeHours()
	m.calendar.Days = map[string]funnel.Hours{}
	for i := range 32 {
		for zone := range hours() {
			if on := first.AddDays(i); changes(t, on, zone) {
				m.calendar.Days[on.String()] = m.calendar.Week[time.Monday]
			}
		}
	}
	require.Len(t, m.calendar.Days, len(hours()))
	pool := pgtest.Pool(t, m.url)
	_, err = pool.Exec(ctx, "UPDATE workspaces SET calendar = $1, version = version + 1", m.calendar)
	require.NoError(t, err)
	for i, zone := range slices.Sorted(maps.Keys(hours())) {
		m.slack.AddUser(slacktest.User{ID: fmt.Sprintf("U7%02d", i), Name: fmt.Sprintf("s%d", i), TZ: zone})
		m.telegram.AddUser(telegramtest.User{ID: int64(700 + i), First: fmt.Sprintf("T%d", i), Language: "en", Started: true})
		m.join(t, zone, funnel.Caller{Door: "slack", Team: m.slack.TeamID, External: fmt.Sprintf("U7%02d", i), Name: fmt.Sprintf("s%d", i), Locale: funnel.English})
		m.join(t, zone, funnel.Caller{Door: "telegram", External: strconv.Itoa(700 + i), Name: fmt.Sprintf("t%d", i), Locale: funnel.English})
	}
	require.Empty(t, errs.take())
}

// join lets a manager in, who wants a digest and has a deal.
func (m *month) join(t *testing.T, zone string, who funnel.Caller) {
	t.Helper()
	ctx := t.Context()
	member, err := m.app.service.Join(ctx, who, m.space.ID, funnel.Manager, funnel.AdmittedInvitation)
	require.NoError(t, err)
	_, err = pgtest.Pool(t, m.url).Exec(ctx, "UPDATE members SET zone = $2 WHERE id = $1", member.ID, zone)
	require.NoError(t, err)
	r := &reader{door: who.Door, external: who.External, member: member.ID}
	r.zone, err = time.LoadLocation(zone)
	require.NoError(t, err)
	r.at, err = funnel.ParseClock(hours()[zone])
	require.NoError(t, err)
	act := funnel.Act{Workspace: m.space.ID, Member: member.ID, Event: "wish:" + who.External, Origin: funnel.FromChat}
	set, err := m.app.service.SetDigest(ctx, act, funnel.DigestWish{At: hours()[zone]})
	require.NoError(t, err)
	r.set = set.ID
	m.readers = append(m.readers, r)
	m.open(t, r)
}

// open gives a reader something to read about.
func (m *month) open(t *testing.T, r *reader) {
	t.Helper()
	m.deals++
	name := fmt.Sprintf("Firm %d of %s", m.deals, r.external)
	act := funnel.Act{Workspace: m.space.ID, Member: r.member, Event: name, Origin: funnel.FromChat}
	_, err := m.app.service.Open(t.Context(), act, funnel.OpenDeal{Company: funnel.Company{Name: name}, Owner: r.member})
	require.NoError(t, err)
}

// changes reports whether a zone changes its clock on a day.
func changes(tb testing.TB, on funnel.Date, zone string) bool {
	tb.Helper()
	z, err := time.LoadLocation(zone)
	require.NoError(tb, err)
	_, before := on.In(z).Zone()
	_, after := on.AddDays(1).In(z).Zone()
	return before != after
}

// moments are a minute after digests of a day are due, each once.
func (m *month) moments(on funnel.Date) []time.Time {
	var all []time.Time
	for _, r := range m.readers {
		all = append(all, r.at.On(on, r.zone).UTC().Add(time.Minute))
	}
	slices.SortFunc(all, time.Time.Compare)
	return slices.Compact(all)
}

// serveTwice starts what does not run.
func (m *month) serveTwice() {
	m.tb.Helper()
	m.outlived()
	m.slackTrap.open()
	m.telegramTrap.open()
	m.programs = []*child{m.serveChild(), m.serveChild()}
}

// outlived lets the time pass after which timed work of a program that died is done by another: it goes by the
// clock of the database, which cannot be moved.
func (m *month) outlived() {
	m.tb.Helper()
	pool := pgtest.Pool(m.tb, m.url)
	for _, change := range []string{
		"UPDATE river_job SET attempted_at = attempted_at - interval '1 hour' WHERE state = 'running'",
		"DELETE FROM river_leader",
	} {
		_, err := pool.Exec(m.tb.Context(), change)
		require.NoError(m.tb, err)
	}
}

func (m *month) killAll() {
	m.tb.Helper()
	for _, c := range m.programs {
		c.kill()
	}
	m.programs = nil
}

// spring makes ready what happens when digests are sent.
func (m *month) spring(what fate) {
	programs := slices.Clone(m.programs)
	switch what {
	case killBefore:
		m.telegramTrap.set(programs, false)
	case killAfter:
		m.telegramTrap.set(nil, false)
		m.slackTrap.set(programs, true)
	case busyDay:
		const times = 4
		for _, method := range []string{"chat.postMessage", "files.getUploadURLExternal"} {
			m.slack.Fail(method, slacktest.Fault{Times: times, Status: http.StatusTooManyRequests, RetryAfter: time.Second})
		}
		for _, method := range []string{"sendMessage", "sendPhoto"} {
			m.telegram.Fail(method, telegramtest.Fault{Times: times, Status: http.StatusTooManyRequests, RetryAfter: 1})
		}
	case quietDay, killOne, lateDay, lostDay:
	}
}

// sprung waits until a trap has killed the programs.
func (m *month) sprung(t *testing.T) {
	t.Helper()
	require.Eventually(t, func() bool {
		for _, c := range m.programs {
			if len(c.exited) == 0 {
				return false
			}
		}
		return true
	}, patience, glance, "no digest was on its way")
	m.programs = nil
}

// received are how many digests and pictures a reader has.
func (m *month) received(r *reader) (texts, pictures int) {
	if r.door == "slack" {
		for _, p := range m.slack.Messages(m.slack.DM(r.external)) {
			if len(p.Files) > 0 {
				pictures++
			} else {
				texts++
			}
		}
		return texts, pictures
	}
	user, _ := strconv.ParseInt(r.external, 10, 64)
	for _, p := range m.telegram.Said(user) {
		if p.File != nil {
			pictures++
		} else {
			texts++
		}
	}
	return texts, pictures
}

// await waits until every reader has so many, which must not be more.
func (m *month) await(t *testing.T, sent int, on funnel.Date) {
	t.Helper()
	require.Eventually(t, func() bool {
		for _, r := range m.readers {
			if texts, _ := m.received(r); texts < sent {
				return false
			}
		}
		return true
	}, 2*patience, glance, "%s: a digest is missing", on)
	m.delivered()
	for _, r := range m.readers {
		facts, err := m.app.store.DigestOn(t.Context(), m.space.ID, r.set, on)
		require.NoError(t, err)
		require.NotNil(t, facts, on)
		if facts.Full || !facts.News.IsZero() || len(facts.Missed) > 0 || !facts.Bottleneck.Unchanged {
			r.pictures++
		}
		texts, pictures := m.received(r)
		require.Equal(t, []int{sent, r.pictures}, []int{texts, pictures}, "%s: %s %s", on, r.door, r.external)
	}
}

// judge compares what platforms received with what the database knows.
func (m *month) judge(t *testing.T, sent int, late, lost funnel.Date) {
	t.Helper()
	require.Greater(t, sent, 20)
	require.Greater(t, sent, m.readers[0].pictures, "a quiet day needs no picture")
	require.Greater(t, m.readers[0].pictures, 10)
	for _, r := range m.readers {
		noted := 0
		for on := range m.due {
			facts, err := m.app.store.DigestOn(t.Context(), m.space.ID, r.set, on)
			require.NoError(t, err)
			require.NotNil(t, facts, on)
			due := r.at.On(on, r.zone)
			require.False(t, facts.AsOf.Before(due), "%s: before its time", on)
			require.Equal(t, on, funnel.DateOf(facts.AsOf.In(r.zone)))
			if on != late {
				require.Less(t, facts.AsOf.Sub(due), 2*time.Hour, on)
			}
			if len(facts.Missed) > 0 {
				require.Equal(t, []funnel.Date{lost}, facts.Missed)
				noted++
			}
		}
		require.Equal(t, 1, noted, "the lost day is told of once")
	}
	require.Equal(t, sent*len(m.readers), count(t, m.url, "digest_runs WHERE NOT skipped"))
	require.Equal(t, len(m.readers), count(t, m.url, "digest_runs WHERE skipped"))
	require.Zero(t, count(t, m.url, "outbox WHERE buried <> ''"))
	m.clean()
}
