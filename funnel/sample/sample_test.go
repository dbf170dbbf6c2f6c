package sample_test

import (
	"context"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
	"funnelbot/funnel/sample"
)

func languages() []funnel.Locale { return []funnel.Locale{funnel.English, funnel.Russian} }

func TestPlayFillsAWorkspaceWithAYear(t *testing.T) {
	t.Parallel()
	for _, l := range languages() {
		t.Run(string(l), func(t *testing.T) {
			t.Parallel()

			w := play(t, l, noon)

			require.InDelta(t, 321, w.number(t, `SELECT count(*) FROM deals`), 0)
			require.InDelta(t, 260, w.number(t, `SELECT count(*) FROM companies`), 12)
			require.InDelta(t, 6, w.number(t, `SELECT count(*) FROM members`), 0)
			require.Zero(t, w.number(t, `SELECT count(*) FROM (
				SELECT opened_at < lag(opened_at) OVER (ORDER BY number) AS early FROM deals) AS d WHERE early`),
				"numbers follow the time of opening")
			w.requireFaults(t)
			w.requireFlow(t)
			w.requireTimes(t)
			w.requireDay(t)
			w.requirePeople(t)
			w.requireQualified(t)
			w.requireCalm(t)
		})
	}
}

// requireFlow looks at what reports will count.
func (w *world) requireFlow(t *testing.T) {
	t.Helper()
	for _, stage := range w.funnel.Stages {
		in := w.number(t, `SELECT count(*) FROM spells WHERE stage = $1`, stage.Key)
		out := w.number(t, `SELECT count(*) FROM spells WHERE stage = $1 AND exit = 'advance'`, stage.Key)
		require.GreaterOrEqual(t, in, 20.0, stage.Key)
		if w.funnel.Next(stage.Key) != "" {
			require.Greater(t, out, in/8, stage.Key)
			require.Less(t, out, in, stage.Key)
		}
	}
	won := w.number(t, `SELECT count(*) FROM deals WHERE outcome = 'won'`)
	lost := w.number(t, `SELECT count(*) FROM deals WHERE outcome = 'lost'
		AND reason NOT IN ('not_icp', 'no_need', 'unreachable')`)
	require.InDelta(t, 0.27, won/(won+lost), 0.06)
	require.InDelta(t, 55, w.number(t, `SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM closed_at - opened_at) / 86400)
		FROM deals WHERE outcome = 'won'`), 15)
	const offers = `SELECT count(*) FROM spells s JOIN deals d ON d.id = s.deal_id
		WHERE s.stage = 'proposal' AND s.entered > timestamptz '2026-11-23' - interval '90 days' AND s.exit = $1 AND `
	require.Less(t, 3*w.number(t, offers+`d.source = 'ads'`, "advance"), w.number(t, offers+`d.source = 'ads'`, "lost"),
		"the offers of the campaign are lost")
	require.Greater(t, 2*w.number(t, offers+`d.source <> 'ads'`, "advance"), w.number(t, offers+`d.source <> 'ads'`, "lost"),
		"the others are not")
}

// requireFaults looks for everything that goes wrong in a real team.
func (w *world) requireFaults(t *testing.T) {
	t.Helper()
	for what, sql := range map[string]string{
		"gone back":                "FROM moves WHERE kind = 'back' AND reason <> ''",
		"parked":                   "FROM moves WHERE kind = 'park' AND reason <> ''",
		"resting now":              "FROM deals WHERE parked_until > '2026-11-23' AND outcome = 'open'",
		"woken":                    "FROM moves WHERE kind = 'wake'",
		"reopened":                 "FROM moves WHERE kind = 'reopen'",
		"jumped":                   "FROM moves WHERE from_stage = 'lead' AND to_stage = 'proposal' AND kind = 'advance'",
		"disqualified":             "FROM deals WHERE reason = 'not_icp'",
		"lost with hardly a touch": "FROM deals d WHERE outcome = 'lost' AND (SELECT count(*) FROM activities a WHERE a.deal_id = d.id) < 2",
		"without an amount":        "FROM deals WHERE amount_minor = 0 AND stage IN ('proposal', 'negotiation', 'launch', 'retention')",
		"without a source":         "FROM deals WHERE source = ''",
		"without a title":          "FROM deals WHERE title = ''",
		"closing long ago":         "FROM deals WHERE outcome = 'open' AND closing < '2026-11-01'",
		"entered late":             "FROM activities WHERE recorded_at > at + interval '2 hours'",
		"moved late":               "FROM moves WHERE recorded_at > effective_at + interval '2 hours'",
		"handed over":              "FROM changes WHERE verb = 'assign'",
		"bought again":             "FROM deals WHERE source = 'client'",
		"running up":               "FROM contracts WHERE started_at IS NULL",
	} {
		require.GreaterOrEqual(t, w.number(t, "SELECT count(*) "+sql), 1.0, what)
	}
	twins, err := w.store.SearchCompanies(t.Context(), w.config.Workspace.ID,
		map[funnel.Locale]string{funnel.English: "second sock", funnel.Russian: "второй носок"}[w.config.Language], 5)
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(twins), 2, "one company under two names")
}

// requireTimes checks that nothing happened after yesterday, and that history was recorded when it
// happened.
func (w *world) requireTimes(t *testing.T) {
	t.Helper()
	today := time.Date(2026, time.November, 22, 21, 0, 0, 0, time.UTC) // midnight in Moscow
	for _, sql := range []string{
		`SELECT count(*) FROM moves WHERE recorded_at >= $1 OR effective_at > recorded_at`,
		`SELECT count(*) FROM activities WHERE recorded_at >= $1 OR at > recorded_at`,
		`SELECT count(*) FROM changes WHERE at >= $1`,
		`SELECT count(*) FROM deals WHERE opened_at >= $1`,
		`SELECT count(*) FROM deals WHERE opened_at < $1::timestamptz - interval '366 days'`,
	} {
		require.Zero(t, w.number(t, sql, today), sql)
	}
	require.GreaterOrEqual(t, w.number(t, `SELECT count(*) FROM deals WHERE opened_at > $1::timestamptz - interval '10 days'`, today), 3.0)
}

// requireDay looks at what `today` shows to the person at the chat.
func (w *world) requireDay(t *testing.T) {
	t.Helper()
	plan := func(list funnel.DealList) []funnel.DealView {
		found, _, err := w.service.ListDeals(t.Context(), w.config.Workspace.ID, funnel.DealQuery{
			List: list, Owner: w.config.Me.ID, Today: funnel.DateOf(noon), Funnel: w.funnel, Limit: 50,
		})
		require.NoError(t, err)
		return found
	}
	due := plan(funnel.ListDue)
	require.InDelta(t, 5, len(due), 2)
	require.InDelta(t, 4, len(plan(funnel.ListNoStep)), 3)
	require.InDelta(t, 5, len(plan(funnel.ListStuck)), 4)
	for _, d := range due {
		require.NotEmpty(t, d.Next.What)
	}
	require.Equal(t, funnel.DateOf(noon), due[len(due)-1].Next.On, "something is for today")
}

// requirePeople looks at who is known at the clients, and who is not.
func (w *world) requirePeople(t *testing.T) {
	t.Helper()
	for what, sql := range map[string]string{
		"who began it":        "FROM committee WHERE initiator",
		"for us":              "FROM committee WHERE stance = 'supporter'",
		"against us":          "FROM committee WHERE stance = 'blocker'",
		"of an unknown mind":  "FROM committee WHERE stance = ''",
		"promised something":  "FROM committee WHERE next_on >= '2026-11-23' AND next_what <> ''",
		"who can be called":   "FROM contacts WHERE phone <> ''",
		"who can be written":  "FROM contacts WHERE email LIKE '%.example'",
		"known by name alone": "FROM contacts WHERE phone = '' AND email = ''",
		"never heard of": `FROM committee k WHERE NOT EXISTS (SELECT 1 FROM activities a WHERE a.deal_id = k.deal_id
			AND a.people @> ARRAY[k.contact_id])`,
		"in two parts": "FROM committee WHERE cardinality(roles) > 1",
	} {
		require.GreaterOrEqual(t, w.number(t, "SELECT count(*) "+sql), 3.0, what)
	}
	require.Greater(t, w.number(t, `SELECT count(*) FROM activities WHERE people IS NOT NULL`), 250.0, "texts name people")
	gaps, silent := 0, 0
	for _, d := range w.open(t) {
		c := w.funnel.Cover(d.Stage, d.Committee, noon, time.UTC)
		if len(c.Known) > 0 && len(c.Missing) > 0 {
			gaps++
		}
		if len(c.Silent) > 0 {
			silent++
		}
	}
	require.Greater(t, gaps, 5, "open deals with somebody missing")
	require.Greater(t, silent, 5, "open deals with somebody silent")
}

// open returns all open deals as their cards show them.
func (w *world) open(tb testing.TB) []funnel.DealView {
	tb.Helper()
	var all []funnel.DealView
	for _, number := range w.lines(tb, `SELECT number::text FROM deals WHERE outcome = 'open' ORDER BY number`) {
		n, err := strconv.ParseInt(number, 10, 64)
		require.NoError(tb, err)
		d, err := w.store.Deal(tb.Context(), w.config.Workspace.ID, funnel.ID{}, n)
		require.NoError(tb, err)
		all = append(all, *d)
	}
	return all
}

// requireQualified looks at the qualifications, and at what the report on them finds.
func (w *world) requireQualified(t *testing.T) {
	t.Helper()
	for verdict, least := range map[funnel.Verdict]float64{
		funnel.Promising: 30, funnel.Nurture: 8, funnel.NotAFit: 8, funnel.Undecided: 2,
	} {
		require.GreaterOrEqual(t, w.number(t, `SELECT count(*) FROM qualifications WHERE verdict = $1`, verdict), least, verdict)
	}
	beyond := w.number(t, `SELECT count(*) FROM deals WHERE kind = 'new' AND stage IN ('proposal', 'negotiation', 'launch', 'retention')`)
	qualified := w.number(t, `SELECT count(*) FROM deals d WHERE kind = 'new' AND stage IN ('proposal', 'negotiation', 'launch', 'retention')
		AND EXISTS (SELECT 1 FROM qualifications q WHERE q.deal_id = d.id)`)
	require.Greater(t, qualified, 0.7*beyond, "most deals beyond qualification are qualified")
	require.Less(t, qualified, beyond, "not all")
	require.GreaterOrEqual(t, w.number(t, `SELECT count(*) FROM qualifications WHERE seq = 2`), 1.0, "qualified again")

	begun, err := w.store.OpenAsking(t.Context(), w.config.Workspace.ID, w.config.Me.ID)
	require.NoError(t, err)
	require.Len(t, begun, 1)
	require.Equal(t, "local/terminal", begun[0].Place)
	answers, err := w.store.Answers(t.Context(), w.config.Workspace.ID, begun[0].Deal)
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(answers), 2)

	r, err := w.service.QualificationReport(t.Context(), w.config.Workspace.ID, funnel.ReportQuery{})
	require.NoError(t, err)
	require.NotZero(t, r.Open.Outside, "open deals outside the profile")
	require.NotEmpty(t, r.Answers.Findings, "answers that go with winning")

	require.InDelta(t, 1, w.number(t, `SELECT count(*) FROM deals WHERE kind = 'renewal' AND renews IS NOT NULL AND owner_id = $1`, w.config.Me.ID), 0)
	require.NotZero(t, w.number(t, `SELECT count(*) FROM committee k JOIN deals d ON d.id = k.deal_id WHERE d.kind = 'renewal'`))
}

// requireCalm checks that no reminder and no waking is waiting for the chat to begin.
func (w *world) requireCalm(t *testing.T) {
	t.Helper()
	n, err := w.service.RunDue(t.Context())
	require.NoError(t, err)
	require.Zero(t, n)
	require.Zero(t, w.number(t, `SELECT count(*) FROM outbox`), "history notifies nobody")
	require.NotZero(t, w.number(t, `SELECT count(*) FROM deals WHERE remind_at > $1`, noon), "steps ahead are reminded of")
}

// contents is all that a reader can see, without identifiers.
func (w *world) contents(tb testing.TB) string {
	tb.Helper()
	var all []string
	for _, sql := range []string{
		`SELECT concat_ws('|', d.number, c.name, c.domain, c.size, c.region, d.title, m.name, d.stage, d.amount_minor, d.currency,
			c.industry, d.kind, d.basis, d.source, d.signal, d.pain, d.effect, d.closing, d.outcome, d.reason, d.parked_until, d.next_what, d.next_on,
			d.next_at, d.remind_at, d.opened_at, d.version)
		FROM deals d JOIN companies c ON c.id = d.company_id JOIN members m ON m.id = d.owner_id ORDER BY d.number`,
		`SELECT concat_ws('|', d.number, v.seq, v.kind, v.from_stage, v.to_stage, v.effective_at, v.recorded_at, v.reason, v.note)
		FROM moves v JOIN deals d ON d.id = v.deal_id ORDER BY d.number, v.seq`,
		`SELECT concat_ws('|', d.number, a.kind, a.direction, a.at, a.recorded_at, a.text,
			(SELECT string_agg(t.name, ',' ORDER BY t.name) FROM contacts t WHERE t.id = ANY(a.people)))
		FROM activities a JOIN deals d ON d.id = a.deal_id ORDER BY d.number, a.at, a.kind, a.text`,
		`SELECT concat_ws('|', d.number, t.name, t.position, t.phone, t.email, k.roles, k.stance, k.initiator, k.next_what, k.next_on, k.since)
		FROM committee k JOIN deals d ON d.id = k.deal_id JOIN contacts t ON t.id = k.contact_id ORDER BY d.number, t.name`,
		`SELECT concat_ws('|', d.number, w.question, w.value - 'contact', w.at)
		FROM answers w JOIN deals d ON d.id = w.deal_id ORDER BY d.number, w.question`,
		`SELECT concat_ws('|', d.number, q.seq, q.at, q.score, q.verdict, q.outside, q.assessment)
		FROM qualifications q JOIN deals d ON d.id = q.deal_id ORDER BY d.number, q.seq`,
	} {
		all = append(all, w.lines(tb, sql)...)
	}
	return strings.Join(all, "\n")
}

func TestTheSameDayGivesTheSameContents(t *testing.T) {
	t.Parallel()
	first, second := play(t, funnel.Russian, noon), setup(t, funnel.Russian, noon)
	second.config.Workers = 2

	require.NoError(t, sample.Play(t.Context(), second.config))

	contents := first.contents(t)
	require.Equal(t, contents, second.contents(t))

	// The same once more: every effect is there under its key.
	require.NoError(t, sample.Play(t.Context(), second.config))
	require.Equal(t, contents, second.contents(t))
}

func TestPlayStopsWithItsContext(t *testing.T) {
	t.Parallel()
	w := setup(t, funnel.English, noon)
	ctx, cancel := context.WithCancel(t.Context())
	w.config.NewID = func() funnel.ID {
		if w.number(t, `SELECT count(*) FROM deals`) >= 5 {
			cancel()
		}
		return newID()
	}

	err := sample.Play(ctx, w.config)

	require.ErrorIs(t, err, context.Canceled)
	require.Less(t, w.number(t, `SELECT count(*) FROM deals`), 30.0)
}

// BenchmarkPlay measures a whole year. Without TEST_DATABASE_URL it runs on a private cluster of
// the kind that the demo has.
func BenchmarkPlay(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		w := setup(b, funnel.English, noon)
		b.StartTimer()
		require.NoError(b, sample.Play(b.Context(), w.config))
	}
}
