package postgres_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
	"funnelbot/funnel/definition"
	"funnelbot/storage/csv"
)

// file writes a file for an import.
func file(tb testing.TB, content string) string {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), "import.csv")
	require.NoError(tb, os.WriteFile(path, []byte(content), 0o600))
	return path
}

// tables are everything that an import may write.
var tables = []string{
	"companies", "members", "deals", "moves", "spells", "activities", "contracts", "changes", "outbox", "deal_counters", "handled_events",
}

// contents is everything that is stored, as text, so that two states can be compared.
func (w *world) contents(tb testing.TB) string {
	tb.Helper()
	var b strings.Builder
	for _, t := range tables {
		rows, err := w.pool.Query(tb.Context(), "SELECT t::text FROM "+t+" t ORDER BY 1")
		require.NoError(tb, err)
		for rows.Next() {
			var row string
			require.NoError(tb, rows.Scan(&row))
			fmt.Fprintln(&b, t, row)
		}
		require.NoError(tb, rows.Err())
	}
	return b.String()
}

func (w *world) byCase(tb testing.TB, external string) funnel.Deal {
	tb.Helper()
	var id funnel.ID
	require.NoError(tb, w.pool.QueryRow(tb.Context(), "SELECT id::text FROM deals WHERE external_id = $1", external).Scan(&textID{&id}))
	v, err := w.store.Deal(tb.Context(), w.space.ID, id, 0)
	require.NoError(tb, err)
	require.NotNil(tb, v)
	return v.Deal
}

// textID scans an identifier from its text.
type textID struct{ id *funnel.ID }

func (t *textID) Scan(v any) error {
	s, ok := v.(string)
	if !ok {
		return fmt.Errorf("scan %T", v)
	}
	id, err := funnel.ParseID(s)
	*t.id = id
	return err
}

// path of a deal: kind and stage of each move.
func (w *world) path(tb testing.TB, external string) []string {
	tb.Helper()
	rows, err := w.pool.Query(tb.Context(), `SELECT m.kind || ' ' || m.to_stage || ' ' || to_char(m.effective_at, 'MM-DD')
		FROM moves m JOIN deals d ON d.id = m.deal_id WHERE d.external_id = $1 ORDER BY m.seq`, external)
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

const dealsMapping = `
schema: 1
rows: deals
owners: create
columns: {id: deal, rep: owner, firm: company, phase: stage, opened: opened, entered: since, closed: closed, value: amount, product: custom}
stages:
  Prospect: awareness
  Talking: lead
  Offer: proposal
  Signed: {outcome: won}
  Gone: {outcome: lost, reason: price}
values: {value: {"0": ""}}
defaults: {company: Nobody named, opened: 2026-01-02}
`

const dealsFile = `id,rep,firm,phase,opened,entered,closed,value,product
A1,Moses Hale,Anvil Works,Signed,2026-01-10,,2026-03-01,1054.50,Anvil
A2,Moses Hale,ANVIL works,Gone,2026-01-11,,2026-02-01,0,Spring
A3,Ida Park,,Talking,2026-01-12,,,,Anvil
A4,Ida Park,Coil & Daughters,Prospect,,,,,
A5,Ida Park,Coil & Daughters,Offer,2026-01-12,2026-02-12,,77,
`

func TestDealsComeInWithTheHistoryThatTheirDatesImply(t *testing.T) {
	t.Parallel()
	w := setup(t)

	sum, rejected := w.importWith(t, file(t, dealsFile), dealsMapping, nil)

	require.Empty(t, rejected)
	require.Equal(t, funnel.ImportedDeals{New: 5}, sum.Deals)
	require.EqualValues(t, 5, sum.Stored)
	require.EqualValues(t, 8, sum.Moves)
	require.EqualValues(t, 2, sum.Members)
	require.EqualValues(t, 3, sum.Companies, "two spellings of one name meet")
	require.Equal(t, []string{"open lead 01-10", "won launch 03-01"}, w.path(t, "A1"))
	require.Equal(t, []string{"open lead 01-11", "lost lead 02-01"}, w.path(t, "A2"))
	require.Equal(t, []string{"open lead 01-12"}, w.path(t, "A3"))
	require.Equal(t, []string{"open awareness 01-02"}, w.path(t, "A4"))
	require.Equal(t, []string{"open lead 01-12", "advance proposal 02-12"}, w.path(t, "A5"))
	won := w.byCase(t, "A1")
	require.Equal(t, funnel.Won, won.Outcome)
	require.True(t, won.Historical)
	require.Equal(t, map[string]string{"product": "Anvil"}, won.Custom)
	require.Equal(t, funnel.Money{Minor: 1054_50, Currency: "USD"}, won.Amount)
	require.Equal(t, "price", w.byCase(t, "A2").Reason)
	require.True(t, w.byCase(t, "A2").Amount.IsZero())
	require.Equal(t, 1, w.count(t, "contracts WHERE value_minor = 105450 AND signed_at = '2026-03-01'"))
}

func TestAnImportNotifiesNobodyAndOpensNoClientWork(t *testing.T) {
	t.Parallel()
	w := setup(t)

	w.importFile(t, file(t, dealsFile), dealsMapping)

	require.Zero(t, w.count(t, "outbox"))
	require.Zero(t, w.count(t, "spells WHERE stage IN ('launch', 'retention')"))
	require.Zero(t, w.count(t, "deals WHERE remind_at IS NOT NULL"))
	require.Zero(t, w.count(t, "spells WHERE recorded_at <> entered OR left_recorded_at <> left_at"),
		"history counts as recorded when it happened")
}

func TestOwnersThatAnImportMakesCannotSignIn(t *testing.T) {
	t.Parallel()
	w := setup(t)

	w.importFile(t, file(t, dealsFile), dealsMapping)

	members, err := w.store.Members(t.Context(), w.space.ID)
	require.NoError(t, err)
	require.Len(t, members, 3)
	require.Equal(t, "Ida Park", members[1].Name)
	require.Equal(t, funnel.Rep, members[1].Role)
	require.Equal(t, 1, w.count(t, "identities"), "only the one who was there before")
	require.Equal(t, members[1].ID, w.byCase(t, "A3").Owner)
}

func TestOwnersThatNobodyKnowsAreKeptAsAFieldUnlessTheMappingSaysOtherwise(t *testing.T) {
	t.Parallel()
	w := setup(t)

	sum, _ := w.importWith(t, file(t, strings.ReplaceAll(dealsFile, "Ida Park", "anna")),
		strings.Replace(dealsMapping, "owners: create", "owners: keep", 1), nil)

	require.Zero(t, sum.Members)
	require.Equal(t, w.member.ID, w.byCase(t, "A3").Owner, "a member is met by name")
	require.True(t, w.byCase(t, "A1").Owner.IsZero())
	require.Equal(t, "Moses Hale", w.byCase(t, "A1").Custom[funnel.CustomOwner])
}

func TestASecondRunChangesNothing(t *testing.T) {
	t.Parallel()
	for name, x := range map[string][2]string{"deals": {dealsFile, dealsMapping}, "history": {historyFile, historyOfFew}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := setup(t)
			path := file(t, x[0])
			first := w.importFile(t, path, x[1])
			before := w.contents(t)
			w.advance(time.Hour)

			second := w.importFile(t, path, x[1])

			require.Equal(t, before, w.contents(t))
			require.Zero(t, second.Stored)
			require.Equal(t, first.Stored, second.Unchanged)
			require.Equal(t, first.Folded, second.Folded)
			require.Equal(t, funnel.ImportedDeals{Unchanged: first.Deals.New}, second.Deals)
		})
	}
}

func TestADryRunJudgesAndWritesNothing(t *testing.T) {
	t.Parallel()
	w := setup(t)
	before := w.contents(t)
	path := file(t, dealsFile+"A6,Ida Park,Coil,Signed,2026-05-01,,2026-04-01,1,\n")

	dry, rejected := w.importWith(t, path, dealsMapping, func(c *funnel.ImportConfig) { c.DryRun = true })

	require.Equal(t, before, w.contents(t))
	require.Len(t, rejected, 1)
	real, again := w.importWith(t, path, dealsMapping, nil)
	require.Equal(t, real, dry)
	require.Equal(t, again, rejected)
}

func TestARejectedRowSaysWhereAndWhyAndIsHandedBackAsItWas(t *testing.T) {
	t.Parallel()
	w := setup(t)
	content := dealsFile +
		"B1,Ida Park,Coil,Signed,2026-05-01,,2026-04-01,1,closed before it was opened\n" +
		"B2,Ida Park,Coil,Talking,2027-05-01,,,1,in the future\n" +
		"B3,Ida Park,Coil,Signed,2026-05-01,,,1,no end\n" +
		"A1,Ida Park,Coil,Talking,2026-05-01,,,1,the same identifier\n" +
		"B4,Ida Park," + strings.Repeat("x", 201) + ",Talking,2026-05-01,,,1,too long\n" +
		"B5,Ida Park,Coil,Talking,2026-05-01,,,-5,below zero\n" +
		"B6,Ida Park,Coil,Talking,2026-05-41,,,5,no day\n"

	sum, rejected := w.importWith(t, file(t, content), dealsMapping, nil)

	require.Equal(t, map[string]int64{
		"before_last": 1, "in_future": 1, "empty": 1, "duplicate": 1, "too_long": 1, "negative_amount": 1, "bad_date": 1,
	}, sum.Rejected)
	require.Equal(t, sum.Rows, sum.Stored+sum.RejectedRows())
	require.Equal(t, funnel.ImportedDeals{New: 5, Rejected: 5}, sum.Deals)
	lines := strings.Split(content, "\n")
	byLine := map[int64]*funnel.RowError{}
	for _, r := range rejected {
		require.Equal(t, lines[r.Line-1], r.Row)
		byLine[r.Line] = r
	}
	require.Equal(t, "closed", byLine[9].Column)
	require.Equal(t, "company", byLine[11].Column)
	require.Contains(t, byLine[7].Detail, "2026-04-01")
	require.Zero(t, w.count(t, "deals WHERE external_id LIKE 'B%'"), "a deal whose end is refused is not half imported")
}

func TestNothingIsWrittenWhileAStageIsUnmapped(t *testing.T) {
	t.Parallel()
	w := setup(t)
	before := w.contents(t)
	def, err := definition.Default()
	require.NoError(t, err)
	m, err := csv.ReadMapping([]byte(dealsMapping))
	require.NoError(t, err)

	_, err = csv.Open(t.Context(), file(t, dealsFile+"A9,Ida,Coil,Haggling,2026-02-02,,,1,\n"), m, csv.Options{Funnel: def, Zone: time.UTC})

	require.ErrorContains(t, err, `"Haggling": ?   # 1 rows`)
	require.Equal(t, before, w.contents(t))
}

func TestNumbersGoOnWhereTheyWere(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.open(t, "Roadside Anvils")

	w.importFile(t, file(t, dealsFile), dealsMapping)

	require.Equal(t, int64(7), w.open(t, "Another Firm").Deal.Number)
	require.Equal(t, 7, w.count(t, "(SELECT DISTINCT number FROM deals) n"))
}

func TestADealThatEndedMeanwhileIsUpdated(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.importFile(t, file(t, dealsFile), dealsMapping)
	newer := strings.Replace(dealsFile, "A3,Ida Park,,Talking,2026-01-12,,,,Anvil", "A3,Ida Park,,Signed,2026-01-12,,2026-06-01,500,Anvil", 1)

	sum, rejected := w.importWith(t, file(t, newer), dealsMapping, nil)

	require.Empty(t, rejected)
	require.Equal(t, funnel.ImportedDeals{Updated: 1, Unchanged: 4}, sum.Deals)
	require.Equal(t, []string{"open lead 01-12", "won launch 06-01"}, w.path(t, "A3"))
	require.Equal(t, 1, w.count(t, "spells WHERE exit = 'advance' AND left_at = '2026-06-01'"))
}

func TestWhatWasDoneInChatMeanwhileStands(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.importFile(t, file(t, dealsFile), dealsMapping)
	deal := w.byCase(t, "A3")
	_, err := w.service.Move(t.Context(), w.act("m"), funnel.Target{Deal: deal.ID}, funnel.MoveTo{Stage: "negotiation"})
	require.NoError(t, err)
	newer := strings.Replace(dealsFile, "A3,Ida Park,,Talking,2026-01-12,,,,Anvil", "A3,Ida Park,,Gone,2026-01-12,,2026-06-01,500,Anvil", 1)

	sum, rejected := w.importWith(t, file(t, newer), dealsMapping, nil)

	require.Len(t, rejected, 1)
	require.Equal(t, "before_last", rejected[0].Reason)
	require.Equal(t, funnel.ImportedDeals{Unchanged: 5}, sum.Deals)
	require.Equal(t, funnel.StageKey("negotiation"), w.byCase(t, "A3").Stage)
}

func TestAnImportOvertakesWhatWasDoneBefore(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.importFile(t, file(t, historyFile), historyOfFew)
	deal := w.byCase(t, "H2")
	_, err := w.service.Log(t.Context(), w.act("log"), funnel.Target{Deal: deal.ID}, funnel.Report{Activity: funnel.LogActivity{Kind: funnel.Call}})
	require.NoError(t, err)
	w.importFile(t, file(t, historyFile+"H2,Sample Works,2026-07-01,won,,\n"), historyOfFew)

	_, err = w.service.Undo(t.Context(), w.act("undo"), 0, 0)

	require.Equal(t, funnel.CodeUndoOvertaken, funnel.CodeOf(err))
}
