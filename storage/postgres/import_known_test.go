package postgres_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

const knownMapping = `
schema: 1
rows: deals
columns:
  id: deal
  name: title
  rep: owner
  firm: company
  phase: stage
  opened: opened
  closed: closed
  expected: closing
  value: amount
  origin: source
  product: custom
stages:
  Talking: lead
  Signed: {outcome: won}
  Gone: {outcome: lost, reason: price}
`

const knownHead = "id,name,rep,firm,phase,opened,closed,expected,value,origin,product\n"

const knownFile = knownHead +
	"K1,Anvils,Anna,Anvil Works,Talking,2026-01-10,,2026-12-01,100,Fair,GTX\n" +
	"K2,Springs,Milo Stone,Coil & Daughters,Talking,2026-01-11,,,200,,\n" +
	"K3,Nails,Anna,Nailed It,Signed,2026-01-12,2026-02-12,,300,,\n" +
	"K4,Bolts,Anna,Bolt & Co,Gone,2026-01-13,2026-02-13,,400,,\n"

// knownChanged says something else of every fact of the first deal.
const knownChanged = knownHead +
	"K1,Heavy anvils,Борис,Spring Works,Talking,2026-01-10,,2026-12-24,150.50,Site,GTX Pro\n" +
	"K2,Springs,Milo Stone,Coil & Daughters,Talking,2026-01-11,,,200,,\n" +
	"K3,Nails,Anna,Nail House,Signed,2026-01-12,2026-02-12,,330,,\n" +
	"K4,Bolts,Anna,Bolt & Co,Gone,2026-01-13,2026-02-13,,400,,\n"

func TestWhatAFileSaysOtherwiseOfKnownDealsIsSaidAndNotTakenOver(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.join(t, "Борис", funnel.Rep)
	w.importFile(t, file(t, knownFile), knownMapping)
	before := w.contents(t)

	sum, notes := w.importWith(t, file(t, knownChanged), knownMapping, nil)

	require.Equal(t, before, w.contents(t))
	require.EqualValues(t, 2, sum.Differs)
	require.EqualValues(t, 2, sum.Unchanged)
	require.Zero(t, sum.RejectedRows())
	require.Equal(t, funnel.ImportedDeals{Unchanged: 4, Differs: 2}, sum.Deals)
	said := map[string]string{}
	for _, n := range notes {
		require.True(t, n.Note)
		require.Equal(t, funnel.ReasonDiffers, n.Reason)
		require.NotEmpty(t, n.Row)
		if n.Line == 2 {
			said[n.Column] = n.Detail
		}
	}
	require.Equal(t, map[string]string{
		"title":                  `the title of deal 1 is "Heavy anvils" in the file and "Anvils" here, which is kept`,
		"amount":                 `the amount of deal 1 is 150.50 USD in the file and 100.00 USD here, which is kept`,
		"company":                `the company of deal 1 is "Spring Works" in the file and "Anvil Works" here, which is kept`,
		"owner":                  `the owner of deal 1 is "Борис" in the file and "Anna" here, which is kept`,
		"source":                 `the source of deal 1 is "site" in the file and "Fair" here, which is kept`,
		"closing":                `the closing of deal 1 is 2026-12-24 in the file and 2026-12-01 here, which is kept`,
		`custom field "product"`: `the custom field "product" of deal 1 is "GTX Pro" in the file and "GTX" here, which is kept`,
	}, said)
	require.Len(t, notes, 9)
}

func TestAMappingThatUpdatesKnownDealsTakesOverWhatTheFileSaysOnce(t *testing.T) {
	t.Parallel()
	w := setup(t)
	boris := w.join(t, "Борис", funnel.Rep)
	w.importFile(t, file(t, knownFile), knownMapping)
	update := knownMapping + "known: update\n"
	version := w.byCase(t, "K1").Version

	sum, notes := w.importWith(t, file(t, knownChanged), update, nil)

	require.Empty(t, notes)
	require.Equal(t, funnel.ImportedDeals{Updated: 2, Unchanged: 2}, sum.Deals)
	require.EqualValues(t, 2, sum.Stored)
	require.EqualValues(t, 2, sum.Companies)
	deal := w.byCase(t, "K1")
	require.Equal(t, "Heavy anvils", deal.Title)
	require.Equal(t, funnel.Money{Minor: 150_50, Currency: "USD"}, deal.Amount)
	require.Equal(t, boris.ID, deal.Owner)
	require.Equal(t, "site", deal.Source)
	require.Equal(t, funnel.Date{Year: 2026, Month: 12, Day: 24}, deal.Closing)
	require.Equal(t, "GTX Pro", deal.Custom["product"])
	require.Equal(t, version+1, deal.Version, "all of it is one change")
	require.Equal(t, 1, w.count(t, "deals d JOIN companies c ON c.id = d.company_id WHERE d.external_id = 'K1' AND c.name = 'Spring Works'"))
	require.Equal(t, 1, w.count(t, `contracts x JOIN companies c ON c.id = x.company_id
		WHERE c.name = 'Nail House' AND x.value_minor = 33000 AND x.voided_at IS NULL`), "the contract follows its deal")
	require.Zero(t, w.count(t, "outbox"), "an import notifies nobody")
	stored := w.contents(t)
	w.advance(time.Hour)

	again, notes := w.importWith(t, file(t, knownChanged), update, nil)

	require.Empty(t, notes)
	require.EqualValues(t, 4, again.Unchanged)
	require.Equal(t, stored, w.contents(t))
}

func TestARowOfAKnownDealIsJudgedWhollyBeforeAnythingOfItIsApplied(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct{ row, reason, detail string }{
		"below zero and out of order": {
			"K2,Springs,,Coil & Daughters,Signed,2026-05-04,2026-04-01,,-7,,", "negative_amount", "the amount is below zero",
		},
		"below zero":   {"K2,Springs,,Coil & Daughters,Signed,2026-01-11,2026-04-01,,-7,,", "negative_amount", "the amount is below zero"},
		"out of order": {"K2,Springs,,Coil & Daughters,Signed,2026-05-04,2026-04-01,,7,,", "before_last", "2026-04-01 is before the last move of the deal, which was on 2026-05-04"},
		"too large": {
			"K2,Springs,,Coil & Daughters,Signed,2026-01-11,2026-04-01,,2000000000000,,", "amount_too_large",
			"the amount is larger than 1000000000000.00 USD, the largest that a deal can have",
		},
		"too large and open": {
			"K2,Springs,,Coil & Daughters,Talking,2026-01-11,,,2000000000000,,", "amount_too_large",
			"the amount is larger than 1000000000000.00 USD, the largest that a deal can have",
		},
		"only what is wrong": {"K2,,,,Talking,,,,-7,,", "negative_amount", "the amount is below zero"},
		"ahead of today":     {"K2,Springs,,Coil & Daughters,Signed,2026-01-11,2031-04-01,,7,,", "in_future", "2031-04-01 lies in the future"},
		"lost, said to be won": {
			"K4,Bolts,,Bolt & Co,Signed,2026-01-13,2026-03-13,,400,,", "deal_lost",
			"the deal is lost here, the file says won: reopen it first, or bring in its history",
		},
		"won, said to be lost": {
			"K3,Nails,,Nailed It,Gone,2026-01-12,2026-03-12,,300,,", "deal_won",
			"the deal is won here, the file says lost: reopen it first, or bring in its history",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, known := range []string{"", "known: update\n"} {
				w := setup(t)
				w.importFile(t, file(t, knownFile), knownMapping)
				before := w.contents(t)

				sum, rejected := w.importWith(t, file(t, knownHead+x.row+"\n"), knownMapping+known, nil)

				require.Len(t, rejected, 1)
				require.Equal(t, x.reason, rejected[0].Reason)
				require.Equal(t, x.detail, rejected[0].Detail)
				require.EqualValues(t, 1, sum.RejectedRows())
				require.Equal(t, before, w.contents(t))
			}
		})
	}
}

func TestAStageWithoutItsDateIsSaidAndNotTakenOver(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.importFile(t, file(t, knownFile), knownMapping)
	deal := w.byCase(t, "K2")
	_, err := w.service.Move(t.Context(), w.act("m"), funnel.Target{Deal: deal.ID}, funnel.MoveTo{Stage: "negotiation"})
	require.NoError(t, err)

	sum, notes := w.importWith(t, file(t, knownFile), knownMapping+"known: update\n", nil)

	require.Len(t, notes, 1)
	require.Equal(t, "the stage of deal 2 is lead in the file and negotiation here, which is kept", notes[0].Detail)
	require.Equal(t, funnel.ImportedDeals{Unchanged: 4, Differs: 1}, sum.Deals)
	require.Equal(t, funnel.StageKey("negotiation"), w.byCase(t, "K2").Stage)
}

func TestASignatureHasTheAmountThatTheFileSays(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.importFile(t, file(t, knownFile), knownMapping)

	_, notes := w.importWith(t, file(t, strings.Replace(knownFile,
		"Coil & Daughters,Talking,2026-01-11,,,200", "Coil & Daughters,Signed,2026-01-11,2026-06-01,,250", 1)), knownMapping, nil)

	require.Empty(t, notes)
	require.Equal(t, 1, w.count(t, "contracts WHERE value_minor = 25000 AND signed_at = '2026-06-01'"))
}
