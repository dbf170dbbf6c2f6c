package postgres_test

import (
	"encoding/json"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

// TestAPlantedAnswerIsFoundInAYearOfDeals stores closed deals whose every question with options is
// answered at random. Only what is planted has anything to do with how they end.
func TestAPlantedAnswerIsFoundInAYearOfDeals(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		seed  uint64
		deals int
		lift  float64
		names []string
	}{
		{"planted", 11, 600, 0.4, []string{"budget_approved/approved"}},
		{"nothing but noise", 12, 600, 0, nil},
		{"too few to tell", 13, 25, 0.4, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := setup(t)
			w.close(t, rand.New(rand.NewPCG(c.seed, 5)), c.deals, c.lift)

			r, err := w.service.QualificationReport(t.Context(), w.space.ID, funnel.ReportQuery{})

			require.NoError(t, err)
			a := r.Answers
			require.Equal(t, c.deals, a.Closed)
			require.Equal(t, c.deals, a.Qualified)
			require.Equal(t, a.Won, w.count(t, "deals WHERE outcome = 'won'"))
			if c.deals > 100 {
				require.Greater(t, a.Compared, 20)
			}
			var names []string
			for _, f := range a.Findings {
				if f.Difference.Value > 0 {
					names = append(names, f.Question+"/"+f.Option)
				}
				require.Equal(t, "budget_approved", f.Question, "and what else can be answered to it")
			}
			require.Equal(t, c.names, names)
			if len(names) > 0 {
				require.Equal(t, "approved", a.Findings[0].Option)
				require.Less(t, a.Findings[0].Difference.Low, c.lift)
				require.Greater(t, a.Findings[0].Difference.High, c.lift)
			}
		})
	}
}

// close stores deals that were qualified and closed over the last year; those with approved money
// are won more often by the lift.
func (w *world) close(tb testing.TB, r *rand.Rand, deals int, lift float64) {
	tb.Helper()
	plan := w.service.Funnel(funnel.NewBusiness).Qualification
	var kept, spells, judged [][]any
	for n := range deals {
		opened := start.AddDate(0, 0, -2-r.IntN(300)).Add(time.Duration(n) * time.Second)
		answers, chance := []funnel.Answer{}, 0.3
		for _, s := range plan.Sections {
			for _, q := range s.Questions {
				if len(q.Options) == 0 {
					continue
				}
				option := q.Options[r.IntN(len(q.Options))].Key
				answers = append(answers, funnel.Answer{Question: q.Key, Given: funnel.Given{Kind: q.Kind, Keys: []string{option}}, At: opened})
				if q.Key == "budget_approved" && option == "approved" {
					chance += lift
				}
			}
		}
		outcome, exit, destination := "lost", "lost", ""
		if r.Float64() < chance {
			outcome, exit, destination = "won", "advance", "launch"
		}
		id, closed := newID().String(), opened.Add(day)
		written, err := json.Marshal(answers)
		require.NoError(tb, err)
		kept = append(kept, []any{
			w.space.ID.String(), id, n + 1, id, "new", "lead", outcome, opened, opened, closed, 2, 2, 1, closed,
		})
		spells = append(spells, []any{w.space.ID.String(), id, 1, "lead", opened, closed, exit, destination, opened, closed, "new"})
		judged = append(judged, []any{
			w.space.ID.String(), id, 1, opened.Add(time.Hour), 50, "nurture", false, []byte("{}"), written, 1,
		})
	}
	copied := func(table string, columns []string, rows [][]any) {
		tb.Helper()
		n, err := w.pool.CopyFrom(tb.Context(), pgx.Identifier{table}, columns, pgx.CopyFromRows(rows))
		require.NoError(tb, err)
		require.EqualValues(tb, deals, n)
	}
	copied("deals", []string{
		"workspace_id", "id", "number", "company_id", "kind", "stage", "outcome", "opened_at", "stage_since", "closed_at",
		"version", "moves", "spells", "last_move_at",
	}, kept)
	copied("spells", []string{
		"workspace_id", "deal_id", "seq", "stage", "entered", "left_at", "exit", "destination", "recorded_at", "left_recorded_at", "kind",
	}, spells)
	copied("qualifications", []string{
		"workspace_id", "deal_id", "seq", "at", "score", "verdict", "outside", "assessment", "answers", "definition",
	}, judged)
}
