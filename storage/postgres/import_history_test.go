package postgres_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
	"funnelbot/storage/csv"
)

const historyOfFew = `
schema: 1
rows: history
columns: {case: [deal, title], firm: company, at: at, phase: stage, value: amount, who: actor}
stages:
  asked: lead
  checked: qualification
  checked again: qualification
  offered: proposal
  refused: lead
  haggling: negotiation
  dropped: {outcome: lost, reason: timing}
`

// Rows of one deal stand apart and out of order, as they do in exports by the number of the row.
const historyFile = `case,firm,at,phase,value,who
H1,Sample Works,2026-03-01,offered,300,Anna
H1,Sample Works,2026-01-01,asked,100,
H2,Sample Works,2026-01-05,checked,,
H1,Sample Works,2026-02-01,checked,,
H1,Sample Works,2026-02-05,checked again,,
H2,Sample Works,2026-02-05,refused,,
H1,Sample Works,2026-04-01,dropped,,
H3,Other Works,2026-01-01,won,50,
H1,Sample Works,2026-05-01,haggling,400,
H1,Sample Works,2026-06-01,won,,
`

func TestAHistoryIsFoldedInTheOrderOfTime(t *testing.T) {
	t.Parallel()
	w := setup(t)

	sum, rejected := w.importWith(t, file(t, historyFile), historyOfFew, nil)

	require.Empty(t, rejected)
	require.EqualValues(t, 10, sum.Rows)
	require.EqualValues(t, 9, sum.Stored)
	require.EqualValues(t, 1, sum.Folded, "checked again")
	require.Equal(t, []string{
		"open lead 01-01", "advance qualification 02-01", "advance proposal 03-01", "lost proposal 04-01",
		"reopen negotiation 05-01", "won launch 06-01",
	}, w.path(t, "H1"))
	require.Equal(t, []string{"open qualification 01-05", "back lead 02-05"}, w.path(t, "H2"))
	require.Equal(t, []string{"open lead 01-01", "won launch 01-01"}, w.path(t, "H3"), "what begins with its end began before it")
	h1 := w.byCase(t, "H1")
	require.Equal(t, funnel.Money{Minor: 400_00, Currency: "USD"}, h1.Amount)
	require.Equal(t, "H1", h1.Title)
	var amounts []int64
	require.NoError(t, w.pool.QueryRow(t.Context(), `SELECT array_agg(amount_minor ORDER BY seq) FROM spells WHERE deal_id = $1`,
		[16]byte(h1.ID)).Scan(&amounts))
	require.Equal(t, []int64{100_00, 100_00, 300_00, 400_00}, amounts, "each stay has the amount of its beginning")
	require.Equal(t, 1, w.count(t, "moves WHERE to_stage = 'proposal' AND kind = 'advance' AND actor_id IS NOT NULL"))
}

func TestLaterRowsOfKnownDealsAreAppliedAndEarlierOnesRejected(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.importFile(t, file(t, historyFile), historyOfFew)

	sum, rejected := w.importWith(t, file(t, historyFile+
		"H2,Sample Works,2026-07-01,offered,,\n"+
		"H2,Sample Works,2026-01-20,haggling,,\n"+
		"H3,Other Works,2026-08-01,asked,,\n"+
		"H4,Other Works,2026-08-01,asked,,\n"), historyOfFew, nil)

	require.Len(t, rejected, 1)
	require.Equal(t, "before_last", rejected[0].Reason)
	require.EqualValues(t, 13, rejected[0].Line)
	require.Equal(t, funnel.ImportedDeals{New: 1, Updated: 2, Unchanged: 1}, sum.Deals)
	require.Equal(t, []string{"open qualification 01-05", "back lead 02-05", "advance proposal 07-01"}, w.path(t, "H2"))
	require.Equal(t, []string{"open lead 01-01", "won launch 01-01", "reopen lead 08-01"}, w.path(t, "H3"),
		"a signature that did not last is taken back")
	require.Equal(t, 1, w.count(t, "contracts WHERE voided_at = '2026-08-01'"))
	require.Equal(t, funnel.Open, w.byCase(t, "H3").Outcome)
	again := w.contents(t)
	sum, _ = w.importWith(t, file(t, historyFile+"H2,Sample Works,2026-07-01,offered,,\n"), historyOfFew, nil)
	require.Zero(t, sum.Stored)
	require.Equal(t, again, w.contents(t))
}

func TestRowsThatSayTheSameAtTheSameInstantAreAllAccountedFor(t *testing.T) {
	t.Parallel()
	w := setup(t)
	const rows = `case,firm,at,phase,value,who
S,Sample Works,2026-01-01 10:00:00,asked,,
S,Sample Works,2026-01-01 10:00:00,checked,,
S,Sample Works,2026-01-01 10:00:00,asked,,
S,Sample Works,2026-01-01 10:00:00,checked,,
`
	for range 2 {
		sum, rejected := w.importWith(t, file(t, rows), historyOfFew, nil)

		require.Empty(t, rejected)
		require.EqualValues(t, 4, sum.Stored+sum.Unchanged)
		require.Equal(t, []string{"open lead 01-01", "advance qualification 01-01", "back lead 01-01", "advance qualification 01-01"},
			w.path(t, "S"))
	}
}

func TestTheStoredSpellsAreThoseThatTheMovesGive(t *testing.T) {
	t.Parallel()
	w := setup(t)
	path := t.TempDir() + "/history.csv"
	writeHistory(t, path, 3000)

	sum := w.importFile(t, path, historyMapping)

	require.Zero(t, sum.RejectedRows())
	require.Equal(t, sum.Rows, sum.Stored+sum.Folded)
	require.Zero(t, w.count(t, `deals d WHERE moves <> (SELECT count(*) FROM moves m WHERE m.deal_id = d.id)
		OR spells <> (SELECT count(*) FROM spells p WHERE p.deal_id = d.id)
		OR last_move_at <> (SELECT max(effective_at) FROM moves m WHERE m.deal_id = d.id)`))
	require.Zero(t, w.count(t, `spells a JOIN spells b ON b.deal_id = a.deal_id AND b.seq = a.seq + 1
		WHERE a.left_at IS NULL OR a.left_at > b.entered OR a.exit = ''`), "stays follow each other")
	require.Zero(t, w.count(t, `deals d WHERE (outcome = 'open') <>
		EXISTS (SELECT 1 FROM spells p WHERE p.deal_id = d.id AND p.left_at IS NULL AND p.stage = d.stage)`))
	require.Zero(t, w.count(t, `deals d WHERE (outcome = 'won') <>
		EXISTS (SELECT 1 FROM contracts c WHERE c.deal_id = d.id AND c.voided_at IS NULL)`))
	require.Equal(t, int(sum.Deals.New), w.count(t, "deals"))
	require.Equal(t, int(sum.Moves), w.count(t, "moves"))
}

func TestADealWithTooManyRowsKeepsTheFirstOfThem(t *testing.T) {
	t.Parallel()
	w := setup(t)
	var b strings.Builder
	b.WriteString("case,firm,at,phase,value,who\n")
	at := time.Date(2020, time.January, 1, 0, 0, 0, 0, time.UTC)
	for i := range funnel.MaxImportRows + 10 {
		fmt.Fprintf(&b, "X,Sample Works,%s,%s,,\n", at.Add(time.Duration(i)*time.Minute).Format(time.RFC3339), []string{"asked", "checked"}[i%2])
	}

	sum, rejected := w.importWith(t, file(t, b.String()), historyOfFew, nil)

	require.EqualValues(t, funnel.MaxImportRows, sum.Moves)
	require.Len(t, rejected, 10)
	require.Equal(t, "too_many_rows", rejected[0].Reason)
	require.NotEmpty(t, rejected[0].Row)
}

func TestOneImportAtATimeRunsInAWorkspace(t *testing.T) {
	t.Parallel()
	w := setup(t)
	tx, err := w.pool.Begin(t.Context())
	require.NoError(t, err)
	defer tx.Rollback(t.Context())
	_, err = tx.Exec(t.Context(), `SELECT pg_advisory_xact_lock(hashtextextended($1, 3))`, w.space.ID.String())
	require.NoError(t, err)
	m, err := csv.ReadMapping([]byte(dealsMapping))
	require.NoError(t, err)

	_, err = w.tryImport(t, nil, w.source(t, file(t, dealsFile), m))

	require.ErrorContains(t, err, "another import into this workspace is running")
}

func example(tb testing.TB, name string) string {
	tb.Helper()
	data, err := os.ReadFile("../../deploy/examples/" + name)
	require.NoError(tb, err)
	return string(data)
}

func TestTheExampleForDealsKeepsEveryRow(t *testing.T) {
	t.Parallel()
	w := setup(t)

	sum, rejected := w.importWith(t, file(t, `opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value
OP1,Moses Hale,GTXPro,Anvil Works,Won,2026-10-20,2026-11-01,1054
OP2,Moses Hale,MG Special,Anvil Works,Lost,2026-10-25,2026-11-11,0
OP3,Ida Park,GTX Basic,,Engaging,2026-11-03,,
OP4,Ida Park,GTXPro,,Prospecting,,,
`), example(t, "crm-pipeline.yaml"), nil)

	require.Empty(t, rejected)
	require.Equal(t, funnel.ImportedDeals{New: 4}, sum.Deals)
	require.Equal(t, "GTX Pro", w.byCase(t, "OP1").Custom["product"])
	require.True(t, w.byCase(t, "OP2").Amount.IsZero())
	require.Equal(t, funnel.StageKey("awareness"), w.byCase(t, "OP4").Stage)
	require.Equal(t, 2, w.count(t, "deals d JOIN companies c ON c.id = d.company_id WHERE c.name = 'Account not named'"))
}

func TestTheExampleForAHistoryAccountsForEveryRow(t *testing.T) {
	t.Parallel()
	w := setup(t)

	sum, rejected := w.importWith(t, file(t, `case_id,seq,moved_at,stage,role,amount
R1,1,2026-01-09T09:17:18.000+01:00,Request For Payment SUBMITTED by EMPLOYEE,EMPLOYEE,
R1,2,2026-01-09T09:18:00.000+01:00,Request For Payment APPROVED by ADMINISTRATION,ADMINISTRATION,
R1,3,2026-01-09T09:18:00.000+01:00,Request For Payment APPROVED by BUDGET OWNER,BUDGET OWNER,12.50
R1,4,2026-01-10T12:42:32.000+01:00,Request For Payment REJECTED by SUPERVISOR,SUPERVISOR,
R1,5,2026-01-10T13:42:32.000+01:00,Request For Payment REJECTED by EMPLOYEE,EMPLOYEE,
R1,6,2026-03-03T09:51:13.000+01:00,Request For Payment SUBMITTED by EMPLOYEE,EMPLOYEE,
R1,7,2026-03-06T08:55:50.000+01:00,Request For Payment FINAL_APPROVED by DIRECTOR,DIRECTOR,
R1,8,2026-03-08T11:22:42.000+01:00,Request Payment,UNDEFINED,
R1,9,2026-03-16T17:31:12.000+01:00,Payment Handled,UNDEFINED,
`), example(t, "request-for-payment.yaml"), nil)

	require.Empty(t, rejected)
	require.EqualValues(t, 7, sum.Stored)
	require.EqualValues(t, 2, sum.Folded)
	require.Equal(t, []string{
		"open qualification 01-09", "advance proposal 01-09", "back lead 01-10", "lost lead 01-10", "reopen qualification 03-03",
		"advance negotiation 03-06", "won launch 03-16",
	}, w.path(t, "R1"))
}
