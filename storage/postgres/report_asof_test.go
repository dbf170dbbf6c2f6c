package postgres_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

// said is what the reports said at a moment.
type said struct {
	at      time.Time
	reports []string
}

// TestAReportOfThePastSaysWhatWasSaidThen lets a team work for some months at random, with changes
// typed late, taken back, corrected and voided. What the reports say while it happens must agree
// with the moves and the deals as they stand, and must be said again afterwards.
func TestAReportOfThePastSaysWhatWasSaidThen(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			s := &season{story: tell(t), rand: rand.New(rand.NewPCG(seed, 7))}
			s.team = []funnel.Member{s.member, s.join(t, "Boris", funnel.Manager), s.join(t, "Vera", funnel.Manager)}
			var then []said
			for step := range 500 {
				s.work()
				if step%25 == 24 {
					s.agree()
					then = append(then, said{s.now(), s.say(s.now())})
				}
			}
			require.Positive(t, s.funnel(time.Time{}, 0).Won)
			require.Positive(t, s.funnel(time.Time{}, 0).Disqualified)
			for _, was := range then {
				require.Equal(t, was.reports, s.say(was.at), "as of %s", was.at)
			}
		})
	}
}

// season is a story of what a team might do.
type season struct {
	*story
	rand  *rand.Rand
	team  []funnel.Member
	deals []funnel.Target
}

// work lets somebody do something that may be refused.
func (s *season) work() {
	s.tb.Helper()
	s.advance(time.Duration(1+s.rand.IntN(8*60)) * time.Minute)
	act := s.next()
	act.Member = s.team[s.rand.IntN(len(s.team))].ID
	ctx := s.tb.Context()
	var err error
	if len(s.deals) == 0 || s.rand.IntN(6) == 0 {
		var r funnel.Changed
		r, err = s.service.Open(ctx, act, funnel.OpenDeal{
			Company: funnel.Company{Name: "Acme Anvils"}, Owner: act.Member, Amount: s.amount(), At: s.when(),
		})
		if err == nil {
			s.deals = append(s.deals, funnel.Target{Deal: r.Deal.ID})
		}
	} else {
		err = s.change(act, s.deals[s.rand.IntN(len(s.deals))])
	}
	if err == nil && s.rand.IntN(5) == 0 {
		s.advance(time.Duration(1+s.rand.IntN(300)) * time.Second)
		again := s.next()
		again.Member = act.Member
		_, err = s.service.Undo(ctx, again, 0, 0)
	}
	if err != nil && funnel.CodeOf(err) == "" {
		require.NoError(s.tb, err)
	}
}

func (s *season) change(act funnel.Act, deal funnel.Target) error {
	ctx := s.tb.Context()
	stages := s.service.Funnel(funnel.NewBusiness).Stages
	stage := stages[s.rand.IntN(len(stages))].Key
	var err error
	switch s.rand.IntN(12) {
	case 0, 1, 2:
		_, err = s.service.Move(ctx, act, deal, funnel.MoveTo{Stage: stage, At: s.when()})
	case 3:
		_, err = s.service.Back(ctx, act, deal, funnel.MoveBack{Reason: "not yet", At: s.when()})
	case 4:
		_, err = s.service.Win(ctx, act, deal, funnel.Win{Amount: s.amount(), At: s.when()})
	case 5:
		reason := []string{"price", "silence", "no_need"}[s.rand.IntN(3)]
		_, err = s.service.Lose(ctx, act, deal, funnel.Lose{Reason: reason, At: s.when()})
	case 6:
		_, err = s.service.Reopen(ctx, act, deal, funnel.Reopen{At: s.when()})
	case 7:
		until := funnel.DateOf(s.now()).AddDays(5)
		_, err = s.service.Park(ctx, act, deal, funnel.Park{Until: until, At: s.when()})
	case 8:
		act.Member, act.Origin = funnel.ID{}, funnel.FromTimer
		_, err = s.service.Wake(ctx, act, deal)
	case 10:
		return s.judge(act, deal)
	case 9:
		_, err = s.service.Assign(ctx, act, deal, funnel.Assign{To: s.team[s.rand.IntN(len(s.team))].ID})
	default:
		_, err = s.service.Log(ctx, act, deal, funnel.Report{
			Activity: funnel.LogActivity{Kind: funnel.Call, At: s.when()}, Amount: s.amount(),
		})
	}
	return err
}

// judge qualifies a deal with an answer.
func (s *season) judge(act funnel.Act, deal funnel.Target) error {
	ctx := s.tb.Context()
	dialog, event := "d "+act.Event, act.Event
	act.Event = event + " asked"
	if _, err := s.service.StartAsking(ctx, act, deal, funnel.StartAsking{Dialog: dialog, Place: "local/1"}); err != nil {
		return err
	}
	act.Event = event + " answered"
	option := []string{"none", "rival"}[s.rand.IntN(2)]
	_, err := s.service.Answer(ctx, act, funnel.GiveAnswers{
		Deal: deal.Deal, Dialog: dialog, Place: "local/1",
		Given: map[string]funnel.Given{"exclusions": {Kind: funnel.AskSeveral, Keys: []string{option}}},
	})
	if err != nil {
		return err
	}
	act.Event = event
	_, err = s.service.Qualify(ctx, act, deal, funnel.Qualify{Dialog: dialog})
	return err
}

// when is mostly now, and sometimes up to three days ago.
func (s *season) when() time.Time {
	if s.rand.IntN(3) > 0 {
		return time.Time{}
	}
	return s.now().Add(-time.Duration(s.rand.IntN(3*24*60)) * time.Minute)
}

func (s *season) amount() funnel.Money {
	if s.rand.IntN(3) == 0 {
		return funnel.Money{}
	}
	return usd(int64(1 + s.rand.IntN(1000)))
}

// window is short, so that much of the season lies before it.
const window = 20

// say writes all reports as of a time.
func (s *season) say(asOf time.Time) []string {
	s.tb.Helper()
	q := funnel.ReportQuery{AsOf: asOf, Window: window}
	var texts []string
	add := func(report any, err error) {
		s.tb.Helper()
		require.NoError(s.tb, err)
		text, err := json.Marshal(report)
		require.NoError(s.tb, err)
		texts = append(texts, string(text))
	}
	stages, err := s.service.FunnelReport(s.tb.Context(), s.space.ID, q)
	add(stages, err)
	owners, err := s.service.OwnersReport(s.tb.Context(), s.space.ID, q)
	add(owners, err)
	activities, err := s.service.ActivityReport(s.tb.Context(), s.space.ID, q)
	add(activities, err)
	qualification, err := s.service.QualificationReport(s.tb.Context(), s.space.ID, q)
	add(qualification, err)
	return texts
}

// agree compares the report of this moment with the deals as they stand and with what their moves
// come to, neither of which the report reads.
func (s *season) agree() {
	s.tb.Helper()
	r := s.funnel(s.now(), window)
	want := s.replay(s.now().AddDate(0, 0, -window))
	for _, stage := range r.Stages {
		got := want[stage.Key]
		if got == nil {
			got = &funnel.StageReport{Key: stage.Key}
		}
		stage.Passage = funnel.Passage{}
		require.Equal(s.tb, *got, stage)
	}
	sum := funnel.Totals{}
	owners, err := s.service.OwnersReport(s.tb.Context(), s.space.ID, funnel.ReportQuery{AsOf: s.now(), Window: window})
	require.NoError(s.tb, err)
	for _, o := range owners.Owners {
		sum.Open += o.Open
		sum.Won += o.Won
		sum.Lost += o.Lost
		open := s.number("SELECT count(*) FROM deals WHERE outcome = 'open' AND stage <> 'awareness' AND voided_at IS NULL AND owner_id = $1", o.Owner)
		require.Equal(s.tb, open, o.Open)
	}
	require.Equal(s.tb, []int{r.Open, r.Won, r.Lost}, []int{sum.Open, sum.Won, sum.Lost})
	const closed = "SELECT count(*) FROM deals WHERE voided_at IS NULL AND closed_at > $1 AND outcome = "
	from := s.now().AddDate(0, 0, -window)
	require.Equal(s.tb, s.number(closed+"'won'", from), r.Won)
	require.Equal(s.tb, s.number(closed+"'lost'", from), r.Lost)
	require.Equal(s.tb, s.number(closed+"'lost' AND reason = 'no_need'", from), r.Disqualified)
	s.agreeOnQualifications(r.Open, r.Won+r.Lost-r.Disqualified)
	value := s.number("SELECT coalesce(sum(amount_minor), 0) FROM deals WHERE voided_at IS NULL AND outcome = 'won' AND closed_at > $1", from)
	if value > 0 {
		require.Equal(s.tb, []funnel.Sum{{Minor: int64(value), Currency: "USD"}}, r.WonValue)
	}
	median := s.number(`SELECT coalesce(percentile_disc(0.5) WITHIN GROUP (ORDER BY closed_at::date - opened_at::date), -1)
		FROM deals WHERE voided_at IS NULL AND outcome = 'lost' AND closed_at > $1`, from)
	if median >= 0 {
		require.Equal(s.tb, median, *r.Cycle.Lost.P50)
	}
}

// agreeOnQualifications compares the report with the deals and the qualifications as they stand.
func (s *season) agreeOnQualifications(open, closed int) {
	s.tb.Helper()
	r := s.qualification(funnel.ReportQuery{AsOf: s.now(), Window: window})
	const last = `SELECT count(*) FROM deals d JOIN LATERAL (
			SELECT q.outside, q.at FROM qualifications q WHERE q.deal_id = d.id AND q.voided_at IS NULL ORDER BY q.seq DESC LIMIT 1
		) j ON true WHERE d.voided_at IS NULL AND `
	const isOpen = "d.outcome = 'open' AND d.stage <> 'awareness'"
	require.Equal(s.tb, open, r.Open.Deals)
	require.Equal(s.tb, s.number(last+isOpen), r.Open.Qualified)
	require.Equal(s.tb, s.number(last+isOpen+" AND j.outside"), r.Open.Outside)
	require.Equal(s.tb, closed, r.Answers.Closed)
	sources, owners := 0, 0
	for _, row := range r.Sources {
		sources += row.Deals
	}
	for _, row := range r.Owners {
		owners += row.Deals
	}
	require.Equal(s.tb, []int{r.Came.Deals, r.Came.Deals}, []int{sources, owners})
}

func (s *season) number(sql string, args ...any) int {
	s.tb.Helper()
	var n int
	for i, a := range args {
		if id, ok := a.(funnel.ID); ok {
			args[i] = id.String()
		}
	}
	require.NoError(s.tb, s.pool.QueryRow(s.tb.Context(), sql, args...).Scan(&n))
	return n
}

// replay counts what the standing moves of every deal come to since a time.
func (s *season) replay(from time.Time) map[funnel.StageKey]*funnel.StageReport {
	s.tb.Helper()
	count := tally{f: s.service.Funnel(funnel.NewBusiness), from: from, rows: map[funnel.StageKey]*funnel.StageReport{}}
	for _, moves := range s.histories() {
		count.deal(standing(moves))
	}
	return count.rows
}

// histories are all moves by their deals.
func (s *season) histories() map[funnel.ID][]funnel.Move {
	s.tb.Helper()
	rows, err := s.pool.Query(s.tb.Context(), `
		SELECT deal_id::text, seq, kind, from_stage, to_stage, effective_at, reason, undoes FROM moves ORDER BY deal_id, seq`)
	require.NoError(s.tb, err)
	moves, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (funnel.Move, error) {
		var m funnel.Move
		var deal string
		if err := r.Scan(&deal, &m.Seq, &m.Kind, &m.From, &m.To, &m.EffectiveAt, &m.Reason, &m.Undoes); err != nil {
			return m, err
		}
		m.Deal, err = funnel.ParseID(deal)
		return m, err
	})
	require.NoError(s.tb, err)
	histories := map[funnel.ID][]funnel.Move{}
	for _, m := range moves {
		histories[m.Deal] = append(histories[m.Deal], m)
	}
	return histories
}

// standing returns the moves that nothing took back: an undo returns to the moves before what it
// undoes, and a corrected signature to those before the signature.
func standing(moves []funnel.Move) []funnel.Move {
	after := [][]funnel.Move{nil}
	for _, m := range moves {
		was := after[len(after)-1]
		now := slices.Concat(was, []funnel.Move{m})
		switch m.Kind {
		case funnel.MoveUndo, funnel.MoveVoid:
			now = after[m.Undoes-1]
		case funnel.MoveReopen:
			for i := range was {
				if was[i].Kind == funnel.MoveWon {
					now = was[:i]
				}
			}
		case funnel.MoveOpen, funnel.MoveAdvance, funnel.MoveReturn, funnel.MoveWon, funnel.MoveLost, funnel.MovePark, funnel.MoveWake:
		}
		after = append(after, now)
	}
	return after[len(after)-1]
}

// tally adds up standing moves.
type tally struct {
	f    *funnel.Funnel
	from time.Time
	rows map[funnel.StageKey]*funnel.StageReport
}

func (c *tally) at(key funnel.StageKey) *funnel.StageReport {
	if c.rows[key] == nil {
		c.rows[key] = &funnel.StageReport{Key: key}
	}
	return c.rows[key]
}

func (c *tally) deal(moves []funnel.Move) {
	var in funnel.StageKey
	for _, m := range moves {
		if m.From == m.To && (m.Kind == funnel.MovePark || m.Kind == funnel.MoveWake) {
			continue
		}
		in = m.To
		if m.Kind == funnel.MoveLost {
			in = ""
		}
		if !m.EffectiveAt.After(c.from) {
			continue
		}
		c.exit(m)
		if in != "" {
			c.at(in).Entered++
		}
	}
	if in != "" {
		c.at(in).Open++
	}
}

func (c *tally) exit(m funnel.Move) {
	switch m.Kind {
	case funnel.MoveAdvance, funnel.MoveWon, funnel.MoveWake:
		c.at(m.From).Exits.Advance++
		for key := c.f.Next(m.From); key != m.To; key = c.f.Next(key) {
			c.at(key).Skipped++
		}
	case funnel.MoveReturn, funnel.MovePark:
		c.at(m.From).Exits.Back++
	case funnel.MoveLost:
		c.at(m.From).Exits.Lost++
		if m.Reason == "no_need" {
			c.at(m.From).Exits.Disqualified++
		}
	case funnel.MoveOpen, funnel.MoveReopen, funnel.MoveUndo, funnel.MoveVoid:
	}
}
