package sample

import (
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
	"funnelbot/funnel/definition"
)

// directory signs people in and keeps nothing.
type directory struct{ funnel.Store }

func (directory) SignIn(_ context.Context, _ funnel.Identity, m funnel.Member) (funnel.Member, error) {
	return m, nil
}

// plans returns the histories of a year that ends on the day, with the person at the chat.
func plans(tb testing.TB, l funnel.Locale, now time.Time, change func(*Config)) (*year, []*story) {
	tb.Helper()
	def, err := definition.Default()
	require.NoError(tb, err)
	renewals, err := definition.Renewal()
	require.NoError(tb, err)
	funnels := func(k funnel.Kind) *funnel.Funnel {
		if k == funnel.Renewal {
			return renewals
		}
		return def
	}
	var last uint64
	id := func() funnel.ID {
		last++
		var id funnel.ID
		binary.BigEndian.PutUint64(id[:], last)
		return id
	}
	c := Config{
		Language: l, Now: now, Store: directory{}, Funnel: funnels, NewID: id, Place: "local/terminal",
		Workspace: funnel.Workspace{ID: id(), Locale: l, Zone: "Europe/Moscow", Currency: "USD", Calendar: funnel.OfficeHours()},
	}
	c.Me = funnel.Member{Workspace: c.Workspace.ID, ID: id(), Name: "Kim", Role: funnel.Rep, Locale: l, Active: true}
	if change != nil {
		change(&c)
	}
	y, err := newYear(&c, c.Me.Location(c.Workspace))
	require.NoError(tb, err)
	y.team, err = hire(tb.Context(), &c, y.book.lines["team"], y.end)
	require.NoError(tb, err)
	return y, y.live()
}

// commands returns what the use case of an act decides on.
func commands(a act) []funnel.Command {
	switch do := a.Do.(type) {
	case funnel.Report:
		all := []funnel.Command{do.Activity}
		if do.Stage != "" {
			all = append(all, funnel.MoveTo{Stage: do.Stage, At: do.Activity.At})
		}
		if !do.Next.On.IsZero() {
			all = append(all, do.Next)
		}
		return all
	case done:
		all := []funnel.Command{do.Finish}
		if !do.After.On.IsZero() {
			all = append(all, do.After)
		}
		return all
	case []funnel.Edit:
		var all []funnel.Command
		for _, c := range do {
			all = append(all, c)
		}
		return all
	case inquiry:
		if do.Open {
			return nil
		}
		return []funnel.Command{funnel.Qualify{}}
	case renewal:
		return []funnel.Command{funnel.OpenDeal{Company: funnel.Company{Name: "whose it is"}, Owner: a.By, Kind: funnel.Renewal}}
	case funnel.Command:
		return []funnel.Command{do}
	}
	panic(fmt.Sprintf("no command for %T", a.Do))
}

// replay judges the acts of a story as the use cases do, and returns what they leave.
func replay(tb testing.TB, y *year, s *story) funnel.DealState {
	tb.Helper()
	var st funnel.DealState
	kind := funnel.NewBusiness
	if _, ok := s.acts[0].Do.(renewal); ok {
		kind = funnel.Renewal
	}
	last := time.Time{}
	for n, a := range s.acts {
		require.True(tb, a.At.After(last), "%s, act %d: %s is not after %s", s.firm.name, n, a.At, last)
		require.True(tb, a.At.Before(y.end), "%s, act %d lies in the future", s.firm.name, n)
		last = a.At
		origin := funnel.FromImport
		if a.Late {
			origin = funnel.FromChat
		}
		actor := funnel.Member{}
		for _, r := range y.team {
			if r.ID == a.By {
				actor = r.Member
			}
		}
		if asked, ok := a.Do.(inquiry); ok {
			st.Answers = asked.answers(tb, y.Funnel(kind).Qualification, a)
		}
		todo := commands(a)
		if len(todo) == 0 {
			continue
		}
		d, err := funnel.Decide(&funnel.Env{
			Workspace: y.Workspace, Funnel: y.Funnel(kind), Actor: actor, Now: a.At, Origin: origin, NewID: y.NewID,
		}, st, todo...)
		require.NoError(tb, err, "%s, act %d, %T", s.firm.name, n, a.Do)
		for _, n := range d.Notices {
			// What was done a moment ago is no history, and a win is told in chats that announce.
			require.True(tb, n.Team && origin == funnel.FromChat, "history notifies nobody")
		}
		if st = d.After; d.Qualified != nil {
			st.Qualified = d.Qualified
		}
	}
	return st
}

// answers are the rows that an inquiry leaves, all of them to questions of the funnel.
func (in *inquiry) answers(tb testing.TB, q *funnel.Qualification, a act) []funnel.Answer {
	tb.Helper()
	var all []funnel.Answer
	for key, g := range in.Given {
		question, ok := q.Question(key)
		require.True(tb, ok, key)
		require.True(tb, question.Takes(g), "%s: %v", key, g)
		all = append(all, funnel.Answer{Question: key, Given: g, Member: a.By, At: a.At})
	}
	return all
}

// tally is what the deals of a year come to.
type tally struct {
	won, lost, foreign, open, due, today, noStep, stuck, campaignWon, campaignLost int
	cycle                                                                          []int
	// begun are qualifications that were not finished; verdicts are those of the last qualifications,
	// gaps the open deals with a committee that lacks somebody.
	begun, gaps int
	verdicts    map[funnel.Verdict]int
}

func count(tb testing.TB, y *year, stories []*story) tally {
	tb.Helper()
	t := tally{verdicts: map[funnel.Verdict]int{}}
	f := y.Funnel(funnel.NewBusiness)
	for _, s := range stories {
		st := replay(tb, y, s)
		d := st.Deal
		t.meet(y, s, &st)
		if s.offered {
			switch d.Outcome {
			case funnel.Won:
				t.campaignWon++
			case funnel.Lost:
				t.campaignLost++
			case funnel.Open:
			}
		}
		switch d.Outcome {
		case funnel.Won:
			t.won++
			t.cycle = append(t.cycle, int(d.ClosedAt.Sub(d.OpenedAt).Hours()/24))
		case funnel.Lost:
			t.lost++
			if r, _ := f.Reason(d.Reason); r.Class == funnel.Disqualified {
				t.foreign++
			}
		case funnel.Open:
			t.open++
		}
		if d.Owner != y.Me.ID || d.Outcome == funnel.Lost {
			continue
		}
		if !d.Next.On.IsZero() && !y.today.Before(d.Next.On) {
			t.due++
		}
		if d.Next.On == y.today {
			t.today++
		}
		stage, _ := f.Stage(d.Stage)
		if d.Outcome != funnel.Open || d.Parked() || stage.Target {
			continue
		}
		if d.Next.On.IsZero() {
			t.noStep++
		}
		if d.StageSince.Before(y.end.AddDate(0, 0, -stage.StuckAfter)) {
			t.stuck++
		}
	}
	slices.Sort(t.cycle)
	return t
}

// meet counts what is known of the people of a deal, and of how well it fits.
func (t *tally) meet(y *year, s *story, st *funnel.DealState) {
	if s.unfinished {
		t.begun++
	}
	if st.Qualified != nil {
		t.verdicts[st.Qualified.Assessment.Verdict]++
	}
	if st.Deal.Outcome == funnel.Open && len(st.Committee) > 0 &&
		len(y.Funnel(st.Deal.Kind).Cover(st.Deal.Stage, st.Committee, y.Now, y.zone).Missing) > 0 {
		t.gaps++
	}
}

// monday is an ordinary working day.
var monday = time.Date(2026, time.November, 23, 12, 0, 0, 0, time.UTC)

// TestEveryYearIsPlausible plays years that end on any day, holidays and weekends among them,
// by the rules of the funnel, and looks at what a reader of the reports would see.
func TestEveryYearIsPlausible(t *testing.T) {
	t.Parallel()
	for _, l := range []funnel.Locale{funnel.English, funnel.Russian} {
		for i := range 12 {
			now := monday.AddDate(0, 0, 31*i)
			t.Run(fmt.Sprintf("%s %s", l, now.Format(time.DateOnly)), func(t *testing.T) {
				t.Parallel()
				y, stories := plans(t, l, now, nil)

				got := count(t, y, stories)

				rate := float64(got.won) / float64(got.won+got.lost-got.foreign)
				require.Len(t, stories, deals+1, "and a renewal")
				require.InDelta(t, 0.27, rate, 0.07, "win rate over qualified")
				require.InDelta(t, 52, got.cycle[len(got.cycle)/2], 14, "median days from opening to signature")
				require.InDelta(t, 72, got.open, 28, "open deals")
				require.InDelta(t, 72, got.foreign, 28, "leads that were no clients of ours")
				require.InDelta(t, 5, got.due, 3, "due steps of the person at the chat")
				require.InDelta(t, 5, got.noStep, 5, "open deals of theirs without a step")
				require.InDelta(t, 6, got.stuck, 6, "stuck deals of theirs")
				require.Less(t, got.campaignWon*2, got.campaignLost, "offers of the campaign that became contracts")
				require.Equal(t, 1, got.begun, "qualifications to go on with")
				require.Greater(t, got.verdicts[funnel.Promising], 25)
				require.Greater(t, got.verdicts[funnel.Nurture], 5)
				require.Greater(t, got.verdicts[funnel.NotAFit], 5)
				require.Greater(t, got.gaps, 10, "open deals with somebody missing")
			})
		}
	}
}

func TestWorkingDaysHoldWhatPeopleDo(t *testing.T) {
	t.Parallel()
	y, stories := plans(t, funnel.Russian, monday, nil)

	for _, s := range stories {
		for n, a := range s.acts[1:] {
			local := a.At.In(y.zone)
			_, woken := a.Do.(funnel.Wake)
			require.True(t, woken || y.works(y.date(a.At)), "%s, act %d, %T on a free day: %s", s.firm.name, n+1, a.Do, local)
			require.True(t, local.Hour() >= 9 && local.Hour() < 23, "%s, act %d, %T at night: %s", s.firm.name, n+1, a.Do, local)
		}
	}
}

func TestTheSameDayTellsTheSameStory(t *testing.T) {
	t.Parallel()
	_, morning := plans(t, funnel.English, monday, nil)
	_, evening := plans(t, funnel.English, monday.Add(8*time.Hour), nil)
	_, tomorrow := plans(t, funnel.English, monday.AddDate(0, 0, 1), nil)

	require.Len(t, evening, len(morning))
	for i := range morning {
		require.Equal(t, morning[i].acts, evening[i].acts)
	}
	require.NotEqual(t, morning[0].acts, tomorrow[0].acts)
}

func TestOddSettingsStillMakeAYear(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		change func(*Config)
	}{
		{"nobody works", func(c *Config) { c.Workspace.Calendar = funnel.Calendar{} }},
		{"another zone than the company's", func(c *Config) { c.Me.Zone = "Pacific/Auckland" }},
		{"a zone where midnight is skipped", func(c *Config) { c.Me.Zone = "America/Santiago" }},
		{"a currency without cents", func(c *Config) { c.Workspace.Currency = "JPY" }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			y, stories := plans(t, funnel.English, monday, c.change)

			got := count(t, y, stories)

			require.Greater(t, got.won, 20)
		})
	}
}

func TestANamesakeOfTheTeamIsReplaced(t *testing.T) {
	t.Parallel()
	y, _ := plans(t, funnel.English, monday, func(c *Config) { c.Me.Name = "milo" })

	var names []string
	for _, r := range y.team {
		names = append(names, r.Name)
	}

	require.Equal(t, []string{"milo", "Nora Quill", "Hattie Plum", "Bram Tolliver", "Ivy Pelham", "Gus Farthing"}, names)
}

func TestAFunnelOfAnotherShapeIsRefused(t *testing.T) {
	t.Parallel()
	def, err := definition.Default()
	require.NoError(t, err)
	short := *def
	short.Stages = short.Stages[1:]
	foreign := *def
	foreign.Reasons = foreign.Reasons[:3]
	for name, c := range map[string]struct {
		funnel *funnel.Funnel
		want   string
	}{
		"a stage less": {&short, "the story needs 7 stages"},
		"reasons less": {&foreign, "no loss reason"},
		"no funnel":    {nil, "the story needs 7 stages"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := newYear(&Config{
				Language: funnel.English, Now: monday, Funnel: func(funnel.Kind) *funnel.Funnel { return c.funnel },
			}, time.UTC)
			require.ErrorContains(t, err, c.want)
		})
	}
}
