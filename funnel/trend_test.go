package funnel_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

func TestATrendCountsWholeWeeksBackFromTheEnd(t *testing.T) {
	t.Parallel()
	p := week(t)
	p.Days = 17 // two weeks and three days, which are left out
	weeks := funnel.NewTrend(p, funnel.SpellTable{To: p.To, Groups: []funnel.SpellGroup{
		{Stage: "lead", Entered: 0, Left: -1, Spells: 2},
		{Stage: "lead", Entered: 6, Left: -1, Spells: 3},
		{Stage: "lead", Entered: 7, Left: 2, Exit: funnel.Advance, Destination: "proposal", Spells: 5},
		{Stage: "lead", Entered: 14, Left: 13, Exit: funnel.Loss, Spells: 7},
		{Stage: "negotiation", Entered: 400, Left: 6, Exit: funnel.Advance, Destination: "launch", Spells: 11},
		{Stage: "negotiation", Entered: 400, Left: 14, Exit: funnel.Advance, Destination: "launch", Spells: 13},
		{Stage: "awareness", Entered: 3, Left: 1, Exit: funnel.Loss, Spells: 17},
		{Stage: "launch", Entered: 3, Left: 1, Exit: funnel.Advance, Destination: "retention", Spells: 19},
	}})
	require.Equal(t, []funnel.TrendWeek{
		{Start: funnel.Date{Year: 2026, Month: time.October, Day: 19}, Entered: 5, Lost: 7},
		{Start: funnel.Date{Year: 2026, Month: time.October, Day: 26}, Entered: 5, Won: 11},
	}, weeks)
}
