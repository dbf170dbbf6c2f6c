package funnel_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
	"funnelbot/funnel/definition"
)

// week is a period of seven days that ends on the first of November.
func week(t *testing.T) funnel.Period {
	t.Helper()
	def, err := definition.Default()
	require.NoError(t, err)
	to := time.Date(2026, time.November, 1, 12, 0, 0, 0, time.UTC)
	return funnel.Period{
		From: to.AddDate(0, 0, -7), To: to, Days: 7, Zone: time.FixedZone("", 3*60*60), Currency: "RUB", Funnel: def,
	}
}

func TestReportsAreWrittenWithStableKeys(t *testing.T) {
	t.Parallel()
	r := funnel.NewFunnelReport(week(t), funnel.StageTable{
		Entries: []funnel.EntryCount{{Stage: "proposal", Spells: 3}},
		Exits: []funnel.ExitCount{
			{Stage: "qualification", Exit: funnel.Advance, Destination: "launch", Spells: 1},
			{Stage: "proposal", Exit: funnel.Loss, Reason: "price", Spells: 2},
			{Stage: "proposal", Exit: funnel.Loss, Reason: "no_need", Spells: 1},
			{Stage: "proposal", Exit: funnel.Back, Destination: "lead", Spells: 4},
		},
		Open: []funnel.OpenCount{
			{Stage: "proposal", Sum: funnel.Money{Minor: 5, Currency: "USD"}, Deals: 2},
			{Stage: "proposal", Sum: funnel.Money{Minor: 120_050, Currency: "RUB"}, Deals: 1},
			{Stage: "lead", Deals: 6},
			{Stage: "launch", Sum: funnel.Money{Minor: 700, Currency: "RUB"}, Deals: 9},
			{Stage: "awareness", Sum: funnel.Money{Minor: 800, Currency: "RUB"}, Deals: 9},
		},
		Closed: []funnel.ClosedCount{
			{Outcome: funnel.Won, Days: 12, Sum: funnel.Money{Minor: 99, Currency: "RUB"}, Deals: 1},
			{Outcome: funnel.Lost, Reason: "price", Days: 3, Deals: 2},
			{Outcome: funnel.Lost, Reason: "no_need", Days: 30, Sum: funnel.Money{Minor: 4, Currency: "RUB"}, Deals: 1},
		},
	}, funnel.SpellTable{Groups: []funnel.SpellGroup{
		// Half went on after two days; of the six left, two were lost and four last seen after five.
		{Stage: "proposal", Entered: 6, Left: 4, Stay: 2, Exit: funnel.Advance, Destination: "launch", Spells: 6},
		{Stage: "proposal", Entered: 6, Left: 1, Stay: 5, Exit: funnel.Loss, Spells: 2},
		{Stage: "proposal", Entered: 4, Left: -1, Spells: 4},
	}})
	// What the intervals must be is proven where they are computed.
	r.WinRate.Low, r.WinRate.High, r.Qualified.Low, r.Qualified.High = 0.1, 0.5, 0.2, 0.6
	require.Len(t, r.Stages, 7)
	r.Stages = r.Stages[3:4]
	r.Stages[0].Conversion.Low, r.Stages[0].Conversion.High = 0.3, 0.7

	written, err := json.Marshal(r)

	require.NoError(t, err)
	require.JSONEq(t, `{"as_of":"2026-11-01T15:00:00+03:00","window_days":7,"currency":"RUB","kind":"new",
		"stages":[{"key":"proposal","entered":3,"open":3,
			"exits":{"advance":0,"lost":3,"disqualified":1,"back":4},"skipped":1,
			"conversion":{"value":0.5,"low":0.3,"high":0.7,"level":0.9,"method":"shrunk","exits":8},
			"lost":0.16666666666666666,"back":0,"undecided":0.33333333333333337,
			"time_in_stage_days":{"p50":2},"time_to_advance_days":{"p50":2,"p90":2}}],
		"open":9,"open_value":[{"amount":"1200.50","currency":"RUB"},{"amount":"0.05","currency":"USD"}],
		"open_without_amount":6,
		"won":1,"lost":3,"disqualified":1,
		"won_value":[{"amount":"0.99","currency":"RUB"}],"won_without_amount":0,
		"win_rate":{"won":1,"closed":4,"value":0.25,"low":0.1,"high":0.5},
		"win_rate_qualified":{"won":1,"closed":3,"value":0.3333333333333333,"low":0.2,"high":0.6},
		"cycle_days":{"won":{"p50":12,"p90":12},"lost":{"p50":3,"p90":30}}}`, string(written))
}

func TestAReportOnNothingHasEveryStageAndNoInventedNumbers(t *testing.T) {
	t.Parallel()
	r := funnel.NewFunnelReport(week(t), funnel.StageTable{}, funnel.SpellTable{})
	require.Len(t, r.Stages, 7)
	require.Equal(t, funnel.StageKey("awareness"), r.Stages[0].Key)
	require.Nil(t, r.WinRate.Value)
	require.Zero(t, r.WinRate.Low)
	require.InDelta(t, 1, r.WinRate.High, 0)
	written, err := json.Marshal(r.Totals)
	require.NoError(t, err)
	require.JSONEq(t, `{"open":0,"open_value":[],"open_without_amount":0,"won":0,"lost":0,"disqualified":0,
		"won_value":[],"won_without_amount":0,"win_rate":{"won":0,"closed":0,"low":0,"high":1},
		"win_rate_qualified":{"won":0,"closed":0,"low":0,"high":1},"cycle_days":{"won":{},"lost":{}}}`, string(written))
}

func TestAStageThatTheFunnelNoLongerHasIsNotForgotten(t *testing.T) {
	t.Parallel()
	r := funnel.NewFunnelReport(week(t), funnel.StageTable{
		Entries: []funnel.EntryCount{{Stage: "pilot", Spells: 2}},
		Exits:   []funnel.ExitCount{{Stage: "pilot", Exit: funnel.Advance, Destination: "proposal", Spells: 1}},
		Open:    []funnel.OpenCount{{Stage: "pilot", Deals: 1}},
	}, funnel.SpellTable{})
	require.Len(t, r.Stages, 8)
	require.Equal(t, funnel.StageReport{
		Key: "pilot", Entered: 2, Open: 1, Exits: funnel.Exits{Advance: 1},
		Passage: funnel.Passage{Conversion: funnel.Conversion{High: 1, Level: 0.9, Method: "shrunk"}},
	}, r.Stages[7])
	require.Equal(t, 1, r.Open)
}

func TestOwnersStandByWhatTheyWon(t *testing.T) {
	t.Parallel()
	anna, boris, vera, kirill := funnel.ID{1}, funnel.ID{2}, funnel.ID{3}, funnel.ID{4}
	r := funnel.NewOwnersReport(week(t), funnel.OwnerTable{
		Names: map[funnel.ID]string{anna: "Anna", boris: "Boris", vera: "Vera", kirill: "Kirill"},
		Open: []funnel.OpenCount{
			{Owner: anna, Stage: "lead", Deals: 2}, {Owner: vera, Stage: "launch", Deals: 3}, {Stage: "lead", Deals: 1},
		},
		Closed: []funnel.ClosedCount{
			{Owner: boris, Outcome: funnel.Won, Deals: 1}, {Owner: anna, Outcome: funnel.Lost, Reason: "price", Deals: 1},
		},
	})
	names := make([]string, 0, len(r.Owners))
	for _, o := range r.Owners {
		names = append(names, o.Name)
	}
	require.Equal(t, []string{"Boris", "Anna", ""}, names)
	require.Equal(t, 1, r.Owners[1].WinRate.Closed)
	require.InDelta(t, 0, *r.Owners[1].WinRate.Value, 0)
}

func TestSumsAreDecimalStringsWithEveryDigitOfTheirCurrency(t *testing.T) {
	t.Parallel()
	for want, m := range map[string]funnel.Money{
		`{"amount":"10005534.00","currency":"USD"}`:           {Minor: 1_000_553_400, Currency: "USD"},
		`{"amount":"0.05","currency":"USD"}`:                  {Minor: 5, Currency: "USD"},
		`{"amount":"-0.50","currency":"EUR"}`:                 {Minor: -50, Currency: "EUR"},
		`{"amount":"1200","currency":"JPY"}`:                  {Minor: 1200, Currency: "JPY"},
		`{"amount":"1.234","currency":"KWD"}`:                 {Minor: 1234, Currency: "KWD"},
		`{"amount":"-92233720368547758.08","currency":"RUB"}`: {Minor: -1 << 63, Currency: "RUB"},
	} {
		got, err := json.Marshal(funnel.Sum(m))
		require.NoError(t, err)
		require.Equal(t, want, string(got))
	}
}

func TestADayEndsWithItsLastInstant(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	// The day on which summer time ends has 25 hours.
	end := funnel.Date{Year: 2026, Month: time.October, Day: 25}.End(berlin)
	require.Equal(t, "2026-10-25T22:59:59.999999Z", end.UTC().Format(time.RFC3339Nano))
}
