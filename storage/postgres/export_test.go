package postgres_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
	"funnelbot/storage/csv"
)

// live fills a workspace through chat with everything that can happen to deals.
func (w *world) live(tb testing.TB) {
	tb.Helper()
	w.join(tb, "Борис", funnel.Manager)
	ctx, n := tb.Context(), 0
	act := func() funnel.Act {
		n++
		w.advance(7 * time.Minute)
		return w.act("live " + newID().String())
	}
	must := func(r funnel.Changed, err error) funnel.Target {
		require.NoError(tb, err)
		return funnel.Target{Deal: r.Deal.ID}
	}
	open := func(c funnel.OpenDeal) funnel.Target {
		c.Owner = w.member.ID
		return must(w.service.Open(ctx, act(), c))
	}
	s := w.service
	usd := func(minor int64) funnel.Money { return funnel.Money{Minor: minor, Currency: "USD"} }
	deal := open(funnel.OpenDeal{
		Company: funnel.Company{Name: "ООО «Кедр»", Domain: "cedar.example", Region: "Север"}, Title: "=1+1", Amount: usd(100_05),
		Basis: funnel.PerYear, Source: "site", Signal: "asked, \"twice\"", Pain: "two\nlines", Closing: funnel.Date{Year: 2027, Month: 2, Day: 3},
	})
	must(s.Move(ctx, act(), deal, funnel.MoveTo{Stage: "proposal", Note: "they; want | it"}))
	must(s.Set(ctx, act(), deal, funnel.Edit{Field: funnel.FieldAmount, Money: usd(250_00)},
		funnel.Edit{Field: funnel.FieldCustom, Name: "product, of ours", Text: "'GTX"}))
	must(s.Back(ctx, act(), deal, funnel.MoveBack{Stage: "lead", Reason: "the need is unclear"}))
	must(s.Log(ctx, act(), deal, funnel.Report{
		Activity: funnel.LogActivity{Kind: funnel.Call, Direction: funnel.Outgoing, Text: "+7 is busy", At: w.now().Add(-96 * time.Hour)},
		Next:     funnel.SetNext{What: "call again", On: funnel.DateOf(w.now()).AddDays(4)},
	}))

	won := open(funnel.OpenDeal{Company: funnel.Company{Name: "Anvil Works"}, Amount: usd(5000_00)})
	must(s.Win(ctx, act(), won, funnel.Win{Amount: usd(4800_00), Note: "by hand"}))
	must(s.Move(ctx, act(), won, funnel.MoveTo{Stage: "retention"}))

	mistaken := open(funnel.OpenDeal{Company: funnel.Company{Name: "Anvil Works"}, Amount: usd(70_00)})
	must(s.Move(ctx, act(), mistaken, funnel.MoveTo{Stage: "negotiation"}))
	must(s.Win(ctx, act(), mistaken, funnel.Win{}))
	must(s.Reopen(ctx, act(), mistaken, funnel.Reopen{Note: "not signed after all"}))

	lost := open(funnel.OpenDeal{Company: funnel.Company{Name: "Coil & Daughters"}})
	must(s.Lose(ctx, act(), lost, funnel.Lose{Reason: "price", Note: "too much"}))
	must(s.Reopen(ctx, act(), lost, funnel.Reopen{}))
	must(s.Lose(ctx, act(), lost, funnel.Lose{Reason: "timing"}))

	parked := open(funnel.OpenDeal{Company: funnel.Company{Name: "Quiet Firm"}})
	must(s.Park(ctx, act(), parked, funnel.Park{Until: funnel.DateOf(w.now()).AddDays(9), Reason: "later"}))
	must(s.Wake(ctx, act(), parked))
	must(s.Park(ctx, act(), parked, funnel.Park{Until: funnel.DateOf(w.now()).AddDays(90), Reason: "much later"}))

	undone := open(funnel.OpenDeal{Company: funnel.Company{Name: "Undone Firm"}, Stage: "awareness"})
	must(s.Move(ctx, act(), undone, funnel.MoveTo{Stage: "negotiation"}))
	must(s.Undo(ctx, act(), 0, 0))
	must(s.Move(ctx, act(), undone, funnel.MoveTo{Stage: "qualification"}))
	must(s.Log(ctx, act(), undone, funnel.Report{Activity: funnel.LogActivity{Kind: funnel.Note, Text: "taken back"}}))
	must(s.Undo(ctx, act(), 0, 0))

	open(funnel.OpenDeal{Company: funnel.Company{Name: "A Mistake"}})
	must(s.Undo(ctx, act(), 0, 0))
}

func TestAnExportImportedIntoAnEmptyWorkspaceGivesTheSameExport(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"csv", "json"} {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			w, empty := setup(t), setup(t)
			w.live(t)
			empty.clock.Store(w.clock.Load())
			first := w.exported(t, format, false)

			sum := empty.importExport(t, first)

			require.Zero(t, sum.RejectedRows(), sum.Rejected)
			require.Equal(t, sum.Rows, sum.Stored)
			require.Equal(t, first, empty.exported(t, format, false))
			require.Equal(t, w.standing(t), empty.standing(t), "stays and contracts are the same, too")
			before := empty.contents(t)
			again := empty.importExport(t, first)
			require.Equal(t, sum.Rows, again.Unchanged)
			require.Equal(t, before, empty.contents(t))
		})
	}
}

func TestAnExportImportedWhereItComesFromChangesNothing(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.live(t)
	before := w.contents(t)

	sum := w.importExport(t, w.exported(t, "csv", false))

	require.Equal(t, sum.Rows, sum.Unchanged)
	require.Equal(t, before, w.contents(t))
}

func TestAnExportLeavesOutWhatWasTakenBack(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.live(t)

	texts := strings.Join(func() []string { e := w.exported(t, "csv", false); return e[:] }(), "\n")

	require.NotContains(t, texts, "A Mistake")
	require.NotContains(t, texts, "taken back")
	require.NotContains(t, texts, "undo")
	require.Contains(t, texts, "'=1+1", "no value is a formula")
}

// importExport imports the three tables of an export together.
func (w *world) importExport(tb testing.TB, texts [3]string) funnel.ImportSummary {
	tb.Helper()
	dir := tb.TempDir()
	var sources []funnel.ImportRows
	for i, content := range texts {
		path := filepath.Join(dir, []string{"deals", "moves", "activities"}[i])
		require.NoError(tb, os.WriteFile(path, []byte(content), 0o600))
		m, err := csv.Recognise(path)
		require.NoError(tb, err)
		require.NotNil(tb, m)
		sources = append(sources, w.source(tb, path, m))
	}
	var reasons []string
	sum, err := w.tryImport(tb, func(c *funnel.ImportConfig) {
		c.CreateOwners = true
		c.Rejected = func(e *funnel.RowError) error {
			reasons = append(reasons, e.Error())
			return nil
		}
	}, sources...)
	require.NoError(tb, err)
	require.Empty(tb, reasons)
	return sum
}

// standing is what an export does not carry and an import has to rebuild.
func (w *world) standing(tb testing.TB) []string {
	tb.Helper()
	rows, err := w.pool.Query(tb.Context(), `
		SELECT concat_ws(' ', d.number, 'spell', p.stage, p.entered, p.left_at, p.exit, p.destination, p.amount_minor, p.currency)
		FROM spells p JOIN deals d ON d.id = p.deal_id WHERE p.voided_at IS NULL AND d.voided_at IS NULL
		UNION ALL
		SELECT concat_ws(' ', d.number, 'contract', c.value_minor, c.currency, c.signed_at, c.started_at)
		FROM contracts c JOIN deals d ON d.id = c.deal_id WHERE c.voided_at IS NULL AND d.voided_at IS NULL
		UNION ALL
		SELECT concat_ws(' ', d.number, 'deal', d.historical, d.parked_from, d.remind_at, d.signed_at, d.last_move_at) FROM deals d
		WHERE d.voided_at IS NULL
		ORDER BY 1`)
	require.NoError(tb, err)
	var out []string
	for rows.Next() {
		var s string
		require.NoError(tb, rows.Scan(&s))
		out = append(out, s)
	}
	require.NoError(tb, rows.Err())
	return out
}
