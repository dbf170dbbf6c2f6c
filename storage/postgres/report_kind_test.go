package postgres_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

// A renewal follows other laws than a new deal; what is counted of one says nothing of the other.
func TestReportsDoNotPoolKindsOfDeals(t *testing.T) {
	t.Parallel()
	w := setup(t)
	deal := w.open(t, "Ромашка").Deal
	w.advance(time.Hour)
	_, err := w.service.Win(t.Context(), w.act("won"), funnel.Target{Deal: deal.ID}, funnel.Win{})
	require.NoError(t, err)
	w.advance(time.Hour)
	plan := w.service.Funnel(funnel.NewBusiness)
	count := func(kind funnel.Kind) (funnel.StageTable, funnel.OwnerTable, []funnel.ActivityCount) {
		t.Helper()
		of := *plan
		of.Kind = kind
		p := funnel.Period{Funnel: &of, From: start.Add(-time.Hour), To: w.now(), Zone: time.UTC, Live: true}
		stages, err := w.store.CountStages(t.Context(), w.space.ID, p)
		require.NoError(t, err)
		owners, err := w.store.CountOwners(t.Context(), w.space.ID, p)
		require.NoError(t, err)
		activities, err := w.store.CountActivities(t.Context(), w.space.ID, p)
		require.NoError(t, err)
		return stages, owners, activities
	}
	stages, owners, activities := count(funnel.NewBusiness)
	require.NotEmpty(t, stages.Closed)
	renewed, err := w.service.Renew(t.Context(), w.act("renew"), funnel.Renew{Of: funnel.Target{Deal: deal.ID}})
	require.NoError(t, err)
	_, err = w.service.Log(t.Context(), w.act("log"), funnel.Target{Deal: renewed.Deal.ID}, funnel.Report{
		Activity: funnel.LogActivity{Kind: funnel.Call, Text: "about the next year"},
	})
	require.NoError(t, err)

	again, ownersAgain, activitiesAgain := count(funnel.NewBusiness)

	require.Equal(t, stages, again)
	require.Equal(t, owners, ownersAgain)
	require.Equal(t, activities, activitiesAgain)
	of, _, done := count(funnel.Renewal)
	require.Empty(t, of.Closed)
	require.Len(t, of.Open, 1)
	require.Len(t, done, 1)
}
